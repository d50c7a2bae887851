"""Templates, private answers and hidden comments at the desk, as a browser without script uses them."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.message import Template
from omnichannel.domain.outbox import send_queue
from omnichannel.domain.outreach import Sight, Veil
from omnichannel.domain.work import Direction, Message
from omnichannel.inbox import acts, templates
from tests.web.afternoon import Afternoon, Seen, an_afternoon
from tests.web.cast import NOW

WA = "wa-layanan"
NEWS = Template("kabar_laporan", "id", "approved", "utility", "Halo {{1}}, laporan {{2}} sudah selesai.")
HELD = Template("promo", "id", "rejected", "marketing", "Halo", why="PROMOTIONAL")
NIK = "Nama saya Warga Y, NIK 6408012345678901, bansos belum turun."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.write(lambda work: templates.keep(work, WA, (NEWS, HELD), NOW))
        yield found


async def opened(desk: Afternoon, name: str, login: str = "r", lang: str = "id", query: str = "") -> Seen:
    async with desk.visitor(login, lang) as visitor:
        return await visitor.get(f"/kotak/semua/{desk.talks[name]}{query}")


def key_of(seen: Seen) -> str:
    found = re.search(r'name="key" value="([^"]+)"', seen.html)
    assert found is not None
    return found[1]


async def ours(desk: Afternoon, name: str) -> list[Message]:
    found = await desk.read(lambda work: work.messages.thread(desk.talks[name]))
    return [one for one in found if one.direction is Direction.OUT]


async def test_a_shut_window_offers_the_approved_templates_and_says_why_not_the_others(desk: Afternoon) -> None:
    await desk.says("Warga W", WA, "Kapan selesai?", ago=timedelta(hours=30))
    await desk.says("Warga O", WA, "Baru saja", ago=timedelta(hours=1))

    shut, open_ = await opened(desk, "Warga W"), await opened(desk, "Warga O")

    assert "kabar_laporan" in shut.words
    assert shut.html.count("data-template") == 1
    assert "Templat ini ditolak platform. (PROMOTIONAL)" in shut.words
    assert "data-template" not in open_.html


async def test_a_template_leaves_once_however_often_it_is_pressed(desk: Afternoon) -> None:
    await desk.says("Warga W", WA, "Kapan selesai?", ago=timedelta(hours=30))
    form = {"key": key_of(await opened(desk, "Warga W")), "nama": "kabar_laporan", "bahasa": "id"}
    form |= {"isi-1": "Ibu W", "isi-2": "LAP-2026-000001"}

    async with desk.visitor("r") as visitor:
        where = f"/percakapan/{desk.talks['Warga W']}/templat"
        await visitor.post(where, form)
        seen = await visitor.post(where, form)

    (message,) = await ours(desk, "Warga W")
    assert message.text == "Halo Ibu W, laporan LAP-2026-000001 sudah selesai."
    assert message.text in seen.words


@pytest.mark.parametrize(
    "change", [{"nama": "promo"}, {"nama": "lain"}, {"isi-2": ""}, {"bahasa": "en"}, {"isi-1": "a\nb"}]
)
async def test_what_cannot_leave_says_why_and_sends_nothing(desk: Afternoon, change: dict[str, str]) -> None:
    await desk.says("Warga W", WA, "Kapan selesai?", ago=timedelta(hours=30))
    form = {"key": "k1", "nama": "kabar_laporan", "bahasa": "id", "isi-1": "Ibu W", "isi-2": "LAP"} | change

    async with desk.visitor("r") as visitor:
        seen = await visitor.post(f"/percakapan/{desk.talks['Warga W']}/templat", form)

    assert seen.status == 422
    assert 'role="alert"' in seen.html
    assert await ours(desk, "Warga W") == []


async def test_the_list_is_fetched_anew_when_asked(desk: Afternoon) -> None:
    await desk.says("Warga W", WA, "Kapan selesai?", ago=timedelta(hours=30))

    async with desk.visitor("r") as visitor:
        await visitor.post(f"/percakapan/{desk.talks['Warga W']}/templat/ambil")

    assert await desk.read(lambda work: work.jobs.next_at(templates.QUEUE)) == NOW


async def test_a_unit_officer_reaches_no_other_units_comment(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", "fb-pemkab", NIK, public=True)

    async with desk.visitor("unit") as visitor:
        for path in (f"/pesan/{comment.id}/sembunyikan", f"/pesan/{comment.id}/tampilkan"):
            assert (await visitor.post(path)).status == 403
        form = {"ke": "pribadi", "komentar": str(comment.id), "key": "k", "text": "x"}
        assert (await visitor.post(f"/percakapan/{comment.conversation_id}/balas", form)).status == 403
    async with desk.visitor("auditor") as visitor:
        assert (await visitor.post(f"/pesan/{comment.id}/sembunyikan")).status == 403
    assert await desk.read(lambda work: work.outreach.veil_of(comment.id)) is None


async def test_personal_data_in_public_is_hidden_in_one_click_with_an_answer_ready(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", "fb-pemkab", NIK, public=True)
    before = await opened(desk, "Warga Y")

    async with desk.visitor("r") as visitor:
        after = await visitor.post(f"/pesan/{comment.id}/sembunyikan", {"jawab": "netral"})

    assert "Memuat NIK." in before.words
    assert "Komentar Anda kami sembunyikan karena memuat data pribadi" in after.words
    assert "Sedang disembunyikan" in after.words
    veil = await desk.read(lambda work: work.outreach.veil_of(comment.id))
    assert veil is not None
    assert veil.sight is Sight.HIDING
    assert await desk.read(lambda work: work.jobs.next_at(acts.queue_of("fb-pemkab"))) == NOW


async def test_what_is_hidden_is_not_said_to_be_read_by_everybody(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", "fb-pemkab", NIK, public=True)
    hidden = Veil(comment.id, Sight.HIDDEN, NOW, desk.staff["r"].id, None)
    await desk.write(lambda work: work.outreach.veil(hidden))

    alone = await opened(desk, "Warga Y")
    await desk.says("Warga Y", "fb-pemkab", "Saya tulis lagi", public=True)
    joined = await opened(desk, "Warga Y")

    assert "Komentar publik, tersembunyi dari umum" in alone.words
    assert "Komentar publik, semua orang dapat membacanya" not in alone.words
    assert "Komentar publik, semua orang dapat membacanya" in joined.words


async def test_a_channel_that_cannot_hide_offers_no_button(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", "x-kutim", NIK, public=True)

    seen = await opened(desk, "Warga Y")

    assert "sembunyikan" not in seen.html
    async with desk.visitor("r") as visitor:
        assert (await visitor.post(f"/pesan/{comment.id}/sembunyikan")).status == 422


async def test_a_comment_is_answered_in_private_once_and_both_threads_say_so(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", "fb-pemkab", "Bansos belum turun", public=True)
    where = f"/percakapan/{comment.conversation_id}/balas"
    form = {"ke": "pribadi", "komentar": str(comment.id), "key": "k1", "text": "Boleh minta NIK-nya lewat sini?"}

    async with desk.visitor("r") as visitor:
        await visitor.post(where, form)
        await visitor.post(where, form)
        again = await visitor.post(where, form | {"key": "k2"})

    answer = await desk.read(lambda work: work.outreach.answer_to(comment.id))
    assert answer is not None
    assert again.status == 422
    assert "sekali saja" in again.words
    public = await opened(desk, "Warga Y")
    assert f'href="/kotak/semua/{answer.conversation_id}"' in public.html
    desk.talks["pribadi"] = answer.conversation_id
    private = await opened(desk, "pribadi")
    assert "Lanjutan pribadi dari komentar publik." in private.words
    assert "Boleh minta NIK-nya lewat sini?" in private.words
    jobs = await desk.write(lambda work: work.jobs.claim(send_queue("fb-pemkab"), "uji", NOW, timedelta(minutes=1)))
    assert len(jobs) == 1


async def test_a_week_old_comment_says_why_it_is_answered_in_public_only(desk: Afternoon) -> None:
    comment = await desk.says("Warga Y", "fb-pemkab", "Bansos belum turun", public=True, ago=timedelta(days=8))

    seen = await opened(desk, "Warga Y")

    assert "lebih dari 7 hari" in seen.words
    assert re.search(r'id="to-private"[^>]* disabled', seen.html)
    async with desk.visitor("r") as visitor:
        form = {"ke": "pribadi", "komentar": str(comment.id), "key": "k", "text": "x"}
        assert (await visitor.post(f"/percakapan/{comment.conversation_id}/balas", form)).status == 422


async def test_a_comment_of_another_thread_is_not_answered_through_this_one(desk: Afternoon) -> None:
    mine = await desk.says("Warga Y", "fb-pemkab", "a", public=True)
    other = await desk.says("Warga Z", "fb-pemkab", "b", public=True)

    async with desk.visitor("r") as visitor:
        form = {"ke": "pribadi", "komentar": str(other.id), "key": "k", "text": "x"}
        seen = await visitor.post(f"/percakapan/{mine.conversation_id}/balas", form)

    assert seen.status == 404


async def test_a_late_answer_is_announced_before_it_is_written(desk: Afternoon) -> None:
    await desk.says("Warga F", "fb-pemkab", "Kapan?", ago=timedelta(hours=47))

    seen = await opened(desk, "Warga F")

    assert "24 jam lewat: dikirim sebagai petugas, sisa 5 hari." in seen.words
    assert (
        "24 hours have passed: sent as a person's answer, 5 days left."
        in (await opened(desk, "Warga F", lang="en")).words
    )


async def test_the_composer_counts_as_the_surface_does(desk: Afternoon) -> None:
    await desk.says("Warga X", "x-kutim", "Kapan?", public=True)
    await desk.says("Warga F", "fb-pemkab", "Kapan?", public=True)

    post, comment = await opened(desk, "Warga X"), await opened(desk, "Warga F")

    assert 'data-limit="280" data-counts="weight"' in post.html
    assert 'data-limit="8000" data-counts="letters"' in comment.html
    assert 'data-aside-limit="2000"' in comment.html
