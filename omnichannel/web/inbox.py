"""The desk: work lists, their numbers, and one open conversation beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from omnichannel.domain.errors import NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, scope
from omnichannel.domain.screens import Page, WorkRow
from omnichannel.domain.work import Work
from omnichannel.inbox import triage
from omnichannel.web import beside, guard, labels, pages, scene
from omnichannel.web import talk as talks
from omnichannel.web.keys import house

LIMIT = 50
MOST = 300  # rows that one refresh of a long list may ask for
LONGEST_FILTER_WALK = 40  # pages read to fill one filtered page
QUERY_LIMIT = 200
READY = {"netral": "komentar_disembunyikan", "pesan": "lihat_pesan"}  # ?siap= → the notice
FIRST_VIEW = "/kotak/perlu-dibaca"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the address bar narrows the list to; all of it can be sent to a colleague as a link."""

    cari: str = ""
    jenis: str = ""
    kanal: str = ""
    tempat: str = ""

    @property
    def on(self) -> bool:
        """Whether anything beside the search narrows the list."""
        return bool(self.jenis or self.kanal or self.tempat)

    @property
    def query(self) -> str:
        """As it stands in the address: "" or "?…"."""
        chosen = [(name, value) for name in ("cari", "jenis", "kanal", "tempat") if (value := getattr(self, name))]
        return "?" + urlencode(chosen) if chosen else ""

    def fits(self, row: WorkRow) -> bool:
        """Whether the row is one of those asked for."""
        wanted = ((self.jenis, row.kind), (self.kanal, row.channel.value), (self.tempat, row.surface.value))
        return all(not want or want == is_ for want, is_ in wanted)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; `whole` when every row of the group is on the page, so its number is true."""

    key: str
    word: str
    rows: list[WorkRow]
    whole: bool


def routes() -> list[web.RouteDef]:
    return [
        web.get("/", guard.allow(home, Action.SEE_DESK)),
        web.get("/kotak", guard.allow(home, Action.SEE_DESK)),
        web.get("/kotak/{view}", guard.allow(desk, Action.SEE_DESK)),
        web.get("/kotak/{view}/baris", guard.allow(rows, Action.SEE_DESK)),
        web.get("/kotak/{view}/{conversation:\\d{1,18}}", guard.allow(desk, Action.READ)),
        web.get("/hitung", guard.allow(numbers, Action.SEE_DESK)),
        web.get("/saya", guard.allow(me)),
        web.get("/tampilan.css", guard.allow(look, public=True)),
    ]


async def home(request: web.Request) -> web.StreamResponse:
    """Where a working day begins."""
    return web.Response(status=303, headers={"Location": FIRST_VIEW})


async def desk(request: web.Request) -> web.StreamResponse:
    """The three panes; without script this page is all there is."""
    opened = request.match_info.get("conversation")
    return await show(request, int(opened) if opened else None)


async def show(
    request: web.Request,
    conversation_id: int | None,
    *,
    draft: str = "",
    error: str = "",
    as_note: bool = False,
    status: int = 200,
) -> web.StreamResponse:
    """The desk with this conversation open. `draft` and `error` bring back what could not be sent."""
    staff, parts, wording = guard.staff(request), house(request), pages.wording(request)
    view, filters = view_of(request), filters_of(request)
    before = number(request.query.get("sebelum"))

    def question(work: Work) -> tuple[Page[WorkRow], talks.Found | None, beside.Beside]:
        found = talks.find(work, conversation_id, before_id=before) if conversation_id is not None else None
        others = beside.beside(work, staff, found.conversation if found is not None else None)
        return listed(work, staff, view, filters, scene.days(wording), request.query.get("sesudah")), found, others

    seen, (page, found, others) = await scene.read(request, question)
    talk = None
    if found is not None:
        guard.ask(request, Action.READ, found.conversation)
        talk = talks.with_draft(
            talks.lay_out(parts, staff, found, wording, number(request.query.get("pribadi"))),
            draft or ready(request),
            error,
            as_note=as_note,
        )
        await _read_by(request, staff, found)
    context = scene.setting(request, seen, "kotak") | list_context(view, filters, page, wording.today, conversation_id)
    context |= {"talk": talk, "title": labels.VIEW_WORDS[view], "channels": _channels(request)}
    context |= beside.context(others)
    if conversation_id is not None:
        context["here"] = f"/kotak/{view}/{conversation_id}{filters.query}"
    return pages.page(request, "desk.html", status, **context)


async def rows(request: web.Request) -> web.StreamResponse:
    """Only the rows: the next page, or the whole shown list anew (`?banyak=` rows)."""
    staff, wording = guard.staff(request), pages.wording(request)
    view, filters = view_of(request), filters_of(request)
    wanted = min(MOST, number(request.query.get("banyak")) or LIMIT)
    after = request.query.get("sesudah")
    days = scene.days(wording)
    seen, page = await scene.read(request, lambda work: listed(work, staff, view, filters, days, after, wanted))
    selected = number(request.query.get("pilih"))
    context = scene.setting(request, seen, "kotak") | list_context(view, filters, page, wording.today, selected)
    return pages.fragment(request, "parts/rows.html", **context)


async def numbers(request: web.Request) -> web.StreamResponse:
    """The rail's numbers, and up to which happening they are true."""
    seen, _ = await scene.read(request, lambda work: None)
    wording = pages.wording(request)
    shown = {key: wording.number(n) for key, n in seen.counts.items()}
    return web.json_response({"last": seen.last, "counts": seen.counts, "shown": shown})


