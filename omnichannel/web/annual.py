"""The yearly report on screen, each figure with the rows behind it, and on paper; and the page of registers to take away."""

import asyncio
from typing import Any

from aiohttp import web

from omnichannel.domain.annual import FIGURES, OBJECTIONS, SECTIONS, report, year_of
from omnichannel.domain.errors import NotFound
from omnichannel.domain.policy import Action
from omnichannel.domain.printing import PDF
from omnichannel.router import annual, extracts
from omnichannel.web import files, guard, pages, scene
from omnichannel.web.downloads import OF_THE_PPID
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import desk_of, text

LONGEST = 20_000  # letters of a written section
REFUSAL = "pasal-17-"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/ppid/laporan", guard.allow(show, Action.DECIDE)),
        web.get("/ppid/laporan/baris", guard.allow(rows, Action.DECIDE)),
        web.post("/ppid/laporan", guard.allow(paper, Action.DECIDE)),
        web.get("/unduh", guard.allow(lists, Action.EXPORT)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """The year in figures, and the sections that people write."""
    parts, wording = house(request), pages.wording(request)
    year = _year(request)
    found = await annual.count(parts.store, desk_of(request), year, parts.clock.now())
    seen, _ = await scene.read(request, lambda work: None)
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "found": found,
        "years": range(wording.today.year, wording.today.year - 5, -1),
        "plain": [(key, one) for key, one in FIGURES.items() if not key.startswith(REFUSAL)],
        "refusals": [(key, one) for key, one in FIGURES.items() if key.startswith(REFUSAL)],
        "objections": OBJECTIONS,
        "sections": SECTIONS,
        "month_word": wording.month,
        "here": f"/ppid/laporan?tahun={year}",
    }
    return pages.page(request, "ppid/annual.html", **context)


async def rows(request: web.Request) -> web.StreamResponse:
    """The rows behind one figure."""
    parts, year, figure = house(request), _year(request), request.query.get("angka", "")
    found = await annual.behind(parts.store, desk_of(request), year, figure, parts.clock.now())
    seen, _ = await scene.read(request, lambda work: None)
    named = FIGURES.get(figure) or OBJECTIONS[figure]
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "rows": found,
        "year": year,
        "figure": named,
        "base": "/ppid/keberatan" if figure in OBJECTIONS else "/ppid/permohonan",
        "most": annual.MOST,
        "here": f"/ppid/laporan/baris?tahun={year}&angka={figure}",
    }
    return pages.page(request, "ppid/annual_rows.html", **context)


async def paper(request: web.Request) -> web.StreamResponse:
    """The report as PDF, with what was written into its sections."""
    fields, parts = await guard.fields(request), house(request)
    year = _checked(text(fields, "tahun"), request)
    found = await annual.count(parts.store, desk_of(request), year, parts.clock.now())
    written = {key: text(fields, key)[:LONGEST] for key in SECTIONS}
    today = pages.wording(request).today
    letter = report(found, written, parts.office.letters, parts.office.name, today)
    drawn = await asyncio.to_thread(parts.printer.letter, letter)
    name = f"laporan-layanan-informasi-{year}.pdf"
    headers = {"Content-Security-Policy": files.PAPER, "Content-Disposition": files.disposition(name, False)}
    return web.Response(body=drawn, content_type=PDF, headers=headers)


async def lists(request: web.Request) -> web.StreamResponse:
    """Which registers and lists may be taken away, and for which days."""
    today = pages.wording(request).today
    seen, _ = await scene.read(request, lambda work: None)
    context: dict[str, Any] = scene.setting(request, seen, "ppid")
    may_decide = context["can"][Action.DECIDE.value]
    offered = {key: one for key, one in extracts.EXTRACTS.items() if may_decide or key not in OF_THE_PPID}
    wanted = request.query.get("apa", "")
    context |= {
        "lists": offered,
        "wanted": wanted if wanted in offered else next(iter(offered)),
        "from_day": today.replace(month=1, day=1).isoformat(),
        "to_day": today.isoformat(),
    }
    return pages.page(request, "downloads.html", **context)


def _year(request: web.Request) -> int:
    given = request.query.get("tahun")
    if given is None:
        return year_of(pages.wording(request).today)
    return _checked(given, request)


def _checked(given: str, request: web.Request) -> int:
    if not (given.isascii() and given.isdigit() and 2000 <= int(given[:6]) <= pages.wording(request).today.year):
        raise NotFound("Tidak ada laporan untuk tahun itu.")
    return int(given)
