"""Follows what happens and lets the office's rules act on it, and tells citizens who write while the office is closed."""

import logging
from functools import partial

from omnichannel.domain.errors import StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.work import Happening, Work
from omnichannel.inbox.closing import tell_closed
from omnichannel.inbox.rules import Ground, run, trigger

log = logging.getLogger(__name__)

FOLLOWER = "rules"
PAGE = 200
SAVE_EVERY = 2000
JUDGED = ("classified", "not_judged")


def ground(house: House) -> Ground:
    """What a rule leans on."""
    return Ground(house.office, house.organisation, house.clocks.calendar, house.capabilities)


class Ruler:
    """One happening, one transaction: a rule that breaks on one conversation keeps no other waiting."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._saved: int | None = None
        self._seen: int | None = None

    async def turn(self) -> bool:
        """One page; True when there may be more."""
        after, seen, wanted, news = await self._house.store.read(self._question)
        until = news[-1].id if news else seen
        if after is None:
            await self._move(None, until)
            return False
        for happened in news:
            if wanted and trigger(happened) is not None:
                if not await self._one(after, happened):
                    self._saved = self._seen = None  # another process is at it
                    return True
                after = happened.id
        self._saved, self._seen = after, until
        if until - after >= SAVE_EVERY:
            await self._move(after, until)
            self._saved = until
        return len(news) == PAGE

    def _question(self, work: Work) -> tuple[int | None, int, bool, list[Happening]]:
        after = work.followers.at(FOLLOWER)
        if after is None:
            return None, work.screens.last_happening(), False, []
        seen = max(after, self._seen or after) if after == self._saved else after
        hours = self._house.office.hours
        wanted = (hours is not None and hours.notify) or any(one.on for one in work.rules.all())
        return after, seen, wanted, work.screens.happened(seen, PAGE)

    async def _one(self, after: int, happened: Happening) -> bool:
        try:
            return await self._house.store.write(partial(self._ruled, after=after, happened=happened))
        except StoreAway:
            raise
        except Exception as error:
            # Passed over, or it would stand in the way of everything after it.
            log.error("a rule failed", exc_info=error, extra={"event": happened.id})
            return await self._move(after, happened.id)

    def _ruled(self, work: Work, *, after: int, happened: Happening) -> bool:
        if not work.followers.move(FOLLOWER, after, happened.id):
            return False
        house, now = self._house, self._house.clock.now()
        if happened.verb in JUDGED and happened.conversation_id is not None:
            conversation = work.conversations.get(happened.conversation_id)
            able = house.capabilities(conversation.account, conversation.surface) if conversation else None
            calendar = house.clocks.calendar
            tell_closed(work, house.office, calendar, happened.thing_id, capabilities=able, now=now)
        run(work, ground(house), happened, now)
        return True

    async def _move(self, after: int | None, until: int) -> bool:
        return await self._house.store.write(lambda work: work.followers.move(FOLLOWER, after, until))
