"""What is public already, for everybody: the list, each unit's own page, an open feed, and the request form for other sites."""

import json
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

from omnichannel.domain.case import Queue
from omnichannel.domain.dip import CATEGORIES, Category, Item
from omnichannel.domain.errors import NotFound
from omnichannel.domain.house import House
from omnichannel.domain.message import iso
from omnichannel.domain.organisation import Unit
from omnichannel.domain.ppid_register import PublicRow
from omnichannel.domain.work import Scope, Work
from omnichannel.router import registers
from omnichannel.router.listing import item_of
from omnichannel.web import guard, labels, pages
from omnichannel.web.dip import ITEM, asked
from omnichannel.web.keys import house

LIMIT = 20
FEED = 1_000
NEWEST = 50
REGISTER = 100
PUBLIC = (Category.PERIODIC, Category.IMMEDIATE, Category.ALWAYS)
# Data that anybody may read is worth most where other sites can read it too.
OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list."""

    items: list[Item]
    total: int
    start: int
    words: str
    unit: str
    category: Category | None


def routes() -> list[web.RouteDef]:
    return [
        web.get("/publik/dip", guard.allow(show, public=True)),
        web.get("/publik/dip.json", guard.allow(as_json, public=True)),
        web.get("/publik/dip.atom", guard.allow(as_atom, public=True)),
        web.get(f"/publik/dip/{ITEM}", guard.allow(one, public=True)),
        web.get("/publik/unit/{kode:[a-z0-9.-]{1,60}}", guard.allow(unit_page, public=True)),
        web.get("/publik/register", guard.allow(register, public=True)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """The list of public information. What is exempted is listed too, by its title and ground alone, as the law wants."""
    found = await _found(request, LIMIT, tuple(Category))
    parts = house(request)
    context = _context(parts, found) | {"limit": LIMIT, "units": labels.unit_choices(parts.organisation)}
    return pages.page(request, "public/dip.html", **context)


async def one(request: web.Request) -> web.StreamResponse:
    """One item, and the way to ask for it where it has no address."""
    item_id, parts = int(request.match_info["item"]), house(request)
    item = await parts.store.read(lambda work: item_of(work, item_id))
    context = {"item": item, "categories": CATEGORIES, "unit": labels.unit_name(parts.organisation, item.unit)}
    return pages.page(request, "public/dip_item.html", **context)


async def unit_page(request: web.Request) -> web.StreamResponse:
    """A unit's own page: what it has made public, who stands above and below it, the request form, its snippet."""
    parts = house(request)
    unit = _unit(parts, request.match_info["kode"])
    below = parts.organisation.children(unit.key)
    above = parts.organisation.get(unit.parent) if unit.parent else None

    def question(work: Work) -> tuple[list[Item], int, dict[tuple[str, Category], int]]:
        items, total = work.catalogue.search(units=[unit.key], categories=PUBLIC, limit=LIMIT)
        return items, total, work.catalogue.counts()

    items, total, counts = await parts.store.read(question)
    context: dict[str, Any] = {
        "unit": unit,
        "above": above,
        "below": sorted(below, key=lambda one: one.name),
        "items": items,
        "total": total,
        "counts": {category: counts.get((unit.key, category), 0) for category in Category},
        "categories": CATEGORIES,
        "sites": parts.office.ppid.embed_hosts,
        "embed": f"{parts.office.public_url}/publik/sematan/permohonan?unit={unit.key}",
    }
    return pages.page(request, "public/unit.html", **context)


async def register(request: web.Request) -> web.StreamResponse:
    """The published register of requests: numbers, matters and answers, and nobody's name."""
    wording, after = pages.wording(request), request.query.get("sesudah")

    def question(work: Work) -> tuple[list[PublicRow], str | None]:
        page = work.screens.cases_list(
            Queue.PPID, Scope(), state="all", today=wording.today, after=after, limit=REGISTER
        )
        running = [row.case for row in page.rows if row.case.void_reason is None]
        return registers.public_rows(work, running), page.after

    rows, rest = await house(request).store.read(question)
    context = {
        "rows": rows,
        "after": rest,
        "outcomes": labels.OUTCOMES,
        "topic": lambda key: wording.t(labels.topic(key)),
    }
    return pages.page(request, "public/register.html", **context)


