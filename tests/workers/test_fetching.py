"""Photos are saved before their link dies, one bad file hurts no other, and an outage of a day costs nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.domain.errors import AccountBroken, Refused, StoreAway, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.message import Attachment, Delivery, EventType
from omnichannel.domain.work import File, FileState
from omnichannel.inbox.receive import Intake
from omnichannel.workers import fetching
from omnichannel.workers.loop import let_go
from tests.build import an_incoming
from tests.house import HandClock
from tests.plug import MediaPlug, Plug
from tests.workers.conftest import Build, Gate, answered, now_is, wrote


def photos(count: int) -> tuple[Attachment, ...]:
    return tuple(Attachment("image/jpeg", name=f"{number}.jpg", id=f"f{number}") for number in range(count))


async def a_photo(house: House, plug: Plug, count: int = 1):
    return await wrote(house, plug, "lihat", attachments=photos(count))


async def files(house: House, message) -> list[File]:
    return list((await now_is(house, message)).files)


async def test_a_photo_is_fetched_and_kept(build: Build) -> None:
    plug = MediaPlug()
    house = build(plug)
    message = await a_photo(house, plug)

    await fetching.turn(house, "satu")

    (file,) = await files(house, message)
    assert (file.state, file.size) == (FileState.KEPT, len(b"isi berkas"))
    assert house.files.read(file.sha256 or "") == b"isi berkas"
    assert [one.id for one in plug.fetched] == ["f0"]
    assert await fetching.turn(house, "satu") is False
    assert len(plug.fetched) == 1


async def test_one_bad_file_hurts_no_other(build: Build) -> None:
    plug = MediaPlug()
    house = build(plug)
    message = await a_photo(house, plug, 5)
    plug.contents.extend([b"a", Refused("sudah dihapus"), b"c", ZeroDivisionError("cacat"), b"e"])

    await fetching.turn(house, "satu")

    states = sorted(file.state.value for file in await files(house, message))
    assert states == ["kept", "kept", "kept", "lost", "waiting"]


async def test_many_files_are_fetched_in_turns(build: Build) -> None:
    plug = MediaPlug()
    house = build(plug)
    message = await a_photo(house, plug, 20)

    turns = 1
    while await fetching.turn(house, "satu"):
        turns += 1

    assert turns == 3
    assert {file.state for file in await files(house, message)} == {FileState.KEPT}


@pytest.mark.parametrize("error", [TryLater("ramai"), AccountBroken("token mati"), TimeoutError(), OSError("putus")])
async def test_a_platform_that_is_down_for_a_day_costs_no_photo(
    build: Build, clock: HandClock, error: Exception
) -> None:
    plug = MediaPlug()
    house = build(plug)
    message = await a_photo(house, plug)
    tries = 0
    for _ in range(24 * 6):
        plug.contents.append(error)
        await fetching.turn(house, "satu")
        tries = len(plug.fetched)
        clock.advance(timedelta(minutes=10))

    assert (await files(house, message))[0].state is FileState.WAITING
    assert tries < 60, "with growing patience"
    plug.contents.clear()
    clock.advance(timedelta(hours=1))
    await fetching.turn(house, "satu")
    assert (await files(house, message))[0].state is FileState.KEPT


async def test_after_a_week_the_screen_says_that_it_is_lost(build: Build, clock: HandClock) -> None:
    plug = MediaPlug()
    house = build(plug)
    message = await a_photo(house, plug)
    clock.advance(fetching.GIVE_UP)
    plug.contents.append(TryLater("ramai"))

    await fetching.turn(house, "satu")

    (file,) = await files(house, message)
    assert file.state is FileState.LOST
    assert "7 hari" in (file.error or "")


async def test_the_platforms_own_wish_is_kept(build: Build, clock: HandClock) -> None:
    plug = MediaPlug()
    house = build(plug)
    await a_photo(house, plug)
    plug.contents.append(TryLater("ramai", timedelta(minutes=10)))
    await fetching.turn(house, "satu")

    clock.advance(timedelta(minutes=9))
    await fetching.turn(house, "satu")
    assert len(plug.fetched) == 1
    clock.advance(timedelta(minutes=1))
    await fetching.turn(house, "satu")
    assert len(plug.fetched) == 2


async def test_a_channel_that_keeps_no_files_says_so_at_once(build: Build) -> None:
    plug = Plug()
    house = build(plug)
    message = await a_photo(house, plug)

    await fetching.turn(house, "satu")

    assert (await files(house, message))[0].state is FileState.LOST


async def test_an_account_that_is_away_from_the_configuration_keeps_its_photos_waiting(build: Build) -> None:
    plug = MediaPlug("wa-lama")
    message = await a_photo(build(plug), plug)
    without = build(MediaPlug("wa-baru"))

    await fetching.turn(without, "satu")

    assert (await files(without, message))[0].state is FileState.WAITING


async def test_who_lost_the_lease_keeps_nothing_twice(build: Build, clock: HandClock) -> None:
    class Slow(MediaPlug):
        async def fetch(self, attachment: Attachment) -> bytes:
            if len(self.fetched) == 0:
                self.fetched.append(attachment)
                clock.advance(fetching.LEASE)
                await fetching.turn(house, "dua")
                return b"terlambat"
            return await super().fetch(attachment)

    plug = Slow()
    house = build(plug)
    message = await a_photo(house, plug)

    await fetching.turn(house, "satu")

    (file,) = await files(house, message)
    assert house.files.read(file.sha256 or "") == b"isi berkas"


async def test_a_receipt_waits_longer_than_a_send_may_take(build: Build, clock: HandClock) -> None:
    """The platform tells of a delivery three minutes before our own call comes back."""
    plug = Plug()
    house = build(plug)
    answer = await answered(house, await wrote(house, plug))
    receipt = an_incoming("", type=EventType.RECEIPT, target="p-1", external_id="p-1#r", status=Delivery.READ)
    await Intake(house.store, house.files, clock).take_in(plug, [plug.raw(receipt)])
    for _ in range(18):
        clock.advance(timedelta(seconds=10))
        await fetching.turn(house, "satu")

    await house.store.write(
        lambda work: work.messages.set_delivery(answer.id, Delivery.SENT, clock.now(), external_id="p-1")
    )
    for _ in range(12):
        clock.advance(timedelta(seconds=10))
        await fetching.turn(house, "satu")

    assert (await now_is(house, answer)).delivery is Delivery.READ
    assert (await house.store.read(lambda work: work.jobs.depths())).get("later") is None


async def test_a_receipt_for_a_message_of_nobody_is_let_go(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug)
    receipt = an_incoming("", type=EventType.RECEIPT, target="entah", external_id="e#r", status=Delivery.READ)
    await Intake(house.store, house.files, clock).take_in(plug, [plug.raw(receipt)])
    for _ in range(60):
        clock.advance(timedelta(seconds=10))
        await fetching.turn(house, "satu")

    assert await house.store.read(lambda work: work.jobs.depths()) == {}


async def test_a_file_that_could_not_be_noted_is_fetched_again_as_soon_as_the_database_is_back(build: Build) -> None:
    """On a full disk the claim used to hold the photo for five minutes more."""
    plug = MediaPlug()
    whole = build(plug)
    message = await a_photo(whole, plug)
    gate = Gate(whole.store)

    class Shutting(MediaPlug):
        async def fetch(self, attachment: Attachment) -> bytes:
            gate.shut = True
            return await super().fetch(attachment)

    house = replace(whole, store=gate, connectors={plug.account: Shutting()})
    with pytest.raises(StoreAway):
        await fetching.turn(house, "satu")
    gate.shut = False

    await let_go(house, "satu", *fetching.QUEUES)
    await fetching.turn(whole, "satu")

    (file,) = await files(whole, message)
    assert file.state is FileState.KEPT


async def test_whose_file_was_too_large_is_told_once_that_we_do_not_have_it(build: Build) -> None:
    plug = MediaPlug()
    house = build(plug)
    message = await a_photo(house, plug, 3)
    plug.contents.extend([Refused("Berkas lebih besar dari 20 MB.")] * 3)

    await fetching.turn(house, "satu")

    assert {file.state for file in await files(house, message)} == {FileState.LOST}
    said = await house.store.read(lambda work: work.messages.thread(message.conversation_id))
    told = [one.text for one in said if one.automatic]
    assert len(told) == 1
    assert "tidak dapat kami ambil" in told[0]
    assert "nomor Anda tetap berlaku" in told[0]


async def test_a_file_of_last_month_that_is_gone_is_lost_without_a_word(build: Build, clock: HandClock) -> None:
    plug = MediaPlug()
    house = build(plug)
    message = await a_photo(house, plug)
    clock.advance(timedelta(days=30))
    plug.contents.append(Refused("Tidak ada lagi."))

    await fetching.turn(house, "satu")

    assert (await files(house, message))[0].state is FileState.LOST
    said = await house.store.read(lambda work: work.messages.thread(message.conversation_id))
    assert not any(one.automatic for one in said)
