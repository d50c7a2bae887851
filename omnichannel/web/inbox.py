"""The desk: work lists, their numbers, and one open conversation beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from omnichannel.domain.composing import Draft
from omnichannel.domain.errors import NotFound
from omnichannel.domain.house import House
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.policy import Action, scope
from omnichannel.domain.screens import Order, Page, View, WorkRow, orders_of
from omnichannel.domain.search import Hit
from omnichannel.domain.work import Work
from omnichannel.inbox import triage
from omnichannel.web import asked, beside, drafts, guard, labels, loose_mail, pages, picking, scene, snippets, together
from omnichannel.web import talk as talks
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

LIMIT = 50
MOST = 300  # rows that one refresh of a long list may ask for
READY = {"netral": "komentar_disembunyikan", "pesan": "lihat_pesan"}  # ?siap= → the notice
HITS = 30
ORDER_WORDS = {Order.BURNING: "Genting", Order.NEWEST: "Terbaru", Order.OLDEST: "Terlama"}
FOLDED = (
    "jenis",
    "kanal",
    "jalur",
    "antrean",
    "unit",
    "topik",
    "tempat",
    "petugas",
    "label",
)  # what the menu beside the search field chooses, in words
FIRST_VIEW = "/kotak/perlu-dibaca"
UNIT_VIEW = "/kotak/unit-saya"


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands in the list: the rows of a view, perhaps narrowed, or what a search over all years has found."""

    asked: asked.Asked
    page: Page[WorkRow] | None = None
    hits: Page[Hit] | None = None

    @property
    def ids(self) -> list[int]:
        """The conversations on this page."""
        if self.hits is not None:
            return [hit.row.id for hit in self.hits.rows]
        return [row.id for row in self.page.rows] if self.page is not None else []

    @property
    def after(self) -> str | None:
        """Where the next page begins."""
        page = self.page if self.hits is None else self.hits
        return page.after if page is not None else None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; `whole` when every row of the group is on the page, so its number is true."""

    key: str
    word: str
    rows: list[WorkRow]
    whole: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """One conversation and what comes from elsewhere to stand beside it."""

    found: talks.Found | None
    beside: beside.Beside
    loose: loose_mail.Loose | None
    draft: Draft | None = None


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
    """Where a working day begins: what is handed to a unit may long have been read by the one who handed it over, so its
    officers begin with all that is theirs."""
    first = UNIT_VIEW if guard.staff(request).role is Role.UNIT else FIRST_VIEW
    return web.Response(status=303, headers={"Location": first})


async def desk(request: web.Request) -> web.StreamResponse:
    """The three panes; without script this page is all there is."""
    if any(name in request.query for name in FOLDED):
        return web.Response(status=303, headers={"Location": _in_words(request)})
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
    view, text = view_of(request), words_of(request)
    order = order_of(view, request.query.get("urut"))
    before, jump = number(request.query.get("sebelum")), number(request.query.get("pesan"))

    def question(work: Work) -> tuple[Listing, Opened, picking.Picking]:
        what = asked.read(text, ground(parts, work, staff, wording))
        rows = listed(work, staff, view, what, scene.days(wording), request.query.get("sesudah"), order=order)
        return rows, opened(work, staff, conversation_id, before, jump), picking.picking(work, wording)

    seen, (listing, here, picks) = await scene.read(request, question)
    talk, found = None, here.found
    if found is not None:
        guard.ask(request, Action.READ, found.conversation)
        talk = talks.with_draft(
            talks.lay_out(parts, staff, found, wording, number(request.query.get("pribadi"))),
            draft or ready(request),
            error,
            as_note=as_note,
        )
        talk = drafts.laid_into(talk, here.draft, wording)
        await _read_by(request, staff, found)
        await together.opened(request, found.conversation, seen.counts)
    context = scene.setting(request, seen, "kotak") | list_context(
        view, listing, carried(request), order, wording.today, conversation_id
    )
    context |= {"talk": talk, "title": labels.VIEW_WORDS[view], "channels": _channels(request)}
    context |= beside.context(here.beside) | {"loose": here.loose, "picking": picks}
    if conversation_id is not None:
        context["here"] = f"/kotak/{view}/{conversation_id}{carried(request)}"
    return pages.page(request, "desk.html", status, **context)


def opened(
    work: Work, staff: Staff, conversation_id: int | None, before: int | None = None, jump: int | None = None
) -> Opened:
    """All that the two right panes ask of the store."""
    if conversation_id is None:
        return Opened(None, beside.beside(work, staff, None), None)
    found = talks.find(work, conversation_id, before_id=before, around_id=jump)
    others, lost = beside.beside(work, staff, found.conversation), loose_mail.loose(work, staff, conversation_id)
    return Opened(found, others, lost, drafts.mine(work, staff, found.conversation))


async def rows(request: web.Request) -> web.StreamResponse:
    """Only the rows: the next page, or the whole shown list anew (`?banyak=` rows)."""
    staff, wording = guard.staff(request), pages.wording(request)
    view, text, parts = view_of(request), words_of(request), house(request)
    wanted = min(MOST, number(request.query.get("banyak")) or LIMIT)
    after = request.query.get("sesudah")
    days, order = scene.days(wording), order_of(view, request.query.get("urut"))

    def question(work: Work) -> Listing:
        what = asked.read(text, ground(parts, work, staff, wording))
        return listed(work, staff, view, what, days, after, wanted, order)

    seen, listing = await scene.read(request, question)
    selected = number(request.query.get("pilih"))
    context = scene.setting(request, seen, "kotak") | list_context(
        view, listing, carried(request), order, wording.today, selected
    )
    return pages.fragment(request, "parts/rows.html", **context)


async def numbers(request: web.Request) -> web.StreamResponse:
    """The rail's numbers, and up to which happening they are true."""
    seen, _ = await scene.read(request, lambda work: None)
    wording = pages.wording(request)
    shown = {key: wording.number(n) for key, n in seen.counts.items()}
    return web.json_response({"last": seen.last, "counts": seen.counts, "shown": shown})


