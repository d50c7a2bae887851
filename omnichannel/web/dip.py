"""DIP and DIK at the desk: searched, kept by hand, brought in and taken out as XLSX."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from omnichannel.domain import dip
from omnichannel.domain.case import Case
from omnichannel.domain.dip import CATEGORIES, COLUMNS, Category, Fault, Item
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed
from omnichannel.domain.people import Role
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.router import listing
from omnichannel.router.formal import request_of
from omnichannel.web import guard, labels, pages, scene, workbook
from omnichannel.web.case import named, version
from omnichannel.web.files import disposition
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import text

LIMIT = 50
SUGGESTED = 3
EXPORT = 20_000
LARGEST = 10 * 1024 * 1024
ITEM = "{item:\\d{1,18}}"
WIDTHS = (26, 16, 52, 28, 28, 24, 16, 16, 34, 34, 40, 22, 28)
FAULTS_SHOWN = 100


def routes() -> list[web.RouteDef]:
    return [
        web.get("/ppid/dip", guard.allow(show, Action.SEE_REGISTER)),
        web.get("/ppid/dip/saran", guard.allow(suggest, Action.SEE_REGISTER)),
        web.get("/ppid/dip/unduh", guard.allow(export, Action.SEE_REGISTER)),
        web.get("/ppid/dip/baru", guard.allow(blank, Action.MANAGE_LISTS)),
        web.post("/ppid/dip/baru", guard.allow(add, Action.MANAGE_LISTS)),
        web.post("/ppid/dip/unggah", guard.allow(bring_in, Action.MANAGE_LISTS)),
        web.get(f"/ppid/dip/{ITEM}", guard.allow(edit, Action.SEE_REGISTER)),
        web.post(f"/ppid/dip/{ITEM}", guard.allow(change, Action.MANAGE_LISTS)),
        web.post(f"/ppid/dip/{ITEM}/hapus", guard.allow(remove, Action.MANAGE_LISTS)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """The list, searched by words, unit and category."""
    return await _list(request)


async def _list(
    request: web.Request, status: int = 200, faults: list[Fault] | None = None, error: str = ""
) -> web.StreamResponse:
    words, unit, category, start = asked(request)
    staff = guard.staff(request)
    if staff.role is Role.UNIT and staff.unit and "unit" not in request.query:
        unit = staff.unit  # they come for their own list

    def question(work: Work) -> tuple[list[Item], int]:
        return work.catalogue.search(
            words,
            units=[unit] if unit else (),
            categories=[category] if category else (),
            offset=start,
            limit=LIMIT,
        )

    seen, (items, total) = await scene.read(request, question)
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "items": items,
        "total": total,
        "words": words,
        "unit": unit,
        "category": category or "",
        "categories": CATEGORIES,
        "start": start,
        "limit": LIMIT,
        "faults": (faults or [])[:FAULTS_SHOWN],
        "fault_count": len(faults or []),
        "error": error,
    }
    return pages.page(request, "ppid/dip.html", status, **context)


async def suggest(request: web.Request) -> web.StreamResponse:
    """What is public already of what is being written: the composer asks while staff answer a request."""
    number, words = request.query.get("kasus", "")[:60], request.query.get("kata", "").replace("\x00", "")[:1000]

    def question(work: Work) -> tuple[Case, list[Item]]:
        case = named(work, number)
        guard.ask(request, Action.READ, case)
        text = f"{request_of(work, case).details} {words}"
        near = work.catalogue.near(dip.search_words(words)) or work.catalogue.near(dip.search_words(text))
        return case, dip.matches(words, near, SUGGESTED) or dip.matches(text, near, SUGGESTED)

    case, items = await house(request).store.read(question)
    context = scene.words(request) | {"case": case, "items": items, "categories": CATEGORIES}
    return pages.fragment(request, "ppid/suggest.html", **context)


async def export(request: web.Request) -> web.StreamResponse:
    """What the list shows now, all of it, in the columns that an import reads."""
    words, unit, category, _ = asked(request)
    parts = house(request)
    items, _ = await parts.store.read(
        lambda work: work.catalogue.search(
            words, units=[unit] if unit else (), categories=[category] if category else (), limit=EXPORT
        )
    )
    rows = [as_row(item, labels.unit_name(parts.organisation, item.unit)) for item in items]
    content = await asyncio.to_thread(workbook.write, "DIP", list(COLUMNS), rows, WIDTHS)
    name = f"daftar-informasi-{pages.wording(request).today.isoformat()}.xlsx"
    headers = {"Content-Disposition": disposition(name, False)}
    return web.Response(body=content, content_type=workbook.MEDIA_TYPE, headers=headers)


async def bring_in(request: web.Request) -> web.StreamResponse:
    """A sheet of a unit or of all: every fault is told by row and column, and nothing is written while there is one."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    sent, now = fields.get("berkas"), parts.clock.now()
    if not isinstance(sent, web.FileField) or not sent.filename:
        return await _list(request, 422, error="Pilih dulu berkas Excel-nya.")
    content = await asyncio.to_thread(sent.file.read, LARGEST + 1)
    if len(content) > LARGEST:
        return await _list(request, 422, error="Berkas Excel ini terlalu besar. Bagi menjadi beberapa berkas.")
    try:
        table = await asyncio.to_thread(workbook.read, content)
    except Invalid as problem:
        return await _list(request, 422, error=str(problem))
    entries, faults = listing.check(table, parts.organisation)
    faults = faults or listing.theirs(staff, entries)
    if faults:
        return await _list(request, 422, faults)
    if not entries:
        return await _list(request, 422, error="Tidak ada baris yang berisi di berkas ini.")
    await parts.store.write(lambda work: listing.take(work, staff, entries, now=now))
    return scene.back(fields, "/ppid/dip", "dip")


