"""What is wrong with our accounts stands on every page of whoever can mend it, in words."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.people import Role
from omnichannel.domain.work import MACHINE, Work
from tests.web.front import Front, a_front

DAY = timedelta(days=1)
EVERYWHERE = ("/kotak/semua", "/ppid", "/kelola/kanal")


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


async def ails(front: Front, health: Health, error: str | None, left: timedelta | None, quiet: bool = False) -> None:
    now = front.clock.now()

    def story(work: Work) -> None:
        work.accounts.ensure("uji", Channel.SANDBOX)
        work.accounts.set_health("uji", health, error, now, "@humas_uji")
        work.watch.probed("uji", now, now + DAY, None if left is None else now + left)
        work.watch.set_quiet("uji", now - DAY if quiet else None)

    await front.house.store.write(story)


async def shown(front: Front, role: Role, path: str) -> str:
    client = await front.signed_in(role)
    answer = await client.get(path)
    assert answer.status == 200, path
    return await answer.text()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SUPERVISOR])
@pytest.mark.parametrize("path", EVERYWHERE)
async def test_a_broken_account_is_loud_on_every_page_with_its_mend(front: Front, role: Role, path: str) -> None:
    await ails(front, Health.BROKEN, "Token ditolak.", None)

    page = await shown(front, role, path)

    assert "berhenti" in page
    assert "Periksa token dan izin" in page


async def test_whoever_cannot_mend_it_is_left_in_peace(front: Front) -> None:
    await ails(front, Health.BROKEN, "Token ditolak.", timedelta(days=1))

    assert 'class="troubles"' not in await shown(front, Role.AGENT, "/kotak/semua")


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=12), "habis 12 hari lagi"),
        (timedelta(days=2, hours=3), "habis 3 hari lagi"),
        (timedelta(hours=-1), "sudah habis"),
    ],
)
async def test_the_end_of_a_token_is_counted_down(front: Front, left: timedelta, words: str) -> None:
    await ails(front, Health.WELL, None, left)

    assert words in await shown(front, Role.ADMINISTRATOR, "/kotak/semua")


async def test_a_healthy_account_shows_who_we_are_there_and_nothing_else(front: Front) -> None:
    await ails(front, Health.WELL, None, timedelta(days=50))

    page = await shown(front, Role.ADMINISTRATOR, "/kelola/kanal")

    assert "@humas_uji" in page
    assert "token habis 50 hari lagi" in page
    assert 'class="troubles"' not in page
    assert 'class="notice' not in page


async def test_an_unusual_silence_is_told(front: Front) -> None:
    await ails(front, Health.WELL, None, None, quiet=True)

    assert "tidak seperti biasanya" in await shown(front, Role.ADMINISTRATOR, "/kotak/semua")
    assert "tidak seperti biasanya" in await shown(front, Role.ADMINISTRATOR, "/kelola/kanal")


async def test_in_english_too(front: Front) -> None:
    await ails(front, Health.BROKEN, "Token ditolak.", timedelta(days=1), quiet=True)
    client = await front.signed_in(Role.ADMINISTRATOR)
    staff = await front.house.store.read(lambda work: work.people.all()[0])
    await front.house.store.write(lambda work: work.people.set_lang(staff.id, "en"))

    page = await (await client.get("/kotak/semua")).text()

    assert "uji has stopped" in page
    assert "expires in 1 day." in page


async def test_the_accounts_history_is_told_where_they_stand(front: Front) -> None:
    now = front.clock.now()
    caught = "uji: 3 butir baru didapat dengan membaca ulang. Bila berulang, periksa webhook di platform."

    def story(work: Work) -> None:
        work.note(MACHINE, "account_broken", "account", 0, at=now, why="uji: Token ditolak.")
        work.note(MACHINE, "account_well", "account", 0, at=now, why="uji")
        work.note(MACHINE, "account_expiring", "account", 0, at=now, after=(now + DAY).isoformat(), why="uji")
        work.note(MACHINE, "account_caught_up", "account", 0, at=now, why=caught)

    await front.house.store.write(story)

    page = await shown(front, Role.ADMINISTRATOR, "/kelola/kanal")

    places = [page.index(words) for words in (caught, "Token uji habis", "uji berjalan lagi", "uji: Token ditolak.")]
    assert places == sorted(places)


async def test_an_open_page_can_ask_for_the_band_anew(front: Front) -> None:
    client = await front.signed_in(Role.ADMINISTRATOR)
    before = await (await client.get("/kanal/gangguan?di=/kotak/semua")).text()
    await ails(front, Health.BROKEN, "Token ditolak.", None)

    after = await (await client.get("/kanal/gangguan?di=/kotak/semua")).text()
    beside = await (await client.get("/kanal/gangguan?di=/kelola/kanal")).text()

    assert "berhenti" not in before
    assert "uji berhenti" in after
    assert "berhenti" not in beside  # that page says it itself
