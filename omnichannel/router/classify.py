"""Kind, topic, unit, place and danger of one message, with the words that decided and how sure.

The socket is `domain.ports.Classifier`: `classify(text, *, channel=None) -> Verdict`. `features` is what a learnt model
would take instead of the weights here; `verdict` then needs only its own probabilities of the four kinds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from omnichannel.domain.case import Kind
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.phrase import Phrase
from omnichannel.domain.understanding import (
    SHAPES,
    AuthorityCue,
    Company,
    Danger,
    Idea,
    KindCue,
    TopicCue,
    Understanding,
    UnitCue,
)
from omnichannel.domain.verdict import NO_TOPIC, PERHAPS, Place, Reason, Verdict
from omnichannel.router.cues import Hit, Matcher
from omnichannel.router.danger import DangerModel, Heard
from omnichannel.router.grams import words
from omnichannel.router.place import Found, PlaceFinder
from omnichannel.router.senses import Senses
from omnichannel.router.text import Plain, Reader
from omnichannel.router.topics import Ranking, apart, rank_topics, rank_units
from omnichannel.router.urgent import Alarm, alarms

Owner = KindCue | TopicCue | UnitCue | AuthorityCue | Danger | Company | Idea

ON_TOPIC = 3.0  # the weight of a topic's cue that shows a matter of ours
MOST_REASONS = 12
FEWEST_WORDS = 3
STRANGE = 0.34  # under this share of known words it may be another language
REPEATED = (0.0, 1.0, 1.5, 1.75, 1.9)


@dataclass(slots=True)
class Features:
    """What was seen in a message, before anything is decided."""

    plain: Plain
    cues: dict[str, float] = field(default_factory=dict)
    shapes: frozenset[str] = frozenset()
    kind_hits: list[Hit[KindCue]] = field(default_factory=list)
    topic_hits: list[Hit[TopicCue]] = field(default_factory=list)
    addressed: frozenset[str] = frozenset()
    unit_hits: list[Hit[UnitCue]] = field(default_factory=list)
    authority_hits: list[Hit[AuthorityCue]] = field(default_factory=list)
    ideas: list[Hit[Idea]] = field(default_factory=list)
    senses: list[Hit[Idea]] = field(default_factory=list)
    alarms: tuple[Alarm, ...] = ()
    perhaps: tuple[Alarm, ...] = ()
    place: Place | None = None
    named: Found | None = None


class CueClassifier:
    """Judges by the cues of routing.toml alone; pure, and safe to share between threads."""

    def __init__(self, understanding: Understanding, danger: DangerModel | None = None) -> None:
        """`danger` hears what no rule thought of; without it the rules alone ring the alarm."""
        self._danger = danger
        self._senses = Senses(understanding.senses)
        self._organisation = understanding.organisation
        self._routing = understanding.routing
        self._kinds = understanding.routing.kinds
        self._matcher: Matcher[Owner] = Matcher(_phrases(understanding))
        vocabulary = self._matcher.vocabulary()
        # Sekerat is a village: bent to "sekarat", every message from there would ring the alarm.
        known = understanding.words.known | _place_words(understanding.organisation)
        self._reader = Reader(replace(understanding.words, known=known), vocabulary)
        self._places = PlaceFinder(
            understanding.organisation, understanding.places, understanding.words.known | vocabulary
        )

    def classify(self, text: str, *, channel: str | None = None) -> Verdict:
        """What the message is; never fails, whatever was written."""
        features = self.features(text)
        p = self.kinds(features, channel)
        return self.verdict(features, p, second=self._second(features, p))

    def features(self, text: str) -> Features:
        """Everything that can be seen in the text."""
        plain = self._reader.read(text)
        features = Features(plain)
        dangers: list[Hit[Danger]] = []
        company: list[Hit[Company]] = []
        for hit in self._matcher.find(plain):
            for owner, seen in (
                (KindCue, features.kind_hits),
                (TopicCue, features.topic_hits),
                (UnitCue, features.unit_hits),
                (AuthorityCue, features.authority_hits),
                (Danger, dangers),
                (Company, company),
                (Idea, features.ideas),
            ):
                if isinstance(hit.owner, owner):
                    seen.append(hit)  # type: ignore[arg-type]
                    break
        features.cues = _strengths(features.kind_hits, plain)
        features.addressed = frozenset(
            topic for mention in plain.mentions for piece, topic in self._routing.addressed.items() if piece in mention
        )
        features.shapes = _shapes(plain, features.topic_hits)
        features.alarms = alarms(plain, dangers, company, features.cues, self._routing.urgent)
        if self._danger is not None:
            features.senses = self._senses.find(plain)
            hearing = self._danger.hear(_heard(features), self._routing.urgent.sure)
            features.alarms, features.perhaps = hearing.alarms, hearing.perhaps
        if (found := self._places.find(plain)) is not None:
            features.place, features.named = found
        return features

    def heard(self, text: str) -> Heard:
        """What of the text the danger head learns from; the rules' alarms are theirs only where no head was given."""
        features = self.features(text)
        features.senses = self._senses.find(features.plain)
        return _heard(features)

    def kinds(self, features: Features, channel: str | None = None) -> dict[Kind, float]:
        """The probability of each kind: a log-linear sum of cues, pairs, form and channel."""
        scores = dict(self._kinds.bias)
        for cue in self._kinds.cues:
            _add(scores, cue.weights, features.cues.get(cue.name, 0.0))
        for pair in self._kinds.pairs:
            if all(name in features.cues for name in pair.cues):
                _add(scores, pair.weights, 1.0)
        for shape in self._kinds.shapes:
            if shape.name in features.shapes:
                _add(scores, shape.weights, 1.0)
        _add(scores, self._kinds.channels.get(channel or "", {}), 1.0)
        highest = max(scores.values())
        powers = {kind: math.exp((scores[kind] - highest) / self._kinds.temperature) for kind in Kind}
        whole = sum(powers.values())
        return {kind: power / whole for kind, power in powers.items()}

    def verdict(
        self,
        features: Features,
        p: Mapping[Kind, float],
        *,
        topics: Ranking | None = None,
        second: Kind | None = None,
        told: Sequence[Reason] = (),
    ) -> Verdict:
        """The whole answer, once the kinds have their probabilities.

        `second` is the other intent, where there is one. A learnt model gives its own `topics` and the words that moved it
        (`told`).
        """
        ranked = sorted(Kind, key=lambda kind: -p[kind])
        topics = topics or rank_topics(features.plain, features.topic_hits, features.addressed)
        units = rank_units(self._organisation, topics, features.unit_hits, features.place)
        unsure = p[ranked[0]] < self._routing.sure or p[ranked[0]] - p[ranked[1]] < self._routing.clear
        asked = unsure or second is not None or bool(features.perhaps)
        return Verdict(
            kind=ranked[0],
            p=p,
            second_kind=second,
            needs_person=asked or _needs_person(features, ranked[0], units),
            topic=topics.best,
            topics=topics.ranked[:3],
            unit=units.best,
            units=units.ranked[:3],
            place=features.place,
            urgent=bool(features.alarms),
            reasons=self._reasons(features, (ranked[0], second), topics.best, units.best, told),
            words=tuple(words(features.plain)),
        )

    def _second(self, features: Features, p: Mapping[Kind, float]) -> Kind | None:
        """The second intent: likely enough, and spoken by a strong cue in words of its own."""
        ranked = sorted(Kind, key=lambda kind: -p[kind])
        first = [hit for hit in features.kind_hits if hit.owner.favours is ranked[0]]
        strong = {
            hit.owner.favours
            for hit in features.kind_hits
            if hit.owner.strong and all(hit.last < other.first or hit.first > other.last for other in first)
        }
        for kind in ranked[1:]:
            if kind in strong and kind is not Kind.OTHER and p[kind] >= self._routing.second:
                return kind
        return None

    def _reasons(
        self, features: Features, spoken: Sequence[Kind | None], topic: str, unit: str, told: Sequence[Reason]
    ) -> tuple[Reason, ...]:
        """The citizen's words that weighed most, dangers first."""
        plain = features.plain
        danger = [_reason(plain, a.first, a.last, a.weight, f"urgent:{a.danger}") for a in features.alarms]
        danger += [_reason(plain, a.first, a.last, a.weight, f"{PERHAPS}{a.danger}") for a in features.perhaps]
        kinds = [reason for one in spoken if one is not None for reason in _kind_reasons(features, one)]
        for one in told:
            if all(one.end <= other.start or one.start >= other.end for other in kinds):
                kinds.append(one)
        about = [
            _reason(plain, hit.first, hit.last, hit.owner.weight, f"topic:{topic}")
            for hit in apart((hit for hit in features.topic_hits if hit.owner.topic == topic), lambda cue: cue.weight)
        ]
        whose = [
            _reason(plain, hit.first, hit.last, hit.owner.weight, f"unit:{unit}")
            for hit in features.unit_hits
            if hit.owner.unit == unit
        ]
        hints = [
            _reason(plain, h.first, h.last, 1.0, f"authority:{h.owner.authority}") for h in features.authority_hits
        ]
        where = []
        if features.place is not None and features.named is not None:
            area, at = features.place.desa or features.place.kecamatan, features.named
            where = [Reason(plain.original[at.start : at.end], at.belief, f"place:{area.code}", at.start, at.end)]
        kinds.sort(key=lambda reason: -reason.weight)
        chosen = (*danger[:3], *kinds[:5], *about[:2], *whose[:1], *hints[:1], *where)
        return chosen[:MOST_REASONS]


