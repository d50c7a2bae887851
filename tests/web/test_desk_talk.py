"""A conversation: nothing looks sent that was not, nothing a citizen wrote becomes HTML, nothing written is lost."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.message import Attachment, Delivery
from omnichannel.domain.work import Message
from tests.web.afternoon import Afternoon, Seen, an_afternoon
from tests.web.cast import NOW, a_verdict


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk"), told=False) as found:
        yield found


@pytest.fixture
async def a(desk: Afternoon, request: pytest.FixtureRequest) -> str:
    """A citizen of this test's own, who has just written."""
    name = f"Warga {abs(hash(request.node.nodeid)) % 10**6}"
    await desk.says(name, "tg-humas", "Lampu jalan mati")
    return name


async def opened(desk: Afternoon, name: str, login: str = "r") -> Seen:
    async with desk.visitor(login) as visitor:
        return await visitor.get(f"/kotak/semua/{desk.talks[name]}")


async def thread(desk: Afternoon, name: str) -> list[Message]:
    return await desk.read(lambda work: work.messages.thread(desk.talks[name]))


async def test_each_state_of_a_sending_has_its_word(desk: Afternoon, a: str) -> None:
    words = {
        Delivery.QUEUED: "Menunggu dikirim",
        Delivery.SENDING: "Sedang dikirim",
        Delivery.SENT: "Terkirim",
        Delivery.DELIVERED: "Sampai",
        Delivery.READ: "Dibaca",
        Delivery.FAILED: "Belum terkirim.",
        Delivery.UNSURE: "Belum pasti terkirim.",
    }
    for delivery, word in words.items():
        await desk.answers("r", a, f"jawaban {delivery}", delivery, error="Kanal menolak." if word[0] == "B" else None)

    seen = await opened(desk, a)
    bubbles = {part.split("<")[0]: part for part in re.split(r'<div class="words">', seen.html)[1:]}
    for delivery, word in words.items():
        assert word in bubbles[f"jawaban {delivery}"], delivery


async def test_only_what_the_channel_took_wears_the_colour_of_the_sent(desk: Afternoon, a: str) -> None:
    for delivery in (Delivery.QUEUED, Delivery.FAILED, Delivery.UNSURE):
        await desk.answers("r", a, "belum", delivery)

    classes = re.findall(r'class="(msg out[^"]*)"', (await opened(desk, a)).html)

    assert sorted(classes) == ["msg out failed", "msg out queued", "msg out unsure"]


async def test_a_comment_says_published_not_sent(desk: Afternoon) -> None:
    await desk.says("@b", "ig-pemkab", "Kapan diperbaiki?", public=True)
    await desk.answers("r", "@b", "Segera.", Delivery.SENT)

    seen = await opened(desk, "@b")

    assert "Terbit" in seen.words
    assert "Komentar publik, semua orang dapat membacanya" in seen.words
    assert 'id="to-public"' in seen.html
    assert 'id="to-private"' not in seen.html


async def test_what_a_citizen_writes_never_becomes_html(desk: Afternoon) -> None:
    nasty = '<script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) http://a.id/?q="><b>'
    await desk.says("<b>Warga</b>", "tg-humas", nasty, quoted="<i>kutip</i>")

    seen = await opened(desk, "<b>Warga</b>")

    assert "<script>alert" not in seen.html
    assert "<img src=x" not in seen.html
    assert "<b>Warga</b>" not in seen.html
    assert "<i>kutip" not in seen.html
    assert not re.search(r'href="javascript:', seen.html)


async def test_a_link_opens_apart_and_tells_nobody_where_from(desk: Afternoon, a: str) -> None:
    await desk.says(a, "tg-humas", "lihat https://contoh.id/peta?a=1&b=2.")

    link = re.search(r'<a href="https://contoh\.id/peta\?a=1&amp;b=2"([^>]*)>', (await opened(desk, a)).html)

    assert link is not None
    assert "noopener" in link[1]
    assert "noreferrer" in link[1]


