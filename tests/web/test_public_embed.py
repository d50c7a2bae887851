"""The request form in another site's frame: shown to the sites that the office named, sent without a cookie, forged by nobody."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.ppid import PpidRules
from omnichannel.store.bell import LocalBell
from omnichannel.store.database import SqlStore
from tests.house import HandClock
from tests.web.citizen import REQUEST, Citizen, Hall, Page, a_hall

FRAME = "/publik/sematan/permohonan"
SITES = PpidRules(embed_hosts=("https://desa.contoh.id", "https://kecamatan.contoh.id"))


@pytest.fixture
async def hall(quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell) -> AsyncIterator[Hall]:
    async with a_hall(quick_store, tmp_path, clock, bell, ppid=SITES) as found:
        yield found


async def framed(hall: Hall, citizen: Citizen, *, origin: str | None = None, **fields: str) -> Page:
    """As a browser sends it from within a frame: its own origin, and no cookie."""
    hidden = await citizen.hidden(f"{FRAME}?unit=dishub")
    citizen.client.session.cookie_jar.clear()
    ours = str(hall.server.make_url("/")).rstrip("/")
    headers = {"Origin": ours if origin is None else origin} if origin != "" else None
    return await citizen.post(FRAME, hidden | REQUEST | fields, headers=headers)


async def test_it_is_filled_in_sent_and_answered_inside_the_frame(hall: Hall) -> None:
    citizen = await hall.citizen()

    shown = await citizen.get(f"{FRAME}?unit=dishub")
    faulty = await framed(hall, citizen, isi="")
    done = await framed(hall, citizen)

    for page in (shown, faulty, done):
        policy = page.headers["Content-Security-Policy"]
        assert "frame-ancestors https://desa.contoh.id https://kecamatan.contoh.id;" in f"{policy};"
        assert "script-src 'self'" in policy
        assert "<script" not in page.text
    assert "Kepada Dinas Perhubungan" in shown.text
    assert (faulty.status, "Ada yang perlu diperbaiki" in faulty.text) == (422, True)
    assert f'action="{FRAME}"' in faulty.text
    assert done.status == 200
    (case,) = await hall.cases(done.noted[0])
    assert case.number == done.noted[0]
    (said, *_) = await hall.messages(case.number)
    assert said.text.startswith(f"Kepada Dinas Perhubungan:\n{REQUEST['isi']}")


@pytest.mark.parametrize("origin", ["https://desa.contoh.id", "https://jahat.contoh.id", "null", ""])
async def test_a_form_that_no_page_of_ours_sent_is_refused(hall: Hall, origin: str) -> None:
    citizen = await hall.citizen()

    page = await framed(hall, citizen, origin=origin)

    assert page.status in (400, 403)
    assert not page.noted


async def test_a_key_that_is_not_ours_or_a_day_old_brings_the_form_back_with_what_was_typed(hall: Hall) -> None:
    citizen = await hall.citizen()

    invented = await framed(hall, citizen, kunci="permohonan.1.abc")
    hidden = await citizen.hidden(FRAME)
    hall.clock.advance(timedelta(days=2))
    ours = {"Origin": str(hall.server.make_url("/")).rstrip("/")}
    stale = await citizen.post(FRAME, hidden | REQUEST, headers=ours)

    for page in (invented, stale):
        assert page.status == 422
        assert "terlalu lama terbuka" in page.text
        assert REQUEST["isi"] in page.text
        assert not page.noted


async def test_a_form_too_large_is_told_inside_the_frame(hall: Hall) -> None:
    citizen = await hall.citizen()
    hidden = await citizen.hidden(FRAME)
    ours = {"Origin": str(hall.server.make_url("/")).rstrip("/")}

    page = await citizen.post(FRAME, hidden | REQUEST, ("video.mp4", b"\0" * 60_000_000), headers=ours)

    assert page.status == 413
    assert "frame-ancestors https://desa.contoh.id" in page.headers["Content-Security-Policy"]


async def test_where_no_site_was_named_nobody_frames_it(
    quick_store: SqlStore, tmp_path: Path, clock: HandClock, bell: LocalBell
) -> None:
    async with a_hall(quick_store, tmp_path, clock, bell) as hall:
        citizen = await hall.citizen()
        shut = await citizen.get(FRAME)
        own = await citizen.get("/publik/permohonan?unit=dishub")
        unit = await citizen.get("/publik/unit/dishub")

    assert "frame-ancestors 'none'" in shut.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in own.headers["Content-Security-Policy"]
    assert "Kepada Dinas Perhubungan" in own.text
    assert "/publik/sematan/permohonan?unit=dishub" in unit.text
