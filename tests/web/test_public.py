"""A complaint and a request by anybody: numbered at once, kept whatever happens, and never twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.forms import ACCESS, ACCOUNT, APPLICANTS, DELIVERY
from omnichannel.domain.office import RoutingMode
from omnichannel.domain.work import FileState
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from omnichannel.web import public_files, public_form, public_track
from omnichannel.web.english import table
from omnichannel.web.history import DOUBTS
from omnichannel.workers import routing
from tests.house import HandClock
from tests.web.citizen import COMPLAINT, JPEG, LAMP, REQUEST, Hall, a_hall


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell) as made:
        yield made


async def test_a_complaint_gets_its_number_and_a_code_at_once(hall: Hall) -> None:
    citizen = await hall.citizen()

    page = await citizen.send("pengaduan", COMPLAINT)

    register, thread, code = page.noted
    assert page.status == 200
    assert register == "LAP-2026-000001"
    (case,) = await hall.cases(thread)
    assert (case.number, case.kind, case.queue, case.certain) == (register, Kind.COMPLAINT, Queue.LAPOR, True)
    assert len(code) == 9


async def test_a_request_is_a_request_whatever_the_machine_thinks(hall: Hall) -> None:
    """The words speak of a broken lamp; the citizen chose the other form."""
    citizen = await hall.citizen()

    page = await citizen.send("permohonan", REQUEST | {"isi": LAMP})

    (case,) = await hall.cases(page.noted[1])
    assert case.number == page.noted[0] == "PPID-2026-000001"
    assert (case.kind, case.certain, case.confidence) == (Kind.INFORMATION_REQUEST, True, 1.0)


async def test_even_an_office_that_lets_no_machine_decide_numbers_what_the_citizen_stated(
    quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell
) -> None:
    async with a_hall(quick_store, tmp_path, clock, bell, routing_mode=RoutingMode.SUGGEST) as hall:
        page = await (await hall.citizen()).send("pengaduan", COMPLAINT)

    assert page.noted[0].startswith("LAP-2026-")


async def test_the_routing_worker_finds_it_done(hall: Hall) -> None:
    citizen = await hall.citizen()
    page = await citizen.send("pengaduan", COMPLAINT)

    await routing.turn(hall.house, "uji")

    assert len(await hall.cases(page.noted[1])) == 1
    assert (await hall.verbs(page.noted[1])).count("classified") == 1


async def test_a_double_post_is_one_message_and_shows_the_same_code(hall: Hall) -> None:
    citizen = await hall.citizen()
    fields = await citizen.hidden("/publik/pengaduan") | COMPLAINT

    first, second = await asyncio.gather(*(citizen.post("/publik/pengaduan", fields) for _ in range(2)))

    assert first.noted == second.noted
    assert len(first.noted) == 3
    assert [one.text for one in await hall.messages(first.noted[1]) if one.direction == "in"] == [LAMP]
    assert len(await hall.cases(first.noted[1])) == 1


async def test_whoever_goes_back_and_writes_more_loses_nothing(hall: Hall) -> None:
    citizen = await hall.citizen()
    fields = await citizen.hidden("/publik/pengaduan") | COMPLAINT
    first = await citizen.post("/publik/pengaduan", fields)

    second = await citizen.post("/publik/pengaduan", fields | {"isi": LAMP + " Tadi malam ada yang jatuh."})

    assert second.noted == first.noted
    said = [one.text for one in await hall.messages(first.noted[1]) if one.direction == "in"]
    assert said == [LAMP, LAMP + " Tadi malam ada yang jatuh."]
    assert len(await hall.cases(first.noted[1])) == 1


async def test_danger_is_told_on_the_very_page(hall: Hall) -> None:
    citizen = await hall.citizen()

    page = await citizen.send(
        "pengaduan", COMPLAINT | {"isi": "Tolong, rumah tetangga kebakaran, masih ada orang di dalam!"}
    )

    assert "Segera telepon 112" in page.text
    assert 'href="tel:112"' in page.text
    assert (await hall.thread(page.noted[1])).urgent
    assert page.noted[0].startswith("LAP-")


async def test_who_asks_is_apart_from_what_they_ask(hall: Hall) -> None:
    citizen = await hall.citizen()
    page = await citizen.send("permohonan", REQUEST | {"nik": "6408 0123 4567 8901", "telepon": "0812 3456 7890"})

    (message,) = [one for one in await hall.messages(page.noted[1]) if one.direction == "in"]
    conversation = await hall.thread(page.noted[1])
    contact = await hall.house.store.read(lambda work: work.contacts.get(conversation.contact_id))

    assert "Tujuan penggunaan: Penelitian skripsi" in message.text
    assert "Cara memperoleh: Salinan digital" in message.text
    assert "6408" not in message.text
    assert "Jalan Contoh" not in message.text
    assert message.quoted is not None
    assert "NIK: 6408012345678901" in message.quoted
    assert contact is not None
    assert (contact.name, contact.phone, contact.address) == ("Warga Uji", "+6281234567890", "warga@contoh.id")


async def test_who_asks_to_stay_unnamed_is_named_nowhere(hall: Hall) -> None:
    citizen = await hall.citizen()
    who = {"nama": "Nama Yang Disembunyikan", "telepon": "081234567890", "anonim": "ya", "rahasia": "ya"}

    page = await citizen.send("pengaduan", COMPLAINT | who)

    conversation, (case,) = await hall.thread(page.noted[1]), await hall.cases(page.noted[1])
    contact = await hall.house.store.read(lambda work: work.contacts.get(conversation.contact_id))
    assert (case.anonymous, case.secret) == (True, True)
    assert contact is not None
    assert (contact.name, contact.phone, contact.address) == (None, None, None)
    assert all("Disembunyikan" not in (one.text + (one.quoted or "")) for one in await hall.messages(page.noted[1]))
    entries = await hall.house.store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))
    kept = await hall.house.store.read(lambda work: work.ledger.payload(entries[0].id))
    assert kept is not None
    assert b"Nama Yang Disembunyikan" in kept[1]


async def test_the_code_stands_nowhere_in_the_house(hall: Hall) -> None:
    citizen = await hall.citizen()
    page = await citizen.send("pengaduan", COMPLAINT)
    code = page.noted[2]

    conversation = await hall.thread(page.noted[1])
    contact = await hall.house.store.read(lambda work: work.contacts.get(conversation.contact_id))
    entries = await hall.house.store.read(lambda work: work.ledger.entries(ACCOUNT, 0, 10))
    payload = await hall.house.store.read(lambda work: work.ledger.payload(entries[0].id))

    assert contact is not None
    assert payload is not None
    for kept in (contact.external_id, payload[1].decode(), repr(await hall.messages(page.noted[1]))):
        assert code not in kept
        assert code.replace("-", "") not in kept


async def test_files_are_kept_under_what_they_are(hall: Hall) -> None:
    citizen = await hall.citizen()

    page = await citizen.send("pengaduan", COMPLAINT, ("jalan.exe", JPEG), ("../../surat.txt", b"%PDF-1.4 isi"))

    (message,) = [one for one in await hall.messages(page.noted[1]) if one.direction == "in"]
    assert [(one.name, one.media_type, one.state) for one in message.files] == [
        ("jalan.jpg", "image/jpeg", FileState.KEPT),
        ("surat.pdf", "application/pdf", FileState.KEPT),
    ]
    assert hall.house.files.read(message.files[0].sha256 or "") == JPEG


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([("a.jpg", b"<html><script>alert(1)</script></html>")], "Jenis berkas ini tidak kami terima"),
        ([("a.jpg", b"")], "kosong"),
        ([("a.jpg", JPEG + b"\x00" * 10 * 1024 * 1024)], "lebih dari 10 MB"),
        ([("a.jpg", JPEG)] * 6, "Paling banyak 5 berkas"),
        ([("virus.jpg", b"MZ\x90\x00" + b"\x00" * 300)], "Jenis berkas ini tidak kami terima"),
    ],
)
async def test_a_file_we_do_not_take_is_said_beside_its_field(
    hall: Hall, files: list[tuple[str, bytes]], says: str
) -> None:
    citizen = await hall.citizen()

    page = await citizen.send("pengaduan", COMPLAINT, *files)

    assert page.status == 422
    assert says in page.text
    assert LAMP in page.text


async def test_five_files_of_the_largest_size_come_through(hall: Hall) -> None:
    citizen = await hall.citizen()
    large = JPEG + b"\x01" * (10 * 1024 * 1024 - len(JPEG))

    page = await citizen.send("pengaduan", COMPLAINT, *[(f"{n}.jpg", large) for n in range(5)])

    assert page.status == 200
    (message,) = [one for one in await hall.messages(page.noted[1]) if one.direction == "in"]
    assert len(message.files) == 5


async def test_a_form_beyond_every_limit_is_a_kind_page(hall: Hall) -> None:
    citizen = await hall.citizen()

    page = await citizen.send("pengaduan", COMPLAINT, ("a.jpg", JPEG + b"\x01" * 52 * 1024 * 1024))

    assert page.status == 413
    assert "Berkas terlalu besar" in page.text
    assert "belum terkirim" in page.text
    assert "tetap berlaku" not in page.text, "nobody has a number yet"
    assert (await citizen.get("/publik/pengaduan")).headers["Cache-Control"] == "private, no-cache"
    assert "kotak masuk" not in page.text


@pytest.mark.parametrize(
    ("form", "fields", "says"),
    [
        ("pengaduan", {"isi": "   "}, "Tulis dulu isinya"),
        ("pengaduan", {"isi": "x" * 10_001}, "paling banyak 10.000 huruf"),
        ("pengaduan", {"setuju": ""}, "Centang persetujuan"),
        ("pengaduan", {"surel": "bukan surel"}, "Alamat surel ini tidak terbaca"),
        ("pengaduan", {"telepon": "12"}, "Nomor telepon ini tidak terbaca"),
        ("pengaduan", {"waktu": "2999-01-01"}, "belum terjadi"),
        ("pengaduan", {"waktu": "kemarin"}, "tidak terbaca"),
        ("pengaduan", {"lat": "91", "lon": "117"}, "Titik koordinat tidak terbaca"),
        ("pengaduan", {"lat": "nan", "lon": "117"}, "Titik koordinat tidak terbaca"),
        ("pengaduan", {"lat": "0,5"}, "Titik koordinat tidak terbaca"),
        ("pengaduan", {"nama": "x" * 201}, "paling banyak 200 huruf"),
        ("permohonan", {"nama": ""}, "Tulis nama Anda"),
        ("permohonan", {"alamat": ""}, "Tulis alamat Anda"),
        ("permohonan", {"tujuan": ""}, "Tulis untuk apa"),
        ("permohonan", {"cara": "telepati"}, "Pilih cara memperoleh"),
        ("permohonan", {"nik": "640801"}, "NIK terdiri atas 16 angka"),
        ("permohonan", {"surel": ""}, "Isi nomor telepon atau surel"),
        ("permohonan", {"surel": "", "telepon": "081234567890"}, "Salinan lewat surel membutuhkan"),
    ],
)
async def test_what_is_missing_is_said_beside_the_field_and_the_words_stay(
    hall: Hall, form: str, fields: dict[str, str], says: str
) -> None:
    citizen, whole = await hall.citizen(), COMPLAINT if form == "pengaduan" else REQUEST

    page = await citizen.send(form, whole | {"tempat": "Gang <Mawar> & 'Melati'"} | fields)

    assert page.status == 422
    assert says in page.text
    assert 'aria-invalid="true"' in page.text or 'aria-describedby="salah-' in page.text
    if form == "pengaduan":
        assert "Gang &lt;Mawar&gt; &amp; &#39;Melati&#39;" in page.text


async def test_a_mended_form_goes_through_under_the_same_key(hall: Hall) -> None:
    citizen = await hall.citizen()
    hidden = await citizen.hidden("/publik/pengaduan")
    wrong = await citizen.post("/publik/pengaduan", hidden | {"isi": LAMP})

    right = await citizen.post("/publik/pengaduan", hidden | COMPLAINT)

    assert wrong.status == 422
    assert f'value="{hidden["kunci"]}"' in wrong.text
    assert right.noted[0] == "LAP-2026-000001"


@pytest.mark.parametrize(
    "nasty", ["\x00nul", "\ud83d\ude00 emoji 😀 ok ok", "\u202eterbalik ya ya", "<script>alert(1)</script>"]
)
async def test_no_words_of_a_citizen_break_a_page(hall: Hall, nasty: str) -> None:
    citizen, text = await hall.citizen(), nasty.encode("utf-8", "replace").decode() + LAMP

    page = await citizen.send("pengaduan", COMPLAINT | {"isi": text, "judul": text[:100], "nama": text[:50]})
    seen = await citizen.look(page.noted[1], page.noted[2])

    assert (page.status, seen.status) == (200, 200)
    assert "<script>alert" not in page.text + seen.text


async def test_a_point_on_the_map_comes_with_the_message(hall: Hall) -> None:
    citizen = await hall.citizen()

    page = await citizen.send("pengaduan", COMPLAINT | {"lat": "0,5234", "lon": "117.5821", "tempat": "Teluk Lingga"})

    (message,) = [one for one in await hall.messages(page.noted[1]) if one.direction == "in"]
    assert message.location is not None
    assert (message.location.lat, message.location.lon) == (0.5234, 117.5821)
    assert "Tempat kejadian: Teluk Lingga" in message.text


async def test_a_form_from_elsewhere_is_refused_and_kindly(hall: Hall) -> None:
    citizen = await hall.citizen()
    fields = await citizen.hidden("/publik/pengaduan") | COMPLAINT

    forged = await citizen.post("/publik/pengaduan", fields | {"csrf": "bukan"})
    foreign = await citizen.post("/publik/pengaduan", fields, headers={"Origin": "https://lain.example"})

    assert (forged.status, foreign.status) == (403, 403)
    assert "Buka lagi formulirnya" in forged.text
    assert LAMP in forged.text


async def test_the_pages_speak_english_on_demand(hall: Hall) -> None:
    citizen = await hall.citizen()
    hidden = await citizen.hidden("/publik/permohonan")
    await citizen.client.post("/bahasa", data={"csrf": hidden["csrf"], "lang": "en", "next": "/publik"})

    page = await citizen.get("/publik/permohonan")
    wrong = await citizen.send("permohonan", REQUEST | {"nik": "1"})

    assert "Purpose of use" in page.text
    assert "A NIK has 16 digits" in wrong.text


@pytest.mark.parametrize("path", ["/publik", "/publik/pengaduan", "/publik/permohonan", "/publik/lacak"])
async def test_a_page_weighs_less_than_50_kb_with_all_it_needs(hall: Hall, path: str) -> None:
    citizen = await hall.citizen()
    page = await citizen.get(path)

    needed = {
        part.split('"')[0] for part in page.text.split('href="')[1:] if part.startswith(("/static/", "/tampilan"))
    }
    needed |= {part.split("#")[0] for part in page.text.split('<use href="')[1:]}
    needed |= {part.split('"')[0] for part in page.text.split('src="')[1:]}
    weights = [(await citizen.get(one)).size for one in {one.split("#")[0] for one in needed}]

    assert len(weights) >= 4
    assert page.size + sum(weights) < 50_000
    # The one script fills in where the citizen stands, if they ask for it; the form does without.
    assert page.text.count("<script") == (path == "/publik/pengaduan") == page.text.count("/static/js/place.js")
    assert "style=" not in page.text


async def test_an_office_without_the_forms_says_so(hall: Hall) -> None:
    citizen = await hall.citizen()
    del hall.house.connectors[ACCOUNT]  # type: ignore[attr-defined]

    assert [(await citizen.get(path)).status for path in ("/publik", "/publik/pengaduan", "/publik/lacak")] == [404] * 3


def test_every_sentence_about_a_field_has_its_english() -> None:
    said = [*public_form.SAYS.values(), *APPLICANTS.values(), *ACCESS.values(), *DELIVERY.values(), *DOUBTS.values()]
    said += [public_files.TOO_MANY, public_files.TOO_LARGE, public_files.EMPTY, public_files.STRANGE]
    said += [public_track.NO_MATCH, public_track.TOO_OFTEN]

    assert [one for one in said if one not in table()] == []
