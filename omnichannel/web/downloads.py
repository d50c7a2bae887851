"""Registers and bundles of evidence to take away: made into a file beside, then handed over piece by piece."""

import asyncio
import contextlib
import re
import tempfile
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.policy import Action
from omnichannel.domain.printing import MEDIA_TYPES, Format
from omnichannel.domain.work import Work
from omnichannel.router import evidence, extracts
from omnichannel.router.desk import by_staff
from omnichannel.web import files, guard
from omnichannel.web.case import named
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import desk_of, text
from omnichannel.web.ppid_sheet import BASE

PIECE = 256 * 1024
MOST_ON_PAPER = 20_000  # rows; a longer PDF would keep the reader waiting for minutes
ZIP = "application/zip"
OF_THE_PPID = frozenset({"permohonan", "keberatan"})  # they name applicants
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def routes() -> list[web.RouteDef]:
    return [
        web.post(r"/unduh/{what:\w{1,20}}", guard.allow(register, Action.EXPORT)),
        web.post(f"{BASE}/bukti", guard.allow(proof, Action.DECIDE)),
    ]


async def register(request: web.Request) -> web.StreamResponse:
    """One list of a span of days; who took it is written down."""
    fields, parts, what = await guard.fields(request), house(request), request.match_info["what"]
    desk, who, now = desk_of(request), by_staff(guard.staff(request)), parts.clock.now()
    if what not in extracts.EXTRACTS:
        raise NotFound("Register itu tidak ada.")
    if what in OF_THE_PPID:
        guard.ask(request, Action.DECIDE)
    chosen = text(fields, "format")
    if chosen not in set(Format):
        raise Invalid("Pilih bentuk berkasnya: XLSX, CSV, atau PDF.")
    format = Format(chosen)
    since, until = day_of(fields, "dari"), day_of(fields, "sampai")
    extract, span = extracts.EXTRACTS[what], extracts.span_of(since, until, parts.office.zone)
    most = MOST_ON_PAPER if format is Format.PDF else None
    async with _beside() as path:
        with parts.printer.sheet(path, format, extract.head(desk, since, until)) as sheet:
            await extracts.write_out(parts.store, desk, extract, span, sheet, most)
        await parts.store.write(lambda work: extracts.note(work, who, what, since, until, format.value, now))
        return await _handed(request, path, MEDIA_TYPES[format], f"{what}-{since}-{until}.{format}")


async def proof(request: web.Request) -> web.StreamResponse:
    """The bundle of evidence of one request; who took it is written down."""
    await guard.fields(request)
    parts, number, now = house(request), request.match_info["number"], house(request).clock.now()
    who = by_staff(guard.staff(request))

    def found(work: Work) -> Case:
        case = named(work, number)
        guard.ask(request, Action.EXPORT, case)
        return case

    case = await parts.store.read(found)
    name = f"bukti-{case.number}-{_stamp(request, now)}.zip"
    about = {"number": case.number, "office": parts.office.name, "made_at": now.isoformat(), "made_by": who.name or ""}
    # Written first, so that the bundle itself tells of its making.
    await parts.store.write(lambda work: evidence.note(work, who, case, name, now))
    async with _beside() as path:
        with parts.printer.archive(path, about) as archive:
            await evidence.bundle(parts.store, parts.files, archive, case.id)
        return await _handed(request, path, ZIP, name)


def day_of(fields: guard.Fields, name: str) -> date:
    """A day as a form sends it. Invalid."""
    given = text(fields, name)
    try:
        if DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass  # 2026-02-30 has the shape of a day and is none
    raise Invalid("Isi tanggal awal dan tanggal akhir.")


@contextlib.asynccontextmanager
async def _beside() -> AsyncIterator[Path]:
    """A place on the disk that is gone afterwards, however the request ends."""
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="omnichannel-")
    try:
        yield Path(folder) / "berkas"
    finally:
        await asyncio.to_thread(_remove, Path(folder))


def _remove(folder: Path) -> None:
    for one in folder.iterdir():
        one.unlink(missing_ok=True)
    folder.rmdir()


async def _handed(request: web.Request, path: Path, media_type: str, name: str) -> web.StreamResponse:
    if not await asyncio.to_thread(path.is_file):
        raise NotFound("Berkas ini tidak ada.")
    size = (await asyncio.to_thread(path.stat)).st_size
    headers = {"Content-Disposition": files.disposition(name, False), "Content-Length": str(size)}
    response = web.StreamResponse(headers=headers)
    response.content_type = media_type
    await response.prepare(request)
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            await response.write(piece)
    await response.write_eof()
    return response


def _stamp(request: web.Request, now: datetime) -> str:
    return f"{now.astimezone(house(request).office.zone):%Y%m%d-%H%M}"
