"""What goes to SP4N-LAPOR!: everything the form asks, and nobody's identity outside its own fields."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.case import Case, CaseState, Kind, Outcome
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.message import Attachment, Author
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.router import lapor
from omnichannel.router.desk import Desk
from omnichannel.router.route import void
from omnichannel.router.sheet import Sheet, _report, sheet
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_case, a_conversation, a_message, a_number, a_staff
from tests.desk import a_desk, a_verdict, carried
from tests.house import HandClock
from tests.plug import OPEN
from tests.router.conftest import Judge, Write, case, history, notices, talk
from tests.router.test_decide import running

SARI = Author(id="warga-1", name="Sari Wulandari", handle="sariwulan", phone="+6281234567890", address="sari@contoh.id")


async def a_report(write: Write, judge: Judge, text: str = "Lampu jalan mati di Sangatta Utara", **facts: Any) -> Case:
    topic = str(facts.pop("topic", "pju"))
    made = await judge(await write(text, author=SARI, **facts), a_verdict(topic=topic))
    assert made is not None
    return made


async def the_sheet(store: SqlStore, made: Case) -> Sheet:
    config = carried()
    current = await case(store, made.id)
    return await store.read(lambda work: sheet(work, current, config.office, config.organisation))


def fields_of(found: Sheet) -> dict[str, str]:
    return {key: value for key, _, value in found.fields}


# ---------------------------------------------------------------- the sheet


async def test_the_sheet_holds_what_the_form_asks_in_its_order(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    made = await a_report(write, judge)

    found = await the_sheet(quick_store, made)

    assert [key for key, _, _ in found.fields] == [
        "classification",
        "title",
        "content",
        "date_of_incident",
        "location",
        "institution",
        "category",
        "privacy",
    ]
    values = fields_of(found)
    assert values["classification"] == "Pengaduan"
    assert values["content"] == "Lampu jalan mati di Sangatta Utara"
    assert values["date_of_incident"] == "23-11-2026"
    assert values["institution"] == "Dinas Perhubungan"
    assert values["privacy"] == "Terbuka"
    assert {key: value for key, _, value in found.identity} == {
        "name": "Sari Wulandari",
        "phone": "+6281234567890",
        "email": "sari@contoh.id",
    }
    assert found.missing == ("Lokasi kejadian",)


async def test_identity_stands_in_its_own_fields_only(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    text = (
        "Saya Sari Wulandari (@sariwulan), NIK 6408 1234 5678 0001, KK 6408123456780002, "
        "hp 0812-3456-7890 atau +62 812 3456 7890, surel sari@contoh.id. Lampu mati."
    )
    made = await a_report(write, judge, text)

    found = await the_sheet(quick_store, made)

    written = found.report.title + "\n" + found.report.content
    digits = re.sub(r"\D", "", written)
    for told in (
        "6408123456780001",
        "6408123456780002",
        "81234567890",
        "sari@contoh.id",
        "Sari Wulandari",
        "sariwulan",
    ):
        assert told not in written
        assert told not in digits
    assert "Lampu mati." in written


async def test_a_secret_report_has_no_identity_at_all(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    made = await a_report(write, judge, "Petugas minta uang", topic="pungli")

    found = await the_sheet(quick_store, made)

    assert found.identity == ()
    assert (found.report.reporter_name, found.report.reporter_phone, found.report.reporter_mail) == (None, None, None)
    assert fields_of(found)["privacy"] == "Anonim dan Rahasia"


async def test_what_was_said_later_belongs_to_the_report_and_another_matter_does_not(
    quick_store: SqlStore, write: Write, judge: Judge, clock: HandClock
) -> None:
    await write("Selamat pagi", author=SARI)
    made = await a_report(write, judge)
    await judge(await write("Sudah tiga malam", author=SARI), a_verdict(p=0.9))
    withdrawn = await write("ini saya tarik", author=SARI)
    await quick_store.write(lambda work: work.messages.set_withdrawn(withdrawn.id, clock.now()))
    await judge(await write("Saya minta data anggaran", author=SARI), a_verdict(Kind.INFORMATION_REQUEST, 0.97))
    await write("untuk skripsi saya", author=SARI)

    found = await the_sheet(quick_store, made)

    assert found.report.content == "Lampu jalan mati di Sangatta Utara\n\nSudah tiga malam"


async def test_in_public_only_the_reporters_own_words_and_name_go_along(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    public = {"surface": Surface.PUBLIC, "conversation": "kiriman"}
    other = Author(id="lain", name="Tetangga Lain", phone="+628111111111")
    await write("ramai", author=other, **public)
    made = await a_report(write, judge, **public)
    await write("Betul, di gang saya juga", author=other, **public)

    found = await the_sheet(quick_store, made)

    assert found.report.content == "Lampu jalan mati di Sangatta Utara"
    assert found.report.reporter_name == "Sari Wulandari"


async def test_photos_that_were_kept_are_named_on_the_sheet(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    photos = (Attachment("image/jpeg", name="a.jpg", content=b"a"), Attachment("image/png", id="masih-di-sana"))

    found = await the_sheet(quick_store, await a_report(write, judge, attachments=photos))

    assert [name for _, name in found.files] == ["a.jpg"]


def personal() -> st.SearchStrategy[str]:
    """NIK, KK, phone numbers and addresses as people type them."""
    digits = st.text("0123456789", min_size=15, max_size=15)
    nik = digits.map(lambda rest: "6" + rest)
    spaced = nik.map(lambda one: " ".join(one[at : at + 4] for at in range(0, 16, 4)))
    tail = st.text("0123456789", min_size=8, max_size=10)
    phone = st.tuples(st.sampled_from(["08", "+628", "628", "+62 8"]), tail).map("".join)
    dashed = tail.map(lambda one: f"08{one[:2]}-{one[2:6]}-{one[6:]}")
    mail = st.tuples(
        st.text("abcdefgh.", min_size=3, max_size=12), st.sampled_from(["contoh.id", "surat.contoh.co.id"])
    )
    address = mail.map(lambda pair: f"x{pair[0].strip('.')}9@{pair[1]}")
    return st.one_of(nik, spaced, phone, dashed, address)


@given(
    before=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@"), max_size=120),
    secret=personal(),
    after=st.sampled_from(["", ", tolong", ". Terima kasih", "\nlampu mati", ") ya", " dan seterusnya"]),
)
def test_no_personal_number_reaches_title_or_content(before: str, secret: str, after: str) -> None:
    """Whatever stands around it, and wherever the title is cut."""
    text = f"{before} {secret}{after}"
    message = _message_with(text, a_number())
    report = _report(_case_with(message.id), None, [message], carried().organisation)

    for shown in (report.title, report.content):
        assert secret not in shown
        if "@" not in secret:
            bare = re.sub(r"\D", "", secret)
            assert bare not in re.sub(r"[ .\-()]", "", shown)


def _message_with(text: str, id: int) -> Message:
    return Message(
        id=id,
        conversation_id=1,
        account="wa",
        external_id="x",
        direction=Direction.IN,
        text=text,
        sent_at=NOON,
        arrived_at=NOON,
        contact_id=1,
    )


def _case_with(message_id: int) -> Case:
    return replace(running(Kind.COMPLAINT), message_id=message_id)


# ---------------------------------------------------------------- keyed in


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


# ---------------------------------------------------------------- what LAPOR says


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
