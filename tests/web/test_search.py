"""The search field: what may be written in it, what it finds, what it shows of it, and to whom."""

import html
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.organisation import Level, Organisation, Unit
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.search import Passage, Piece, Sought, Standing
from omnichannel.web import asked, snippets
from tests.web.afternoon import Afternoon, an_afternoon

ME = Staff(id=7, login="sari", name="Sari Dewi", role=Role.AGENT)
GROUND = asked.Ground(
    organisation=Organisation(
        [
            Unit("kab", "Kabupaten Uji", Level.KABUPATEN, code="64.99"),
            Unit("pupr", "Dinas Pekerjaan Umum", Level.OPD, "kab", aliases=("dpu",)),
            Unit("utara", "Kecamatan Utara", Level.KECAMATAN, "kab", code="64.99.01", aliases=("sangatta utara",)),
        ]
    ),
    accounts=("wa-humas",),
    people=(ME, Staff(id=8, login="budi", name="Budi", role=Role.AGENT)),
    me=ME,
    zone=ZoneInfo("Asia/Makassar"),
    today=date(2026, 12, 17),
    say=lambda text, **fields: text.format(**fields) if fields else text,
)


def meaning(text: str) -> Sought:
    return asked.read(text, GROUND).sought


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("", Sought()),
        ("kanal:wa", Sought(channels=("whatsapp",))),
        ("channel:WA,tg kanal:wa-humas", Sought(channels=("whatsapp", "telegram"), accounts=("wa-humas",))),
        ("status:baru state:done", Sought(standings=(Standing.NEW, Standing.RESOLVED))),
        ("unit:DPU", Sought(units=("pupr",))),
        ('tempat:"sangatta utara"', Sought(places=("64.99.01",))),
        ("jenis:pengaduan", Sought(kinds=("complaint",))),
        ("petugas:saya", Sought(staff=(7,))),
        ("assignee:none", Sought(nobody=True)),
        ("petugas:bud", Sought(staff=(8,))),
        ("nomor:LAP-2026-000123", Sought(numbers=("LAP-2026-000123",))),
        ("lampiran:ada", Sought(files=True)),
        ("has:none", Sought(files=False)),
        ("nik:6408-0101-0101-0009", Sought(tails=("0009",))),
        ('warga:"siti aminah"', Sought(names=(Piece(("siti", "aminah"), prefix=True),))),
        ("dari:2026-01", Sought(since=datetime(2025, 12, 31, 16, tzinfo=UTC))),
        ("before:kemarin", Sought(until=datetime(2026, 12, 15, 16, tzinfo=UTC))),
        ('lampu "jalan rusak" -banjir', Sought(
            pieces=(Piece(("lampu",)), Piece(("jalan", "rusak")), Piece(("banjir",), without=True)))),
        ("lamp*", Sought(pieces=(Piece(("lamp",), prefix=True),))),
        ("0812-3456 7890 lampu", Sought(pieces=(Piece(("6281234567890",), prefix=True), Piece(("lampu",))))),
        ("https://contoh.id/a", Sought(pieces=(Piece(("https", "contoh", "id", "a")),))),
        ("pukul 12:30", Sought(pieces=(Piece(("pukul",)), Piece(("12", "30"))))),
    ],
)  # fmt: skip
def test_the_field_means_what_it_says(text: str, sought: Sought) -> None:
    found = asked.read(text, GROUND)

    assert found.sought == sought
    assert found.faults == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("warna:merah", "Saringan “warna:” tidak dikenal. Yang ada: kanal:"),
        ("kanal:burung", "“burung” tidak dikenal untuk kanal: — pilihannya wa"),
        ("status:apa", "pilihannya baru"),
        ("unit:xyz", "Tidak ada unit bernama “xyz”"),
        ("tempat:atlantis", "Tidak ada desa atau kecamatan"),
        ("petugas:zorro", "Tidak ada petugas bernama “zorro”"),
        ("dari:2026-13", "bukan tanggal"),
        ("dari:9999-12-31", "bukan tanggal"),
        ("dari:٢٠٢٦", "bukan tanggal"),
        ("nik:12", "empat angka"),
        ('kanal:""', "belum diisi"),
        ("lampiran:mungkin", "pilihannya ada"),
    ],
)
def test_what_is_not_understood_is_said_and_looked_for_as_words_where_it_stands_alone(text: str, says: str) -> None:
    found = asked.read(f"lampu {text}", GROUND)

    assert says in found.faults[0]
    assert found.sought.pieces[0] == Piece(("lampu",))
    assert len(found.sought.pieces) == 1
    assert [chip.rest for chip in found.chips] == ["lampu"]
    assert text.endswith('""') or asked.read(text, GROUND).sought.pieces


