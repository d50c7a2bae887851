"""The registers in the law's columns, on whatever page the rows fall, and the command that writes them."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from omnichannel.domain.case import Kind, Outcome
from omnichannel.domain.errors import Invalid
from omnichannel.domain.letter import LetterRules
from omnichannel.domain.ppid_decision import Ruling
from omnichannel.domain.printing import Format
from omnichannel.domain.work import Work
from omnichannel.printing.printer import OfficePrinter
from omnichannel.router import extracts, objecting, route, ruling
from omnichannel.router.desk import Desk
from omnichannel.store.database import SqlStore
from tests.build import CITIZEN, NOON, a_case
from tests.house import HandClock
from tests.router.asking import a_request, an_officer, fill, fresh, proved
from tests.router.conftest import Judge, Write

PERMOHONAN = [
    "Nomor pendaftaran", "Tanggal", "Nama", "Alamat", "Nomor kontak", "Pekerjaan", "Informasi yang diminta",
    "Tujuan penggunaan informasi", "Status informasi, di bawah penguasaan: Ya", "Status informasi, di bawah penguasaan: Tidak",
    "Bentuk informasi yang dikuasai: softcopy", "Bentuk informasi yang dikuasai: hardcopy",
    "Jenis permohonan: melihat/mengetahui", "Jenis permohonan: meminta salinan", "Keputusan", "Alasan penolakan",
    "Hari dan tanggal: pemberitahuan tertulis", "Hari dan tanggal: pemberian informasi", "Biaya dan cara pembayaran: biaya",
    "Biaya dan cara pembayaran: cara",
]  # fmt: skip


async def rows(store: SqlStore, desk: Desk, what: str, folder: Path, since: date, until: date) -> list[dict[str, str]]:
    extract, path = extracts.EXTRACTS[what], folder / f"{what}.csv"
    span = extracts.span_of(since, until, desk.office.zone)
    with OfficePrinter(LetterRules()).sheet(path, Format.CSV, extract.head(desk, since, until)) as sheet:
        await extracts.write_out(store, desk, extract, span, sheet)
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


async def test_the_register_of_requests_has_the_columns_of_the_form(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock, tmp_path: Path
) -> None:
    case = await a_request(write, judge)
    await fill(quick_store, desk, case, clock.now(), job="=CMD()", name="+62 Warga")
    officer = await an_officer(quick_store)
    await proved(quick_store, officer, case, clock.now())
    part = Ruling(
        outcome=Outcome.PARTLY,
        reason="Sebagian memuat rahasia pribadi.",
        grounds=("h",),
        redacted="Nama pada lampiran 3.",
        medium="keduanya",
        cost=12_500,
        payment="tunai",
    )
    case = await fresh(quick_store, case)
    await quick_store.write(
        lambda work: ruling.decide(work, desk, officer, case.id, part, now=clock.now(), seen=case.version)
    )
    today = clock.now().astimezone(desk.office.zone).date()

    (row,) = await rows(quick_store, desk, "permohonan", tmp_path, today, today)

    assert list(row) == PERMOHONAN
    assert row["Nomor pendaftaran"] == case.number
    assert row["Pekerjaan"] == "'=CMD()"
    assert row["Nama"] == "'+62 Warga"
    said = list(row.values())
    assert said[8:14] == ["✓", "", "✓", "✓", "", "✓"]
    assert row["Keputusan"] == "Dikabulkan sebagian"
    assert "Pasal 17 huruf h" in row["Alasan penolakan"]
    assert said[18:] == ["Rp12.500", "tunai"]
    assert str(today.year) in row["Hari dan tanggal: pemberian informasi"]


async def test_a_voided_number_stays_in_the_register_with_its_reason(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock, tmp_path: Path
) -> None:
    case = await a_request(write, judge)
    officer = await an_officer(quick_store)
    await quick_store.write(
        lambda work: route.void(work, officer, case.id, "Salah tafsir mesin.", now=clock.now(), seen=case.version)
    )
    today = clock.now().astimezone(desk.office.zone).date()

    (row,) = await rows(quick_store, desk, "permohonan", tmp_path, today, today)

    assert row["Keputusan"] == "Dibatalkan: Salah tafsir mesin."


async def test_the_register_of_objections_has_letters_a_to_k(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk, clock: HandClock, tmp_path: Path
) -> None:
    case = await a_request(write, judge)
    await fill(quick_store, desk, case, clock.now())
    clock.advance(timedelta(days=40))
    filed = await quick_store.write(
        lambda work: objecting.file(
            work, desk, case.id, ["c"], "Tidak dijawab sampai hari ini.", CITIZEN, now=clock.now(), proxy="Kuasa Uji"
        )
    )
    today = clock.now().astimezone(desk.office.zone).date()

    (row,) = await rows(quick_store, desk, "keberatan", tmp_path, today, today)

    assert len(row) == 11
    assert next(iter(row.values())) == filed.number
    assert row["Identitas pemohon/kuasa"] == "Warga Uji (kuasa: Kuasa Uji)"
    assert row["Alasan keberatan (Pasal 35)"] == "c. permintaan tidak ditanggapi"


async def test_a_register_goes_on_over_its_pages_and_keeps_to_its_days(
    store: SqlStore, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extracts, "PAGE", 7)

    def story(work: Work) -> None:
        for n in range(40):
            a_case(work, kind=Kind.INFORMATION_REQUEST, received_at=NOON + timedelta(days=n % 2))
            a_case(work, kind=Kind.COMPLAINT, received_at=NOON)

    await store.write(story)
    day = NOON.astimezone(desk.office.zone).date()

    requests = await rows(store, desk, "permohonan", tmp_path, day, day)
    reports = await rows(store, desk, "lapor", tmp_path, day, day + timedelta(days=1))
    everything = await rows(store, desk, "cases", tmp_path, day, day + timedelta(days=1))
    talks = await rows(store, desk, "conversations", tmp_path, date(2020, 1, 1), date(2100, 1, 1))

    assert (len(requests), len(reports), len(everything)) == (20, 40, 80)
    numbers = [row["Nomor pendaftaran"] for row in requests]
    assert numbers == sorted(numbers)
    assert len(talks) > 0


async def test_a_span_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid):
        extracts.span_of(date(2026, 2, 1), date(2026, 1, 31), desk.office.zone)
