"""Which words of a thread an answer by letter carries along, and which never leave again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from omnichannel.domain.channel import Capabilities
from omnichannel.domain.message import Auto, Delivery, Outgoing
from omnichannel.domain.outbox import say
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.inbox import deliver
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_contact, a_conversation, a_message, a_staff
from tests.plug import OPEN

LETTERS = replace(OPEN, history=True)
WITA = ZoneInfo("Asia/Makassar")
HOUR = timedelta(hours=1)


async def leaves(store: SqlStore, able: Capabilities, *, automatic: bool = False) -> tuple[Outgoing, Message]:
    """A thread with everything in it, and our answer at its end as it leaves."""

    def story(work: Work) -> int:
        talk = a_conversation(work, last_in_at=NOON)
        other = a_contact(work, name="Warga B")
        ours: dict[str, Any] = {"direction": Direction.OUT, "delivery": Delivery.SENT, "staff_id": a_staff(work).id}
        a_message(work, conversation=talk, text="Lampu jalan mati")
        a_message(work, conversation=talk, text="Surat orang lain", at=NOON + HOUR, contact_id=other.id)
        a_message(work, conversation=talk, text="Rahasia kantor", at=NOON + HOUR, direction=Direction.NOTE)
        a_message(work, conversation=talk, text="Sudah kami catat", at=NOON + 2 * HOUR, **ours)
        a_message(work, conversation=talk, text="Tidak pernah sampai", at=NOON, **ours | {"delivery": Delivery.FAILED})
        a_message(work, conversation=talk, text="Nomor Anda LAP-1", at=NOON, automatic=True, **ours)
        a_message(work, conversation=talk, text="Saya sedang cuti", at=NOON, auto=Auto.AUTO_REPLY)
        taken = a_message(work, conversation=talk, text="Ditarik lagi", at=NOON + HOUR)
        work.messages.set_withdrawn(taken.id, NOON + HOUR)
        a_message(work, conversation=talk, text="Kapan diperbaiki?", at=NOON + 3 * HOUR)
        staff = None if automatic else a_staff(work)
        made = say(work, talk, "Besok pagi", key="k1", capabilities=able, now=NOON + 4 * HOUR, staff=staff)
        return made.id

    number = await store.write(story)
    (job,) = await store.write(lambda work: work.jobs.claim(f"send:{ACCOUNT}", "satu", NOON + 4 * HOUR, HOUR, 1))
    begun = await store.write(
        lambda work: deliver.begin(work, job, NOON + 4 * HOUR, lambda account, surface: able, WITA)
    )
    assert begun is not None
    kept = await store.read(lambda work: work.messages.get(number))
    assert kept is not None
    return begun[0], kept


async def test_an_answer_repeats_what_these_two_have_read_and_nothing_else(store: SqlStore) -> None:
    outgoing, kept = await leaves(store, LETTERS)

    said = outgoing.quoted or ""
    assert [line.lstrip("> ") for line in said.split("\n") if line.strip("> ") and "menulis:" not in line] == [
        "Kapan diperbaiki?",
        "Sudah kami catat",
        "Lampu jalan mati",
    ]
    assert said.startswith("Pada 23 November 2026 pukul 15.00 WITA, Warga A menulis:")
    assert outgoing.text == "Besok pagi"
    assert kept.quoted == said, "staff see what was sent along, and a second attempt is the same letter"


async def test_a_channel_without_letters_repeats_nothing(quick_store: SqlStore) -> None:
    outgoing, kept = await leaves(quick_store, OPEN)

    assert (outgoing.quoted, kept.quoted) == (None, None)


async def test_a_machines_notice_carries_no_letter_on(quick_store: SqlStore) -> None:
    outgoing, kept = await leaves(quick_store, LETTERS, automatic=True)

    assert (outgoing.quoted, kept.quoted) == (None, None)
