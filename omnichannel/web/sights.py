"""Where a citizen says they are: the small map in the conversation, and the words beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from omnichannel.domain.geography import Near, candidates, nearest
from omnichannel.domain.message import Location
from omnichannel.domain.organisation import Organisation, Unit
from omnichannel.domain.spots import written
from omnichannel.domain.work import Direction, Message
from omnichannel.web import chart
from omnichannel.web.wording import Wording

SMALL = (300, 168)  # px of the map in the conversation
WHOLE = 10  # km; from here on tenths say nothing


@dataclass(frozen=True, slots=True)
class Sight:
    """One place of one message. `n` counts from 1; `written`: the citizen typed it and did not share it."""

    n: int
    at: Location
    written: bool
    words: str
    guess: str
    chart: chart.Chart


@dataclass(frozen=True, slots=True)
class Sights:
    """All places of a message, and the links that hide theirs."""

    places: tuple[Sight, ...] = ()
    hidden: tuple[str, ...] = ()


def teller(organisation: Organisation, wording: Wording) -> Callable[[Message], Sights]:
    """What templates ask for each message."""
    return lambda message: sights(message, organisation, wording)


def sights(message: Message, organisation: Organisation, wording: Wording) -> Sights:
    """The places that a citizen's message names."""
    if message.direction is not Direction.IN or (message.location is None and not message.text):
        return Sights()
    said = written(message.text)
    shared = () if message.location is None else (message.location,)
    every = tuple(dict.fromkeys((*shared, *said.places)))
    return Sights(
        tuple(
            Sight(
                n=n,
                at=at,
                written=at not in shared,
                words=from_here(nearest(organisation.places, at, 1), wording),
                guess=guess(organisation, at, wording),
                chart=chart.close(at, organisation.places, *SMALL),
            )
            for n, at in enumerate(every, start=1)
        ),
        said.hidden,
    )


def from_here(near: Sequence[Near], wording: Wording) -> str:
    """ "3,2 km di barat daya Sangatta"; "" where no place is known."""
    if not near:
        return ""
    one = near[0]
    name = wording.t("tengah Kec. {nama}", nama=one.place.name) if one.place.middle else one.place.name
    if not one.direction:
        return wording.t("di {tempat}", tempat=name)
    return wording.t(
        "{jarak} di {arah} {tempat}", jarak=length(one.km, wording), arah=wording.t(one.direction), tempat=name
    )


def length(km: float, wording: Wording) -> str:
    """850 m, 3,2 km, 47 km."""
    if km < 0.995:
        return f"{round(km * 100) * 10} m"
    return f"{wording.number(round(km) if km >= WHOLE else round(km, 1))} km"


def guess(organisation: Organisation, at: Location, wording: Wording) -> str:
    """The kecamatan that the distances suggest, said as the guess that it is; "" where there is none."""
    found = [_area(organisation, near) for near in candidates(organisation.places, at)]
    names = [unit.name for unit in found if unit is not None]
    if not names:
        return ""
    if len(names) == 1:
        return wording.t("Mungkin Kec. {nama}", nama=names[0])
    return wording.t("Mungkin Kec. {nama} atau {lain}", nama=names[0], lain=names[1])


def _area(organisation: Organisation, near: Near) -> Unit | None:
    """The kecamatan of a known place; a place may stand for a whole kabupaten, and then that is all there is to say."""
    unit = organisation.get(near.place.unit or "")
    return organisation.kecamatan_of(unit.key) if unit is not None else None
