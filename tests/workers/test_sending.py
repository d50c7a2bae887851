"""The outbox of an account: in order, once, one process at a time, and a stop that leaves nobody unsure."""

import asyncio
from datetime import timedelta

import pytest

from omnichannel.domain.channel import Health
from omnichannel.domain.errors import AccountBroken, Refused, TryLater, Unsure
from omnichannel.domain.house import House
from omnichannel.domain.message import Attachment, Delivery, Outgoing, Sent
from omnichannel.domain.outbox import queue_urgent
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.workers.sending import LEASE, Sender, abandoned
from tests.build import a_message
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, answered, now_is, wrote


async def a_queue(house: House, plug: Plug, *texts: str) -> list[Message]:
    message = await wrote(house, plug)
    return [await answered(house, message, text) for text in texts]


async def emptied(sender: Sender) -> int:
    """Turns until there is nothing more to do."""
    turns = 1
    while await sender.turn():
        turns += 1
        assert turns < 100
    return turns


async def test_answers_leave_once_and_in_order(build: Build) -> None:
    plug = Plug()
    house = build(plug)
    texts = [f"jawaban {number}" for number in range(20)]
    messages = await a_queue(house, plug, *texts)

    await emptied(Sender(house, plug.account, "satu"))
    await emptied(Sender(house, plug.account, "satu"))

    assert [one.text for one in plug.sent] == texts
    assert {(await now_is(house, one)).delivery for one in messages} == {Delivery.SENT}
    assert len({one.key for one in plug.sent}) == 20


async def test_after_a_flood_warning_the_account_rests_and_the_order_stays(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug)
    await a_queue(house, plug, "satu", "dua", "tiga")
    plug.answers.extend([Sent("p-1"), TryLater("ramai", timedelta(seconds=30))])
    sender = Sender(house, plug.account, "satu")

    await emptied(sender)
    assert [one.text for one in plug.sent] == ["satu", "dua"]
    clock.advance(timedelta(seconds=29))
    await emptied(sender)
    assert len(plug.sent) == 2, "it rests as long as the platform asked"
    clock.advance(timedelta(seconds=1))
    await emptied(sender)

    assert [one.text for one in plug.sent] == ["satu", "dua", "dua", "tiga"]


async def test_a_clock_that_was_set_back_ends_the_rest(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug)
    await a_queue(house, plug, "satu")
    plug.answers.append(TryLater("ramai", timedelta(seconds=30)))
    sender = Sender(house, plug.account, "satu")
    await emptied(sender)

    clock.advance(-timedelta(hours=1))
    await house.store.write(lambda work: work.jobs.hasten(clock.now(), but=""))
    await emptied(sender)

    assert [one.text for one in plug.sent] == ["satu", "satu"]


async def test_what_one_citizen_cannot_get_does_not_hold_up_the_others(build: Build) -> None:
    plug = Plug()
    house = build(plug)
    messages = await a_queue(house, plug, "satu", "dua", "tiga")
    plug.answers.extend([Refused("diblokir"), Unsure("putus")])

    await emptied(Sender(house, plug.account, "satu"))

    states = [(await now_is(house, one)).delivery for one in messages]
    assert states == [Delivery.FAILED, Delivery.UNSURE, Delivery.SENT]


async def test_one_broken_account_does_not_hold_up_another(build: Build) -> None:
    broken, well = Plug("wa-satu"), Plug("wa-dua")
    house = build(broken, well)
    (first,) = await a_queue(house, broken, "lewat akun rusak")
    (second,) = await a_queue(house, well, "lewat akun sehat")
    broken.answers.append(AccountBroken("token mati"))

    await emptied(Sender(house, "wa-satu", "satu"))
    await emptied(Sender(house, "wa-dua", "satu"))

    assert (await now_is(house, first)).delivery is Delivery.QUEUED
    assert (await now_is(house, second)).delivery is Delivery.SENT
    state = await house.store.read(lambda work: work.accounts.get("wa-satu"))
    assert state is not None
    assert state.health is Health.BROKEN


async def test_a_fault_of_ours_during_the_send_is_unsure_and_not_sent_again(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug)
    (message,) = await a_queue(house, plug, "satu")
    plug.answers.append(ZeroDivisionError())

    await emptied(Sender(house, plug.account, "satu"))
    clock.advance(timedelta(hours=1))
    await emptied(Sender(house, plug.account, "satu"))

    assert len(plug.sent) == 1
    assert (await now_is(house, message)).delivery is Delivery.UNSURE


async def test_two_processes_send_each_message_once_and_in_order(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug)
    texts = [f"{number}" for number in range(30)]
    await a_queue(house, plug, *texts)

    first, second = Sender(house, plug.account, "satu"), Sender(house, plug.account, "dua")
    await asyncio.gather(emptied(first), emptied(second))

    assert [one.text for one in plug.sent] == texts


