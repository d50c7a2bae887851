"""Cases on their pages: clocks that explain themselves, a register that forgets nothing, alarms above them all."""

import re
from collections.abc import AsyncIterator
from datetime import date

import pytest

from omnichannel.domain.case import Case, CaseState, Kind
from omnichannel.domain.organisation import Level, Organisation, Unit
from omnichannel.web import labels, ladder
from tests.web.afternoon import Afternoon, an_afternoon, case_of
from tests.web.cast import a_verdict


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        yield found


async def test_the_ladder_names_each_day_that_did_not_count(desk: Afternoon) -> None:
    number = (await case_of(desk, "Warga M")).number
    async with desk.visitor("ppid") as p:
        seen = await p.get(f"/kasus/{number}")

    assert "Rabu, 6 Jan 2027 , hari kerja ke-10" in seen.words
    assert "Tidak dihitung: 24 Des Cuti Bersama Hari Raya Natal; 25 Des Hari Raya Natal" in seen.words
    assert "UU 14/2008 Pasal 22 ayat (7)" in seen.words
    assert re.search(r'<li class="end"[^>]*><b>6</b><span>batas</span>', seen.html)
    assert re.search(r'<li class="hol" title="Hari Raya Natal"><b>25</b><span>libur</span>', seen.html)


async def test_every_working_day_of_a_ladder_is_a_cell_once(desk: Afternoon) -> None:
    case = await case_of(desk, "Warga M")

    main = ladder.clocks(case.clocks, date(2026, 12, 17), running=True, in_lapor=False)[0]

    counted = [cell.word for cell in main.cells if cell.word.isdigit()]
    assert counted == [str(n) for n in range(1, main.days)]
    assert len(main.cells) % 7 == 0
    assert [cell.day for cell in main.cells if cell.day] == sorted({cell.day for cell in main.cells if cell.day})


async def test_a_request_that_never_went_through_lapor_is_not_late_by_its_clock(desk: Afternoon) -> None:
    request, complaint = await case_of(desk, "Warga M"), await case_of(desk, "Warga A")
    today = date(2026, 12, 17)

    def shown(case: Case, *, in_lapor: bool) -> list[str]:
        return [clock.name for clock in ladder.clocks(case.clocks, today, running=True, in_lapor=in_lapor)]

    assert shown(request, in_lapor=False) == ["answer"]
    assert sorted(shown(request, in_lapor=True)) == ["answer", "lapor_answer"]
    assert shown(complaint, in_lapor=False) == shown(complaint, in_lapor=True)


@pytest.mark.parametrize(
    "saved", [{}, {"clocks": []}, {"main": "x", "clocks": [{"name": "x", "days": 1, "ladder": []}]}]
)
def test_a_case_without_a_ladder_has_no_clock(saved: dict[str, object]) -> None:
    assert ladder.clocks(saved, date(2026, 12, 17), running=True, in_lapor=False) == []


async def test_the_register_strikes_what_is_void_and_keeps_the_reason(desk: Afternoon) -> None:
    async with desk.visitor("ppid") as p:
        seen = await p.get("/ppid")
        only = await p.get("/ppid?keadaan=batal")

    void = (await case_of(desk, "Warga V")).number
    assert re.search(rf'<tr class="void" data-key="{void}">', seen.html)
    assert "Dibatalkan: Hanya salam, bukan permohonan informasi" in seen.words
    assert "perlu dipastikan" in seen.words
    assert only.html.count('scope="row"') == 1


async def test_a_case_is_voided_only_with_a_reason(desk: Afternoon) -> None:
    await desk.says(
        "Warga 1",
        "tg-humas",
        "minta dokumen",
        verdict=a_verdict(Kind.INFORMATION_REQUEST, 0.9, topic="lainnya", unit="bpkad"),
    )
    case = await case_of(desk, "Warga 1")
    async with desk.visitor("ppid") as p:
        refused = await p.post(f"/kasus/{case.number}/batal", {"alasan": " x ", "versi": str(case.version)})
        stale = await p.post(f"/kasus/{case.number}/batal", {"alasan": "salah ketik", "versi": "99"})
        done = await p.post(f"/kasus/{case.number}/batal", {"alasan": "bukan permohonan", "versi": str(case.version)})
    async with desk.visitor("unit") as u:
        other = await u.post(f"/kasus/{case.number}/batal", {"alasan": "bukan permohonan"})

    assert refused.status == 422
    assert "Tulis alasan pembatalan" in refused.words
    assert "> x </textarea>" in refused.html
    assert stale.status == 409
    assert other.status == 403
    assert (await case_of(desk, "Warga 1")).state is CaseState.VOIDED
    assert "Kasus dibatalkan. Nomornya tetap tercatat" in done.words


