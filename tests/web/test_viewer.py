"""What is looked at inside the conversation: places without a map, earlier words, papers, and the post above its comments."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.posts import Post
from omnichannel.web.labels import degrees
from tests.web.afternoon import Afternoon, an_afternoon

POST = "Pemkab Kutai Timur: pemeliharaan lampu jalan 14 sampai 20 Desember di Sangatta Utara."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        yield found


@pytest.mark.parametrize(
    ("lat", "lon", "said"),
    [
        (0.51234, 117.53456, "0°30′44,4″ LU, 117°32′04,4″ BT"),
        (-0.00001, 117.0, "0°00′00,0″ LS, 117°00′00,0″ BT"),
        (0.999999, 0.0, "1°00′00,0″ LU, 0°00′00,0″ BT"),
        (-90, -180, "90°00′00,0″ LS, 180°00′00,0″ BB"),
    ],
)
def test_a_place_is_read_out_in_degrees(lat: float, lon: float, said: str) -> None:
    assert degrees(lat, lon, lambda text, **_: text) == said


async def test_a_place_names_no_strangers_server(desk: Afternoon) -> None:
    await desk.says("Warga A", "wa-layanan", "Di sini", location={"lat": 0.51234, "lon": 117.53456})
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{desk.talks['Warga A']}")

    assert "0°30′44,4″ LU, 117°32′04,4″ BT" in seen.words
    assert 'href="geo:0.51234,117.53456?q=0.51234,117.53456"' in seen.html
    assert not re.search(r'(src|href)="https?://(?!contoh)', seen.html)


async def test_earlier_words_are_kept_and_shown_to_who_may_read(desk: Afternoon) -> None:
    message = await desk.says("Warga A", "wa-layanan", "Jalan <b>rusak</b>")
    for n, words in enumerate(("Jalan rusak parah", "Jalan sudah baik")):
        at = desk.clock.now() + timedelta(minutes=n)
        await desk.write(lambda work, words=words, at=at: work.messages.set_text(message.id, words, at))  # type: ignore[misc]
    async with desk.visitor("r") as r, desk.visitor("unit") as u:
        page = await r.get(f"/pesan/{message.id}/versi")
        piece = await r.get(f"/pesan/{message.id}/versi", **{"HX-Request": "true"})
        talk = await r.get(f"/kotak/semua/{desk.talks['Warga A']}")
        refused, missing = await u.get(f"/pesan/{message.id}/versi"), await r.get("/pesan/99999/versi")

    assert re.findall(r'<p class="words">(.*?)</p>', piece.html) == [
        "Jalan &lt;b&gt;rusak&lt;/b&gt;",
        "Jalan rusak parah",
        "Jalan sudah baik",
    ]
    assert "<html" in page.html
    assert "<html" not in piece.html
    assert f'href="/pesan/{message.id}/versi" data-look="versions"' in talk.html
    assert (refused.status, missing.status) == (403, 404)


async def test_comments_stand_under_their_post_once(desk: Afternoon) -> None:
    for n, words in enumerate(("Kapan ke Bengalon?", "Kami juga gelap", "Ada kabar?")):
        await desk.says("@warga_e", "ig-pemkab", words, public=True, quoted=POST, ago=timedelta(minutes=9 - n))
    await desk.says("@warga_e", "ig-pemkab", "Di sini lain lagi", public=True, quoted="Kiriman lain")
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{desk.talks['@warga_e']}")

    stream = seen.html[seen.html.index('id="aliran"') :]
    assert stream.count('class="post"') == 2
    assert stream.count(POST) == 1
    assert (
        stream.index(POST)
        < stream.index("Kapan ke Bengalon?")
        < stream.index("Kiriman lain")
        < stream.index("Di sini lain lagi")
    )


async def test_what_a_chat_answers_is_folded_under_its_own_name(desk: Afternoon) -> None:
    await desk.says("Warga A", "wa-layanan", "Ya, yang itu", quoted="Apakah tiang di Gang Mawar?")
    await desk.says("Warga C", "surel-layanan", "Terima kasih", quoted="> Surat Anda kami terima")
    async with desk.visitor("r") as r:
        chat = await r.get(f"/kotak/semua/{desk.talks['Warga A']}")
        mail = await r.get(f"/kotak/semua/{desk.talks['Warga C']}")

    assert "Yang dibalas warga" in chat.words
    assert "Kutipan surat sebelumnya" in mail.words
    assert '<details class="quote"><summary>' in chat.html


async def test_a_paper_is_looked_at_here_and_saved_apart(desk: Afternoon) -> None:
    message = await desk.says("Warga A", "wa-layanan", "Suratnya")
    await desk.attaches(message, desk.file(b"%PDF-1.7\n%%EOF", "application/pdf", 'denah "A".pdf'))
    async with desk.visitor("r") as r:
        seen = await r.get(f"/kotak/semua/{desk.talks['Warga A']}")

    found = re.search(r'href="(/berkas/\d+)"[^>]*data-look="paper" data-name="denah &#34;A&#34;.pdf"', seen.html)
    assert found
    assert f'href="{found[1]}?unduh" download' in seen.html


async def test_a_comment_without_its_post_shows_what_the_platform_told_of_it(desk: Afternoon) -> None:
    message = await desk.says("Warga E", "fb-pemkab", "Kapan giliran kami?", public=True, ago=timedelta(days=1))
    await desk.says("Warga E", "fb-pemkab", "Sudah dua hari", public=True)
    thread = await desk.read(lambda work: work.conversations.get(message.conversation_id))
    assert thread is not None
    async with desk.visitor("r") as r:
        before = await r.get(f"/kotak/semua/{thread.id}")
        post = Post(POST, "https://mainan.example/9_1", "image", desk.clock.now())
        await desk.write(lambda work: work.posts.keep(thread.account, thread.external_id, post, desk.clock.now()))
        after = await r.get(f"/kotak/semua/{thread.id}")

    assert "Kiriman yang dikomentari" not in before.words
    assert (after.html.count('class="thread"'), after.words.count("Kiriman yang dikomentari")) == (2, 1)
    assert f"Kiriman yang dikomentari Foto · 17 Des 2026, 14.05 WITA {POST}" in after.words
    assert re.search(
        r'<a class="small" href="https://mainan.example/9_1" target="_blank" rel="noopener noreferrer nofollow"',
        after.html,
    )
