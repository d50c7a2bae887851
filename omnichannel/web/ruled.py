"""What rules did in a conversation, as the officer beside it sees it: what they changed, what they suggest, the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from omnichannel.domain.house import House
from omnichannel.domain.rules import Deed, Firing
from omnichannel.domain.work import Direction, Message

SHOWN_FOR = timedelta(days=3)
MOST = 3


@dataclass(frozen=True, slots=True)
class Ruled:
    """One firing. `changed` says whether there is anything to take back; `key` and `title` are of the reply it suggests."""

    id: int
    name: str
    changed: bool
    key: str = ""
    title: str = ""


def lay_out(parts: House, fired: Sequence[Firing], messages: Sequence[Message], now: datetime) -> list[Ruled]:
    """The newest few that stand. A suggestion ends with the answer."""
    titles = {one.key: one.title for one in parts.office.replies}
    answered = max((one.arrived_at for one in messages if _answer(one)), default=None)
    found = []
    for one in fired:
        if one.undone_at is not None or now - one.at > SHOWN_FOR:
            continue
        prefix = f"{Deed.OFFER.value}|"
        key = next((act.removeprefix(prefix) for act in one.acts if act.startswith(prefix)), "")
        fresh = answered is None or answered < one.at
        offered = key if key in titles and fresh else ""
        if one.changes or offered:
            found.append(Ruled(one.id, one.name, bool(one.changes), offered, titles.get(offered, "")))
    return found[:MOST]


def _answer(message: Message) -> bool:
    return message.direction is Direction.OUT and not message.automatic
