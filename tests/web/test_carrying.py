"""A public comment carried over to private messages in one move, and marked as solved in public, without script."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.case import Outcome
from omnichannel.domain.channel import Surface
from omnichannel.domain.outreach import Carried, Sight
from omnichannel.domain.work import Direction, Message
from omnichannel.router import conclude, route
from tests.build import a_staff
from tests.desk import a_verdict
from tests.web.afternoon import Afternoon, Seen, an_afternoon
from tests.web.cast import NOW

FB, X, TG = "fb-pemkab", "x-kutim", "tg-humas"
NIK = "Nama saya Warga Y, NIK 6408012345678901, bansos belum turun."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        yield found


async def page(desk: Afternoon, path: str, login: str = "r", lang: str = "id") -> Seen:
    async with desk.visitor(login, lang) as visitor:
        return await visitor.get(path)


def form_of(seen: Seen) -> dict[str, str]:
    """What the page would send if nobody touched it."""
    html = seen.html
    form = dict(re.findall(r'<input type="hidden" name="(key|versi)" value="([^"]*)"', html))
    ticked = re.findall(r'<input type="checkbox" name="([\w-]+)" value="ya" checked', html)
    words = re.findall(r'<textarea class="text" name="(\w+)"[^>]*>([^<]*)</textarea>', html)
    return form | dict.fromkeys(ticked, "ya") | dict(words)


async def confirm(desk: Afternoon, path: str, **changes: str | None) -> Seen:
    form = form_of(await page(desk, path)) | changes
    async with desk.visitor("r") as visitor:
        return await visitor.post(path, {key: value for key, value in form.items() if value is not None})


async def out(desk: Afternoon, conversation_id: int) -> list[Message]:
    found = await desk.read(lambda work: work.messages.thread(conversation_id))
    return [one for one in found if one.direction is Direction.OUT]


async def carried(desk: Afternoon, comment: Message) -> Carried | None:
    return await desk.read(lambda work: work.outreach.carried(comment.id))


async def test_one_confirmation_hides_answers_and_goes_on_in_private(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", FB, NIK, public=True)
    before = await page(desk, f"/kotak/semua/{comment.conversation_id}")
    assert f'href="/pesan/{comment.id}/pindah"' in before.html

    after = await confirm(desk, f"/pesan/{comment.id}/pindah")

    done = await carried(desk, comment)
    assert done is not None
    assert done.private_id is not None
    veil = await desk.read(lambda work: work.outreach.veil_of(comment.id))
    assert veil is not None
    assert veil.sight is Sight.HIDING
    (public,), (private,) = await out(desk, comment.conversation_id), await out(desk, done.private_id)
    assert "kami sembunyikan karena memuat data pribadi" in public.text
    assert public.reply_to == comment.external_id
    assert "Kami lanjutkan di sini" in private.text
    assert "Dipindahkan ke pribadi" in after.words
    assert "Tandai selesai di publik" in after.words  # it made no case that still runs
    told = [one.verb for one in await desk.read(lambda work: work.screens.history(comment.conversation_id))]
    assert "carried_over" in told


async def test_pressed_twice_it_is_one_move(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", FB, NIK, public=True)
    path = f"/pesan/{comment.id}/pindah"
    form = form_of(await page(desk, path))

    async with desk.visitor("r") as visitor:
        for key in (form["key"], form["key"], "kunci-lain"):
            await visitor.post(path, form | {"key": key})

    assert len(await out(desk, comment.conversation_id)) == 1


async def test_what_a_step_cannot_do_undoes_the_others_and_keeps_the_words(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", FB, NIK, public=True)

    seen = await confirm(desk, f"/pesan/{comment.id}/pindah", publik="Bapak, NIK 6408012345678901 kami catat.")

    assert seen.status == 422
    assert "memuat data pribadi. Hapus dulu" in seen.words
    assert "kami catat." in seen.words
    assert await carried(desk, comment) is None
    assert await out(desk, comment.conversation_id) == []
    assert await desk.read(lambda work: work.outreach.veil_of(comment.id)) is None
    nothing = await confirm(
        desk, f"/pesan/{comment.id}/pindah", **dict.fromkeys(("sembunyi", "langkah-publik", "langkah-pribadi"))
    )
    assert (nothing.status, "sedikitnya satu langkah" in nothing.words) == (422, True)


async def test_a_platform_that_cannot_says_so_step_by_step(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", X, NIK, public=True)

    seen = await page(desk, f"/pesan/{comment.id}/pindah")

    assert "Kanal ini tidak dapat menyembunyikan komentar." in seen.words
    assert "Kanal ini tidak mengizinkan balasan pribadi atas komentar." in seen.words
    assert form_of(seen).keys() == {"key", "langkah-publik", "publik"}
    await confirm(desk, f"/pesan/{comment.id}/pindah")
    done = await carried(desk, comment)
    assert done is not None
    assert done.private_id is None
    assert len(await out(desk, comment.conversation_id)) == 1


async def test_an_open_private_thread_is_gone_on_in_and_nothing_is_used_up(desk: Afternoon) -> None:
    inside = await desk.says("Warga Y", FB, "Halo admin", ago=timedelta(hours=1), thread="id-Warga Y")
    comment = await desk.says("Warga Y", FB, "Bansos belum turun", public=True)

    seen = await page(desk, f"/pesan/{comment.id}/pindah")
    await confirm(desk, f"/pesan/{comment.id}/pindah")

    assert "Masuk ke percakapan pribadi yang sudah terbuka." in seen.words
    done = await carried(desk, comment)
    assert done is not None
    assert done.private_id == inside.conversation_id
    assert await desk.read(lambda work: work.outreach.answer_to(comment.id)) is None
    thread = await page(desk, f"/kotak/semua/{inside.conversation_id}")
    assert f'href="/kotak/semua/{comment.conversation_id}"' in thread.html
    # Nothing personal stands in it, so nothing is hidden unless the officer ticks it.
    assert await desk.read(lambda work: work.outreach.veil_of(comment.id)) is None


async def test_solved_is_told_in_public_once_and_only_after_the_case_ended(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", FB, "Lampu jalan mati di Gang Mawar", public=True)
    case = await desk.write(lambda work: route.route(work, desk.desk, comment.id, a_verdict(), NOW))
    assert case is not None
    moving = await page(desk, f"/pesan/{comment.id}/pindah")
    assert f"Lanjutannya tersambung ke kasus {case.number}." in moving.words
    assert f"Nomor laporan Anda {case.number}." in form_of(moving)["pribadi"]
    await confirm(desk, f"/pesan/{comment.id}/pindah", **{"langkah-pribadi": None})
    path = f"/pesan/{comment.id}/selesai-publik"
    running = await page(desk, path)
    assert "Kasusnya belum selesai." in running.words
    async with desk.visitor("r") as visitor:
        assert (await visitor.post(path, {"key": "k", "publik": "Selesai."})).status == 422
    await desk.write(lambda work: conclude.conclude(work, a_staff(work), case.id, Outcome.RESOLVED, now=NOW))
    said = len(await out(desk, comment.conversation_id))
    offered = await page(desk, f"/kotak/semua/{comment.conversation_id}")
    assert f'href="{path}"' in offered.html

    form = form_of(await page(desk, path))
    async with desk.visitor("r") as visitor:
        await visitor.post(path, form)
        after = await visitor.post(path, form | {"key": "lain"})

    told = await out(desk, comment.conversation_id)
    assert len(told) == said + 1
    assert told[-1].reply_to == comment.external_id
    assert case.number not in told[-1].text
    assert "Selesai di publik" in after.words
    assert f'href="{path}"' not in after.html


async def test_a_secret_case_is_not_spoken_of_in_public(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", FB, "Petugas minta uang", public=True)
    case = await desk.write(lambda work: route.route(work, desk.desk, comment.id, a_verdict(topic="pungli"), NOW))
    assert case is not None
    assert case.secret

    async with desk.visitor("admin") as visitor:
        seen = await visitor.get(f"/pesan/{comment.id}/pindah")

    assert "Laporan rahasia tidak dibicarakan" in seen.words
    assert "langkah-publik" not in seen.html


async def test_nobody_moves_a_comment_of_another_unit(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", FB, NIK, public=True)

    for login in ("unit", "auditor"):
        async with desk.visitor(login) as visitor:
            for path in ("pindah", "selesai-publik"):
                assert (await visitor.get(f"/pesan/{comment.id}/{path}")).status == 403
                assert (await visitor.post(f"/pesan/{comment.id}/{path}", {"key": "k", "publik": "x"})).status == 403
    async with desk.visitor("r") as visitor:
        assert (await visitor.get("/pesan/999999/pindah")).status == 404
    assert await carried(desk, comment) is None


async def test_a_private_message_is_no_comment(desk: Afternoon) -> None:
    message = await desk.says("Warga Z", FB, "Halo")
    assert message.surface is Surface.DIRECT

    async with desk.visitor("r") as visitor:
        assert (await visitor.get(f"/pesan/{message.id}/pindah")).status == 404


async def test_the_page_is_english_for_who_reads_english(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", X, NIK, public=True)

    seen = await page(desk, f"/pesan/{comment.id}/pindah", lang="en")

    for word in ("Move to private messages", "This channel cannot hide comments", "Move now"):
        assert word in seen.words