async def as_json(request: web.Request) -> web.StreamResponse:
    """The open feed: every public item that fits the same words, unit and category as the page."""
    parts = house(request)
    found = await _found(request, FEED, PUBLIC)
    body = {
        "title": f"Daftar Informasi Publik {parts.office.region}",
        "total": found.total,
        "start": found.start,
        "items": [_item(parts, item) for item in found.items],
    }
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, content_type="application/json", charset="utf-8", headers=OPEN)


async def as_atom(request: web.Request) -> web.StreamResponse:
    """What changed last, for readers of feeds (RFC 4287)."""
    parts = house(request)
    items = await parts.store.read(lambda work: work.catalogue.latest(NEWEST))
    home = f"{parts.office.public_url}/publik/dip"
    newest = iso(items[0].updated_at if items else parts.clock.now())
    entries = "".join(_entry(parts, item) for item in items)
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{_xml(f'Daftar Informasi Publik {parts.office.region}')}</title><id>{_xml(home)}</id>"
        f'<link href={quoteattr(home)}/><link rel="self" href={quoteattr(home + ".atom")}/>'
        f"<updated>{newest}</updated><author><name>{_xml(parts.office.name)}</name></author>{entries}</feed>"
    )
    return web.Response(text=text, content_type="application/atom+xml", charset="utf-8", headers=OPEN)


async def _found(request: web.Request, limit: int, categories: tuple[Category, ...]) -> Found:
    words, unit, category, start = asked(request)
    chosen = [category] if category in categories else list(categories)
    items, total = await house(request).store.read(
        lambda work: work.catalogue.search(
            words, units=[unit] if unit else (), categories=chosen, offset=start, limit=limit
        )
    )
    return Found(items, total, start, words, unit, category)


def _context(parts: House, found: Found) -> dict[str, Any]:
    return {
        "found": found,
        "categories": CATEGORIES,
        "named": lambda key: labels.unit_name(parts.organisation, key),
    }


def _unit(parts: House, code: str) -> Unit:
    """By its key, or by the official code of an area."""
    found = parts.organisation.get(code) or parts.organisation.by_code(code)
    if found is None:
        raise NotFound("Unit ini tidak ada.")
    return found


def _item(parts: House, item: Item) -> dict[str, str | int]:
    return {
        "id": item.id,
        "unit": item.unit,
        "unit_name": labels.unit_name(parts.organisation, item.unit),
        "category": item.category.value,
        "title": item.title,
        "holder": item.holder,
        "maker": item.maker,
        "made": item.made,
        "medium": item.medium,
        "kept": item.kept,
        "url": item.url or f"{parts.office.public_url}/publik/dip/{item.id}",
        "updated": iso(item.updated_at),
    }


def _entry(parts: House, item: Item) -> str:
    said = _item(parts, item)
    here = f"{parts.office.public_url}/publik/dip/{item.id}"
    return (
        f"<entry><title>{_xml(item.title)}</title><id>{_xml(here)}</id><link href={quoteattr(_legal(str(said['url'])))}/>"
        f"<updated>{said['updated']}</updated><category term={quoteattr(item.category.value)}/>"
        f"<summary>{_xml(' · '.join(str(said[name]) for name in ('unit_name', 'made') if said[name]))}</summary></entry>"
    )


def _xml(text: str) -> str:
    return escape(_legal(text))


def _legal(text: str) -> str:
    """What XML 1.0 can hold."""
    return "".join(sign for sign in text if sign in "\t\n" or (ord(sign) >= 32 and ord(sign) not in (0xFFFE, 0xFFFF)))
