"""The promise "never lost, never doubled", attacked: the service is killed with SIGKILL while citizens write and staff answer.

Prints for each database: sent by citizens, kept, doubled, answers that arrived, arrived twice, and those nobody is sure of.
"""

import asyncio
import faulthandler
import random
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.drills.books import Books
from tests.drills.platforms import ACCOUNTS, Platforms
from tests.drills.service import Officer, Service
from tests.parts.ports import free_port

KILLS = 50
MESSAGES = 200  # on each of the four accounts
REPLIES = 60

pytestmark = [pytest.mark.drill]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the books are kept. Asked for outside the loop, because PostgreSQL's fixture runs in it."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'data' / 'omnichannel.db'}"


class Executioner:
    """Ends each life at another of its weak moments."""

    def __init__(self, service: Service, platforms: Platforms, chance: random.Random) -> None:
        self.service, self.platforms, self.chance = service, platforms, chance

    async def one_life(self) -> None:
        """One more life, cut off: while it starts, when it has just started, at work, or in the middle of a send."""
        moment = self.chance.choices((self._starting, self._fresh, self._at_work, self._sending), (1, 2, 3, 4))[0]
        await self.service.launch()
        await moment()
        await self.service.kill()

    async def _starting(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.2, 1.5))

    async def _fresh(self) -> None:
        await self.service.ready()
        await asyncio.sleep(self.chance.uniform(0.0, 0.8))

    async def _at_work(self) -> None:
        await self._until_said(self.chance.choice(ACCOUNTS), 1)
        await asyncio.sleep(self.chance.uniform(0.0, 0.8))

    async def _sending(self) -> None:
        """The platform has it, and its answer is still on the way."""
        await self._until_said(self.chance.choice(ACCOUNTS), self.chance.randint(1, 4))

    async def _until_said(self, account: str, times: int, patience: float = 6) -> None:
        goal = self.platforms.said(account) + times
        for _ in range(int(patience / 0.003)):
            if self.platforms.said(account) >= goal:
                return
            await asyncio.sleep(0.003)


async def answer_citizens(officer: Officer, books: Books, chance: random.Random) -> dict[str, str]:
    """An officer answers conversations as they come, asking again whenever the page does not answer."""
    replies: dict[str, str] = {}
    while len(replies) < REPLIES:
        rows = await books.ask("SELECT id FROM conversations ORDER BY id DESC LIMIT 20")
        if rows:
            number, key = int(chance.choice(rows)[0]), f"latihan-{len(replies)}"
            replies[key] = f"Terima kasih. Petugas kami berangkat, catatan {key}."
            await officer.reply(number, replies[key], key)
        await asyncio.sleep(chance.uniform(0.2, 1.5))
    return replies


async def write_letters(platforms: Platforms, chance: random.Random) -> None:
    for number in range(MESSAGES):
        await platforms.write(number)
        await asyncio.sleep(chance.uniform(0.1, 1.7))


async def quiet(platforms: Platforms, books: Books, patience: float = 240) -> float:
    """Until everything that was sent has been taken in, and everything to be done is done; the seconds it took."""
    began, calm = time.monotonic(), 0
    while calm < 3:
        assert time.monotonic() - began < patience, (platforms.waiting, await books.busy(), await books.kept())
        await asyncio.sleep(0.5)
        busy = platforms.waiting or await books.busy() or await books.kept() != platforms.written
        calm = 0 if busy else calm + 1
    return time.monotonic() - began


async def test_killed_fifty_times_nothing_is_lost_and_nothing_doubled(url: str, tmp_path: Path) -> None:
    faulthandler.dump_traceback_later(900, exit=True)  # longer than other tests may take
    chance, port, platforms = random.Random(20261217), free_port(), Platforms()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(platforms.stop)
        config, environment = await platforms.start(tmp_path, port)
        books = Books(url)
        stack.push_async_callback(books.close)
        service = await stack.enter_async_context(Service(config, environment | {"OMNI_DATABASE_URL": url}, port))
        officer = Officer(service.url)
        stack.push_async_callback(officer.close)
        await service.hire()
        await officer.login()
        executioner = Executioner(service, platforms, chance)
        async with asyncio.TaskGroup() as group:
            group.create_task(write_letters(platforms, random.Random(1)))
            answering = group.create_task(answer_citizens(officer, books, random.Random(2)))
            await service.kill()
            for _ in range(KILLS - 1):
                await executioner.one_life()
            await service.start()
        healed = await quiet(platforms, books)
        replies = answering.result()
        assert await service.stop() == 0

        kept, doubled, states = await books.kept(), await books.doubled(), await books.deliveries()
        noted = await books.ask("SELECT client_key, text FROM messages WHERE client_key LIKE 'latihan-%'")
        broken, gaps, held = await books.broken_links(), await books.gaps(), await books.quarantined()
        arrived, twice = platforms.answers()
    print(
        f"\n{url.partition(':')[0]}: killed {service.kills} times, whole again {healed:.0f} s after the last\n"
        f"  citizens sent {dict(platforms.written)}\n  kept          {dict(kept)}, doubled {doubled}, quarantined {held}\n"
        f"  answers: {len(replies)} by staff; by state {dict(states)}; arrived {arrived}, arrived twice {twice}\n"
        f"  broken links of the ledger {broken}, gaps in the registers {gaps}"
    )
    assert service.kills == KILLS
    assert kept == platforms.written
    assert (doubled, twice, broken, gaps, held) == (0, 0, 0, 0, 0)
    assert {str(key): str(text) for key, text in noted} == replies
    assert set(states) <= {"sent", "delivered", "read", "unsure"}
    # Whatever is noted as sent is there; whatever is there is noted as sent or unsure.
    sure = sum(n for state, n in states.items() if state != "unsure")
    assert sure <= arrived <= sure + states["unsure"]
    assert sure + states["unsure"] >= sum(platforms.written.values()) + len(replies)
