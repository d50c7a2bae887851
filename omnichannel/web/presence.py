"""Who has a conversation open and who writes in it: kept in memory for seconds, told to open screens, never stored.

A page says every few seconds that it is there (`POST /live/hadir`); a tab that dies falls silent and is forgotten by
itself, here and on every screen. Other processes hear the same through the bell.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.ports import Bell, Clock
from omnichannel.inbox.reply import of
from omnichannel.web import guard
from omnichannel.web.hub import frame, limited
from omnichannel.web.keys import HOUSE, house
from omnichannel.web.live import HUB

TOPIC = "presence"
READING = timedelta(seconds=14)  # a page tells every five; two of them may be lost
WRITING = timedelta(seconds=8)
LONGEST_TAB = 40
MOST_TABS = 20  # open conversations that one officer is believed to have
READS, WRITES, LEAVES = "baca", "tulis", "pergi"


@dataclass(frozen=True, slots=True)
class Here:
    """One officer in one tab. `unit` is where the conversation lies: it decides who may know."""

    conversation: int
    unit: str | None
    staff: int
    name: str
    tab: str
    doing: str

    @property
    def span(self) -> timedelta:
        """How long this is believed without another word."""
        return {READS: READING, WRITES: WRITING}.get(self.doing, timedelta(0))


def routes() -> list[web.RouteDef]:
    # Below /live, where a request that no person made keeps no session alive.
    return [
        web.get("/live/hadir", guard.allow(who, Action.SEE_DESK)),
        web.post("/live/hadir", guard.allow(report, Action.NOTE)),
    ]


def setup(application: web.Application) -> None:
    """Listens as long as the application lives."""
    parts = application[HOUSE]
    presence = application[PRESENCE] = Presence(parts.bell, parts.clock)

    async def listening(app: web.Application) -> AsyncIterator[None]:
        def heard(words: str) -> None:
            here = presence.take(words)
            if here is not None:
                event = frame("here", _told(here, here.span))
                app[HUB].say(event, lambda staff: _may_know(staff, here))

        end = parts.bell.listen(TOPIC, heard)
        yield
        end()

    application.cleanup_ctx.append(listening)


class Presence:
    """What this process knows of all tabs of the office."""

    def __init__(self, bell: Bell, clock: Clock) -> None:
        self._bell = bell
        self._clock = clock
        self._tabs: dict[tuple[int, str], tuple[Here, datetime]] = {}

    def tell(self, here: Here) -> None:
        """To every process, ours too."""
        row = [here.conversation, here.unit, here.staff, here.name, here.tab, here.doing]
        self._bell.tell(TOPIC, json.dumps(row, separators=(",", ":")))

    def take(self, words: str) -> Here | None:
        """What another process (or we ourselves) told; None for what a newer version says differently."""
        try:
            here = Here(*json.loads(words))
        except (ValueError, TypeError):
            return None
        now, place = self._clock.now(), (here.staff, here.tab)
        self._forget(now)
        known = self._tabs.pop(place, None)
        # A page that is left says where it was; what the tab shows by now stays.
        if here.doing == LEAVES:
            if known is not None and known[0].conversation != here.conversation:
                self._tabs[place] = known
            return here
        mine = [one for one in self._tabs if one[0] == here.staff]
        for oldest in mine[: max(0, len(mine) + 1 - MOST_TABS)]:
            del self._tabs[oldest]
        self._tabs[place] = (here, now + here.span)
        return here

    def seen_by(self, staff: Staff) -> list[dict[str, Any]]:
        """Whom this person may know of, as the stream tells it."""
        now = self._clock.now()
        self._forget(now)
        return [_told(here, until - now) for here, until in self._tabs.values() if _may_know(staff, here)]

    def _forget(self, now: datetime) -> None:
        self._tabs = {place: held for place, held in self._tabs.items() if held[1] > now}


PRESENCE = web.AppKey("presence", Presence)


async def who(request: web.Request) -> web.StreamResponse:
    """Everybody who is at a conversation now."""
    return web.json_response({"here": request.app[PRESENCE].seen_by(guard.staff(request))})


async def report(request: web.Request) -> web.StreamResponse:
    """I am here; the answer says who else is. Who only looks on (an auditor) is nobody to wait for, and tells nothing."""
    fields, staff, presence = await guard.fields(request), guard.staff(request), request.app[PRESENCE]
    number, tab, doing = str(fields.get("percakapan", "")), str(fields.get("tab", "")), str(fields.get("sedang", ""))
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise Invalid("Sebutkan percakapannya.")
    if not (0 < len(tab) <= LONGEST_TAB and tab.isascii() and tab.isalnum()) or doing not in (READS, WRITES, LEAVES):
        raise Invalid("Isian ini tidak terbaca.")
    conversation = await house(request).store.read(lambda work: of(work, int(number)))
    guard.ask(request, Action.NOTE, conversation)
    presence.tell(Here(conversation.id, conversation.unit, staff.id, staff.name, tab, doing))
    return web.json_response({"here": presence.seen_by(staff)})


def _may_know(staff: Staff, here: Here) -> bool:
    """Who may read the conversation may know who else does."""
    mine = not limited(staff) or (staff.unit is not None and staff.unit == here.unit)
    return mine and bool(may(staff, Action.READ))


def _told(here: Here, left: timedelta) -> dict[str, Any]:
    return {
        "conversation": here.conversation,
        "id": here.staff,
        "name": here.name,
        "tab": here.tab,
        "writing": here.doing == WRITES,
        "for": max(0, round(left.total_seconds() * 1000)),
    }
