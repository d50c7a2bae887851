"""Labels over HTTP: managed by who leads, put on by who works, shown calmly, searched, undone, and told to programs."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.label import Label, Tone
from omnichannel.domain.people import Role
from omnichannel.inbox import labelling
from omnichannel.inbox.reply import actor
from tests.web.afternoon import Afternoon, Visitor, an_afternoon
from tests.web.front import Front, a_front
from tests.web.test_api import API, program
from tests.web.test_bulk import chosen, sent, undo_of

NAMES = ("Banjir Rob", "Pilkades", "Menunggu lapangan")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        for n, name in enumerate(("Warga A", "Warga B", "Warga C")):
            await found.says(name, "tg-humas", f"Lampu jalan mati {n}", ago=timedelta(minutes=30 - n))
        async with found.visitor("m") as m:
            for name in NAMES:
                seen = await m.post("/kelola/label", {"nama": name, "warna": "biru"})
                assert seen.status == 200, seen.words
        yield found


async def labels(desk: Afternoon) -> dict[str, Label]:
    return {one.name: one for one in await desk.read(lambda work: work.labels.all())}


async def borne(desk: Afternoon, name: str) -> set[str]:
    talk = await desk.read(lambda work: work.conversations.get(desk.talks[name]))
    assert talk is not None
    return {one.name for one in (await labels(desk)).values() if one.id in talk.labels}


async def put(desk: Afternoon, who: str, name: str, *ticked: str, seen: tuple[str, ...] = ()) -> int:
    ids = {one: str(label.id) for one, label in (await labels(desk)).items()}
    fields = [("label", ids[one]) for one in ticked] + [("lihat", " ".join(ids[one] for one in seen))]
    return (await sent(desk, who, f"/percakapan/{desk.talks[name]}/label", *fields)).status


def row_of(html: str, number: int) -> str:
    found = re.search(rf'<li class="row[^>]*data-key="{number}".*?</li>', html, re.DOTALL)
    assert found
    return found.group()


async def test_what_is_ticked_is_put_on_and_a_colleagues_label_of_the_meantime_stays(desk: Afternoon) -> None:
    assert await put(desk, "r", "Warga A", "Banjir Rob") == 200
    # Both pages show Banjir Rob alone: one puts Pilkades on, the other takes Banjir Rob off.
    assert await put(desk, "s", "Warga A", "Banjir Rob", "Pilkades", seen=("Banjir Rob",)) == 200
    assert await put(desk, "r", "Warga A", seen=("Banjir Rob",)) == 200

    assert await borne(desk, "Warga A") == {"Pilkades"}


async def test_a_row_shows_two_and_counts_the_others_and_the_head_shows_all(desk: Afternoon) -> None:
    await put(desk, "r", "Warga A", *NAMES)
    number = desk.talks["Warga A"]
    async with desk.visitor("r") as r:
        row = row_of((await r.get("/kotak/semua")).html, number)
        other = row_of((await r.get("/kotak/semua")).html, desk.talks["Warga B"])
        head = (await r.get(f"/percakapan/{number}/kepala")).html
        about = (await r.get(f"/percakapan/{number}/tentang")).html
        log = (await r.get(f"/kotak/semua/{number}")).words

    assert re.findall(r'class="lab \w+"><span>([^<]+)', row) == ["Banjir Rob", "Menunggu lapangan"]
    assert "+1<" in row
    assert 'class="lab' not in other
    assert re.findall(r'class="lab biru"><span>([^<]+)', head).count("Pilkades") == 1, "among those to be ticked alone"
    assert head.count('name="label"') == head.count("checked") == 3
    assert set(re.findall(r'class="lab biru"><span>([^<]+)', about)) == set(NAMES)
    assert "Petugas R memberi label Pilkades" in log


async def test_the_search_field_narrows_by_label_and_says_what_it_does_not_know(desk: Afternoon) -> None:
    await put(desk, "r", "Warga B", "Banjir Rob")
    await put(desk, "r", "Warga C", "Pilkades")
    talks = desk.talks

    async def shown(visitor: Visitor, words: str) -> set[int]:
        html = (await visitor.get(f"/kotak/semua?cari={words}")).html
        return {int(one) for one in re.findall(r'<li class="row[^>]*data-key="(\d+)"', html)}

    async with desk.visitor("r") as r:
        assert await shown(r, "label:%22banjir+rob%22") == {talks["Warga B"]}
        assert await shown(r, "label:pilkades label:%22Banjir Rob%22") == {talks["Warga B"], talks["Warga C"]}
        assert await shown(r, "lampu label:pilkades") == {talks["Warga C"]}
        assert await shown(r, "status:selesai label:pilkades") == set()
        unknown = await r.get("/kotak/semua?cari=label:entah")
        assert "Tidak ada label bernama “entah”." in unknown.words
        menu = await r.get("/kotak/semua?label=Banjir Rob")
        assert menu.path == '/kotak/semua?cari=label:"Banjir Rob"'


async def test_many_are_labelled_at_once_and_put_back(desk: Afternoon) -> None:
    label = str((await labels(desk))["Pilkades"].id)
    picked = chosen(desk, "Warga A", "Warga B")

    seen = await sent(desk, "r", "/kotak/semua/sekaligus", ("tindakan", "label"), ("label", label), *picked)
    assert "2 percakapan diberi label." in seen.words
    assert await borne(desk, "Warga B") == {"Pilkades"}
    back = await sent(desk, "r", undo_of(seen))
    assert "2 percakapan dikembalikan seperti semula." in back.words
    assert await borne(desk, "Warga B") == set()

    for wrong in ("", "999", "x"):
        fields = [("tindakan", "label"), ("label", wrong), *picked]
        refused = await sent(desk, "r", "/kotak/semua/sekaligus", *fields)
        assert refused.status == 422 or "Label itu tidak ada lagi" in refused.words


async def test_only_who_leads_manages_and_only_who_works_labels(desk: Afternoon) -> None:
    number = (await labels(desk))["Pilkades"].id
    talk = desk.talks["Warga A"]
    async with desk.visitor("r") as r, desk.visitor("unit") as unit:
        assert (await r.get("/kelola/label")).status == 403
        assert (await r.post("/kelola/label", {"nama": "Baru"})).status == 403
        assert (await r.post(f"/kelola/label/{number}/hapus")).status == 403
        # Another unit's conversation is nobody's to mark.
        assert (await unit.post(f"/percakapan/{talk}/label", {"label": str(number)})).status == 403

    assert await borne(desk, "Warga A") == set()


async def test_removing_asks_first_and_tells_where_it_stands(desk: Afternoon) -> None:
    number = (await labels(desk))["Pilkades"].id
    for name in ("Warga A", "Warga B"):
        await put(desk, "r", name, "Pilkades", "Banjir Rob")
    async with desk.visitor("m") as m:
        await m.post("/kelola/langkah", {"nama": "Catat pilkades", "pasang": str(number)})
        rule = {"nama": "Aturan pilkades", "kapan": "pesan", "lakukan-label": str(number)}
        assert (await m.post("/kelola/aturan/simpan", rule)).status == 200
        page = await m.get("/kelola/label")
        assert "2 belum selesai" in page.words
        asked = await m.get(f"/kelola/label/{number}/hapus")
        assert "2 percakapan memuatnya" in asked.words
        assert "Catat pilkades" in asked.words
        assert "Aturan pilkades" in asked.words
        gone = await m.post(f"/kelola/label/{number}/hapus")
        assert "dapat dikembalikan" in gone.words
        assert (await m.get(f"/kelola/label/{number}/hapus")).status == 409
        list_page = await m.get("/kotak/semua")
        assert "Pilkades" not in row_of(list_page.html, desk.talks["Warga A"])
        # What an officer saves now must not take off what they cannot see.
        await put(desk, "r", "Warga A", seen=("Banjir Rob",))
        await m.post(f"/kelola/label/{number}/kembalikan")

    assert await borne(desk, "Warga A") == {"Pilkades"}
    assert await borne(desk, "Warga B") == {"Pilkades", "Banjir Rob"}


@pytest.mark.parametrize("name", ["", "a,b", "x" * 41, "banjir  ROB"])
async def test_a_name_that_will_not_do_is_told_beside_the_form(desk: Afternoon, name: str) -> None:
    async with desk.visitor("m") as m:
        seen = await m.post("/kelola/label", {"nama": name, "warna": "biru"})

    assert seen.status in (409, 422)
    assert 'role="alert"' in seen.html
    assert set(await labels(desk)) == set(NAMES)


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def test_a_program_reads_puts_on_and_takes_off(front: Front) -> None:
    boss = await front.staff("boss", Role.SUPERVISOR)
    tone = Tone.TEAL
    label = await front.house.store.write(
        lambda work: labelling.keep(work, boss, "Banjir", tone, now=front.clock.now())
    )
    talk = (await front.incoming()).id
    client, _ = await program(front, Role.AGENT)
    reader, _ = await program(front, Role.AUDITOR)
    address, one = f"{API}/conversations/{talk}", {"id": label.id, "name": "Banjir", "tone": "toska"}

    assert (await (await client.get(f"{API}/labels")).json())["items"] == [one]
    for _ in range(2):
        put_on = await client.put(f"{address}/labels/{label.id}")
        assert (put_on.status, (await put_on.json())["labels"]) == (200, [one])
    found = await (await reader.get(f"{API}/conversations?q=label:banjir")).json()
    assert [line["labels"] for line in found["items"]] == [[one]]
    assert (await reader.put(f"{address}/labels/{label.id}")).status == 403
    assert (await client.put(f"{address}/labels/999")).status == 404
    taken = await client.request("DELETE", f"{address}/labels/{label.id}")
    assert (await taken.json())["labels"] == []
    told = await (await client.get(f"{API}/events?limit=100")).json()
    assert [row["verb"] for row in told["items"] if "label" in row["verb"]] == ["label_saved", "labelled", "unlabelled"]


async def test_a_label_goes_on_by_a_move_and_says_when_one_of_its_labels_is_gone(desk: Afternoon) -> None:
    known = await labels(desk)
    on, off = known["Pilkades"], known["Banjir Rob"]
    await desk.write(
        lambda work: labelling.change(
            work, actor(desk.staff["r"]), desk.talks["Warga A"], on=(off.id,), now=desk.clock.now()
        )
    )
    move = [("nama", "Pindah"), ("pasang", str(on.id)), ("pasang", str(known["Menunggu lapangan"].id))]
    assert (await sent(desk, "m", "/kelola/langkah", *move, ("lepas", str(off.id)))).status == 200
    async with desk.visitor("m") as m, desk.visitor("r") as r:
        await m.post(f"/kelola/label/{known['Menunggu lapangan'].id}/hapus")
        page = await r.get(f"/percakapan/{desk.talks['Warga A']}/langkah")
        for words in ("Memasang label Pilkades", "Melepas label Banjir Rob", "Label yang sudah dihapus dilewati"):
            assert words in page.words
        ran = await r.post(f"/percakapan/{desk.talks['Warga A']}/langkah/1", {"isi": "", "key": "k1"})
        assert ran.status == 200

    assert await borne(desk, "Warga A") == {"Pilkades"}