async def blank(request: web.Request) -> web.StreamResponse:
    """An empty row."""
    return await _row(request, None, {})


async def add(request: web.Request) -> web.StreamResponse:
    """A row by hand."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    given, now = _given(fields), parts.clock.now()
    try:
        await parts.store.write(lambda work: listing.save(work, staff, parts.organisation, given, now=now))
    except (Invalid, Conflict, NotAllowed) as problem:
        return await _row(request, None, given, str(problem), _status(problem))
    return scene.back({}, "/ppid/dip", "dip")


async def edit(request: web.Request) -> web.StreamResponse:
    """One row."""
    item_id = int(request.match_info["item"])
    item = await house(request).store.read(lambda work: listing.item_of(work, item_id))
    return await _row(request, item, {name: str(getattr(item, name)) for name in listing.FIELDS})


async def change(request: web.Request) -> web.StreamResponse:
    """Write it, if nobody was faster."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    item_id, given, now, seen = int(request.match_info["item"]), _given(fields), parts.clock.now(), _seen(fields)

    def story(work: Work) -> Item:
        return listing.save(work, staff, parts.organisation, given, now=now, item_id=item_id, seen=seen)

    try:
        await parts.store.write(story)
    except (Invalid, NotAllowed) as problem:
        item = await parts.store.read(lambda work: listing.item_of(work, item_id))
        return await _row(request, item, given, str(problem), _status(problem))
    return scene.back({}, "/ppid/dip", "dip")


async def remove(request: web.Request) -> web.StreamResponse:
    """Off the list."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    item_id, now, seen = int(request.match_info["item"]), parts.clock.now(), _seen(fields)
    await parts.store.write(lambda work: listing.remove(work, staff, item_id, now=now, seen=seen))
    return scene.back({}, "/ppid/dip", "dip")


def asked(request: web.Request) -> tuple[str, str, Category | None, int]:
    """Words, unit, category and place, as the address bar has them."""
    query = request.query
    unit, category = query.get("unit", ""), query.get("kategori", "")
    return (
        " ".join(query.get("cari", "").replace("\x00", "").split())[:200],
        unit if unit in house(request).organisation else "",
        Category(category) if category in set(Category) else None,
        min(version(query.get("mulai")) or 0, 100_000),
    )


def as_row(item: Item, unit: str) -> list[str]:
    """In the order of COLUMNS, as an import reads it again."""
    plain = {name: str(getattr(item, name)) for name in COLUMNS.values()}
    plain |= {"unit": unit, "category": CATEGORIES[item.category]}
    return [plain[name] for name in COLUMNS.values()]


async def _row(
    request: web.Request, item: Item | None, given: Mapping[str, str], error: str = "", status: int = 200
) -> web.StreamResponse:
    seen, _ = await scene.read(request, lambda work: None)
    staff = guard.staff(request)
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "item": item,
        "can": scene.abilities(staff, item),
        "own": staff.unit if staff.role is Role.UNIT else None,
        "given": given,
        "error": error,
        "columns": {name: head for head, name in COLUMNS.items()},
        "categories": CATEGORIES,
    }
    return pages.page(request, "ppid/dip_row.html", status, **context)


def _status(problem: Exception) -> int:
    return 403 if isinstance(problem, NotAllowed) else 422


def _given(fields: guard.Fields) -> dict[str, str]:
    return {name: text(fields, name) for name in listing.FIELDS}


def _seen(fields: guard.Fields) -> int:
    return version(fields.get("versi")) or 0
