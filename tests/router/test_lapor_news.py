"""A report is keyed in, corrected, and its news noted; the citizen is told."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from omnichannel.domain.case import Case, CaseState, Kind, Outcome
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.router import lapor
from omnichannel.router.desk import Desk
from omnichannel.router.route import void
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_case, a_conversation, a_message, a_staff
from tests.desk import a_desk, a_verdict
from tests.plug import OPEN
from tests.router.conftest import Judge, Write, history, notices, talk
from tests.router.sheets import a_report


@pytest.fixture
async def staff(quick_store: SqlStore) -> Staff:
    return await quick_store.write(a_staff)


def keying(staff: Staff, made: Case, tracking: str = "1234567", url: str | None = None, **given_: Any):
    facts: dict[str, Any] = {"office": a_desk().office, "capabilities": OPEN, "now": NOON} | given_
    return partial(lapor.keyed_in, staff=staff, case_id=made.id, tracking_id=tracking, url=url, **facts)


async def test_keyed_in_is_stored_and_told_once(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await a_report(write, judge)

    link = "https://www.lapor.go.id/laporan/detil/1"
    sent = await quick_store.write(keying(staff, made, " #1234567 ", link))
    again = await quick_store.write(keying(staff, made, "1234567", link, seen=made.version))

    found = await talk(quick_store)
    assert again == sent
    assert (sent.tracking_id, sent.state, sent.lapor_status) == ("1234567", CaseState.FORWARDED, "Belum Terverifikasi")
    told = [text for text in await notices(quick_store, found.id) if "1234567" in text]
    assert len(told) == 1
    assert "https://www.lapor.go.id/laporan/detil/1" in told[0]
    assert (found.case_id, found.due) == (made.id, made.due.isoformat()), "in LAPOR our clock still runs"
    assert [one.verb for one in await history(quick_store, found.id)].count("forwarded") == 1


@pytest.mark.parametrize("tracking", ["", "  ", "#", "ab", "x" * 41, "12 34", "12\n34", "<b>", "-12", "１２３４"])
async def test_what_is_no_tracking_id_is_refused(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, tracking: str
) -> None:
    made = await a_report(write, judge)

    with pytest.raises(Invalid):
        await quick_store.write(keying(staff, made, tracking))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "www.lapor.go.id",
        "https://",
        "https:///x",
        "https://a b",
        "https://x\nhttps://y",
        "ftp://x/y",
        "https://www.lapor.go.id@jahat.contoh/x",
        "https://[::1/x",
        "https://" + "x" * 600,
    ],
)
async def test_what_is_no_link_of_the_web_is_refused(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, url: str
) -> None:
    made = await a_report(write, judge)

    with pytest.raises(Invalid):
        await quick_store.write(keying(staff, made, url=url))


async def test_another_tracking_id_for_the_same_report_is_a_conflict(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await a_report(write, judge)
    await quick_store.write(keying(staff, made))

    with pytest.raises(Conflict, match="1234567"):
        await quick_store.write(keying(staff, made, "7654321"))
    with pytest.raises(NotFound):
        await quick_store.write(keying(staff, replace(made, id=999)))


async def test_a_request_for_information_does_not_go_to_lapor(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await judge(await write("Minta data"), a_verdict(Kind.INFORMATION_REQUEST))
    assert made is not None

    with pytest.raises(Invalid, match="PPID-2026-000001"):
        await quick_store.write(keying(staff, made))


async def test_an_overtaken_or_ended_report_is_not_forwarded(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await a_report(write, judge)

    with pytest.raises(Conflict):
        await quick_store.write(keying(staff, made, seen=made.version + 1))
    await quick_store.write(lambda work: void(work, staff, made.id, "salah kirim", now=NOON))
    with pytest.raises(Conflict):
        await quick_store.write(keying(staff, made))


async def test_a_mistyped_tracking_id_is_corrected_with_a_reason_and_the_citizen_hears_it(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, desk: Desk
) -> None:
    made = await a_report(write, judge)
    await quick_store.write(keying(staff, made, "1234567"))

    def correcting(tracking: str, why: str):
        facts = {"office": desk.office, "capabilities": OPEN, "now": NOON, "why": why}
        return lambda work: lapor.correct(work, staff, made.id, tracking, None, **facts)  # type: ignore[arg-type]

    with pytest.raises(Invalid):
        await quick_store.write(correcting("1234568", "  "))
    right = await quick_store.write(correcting("1234568", "salah ketik satu angka"))

    assert (right.tracking_id, right.state) == ("1234568", CaseState.FORWARDED)
    assert any("1234568" in text for text in await notices(quick_store, made.conversation_id))


def noting(staff: Staff, made: Case, status: str, **given_: Any):
    facts: dict[str, Any] = {"office": a_desk().office, "capabilities": OPEN, "now": NOON} | given_
    return partial(lapor.note_status, staff=staff, case_id=made.id, status=status, **facts)


async def test_a_status_is_noted_and_told_once(quick_store: SqlStore, write: Write, judge: Judge, staff: Staff) -> None:
    made = await a_report(write, judge)
    await quick_store.write(keying(staff, made))

    noted = await quick_store.write(noting(staff, made, "Dalam Proses"))
    again = await quick_store.write(noting(staff, made, "Dalam Proses"))

    assert again == noted
    assert (noted.lapor_status, noted.state) == ("Dalam Proses", CaseState.FORWARDED)
    told = [text for text in await notices(quick_store, made.conversation_id) if "Dalam Proses" in text]
    assert len(told) == 1


async def test_done_in_lapor_answers_the_case_and_work_after_that_sets_it_running_again(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await a_report(write, judge)
    await quick_store.write(keying(staff, made))

    done = await quick_store.write(noting(staff, made, "Selesai", said="Lampu sudah diganti"))
    calm = await talk(quick_store)
    again = await quick_store.write(noting(staff, made, "Dalam Proses", now=NOON + timedelta(days=1)))
    running = await talk(quick_store)

    assert (done.state, done.outcome, done.closed_at) == (CaseState.ANSWERED, Outcome.RESOLVED, NOON)
    assert calm.due is None
    assert (again.state, again.outcome, again.closed_at) == (CaseState.FORWARDED, None, None)
    assert running.due == made.due.isoformat()
    assert any("Lampu sudah diganti" in text for text in await notices(quick_store, made.conversation_id))


async def test_new_words_under_the_same_status_are_news(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await a_report(write, judge)
    await quick_store.write(keying(staff, made))
    await quick_store.write(noting(staff, made, "Dalam Proses"))

    await quick_store.write(noting(staff, made, "Dalam Proses", said="Tim ke lokasi besok"))

    told = [one for one in await history(quick_store, made.conversation_id) if one.verb == "lapor_status"]
    assert [one.why for one in told] == [None, "Tim ke lokasi besok"]


async def test_a_status_needs_a_tracking_id_a_known_word_and_a_living_case(
    quick_store: SqlStore, write: Write, judge: Judge, staff: Staff
) -> None:
    made = await a_report(write, judge)

    with pytest.raises(Conflict):
        await quick_store.write(noting(staff, made, "Dalam Proses"))
    await quick_store.write(keying(staff, made))
    with pytest.raises(Invalid):
        await quick_store.write(noting(staff, made, "Kira-kira selesai"))
    with pytest.raises(Conflict):
        await quick_store.write(noting(staff, made, "Selesai", seen=made.version))


async def test_news_of_a_secret_report_is_not_told_in_public(quick_store: SqlStore, staff: Staff) -> None:
    def prepare(work: Work) -> tuple[Case, Conversation]:
        thread = a_conversation(work, surface=Surface.PUBLIC, last_in_at=NOON)
        a_message(work, conversation=thread)
        made = a_case(work, conversation=thread)
        return work.cases.save(made, replace(made, secret=True, anonymous=True)), thread

    made, thread = await quick_store.write(prepare)

    await quick_store.write(keying(staff, made))
    await quick_store.write(noting(staff, made, "Selesai"))

    assert await notices(quick_store, thread.id) == []