async def test_a_mail_without_a_text_part_is_read_as_text(desk: Afternoon) -> None:
    await desk.says("Warga M", "surel-layanan", "x")
    number = desk.talks["Warga M"]
    await desk.write(
        lambda work: work.messages.add(
            conversation_id=number,
            account="surel-layanan",
            external_id="h1",
            direction=work.messages.thread(number)[0].direction,
            text="",
            html="<style>p{color:red}</style><p>Mohon <b>data</b></p><p>Salam&nbsp;hormat</p><script>x()</script>",
            sent_at=NOW,
            arrived_at=NOW,
        )
    )

    seen = await opened(desk, "Warga M")

    assert ">Mohon data\n\nSalam" in seen.html
    assert "x()" not in seen.html
    assert "color:red" not in seen.html


async def test_each_state_of_a_file_is_told(desk: Afternoon, a: str) -> None:
    message = await desk.says(a, "tg-humas", "berkas")
    await desk.attaches(
        message,
        desk.file(b"gambar", "image/png", "foto.png"),
        desk.file(b"<svg onload=alert(1)>", "image/svg+xml", "peta.svg"),
        desk.file(b"suara", "audio/ogg", "suara.ogg"),
        Attachment("application/pdf", name="nanti.pdf", id="f1"),
        Attachment("video/mp4", name="hilang.mp4", id="f2"),
    )
    lost = (await thread(desk, a))[-1].files[-1]
    await desk.write(lambda work: work.messages.file_lost(lost.id, "tautan kedaluwarsa"))

    seen = await opened(desk, a)

    assert re.search(r'<img src="/berkas/\d+"', seen.html)
    assert re.search(r'<audio controls[^>]* src="/berkas/\d+"', seen.html)
    assert "nanti.pdf masih diambil" in seen.words
    assert "hilang: tautan kedaluwarsa" in seen.words
    # A drawing from a stranger is a program: offered for download, never drawn in our page.
    assert re.search(r'<a class="fileline" href="/berkas/\d+" download>.*?peta\.svg', seen.html, re.DOTALL)


async def test_a_reply_without_script_is_queued_once(desk: Afternoon, a: str) -> None:
    number = desk.talks[a]
    async with desk.visitor("r") as r:
        fields = {
            "text": "Baik, kami periksa.\r\nTerima kasih.",
            "key": f"1{a}",
            "ke": "balas",
            "kembali": f"/kotak/semua/{number}",
        }
        first = await r.post(f"/percakapan/{number}/balas", fields)
        await r.post(f"/percakapan/{number}/balas", fields)

    said = [one for one in await thread(desk, a) if one.direction == "out"]
    assert first.path == f"/kotak/semua/{number}"
    assert [one.text for one in said] == ["Baik, kami periksa.\nTerima kasih."]
    assert said[0].delivery is Delivery.QUEUED
    assert "Menunggu dikirim" in first.words


async def test_a_note_never_leaves_and_looks_like_paper(desk: Afternoon, a: str) -> None:
    number = desk.talks[a]
    async with desk.visitor("r") as r:
        seen = await r.post(f"/percakapan/{number}/balas", {"text": "cek dulu", "key": f"2{a}", "ke": "catatan"})

    note = (await thread(desk, a))[-1]
    assert note.direction == "note"
    assert note.delivery is None
    assert 'class="memo"' in seen.html


async def test_a_text_too_long_comes_back_whole_with_the_reason(desk: Afternoon, a: str) -> None:
    long = "a" * 5000
    number = desk.talks[a]
    async with desk.visitor("r") as r:
        seen = await r.post(f"/percakapan/{number}/balas", {"text": long, "key": f"3{a}", "ke": "balas"})

    assert seen.status == 422
    assert f">{long}</textarea>" in seen.html
    assert "paling banyak 4096" in seen.words
    assert [one for one in await thread(desk, a) if one.direction == "out"] == []


async def test_a_ready_reply_with_a_hole_in_it_does_not_leave(desk: Afternoon, a: str) -> None:
    number, holed = desk.talks[a], "Laporan Anda ({nomor}) kami teruskan."
    async with desk.visitor("r") as r:
        seen = await r.post(f"/percakapan/{number}/balas", {"text": holed, "key": f"h{a}", "ke": "balas"})
        await r.post(f"/percakapan/{number}/balas", {"text": "Isi {formulir} ini.", "key": f"i{a}", "ke": "balas"})

    assert seen.status == 422
    assert f">{holed}</textarea>" in seen.html
    assert "masih memuat {nomor}" in seen.words
    assert [one.text for one in await thread(desk, a) if one.direction == "out"] == ["Isi {formulir} ini."]


