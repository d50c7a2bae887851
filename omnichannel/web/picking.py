"""What the bar under a work list offers for the rows that are picked."""

from collections.abc import Sequence
from dataclasses import dataclass

from omnichannel.domain.bulk import MOST
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.web import talk
from omnichannel.web.wording import Wording


@dataclass(frozen=True, slots=True)
class Picking:
    """Colleagues to give them to, moments to put them off to, and how many at most."""

    mates: Sequence[Staff]
    snoozes: Sequence[tuple[str, str]]
    most: int = MOST


def picking(work: Work, wording: Wording) -> Picking:
    """For everybody alike: who may hold which conversation is asked of each of them when it is given."""
    mates = sorted((one for one in work.people.all() if one.disabled_at is None), key=lambda one: one.name.casefold())
    return Picking(mates, talk.snoozes(wording))
