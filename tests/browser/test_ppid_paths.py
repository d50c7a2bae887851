"""Every path of the law in a real browser and on a channel: the citizen writes on Telegram or by mail and fills in on a phone,
the officer clicks, and each letter is opened from its page, read field by field, and has arrived where it was sent.

One office for all paths; its clock stands over Idul Fitri, cuti bersama and the turn of the year. Every day is counted by
hand from the decree (tests/domain/decree): in brackets stands what is no working day.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, expect

from omnichannel.domain.case import CaseState, Outcome
from tests.browser.ppid_acts import (
    ADDRESS,
    CONTACT,
    Proof,
    answers,
    asks,
    completes,
    decides,
    differs,
    disputes,
    extends,
    objects,
    proves,
)
from tests.browser.ppid_town import Citizen, Town, a_town, by_mail, by_telegram, letter

WORDS = "Mohon salinan dokumen pelaksanaan anggaran Dinas Perhubungan tahun 2025."
RECEIPT, NOTICE, REFUSAL = "Tanda bukti penerimaan", "Pemberitahuan tertulis", "Surat penolakan"
EXTENSION, ANSWER = "perpanjangan", "Tanggapan atas keberatan"
HELD = "Informasi yang diminta kami kuasai"
RIGHT = "keberatan dapat diajukan secara tertulis kepada Sekretaris Daerah selaku atasan PPID"
REASON = "Jumlah per desa kami berikan; nama dan NIK tidak."
STORY = "Data yang saya minta bukan data pribadi siapa pun."
H = "Pasal 17 huruf h UU 14/2008: mengungkap rahasia pribadi"
SIGNED = "Pejabat Pengelola Informasi dan Dokumentasi Pejabat Uji, S.Sos. NIP 197001012000011001"


@pytest.fixture(scope="module")
async def town(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with a_town(tmp_path_factory.mktemp("town"), chromium) as opened:
        yield opened


def about(citizen: Citizen, number: str, what: str = "Rincian informasi yang diminta") -> dict[str, str]:
    """The fields that most letters begin with."""
    return {"Nomor pendaftaran": number, **who(citizen), "Nomor telepon atau surel": CONTACT, what: WORDS}


def who(citizen: Citizen) -> dict[str, str]:
    """As the platform named them, and where they live."""
    return {"Nama": citizen.name, "Alamat": ADDRESS}


async def test_granted_on_the_tenth_day_after_idul_fitri(town: Town) -> None:
    # Fri 13 Mar; 16=1 17=2 [18 cuti 19 Nyepi 20 cuti 21 22 Idul Fitri 23 24 cuti] 25=3 26=4 27=5 30=6 31=7 1=8 2=9 [3 4 5] 6=10
    await town.at("2026-03-13T09:00")
    citizen = by_telegram(town, "Warga Kabul")
    number = await asks(citizen, WORDS)
    assert "paling lambat 6 April 2026" in await citizen.hears(number)
    assert "Permohonan Anda sudah lengkap" in await completes(town, citizen)
    receipt, name = await letter(town, number, RECEIPT)
    expected = about(citizen, number, "Rincian informasi yang dibutuhkan") | {
        "Tanggal diterima": "13 Maret 2026, pukul 09.00 WITA",
        "Kategori pemohon": "Perorangan",
        "Tujuan penggunaan informasi": "Penelitian skripsi",
    }
    boxes = ("Mendapatkan salinan digital (softcopy)", "Surel (e-mail)")
    assert differs(receipt, expected, boxes, ["paling lambat 6 April 2026, yaitu 10 (sepuluh) hari kerja"]) == []
    assert await citizen.gets(name) == receipt

    await town.at("2026-04-06T23:59")
    page = await decides(town, number, "granted", bentuk="softcopy")
    await expect(page.locator("main")).to_contain_text("Dikabulkan")
    assert "dikabulkan" in await citizen.hears("dikabulkan")
    notice, name = await letter(town, number, NOTICE)

    expected = about(citizen, number) | {
        "Putusan": "Dikabulkan seluruhnya",
        "Biaya": "Tidak dipungut biaya",
        "Bagian yang dihitamkan dan alasannya": "Tidak ada",
    }
    assert differs(notice, expected, (HELD, "Softcopy (berkas digital)"), ["diterima pada 13 Maret 2026", SIGNED]) == []
    assert await citizen.gets(name) == notice
    case = await town.case(number)
    assert (case.outcome, case.due.isoformat(), case.overdue(case.due)) == (Outcome.GRANTED, "2026-04-06", False)


async def test_partly_with_its_test_its_cost_and_both_letters(town: Town) -> None:
    # Mon 16 Mar; 17=1 [18-24] 25=2 26=3 27=4 30=5 31=6 1=7 2=8 [3 4 5] 6=9 7=10
    await town.at("2026-03-16T08:00")
    citizen = by_telegram(town, "Warga Sebagian")
    number = await asks(citizen, WORDS)
    assert "paling lambat 7 April 2026" in await citizen.hears(number)
    await completes(town, citizen, access="salinan_cetak", delivery="ambil")
    page = await decides(town, number, "partly", grounds="h", hitam="Nama dan NIK.", alasan=REASON, bentuk="hardcopy")
    await expect(page.locator(".notice.danger")).to_contain_text("uji konsekuensi untuk Pasal 17 huruf h")
    proof = Proof()
    await proves(town, number, proof)
    await town.at("2026-04-07T14:00")
    await decides(
        town, number, "partly", grounds="h", hitam="Nama dan NIK, karena rahasia pribadi.", alasan=REASON,
        bentuk="hardcopy", biaya="15.000", bayar="tunai di loket",
    )  # fmt: skip
    told = await citizen.hears("dikabulkan sebagian")
    assert all(one in told for one in ("Pasal 17 huruf h", "Rp15.000", "keberatan"))

    notice, _ = await letter(town, number, NOTICE)
    expected = about(citizen, number) | {
        "Putusan": "Dikabulkan sebagian",
        "Biaya": "Rp15.000",
        "Cara pembayaran": "tunai di loket",
        "Bagian yang dihitamkan dan alasannya": "Nama dan NIK, karena rahasia pribadi.",
    }
    assert differs(notice, expected, (HELD, "Hardcopy (salinan tercetak)", H), [REASON, RIGHT, SIGNED]) == []
    refusal, name = await letter(town, number, REFUSAL)
    expected = about(citizen, number, "Rincian informasi yang dibutuhkan") | {
        "Informasi yang diuji": proof.information,
        "Akibat bila dibuka": proof.consequence,
        "Jangka waktu pengecualian": proof.period,
        "Pejabat yang menetapkan": f"{proof.approver}, {proof.post}",
    }
    says = ["PERMOHONAN INFORMASI DITOLAK SEBAGIAN", REASON, "Nama dan NIK, karena rahasia pribadi.", RIGHT, SIGNED]
    assert differs(refusal, expected, (H,), says) == []
    assert await citizen.gets(name) == refusal


async def test_refused_objected_to_on_the_last_day_answered_and_disputed(town: Town) -> None:
    # Tue 17 Mar; [18-24] 25=1 26=2 27=3 30=4 31=5 1=6 2=7 [3 4 5] 6=8 7=9 8=10
    await town.at("2026-03-17T10:00")
    citizen = by_telegram(town, "Warga Tolak")
    number = await asks(citizen, WORDS)
    assert "paling lambat 8 April 2026" in await citizen.hears(number)
    await completes(town, citizen)
    await proves(town, number, Proof())
    await town.at("2026-04-08T15:00")
    await decides(town, number, "refused", grounds="h", alasan="Memuat data pribadi penerima.")
    assert "rahasia pribadi" in await citizen.hears("ditolak")
    notice, _ = await letter(town, number, NOTICE)
    assert (
        differs(notice, about(citizen, number) | {"Putusan": "Ditolak"}, (HELD, H), ["Memuat data pribadi", RIGHT])
        == []
    )
    refusal, _ = await letter(town, number, REFUSAL)
    assert differs(refusal, about(citizen, number, "Rincian informasi yang dibutuhkan"), (H,), [SIGNED]) == []

    # Thirty days for the objection: 9=1 10=2 13-17=3-7 20-24=8-12 27-30=13-16 [1 Mei] 4-8=17-21 11-13=22-24 [14 15] 18-22=25-29 25=30
    await town.at("2026-05-25T23:59")
    said = await objects(town, citizen, number, "a", STORY)
    objection = (re.search(r"KEB-2026-\d{6}", said) or [""])[0]
    # Thirty to answer: 26=1 [27 28] 29=2 [31 1] 2-5=3-6 8-12=7-11 15=12 [16] 17-19=13-15 22-26=16-20 29 30=21 22 1-3=23-25 6-10=26-30
    assert "Jumat, 10 Jul 2026" in said
    assert "10 Juli 2026" in await citizen.hears(objection)

    await town.at("2026-07-10T15:00")
    page = await answers(town, objection, "partly", "Lampiran 1 dan 2 dibuka.", "Atasan Uji, M.Si.")
    # Fourteen to the Komisi: 13-17=1-5 20-24=6-10 27-30=11-14
    await expect(page.locator("main")).to_contain_text("Kamis, 30 Jul 2026")
    assert "30 Juli 2026" in await citizen.hears("Komisi Informasi paling lambat")
    answer, name = await letter(town, number, ANSWER)
    expected = {
        "Nomor registrasi keberatan": objection,
        "Tanggal keberatan diterima": "25 Mei 2026",
        "Nomor pendaftaran permohonan": number,
        **who(citizen),
        "Kuasa pemohon": "–",
        "Informasi yang diminta": WORDS,
        "Tujuan penggunaan informasi": "Penelitian skripsi",
        "Putusan": "Keberatan diterima sebagian",
        "Tanggal tanggapan": "10 Juli 2026",
    }
    ground = "a. permintaan ditolak dengan alasan pengecualian Pasal 17"
    says = [STORY, "Lampiran 1 dan 2 dibuka.", "paling lambat 30 Juli 2026", "Sekretaris Daerah Atasan Uji, M.Si."]
    assert differs(answer, expected, (ground,), says) == []
    assert await citizen.gets(name) == answer

    await town.at("2026-08-03T09:00")
    page = await disputes(town, objection, "2026-07-31", "012/VII/KI")
    await expect(page.locator(".notice.danger")).to_contain_text("30 Juli 2026")
    page = await disputes(town, objection, "2026-07-30", "012/VII/KI")
    await expect(page.locator("main")).to_contain_text("012/VII/KI")


async def test_not_held_and_an_objection_out_of_time(town: Town) -> None:
    # Received on a holiday, Thu 14 May; [15 cuti 16 17] 18-22=1-5 25 26=6 7 [27 Idul Adha 28 cuti] 29=8 [30 31 1] 2=9 3=10
    await town.at("2026-05-14T20:00")
    citizen = by_telegram(town, "Warga Nihil")
    number = await asks(citizen, WORDS)
    assert "paling lambat 3 Juni 2026" in await citizen.hears(number)
    await completes(town, citizen, access="melihat")
    await town.at("2026-06-03T16:00")
    await decides(town, number, "not_held", alasan="Belum pernah kami dokumentasikan.")
    notice, _ = await letter(town, number, NOTICE)
    not_held = "Informasi yang diminta tidak kami kuasai atau belum didokumentasikan"
    expected = about(citizen, number) | {"Putusan": "Informasi tidak dikuasai"}
    assert differs(notice, expected, (not_held,), ["Belum pernah kami dokumentasikan.", RIGHT, SIGNED]) == []

    # 4=1 5=2 8-12=3-7 15=8 [16] 17-19=9-11 22-26=12-16 29 30=17 18 1-3=19-21 6-10=22-26 13-16=27-30: one day too late
    await town.at("2026-07-17T00:00")
    said = await objects(town, citizen, number, "e", "Dinas pernah mengumumkan datanya.")
    assert "Kamis, 16 Jul 2026" in said
    assert "permohonan baru" in said
    told = await citizen.hears("Pasal 36 ayat (1)")
    assert "16 Juli 2026" in told
    assert "permohonan baru" in told


async def test_transferred_from_a_friday_one_minute_before_midnight(town: Town) -> None:
    # Fri 22 May 23.59; 25=1 26=2 [27 28] 29=3 [30 31 1] 2-5=4-7 8-10=8-10
    await town.at("2026-05-22T23:59")
    citizen = by_telegram(town, "Warga Limpah")
    number = await asks(citizen, WORDS)
    assert "paling lambat 10 Juni 2026" in await citizen.hears(number)
    await completes(town, citizen)
    await town.at("2026-06-02T09:00")
    page = await decides(town, number, "transferred", alasan="Jalan provinsi.")
    await expect(page.locator(".notice.danger")).to_contain_text("badan publik")
    await decides(town, number, "transferred", alasan="Jalan provinsi.", kepada="PPID Provinsi Kalimantan Timur")
    assert "PPID Provinsi Kalimantan Timur" in await citizen.hears("PPID Provinsi")
    notice, _ = await letter(town, number, NOTICE)

    other = "Dikuasai badan publik lain, yaitu PPID Provinsi Kalimantan Timur"
    expected = about(citizen, number) | {"Putusan": "Dilimpahkan kepada badan publik lain"}
    assert differs(notice, expected, (other,), ["Jalan provinsi.", "diterima pada 22 Mei 2026"]) == []
    assert (await town.case(number)).state is CaseState.CLOSED


async def test_extended_on_the_last_day_over_the_turn_of_the_year(town: Town) -> None:
    # Wed 16 Dec; 17 18=1 2 21-23=3-5 [24 cuti 25 Natal 26 27] 28-31=6-9 [1 2 3] 4=10
    await town.at("2026-12-16T11:00")
    citizen = by_telegram(town, "Warga Panjang")
    number = await asks(citizen, WORDS)
    assert "paling lambat 4 Januari 2027" in await citizen.hears(number)
    await completes(town, citizen)
    await town.at("2027-01-04T23:50")
    await extends(town, number, "Masih dihimpun dari tiga bidang.")
    # Seven more: [5 Isra Mikraj] 6-8=1-3 [9 10] 11-14=4-7
    assert "14 Januari 2027" in await citizen.hears("kami perpanjang")
    longer, name = await letter(town, number, EXTENSION)
    expected = about(citizen, number) | {
        "Batas semula": "4 Januari 2027",
        "Batas baru": "14 Januari 2027",
        "Ditetapkan pada": "4 Januari 2027",
        "Alasan perpanjangan": "Masih dihimpun dari tiga bidang.",
    }
    assert differs(longer, expected, (), ["diterima pada 16 Desember 2026", SIGNED]) == []
    assert await citizen.gets(name) == longer
    # Whoever asks for the receipt now reads the first day in it, and the new one.
    receipt, _ = await letter(town, number, RECEIPT)
    assert differs(receipt, {}, ("Mendapatkan salinan digital (softcopy)", "Surel (e-mail)"), [
        "paling lambat 4 Januari 2027, yaitu 10 (sepuluh) hari kerja", "diperpanjang sampai 14 Januari 2027",
    ]) == []  # fmt: skip

    await town.at("2027-01-14T23:59")
    page = await decides(town, number, "granted", bentuk="keduanya")
    await expect(page.locator("main")).to_contain_text("Dikabulkan")
    case = await town.case(number)
    assert (case.due.isoformat(), case.overdue(case.due)) == ("2027-01-14", False)


async def test_incomplete_a_body_without_a_deed_then_a_dark_photo_then_whole(town: Town, tmp_path: Path) -> None:
    # Mon 21 Dec; 22 23=1 2 [24-27] 28-31=3-6 [1 2 3] 4=7 [5] 6-8=8-10
    await town.at("2026-12-21T09:00")
    citizen = by_telegram(town, "Warga Kurang")
    number = await asks(citizen, WORDS)
    assert "paling lambat 8 Januari 2027" in await citizen.hears(number)
    said = await completes(town, citizen, applicant="badan_hukum", skip=["identity"])
    assert "tanpa akta, permohonan dapat diajukan atas nama Anda sendiri" in said
    phone = town.phone.pages[0]
    await phone.check("input[type=checkbox][name=applicant]")
    await phone.click("button.btn:visible")
    photo = tmp_path / "ktp.jpg"
    Image.new("RGB", (60, 40), (3, 3, 3)).save(photo)
    assert "Permohonan Anda sudah lengkap" in await completes(town, citizen, ktp=photo, skip=["identity"])

    page = await town.sheet(number)
    await page.fill("input[name=sebab]", "terlalu gelap")
    await page.get_by_role("button", name="Tidak terbaca").click()
    await expect(page.locator("#minta")).to_contain_text("foto KTP yang terbaca")
    await page.click("#minta button")
    assert "belum terbaca: terlalu gelap" in await citizen.hears("foto KTP yang terbaca")
    await town.at("2026-12-31T23:00")
    Image.new("RGB", (60, 40), (250, 250, 250)).save(photo)
    assert "Permohonan Anda sudah lengkap" in await completes(town, citizen, ktp=photo)
    page = await town.sheet(number)
    await expect(page.locator("#isi .two-moments")).to_contain_text("31 Des")
    receipt, _ = await letter(town, number, RECEIPT)
    expected = {"Kategori pemohon": "Perorangan", "Tanggal diterima": "21 Desember 2026, pukul 09.00 WITA"}
    boxes = ("Mendapatkan salinan digital (softcopy)", "Surel (e-mail)")
    assert differs(receipt, expected, boxes, ["paling lambat 8 Januari 2027"]) == []


async def test_never_completed_it_lapses_on_the_day_after_the_tenth(town: Town) -> None:
    # Asked back on Tue 22 Dec; 23=1 [24-27] 28-31=2-5 [1 2 3] 4=6 [5] 6-8=7-9 11=10: from the 12th on
    await town.at("2026-12-22T10:00")
    citizen = by_telegram(town, "Warga Gugur")
    number = await asks(citizen, WORDS)
    await citizen.hears("/l/")
    why = "Tidak dilengkapi sesudah diminta."
    await town.at("2027-01-11T16:00")
    page = await decides(town, number, "lapsed", alasan=why)
    await expect(page.locator(".notice.danger")).to_contain_text("12 Januari 2027")
    await town.at("2027-01-12T00:01")
    await decides(town, number, "lapsed", alasan=why)

    assert why in await citizen.hears(why)
    assert (await town.case(number)).outcome is Outcome.LAPSED
    phone = town.phone.pages[0]
    await phone.goto(re.findall(r"http\S+/l/\S+", await citizen.hears("/l/"))[0])
    assert "tidak berlaku" in await phone.inner_text("main")


async def test_silence_can_be_objected_to_from_the_day_after_and_disputed_without_an_answer(town: Town) -> None:
    # Wed 23 Dec; [24-27] 28-31=1-4 [1 2 3] 4=5 [5] 6-8=6-8 11=9 12=10
    await town.at("2026-12-23T13:00")
    citizen = by_telegram(town, "Warga Diam")
    number = await asks(citizen, WORDS)
    assert "paling lambat 12 Januari 2027" in await citizen.hears(number)
    await completes(town, citizen)
    await town.at("2027-01-12T23:59")
    assert "belum lewat" in await objects(town, citizen, number, "c", "Tidak ada jawaban sama sekali.")
    await town.at("2027-01-13T00:00")
    said = await objects(town, citizen, number, "c", "Tidak ada jawaban sama sekali.")
    # 14 15=1 2 18-22=3-7 25-29=8-12 1-4=13-16 [5 cuti 6 Imlek] 8-12=17-21 15-19=22-26 22-25=27-30
    assert "Kamis, 25 Feb 2027" in said
    objection = (re.search(r"KEB-2027-\d{6}", said) or [""])[0]

    await town.at("2027-03-01T09:00")
    page = await disputes(town, objection, "2027-02-25", "003/III/KI")
    await expect(page.locator(".notice.danger")).to_contain_text("masih punya waktu")
    page = await disputes(town, objection, "2027-02-26", "003/III/KI")
    await expect(page.locator("main")).to_contain_text("003/III/KI")


async def test_by_mail_the_letters_come_attached(town: Town) -> None:
    # Thu 12 Mar; 13=1 16 17=2 3 [18-24] 25-27=4-6 30 31=7 8 1 2=9 10
    await town.at("2026-03-12T09:00")
    citizen = by_mail(town, "Rahmi Contoh")
    number = await asks(citizen, WORDS)
    assert "paling lambat 2 April 2026" in await citizen.hears(number)
    assert "Permohonan Anda sudah lengkap" in await completes(town, citizen)
    receipt, name = await letter(town, number, RECEIPT)
    assert await citizen.gets(name) == receipt
    await town.at("2026-04-02T12:00")
    await decides(town, number, "granted", bentuk="softcopy")
    notice, name = await letter(town, number, NOTICE)

    # Whoever writes by mail has told their address: the form does not ask for it again.
    expected = about(citizen, number) | {
        "Putusan": "Dikabulkan seluruhnya",
        "Nomor telepon atau surel": "rahmi.contoh@warga.example",
    }
    assert differs(notice, expected, (HELD, "Softcopy (berkas digital)"), ["diterima pada 12 Maret 2026"]) == []
    assert await citizen.gets(name) == notice