async def test_a_shut_window_says_why_and_leaves_the_note_open(desk: Afternoon) -> None:
    await desk.says("Warga W", "wa-layanan", "halo", ago=timedelta(hours=25))

    seen = await opened(desk, "Warga W")
    async with desk.visitor("r") as r:
        sent = await r.post(f"/percakapan/{desk.talks['Warga W']}/balas", {"text": "halo", "key": "k4", "ke": "balas"})

    assert "Jendela 24 jam sudah tertutup. Kirim templat, atau tunggu warga menulis lagi." in seen.words
    assert re.search(r'id="to-private"\s+disabled', seen.html)
    assert re.search(r'id="to-note" checked', seen.html)
    assert sent.status == 422
    assert ">halo</textarea>" in sent.html


async def test_the_window_counts_down_where_the_channel_has_one(desk: Afternoon, a: str) -> None:
    await desk.says("Warga W", "wa-layanan", "halo", ago=timedelta(hours=2))

    assert "Jendela balas 22 jam 0 mnt" in (await opened(desk, "Warga W")).words
    assert "Jendela balas" not in (await opened(desk, a)).words


async def test_what_failed_is_really_sent_again(desk: Afternoon, a: str) -> None:
    message = await desk.answers("r", a, "ulang", Delivery.FAILED, error="menolak")
    async with desk.visitor("r") as r:
        seen = await r.post(f"/pesan/{message.id}/kirim-ulang")
        again = await r.post(f"/pesan/{message.id}/kirim-ulang")

    state, jobs = await desk.read(lambda work: (work.messages.get(message.id), work.jobs.depths()))
    assert state is not None
    assert state.delivery is Delivery.QUEUED
    assert jobs["send:tg-humas"][0] >= 1
    assert "Menunggu dikirim" in seen.words
    assert again.status == 409


async def test_an_unsure_message_is_settled_by_a_person(desk: Afternoon, a: str) -> None:
    message = await desk.answers("r", a, "mungkin", Delivery.UNSURE)
    async with desk.visitor("r") as r:
        seen = await r.post(f"/pesan/{message.id}/sudah-sampai")

    assert "Terkirim" in seen.words
    assert "Petugas R memastikan pesan sudah sampai" in seen.words


async def test_the_second_to_take_it_is_told_who_was_first(desk: Afternoon, a: str) -> None:
    number = desk.talks[a]
    async with desk.visitor("r") as r, desk.visitor("s") as s:
        await r.post(f"/percakapan/{number}/tugaskan", {"petugas": str(desk.staff["r"].id), "lihat": "0"})
        late = await s.post(f"/percakapan/{number}/tugaskan", {"petugas": str(desk.staff["s"].id), "lihat": "0"})

    assert late.status == 409
    assert "Petugas R memegang percakapan ini" in late.words


async def test_the_desk_is_put_in_order_by_buttons(desk: Afternoon, a: str) -> None:
    number = desk.talks[a]
    async with desk.visitor("r") as r:
        done = await r.post(f"/percakapan/{number}/selesai")
        reopened = await r.post(f"/percakapan/{number}/buka")
        snoozed = await r.post(f"/percakapan/{number}/tunda", {"sampai": (NOW + timedelta(days=1)).isoformat()})
        past = await r.post(f"/percakapan/{number}/tunda", {"sampai": (NOW - timedelta(days=1)).isoformat()})
        naive = await r.post(f"/percakapan/{number}/tunda", {"sampai": "2026-12-20T08:00:00"})
        passed = await r.post(f"/percakapan/{number}/unit", {"unit": "dishub"})
        nowhere = await r.post(f"/percakapan/{number}/unit", {"unit": "tidak-ada"})

    assert "Petugas R menandai selesai" in done.words
    assert "Petugas R membuka lagi" in reopened.words
    assert "Ditunda sampai 18 Des 2026, 14.05 WITA" in snoozed.words
    assert past.status == naive.status == nowhere.status == 422
    assert "Petugas R menyerahkan ke Perhubungan" in passed.words


