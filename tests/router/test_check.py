""" "CEK LAP-2026-000123" is answered to its owner alone, in private, and says nothing to anybody else."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.message import Author, Auto
from omnichannel.domain.tracking import case_code
from omnichannel.domain.work import MACHINE, Work
from omnichannel.router import objecting
from omnichannel.router.check import TRIES_CONTACT
from omnichannel.store.database import SqlStore
from tests.desk import a_desk, a_verdict
from tests.house import HandClock
from tests.router.asking import a_request
from tests.router.conftest import Judge, Write, history, notices, talk

STRANGER = Author(id="orang-lain", name="Orang Lain")
LAMP = "Lampu jalan depan pasar mati."
CHAT = a_verdict(Kind.OTHER)


async def a_case_with_code(write: Write, judge: Judge, store: SqlStore) -> tuple[str, str]:
    made = await judge(await write(LAMP), a_verdict())
    assert made is not None
    (receipt,) = await notices(store, made.conversation_id)
    code = re.search(r"Kode rahasia (\w{4}-\w{4})", receipt)
    assert code, receipt
    return made.number, code[1]


async def said_to(store: SqlStore, thread: str, surface: Surface = Surface.DIRECT) -> list[str]:
    return await notices(store, (await talk(store, thread, surface)).id)


async def test_the_owner_is_told_at_once_and_nobody_has_to_read_it(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)
    before = await talk(quick_store)
    done = await quick_store.write(
        lambda work: work.conversations.save(before, replace(before, state=ConversationState.RESOLVED, unread=0))
    )

    await judge(await write(f"cek {number.lower().replace('-', ' ')} dong"), CHAT)

    after = await talk(quick_store)
    told = (await notices(quick_store, after.id))[-1]
    assert told.startswith(f"{number}: sedang ditangani Dinas Perhubungan.")
    assert "Jawaban paling lambat" in told
    assert "Langkah terakhir: dicatat dan diberi nomor" in told
    assert (after.state, after.unread, after.due) == (done.state, 0, done.due)
    assert len(await quick_store.read(lambda work: work.cases.of_conversation(after.id))) == 1


async def test_a_stranger_and_a_number_that_nobody_has_are_answered_alike(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)

    for asked in (number, "LAP-2026-004321"):
        await judge(await write(f"CEK {asked}", conversation="utas-2", author=STRANGER), CHAT)

    first, second = await said_to(quick_store, "utas-2")
    assert first == second
    assert number not in first
    assert "Dinas" not in first
    asker = await talk(quick_store, "utas-2")
    assert (asker.state, asker.unread, asker.case_id) == (ConversationState.RESOLVED, 0, None)


async def test_the_code_opens_it_for_whoever_holds_it(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    number, code = await a_case_with_code(write, judge, quick_store)

    await judge(
        await write(f"CEK {number} {code.lower().replace('-', '')}", conversation="utas-2", author=STRANGER), CHAT
    )

    (told,) = await said_to(quick_store, "utas-2")
    assert told.startswith(f"{number}: sedang ditangani")


async def test_wrong_codes_are_counted_and_the_right_one_is_then_refused_for_a_while(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    number, code = await a_case_with_code(write, judge, quick_store)

    async def guess(tried: str) -> str:
        clock.advance(timedelta(minutes=2))  # six notices an hour is the most that anybody is told
        await judge(await write(f"CEK {number} {tried}", conversation="utas-2", author=STRANGER), CHAT)
        return (await said_to(quick_store, "utas-2"))[-1]

    wrong = [await guess(f"AAA{place}-BBBB") for place in range(TRIES_CONTACT)]
    assert all("tidak cocok" in one for one in wrong)
    assert "Terlalu banyak percobaan" in await guess(code)

    clock.advance(timedelta(hours=1))
    assert (await guess(code)).startswith(number)


async def test_many_hands_at_one_number_are_slowed_together(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    number, code = await a_case_with_code(write, judge, quick_store)
    for place in range(10):
        who = Author(id=f"penebak-{place}")
        await judge(await write(f"CEK {number} AAA{place}-BBBB", conversation=f"tebak-{place}", author=who), CHAT)

    await judge(await write(f"CEK {number} {code}", conversation="utas-2", author=STRANGER), CHAT)

    assert "Terlalu banyak percobaan" in (await said_to(quick_store, "utas-2"))[0]
    await judge(await write(f"CEK {number}"), CHAT)
    assert (await said_to(quick_store, "utas-1"))[-1].startswith(number), "its owner needs no code"


async def test_in_public_nothing_of_the_case_is_said_even_to_its_owner(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    number, code = await a_case_with_code(write, judge, quick_store)

    await judge(await write(f"@humas #CEK {number} {code}", conversation="kiriman-1", surface=Surface.PUBLIC), CHAT)

    (told,) = await said_to(quick_store, "kiriman-1", Surface.PUBLIC)
    assert "pesan langsung" in told
    assert number not in told
    assert code not in told


async def test_a_receipt_in_public_bears_no_code(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    made = await judge(await write(LAMP, conversation="kiriman-1", surface=Surface.PUBLIC), a_verdict())

    assert made is not None
    (receipt,) = await said_to(quick_store, "kiriman-1", Surface.PUBLIC)
    assert made.number not in receipt
    assert "Kode" not in receipt
    assert not re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", receipt)


async def test_a_linked_contact_owns_it_too(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)
    await write("Halo", conversation="utas-2", author=STRANGER)

    def linked(work: Work) -> None:
        work.connection.execute(text("INSERT INTO persons (id, name, created_at) VALUES (1, 'Warga', 0)"))  # type: ignore[attr-defined]
        work.connection.execute(text("UPDATE contacts SET person_id = 1"))  # type: ignore[attr-defined]

    await quick_store.write(linked)
    await judge(await write(f"CEK {number}", conversation="utas-2", author=STRANGER), CHAT)

    assert (await said_to(quick_store, "utas-2"))[-1].startswith(number)


@pytest.mark.parametrize("auto", list(Auto))
async def test_a_machine_is_never_answered(quick_store: SqlStore, write: Write, judge: Judge, auto: Auto) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)

    await judge(await write(f"CEK {number}", conversation="utas-2", author=STRANGER, auto=auto), CHAT)

    assert await said_to(quick_store, "utas-2") == []


async def test_a_machine_that_hides_as_a_person_is_answered_six_times_an_hour_at_most(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    for _ in range(20):
        await judge(await write("CEK LAP-2026-000001", conversation="utas-2", author=STRANGER), CHAT)

    assert len(await said_to(quick_store, "utas-2")) == 6
    assert (await talk(quick_store, "utas-2")).unread == 0


async def test_more_than_a_question_is_answered_and_laid_before_staff(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)
    before = (await talk(quick_store)).unread

    await judge(await write(f"Tolong cek {number}, lampunya kemarin meledak dan kabelnya jatuh"), a_verdict())

    after = await talk(quick_store)
    assert after.unread == before + 1
    assert (await notices(quick_store, after.id))[-1].startswith(number)


async def test_where_the_window_is_shut_a_person_sees_the_question(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    message = await write("CEK LAP-2026-000001", conversation="utas-2", author=STRANGER)
    assert (await talk(quick_store, "utas-2")).unread == 0

    await judge(message, CHAT, at_desk=a_desk(None))

    found = await talk(quick_store, "utas-2")
    assert (found.state, found.unread) == (ConversationState.OPEN, 1)


async def test_an_urgent_word_beside_the_question_rings_the_alarm(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)

    await judge(await write(f"CEK {number} kebakaran"), a_verdict(urgent=True))

    assert len(await quick_store.read(lambda work: work.alarms.open())) == 1
    assert (await talk(quick_store)).unread > 0


async def test_answering_it_twice_says_it_once(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    message = await write("CEK LAP-2026-000001", conversation="utas-2", author=STRANGER)

    for _ in range(2):
        await judge(message, CHAT)

    assert len(await said_to(quick_store, "utas-2")) == 1
    where = (await talk(quick_store, "utas-2")).id
    assert [one.after for one in await history(quick_store, where) if one.verb == "checked"] == ["cek_kode"]


async def test_a_code_is_always_told_from_two_words() -> None:
    codes = {case_code("rahasia", f"LAP-2026-{place:06}") for place in range(2000)}

    assert len(codes) == 2000
    assert all(any(sign.isdecimal() for sign in code) for code in codes)


async def test_who_has_lost_their_number_is_told_it_and_no_case_is_made(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)

    made = await judge(await write("Nomor laporannya berapa ya"), a_verdict(Kind.INFORMATION_REQUEST, 0.95))

    told = (await said_to(quick_store, "utas-1"))[-1]
    assert made is None or made.number == number
    assert f"- {number}, diterima" in told
    assert "sedang ditangani Dinas Perhubungan" in told
    where = (await talk(quick_store)).id
    assert [one.number for one in await quick_store.read(lambda work: work.cases.of_conversation(where))] == [number]
    assert [one.after for one in await history(quick_store, where) if one.verb == "checked"] == ["cek_nomor"]


async def test_a_strangers_numbers_are_their_own(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)

    await judge(await write("nomor laporan saya berapa", conversation="utas-2", author=STRANGER), CHAT)

    (told,) = await said_to(quick_store, "utas-2")
    assert number not in told
    assert "belum ada laporan atau permohonan" in told


async def test_who_never_wrote_before_may_mean_our_telephone(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    await judge(await write("nomor pengaduan berapa", conversation="utas-2", author=STRANGER), CHAT)

    assert await said_to(quick_store, "utas-2") == []
    assert (await talk(quick_store, "utas-2")).state is ConversationState.OPEN


async def test_in_public_no_number_is_said_to_who_lost_it(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    number, _ = await a_case_with_code(write, judge, quick_store)

    await judge(await write("nomor laporan saya berapa?", conversation="umum", surface=Surface.PUBLIC), CHAT)

    said = await said_to(quick_store, "umum", Surface.PUBLIC)
    assert all(number not in one for one in said)


async def test_the_number_of_an_objection_answers_for_it_and_its_request(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    asked = await a_request(write, judge, sent_at=clock.at)
    clock.at = datetime(asked.due.year, asked.due.month, asked.due.day, 16, tzinfo=UTC)  # past midnight in WITA
    filed = await quick_store.write(
        lambda work: objecting.file(work, a_desk(), asked.id, ["c"], "Tidak ada jawaban.", MACHINE, now=clock.at)
    )

    await judge(await write(f"cek {filed.number.lower().replace('-', ' ')}", sent_at=clock.at), CHAT)
    await judge(await write(f"CEK {filed.number}", conversation="utas-2", author=STRANGER, sent_at=clock.at), CHAT)

    told = (await said_to(quick_store, "utas-1"))[-1]
    assert told.startswith(f"{asked.number}: ")
    assert f"Keberatan {filed.number}" in told
    assert "menunggu tanggapan Sekretaris Daerah" in told
    (other,) = await said_to(quick_store, "utas-2")
    assert asked.number not in other