async def test_a_doubtful_request_is_confirmed_with_one_button(desk: Afternoon) -> None:
    await desk.says(
        "Warga 2",
        "tg-humas",
        "data?",
        verdict=a_verdict(Kind.INFORMATION_REQUEST, 0.6, topic="lainnya", unit="bpkad", doubt=True),
    )
    number = desk.talks["Warga 2"]
    async with desk.visitor("r") as r:
        before = await r.get(f"/kotak/semua/{number}")
        after = await r.post(f"/percakapan/{number}/benar")

    assert f'action="/percakapan/{number}/benar"' in before.html
    assert f'action="/percakapan/{number}/benar"' not in after.html
    assert (await case_of(desk, "Warga 2")).certain


async def test_a_suggestion_that_is_right_becomes_a_case(desk: Afternoon) -> None:
    await desk.says(
        "Warga 3",
        "tg-humas",
        "usul taman",
        verdict=a_verdict(Kind.ASPIRATION, 0.5, topic="lainnya", unit="bpkad", doubt=True),
    )
    async with desk.visitor("r") as r:
        await r.post(f"/percakapan/{desk.talks['Warga 3']}/benar")

    assert (await case_of(desk, "Warga 3")).kind is Kind.ASPIRATION


async def test_correcting_the_kind_keeps_the_clock_and_voids_the_number(desk: Afternoon) -> None:
    await desk.says(
        "Warga 4",
        "tg-humas",
        "mohon data jalan rusak",
        verdict=a_verdict(Kind.INFORMATION_REQUEST, 0.9, topic="lainnya", unit="bpkad"),
    )
    old = await case_of(desk, "Warga 4")
    number = desk.talks["Warga 4"]
    async with desk.visitor("r") as r:
        done = await r.post(
            f"/percakapan/{number}/klasifikasi", {"jenis": "complaint", "topik": "jalan_jembatan", "unit": "pupr"}
        )
        wrong = await r.post(f"/percakapan/{number}/klasifikasi", {"jenis": "apa", "topik": "pju", "unit": ""})
        no_unit = await r.post(f"/percakapan/{number}/klasifikasi", {"jenis": "complaint", "topik": "pju", "unit": "x"})

    cases = await desk.read(lambda work: work.cases.of_conversation(number))
    assert {one.state for one in cases} == {CaseState.VOIDED, CaseState.OPEN}
    assert {one.received_at for one in cases} == {old.received_at}
    assert "Terima kasih, klasifikasi diperbaiki." in done.words
    assert "Pengaduan, Jalan dan jembatan, PUPR" in done.words
    assert wrong.status == no_unit.status == 422


async def test_channel_health_says_what_is_wrong_and_how_to_mend_it(desk: Afternoon) -> None:
    async with desk.visitor("admin") as admin:
        seen = await admin.get("/kelola/kanal")
    async with desk.visitor("unit") as unit:
        refused = await unit.get("/kelola/kanal")

    assert "x-kutim: berhenti" in seen.words
    assert "401: token tidak berlaku lagi" in seen.words
    assert "omnichannel check" in seen.words
    assert "tg-humas: bukan JSON" in seen.words
    assert refused.status == 403


async def test_the_newest_alarm_stands_on_top(desk: Afternoon) -> None:
    """On a telephone two of them are in sight; the fire of this minute must not lie below yesterday's."""
    fire = a_verdict(Kind.COMPLAINT, 0.9, topic="bencana", unit="bpbd", urgent=True)
    await desk.says("Warga Z", "tg-humas", "Rumah terbakar di Singa Gembara, ada anak di dalam", verdict=fire)
    async with desk.visitor("r") as r:
        band = await r.get("/alarm/pita")
        number = re.search(r'action="(/alarm/\d+/terima)"', band.html)
        assert number is not None
        await r.post(number[1])

    assert band.words.index("Rumah terbakar") < band.words.index("Ada buaya di bawah jembatan")
    assert "Rumah terbakar" not in (await desk.read(lambda work: str([one.text for one in work.alarms.open()])))