def _heard(features: Features) -> Heard:
    return Heard(features.plain, features.ideas, features.senses, features.alarms, features.cues)


def _kind_reasons(features: Features, kind: Kind) -> list[Reason]:
    """The words that speak for one kind; of words told by several cues the loudest cue."""
    speaking = [hit for hit in features.kind_hits if hit.owner.weights.get(kind, 0.0) > 0]
    kept = apart(speaking, lambda cue: cue.weights[kind])
    plain = features.plain
    return [_reason(plain, hit.first, hit.last, hit.owner.weights[kind], kind.value) for hit in kept]


def _phrases(understanding: Understanding) -> list[tuple[Phrase, Owner]]:
    routing = understanding.routing
    grouped: tuple[KindCue | Danger | Company | Idea, ...] = (
        *routing.kinds.cues,
        *routing.urgent.dangers,
        *routing.urgent.company,
        *understanding.ideas,
    )
    single: tuple[TopicCue | UnitCue | AuthorityCue, ...] = (*routing.topics, *routing.units, *routing.authorities)
    pairs: list[tuple[Phrase, Owner]] = [(phrase, owner) for owner in grouped for phrase in owner.phrases]
    pairs.extend((owner.phrase, owner) for owner in single)
    return pairs


def _place_words(organisation: Organisation) -> frozenset[str]:
    """Every word of the names of our areas, so that no name is taken for a slip of the finger."""
    areas = [unit for unit in organisation if unit.level.area]
    return frozenset(word for unit in areas for name in (unit.name, *unit.aliases) for word in name.lower().split())


