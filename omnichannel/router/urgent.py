"""Whether somebody's life is in danger now: a danger, what stands near it, and what calms it.

A miss costs a life, a false alarm a phone call: dangers are wide, and only company that says "long ago", "a drill",
"already rescued", "what if" or "so to speak" takes them back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omnichannel.domain.understanding import Company, Danger, UrgentTables
from omnichannel.router.cues import Hit
from omnichannel.router.text import Plain

BEFORE = 3  # words before a danger that "before" reaches
HEARD = 1.2  # from which weight on a danger supports another
OTHER_WEIGHT = 0.4
STORY = 90  # words from which a letter tells a story rather than calls for help
STORY_WEIGHT = -0.5
MOST_CALM = -2.0  # what kinds can take away at most: a real danger told with many complaints stays one


@dataclass(frozen=True, slots=True)
class Alarm:
    """One danger that was believed: its name, its final weight and where it stands."""

    danger: str
    weight: float
    first: int
    last: int


def alarms(
    plain: Plain,
    dangers: Sequence[Hit[Danger]],
    company: Sequence[Hit[Company]],
    cues: Mapping[str, float],
    tables: UrgentTables,
) -> tuple[Alarm, ...]:
    """The dangers that are believed, the gravest first; none means no alarm. `cues`: how strongly each kind's cue was heard."""
    if not dangers:
        return ()
    calm = sum(weight * min(cues.get(name, 0.0), 1.0) for name, weight in tables.calm.items())
    calm = max(calm, MOST_CALM) + (STORY_WEIGHT if plain.length > STORY else 0.0)
    weights = [_weigh(hit, plain, company) + (0.0 if hit.owner.firm else calm) for hit in dangers]
    believed: dict[str, Alarm] = {}
    for hit, own in zip(dangers, weights, strict=True):
        weight = own + _others(hit, dangers, weights)
        best = believed.get(hit.owner.name)
        if weight >= tables.alarm and (best is None or weight > best.weight):
            believed[hit.owner.name] = Alarm(hit.owner.name, weight, hit.first, hit.last)
    return tuple(sorted(believed.values(), key=lambda alarm: -alarm.weight))


def _others(hit: Hit[Danger], dangers: Sequence[Hit[Danger]], weights: Sequence[float]) -> float:
    """What other dangers, told in other words, add: smoke, and a victim, and an ambulance."""
    others = {
        other.owner.name
        for other, weight in zip(dangers, weights, strict=True)
        if other.owner.name != hit.owner.name and weight >= HEARD and (other.last < hit.first or other.first > hit.last)
    }
    return OTHER_WEIGHT * min(len(others), 2)


def _weigh(hit: Hit[Danger], plain: Plain, company: Sequence[Hit[Company]]) -> float:
    danger = hit.owner
    weight = danger.weight
    heard: set[str] = set()
    for other in company:
        said = other.owner
        if said.name in heard or not _reaches(other, hit, plain):
            continue
        if (said.spares_firm and danger.firm) or (said.only and danger.name not in said.only):
            continue
        if said.weight > 0 and hit.first <= other.first <= other.last <= hit.last:
            continue  # its own words are no company
        heard.add(said.name)
        weight += said.weight
    return weight


def _reaches(company: Hit[Company], danger: Hit[Danger], plain: Plain) -> bool:
    reach = company.owner.reach
    if reach == "message":
        return True
    if plain.tokens[company.first].sentence != plain.tokens[danger.first].sentence:
        return False
    if reach == "on":
        return company.first <= danger.last and company.last >= danger.first
    if reach == "before":
        return danger.first - BEFORE <= company.first < danger.first
    return True
