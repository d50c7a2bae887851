"""What goes to SP4N-LAPOR!: everything the form asks, and nobody's identity outside its own fields."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.channel import Surface
from omnichannel.domain.forwarding import Forward, ForwardState
from omnichannel.domain.message import Attachment, Author, Location
from omnichannel.domain.work import Direction, Message
from omnichannel.router.sheet import Sheet, _report, sheet
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_number
from tests.desk import a_verdict, carried
from tests.house import HandClock
from tests.router.conftest import Judge, Write, case
from tests.router.sheets import SARI, a_report
from tests.router.test_decide import running


async def the_sheet(store: SqlStore, made: Case) -> Sheet:
    config = carried()
    current = await case(store, made.id)
    return await store.read(lambda work: sheet(work, current, config.office, config.organisation))


def fields_of(found: Sheet) -> dict[str, str]:
    return {key: value for key, _, value in found.fields}


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
    assert found.identity == ()
    assert found.missing == ("Lokasi kejadian",)


async def test_a_point_that_the_citizen_shared_stands_apart_for_the_forms_pin(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    made = await a_report(write, judge)
    assert "coordinates" not in fields_of(await the_sheet(quick_store, made))

    written = await write("Titiknya 0.4831, 117.5061")
    assert written.conversation_id == made.conversation_id
    assert fields_of(await the_sheet(quick_store, made))["coordinates"] == "0.483100, 117.506100"

    await write("Di sini", location=Location(0.5, 117.25))
    assert fields_of(await the_sheet(quick_store, made))["coordinates"] == "0.500000, 117.250000"


async def test_identity_stands_on_the_sheet_of_whoever_chose_to_be_named_and_of_nobody_else(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    made = await a_report(write, judge)
    chose = Forward(case_id=made.id, state=ForwardState.WAITING, since=made.created_at, named=True)
    assert (await the_sheet(quick_store, made)).identity == ()

    await quick_store.write(lambda work: work.forwards.add(chose))

    assert {key: value for key, _, value in (await the_sheet(quick_store, made)).identity} == {
        "name": "Sari Wulandari",
        "phone": "+6281234567890",
        "email": "sari@contoh.id",
    }


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
