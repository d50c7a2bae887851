"""The month before the demo, told through the same doors and stories as any other month, a stretch of it at a time.

Citizens write on the toys, connectors fetch it, the intake keeps it; then one story a stretch routes, answers and decides;
then connectors hand over what was queued. Only the clock is held.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from omnichannel.demo.cast import Cast
from omnichannel.demo.clock import At, DemoClock
from omnichannel.demo.counter import Counter
from omnichannel.demo.desk import Desk
from omnichannel.demo.ears import Asking, Heard, ear_of
from omnichannel.demo.ends import loose_ends
from omnichannel.demo.lists import fill
from omnichannel.demo.plan import Act, Do, acts, slots
from omnichannel.demo.post import Post
from omnichannel.demo.stage import Toys
from omnichannel.domain.house import House
from omnichannel.domain.ports import Connector, Raw
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Work
from omnichannel.inbox.receive import Intake
from omnichannel.toys.base import Pictures
from omnichannel.toys.citizens import THREADS, Past, history
from omnichannel.toys.pictures import picture

SEED, DAYS, A_DAY = 64_08, 30, 6
ARRIVES = timedelta(seconds=1)
# One emergency the desk always remembers; whether others happen is up to the dice.
# When the PPID looked at what was due.
LATELY = timedelta(hours=1)
EMERGENCY_AGO = timedelta(days=4, hours=3)


async def remember(house: House, toys: Toys, cast: Cast, clock: DemoClock) -> None:
    """Fill an empty house with a month that ends now; a house that has one keeps it."""
    if await house.store.read(lambda work: work.ledger.entries(None, 0, 1)):
        toys.skip(await house.store.read(lambda work: max(state.received for state in work.accounts.all())))
        return
    began = clock.now() - timedelta(days=DAYS)
    await house.store.write(lambda work: fill(work, house.organisation, cast.ppid, began))
    month = Month(house, toys, cast, clock)
    try:
        await month.pass_by()
        await loose_ends(month.house, toys, cast, month.desk, month.post, clock)
        clock.release()
    finally:
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
        self._ears = [ear_of(house.connector(name), toy) for name, toy in toys.by_account.items()]
        self._chats: dict[int, str] = {}

    async def pass_by(self) -> None:
        """The whole month, oldest first."""
        zone = self.house.office.zone
        until = self.clock.now().astimezone(zone) - timedelta(minutes=4)
        pasts = history(list(self.toys.by_account), until, seed=SEED, days=DAYS, a_day=A_DAY)
        pasts = sorted([*pasts, self._emergency(until)], key=lambda past: past.at)
        planned = acts(pasts, self.house.clocks, until, self.rng)
        await asyncio.gather(*(ear.open() for ear in self._ears))
        counter = Counter(self.house, self.desk.cast, until)
        for stretch in slots(planned):
            await counter.until(stretch[0].at)
            await self._live(stretch)
        await counter.until(until)
        await self.house.store.write(lambda work: self.desk.papers.lately(work, until - LATELY))
        await self.post.deliver()

    def _emergency(self, until: datetime) -> Past:
        story = next(story for story in THREADS if story.urgent)
        return Past(self.toys.telegram.account, -1, "Hamsiah Kelinja", until - EMERGENCY_AGO, story.turns[0], story)

    async def close(self) -> None:
        """The last ticks come in, and where the polling goes on is kept."""
        await self._hear(())
        cursors = {ear.connector.account: ear.cursor for ear in self._ears if isinstance(ear, Asking)}
        await self.house.store.write(lambda work: _keep(work, cursors))
        await asyncio.gather(*(ear.close() for ear in self._ears))

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
        for ear in self._ears:
            mine = [past for past in said if past.account == ear.connector.account]
            news = await ear.hear(len(mine))
            incoming = [event for one in news for event in one.incoming]
            found |= {past: event.external_id for past, event in zip(mine, incoming, strict=True)}
            arriving += [(self._moment(one), ear.connector, one.raw) for one in news]
        arriving.sort(key=lambda one: one[0])
        await asyncio.gather(*(self._take_in(*one) for one in arriving))
        return found

    def _moment(self, heard: Heard) -> datetime:
        return max((event.sent_at for event in heard.events if event.sent_at), default=self.clock.now())

    async def _take_in(self, at: datetime, connector: Connector, raw: Raw) -> None:
        intake = Intake(self.house.store, self.house.files, At(at + ARRIVES))
        await intake.take_in(connector, [raw])

    def _judge(self, past: Past) -> Verdict:
        channel = self.toys.by_account[past.account].channel
        return self.house.classifier.classify(past.text, channel=channel.value)


def _keep(work: Work, cursors: Mapping[str, str | None]) -> None:
    for account, cursor in cursors.items():
        work.accounts.set_cursor(account, cursor)
