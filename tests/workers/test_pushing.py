"""Officers are told on their devices: of what concerns them, once, and whatever becomes of the push service."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from omnichannel.connectors.webpush import WebPusher
from omnichannel.connectors.webpush.vapid import kept_in
from omnichannel.domain.house import House
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.pushing import Cause, Choice, Device
from omnichannel.domain.work import MACHINE, Work
from omnichannel.inbox import reply, triage
from omnichannel.toys.push import Browser, PushToy
from omnichannel.workers.pushing import Follower, Sender
from tests.build import a_number
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, wrote

ME = "uji:1"


@pytest.fixture
async def toy() -> AsyncIterator[PushToy]:
    toy = PushToy()
    await toy.start()
    yield toy
    await toy.stop()


@pytest.fixture
async def house(build: Build, toy: PushToy, tmp_path: Path) -> AsyncIterator[House]:
    pusher = WebPusher(lambda: kept_in(tmp_path), contact="mailto:uji@example.id", services=[toy.address])
    made = replace(build(Plug()), pusher=pusher)
    await Follower(made).turn()  # the first look: what was before it is nobody's news
    yield made
    await pusher.close()


async def an_officer(house: House, role: Role = Role.AGENT, unit: str | None = None) -> Staff:
    name = f"petugas-{a_number()}"
    return await house.store.write(
        lambda work: work.people.add(
            login=name, name=name.title(), role=role, unit=unit, password_hash="!", at=house.clock.now()
        )
    )


async def a_device(house: House, toy: PushToy, staff: Staff, choice: Choice | None = None) -> tuple[Browser, Device]:
    browser, clock = toy.browser(), house.clock
    assert isinstance(clock, HandClock)
    clock.advance(timedelta(seconds=1))  # what was before it is no news to it

    def story(work: Work) -> Device:
        return work.devices.add(
            staff_id=staff.id,
            endpoint=browser.endpoint,
            p256dh=browser.p256dh,
            auth=browser.secret,
            name="Ponsel Android · Chrome",
            choice=choice or Choice(),
            at=house.clock.now(),
        )

    return browser, await house.store.write(story)


async def round_(house: House, sender: Sender | None = None) -> None:
    follower = Follower(house)
    while await follower.turn():
        pass
    assert house.pusher is not None
    await (sender or Sender(house, house.pusher, ME)).turn()


async def plug_of(house: House) -> Plug:
    (found,) = [one for one in house.connectors.values() if isinstance(one, Plug)]
    return found


async def held_by(house: House, staff: Staff) -> int:
    """A conversation that they hold."""
    message = await wrote(house, await plug_of(house), "Lampu mati, telepon saya 081234567890")
    where = message.conversation_id
    await house.store.write(lambda work: triage.assign(work, staff, where, staff.id, now=house.clock.now()))
    return where


async def says(house: House, where: int, text: str = "Rahasia warga") -> None:
    """The citizen writes again."""
    plug = await plug_of(house)
    held = await house.store.read(lambda work: work.conversations.get(where))
    assert held is not None
    await wrote(house, plug, text, conversation=held.external_id)


async def test_a_message_in_mine_is_told_without_a_word_of_the_citizen(house: House, toy: PushToy) -> None:
    mine, other = await an_officer(house), await an_officer(house)
    where = await held_by(house, mine)
    (browser, _), (foreign, _) = await a_device(house, toy, mine), await a_device(house, toy, other)
    await round_(house)

    await says(house, where)
    await round_(house)

    assert [one["title"] for one in browser.got][-1:] == ["Pesan baru di percakapan Anda"]
    assert browser.got[-1]["open"] == f"/kotak/semua/{where}"
    assert "Rahasia" not in str(browser.got) + str(browser.headers)
    assert "0812" not in str(browser.got)
    assert foreign.got == []


async def test_it_is_told_once_however_many_look(house: House, toy: PushToy) -> None:
    mine = await an_officer(house)
    where = await held_by(house, mine)
    browser, _ = await a_device(house, toy, mine)
    await round_(house)
    before = len(browser.got)
    one, other = Follower(house), Follower(house)
    await one.turn()
    await other.turn()

    await says(house, where)
    for _ in range(3):
        await one.turn()
        await other.turn()
        await round_(house)

    assert len(browser.got) == before + 1


async def test_what_i_do_myself_is_no_news_to_me(house: House, toy: PushToy) -> None:
    mine = await an_officer(house)
    browser, _ = await a_device(house, toy, mine)

    await held_by(house, mine)
    await round_(house)

    assert "Percakapan diserahkan kepada Anda" not in [one["title"] for one in browser.got]


async def test_whoever_is_given_a_conversation_or_named_in_a_note_is_told(house: House, toy: PushToy) -> None:
    giver, taker = await an_officer(house), await an_officer(house)
    browser, _ = await a_device(house, toy, taker)
    where = await held_by(house, giver)
    now = house.clock.now()
    await house.store.write(lambda work: triage.assign(work, giver, where, taker.id, now=now))
    await round_(house)
    await house.store.write(
        lambda work: reply.note(work, giver, where, f"Tolong dilihat @{taker.login}", key=f"k{a_number()}", now=now)
    )
    await round_(house)

    titles = [one["title"] for one in browser.got]
    assert titles[-2:] == ["Percakapan diserahkan kepada Anda", "Anda disebut dalam catatan"]
    assert "Tolong" not in str(browser.got)


async def test_an_alarm_reaches_whoever_may_take_it_even_at_night(house: House, toy: PushToy, clock: HandClock) -> None:
    night = Choice(quiet_from=time(0, 0), quiet_until=time(23, 59))
    silent = replace(night, urgent_anyway=False)
    agent, sleeper, auditor = await an_officer(house), await an_officer(house), await an_officer(house, Role.AUDITOR)
    (told, _), (asleep, _) = await a_device(house, toy, agent, night), await a_device(house, toy, sleeper, silent)
    reader, _ = await a_device(house, toy, auditor)

    await house.store.write(lambda work: work.note(MACHINE, "alarm", "alarm", 1, at=clock.now()))
    await round_(house)

    assert [one["cause"] for one in told.got] == ["urgent"]
    assert (asleep.got, reader.got) == ([], [])


async def test_the_last_day_is_told_and_the_day_before_it_is_not(house: House, toy: PushToy) -> None:
    mine = await an_officer(house)
    where = await held_by(house, mine)
    browser, _ = await a_device(house, toy, mine)
    await round_(house)

    def reminded(work: Work, verb: str, why: str) -> None:
        work.note(MACHINE, verb, "case", 1, at=house.clock.now(), conversation_id=where, why=why)

    await house.store.write(lambda work: reminded(work, "near_due", "2 hari kerja"))
    await house.store.write(lambda work: reminded(work, "near_due", "0 hari kerja"))
    await house.store.write(lambda work: reminded(work, "overdue", "1 hari kerja"))
    await round_(house)

    assert [one["title"] for one in browser.got] == ["Hari ini batas terakhir", "Lewat batas waktu"]


async def test_a_device_that_is_gone_is_forgotten(house: House, toy: PushToy) -> None:
    mine = await an_officer(house)
    where = await held_by(house, mine)
    _, device = await a_device(house, toy, mine)
    await round_(house)
    toy.answers = [(410, {})]

    await says(house, where)
    await round_(house)

    assert await house.store.read(lambda work: work.devices.get(device.id)) is None
    assert await house.store.read(lambda work: work.jobs.depths().get("push")) is None


async def test_a_busy_service_is_left_alone_and_asked_again(house: House, toy: PushToy, clock: HandClock) -> None:
    mine = await an_officer(house)
    where = await held_by(house, mine)
    browser, _ = await a_device(house, toy, mine)
    await round_(house)
    assert house.pusher is not None
    sender, before = Sender(house, house.pusher, ME), toy.asked
    toy.answers = [(429, {"Retry-After": "300"})]

    await says(house, where)
    await round_(house, sender)
    await says(house, where)
    await round_(house, sender)
    asked = toy.asked
    clock.advance(timedelta(seconds=301))
    await round_(house, sender)

    assert asked == before + 1, "the second push waits for the service's own wish too"
    assert len(browser.got) == 2


async def test_what_nobody_could_deliver_in_time_is_dropped(house: House, toy: PushToy, clock: HandClock) -> None:
    mine = await an_officer(house)
    where = await held_by(house, mine)
    browser, _ = await a_device(house, toy, mine)
    await round_(house)
    toy.answers = [(503, {})]

    await says(house, where)
    await round_(house)
    clock.advance(timedelta(hours=13))
    await round_(house)

    assert browser.got == []
    assert await house.store.read(lambda work: work.jobs.depths().get("push")) is None


async def test_a_try_that_was_cut_off_is_not_made_twice_but_an_alarm_is(house: House, toy: PushToy) -> None:
    mine = await an_officer(house)
    where = await held_by(house, mine)
    browser, _ = await a_device(house, toy, mine)
    await round_(house)

    def cut_off(work: Work, at: datetime) -> None:
        work.jobs.claim("push", "mati", at, timedelta(minutes=2), 10)
        work.jobs.release_from("mati")

    await says(house, where)
    await house.store.write(lambda work: work.note(MACHINE, "alarm", "alarm", 1, at=house.clock.now()))
    follower = Follower(house)
    await follower.turn()
    await house.store.write(lambda work: cut_off(work, house.clock.now()))
    await round_(house)

    assert [one["cause"] for one in browser.got] == ["urgent"]


async def test_a_refusal_is_shown_at_the_device(house: House, toy: PushToy) -> None:
    mine = await an_officer(house)
    where = await held_by(house, mine)
    _, device = await a_device(house, toy, mine)
    await round_(house)
    toy.signer = "kunci-lain"

    await says(house, where)
    await round_(house)

    held = await house.store.read(lambda work: work.devices.get(device.id))
    assert held is not None
    assert "403" in (held.error or "")


async def test_a_unit_officer_hears_only_of_what_lies_with_their_unit(house: House, toy: PushToy) -> None:
    theirs = await an_officer(house, Role.UNIT, "dishub")
    foreign = await an_officer(house, Role.UNIT, "pupr")
    (browser, _), (deaf, _) = await a_device(house, toy, theirs), await a_device(house, toy, foreign)

    def late(work: Work) -> None:
        work.note(MACHINE, "task_late", "case", 1, at=house.clock.now(), after="dishub")

    await house.store.write(late)
    await round_(house)

    assert [one["cause"] for one in browser.got] == ["deadline"]
    assert deaf.got == []


async def test_an_idle_desk_writes_nothing(house: House) -> None:
    follower = Follower(house)
    await follower.turn()
    await wrote(house, await plug_of(house), "Halo")
    saved = await house.store.read(lambda work: work.followers.at("pushing"))

    assert await follower.turn() is False

    assert await house.store.read(lambda work: work.followers.at("pushing")) == saved


@pytest.mark.parametrize(
    ("begin", "end", "at", "wanted"),
    [
        (time(21), time(6), time(23), False),
        (time(21), time(6), time(5, 59), False),
        (time(21), time(6), time(6), True),
        (time(12), time(13), time(12, 30), False),
        (time(12), time(13), time(13), True),
        (time(8), time(8), time(8), True),
        (None, None, time(3), True),
    ],
)
def test_quiet_hours_go_over_midnight(begin: time | None, end: time | None, at: time, wanted: bool) -> None:
    assert Choice(quiet_from=begin, quiet_until=end).wants(Cause.MINE, at) is wanted
