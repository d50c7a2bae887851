"""SP4N-LAPOR! by its gateway: what leaves, what comes back, and what the gateway's oddities must not do to us."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.connectors.lapor import mapping
from omnichannel.connectors.lapor.api import ApiForwarder
from omnichannel.connectors.lapor.pictures import bare
from omnichannel.domain.errors import AccountBroken, Refused, TryLater, Unsure
from omnichannel.domain.message import OutgoingFile
from omnichannel.domain.partner import Partner
from omnichannel.domain.ports import NotOffered, Ref, Report
from omnichannel.domain.privacy import find
from omnichannel.toys.base import ToyFile
from omnichannel.toys.lapor import LaporToy

REPORT = Report(
    case_id=7,
    number="LAP-2026-000007",
    classification="Pengaduan",
    title="Lampu jalan mati di Gang Mawar",
    content="Sudah tiga malam gelap. Mohon diperbaiki.",
    place="Teluk Lingga, Sangatta Utara",
    incident_at=datetime(2026, 12, 17, 6, 5, tzinfo=UTC),
    institution="Dinas Perhubungan",
    category="Perhubungan",
    anonymous=False,
    secret=False,
    reporter_name="Siti Rahmah",
    reporter_phone="+628001234567",
)
PHOTO = OutgoingFile("siti-3271.jpg", "image/jpeg", b"\xff\xd8\xff\xdbgambar")
LETTER = OutgoingFile("surat.pdf", "application/pdf", b"%PDF-1.7")


def partner(toy: LaporToy, **more: Any) -> Partner:
    known = {"institutions": {"Dinas Perhubungan": "503"}, "categories": {"Perhubungan": "77"}}
    return Partner(
        base_url=toy.base, key=toy.key, token=toy.token, user_id="9", institution_id="501", header=toy.header,
        **{**known, **more},
    )  # fmt: skip


@asynccontextmanager
async def talking(toy: LaporToy, **more: Any) -> AsyncIterator[ApiForwarder]:
    await toy.start()
    forwarder = ApiForwarder(partner(toy, **more))
    try:
        yield forwarder
    finally:
        await forwarder.close()
        await toy.stop()


def sent(toy: LaporToy) -> dict[str, Any]:
    return list(toy.reports.values())[-1].said


@pytest.mark.parametrize("header", ["Authorization", "auth"])
@pytest.mark.parametrize("nested", [False, True])
async def test_a_report_arrives_with_its_files_and_its_number_comes_back(header: str, nested: bool) -> None:
    toy = LaporToy(header=header, nested=nested)
    async with talking(toy) as lapor:
        taken = await lapor.forward(replace(REPORT, files=(PHOTO, LETTER)))

        report = toy.reports[taken.complaint_id]
        assert taken.tracking_id == report.tracking
        assert [file.name for file in report.files] == ["lampiran-1.jpg", "lampiran-2.pdf"]
        assert isinstance(report.said["attachments"], str)
        assert (report.said["disposition_id"], report.said["category_id"]) == ("503", "77")
        assert report.said["nameUser"] == "Siti Rahmah"
        assert "user_id" not in report.said


async def test_an_unknown_institution_is_left_to_lapors_own_officers() -> None:
    toy = LaporToy()
    async with talking(toy, institutions={}) as lapor:
        await lapor.forward(REPORT)

        assert sent(toy)["is_disposisi_slider"] is False
        assert "disposition_id" not in sent(toy)


@pytest.mark.parametrize("why", [{"anonymous": True}, {"reporter_name": None}, {"reporter_phone": None}])
async def test_who_did_not_choose_to_be_named_stands_under_the_offices_account(why: dict[str, Any]) -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        await lapor.forward(replace(REPORT, **why))

        assert sent(toy)["user_id"] == "9"
        assert not {"nameUser", "phoneUser", "emailUser"} & set(sent(toy))
        assert b"Siti" not in b"".join(toy.bodies)


@pytest.mark.parametrize(
    ("fault", "error", "there"),
    [
        ("lost", Unsure, 1),
        ("reset", Unsure, 0),
        ("html", Unsure, 0),
        ("bare", Unsure, 0),
        ("garbage", Unsure, 0),
        ("flood", TryLater, 0),
        ("refused", Refused, 0),
        ("unauthorized", AccountBroken, 0),
    ],
)
async def test_what_may_have_been_heard_is_never_said_twice(fault: str, error: type[Exception], there: int) -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        toy.fail(fault, only="create")
        with pytest.raises(error):
            await lapor.forward(REPORT)

        assert len(toy.reports) == there
        assert [call for call, _ in toy.calls].count("create") == 1


@pytest.mark.parametrize("fault", ["reset", "html", "garbage", "flood", "lost"])
async def test_files_that_did_not_arrive_hold_the_report_back(fault: str) -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        toy.fail(fault, only="file")
        with pytest.raises(TryLater):
            await lapor.forward(replace(REPORT, files=(PHOTO,)))
        assert toy.reports == {}

        await lapor.forward(replace(REPORT, files=(PHOTO,)))
        assert len(toy.reports) == 1


async def test_a_wrong_key_is_ours_to_mend() -> None:
    toy = LaporToy(key="lain")
    await toy.start()
    lapor = ApiForwarder(replace(partner(toy), key="salah"))
    with pytest.raises(AccountBroken, match="OMNI_LAPOR_KEY"):
        await lapor.catalogue()
    await lapor.close()
    await toy.stop()


async def test_news_comes_once_in_order_over_pages_and_tells_where_it_stands() -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        taken = await lapor.forward(REPORT)
        ref, number = Ref(taken.complaint_id), taken.complaint_id
        first = await lapor.news(ref, None)
        toy.dispose(number, "503")
        for words in ("Kami cek.", "Tim berangkat.", "Bahan dipesan."):
            toy.follows_up(number, words)
        toy.follows_up(number, "", status="Dalam Proses")
        toy.follows_up(number, "Sudah menyala.", ToyFile("foto.jpg", "image/jpeg", b"x"), status="Selesai")
        second = await lapor.news(ref, first.cursor)
        third = await lapor.news(ref, second.cursor)
        toy.status(number, "Dalam Proses")
        fourth = await lapor.news(ref, third.cursor)

    assert [one.status_name for one in first.news] == ["Belum Terverifikasi"]
    assert [one.text for one in second.news][:3] == ["Kami cek.", "Tim berangkat.", "Bahan dipesan."]
    assert "{{" not in "".join(one.text for one in second.news)
    assert "Dalam Proses" in second.news[3].text
    assert [one.name for one in second.news[4].attachments] == ["foto.jpg"]
    assert second.news[-1].status_name == "Selesai"
    assert third.news == ()
    assert [one.status_name for one in fourth.news] == ["Dalam Proses"]


async def test_replies_transfers_lists_and_a_search_where_there_is_one() -> None:
    toy = LaporToy(search=True)
    async with talking(toy, search="/complaints") as lapor:
        taken = await lapor.forward(REPORT)
        ref = Ref(taken.complaint_id)
        await lapor.reply(ref, "Warga menjawab: masih mati. Telepon 08123456789.", [LETTER])
        await lapor.transfer(ref, "601", "Tiangnya milik PLN.")
        lists = await lapor.catalogue()
        found = await lapor.find(REPORT)
        missing = await lapor.find(replace(REPORT, title="Tidak ada"))
        await lapor.forward(REPORT)
        with pytest.raises(Unsure, match="lebih dari satu"):
            await lapor.find(REPORT)
        other = await lapor.find(REPORT, taken={taken.complaint_id})
        later = await lapor.find(REPORT, since=datetime.now(UTC) + timedelta(hours=1))

    assert toy.replies[0]["content"].startswith("Warga menjawab")
    assert "08123456789" not in toy.replies[0]["content"]
    assert toy.reports[taken.complaint_id].asked_away == ("601", "Tiangnya milik PLN.")
    assert ("503", "Dinas Perhubungan Kabupaten Kutai Timur") in lists.institutions
    assert found == Ref(taken.complaint_id, taken.tracking_id)
    assert missing is None
    assert isinstance(other, Ref)
    assert other.complaint_id != taken.complaint_id
    assert later is None


async def test_without_a_search_a_person_looks() -> None:
    toy = LaporToy()
    async with talking(toy) as lapor:
        assert isinstance(await lapor.find(REPORT), NotOffered)


# ------------------------------------------------------------------ nothing that names anybody leaves

DIGITS = st.text("0123456789", min_size=10, max_size=10)
PERSONAL = st.one_of(
    DIGITS.map(lambda d: f"640805{d}"),
    DIGITS.map(lambda d: f"6408 05{d[:2]} {d[2:6]} {d[6:]}"),
    DIGITS.map(lambda d: f"NIK: 640805{d}"),
    DIGITS.map(lambda d: f"08{d}"),
    DIGITS.map(lambda d: f"+62 8{d[:2]}-{d[2:6]}-{d[6:]}"),
    DIGITS.map(lambda d: f"warga.{d[:3]}@surat.example"),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PERSONAL, st.text(max_size=40)), min_size=1, max_size=6), st.booleans())
def test_no_word_of_a_body_tells_who_somebody_is(pieces: list[str], anonymous: bool) -> None:
    words = " ".join(pieces)
    report = replace(REPORT, title=words[:100], content=words, place=words[:60], anonymous=anonymous)
    toy = Partner(base_url="http://127.0.0.1:9", key="k", token="t", user_id="9", institution_id="1")

    body = ApiForwarder(toy)._body(report, [])

    open_fields = {key: value for key, value in body.items() if key not in ("nameUser", "phoneUser", "emailUser")}
    assert [one for value in open_fields.values() if isinstance(value, str) for one in find(value)] == []


# ------------------------------------------------------------------ pictures


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    told = b"".join(b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body for marker, body in segments)
    return b"\xff\xd8" + told + b"\xff\xda\x00\x02pixels\xff\xd9"


def test_a_photograph_forgets_where_and_whose_it_was_but_not_which_way_is_up() -> None:
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
    photo = jpeg(
        (0xE0, b"JFIF\0"), (0xE1, b"Exif\0\0" + tiff + b"NIK 6408051234567890"), (0xFE, b"milik Siti"), (0xDB, b"q")
    )

    out = bare(photo + b"di belakang: 6408051234567890")

    assert b"6408051234567890" not in out
    assert b"Siti" not in out
    assert out.endswith(b"pixels\xff\xd9")
    assert bare(out) == out, "which way is up survives a second time"
    assert b"\x12\x01\x03\x00\x01\x00\x00\x00\x06" in out


@pytest.mark.parametrize("broken", [b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\nxx", b"GIF89a", b""])
def test_what_is_no_picture_comes_back_as_it_was(broken: bytes) -> None:
    assert bare(broken) == broken


def test_the_ids_of_attachments_are_text() -> None:
    assert mapping.attachments_field([1, 2]) == "[1,2]"
    assert mapping.attachments_field([]) is False
    assert json.loads(str(mapping.attachments_field([3]))) == [3]
