"""The sheet of a request as a browser without script uses it: the right thing is easy, and two officers never overwrite."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from omnichannel.domain.case import Case, Kind, Outcome
from omnichannel.domain.dip import Category, Item
from omnichannel.domain.ppid import PaperKind, Request
from omnichannel.domain.work import Work
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import NOW, a_verdict

ASK = "Mohon daftar aset kendaraan dinas tahun 2025 dalam bentuk digital."
WHOLE = {
    "applicant": "perorangan",
    "name": "Warga Uji",
    "identity": "6408 0101 0190 0001",
    "address": "Jalan Contoh 1",
    "phone": "081200000001",
    "purpose": "Penelitian",
    "access": "melihat",
    "details": ASK,
}
PROOF = {
    "informasi": "Nomor rangka kendaraan pejabat",
    "dasar": "h",
    "akibat": "Membuka rahasia pribadi pejabat.",
    "pejabat": "Pejabat Uji",
}


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk"), told=False) as found:
        yield found


async def a_request(desk: Afternoon, name: str, text: str = ASK) -> Case:
    await desk.says(
        name, "tg-humas", text, verdict=a_verdict(Kind.INFORMATION_REQUEST, 0.95, topic="lainnya", unit="bpkad")
    )
    return await fresh(desk, name)


async def fresh(desk: Afternoon, name: str) -> Case:
    found = await desk.read(lambda work: work.cases.of_conversation(desk.talks[name]))
    return next(one for one in found if one.kind is Kind.INFORMATION_REQUEST)


async def said_to(desk: Afternoon, name: str) -> list[str]:
    return [one.text for one in await desk.read(lambda work: work.messages.thread(desk.talks[name]))]


def sheet(case: Case, deed: str = "") -> str:
    return f"/ppid/permohonan/{case.number}{deed}"


async def test_the_sheet_names_what_lacks_and_filling_it_in_completes_the_request(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 1")
    async with desk.visitor("ppid") as p:
        before = await p.get(sheet(case))
        seen = {"versi": str((await formal_part(desk, case)).version)}
        wrong = await p.post(sheet(case, "/isi"), {**WHOLE, **seen, "identity": "64080101019012"})
        done = await p.post(sheet(case, "/isi"), {**WHOLE, **seen})
        stale = await p.post(sheet(case, "/isi"), {**WHOLE, **seen, "name": "Orang Lain"})

    assert "Masih memerlukan" in before.words
    assert "NIK atau foto KTP" in before.words
    assert wrong.status == 422
    assert "64080101019012" in wrong.html
    assert "belum lengkap" not in done.words
    assert stale.status == 409
    kept = await formal_part(desk, case)
    assert (kept.name, kept.identity, kept.complete_at) == ("Warga Uji", "6408010101900001", desk.clock.now())


async def formal_part(desk: Afternoon, case: Case) -> Request:
    found = await desk.read(lambda work: work.requests.get(case.id))
    assert found is not None
    return found


async def test_a_refusal_wants_its_ground_its_test_and_its_reason_and_keeps_what_was_typed(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 2")
    ruling = {"hasil": "refused", "alasan": "Memuat data pribadi pejabat.", "versi": str(case.version)}
    async with desk.visitor("ppid") as p:
        bare = await p.post(sheet(case, "/putus"), ruling)
        untested = await p.post(sheet(case, "/putus"), {**ruling, "pasal": "h"})
        unproven = await p.post(sheet(case, "/uji"), {**PROOF, "akibat": "x"})
        await p.post(sheet(case, "/uji"), PROOF)
        done = await p.post(sheet(case, "/putus"), {**ruling, "pasal": "h"})

    assert bare.status == untested.status == unproven.status == 422
    assert "Memuat data pribadi pejabat." in untested.html
    assert re.search(r'name="pasal" value="h" checked', untested.html)
    assert "uji konsekuensi untuk Pasal 17 huruf h" in untested.words
    assert "Nomor rangka kendaraan pejabat" in unproven.html
    assert "Pasal 17 huruf h: mengungkap rahasia pribadi" in done.words
    assert (await fresh(desk, "Warga 2")).outcome is Outcome.REFUSED
    assert "keberatan" in (await said_to(desk, "Warga 2"))[-1]


async def test_of_two_officers_one_wins_and_the_other_is_told(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 3")
    seen = {"versi": str(case.version)}
    async with desk.visitor("ppid") as one, desk.visitor("m") as other:
        first = await one.post(sheet(case, "/putus"), {"hasil": "granted", "bentuk": "softcopy", **seen})
        second = await other.post(sheet(case, "/putus"), {"hasil": "not_held", "alasan": "Tidak kami kuasai.", **seen})
        without = await other.post(sheet(case, "/putus"), {"hasil": "granted", "bentuk": "softcopy"})

    assert first.status == 200
    assert second.status == without.status == 409
    assert (await fresh(desk, "Warga 3")).outcome is Outcome.GRANTED


async def test_an_agent_fills_in_but_does_not_decide(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 4")
    async with desk.visitor("r") as r:
        page = await r.get(sheet(case))
        filled = await r.post(sheet(case, "/isi"), {"purpose": "Skripsi"})
        refused = [
            (await r.post(sheet(case, deed), {"hasil": "granted", "versi": "1"})).status
            for deed in ("/putus", "/perpanjang", "/uji", "/setuju", "/unit", "/keberatan", "/diterima")
        ]

    assert 'id="putus"' not in page.html
    assert filled.status == 200
    assert set(refused) == {403}


async def test_the_extension_is_one_form_and_shows_its_day(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 6")
    async with desk.visitor("ppid") as p:
        before = await p.get(sheet(case))
        short = await p.post(sheet(case, "/perpanjang"), {"alasan": "ya", "versi": str(case.version)})
        done = await p.post(
            sheet(case, "/perpanjang"), {"alasan": "Masih dihimpun dari bidang aset.", "versi": str(case.version)}
        )

    # Thu 17 Dec 2026: 18=1 21-23=2-4 [24-27] 28-31=5-8 [1-3] 4=9 [5] 6=10; 7=1 8=2 11-15=3-7.
    assert "6 Jan 2027" in before.words
    assert short.status == 422
    assert "Perpanjang 7 hari kerja" not in done.words
    assert (await fresh(desk, "Warga 6")).due.isoformat() == "2027-01-15"
    assert any("15 Januari 2027" in text for text in await said_to(desk, "Warga 6"))


async def test_what_is_public_already_is_offered_and_sudah_cukup_answers_the_request(desk: Afternoon) -> None:
    item = Item(id=0, unit="bpkad", category=Category.PERIODIC, title="Daftar aset kendaraan dinas", updated_at=NOW)
    kept = await desk.write(lambda work: work.catalogue.add(item))
    case = await a_request(desk, "Warga 7")
    async with desk.visitor("r") as r:
        page = await r.get(sheet(case))
        offered = await r.post(sheet(case, "/tawarkan"), {"butir": str(kept.id)})

    assert "Mungkin sudah tersedia" in page.words
    assert "Sudah ditawarkan" in offered.words
    assert f"/publik/dip/{kept.id}" in (await said_to(desk, "Warga 7"))[-1]
    assert (await fresh(desk, "Warga 7")).outcome is None
    await desk.says(
        "Warga 7", "tg-humas", "Sudah cukup.", verdict=a_verdict(Kind.OTHER, 0.9, topic="lainnya", unit=None)
    )
    assert (await fresh(desk, "Warga 7")).outcome is Outcome.GRANTED


async def test_an_unreadable_photo_is_marked_and_the_reason_stays(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 8")
    digest = desk.house.files.keep(b"bukan gambar")

    def story(work: Work) -> int:
        return work.requests.add_paper(case.id, PaperKind.IDENTITY, "ktp.jpg", "image/jpeg", 12, digest, NOW).id

    paper = await desk.write(story)
    async with desk.visitor("r") as r:
        marked = await r.post(sheet(case, f"/berkas/{paper}"), {"sebab": "terlalu gelap"})
        shown = await r.get(sheet(case, f"/berkas/{paper}"))
        other = await a_request(desk, "Warga 9")
        foreign = await r.get(sheet(other, f"/berkas/{paper}"))

    assert "Tidak terbaca: terlalu gelap" in marked.words
    assert "foto KTP yang terbaca" in marked.words
    assert shown.status == 200
    assert foreign.status == 404


async def test_a_unit_answers_at_its_own_desk_without_learning_who_asks(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 10")
    async with desk.visitor("ppid") as p:
        await p.post(sheet(case, "/isi"), {"name": "Nama Pemohon Rahasia"})
        given = await p.post(
            sheet(case, "/unit"), {"unit": "dishub", "tanya": "Berapa kendaraan di dinas?", "hari": "3"}
        )
        silly = await p.post(sheet(case, "/unit"), {"unit": "pupr", "tanya": "Berapa?", "hari": "90"})
        elsewhere = await p.post(sheet(case, "/unit"), {"unit": "pupr", "tanya": "Berapa kendaraan?"})
    tasks = await desk.read(lambda work: work.errands.tasks(case.id))
    async with desk.visitor("unit") as u:
        mine = await u.get("/ppid/tugas")
        page = await u.get(f"/ppid/tugas/{tasks[0].id}")
        forbidden = await u.get(f"/ppid/tugas/{tasks[1].id}")
        undecided = await u.post(f"/ppid/tugas/{tasks[0].id}", {"jawaban": "Ada dua belas."})
        done = await u.post(f"/ppid/tugas/{tasks[0].id}", {"jawaban": "Ada dua belas.", "dikuasai": "ya"})
        twice = await u.post(f"/ppid/tugas/{tasks[0].id}", {"jawaban": "Ada tiga.", "dikuasai": "ya"})

    assert "Dinas Perhubungan" in given.words
    assert silly.status == 422
    assert elsewhere.status == 200
    assert case.number in mine.words
    assert "Berapa kendaraan di dinas?" in page.words
    assert "Nama Pemohon Rahasia" not in page.html + mine.html
    assert forbidden.status == 403
    assert undecided.status == 422
    assert "Ada dua belas." in undecided.html
    assert done.path.startswith("/ppid/tugas")
    assert twice.status == 409


async def test_an_objection_is_registered_answered_and_stands_in_the_laws_columns(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 11")
    async with desk.visitor("ppid") as p:
        early = await p.post(sheet(case, "/keberatan"), {"pasal": "c", "kasus": "Belum dijawab juga."})
        await p.post(
            sheet(case, "/putus"),
            {"hasil": "not_held", "alasan": "Tidak kami kuasai.", "kepada": "", "versi": str(case.version)},
        )
        filed = await p.post(sheet(case, "/keberatan"), {"pasal": "e", "kasus": "Padahal ada di dinas."})
        found = (await desk.read(lambda work: work.objections.of_case(case.id)))[0]
        page = await p.get(f"/ppid/keberatan/{found.number}")
        empty = await p.post(f"/ppid/keberatan/{found.number}/tanggapan", {"hasil": "upheld", "versi": "1"})
        answered = await p.post(
            f"/ppid/keberatan/{found.number}/tanggapan",
            {"hasil": "upheld", "tanggapan": "Dokumen ada dan diberikan.", "nama": "Pejabat Uji", "versi": "1"},
        )
        stale = await p.post(
            f"/ppid/keberatan/{found.number}/tanggapan",
            {"hasil": "rejected", "tanggapan": "Tidak demikian halnya.", "nama": "Pejabat Dua", "versi": "1"},
        )
        register = await p.get("/ppid/keberatan")
    async with desk.visitor("auditor") as d, desk.visitor("unit") as u:
        looked = await d.get(f"/ppid/keberatan/{found.number}")
        written = await d.post(f"/ppid/keberatan/{found.number}/cabut", {"versi": "2"})
        elsewhere = await u.get("/ppid/keberatan")
        closed = await u.get(f"/ppid/keberatan/{found.number}")

    assert early.status == 422
    assert "belum lewat" in early.words
    assert found.number in filed.words
    assert "permintaan tidak dipenuhi" in page.words
    assert empty.status == 422
    assert "keberatan diterima" in answered.words.casefold()
    assert stale.status == 409
    for column in ("Nomor registrasi", "Alasan keberatan", "Nama dan posisi atasan PPID", "Pejabat Uji", found.number):
        assert column in register.words
    assert looked.status == 200
    assert "<textarea" not in looked.html
    assert written.status == closed.status == 403
    assert found.number not in elsewhere.words


async def test_the_register_shows_the_forms_columns_filled(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 12")
    async with desk.visitor("ppid") as p:
        await p.post(sheet(case, "/isi"), {**WHOLE, "name": "Warga Duabelas"})
        now = await fresh(desk, "Warga 12")
        await p.post(
            sheet(case, "/putus"),
            {"hasil": "granted", "bentuk": "softcopy", "biaya": "15.000", "bayar": "tunai", "versi": str(now.version)},
        )
        seen = await p.get("/ppid")

    row = seen.html.partition(f'data-key="{case.number}"')[2].partition("</tr>")[0]
    for cell in ("Warga Duabelas", "Jalan Contoh 1", "081200000001", "Penelitian", "Berkas digital", "Rp15.000, tunai"):
        assert cell in row


async def test_one_click_splits_a_message_into_two_cases_that_name_each_other(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 13", "Minta data jalan 2025, dan jalan di depan rumah saya rusak parah.")
    async with desk.visitor("r") as r:
        split = await r.post(
            f"/pesan/{case.message_id}/kasus", {"jenis": "complaint", "topik": "lainnya", "unit": "bpkad"}
        )
        page = await r.get(sheet(case))

    found = await desk.read(lambda work: work.cases.of_conversation(desk.talks["Warga 13"]))
    numbers = sorted(one.number for one in found)
    assert len(numbers) == 2
    assert numbers[0].startswith("LAP-")
    assert split.status == 200
    assert f"Pesan ini juga menjadi {case.number}" in split.words
    assert numbers[0] in page.words


async def test_a_message_that_surely_holds_both_becomes_two_by_itself(desk: Afternoon) -> None:
    verdict = a_verdict(Kind.INFORMATION_REQUEST, 0.55, topic="jalan_jembatan", unit="pupr", doubt=True)
    p = {Kind.INFORMATION_REQUEST: 0.55, Kind.COMPLAINT: 0.4, Kind.ASPIRATION: 0.03, Kind.OTHER: 0.02}
    both = replace(verdict, p=p, second_kind=Kind.COMPLAINT)
    unsure = replace(both, p=p | {Kind.COMPLAINT: 0.15, Kind.OTHER: 0.27})
    for name, said in (("Warga 14", both), ("Warga 15", unsure)):
        await desk.says(name, "tg-humas", "Minta anggaran jalan, dan jalannya rusak.", verdict=said)

    two = await desk.read(lambda work: work.cases.of_conversation(desk.talks["Warga 14"]))
    one = await desk.read(lambda work: work.cases.of_conversation(desk.talks["Warga 15"]))
    assert sorted(case.kind.value for case in two) == ["complaint", "information_request"]
    assert len({case.number for case in two}) == 2
    assert {case.message_id for case in two} == {two[0].message_id}
    assert two[0].due != two[1].due
    assert len(one) == 1


async def test_where_approval_is_wanted_the_drafter_cannot_give_it(desk: Afternoon) -> None:
    rules = replace(desk.house.office.ppid, approval=True)
    before = desk.house.office
    object.__setattr__(desk.house, "office", replace(before, ppid=rules))
    try:
        case = await a_request(desk, "Warga 16")
        async with desk.visitor("ppid") as p, desk.visitor("m") as m:
            drafted = await p.post(
                sheet(case, "/putus"), {"hasil": "granted", "bentuk": "softcopy", "versi": str(case.version)}
            )
            now = await fresh(desk, "Warga 16")
            draft = (await desk.read(lambda work: work.requests.decisions(case.id)))[0]
            fields = {"rancangan": str(draft.id), "versi": str(now.version)}
            alone = await p.post(sheet(case, "/setuju"), fields)
            done = await m.post(sheet(case, "/setuju"), fields)
    finally:
        object.__setattr__(desk.house, "office", before)

    assert "menunggu persetujuan" in drafted.words
    assert alone.status == 403
    assert done.status == 200
    assert (await fresh(desk, "Warga 16")).outcome is Outcome.GRANTED


async def test_a_link_for_the_field_is_shown_once_and_can_be_taken_back(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 17")
    async with desk.visitor("ppid") as p:
        await p.post(sheet(case, "/unit"), {"unit": "dishub", "tanya": "Berapa kendaraan di dinas?"})
        (task,) = await desk.read(lambda work: work.errands.tasks(case.id))
        nobody = await p.post(f"/ppid/tugas/{task.id}/tautan", {"pemegang": "  "})
        made = await p.post(f"/ppid/tugas/{task.id}/tautan", {"pemegang": "Petugas Lapangan"})
        later = await p.get(sheet(case))
        (link,) = [one for one in await desk.read(lambda work: work.errands.links(case.id)) if one.task_id == task.id]
        path = re.search(r"/l/[\w-]+", made.words)
        assert path
        async with desk.visitor(None) as phone:
            before = await phone.get(path[0])
            await p.post(f"/ppid/tautan/{link.id}/cabut")
            after = await phone.get(path[0])
        withdrawn = await p.post(f"/ppid/tugas/{task.id}/tarik", {"kembali": sheet(case)})
        none_left = await p.post(f"/ppid/tugas/{task.id}/tautan", {"pemegang": "Orang Lain"})

    assert nobody.status == none_left.status == 422
    assert "Salin sekarang" in made.words
    assert path[0] not in later.html
    assert "Petugas Lapangan" in later.words
    assert (before.status, after.status) == (200, 403)
    assert "ditarik" in withdrawn.words


async def test_a_request_is_decided_on_its_sheet_alone(desk: Afternoon) -> None:
    case = await a_request(desk, "Warga 18")
    fields = {"hasil": "refused", "alasan": "Dikecualikan menurut Pasal 17 huruf b", "versi": str(case.version)}
    async with desk.visitor("r") as agent:
        forbidden = await agent.post(f"/kasus/{case.number}/hasil", fields)
    async with desk.visitor("ppid") as p:
        sent_away = await p.post(f"/kasus/{case.number}/hasil", fields)

    assert forbidden.status == 403  # a request is decided by the PPID
    assert sent_away.status == 422
    assert f"/ppid/permohonan/{case.number}#putus" in sent_away.html
    assert (await fresh(desk, "Warga 18")).outcome is None


async def test_a_doubtful_request_is_asked_for_what_lacks_once_a_person_is_sure(desk: Afternoon) -> None:
    doubt = a_verdict(Kind.INFORMATION_REQUEST, 0.6, topic="lainnya", unit="bpkad", doubt=True)
    await desk.says("Warga 19", "tg-humas", ASK, verdict=doubt)
    case = await fresh(desk, "Warga 19")
    before = await said_to(desk, "Warga 19")
    async with desk.visitor("r") as r:
        await r.post(f"/kasus/{case.number}/pastikan")
        await r.post(f"/kasus/{case.number}/pastikan")
    after = await said_to(desk, "Warga 19")

    assert not any("/l/" in text for text in before)
    assert sum("/l/" in text for text in after) == 1
