"""Accounts are asked once a day by one process; the end of a token and an unusual silence are told, and end by themselves."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from omnichannel.connectors.facebook import build as facebook
from omnichannel.connectors.sandbox import SandboxConnector
from omnichannel.domain.care import Care
from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.errors import AccountBroken, StoreAway, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Batch
from omnichannel.domain.work import AccountState, Work
from omnichannel.inbox.deliver import ON_SENDING
from omnichannel.toys.meta import FacebookToy
from omnichannel.toys.sandbox import SandboxToy
from omnichannel.workers import watching
from omnichannel.workers.polling import Poller
from omnichannel.workers.watching import Watcher
from tests.build import ACCOUNT
from tests.house import HandClock
from tests.plug import Plug, PollingPlug
from tests.workers.conftest import Build, wrote

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Asked(Plug):
    """A plug that can be probed."""

    def __init__(self, account: str = ACCOUNT) -> None:
        super().__init__(account)
        self.probes = 0
        self.trouble: Exception | None = None
        self.until: datetime | None = None

    async def probe(self) -> str:
        self.probes += 1
        await asyncio.sleep(0)
        if self.trouble is not None:
            raise self.trouble
        return "@humas_uji"

    async def expires(self) -> datetime | None:
        return self.until


class AskedAndPolled(Asked, PollingPlug):
    """One that is also polled."""

    def __init__(self) -> None:
        super().__init__()
        self.polls = deque()
        self.asked = []


async def state(house: House, account: str = ACCOUNT) -> AccountState:
    found = await house.store.read(lambda work: work.accounts.get(account))
    assert found is not None
    return found


async def care(house: House, account: str = ACCOUNT) -> Care:
    return await house.store.read(lambda work: work.watch.get(account))


def ask_now(work: Work, account: str, at: datetime) -> None:
    work.watch.plan_probe(account, at)


async def verbs(house: House) -> list[str]:
    rows = await house.store.read(lambda work: work.screens.happened(0, 1000))
    return [one.verb for one in rows if one.thing == "account"]


async def test_at_the_start_and_once_a_day_it_is_asked_who_we_are(build: Build, clock: HandClock) -> None:
    plug = Asked()
    house = build(plug)
    watcher = Watcher(house)

    for _ in range(24 * 3):
        await watcher.turn()
        clock.advance(HOUR)

    found = await state(house)
    assert (found.whoami, found.health) == ("@humas_uji", Health.WELL)
    assert plug.probes in (3, 4)


async def test_of_many_processes_one_asks(build: Build) -> None:
    plug = Asked()
    house = build(plug)

    await asyncio.gather(*(Watcher(house).turn() for _ in range(8)))

    assert plug.probes == 1


async def test_a_refusal_is_shown_asked_again_within_the_hour_and_heals(build: Build, clock: HandClock) -> None:
    plug = Asked()
    plug.trouble = AccountBroken("Token ditolak.")
    house = build(plug)
    watcher = Watcher(house)

    await watcher.turn()
    ill = await state(house)
    assert (ill.health, ill.error) == (Health.BROKEN, "Pemeriksaan: Token ditolak.")

    plug.trouble = None
    clock.advance(HOUR)
    await watcher.turn()

    assert (await state(house)).health is Health.WELL
    assert await verbs(house) == ["account_broken", "account_well"]


async def test_a_good_poll_does_not_hide_what_the_probe_found(build: Build, clock: HandClock) -> None:
    plug = AskedAndPolled()
    house = build(plug)
    plug.trouble = AccountBroken("Server surat keluar menolak kata sandi.")
    await Watcher(house).turn()

    plug.polls.extend([Batch((), "1"), Batch((), "2"), StoreAway("cukup")])
    await Poller(house, plug, "satu").turn(HOUR)
    assert (await state(house)).health is Health.BROKEN

    plug.trouble = None
    clock.advance(HOUR)
    await watching.turn(house)
    assert (await state(house)).health is Health.WELL


@pytest.mark.parametrize("trouble", [TryLater("Sibuk."), TimeoutError(), RuntimeError("rusak")])
async def test_no_answer_is_no_refusal_and_forgets_nothing(build: Build, clock: HandClock, trouble: Exception) -> None:
    plug = Asked()
    plug.until = clock.now() + 30 * DAY
    house = build(plug)
    watcher = Watcher(house)
    await watcher.turn()
    plug.trouble = trouble
    clock.advance(DAY)

    await watcher.turn()

    assert (await state(house)).health is Health.TROUBLED
    assert (await care(house)).expires_at == plug.until


async def test_what_sending_found_is_not_hidden_by_a_good_probe(build: Build) -> None:
    plug = Asked()
    house = build(plug)
    await Watcher(house).turn()
    await house.store.write(
        lambda work: work.accounts.set_health(ACCOUNT, Health.BROKEN, ON_SENDING + "izin dicabut", house.clock.now())
    )

    await Watcher(house).turn()
    await house.store.write(lambda work: work.watch.plan_probe(ACCOUNT, house.clock.now()))
    await watching.turn(house)

    found = await state(house)
    assert (found.health, found.error) == (Health.BROKEN, "Kirim: izin dicabut")
    assert plug.probes == 2


async def test_the_last_fortnight_and_the_last_days_are_told_once_each(build: Build, clock: HandClock) -> None:
    plug = Asked()
    plug.until = clock.now() + 17 * DAY
    house = build(plug)
    watcher = Watcher(house)

    for _ in range(17):
        await watcher.turn()
        clock.advance(DAY)

    assert (await verbs(house)).count("account_expiring") == 2


async def test_a_plan_of_a_wrong_clock_is_not_waited_for(build: Build, clock: HandClock) -> None:
    plug = Asked()
    house = build(plug)
    await house.store.write(lambda work: work.watch.plan_probe(ACCOUNT, clock.now() + 400 * DAY))

    await watching.turn(house)

    assert plug.probes == 1


@pytest.fixture
async def toys() -> AsyncIterator[tuple[SandboxToy, FacebookToy]]:
    sandbox, facebook = SandboxToy(secret="rahasia"), FacebookToy(token="EAAuji", app_secret="uji", verify_token="uji")
    await sandbox.start()
    await facebook.start()
    yield sandbox, facebook
    await facebook.stop()
    await sandbox.stop()


async def test_the_toys_tell_when_their_token_dies_and_then_refuse_it(
    build: Build, toys: tuple[SandboxToy, FacebookToy]
) -> None:
    sandbox, page = toys
    until = datetime.now(UTC).replace(microsecond=0) + 5 * DAY
    sandbox.expires_at = page.expires_at = until
    keys = {"TOKEN": Secret("EAAuji"), "APP_SECRET": Secret("uji"), "VERIFY_TOKEN": Secret("uji")}
    connectors: list[Any] = [
        SandboxConnector(Account("uji", Channel.SANDBOX, {"base_url": sandbox.base}, {"SECRET": Secret("rahasia")})),
        facebook(Account("fb", Channel.FACEBOOK, {"base_url": page.base, "page_id": page.entry_id}, keys)),
    ]
    house = build(*connectors)

    await Watcher(house).turn()
    for account in ("uji", "fb"):
        assert (await care(house, account)).expires_at == until, account
        assert (await state(house, account)).health is Health.WELL

    sandbox.expires_at = page.expires_at = datetime.now(UTC) - DAY
    for account in ("uji", "fb"):
        await house.store.write(partial(ask_now, account=account, at=house.clock.now()))
    await watching.turn(house)

    for account in ("uji", "fb"):
        assert (await state(house, account)).health is Health.BROKEN, account
    for one in house.connectors.values():
        await one.close()


async def test_a_silence_unlike_the_account_is_told_and_ends_with_the_next_word(build: Build, clock: HandClock) -> None:
    plug = Asked()
    house = build(plug)
    for day in range(28):
        for hour in range(8):
            clock.at = datetime(2026, 10, 1 + day if day < 31 else 31, hour, 15, tzinfo=UTC)
            for _ in range(2):
                await wrote(house, plug)
        await watching.listen(house, ACCOUNT)
    assert (await care(house)).quiet_since is None

    last = clock.at
    clock.at = datetime(2026, 10, 29, 7, 55, tzinfo=UTC)  # a whole working day without a word
    await watching.listen(house, ACCOUNT)
    await watching.listen(house, ACCOUNT)
    assert (await care(house)).quiet_since == last

    await wrote(house, plug)
    await watching.listen(house, ACCOUNT)

    assert (await care(house)).quiet_since is None
    assert await verbs(house) == ["account_silent", "account_heard"]