async def test_an_alarm_stands_on_every_screen_until_it_is_taken(desk: Afternoon) -> None:
    pages = ["/kotak/ditunda", "/ppid", "/lapor", "/saya", f"/kasus/{(await case_of(desk, 'Warga M')).number}"]
    async with desk.visitor("r") as r:
        for page in pages:
            seen = await r.get(page)
            assert "Ada buaya di bawah jembatan" in seen.html.split('<nav class="rail"')[0], page
        band = await r.get("/alarm/pita")
        async with desk.visitor("unit") as u:
            elsewhere = await u.get("/alarm/pita")
        number = re.search(r'action="(/alarm/\d+/terima)"', band.html)
        assert number is not None
        after = await r.post(number[1], {"kembali": "/ppid"})

    assert "Sangkima" in band.words
    assert "Sangkima" in elsewhere.words, "danger to life is everybody's"
    assert 'href="/kotak/semua/' in band.html
    assert 'href="/kotak/semua/' not in elsewhere.html, "but no button leads into a refusal"
    assert after.path == "/ppid?kabar=alarm"
    assert 'class="alarm-band"' not in after.html
    async with desk.visitor("auditor") as d:
        assert (await d.post(number[1])).status == 403


async def test_a_complaint_refused_needs_a_reason_and_tells_the_citizen_once(desk: Afternoon) -> None:
    await desk.says(
        "Warga 5", "tg-humas", "jalan provinsi rusak",
        verdict=a_verdict(Kind.COMPLAINT, 0.9, topic="jalan_jembatan", unit="pupr"),
    )  # fmt: skip
    case = await case_of(desk, "Warga 5")
    fields = {"hasil": "refused", "alasan": "", "versi": str(case.version), "kabari": "ya"}
    async with desk.visitor("unit") as unit:
        forbidden = await unit.post(f"/kasus/{case.number}/hasil", fields)
    async with desk.visitor("lapor") as p:
        empty = await p.post(f"/kasus/{case.number}/hasil", fields)
        nothing = await p.post(f"/kasus/{case.number}/hasil", {**fields, "hasil": "apa"})
        full = {**fields, "alasan": "Jalan itu milik provinsi"}
        done = await p.post(f"/kasus/{case.number}/hasil", full)
        await p.post(f"/kasus/{case.number}/hasil", full)

    said = [one.text for one in await desk.read(lambda work: work.messages.thread(desk.talks["Warga 5"]))]
    assert forbidden.status == 403
    assert empty.status == nothing.status == 422
    assert "checked" in empty.html.split('value="refused"')[1][:20]
    assert "Petugas L memutuskan: ditolak" in done.words
    assert len([text for text in said if "milik provinsi" in text]) == 1
    assert (await case_of(desk, "Warga 5")).state is CaseState.ANSWERED


async def test_a_case_comes_back_with_its_old_clock(desk: Afternoon) -> None:
    await desk.says(
        "Warga 6",
        "tg-humas",
        "jalan rusak",
        verdict=a_verdict(Kind.COMPLAINT, 0.9, topic="jalan_jembatan", unit="pupr"),
    )
    case = await case_of(desk, "Warga 6")
    async with desk.visitor("lapor") as visitor:
        await visitor.post(
            f"/kasus/{case.number}/hasil", {"hasil": "resolved", "alasan": "", "versi": str(case.version)}
        )
        no_reason = await visitor.post(f"/kasus/{case.number}/buka-lagi", {"alasan": "x"})
        back = await visitor.post(f"/kasus/{case.number}/buka-lagi", {"alasan": "belum selesai di lapangan"})

    again = await case_of(desk, "Warga 6")
    assert no_reason.status == 422
    assert "belum selesai di lapangan" in back.words
    assert (again.state, again.due) == (CaseState.OPEN, case.due)


async def test_one_message_may_become_two_cases(desk: Afternoon) -> None:
    message = await desk.says(
        "Warga 8", "tg-humas", "jalan rusak, minta juga dokumen anggarannya",
        verdict=a_verdict(Kind.COMPLAINT, 0.9, topic="jalan_jembatan", unit="pupr"),
    )  # fmt: skip
    async with desk.visitor("r") as r:
        made = await r.post(f"/pesan/{message.id}/kasus", {"jenis": "information_request", "topik": "lainnya"})
        twice = await r.post(f"/pesan/{message.id}/kasus", {"jenis": "information_request", "topik": "lainnya"})

    cases = await desk.read(lambda work: work.cases.of_conversation(desk.talks["Warga 8"]))
    assert made.path.startswith("/kasus/PPID-2026-")
    assert {one.kind for one in cases} == {Kind.COMPLAINT, Kind.INFORMATION_REQUEST}
    assert twice.status == 409


@pytest.mark.parametrize(
    ("alias", "shown"), [("pupr", "PUPR"), ("bpkad", "BPKAD"), ("disdukcapil", "Disdukcapil"), ("RSUD", "RSUD")]
)
def test_a_short_name_is_written_as_people_write_it(alias: str, shown: str) -> None:
    unit = Unit("u", "Dinas dengan Nama yang Panjang Sekali", Level.KABUPATEN, code="1", aliases=(alias,))

    assert labels.unit_short(Organisation([unit]), "u") == shown
