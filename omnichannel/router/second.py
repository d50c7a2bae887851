"""The second intent of a message: a fifth of what citizens write holds two, and answering one loses the other.

Each kind but the first is a candidate; what speaks for it are the signs of the message (which cues stand where, what each
sentence says), whether a cue of its own stands in words of its own, and how likely it is by itself.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from omnichannel.domain.case import Kind
from omnichannel.router.classify import Features
from omnichannel.router.signs import signs

LEAST_P = 1e-4
FEW = 3  # cues of one kind; more say no more


@dataclass(frozen=True, slots=True)
class Seconds:
    """Learnt weights, each under the name of what was seen; from `enough` probability on the second intent is named."""

    bias: float
    enough: float
    weights: Mapping[str, float]

    def named(self, features: Features, p: Mapping[Kind, float]) -> Kind | None:
        """The likeliest second intent, where one is likely enough."""
        scored = [(self._p(seen), kind) for kind, seen in candidates(features, p)]
        best, kind = max(scored, key=lambda pair: pair[0])
        return kind if best >= self.enough else None

    def _p(self, seen: Mapping[str, float]) -> float:
        score = self.bias + sum(self.weights.get(name, 0.0) * strength for name, strength in seen.items())
        return 1.0 / (1.0 + math.exp(-score))


def candidates(features: Features, p: Mapping[Kind, float]) -> list[tuple[Kind, dict[str, float]]]:
    """Every kind but the likeliest, and what was seen of it."""
    first, *others = sorted(Kind, key=lambda kind: -p[kind])
    heard = signs(features)
    return [(kind, _seen(features, heard, p, first, kind)) for kind in others]


def _seen(
    features: Features, heard: Mapping[str, float], p: Mapping[Kind, float], first: Kind, kind: Kind
) -> dict[str, float]:
    of_first = [hit for hit in features.kind_hits if hit.owner.favours is first]
    own = [hit for hit in features.kind_hits if hit.owner.favours is kind]
    strong = [hit for hit in own if hit.owner.strong]
    alone = any(all(hit.last < other.first or hit.first > other.last for other in of_first) for hit in strong)
    seen = {f"{kind}|{name}": strength for name, strength in heard.items()}
    seen[f"{first}>{kind}"] = 1.0
    seen["first"], seen["itself"] = _log(p[first]), _log(p[kind])
    seen["cues"], seen["strong"], seen["alone"] = min(len(own), FEW) / FEW, float(bool(strong)), float(alone)
    seen["length"], seen["sentences"] = math.log1p(features.plain.length) / 2, math.log1p(len(features.plain.closings))
    return seen


def _log(p: float) -> float:
    return math.log(max(p, LEAST_P))
