"""Open figures for everybody: what came in, what was answered in time, as a page, a sheet and data."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import STANZAS, Channel
from omnichannel.domain.errors import NotFound
from omnichannel.domain.figures import FEWEST, Bucket, Figures, Line, Tally, figures
from omnichannel.domain.house import House
from omnichannel.domain.work import Work
from omnichannel.web import guard, labels, pages
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

FRESH = timedelta(minutes=5)  # counting a whole year of a large office costs a moment; the figures need not be newer
COLUMNS = ("tabel", "kunci", "nama", "diterima", "dijawab", "tepat_waktu", "rata_rata_hari", "lewat_batas")
TABLES = ("months", "kinds", "units", "topics", "channels")
NAMES = {"months": "bulan", "kinds": "jenis", "units": "unit", "topics": "topik", "channels": "kanal"}
REST = "lainnya"
HEIGHT, WIDE = 120, 44  # of the months' picture, and of one month in it


class Counted:
    """What was counted lately, a year each; whoever asks meanwhile waits for the same count."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[datetime, Figures]] = {}
        self._busy = asyncio.Lock()

    async def year(self, parts: House, year: int) -> Figures:
        async with self._busy:
            now = parts.clock.now()
            at, found = self._held.get(year, (None, None))
            if at is None or found is None or not timedelta(0) <= now - at < FRESH:
                found = await parts.store.read(lambda work: _count(work, parts, year, now))
                self._held[year] = (now, found)
            return found


COUNTED = web.AppKey("counted", Counted)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/publik/statistik", guard.allow(show, public=True)),
        web.get("/publik/statistik.csv", guard.allow(sheet, public=True)),
        web.get("/publik/statistik.json", guard.allow(data, public=True)),
    ]


def setup(application: web.Application) -> None:
    """What one process has counted."""
    application[COUNTED] = Counted()


async def show(request: web.Request) -> web.StreamResponse:
    """The year's figures; `?tahun=` another one."""
    parts, wording = house(request), pages.wording(request)
    years, year = await _years(request)
    found = await request.app[COUNTED].year(parts, year)
    context: dict[str, Any] = {
        "figures": found,
        "years": years,
        "fewest": FEWEST,
        "bars": list(_bars(found, wording)),
        "tables": [(name, list(_named(getattr(found, name), name, parts, wording))) for name in TABLES[1:]],
        "height": HEIGHT,
        "wide": WIDE,
    }
    return pages.page(request, "public/figures.html", **context)


async def sheet(request: web.Request) -> web.StreamResponse:
    """One line a figure, in UTF-8; spreadsheets of an Indonesian computer read the byte order mark."""
    parts = house(request)
    _, year = await _years(request)
    found = await request.app[COUNTED].year(parts, year)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_rows(found, parts, pages.wording(request)))
    return _download("\ufeff" + text.getvalue(), "text/csv", f"statistik-{year}.csv")


async def data(request: web.Request) -> web.StreamResponse:
    """The same for programs."""
    parts = house(request)
    _, year = await _years(request)
    found = await request.app[COUNTED].year(parts, year)
    rows = [{key: row.get(key) for key in COLUMNS} for row in _rows(found, parts, pages.wording(request))]
    said = {"tahun": year, "kantor": parts.office.name, "paling_sedikit": FEWEST, "angka": rows}
    return _download(json.dumps(said, ensure_ascii=False), "application/json", f"statistik-{year}.json")


def _download(text: str, media_type: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Access-Control-Allow-Origin": "*"}
    return web.Response(text=text, content_type=media_type, charset="utf-8", headers=headers)


async def _years(request: web.Request) -> tuple[list[int], int]:
    """The years that there are, newest first, and the one asked for. NotFound for a year in which nothing can have come."""
    parts, today = house(request), pages.wording(request).today
    span = await parts.store.read(lambda work: work.figures.years(parts.office.zone))
    first, last = span or (today.year, today.year)
    years = list(range(max(last, today.year), first - 1, -1))
    asked = request.query.get("tahun", str(today.year))
    if not asked.isascii() or not asked.isdigit() or int(asked) not in years:
        raise NotFound("Tidak ada angka untuk tahun itu.")
    return years, int(asked)


def _count(work: Work, parts: House, year: int, now: datetime) -> Figures:
    """Month by month in the office's own zone."""
    zone = parts.office.zone
    today = now.astimezone(zone).date()
    months = today.month if year == today.year else 12
    buckets: list[Bucket] = []
    for month in range(1, 13):
        since = datetime(year, month, 1, tzinfo=zone)
        until = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
        buckets += work.figures.cases(month, since, until, today, zone)
    return figures(year, buckets, months)


def _bars(found: Figures, wording: Wording) -> Iterator[dict[str, Any]]:
    """One bar a month: all that came in, and of it what was answered in time."""
    top = max([line.tally.received for line in found.months if line.tally is not None], default=0) or 1
    for line in found.months:
        month, tally = int(line.key or 1), line.tally
        yield {
            "name": wording.month(month),
            "tally": tally,
            "whole": round(HEIGHT * tally.received / top) if tally is not None else 0,
            "in_time": round(HEIGHT * tally.in_time / top) if tally is not None else 0,
        }


def _named(lines: tuple[Line, ...], table: str, parts: House, wording: Wording) -> Iterator[dict[str, Any]]:
    """Lines with their names, and how long their bar is against the longest."""
    top = max([line.tally.received for line in lines if line.tally is not None], default=0) or 1
    for line in lines:
        share = 100 * line.tally.received / top if line.tally is not None else 0
        yield {"name": _name(line, table, parts, wording), "tally": line.tally, "share": round(share, 1)}


def _name(line: Line, table: str, parts: House, wording: Wording) -> str:
    if line.key is None:
        return wording.t("Lainnya (digabung)")
    if table == "months":
        return wording.month(int(line.key))
    if table == "kinds":
        return wording.t(KINDS.get(line.key, line.key))
    if table == "units":
        return labels.unit_name(parts.organisation, line.key) if line.key else wording.t("Belum ditetapkan")
    if table == "channels":
        return wording.t(STANZAS[Channel(line.key)].word) if line.key in set(Channel) else line.key
    return wording.t(labels.topic(line.key))


KINDS = {
    "information_request": "Permohonan informasi",
    "complaint": "Pengaduan",
    "aspiration": "Aspirasi",
}


def _rows(found: Figures, parts: House, wording: Wording) -> Iterator[dict[str, Any]]:
    yield {"tabel": "tahun", "kunci": str(found.year), "nama": str(found.year), **_numbers(found.total)}
    for table in TABLES:
        for line in getattr(found, table):
            key = REST if line.key is None else line.key
            name = _name(line, table, parts, wording)
            yield {"tabel": NAMES[table], "kunci": key, "nama": name, **_numbers(line.tally)}


def _numbers(tally: Tally | None) -> dict[str, Any]:
    """Too few to be shown: "<5" and nothing else."""
    if tally is None:
        return {"diterima": f"<{FEWEST}"}
    return {
        "diterima": tally.received,
        "dijawab": tally.answered,
        "tepat_waktu": tally.in_time,
        "rata_rata_hari": None if tally.average is None else round(tally.average, 1),
        "lewat_batas": tally.overdue,
    }