async def test_the_other_process_takes_over_once_the_lease_has_run_out(build: Build, clock: HandClock) -> None:
    plug = Plug()
    house = build(plug)
    message = await wrote(house, plug)
    await answered(house, message, "satu")
    await emptied(Sender(house, plug.account, "mati"))
    await answered(house, message, "dua")

    await emptied(Sender(house, plug.account, "hidup"))
    assert len(plug.sent) == 1
    clock.advance(LEASE)
    await emptied(Sender(house, plug.account, "hidup"))

    assert [one.text for one in plug.sent] == ["satu", "dua"]


async def test_a_process_that_dies_in_the_middle_leaves_one_unsure_and_the_next_goes_on(
    build: Build, clock: HandClock
) -> None:
    class Dying(Plug):
        async def send(self, outgoing: Outgoing) -> Sent:
            self.sent.append(outgoing)
            await asyncio.sleep(3600)
            return Sent("nie")

    plug = Dying()
    house = build(plug)
    first, second = await a_queue(house, plug, "satu", "dua")

    claimed = await house.store.write(Sender(house, plug.account, "mati")._claim)
    assert claimed is not None
    clock.advance(LEASE)
    healthy = Plug()
    await emptied(Sender(build(healthy), plug.account, "hidup"))

    assert (await now_is(house, first)).delivery is Delivery.UNSURE
    assert (await now_is(house, second)).delivery is Delivery.SENT
    assert [one.text for one in healthy.sent] == ["dua"]


async def test_a_stop_waits_for_the_answer_to_what_is_on_the_wire(build: Build) -> None:
    on_the_wire, platform_answers = asyncio.Event(), asyncio.Event()

    class Slow(Plug):
        async def send(self, outgoing: Outgoing) -> Sent:
            on_the_wire.set()
            await platform_answers.wait()
            return await super().send(outgoing)

    plug = Slow()
    house = build(plug)
    (message,) = await a_queue(house, plug, "satu")
    task = asyncio.create_task(Sender(house, plug.account, "satu").turn())
    await on_the_wire.wait()

    task.cancel()
    await asyncio.sleep(0)
    platform_answers.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert (await now_is(house, message)).delivery is Delivery.SENT


async def test_an_urgent_word_goes_first(build: Build) -> None:
    plug = Plug()
    house = build(plug)
    message = await wrote(house, plug)
    for number in range(3):
        await answered(house, message, f"biasa {number}")

    def urgent(work: Work) -> None:
        talk = work.conversations.get(message.conversation_id)
        made = a_message(
            work,
            conversation=talk,
            text="darurat",
            at=house.clock.now(),
            direction=Direction.OUT,
            delivery=Delivery.QUEUED,
        )
        queue_urgent(work, made, house.clock.now())

    await house.store.write(urgent)
    await emptied(Sender(house, plug.account, "satu"))

    assert [one.text for one in plug.sent] == ["darurat", "biasa 0", "biasa 1", "biasa 2"]


# ---------------------------------------------------------------- files


async def with_a_file(house: House, plug: Plug, content: bytes = b"isi") -> tuple[Message, str]:
    (message,) = await a_queue(house, plug, "lihat lampiran")
    digest = house.files.keep(content)
    part = Attachment("application/pdf", name="surat.pdf", sha256=digest, size=len(content))
    await house.store.write(lambda work: work.messages.add_files(message.id, [part]))
    return message, digest


async def test_files_leave_with_their_bytes(build: Build) -> None:
    plug = Plug()
    house = build(plug)
    await with_a_file(house, plug)

    await emptied(Sender(house, plug.account, "satu"))

    (file,) = plug.sent[0].files
    assert (file.name, file.content) == ("surat.pdf", b"isi")
    assert "isi" not in repr(plug.sent[0])


async def test_a_file_that_is_gone_fails_before_anything_leaves(build: Build, tmp_path) -> None:
    plug = Plug()
    house = build(plug)
    message, digest = await with_a_file(house, plug)
    (tmp_path / "files" / digest[:2] / digest[2:4] / digest).unlink()

    await emptied(Sender(house, plug.account, "satu"))

    found = await now_is(house, message)
    assert found.delivery is Delivery.FAILED
    assert "lampiran" in (found.error or "")
    assert plug.sent == []


async def test_a_file_that_the_disk_gives_back_damaged_waits_and_is_not_sent(build: Build, tmp_path) -> None:
    plug = Plug()
    house = build(plug)
    message, digest = await with_a_file(house, plug)
    (tmp_path / "files" / digest[:2] / digest[2:4] / digest).write_bytes(b"rusak")

    await emptied(Sender(house, plug.account, "satu"))

    assert (await now_is(house, message)).delivery is Delivery.QUEUED
    assert plug.sent == []


# ---------------------------------------------------------------- gone


async def test_messages_of_an_account_that_left_the_configuration_are_told_to_their_writers(build: Build) -> None:
    plug = Plug("wa-lama")
    house = build(plug)
    (message,) = await a_queue(house, plug, "satu")

    assert await abandoned(house, "satu") == 0
    without = build(Plug("wa-baru"))
    assert await abandoned(without, "satu") == 1
    assert await abandoned(without, "satu") == 0

    found = await now_is(house, message)
    assert found.delivery is Delivery.FAILED
    assert "konfigurasi" in (found.error or "")