def _shapes(plain: Plain, topics: list[Hit[TopicCue]]) -> frozenset[str]:
    """The names of SHAPES that the form of the message has."""
    length = plain.length
    asked = [sentence for sentence in range(len(plain.closings)) if plain.asked(sentence)]
    last = plain.tokens[-1].sentence if plain.tokens else 0
    has = {
        "asks_last": last in asked,
        "asks": bool(asked),
        "tiny": 0 < length <= 3,
        "short": 3 < length <= 8,
        "long": length > 25,
        "very_long": length > 60,
        "shouted": plain.shouted,
        "hashtags": plain.hashtags >= 3,
        "link": plain.links > 0,
        "only_signs": length == 0,
        "on_topic": any(hit.owner.weight >= ON_TOPIC and hit.owner.topic != NO_TOPIC for hit in topics),
        "off_topic": length > 0 and not topics,
    }
    return frozenset(name for name in SHAPES if has[name])


def _strengths(hits: list[Hit[KindCue]], plain: Plain) -> dict[str, float]:
    """How strongly each cue was heard: again and again counts a little more, fading cues less in a long message."""
    groups: dict[str, list[Hit[KindCue]]] = {}
    for hit in hits:
        groups.setdefault(hit.owner.name, []).append(hit)
    strengths = {}
    for name, group in groups.items():
        times = len(apart(group, lambda cue: 1.0))
        strength = REPEATED[min(times, len(REPEATED) - 1)]
        fades = group[0].owner.fades
        if fades is not None and plain.length > fades:
            strength *= (fades / plain.length) ** 1.5
        strengths[name] = strength
    return strengths


def _needs_person(features: Features, kind: Kind, units: Ranking) -> bool:
    """Grounds to ask a person that have nothing to do with the kind's probability."""
    plain = features.plain
    strange = plain.length > FEWEST_WORDS and plain.understood < STRANGE
    return plain.length < FEWEST_WORDS or strange or (kind is not Kind.OTHER and units.close)


def _add(scores: dict[Kind, float], weights: Mapping[Kind, float], strength: float) -> None:
    if strength:
        for kind, weight in weights.items():
            scores[kind] += weight * strength


def _reason(plain: Plain, first: int, last: int, weight: float, speaks_for: str) -> Reason:
    return Reason(plain.quote(first, last), weight, speaks_for, plain.tokens[first].start, plain.tokens[last].end)
