"""The work lists: right rows, right numbers, in the order in which they burn."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.web import inbox, pages
from tests.web.afternoon import Afternoon, an_afternoon


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk")) as found:
        yield found


def rows(html: str) -> list[str]:
    """Who stands in the list, from the top."""
    return [re.sub(r"</?mark>", "", one) for one in re.findall(r'<span class="who cut">(.+?)</span>', html)]


async def test_what_burns_stands_on_top_and_says_so(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get("/kotak/perlu-dibaca")

    assert rows(seen.html)[:4] == ["Warga D", "Warga S", "Warga C", "@warga_b"]
    assert "Darurat 112" in seen.html
    assert (
        seen.html.index("Mendesak, batas hari ini, atau lewat")
        < seen.html.index("Warga S")
        < seen.html.index("Berikutnya")
    )
    assert re.search(r'class="due late"[^>]*>.*?lewat 5 hk', seen.html)
    assert "Batas hukum, jendela balas, dan yang mendesak dulu." in seen.words


def row_of(html: str, name: str) -> str:
    at = html.index(name)
    return html[at : html.index("</li>", at)]


async def test_a_reply_window_in_its_last_hours_stands_where_the_laws_clock_stood(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        early = await r.get("/kotak/semua?urut=genting")
        newest = await r.get("/kotak/semua")
    noon, desk.clock.moment = desk.clock.moment, desk.clock.moment + timedelta(hours=18)
    async with desk.visitor("r") as r:
        late = await r.get("/kotak/semua?urut=genting")
    desk.clock.moment = noon

    assert early.html.index("+62812••••377") < early.html.index("Warga T")  # before a deadline that is weeks away
    assert "hari kerja lagi" in row_of(early.html, "+62812••••377")
    row = row_of(late.html, "+62812••••377")
    assert re.search(r"tutup \d jam", re.sub(r"<[^>]+>", "", row))
    assert 'title="Jendela balas kanal menutup 18 Des 2026, 13.05 WITA"' in row
    assert "jendela balas, dan yang mendesak" not in newest.words


async def test_every_view_lists_as_many_as_its_number_says(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        numbers = (await r.get("/hitung")).html
        for view in (
            "perlu-dibaca",
            "milik-saya",
            "unit-saya",
            "mendekati-batas",
            "gagal-kirim",
            "ditunda",
            "selesai",
            "semua",
        ):
            said = int(re.search(rf'"{view}": (\d+)', numbers)[1])  # type: ignore[index]

            assert len(rows((await r.get(f"/kotak/{view}")).html)) == said, view


async def test_a_row_speaks_without_colour(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get("/kotak/semua")

    words = seen.words
    assert "komentar" in words
    assert "Gagal kirim" in words
    assert "mesin ragu, 61 %" in words
    assert "di LAPOR" in words
    assert "Belum ada petugas" in words


async def test_a_citizen_known_by_telephone_only_is_masked(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        for path in ("/kotak/semua", f"/kotak/semua/{desk.talks['+628125550377']}", "/lapor"):
            assert "+628125550377" not in (await r.get(path)).html, path


async def test_filters_live_in_the_address(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get("/kotak/semua?jenis=complaint&kanal=telegram")
        public = await r.get("/kotak/semua?jalur=public")

    assert sorted(rows(seen.html)) == ["Warga G", "Warga S"]
    assert rows(public.html) == ["@warga_e"]
    assert "jenis%3Acomplaint+kanal%3Atelegram" in seen.html.split('id="baris"')[1].split(">")[0]


async def test_search_finds_by_name_number_and_telephone(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        by_name = await r.get("/kotak/semua?cari=warga+s")
        by_number = await r.get("/kotak/semua?cari=ppid-2026-000002")
        by_phone = await r.get("/kotak/semua?cari=0812-5550")
        nothing = await r.get("/kotak/semua?cari=zebra+bergaris")

    assert rows(by_name.html)[:1] == ["Warga S"]
    assert rows(by_number.html) == ["@warga_b"]
    assert rows(by_phone.html) == ["+62812••••377"]
    assert rows(nothing.html) == []
    assert "Tidak ada yang cocok dengan “zebra bergaris”" in nothing.words


async def test_words_of_the_search_are_never_html(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get("/kotak/semua?cari=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%00")

    assert seen.status == 200
    assert "<script>alert" not in seen.html


@pytest.mark.parametrize("path", ["/kotak/apa-saja", "/kotak/semua/999999", "/kotak/semua/9" + "9" * 30, "/kasus/XX-1"])
async def test_what_is_not_there_is_a_kind_page(desk: Afternoon, path: str) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get(path)

    assert seen.status == 404
    assert "Ke kotak masuk" in seen.words


@pytest.mark.parametrize(
    "query", ["sesudah=zzzz", "sesudah=%FF%FE", "banyak=-1", "banyak=99999999999999999999", "pilih=x"]
)
async def test_a_broken_cursor_breaks_nothing(desk: Afternoon, query: str) -> None:
    async with desk.visitor("r") as r:
        assert (await r.get(f"/kotak/semua/baris?{query}")).status in (200, 422)


async def test_a_unit_officer_sees_their_unit_only(desk: Afternoon) -> None:
    async with desk.visitor("unit") as u:
        seen = await u.get("/kotak/semua")
        other = await u.get(f"/kotak/semua/{desk.talks['Warga C']}")
        fragment = await u.get(f"/percakapan/{desk.talks['Warga C']}/aliran")

    assert rows(seen.html) == ["Warga A"]
    assert other.status == fragment.status == 403
    assert "notulen" not in other.html + fragment.html


async def test_nobody_reads_anything_without_a_login(desk: Afternoon) -> None:
    async with desk.visitor(None) as nobody:
        for path in (
            "/",
            "/kotak/semua",
            "/hitung",
            "/ppid",
            "/lapor",
            "/kelola/kanal",
            "/alarm/pita",
            "/kasus/PPID-2026-000001",
        ):
            seen = await nobody.get(path)

            assert seen.path.startswith("/login"), path
            assert "Warga" not in seen.words, path


async def test_a_unit_begins_with_what_is_its_own(desk: Afternoon) -> None:
    """Who handed it over has read it: among the unread it would be missing."""
    async with desk.visitor("unit") as unit, desk.visitor("r") as r:
        assert (await unit.get("/")).path == "/kotak/unit-saya"
        assert (await r.get("/")).path == "/kotak/perlu-dibaca"


async def test_the_first_day_says_what_to_do(tmp_path: Path) -> None:
    async with an_afternoon(tmp_path, told=False) as empty, empty.visitor("admin") as admin:
        seen = await admin.get("/")

    assert seen.path == "/kotak/perlu-dibaca"
    assert "Belum ada pesan warga" in seen.words
    assert "Buka pemandu awal" in seen.words


async def test_load_more_walks_the_whole_list_once(tmp_path: Path) -> None:
    async with an_afternoon(tmp_path, told=False) as busy, busy.visitor("r") as r:
        for n in range(inbox.LIMIT + 7):
            await busy.says(f"Warga {n:03}", "tg-humas", f"pesan {n}", ago=timedelta(minutes=n))
        first = await r.get("/kotak/semua")
        link = re.search(r'href="(/kotak/semua\?sesudah=[^"]+)"', first.html)
        assert link is not None
        second = await r.get(link[1])

    assert len(rows(first.html)) == inbox.LIMIT
    assert sorted(rows(first.html) + rows(second.html)) == sorted(f"Warga {n:03}" for n in range(inbox.LIMIT + 7))
    assert "Muat lagi" not in second.words


async def test_every_order_lists_the_same_rows_and_stands_in_the_address(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        lists = {by: rows((await r.get(f"/kotak/semua?urut={by}")).html) for by in ("terbaru", "terlama", "genting")}
        usual = await r.get("/kotak/semua?urut=terbaru")
        strange = await r.get("/kotak/semua?urut=abjad")
        burning = await r.get("/kotak/semua?urut=genting&cari=kanal%3Atg")
        nothing_burns = await r.get("/kotak/selesai?urut=genting")

    assert lists["terlama"] == lists["terbaru"][::-1]
    assert sorted(lists["genting"]) == sorted(lists["terbaru"])
    assert lists["genting"][:3] == ["Warga D", "Warga S", "Warga C"]
    assert rows(strange.html) == lists["terbaru"] == rows(usual.html)
    assert nothing_burns.status == 200
    assert 'data-url="/kotak/semua/baris?cari=kanal%3Atg&amp;urut=genting"' in burning.html
    assert "Mendesak, batas hari ini, atau lewat" in burning.html


async def test_filters_of_the_menu_combine_and_each_can_go(desk: Afternoon) -> None:
    async with desk.visitor("r") as r:
        seen = await r.get(
            "/kotak/semua?cari=kanal%3Afb&tempat=Teluk+Lingga&antrean=lapor&unit=dishub&petugas=saya&topik=pju"
        )
        fewer = await r.get("/kotak/semua?cari=kanal%3Afb+tempat%3A%22Teluk+Lingga%22&tempat=")

    assert rows(seen.html) == ["Warga A"]
    assert seen.path == (
        '/kotak/semua?cari=kanal:fb antrean:lapor unit:dishub topik:pju tempat:"Teluk Lingga" petugas:saya'
    )
    assert seen.html.count('<li class="chip">') == 6
    assert 'name="tempat" form="saring" value="Teluk Lingga"' in seen.html
    assert fewer.path == "/kotak/semua?cari=kanal:fb"


async def test_how_dense_the_list_is_belongs_to_the_officer(desk: Afternoon) -> None:
    async with desk.visitor("r") as r, desk.visitor("s") as s:
        await r.post("/kepadatan", {"kepadatan": "padat"})
        wrong = await r.post("/kepadatan", {"kepadatan": "<b>"})
        mine, theirs = await r.get("/ppid"), await s.get("/kotak/semua")
    async with desk.visitor("r") as elsewhere:
        again = await elsewhere.get("/kotak/semua")
        await elsewhere.post("/kepadatan", {"kepadatan": "nyaman"})

    assert 'data-density="compact"' in mine.html
    assert 'data-density="compact"' in again.html
    assert 'data-density="compact"' not in theirs.html
    assert wrong.status == 422


async def test_a_row_that_is_drawn_once_is_still_each_readers_own(desk: Afternoon) -> None:
    number = desk.talks["Warga M"]

    def row(html: str) -> str:
        found: list[str] = re.findall(r'<li class="row.*?</li>', html, re.DOTALL)
        return next(one for one in found if f'data-key="{number}"' in one)

    async with desk.visitor("auditor") as auditor, desk.visitor("r") as r, desk.visitor("s") as s:
        first = row((await auditor.get("/kotak/semua")).html)
        assert 'name="pilih"' not in first
        assert 'name="pilih"' in row((await r.get("/kotak/semua")).html)
        await r.post(f"/percakapan/{number}/tugaskan", {"petugas": str(desk.staff["r"].id), "lihat": "0"})
        await r.post(f"/percakapan/{number}/draf", {"text": "Baik,", "ke": "balas", "tab": "a"})
        mine, theirs = row((await r.get("/kotak/semua")).html), row((await s.get("/kotak/semua")).html)
        narrowed = row((await r.get(f"/kotak/semua/{number}?cari=kanal%3Asurel")).html)

    assert ('class="person me"' in mine, 'class="person me"' in theirs) == (True, False)
    assert ('class="tag draft"' in mine, 'class="tag draft"' in theirs) == (True, False)
    assert f'href="/kotak/semua/{number}"' in mine
    assert f'href="/kotak/semua/{number}?cari=kanal%3Asurel" aria-current="true"' in narrowed


def test_what_is_kept_is_drawn_once_and_the_least_seen_goes_first() -> None:
    drawn: list[str] = []
    kept = pages.Kept(most=2)

    def seen(key: str) -> str:
        def draw() -> str:
            drawn.append(key)
            return key

        return kept(key, caller=draw)

    assert [seen(key) for key in "ababcab"] == list("ababcab")
    assert drawn == ["a", "b", "c", "a", "b"]
