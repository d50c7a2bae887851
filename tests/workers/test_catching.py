"""After an outage: what no webhook told is read again, once, and the administrator learns of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.house import House
from omnichannel.domain.ports import Raw
from omnichannel.inbox.receive import Intake
from omnichannel.workers.catching import EVERY, SUSPECTED, Catcher, Walk
from omnichannel.workers.polling import FIRST_WAIT, STANDBY
from tests.connectors.meta_bench import Bench
from tests.house import HandClock
from tests.workers.conftest import Build

DAY = timedelta(days=1)


@pytest.fixture(params=[Channel.FACEBOOK, Channel.INSTAGRAM])
async def bench(request: pytest.FixtureRequest, clock: HandClock) -> AsyncIterator[Bench]:
    made = Bench(request.param)
    made.clock.at = clock.now()
    made.toy.now = clock.now
    await made.start()
    yield made
    await made.stop()


class Office:
    """A house whose webhooks are delivered by hand, and its reader."""

    def __init__(self, house: House, bench: Bench) -> None:
        self.house, self.bench = house, bench
        self.catcher = Catcher(house, bench.connector, "satu")
        self._told = 0

    async def hear(self) -> None:
        """Take in whatever the platform posted since the last time."""
        bodies = list(self.bench.toy.delivered)[self._told :]
        self._told += len(bodies)
        intake = Intake(self.house.store, self.house.files, self.house.clock)
        await intake.take_in(self.bench.connector, [Raw(body) for body in bodies])

    async def restart(self) -> timedelta:
        self.catcher = Catcher(self.house, self.bench.connector, "satu")
        return await self.catcher.turn(FIRST_WAIT)

    async def texts(self) -> list[str]:
        rows = await self.house.store.read(
            lambda work: [
                message.text
                for number in range(1, 40)
                if (conversation := work.conversations.get(number)) is not None
                for message in work.messages.thread(conversation.id, limit=100)
            ]
        )
        return sorted(rows)

    async def entries(self) -> int:
        account = self.bench.connector.account
        return len(await self.house.store.read(lambda work: work.ledger.entries(account, 0, 1000)))

    async def walk(self) -> Walk:
        state = await self.house.store.read(lambda work: work.accounts.get(self.bench.connector.account))
        assert state is not None
        return Walk.load(state.cursor)

    async def told(self) -> list[str]:
        happened = await self.house.store.read(lambda work: work.screens.happened(0, 1000))
        return [one.why or "" for one in happened if one.verb == "account_caught_up"]


@pytest.fixture
async def office(bench: Bench, build: Build) -> Office:
    return Office(build(bench.connector), bench)


async def test_an_office_that_was_just_connected_reads_no_old_mail(office: Office) -> None:
    office.bench.siti.writes("dari tahun lalu")

    await office.restart()

    assert await office.texts() == []
    assert (await office.walk()).done == office.house.clock.now()


async def test_what_was_said_while_we_were_away_is_read_at_the_start_once(office: Office, clock: HandClock) -> None:
    post = office.bench.toy.publish("Jadwal")
    office.bench.siti.writes("sebelum")
    await office.hear()
    office.bench.toy.loses_webhooks = True
    clock.advance(3 * DAY)
    office.bench.siti.writes("selama padam")
    office.bench.siti.comments(post, "komentar selama padam")
    clock.advance(DAY)

    await office.restart()
    kept = await office.entries()
    await office.restart()

    assert await office.texts() == ["komentar selama padam", "sebelum", "selama padam"]
    assert await office.entries() == kept == 3
    assert len(await office.told()) == 1


async def test_a_webhook_that_comes_late_after_all_adds_nothing(office: Office, clock: HandClock) -> None:
    office.bench.siti.writes("sebelum")
    await office.hear()
    clock.advance(DAY)
    office.bench.siti.writes("terlambat")

    await office.restart()
    await office.hear()

    assert await office.texts() == ["sebelum", "terlambat"]


async def test_a_hole_between_two_webhooks_is_found_by_the_slow_clock_and_looked_at_sooner(
    office: Office, clock: HandClock
) -> None:
    office.bench.siti.writes("satu")
    await office.hear()
    assert await office.restart() == EVERY
    clock.advance(EVERY / 2)
    office.bench.toy.loses_webhooks = True
    office.bench.siti.writes("dua, hilang")
    office.bench.toy.loses_webhooks = False
    office.bench.siti.writes("tiga")
    await office.hear()
    assert await office.catcher.turn(FIRST_WAIT) == EVERY / 2
    clock.advance(EVERY / 2)

    assert await office.catcher.turn(FIRST_WAIT) == SUSPECTED

    assert await office.texts() == ["dua, hilang", "satu", "tiga"]
    clock.advance(SUSPECTED)
    assert await office.catcher.turn(FIRST_WAIT) == EVERY


async def test_a_walk_that_was_cut_off_goes_on_where_it_stood(office: Office, clock: HandClock) -> None:
    office.bench.siti.writes("sebelum")
    await office.hear()
    await office.restart()
    clock.advance(DAY)
    office.bench.toy.loses_webhooks = True
    office.bench.toy.reading.page_size = 1
    for number in range(4):
        office.bench.toy.citizen(f"Warga {number}").writes(f"pesan {number}")
    office.bench.toy.fail("pass", times=2)
    office.bench.toy.fail("server", times=1)

    wait = await office.catcher.turn(FIRST_WAIT)
    assert wait == FIRST_WAIT
    assert (await office.walk()).began is not None
    asked = len(office.bench.asked("conversations"))
    await office.restart()

    assert await office.texts() == [*[f"pesan {number}" for number in range(4)], "sebelum"]
    assert len(office.bench.asked("conversations")) - asked < 5
    assert (await office.walk()).began is None


async def test_two_processes_do_not_read_side_by_side(office: Office) -> None:
    office.bench.siti.writes("Halo")
    await office.hear()
    await office.restart()

    assert await Catcher(office.house, office.bench.connector, "dua").turn(FIRST_WAIT) == STANDBY


async def test_a_dead_token_is_shown_and_waited_out(office: Office, clock: HandClock) -> None:
    office.bench.siti.writes("Halo")
    await office.hear()
    clock.advance(DAY)
    office.bench.toy.fail("unauthorized", times=9)

    wait = await office.restart()

    assert await health(office) is Health.BROKEN
    assert wait >= timedelta(seconds=30)
    office.bench.toy.calm()
    await office.catcher.turn(FIRST_WAIT)
    assert await health(office) is Health.WELL


async def test_a_platform_that_has_no_time_for_us_is_no_trouble_of_the_account(
    office: Office, clock: HandClock
) -> None:
    office.bench.siti.writes("Halo")
    await office.hear()
    clock.advance(DAY)
    office.bench.toy.fail("flood", times=1, seconds=90)

    assert await office.restart() == timedelta(seconds=90)

    assert await health(office) is Health.UNKNOWN


async def health(office: Office) -> Health:
    state = await office.house.store.read(lambda work: work.accounts.get(office.bench.connector.account))
    assert state is not None
    return state.health


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"done": "kemarin"}', '{"found": "x"}', '"done"'])
def test_a_place_that_cannot_be_read_is_none(text: str | None) -> None:
    assert Walk.load(text) == Walk()


def test_a_place_is_kept_as_it_is(clock: HandClock) -> None:
    walk = Walk(
        done=clock.now(), lost=True, since=clock.now() - DAY, began=clock.now(), found=3, place='{"part": "feed"}'
    )

    assert Walk.load(walk.dump()) == walk
