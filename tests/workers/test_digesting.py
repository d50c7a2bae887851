"""The letter of the morning: once a working day, at their hour, by number only, and never in anybody's way."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import TryLater, Unsure
from omnichannel.domain.house import House
from omnichannel.domain.people import Staff
from omnichannel.domain.pushing import Digest
from omnichannel.inbox import triage
from omnichannel.workers import digesting
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, wrote
from tests.workers.test_pushing import an_officer, plug_of

WITA = ZoneInfo("Asia/Makassar")
MONDAY = datetime(2026, 11, 23, 6, tzinfo=WITA)
ME = "uji:1"


@pytest.fixture
async def house(build: Build, clock: HandClock) -> House:
    clock.at = MONDAY
    plug = Plug()
    plug.channel = Channel.MAIL
    return build(plug)


async def wants(house: House, hour: int = 7) -> Staff:
    officer = await an_officer(house)
    wanted = Digest(staff_id=officer.id, address="petugas@kantor.example.id", hour=hour)
    await house.store.write(lambda work: work.digests.want(wanted))
    return officer


async def holds(house: House, officer: Staff) -> int:
    message = await wrote(house, await plug_of(house), "Rahasia warga 081234567890")
    where, now = message.conversation_id, house.clock.now()
    await house.store.write(lambda work: triage.assign(work, officer, where, officer.id, now=now))
    return where


async def test_it_comes_once_at_its_hour_and_names_numbers_only(house: House, clock: HandClock) -> None:
    officer = await wants(house)
    where = await holds(house, officer)
    plug = await plug_of(house)
    await digesting.turn(house, ME)
    early = len(plug.sent)

    clock.at = MONDAY + timedelta(hours=2)
    for _ in range(3):
        await digesting.turn(house, ME)

    assert early == 0
    (letter,) = plug.sent
    assert letter.address.contact == "petugas@kantor.example.id"
    assert f"/kotak/semua/{where}" in letter.text
    assert "Rahasia" not in letter.text
    assert "0812" not in letter.text
    assert letter.automatic
    clock.at = MONDAY + timedelta(days=1, hours=2)
    await digesting.turn(house, ME)
    assert len(plug.sent) == 2


async def test_who_has_nothing_and_a_day_of_rest_get_none(house: House, clock: HandClock) -> None:
    await wants(house)
    plug = await plug_of(house)
    clock.at = MONDAY + timedelta(hours=2)
    await digesting.turn(house, ME)
    officer = await wants(house)
    await holds(house, officer)
    clock.at = MONDAY - timedelta(days=1) + timedelta(hours=2)

    await digesting.turn(house, ME)

    assert plug.sent == []


async def test_a_busy_server_is_asked_later_and_an_unsure_letter_is_not_sent_twice(
    house: House, clock: HandClock
) -> None:
    officer = await wants(house)
    await holds(house, officer)
    plug = await plug_of(house)
    plug.answers.extend([TryLater("sibuk"), Unsure("terputus")])
    clock.at = MONDAY + timedelta(hours=2)
    await digesting.turn(house, ME)
    clock.at += timedelta(minutes=11)
    await digesting.turn(house, ME)
    clock.at += timedelta(hours=1)
    await digesting.turn(house, ME)

    assert len(plug.sent) == 2, "once refused for now, once cut off; never a third time"
    assert "digest" not in await house.store.read(lambda work: work.jobs.depths())


async def test_without_a_mail_account_nothing_is_planned(house: House, clock: HandClock) -> None:
    officer = await wants(house)
    await holds(house, officer)
    clock.at = MONDAY + timedelta(hours=2)

    await digesting.turn(replace(house, connectors={}), ME)

    assert "digest" not in await house.store.read(lambda work: work.jobs.depths())
