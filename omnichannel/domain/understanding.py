"""The tables by which a message is understood: words, cues of kinds and topics, dangers, whose matter it is.

They come checked from config/words.toml, config/routing.toml and config/organisation.toml; a model that is learnt later
takes the same features (`KindCue.name`) and the same answer (`Verdict`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.phrase import Phrase

SHAPES = (
    "asks_last",
    "asks",
    "tiny",
    "short",
    "long",
    "very_long",
    "shouted",
    "hashtags",
    "link",
    "only_signs",
    "on_topic",
    "off_topic",
)


@dataclass(frozen=True, slots=True)
class WordTables:
    """How citizens spell: slang and regional words to plain ones, emoji to names, words that must stay as they are."""

    slang: Mapping[str, str] = field(default_factory=dict)
    emoji: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PlaceTables:
    """How place names are spelt, and which words say "one of ours" or "somewhere else"."""

    spelling: Mapping[str, str] = field(default_factory=dict)
    ours: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KindCue:
    """Phrases that say the same thing, and how loudly they speak for or against each kind.

    `fades`: in a message of more words than this it weighs little, as thanks at the end of a letter do.
    `strong`: enough by itself to call its kind a second intent.
    """

    name: str
    phrases: tuple[Phrase, ...]
    weights: Mapping[Kind, float]
    fades: int | None = None
    strong: bool = False

    @property
    def favours(self) -> Kind:
        """The kind it speaks for most."""
        return max(self.weights, key=lambda kind: self.weights[kind])


@dataclass(frozen=True, slots=True)
class Pair:
    """Cues that mean more together than apart: a question beside a failure is a complaint."""

    cues: tuple[str, str]
    weights: Mapping[Kind, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """How the form of a message speaks: `name` is one of SHAPES."""

    name: str
    weights: Mapping[Kind, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTables:
    """Everything that decides the kind."""

    bias: Mapping[Kind, float]
    temperature: float
    cues: tuple[KindCue, ...]
    pairs: tuple[Pair, ...]
    shapes: tuple[Shape, ...]
    channels: Mapping[str, Mapping[Kind, float]]


@dataclass(frozen=True, slots=True)
class TopicCue:
    """One phrase and how loudly it speaks for a topic."""

    topic: str
    phrase: Phrase
    weight: float


@dataclass(frozen=True, slots=True)
class UnitCue:
    """A phrase that names whose matter it is, over what the topic says."""

    unit: str
    phrase: Phrase
    weight: float


@dataclass(frozen=True, slots=True)
class AuthorityCue:
    """A phrase that hints at another government's matter: a national road, a provincial school."""

    authority: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Danger:
    """Phrases of one danger to life. `firm` ones are believed beside words of fear, question or proposal."""

    name: str
    phrases: tuple[Phrase, ...]
    weight: float
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """Phrases that make a danger nearer (weight above 0) or farther (below 0).

    `reach`: "on" works on a danger told in the same words, "before" on one that follows within three words, "sentence" in its
    sentence, "message" in the whole message.
    `spares_firm`: leaves firm dangers alone. `only`: the dangers it speaks of, all where empty.
    """

    name: str
    phrases: tuple[Phrase, ...]
    weight: float
    reach: str
    spares_firm: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgentTables:
    """Everything that decides whether somebody's life is in danger now.

    `calm`: what each cue of the kinds takes from dangers that are not firm; who asks for a rambu is not drowning.
    `sure`: the weight from which on a danger rings even where the learnt head disagrees.
    """

    dangers: tuple[Danger, ...]
    company: tuple[Company, ...]
    calm: Mapping[str, float]
    alarm: float
    sure: float


# What a sense does in a message: it tells of danger, of neither, or of another matter.
DANGER_ROLES = ("body", "hazard", "harm", "end", "stuck")
PLAIN_ROLES = ("who", "many", "part", "terrain", "help", "now", "where")
CALM_ROLES = ("past", "thanks", "ask", "propose", "drill", "news", "figure", "paper", "thing", "habit", "fear")


@dataclass(frozen=True, slots=True)
class Idea:
    """Phrases of one idea that a learnt danger head weighs. `danger`: what an alarm is called that this idea rang.

    `calm`: it speaks of another day, place or manner of speaking, and is felt in the whole message. `role`: what a sense, an
    idea of a wide field of words, does in the message; one of the tables above.
    """

    name: str
    phrases: tuple[Phrase, ...]
    danger: str = ""
    calm: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingTables:
    """routing.toml, checked. `addressed`: a piece of an account's name, and the topic that whoever writes to it writes of."""

    kinds: KindTables
    topics: tuple[TopicCue, ...]
    units: tuple[UnitCue, ...]
    authorities: tuple[AuthorityCue, ...]
    urgent: UrgentTables
    queues: Mapping[Kind, Queue]
    sure: float
    clear: float
    second: float
    addressed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that a classifier is made from."""

    words: WordTables
    places: PlaceTables
    routing: RoutingTables
    organisation: Organisation
    ideas: tuple[Idea, ...] = ()
    senses: tuple[Idea, ...] = ()