@given(st.text(max_size=300))
def test_no_field_breaks_the_reading_and_every_chip_can_go(text: str) -> None:
    found = asked.read(text, GROUND)

    for chip in found.chips:
        assert len(asked.read(chip.rest, GROUND).chips) < len(found.chips) or len(chip.rest) < len(found.text)


def test_the_menu_writes_words_into_the_field() -> None:
    assert asked.replaced("lampu kanal:wa", "kanal", "telegram") == "lampu kanal:telegram"
    assert asked.replaced("channel:wa lampu", "kanal", "") == "lampu"
    assert asked.replaced("lampu", "jenis", "complaint") == "lampu jenis:complaint"


def shown(text: str, query: str) -> str:
    bits = snippets.cut(text, meaning(query).pieces)
    return "".join(f"[{bit.text}]" if bit.marked else bit.text for bit in bits)


def test_a_snippet_marks_the_words_and_masks_the_numbers() -> None:
    long = (
        "kata pembuka " * 40
        + "Lampunya di gang MELATI padam, NIK 6408010101010009, telp 0812-3456-7890. "
        + "dan " * 60
    )

    seen = shown(long, "lampu melati")

    assert "[Lampunya] di gang [MELATI] padam" in seen
    assert "6408" not in seen
    assert "3456" not in seen
    assert seen.startswith("… ")
    assert seen.endswith(" …")
    assert len(seen) < 200
    assert shown("Café itu tutup", "cafe") == "[Café] itu tutup"
    assert shown("", "lampu") == ""


def test_a_snippet_comes_from_the_file_where_only_that_says_it() -> None:
    passage = Passage(id=1, text="terlampir", subject=None, sent_at=datetime(2026, 1, 1, tzinfo=UTC), direction="in",
                      files=("surat tanah.pdf",))  # fmt: skip

    bits = snippets.snippet(passage, Sought(pieces=(Piece(("tanah",)),)))

    assert [(bit.text, bit.marked) for bit in bits] == [("surat ", False), ("tanah", True), (".pdf", False)]


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        await found.says("Warga Cari", "tg-humas", "<b>Kelapa</b> tumbang, hp 0812-9999-1234", ago=timedelta(days=2))
        yield found