async def me(request: web.Request) -> web.StreamResponse:
    """Language, theme and the way out."""
    seen, _ = await scene.read(request, lambda work: None)
    return pages.page(request, "me.html", **scene.setting(request, seen, "saya"))


async def look(request: web.Request) -> web.StreamResponse:
    """The region's colour: the one number that a region sets. A style sheet of its own, because the policy forbids
    styles in a page."""
    hue = house(request).office.accent_hue % 360
    headers = {"Cache-Control": "public, max-age=86400" if request.query.get("h") == str(hue) else "no-cache"}
    return web.Response(text=f":root {{ --accent-h: {hue}; }}\n", content_type="text/css", headers=headers)


def view_of(request: web.Request) -> str:
    """The work list of the address; NotFound for any other word."""
    view = request.match_info.get("view", "semua")
    if view not in labels.VIEW_WORDS:
        raise NotFound("Daftar kerja itu tidak ada.")
    return view


def filters_of(request: web.Request) -> Filters:
    """What the address narrows the list to."""
    taken = {
        name: request.query.get(name, "").replace("\0", "").strip() for name in ("cari", "jenis", "kanal", "tempat")
    }
    return Filters(**{name: value[:QUERY_LIMIT] for name, value in taken.items()})


def listed(
    work: Work, staff: Staff, view: str, filters: Filters, days: scene.Days, after: str | None, limit: int = LIMIT
) -> Page[WorkRow]:
    """One keyset page of the view. A filter reads on until the page is full, so that "load more" never looks empty."""
    reach, search = scope(staff), filters.cari or None
    (today, near), ask = days, work.screens.work_list
    if not filters.on:
        return ask(view, reach, today=today, near=near, after=after, limit=limit, search=search)
    kept: list[WorkRow] = []
    for _ in range(LONGEST_FILTER_WALK):
        page = ask(view, reach, today=today, near=near, after=after, limit=LIMIT, search=search)
        kept += [row for row in page.rows if filters.fits(row)]
        after = page.after
        if after is None or len(kept) >= limit:
            break
    return Page(tuple(kept), after)


def list_context(view: str, filters: Filters, page: Page[WorkRow], today: date, selected: int | None) -> dict[str, Any]:
    """What the row templates need."""
    return {
        "view": view,
        "filters": filters,
        "query": filters.query,
        "groups": grouped(page.rows, today, whole=page.after is None),
        "after": page.after,
        "selected": selected,
    }


def grouped(found: Sequence[WorkRow], today: date, *, whole: bool) -> list[Group]:
    """Alarms, then what is due today or late, then the rest; no headings where the list is in another order."""
    keys = [_group(row, today) for row in found]
    if not found:
        return []
    if keys != sorted(keys) or set(keys) == {2}:
        return [Group("semua", "", list(found), whole)]
    words = {0: "", 1: "Batas hari ini atau lewat", 2: "Berikutnya"}
    return [
        Group(
            str(key),
            words[key],
            [row for row, one in zip(found, keys, strict=True) if one == key],
            whole or key != keys[-1],
        )
        for key in sorted(set(keys))
    ]


def _group(row: WorkRow, today: date) -> int:
    if row.alarm_id is not None:
        return 0
    return 1 if row.due is not None and row.due <= today and row.case_state in ("open", "forwarded") else 2


async def _read_by(request: web.Request, staff: Staff, found: talks.Found) -> None:
    """Somebody who may answer has it before their eyes: it is unread no more. An auditor leaves no trace on the work."""
    conversation, parts = found.conversation, house(request)
    if not conversation.unread or not scene.abilities(staff, conversation)["reply"]:
        return
    now = parts.clock.now()
    able = parts.capabilities(conversation.account, conversation.surface)
    await parts.store.write(lambda work: triage.mark_read(work, staff, conversation.id, now=now, capabilities=able))


def ready(request: web.Request) -> str:
    """Words that the last button laid into the composer: the neutral public answer after hiding a comment, or the request to
    look into the private messages."""
    office, name = house(request).office, READY.get(request.query.get("siap", ""))
    return office.notice(name, kantor=office.name) if name else ""


def _channels(request: web.Request) -> list[str]:
    """The channels that config names, each once."""
    return list(dict.fromkeys(connector.channel.value for connector in house(request).connectors.values()))


def number(text: str | None) -> int | None:
    """A row's number from an address; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None
