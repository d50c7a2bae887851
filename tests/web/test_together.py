"""The doors to what officers tell each other: a claim, a takeover, news, following, and pages that are old."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.people import Role
from omnichannel.domain.together import Seen
from tests.web.front import Client, Front, a_front, csrf


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def post(client: Client, path: str, **fields: str) -> tuple[int, str]:
    headers = {"X-CSRF-Token": await csrf(client), "HX-Request": "true"}
    answer = await client.post(path, data=fields, headers=headers, allow_redirects=False)
    return answer.status, await answer.text()


async def person(front: Front, login: str) -> str:
    found = await front.house.store.read(lambda work: work.people.by_login(login))
    assert found is not None
    return str(found[0].id)


async def holder(front: Front, number: int) -> int | None:
    found = await front.house.store.read(lambda work: work.conversations.get(number))
    assert found is not None
    return found.assignee_id


async def news(client: Client) -> list[tuple[str, str]]:
    found = (await (await client.get("/kabar/terbaru")).json())["news"]
    return [(one["kind"], one["words"]) for one in found]


async def number_of_news(client: Client) -> int:
    return int((await (await client.get("/hitung")).json())["counts"]["kabar"])


async def test_a_claim_takes_only_what_is_free_and_a_takeover_is_told(front: Front) -> None:
    rina, budi = await front.signed_in(login="rina"), await front.signed_in(login="budi")
    talk, r, b = await front.incoming(), await person(front, "rina"), await person(front, "budi")
    where = f"/percakapan/{talk.id}/tugaskan"

    first = await post(rina, where, petugas=r, lihat="0")
    late = await post(budi, where, petugas=b, lihat="0")
    blind = await post(budi, where, petugas=b)
    kept = await holder(front, talk.id)
    page = await (await budi.get(f"/kotak/semua/{talk.id}")).text()
    over = await post(budi, where, petugas=b, lihat=r)

    assert (first[0], late[0], blind[0], over[0]) == (303, 409, 409, 303)
    assert "Rina memegang percakapan ini" in late[1]
    assert kept == int(r)
    assert "Ambil alih dari Rina?" in page
    assert await holder(front, talk.id) == int(b)
    assert await news(rina) == [("takeover", "Budi mengambil alih percakapan Anda")]
    assert await number_of_news(rina) == 1
    assert await number_of_news(budi) == 0


async def test_what_a_citizen_wrote_meanwhile_is_read_before_it_is_put_away(front: Front) -> None:
    rina = await front.signed_in(login="rina")
    talk = await front.incoming("satu")
    page = await (await rina.get(f"/kotak/semua/{talk.id}")).text()
    seal = page.split('name="keadaan" value="')[1].split('"')[0]
    front.clock.go(timedelta(minutes=1))
    body = {"keadaan": seal}
    later = Seen.of(await front.incoming("dua", at="2026-12-17T06:02:00Z")).seal

    answers = [
        await post(rina, f"/percakapan/{talk.id}/selesai", **body),
        await post(rina, f"/percakapan/{talk.id}/sisihkan", sebab="spam", **body),
        await post(rina, f"/percakapan/{talk.id}/selesai", keadaan=later),
    ]

    assert [status for status, _ in answers] == [409, 409, 303]
    assert "Warga menulis lagi" in answers[0][1]


async def test_a_colleague_named_in_a_note_finds_it_and_opening_reads_it(front: Front) -> None:
    rina, budi = await front.signed_in(login="rina"), await front.signed_in(login="budi")
    talk = await front.incoming()

    status, _ = await post(rina, f"/percakapan/{talk.id}/balas", ke="catatan", text="@budi tolong", key="k1")
    told, page = await news(budi), await (await budi.get("/kabar")).text()
    await budi.get(f"/kotak/semua/{talk.id}")

    assert status == 303
    assert told == [("mention", "Rina menyebut Anda")]
    assert "@budi tolong" in page
    assert 'class="unread"' in page
    assert await number_of_news(budi) == 0
    assert 'class="unread"' not in await (await budi.get("/kabar")).text()


async def test_a_word_handed_over_stands_on_top_until_it_is_read(front: Front) -> None:
    rina, budi = await front.signed_in(login="rina"), await front.signed_in(login="budi")
    talk, b = await front.incoming(), await person(front, "budi")

    await post(rina, f"/percakapan/{talk.id}/tugaskan", petugas=b, lihat="0", pesan="Tunggu <fotonya>")
    first, again = [await (await budi.get(f"/kotak/semua/{talk.id}")).text() for _ in range(2)]
    others = await (await rina.get(f"/kotak/semua/{talk.id}")).text()
    await post(budi, f"/percakapan/{talk.id}/kabar", pesan="dibaca")
    after = await (await budi.get(f"/kotak/semua/{talk.id}")).text()

    assert "<q>Tunggu &lt;fotonya&gt;</q>" in first
    assert "<q>Tunggu &lt;fotonya&gt;</q>" in again
    assert "<q>" not in others
    assert "<q>" not in after
    assert await number_of_news(budi) == 0


async def test_following_tells_of_the_citizen_and_ends_with_a_click(front: Front) -> None:
    rina = await front.signed_in(login="rina")
    talk = await front.incoming("satu")

    await post(rina, f"/percakapan/{talk.id}/ikuti")
    await front.incoming("dua")
    told = await news(rina)
    await post(rina, "/kabar/dibaca")
    read = await number_of_news(rina)
    await post(rina, f"/percakapan/{talk.id}/lepas-ikut")
    await front.incoming("tiga")

    assert told == [("follow", "Ada kabar di percakapan yang Anda ikuti")]
    assert read == 0
    assert await news(rina) == []


async def test_news_of_what_went_to_another_unit_are_not_told(front: Front) -> None:
    rina, umi = await front.signed_in(login="rina"), await front.signed_in(Role.UNIT, "dishub", login="umi")
    talk = await front.place(await front.incoming("rahasia"), "dishub")
    await post(rina, f"/percakapan/{talk.id}/balas", ke="catatan", text="@umi rahasia", key="k1")
    mine = await news(umi)

    await front.place(talk, "pdam")

    assert [kind for kind, _ in mine] == ["mention"]
    assert await news(umi) == []
    assert "rahasia" not in await (await umi.get("/kabar")).text()
    assert (await post(umi, f"/percakapan/{talk.id}/ikuti"))[0] == 403


async def test_a_conversation_is_put_off_in_each_way_and_says_until_when(front: Front) -> None:
    rina, talk = await front.signed_in(login="rina"), await front.incoming()
    where = f"/percakapan/{talk.id}/tunda"

    bad = [
        await post(rina, where, sampai="batas-2"),  # no case
        await post(rina, where, sampai="batas-²"),
        await post(rina, where, sampai="", saat="besok"),
        await post(rina, where, sampai="", saat="2020-01-01T08:00"),
        await post(rina, where),
    ]
    good = await post(rina, where, sampai="warga")
    row = await (await rina.get("/kotak/ditunda")).text()
    own = await post(rina, where, sampai="warga", saat="2026-12-20T09:30")
    page = await (await rina.get(f"/kotak/ditunda/{talk.id}")).text()

    assert [status for status, _ in bad] == [422] * 5
    assert (good[0], own[0]) == (303, 303)
    assert "Ditunda sampai warga menulis" in row
    assert "Ditunda sampai 20 Des 2026, 09.30 WITA" in page