async def test_a_hit_is_marked_escaped_masked_and_leads_to_its_message(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get("/kotak/perlu-dibaca?cari=kelapa")
        link = re.search(r'href="([^"]+pesan=(\d+)#p\d+)"', seen.html)
        assert link is not None
        opened = await r.get(html.unescape(link[1]))

    assert "&lt;b&gt;<mark>Kelapa</mark>&lt;/b&gt; tumbang" in seen.html
    assert "9999" not in seen.html
    assert "Semua tahun, terbaru dulu" in seen.words
    assert re.search(rf'class="msg[^"]* found"[^>]*id="p{link[2]}"', opened.html)
    assert 'value="kelapa"' in opened.html


async def test_chips_say_the_filters_and_each_goes_by_its_own_link(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get("/kotak/semua?cari=lampu+kanal:wa+warna:merah")

    assert "Kanal: WhatsApp" in seen.words
    assert "Saringan “warna:” tidak dikenal." in seen.words
    assert 'href="/kotak/semua?cari=lampu+warna%3Amerah"' in seen.html


async def test_filters_alone_narrow_the_open_list_and_say_so(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get("/kotak/semua?cari=jalur:komentar")

    assert "Hanya di daftar “Belum selesai”" in seen.words
    assert "Semua tahun" not in seen.words


async def test_a_unit_officer_finds_nothing_of_another_unit(desk: Afternoon) -> None:
    async with desk.visitor("unit") as u:
        for query in ("kelapa", "warga", "kelapa status:baru", "status:baru,selesai,menunggu"):
            seen = await u.get(f"/kotak/semua?cari={query}")

            assert "Kelapa" not in seen.html, query
            assert "Warga Cari" not in seen.words, query
            assert seen.status == 200


async def test_an_old_message_is_shown_among_its_neighbours(desk: Afternoon) -> None:
    for n in range(130):
        await desk.says("Warga Panjang", "tg-humas", f"rambutan nomor{n}", ago=timedelta(minutes=2000 - n))
    async with desk.visitor("r") as r:
        found = await r.get("/kotak/semua?cari=nomor7")
        link = re.search(r'href="([^"]+pesan=(\d+)#p\d+)"', found.html)
        assert link is not None
        opened = await r.get(html.unescape(link[1]))
        elsewhere = await r.get(re.sub(r"pesan=\d+", "pesan=1", html.unescape(link[1])))

    assert "rambutan nomor7" in opened.words
    assert "rambutan nomor20" in opened.words
    assert "rambutan nomor129" not in opened.words.split("Ke pesan terbaru")[0].split("Percakapan")[-1]
    assert "Ke pesan terbaru" in opened.words
    assert "Ke pesan terbaru" not in elsewhere.words


@pytest.mark.parametrize(
    "query", ["cari=kelapa&sesudah=x", "cari=kelapa&sesudah=%FF", "cari=%22", "cari=-", "cari=kanal:"]
)
async def test_no_address_breaks_the_search(desk: Afternoon, query: str) -> None:
    async with desk.visitor("r") as r:
        assert (await r.get(f"/kotak/semua/baris?{query}")).status in (200, 422)


async def test_a_search_is_kept_in_the_rail_under_its_name_and_taken_away_again(desk: Afternoon) -> None:
    async with desk.visitor("r") as r, desk.visitor("s") as other, desk.visitor("unit") as unit:
        asked_for = {"nama": "Lampu <b>", "cari": "lampu kanal:wa", "kembali": "/kotak/semua"}
        kept = await r.post("/pencarian", asked_for)
        foreign = await other.get("/kotak/semua")
        number = re.search(r"/pencarian/(\d+)/hapus", kept.html)
        assert number is not None
        refused = await unit.post(f"/pencarian/{number[1]}/hapus")
        gone = await r.post(f"/pencarian/{number[1]}/hapus", {"kembali": "/kotak/semua"})

    assert 'href="/kotak/semua?cari=lampu%20kanal%3Awa"' in kept.html
    assert "Lampu &lt;b&gt;" in kept.html
    assert "Lampu &lt;b&gt;" not in foreign.html
    assert refused.status == 404
    assert "Lampu &lt;b&gt;" not in gone.html


@pytest.mark.parametrize(
    ("name", "query"), [("", "lampu"), (" ", "lampu"), ("x" * 41, "lampu"), ("a", ""), ("a", "x" * 201)]
)
async def test_a_search_needs_a_name_and_words_to_be_kept(desk: Afternoon, name: str, query: str) -> None:
    async with desk.visitor("r") as r:
        assert (await r.post("/pencarian", {"nama": name, "cari": query})).status == 422


async def test_keeping_a_search_is_told_in_the_events(desk: Afternoon) -> None:
    before = await desk.read(lambda work: work.screens.last_happening())
    async with desk.visitor("r") as r:
        await r.post("/pencarian", {"nama": "Untuk riwayat", "cari": "lampu"})
    told = await desk.read(lambda work: work.screens.happened(before))

    assert [one.verb for one in told if one.thing == "search"] == ["search_kept"]


async def test_the_palette_offers_conversations_that_its_reader_may_read(desk: Afternoon) -> None:
    async with desk.visitor("r") as r, desk.visitor("unit") as u:
        mine = json.loads((await r.get("/palet?cari=kelapa")).html)["items"]
        theirs = json.loads((await u.get("/palet?cari=kelapa")).html)["items"]
        nothing = json.loads((await r.get("/palet?cari=kanal:wa")).html)["items"]

    assert [one["word"] for one in mine] == ["Warga Cari"]
    assert mine[0]["href"].startswith("/kotak/semua/")
    assert theirs == nothing == []
