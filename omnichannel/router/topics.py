"""What a message is about, and whose matter that is: topics by their cues, units by topic, name and place."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from omnichannel.domain.organisation import Organisation, Unit
from omnichannel.domain.understanding import TopicCue, UnitCue
from omnichannel.domain.verdict import NO_TOPIC, TOPICS, Place
from omnichannel.router.cues import Hit
from omnichannel.router.text import Plain

C = TypeVar("C")
REPEATED = (1.0, 0.6, 0.4, 0.3, 0.2)  # what the second, third … cue of one topic still adds
NO_TOPIC_BASE = 1.1
ADDRESSED = 1.6  # whoever writes to an agency's account writes of its matters, unless the words say otherwise
BESIDE = frozenset(
    [
        "depan",
        "dekat",
        "belakang",
        "samping",
        "sebelah",
        "seberang",
        "sekitar",
        "menuju",
        "arah",
        "area",
        "kawasan",
        "pinggir",
        "antara",
        "simpang",
    ]
)
BESIDE_SHARE = 0.4
TOPIC_TEMPERATURE = 0.75
NAMED_FLOOR = 0.08  # a unit that is only named, outside its topics
UNIT_PULL = 0.9


@dataclass(frozen=True, slots=True)
class Ranking:
    """Names with their probabilities, best first."""

    ranked: tuple[tuple[str, float], ...]

    @property
    def best(self) -> str:
        """The likeliest."""
        return self.ranked[0][0]

    @property
    def close(self) -> bool:
        """Whether the runner-up is nearly as likely."""
        return len(self.ranked) > 1 and self.ranked[1][1] > 0.75 * self.ranked[0][1]


def rank_topics(plain: Plain, hits: Sequence[Hit[TopicCue]], addressed: Iterable[str] = ()) -> Ranking:
    """All topics by probability; without any cue it is `lainnya`. `addressed`: the topics of the accounts written to."""
    scores = dict.fromkeys((*TOPICS, NO_TOPIC), 0.0)
    for topic, found in _by(hits, lambda cue: cue.topic).items():
        kept = apart(found, lambda cue: cue.weight)
        scores[topic] = _sum([hit.owner.weight * (BESIDE_SHARE if _beside(plain, hit) else 1.0) for hit in kept])
    for topic in addressed:
        scores[topic] += ADDRESSED
    scores[NO_TOPIC] += NO_TOPIC_BASE
    return Ranking(_softmax(scores, TOPIC_TEMPERATURE))


def rank_units(
    organisation: Organisation, topics: Ranking, hits: Sequence[Hit[UnitCue]], place: Place | None
) -> Ranking:
    """All units that could be meant, by probability."""
    shares: dict[str, float] = {}
    for topic, p in topics.ranked:
        able = organisation.competent(topic)
        whole = sum(weight for _, weight in able)
        for unit, weight in able:
            shares[unit.key] = shares.get(unit.key, 0.0) + p * weight * (weight / whole)
    for key, found in _by(hits, lambda cue: cue.unit).items():
        unit_key = _resolve(key, organisation, place)
        if unit_key is not None:
            pull = _sum([hit.owner.weight for hit in apart(found, lambda cue: cue.weight)])
            shares[unit_key] = max(shares.get(unit_key, 0.0), NAMED_FLOOR) * math.exp(UNIT_PULL * pull)
    if not shares:
        shares[organisation.root.key] = 1.0
    whole = sum(shares.values())
    ranked = sorted(((key, share / whole) for key, share in shares.items()), key=lambda pair: (-pair[1], pair[0]))
    return Ranking(tuple(ranked))


def _resolve(key: str, organisation: Organisation, place: Place | None) -> str | None:
    """`@kecamatan` and `@desa` stand for the office of the place that was named."""
    if not key.startswith("@"):
        return key
    if place is None:
        return None
    area = place.kecamatan if key == "@kecamatan" else place.desa
    unit: Unit | None = organisation.by_code(area.code) if area else None
    return unit.key if unit else None


def apart(hits: Iterable[Hit[C]], loudness: Callable[[C], float]) -> list[Hit[C]]:
    """Hits that do not share a word, the loudest kept: `lampu jalan mati` is one thing said once."""
    kept: list[Hit[C]] = []
    for hit in sorted(hits, key=lambda hit: (-loudness(hit.owner), hit.first - hit.last, hit.first)):
        if all(hit.last < other.first or hit.first > other.last for other in kept):
            kept.append(hit)
    return kept


def _by(hits: Iterable[Hit[C]], name: Callable[[C], str]) -> Mapping[str, list[Hit[C]]]:
    groups: dict[str, list[Hit[C]]] = {}
    for hit in hits:
        groups.setdefault(name(hit.owner), []).append(hit)
    return groups


def _beside(plain: Plain, hit: Hit[TopicCue]) -> bool:
    """Whether the cue only tells where something is: a lamp in front of the school is no matter of schools."""
    before = plain.tokens[max(0, hit.first - 2) : hit.first]
    return any(token.word in BESIDE and token.sentence == plain.tokens[hit.first].sentence for token in before)


def _sum(weights: Sequence[float]) -> float:
    loudest = sorted(weights, reverse=True)
    return sum(weight * share for weight, share in zip(loudest, REPEATED, strict=False))


def _softmax(scores: Mapping[str, float], temperature: float) -> tuple[tuple[str, float], ...]:
    highest = max(scores.values())
    powers = {name: math.exp((score - highest) / temperature) for name, score in scores.items()}
    whole = sum(powers.values())
    return tuple(
        sorted(((name, power / whole) for name, power in powers.items()), key=lambda pair: (-pair[1], pair[0]))
    )
