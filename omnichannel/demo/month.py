"""The month before the demo, told through the same doors and stories as any other month, a stretch of it at a time.

Citizens write on the toys, connectors fetch it, the intake keeps it; then one story a stretch routes, answers and decides;
then connectors hand over what was queued. Only the clock is held.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from omnichannel import app
from omnichannel.demo.cast import Cast
from omnichannel.demo.clock import At, DemoClock
from omnichannel.demo.desk import Desk
from omnichannel.demo.ends import loose_ends
from omnichannel.demo.plan import Act, Do, acts, slots
from omnichannel.demo.post import Post
from omnichannel.demo.stage import Toys, asking
from omnichannel.domain.house import House
from omnichannel.domain.message import Event, EventType
from omnichannel.domain.ports import Connector, Polling, Raw
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Work
from omnichannel.inbox.receive import Intake
from omnichannel.toys.base import Pictures
from omnichannel.toys.citizens import THREADS, Past, history
from omnichannel.toys.pictures import picture

SEED, DAYS, A_DAY = 64_08, 30, 6
ARRIVES = timedelta(seconds=1)
# One emergency the desk always remembers; whether others happen is up to the dice.
EMERGENCY_AGO = timedelta(days=4, hours=3)


async def remember(house: House, toys: Toys, cast: Cast, clock: DemoClock) -> None:
    """Fill an empty house with a month that ends now; a house that has one keeps it."""
    if await house.store.read(lambda work: work.ledger.entries(None, 0, 1)):
        toys.skip(await house.store.read(lambda work: max(state.received for state in work.accounts.all())))
        return
    month = Month(house, toys, cast, clock)
    try:
        await month.pass_by()
        await loose_ends(month.house, toys, cast, month.desk, month.post, clock)
    finally:
        clock.release()
        await month.close()


class Month:
    """Everything that the past leans on."""

    def __init__(self, house: House, toys: Toys, cast: Cast, clock: DemoClock) -> None:
        self.house = house
        self.toys = toys
        self.clock = clock
        self.rng = Random(SEED)
        self.desk = Desk(house, cast, self.rng)
        self.post = Post(house, clock)
        self._ears: Mapping[str, Connector] = app.connectors_for([asking(one) for one in toys.accounts], "")
        self._cursors: dict[str, str | None] = {}
        self._chats: dict[int, str] = {}

    async def pass_by(self) -> None:
        """The whole month, oldest first."""
        zone = self.house.office.zone
        until = self.clock.now().astimezone(zone) - timedelta(minutes=4)
        pasts = history(list(self.toys.by_account), until, seed=SEED, days=DAYS, a_day=A_DAY)
        pasts = sorted([*pasts, self._emergency(until)], key=lambda past: past.at)
        planned = acts(pasts, self.house.clocks, until, self.rng)
        for stretch in slots(planned):
            await self._live(stretch)
        await self.house.store.write(self._keep_cursors)

    def _emergency(self, until: datetime) -> Past:
        story = next(story for story in THREADS if story.urgent)
        return Past(self.toys.telegram.account, -1, "Hamsiah Kelinja", until - EMERGENCY_AGO, story.turns[0], story)

    def _keep_cursors(self, work: Work) -> None:
        for account, cursor in self._cursors.items():
            work.accounts.set_cursor(account, cursor)

    async def close(self) -> None:
        """The connectors of the past are done."""
        await asyncio.gather(*(ear.close() for ear in self._ears.values()))

    async def _live(self, stretch: Sequence[Act]) -> None:
        said = [act.past for act in stretch if act.do is Do.HEAR]
        for past in said:
            await self._write(past)
        heard = await self._hear(said)
        judged = {past: (message, self._judge(past)) for past, message in heard.items()}
        self.desk.remember(heard)
        await self.house.store.write(lambda work: self.desk.do(work, stretch, judged))
        await self.post.deliver()

    async def _write(self, past: Past) -> None:
        """On the citizen's side: a thread of theirs, a photo where the story has one."""
        self.clock.hold(past.at)
        toy, chat = self.toys.by_account[past.account], self._chats.get(past.thread)
        if past.photo and isinstance(toy, Pictures):
            self._chats[past.thread] = await toy.show(chat, past.citizen, past.text, picture(self.rng))
        else:
            self._chats[past.thread] = await toy.write(chat, past.citizen, past.text)

    async def _hear(self, said: Sequence[Past]) -> dict[Past, str]:
        """Fetch and keep it; which message of the platform each became."""
        found: dict[Past, str] = {}
        arriving: list[tuple[datetime, Connector, Raw]] = []
        for account, ear in self._ears.items():
            mine = [past for past in said if past.account == account]
            said_by = await self._fetch(ear, len(mine))
            incoming = [event for _, events in said_by for event in events if event.type is EventType.INCOMING]
            found |= {past: event.external_id for past, event in zip(mine, incoming, strict=True)}
            for raw, events in said_by:
                at = max((event.sent_at for event in events if event.sent_at), default=self.clock.now())
                arriving.append((at, ear, raw))
        arriving.sort(key=lambda one: one[0])
        await asyncio.gather(*(self._take_in(*one) for one in arriving))
        return found

    async def _fetch(self, ear: Connector, wanted: int) -> list[tuple[Raw, tuple[Event, ...]]]:
        """Until so many citizens' messages are here; one poll more would wait for news."""
        assert isinstance(ear, Polling)
        found: list[tuple[Raw, tuple[Event, ...]]] = []
        while sum(event.type is EventType.INCOMING for _, events in found for event in events) < wanted:
            batch = await ear.poll(self._cursors.get(ear.account))
            self._cursors[ear.account] = batch.cursor
            found += [(raw, ear.parse(raw)) for raw in batch.raws]
        return found

    async def _take_in(self, at: datetime, ear: Connector, raw: Raw) -> None:
        intake = Intake(self.house.store, self.house.files, At(at + ARRIVES))
        await intake.take_in(ear, [raw])

    def _judge(self, past: Past) -> Verdict:
        channel = self.toys.by_account[past.account].channel
        return self.house.classifier.classify(past.text, channel=channel.value)
