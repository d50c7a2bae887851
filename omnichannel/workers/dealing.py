"""Deals what waits to whoever is on duty, once a minute; an office that has not switched it on pays one question."""

from omnichannel.domain.house import House
from omnichannel.domain.turns import MOST, SWITCH
from omnichannel.domain.work import Work
from omnichannel.inbox.dealing import deal


async def turn(house: House) -> bool:
    """One round."""
    now, calendar = house.clock.now(), house.clocks.calendar

    def worth(work: Work) -> bool:
        ready = work.turns.switched(SWITCH) and any(one.on_duty(now, calendar) for one in work.turns.all())
        return ready and bool(work.turns.waiting(1))

    if await house.store.read(worth):
        return await house.store.write(lambda work: deal(work, calendar, now)) == MOST
    return False