async def test_reading_is_remembered_but_an_auditor_leaves_no_trace(desk: Afternoon, a: str) -> None:
    await opened(desk, a, "auditor")
    unread = await desk.read(lambda work: work.conversations.get(desk.talks[a]))
    await opened(desk, a)
    read = await desk.read(lambda work: work.conversations.get(desk.talks[a]))

    assert unread is not None
    assert read is not None
    assert (unread.unread, read.unread) == (1, 0)


async def test_an_auditor_reads_and_has_no_button(desk: Afternoon, a: str) -> None:
    number = desk.talks[a]
    async with desk.visitor("auditor") as d:
        seen = await d.get(f"/kotak/semua/{number}")
        sent = await d.post(f"/percakapan/{number}/balas", {"text": "x", "key": "k", "ke": "balas"})
        noted = await d.post(f"/percakapan/{number}/balas", {"text": "x", "key": "k", "ke": "catatan"})

    assert "Peran Anda hanya membaca." in seen.words
    assert 'id="jawab"' not in seen.html
    assert sent.status == noted.status == 403


async def test_ready_replies_are_filled_and_one_with_a_blank_field_is_not_offered(desk: Afternoon, a: str) -> None:
    async with desk.visitor("r") as r:
        page = await r.get(f"/balasan?percakapan={desk.talks[a]}")
        data = await r.get(f"/balasan?percakapan={desk.talks[a]}", **{"HX-Request": "true"})

    assert f"{a}. Ada yang dapat kami bantu?" in page.words
    assert '"key": "salam"' in data.html
    assert "{" not in page.words
    assert '"key": "selesai", "title": "Sudah ditangani", "why": "belum ada nomor"' in data.html
    assert not any("{" in one["text"] for one in json.loads(data.html)["replies"])
    assert "Belum dapat dipakai di sini" in page.words


async def test_a_ready_reply_has_an_indonesian_date_whatever_the_officer_reads(desk: Afternoon) -> None:
    verdict = a_verdict(Kind.COMPLAINT, 0.93, topic="pju", unit="dishub")
    await desk.says("Warga Tanggal", "tg-humas", "Lampu jalan mati", verdict=verdict)
    async with desk.visitor("r", "en") as r:
        page = await r.get(f"/balasan?percakapan={desk.talks['Warga Tanggal']}")

    assert "Batas waktunya tetap 12 Januari 2027" in page.words


async def test_a_public_reply_names_nobody(desk: Afternoon) -> None:
    await desk.says("Warga Terbuka", "ig-pemkab", "kapan?", public=True)
    async with desk.visitor("r") as r:
        data = await r.get(f"/balasan?percakapan={desk.talks['Warga Terbuka']}", **{"HX-Request": "true"})

    assert "Warga Terbuka" not in data.html
    assert "Bapak/Ibu" in data.html


async def test_older_messages_are_a_page_of_their_own(desk: Afternoon) -> None:
    for n in range(60):
        await desk.says("Warga B", "tg-humas", f"baris {n:02}", ago=timedelta(minutes=90 - n))
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{desk.talks['Warga B']}")
        link = re.search(r'data-older="([^"]+)"', seen.html)
        assert link is not None
        older = await r.get(link[1])

    assert "baris 10" in seen.words
    assert "baris 09" not in seen.words
    assert "baris 09" in older.words
    assert "baris 10" not in older.words


async def test_an_account_gone_from_the_configuration_still_shows_its_words(desk: Afternoon) -> None:
    await desk.says("Warga Z", "ig-pemkab", "Lampu jalan mati")
    gone = desk.house.connectors.pop("ig-pemkab")  # type: ignore[attr-defined]
    try:
        seen = await opened(desk, "Warga Z")
    finally:
        desk.house.connectors["ig-pemkab"] = gone  # type: ignore[index]

    assert "Lampu jalan mati" in seen.words
    assert "Akun kanal ini tidak ada lagi di konfigurasi" in seen.words
