"""Reports to LAPOR on the desk: the board, a sheet without a name in it, what comes back and what it stops."""

import re
from collections.abc import AsyncIterator

import pytest

from omnichannel.domain.case import Kind
from tests.web.afternoon import Afternoon, an_afternoon, case_of
from tests.web.cast import a_verdict


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        yield found


async def test_the_board_has_each_report_in_its_lane(desk: Afternoon) -> None:
    async with desk.visitor("lapor") as visitor:
        seen = await visitor.get("/lapor")

    lanes = dict(re.findall(r'id="lajur-(\w+)">.*?<ul>(.*?)</ul>', seen.html, re.DOTALL))
    sent = (await case_of(desk, "Warga T")).number
    late = (await case_of(desk, "Warga S")).number
    assert sent in lanes["terkirim"]
    assert "#10514471" in lanes["terkirim"]
    assert late in lanes["menunggu"]
    assert late in lanes["lewat"]
    assert sent not in lanes["menunggu"]


async def test_the_sheet_keeps_the_identity_apart(desk: Afternoon) -> None:
    await desk.says(
        "Siti Contoh",
        "tg-humas",
        "Saya Siti Contoh, jalan di depan rumah saya rusak.",
        verdict=a_verdict(Kind.COMPLAINT, 0.95, topic="jalan_jembatan", unit="pupr"),
    )
    case = await case_of(desk, "Siti Contoh")
    async with desk.visitor("lapor") as visitor:
        seen = await visitor.get(f"/lapor/{case.number}")

    fields = dict(re.findall(r'id="f-(\w+)"[^>]*>([^<]*)<', seen.html))
    assert set(fields) >= {
        "classification",
        "title",
        "content",
        "date_of_incident",
        "location",
        "institution",
        "category",
        "privacy",
    }
    assert "Siti" not in fields["title"] + fields["content"]
    assert not {"name", "phone", "nik"} & set(fields), "who did not choose to be named is not on the sheet"
    assert fields["date_of_incident"] == "17-12-2026"
    assert "Belum lengkap: lokasi kejadian" in seen.words


async def test_a_supervision_complaint_shows_no_identity(desk: Afternoon) -> None:
    case = await case_of(desk, "+628125550377")
    async with desk.visitor("lapor") as visitor:
        seen = await visitor.get(f"/lapor/{case.number}")
        page = await visitor.get(f"/kasus/{case.number}")

    assert "Anonim dan Rahasia" in seen.words
    for html in (seen.html, page.html):
        assert "377" not in re.sub(r'class="alarms".*?</div>', "", html, flags=re.DOTALL).split("<main")[1]


async def test_keying_in_tells_the_citizen_once(desk: Afternoon) -> None:
    case = await case_of(desk, "Warga G")
    address = f"/lapor/{case.number}/terkirim"
    async with desk.visitor("lapor") as visitor:
        empty = await visitor.post(
            address, {"tracking": " ", "tautan": "https://www.lapor.go.id/x", "versi": str(case.version)}
        )
        evil = await visitor.post(
            address, {"tracking": "1051", "tautan": "javascript:alert(1)", "versi": str(case.version)}
        )
        done = await visitor.post(address, {"tracking": "10519999", "tautan": "", "versi": str(case.version)})
    async with desk.visitor("ppid") as other:
        refused = await other.post(address, {"tracking": "1", "tautan": ""})

    said = await desk.read(lambda work: work.messages.thread(desk.talks["Warga G"]))
    assert empty.status == evil.status == 422
    assert 'value="https://www.lapor.go.id/x"' in empty.html
    assert 'href="javascript' not in evil.html
    assert refused.status == 403
    assert "Tracking ID tersimpan dan warga dikabari." in done.words
    assert len([one for one in said if "10519999" in one.text]) == 1


async def test_a_request_for_information_has_no_lapor_sheet(desk: Afternoon) -> None:
    async with desk.visitor("lapor") as visitor:
        assert (await visitor.get(f"/lapor/{(await case_of(desk, 'Warga M')).number}")).status == 404


async def test_news_of_lapor_reaches_the_citizen_and_ends_the_case(desk: Afternoon) -> None:
    await desk.says(
        "Warga 9", "tg-humas", "sampah menumpuk", verdict=a_verdict(Kind.COMPLAINT, 0.9, topic="pju", unit="pupr")
    )
    number = (await case_of(desk, "Warga 9")).number
    async with desk.visitor("lapor") as visitor:
        await visitor.post(f"/lapor/{number}/terkirim", {"tracking": "10510009", "tautan": ""})
        wrong = await visitor.post(f"/lapor/{number}/kabar", {"status": "Entah", "kabar": "x"})
        done = await visitor.post(f"/lapor/{number}/kabar", {"status": "Selesai", "kabar": "Sampah sudah diangkut."})
        board = await visitor.get("/lapor")

    said = [one.text for one in await desk.read(lambda work: work.messages.thread(desk.talks["Warga 9"]))]
    assert wrong.status == 422
    assert "Kabar dari LAPOR tersimpan dan warga dikabari." in done.words
    assert any("Sampah sudah diangkut." in text for text in said)
    lanes = dict(re.findall(r'id="lajur-(\w+)">.*?<ul>(.*?)</ul>', board.html, re.DOTALL))
    assert number in lanes["terjawab"]


async def test_a_mistyped_tracking_id_is_mended_with_a_reason(desk: Afternoon) -> None:
    await desk.says(
        "Warga 7", "tg-humas", "lampu mati", verdict=a_verdict(Kind.COMPLAINT, 0.9, topic="pju", unit="dishub")
    )
    number = (await case_of(desk, "Warga 7")).number
    async with desk.visitor("lapor") as visitor:
        await visitor.post(f"/lapor/{number}/terkirim", {"tracking": "10510001", "tautan": ""})
        silent = await visitor.post(f"/lapor/{number}/perbaiki", {"tracking": "10510002", "tautan": "", "alasan": ""})
        done = await visitor.post(
            f"/lapor/{number}/perbaiki", {"tracking": "10510002", "tautan": "", "alasan": "salah ketik"}
        )

    assert silent.status == 422
    assert 'value="10510002"' in silent.html
    assert "10510002" in done.words
    assert (await case_of(desk, "Warga 7")).tracking_id == "10510002"


async def test_a_step_taken_in_time_stops_its_own_clock(desk: Afternoon) -> None:
    await desk.says(
        "Warga 10", "tg-humas", "lampu mati", verdict=a_verdict(Kind.COMPLAINT, 0.9, topic="pju", unit="dishub")
    )
    number = (await case_of(desk, "Warga 10")).number
    async with desk.visitor("lapor") as visitor:
        await visitor.post(f"/lapor/{number}/terkirim", {"tracking": "10510010", "tautan": ""})
        verified = await visitor.get(f"/kasus/{number}")
        await visitor.post(f"/lapor/{number}/kabar", {"status": "Dalam Proses", "kabar": ""})
        followed = await visitor.get(f"/kasus/{number}")

    assert re.search(r"<b>Verifikasi dan penerusan</b><span class=\"due done\">dipenuhi 17 Des", verified.html)
    assert not re.search(r"<b>Tindak lanjut pertama</b><span class=\"due done", verified.html)
    assert re.search(r"<b>Tindak lanjut pertama</b><span class=\"due done\">dipenuhi 17 Des", followed.html)
    assert re.search(r"<b>Penyelesaian pengaduan</b><span class=\"due \"", followed.html)