async def me(request: web.Request) -> web.StreamResponse:
    """Language, theme and the way out."""
    staff, seconds = guard.staff(request), int(house(request).office.undo.total_seconds())
    seen, undo_on = await scene.read(request, lambda work: work.plans.brief(staff.id))
    return pages.page(request, "me.html", **scene.setting(request, seen, "saya"), undo_on=undo_on, undo=seconds)


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


def words_of(request: web.Request) -> str:
    """What the search field holds."""
    return tidy(request.query.get("cari", ""))


def tidy(text: str) -> str:
    """As the field is read."""
    return " ".join(text.replace("\0", "").split())[: asked.LONGEST]


def ground(parts: House, work: Work, staff: Staff, wording: Wording) -> asked.Ground:
    """What the field's filters are looked up in."""
    return asked.Ground(
        organisation=parts.organisation,
        accounts=tuple(parts.connectors),
        people=work.people.all(),
        me=staff,
        zone=wording.zone,
        today=wording.today,
        say=wording.t,
        labels=work.labels.all(),
    )


def listed(
    work: Work,
    staff: Staff,
    view: str,
    what: asked.Asked,
    days: scene.Days,
    after: str | None,
    limit: int = LIMIT,
    order: Order | None = None,
) -> Listing:
    """One keyset page. Words search all years; filters alone narrow the view that is open."""
    reach, sought = scope(staff), what.sought
    if sought.wide:
        return Listing(what, hits=work.search.find(sought, reach, after=after, limit=HITS if limit == LIMIT else limit))
    narrow = None if sought.empty else sought
    (today, near), ask = days, work.screens.work_list
    return Listing(what, ask(view, reach, today=today, near=near, after=after, limit=limit, narrow=narrow, order=order))


def order_of(view: str, word: str | None) -> Order | None:
    """The order of the address; None where it is the list's usual one, or none of ours."""
    offered = orders_of(View(view))
    return next((one for one in offered[1:] if one == word), None)


def carried(request: web.Request) -> str:
    """What of the address every link within the list keeps: "" or "?…"."""
    return query_of(words_of(request), order_of(view_of(request), request.query.get("urut")))


def query_of(words: str, order: Order | None) -> str:
    """As it stands in the address."""
    kept = {"cari": words, "urut": order.value if order is not None else ""}
    return "?" + urlencode({name: value for name, value in kept.items() if value}) if any(kept.values()) else ""


def list_context(
    view: str, listing: Listing, query: str, order: Order | None, today: date, selected: int | None
) -> dict[str, Any]:
    """What the row templates need. `at(words)` is the list's address with these words in the field."""
    page, sought = listing.page, listing.asked.sought
    offered = orders_of(View(view))
    return {
        "at": lambda words, by=order: f"/kotak/{view}{query_of(words, order_of(view, by))}",
        "order": order or "",
        "burning": (order or offered[0]) is Order.BURNING,
        "orders": [(one.value, ORDER_WORDS[one], one is (order or offered[0])) for one in Order if one in offered],
        "view": view,
        "asked": listing.asked,
        "query": query,
        "groups": grouped(page.rows, today, whole=page.after is None, burning=(order or offered[0]) is Order.BURNING)
        if page is not None
        else [],
        "hits": listing.hits.rows if listing.hits is not None else None,
        "snippet": lambda passage: snippets.snippet(passage, sought),
        "marked": lambda text: snippets.marked(text, sought),
        "after": listing.after,
        "selected": selected,
        "place_words": listing.asked.place,
        "chosen": {
            "jenis": sought.kinds,
            "kanal": sought.channels,
            "jalur": sought.surfaces,
            "antrean": sought.queues,
            "unit": sought.units,
            "topik": sought.topics,
            "tempat": sought.places,
            "label": sought.labels,
            "petugas": ("kosong",) if sought.nobody else sought.staff,
        },
    }


def _in_words(request: web.Request) -> str:
    """The address with the menu's choices as words of the search field."""
    text = words_of(request)
    for name in FOLDED:
        if name in request.query:
            text = asked.replaced(text, name, tidy(request.query[name]).replace('"', ""))
    return request.path + query_of(text, order_of(view_of(request), request.query.get("urut")))


def grouped(found: Sequence[WorkRow], today: date, *, whole: bool, burning: bool = True) -> list[Group]:
    """Alarms, then what is due today or late, then the rest; no headings where the list is in another order."""
    keys = [_group(row, today) for row in found]
    if not found:
        return []
    if not burning or keys != sorted(keys) or set(keys) == {2}:
        return [Group("semua", "", list(found), whole)]
    words = {0: "", 1: "Mendesak, batas hari ini, atau lewat", 2: "Berikutnya"}
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
    due = row.due is not None and row.due <= today and row.case_state in ("open", "forwarded")
    # The day of `store.counters.burn`: what shuts before eight in the morning (WITA) is the evening's work.
    shuts = row.shuts_at is not None and row.state == "open" and row.shuts_at.astimezone(UTC).date() <= today
    return 1 if due or shuts or (row.urgent and row.state != "resolved") else 2


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
