"""The public forms: a complaint or a request for information by anybody, with no account and no script."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.errors import OmnichannelError
from omnichannel.domain.forms import ACCESS, APPLICANTS, DELIVERY, FILE_LARGEST, FILES_MOST, KINDS
from omnichannel.domain.house import House
from omnichannel.domain.organisation import Unit
from omnichannel.domain.work import Work
from omnichannel.inbox import receipt, track
from omnichannel.inbox.track import Tracked
from omnichannel.web import guard, pages, public_files, public_form, public_gate
from omnichannel.web.keys import house
from omnichannel.web.public_files import Upload
from omnichannel.web.public_form import Draft
from omnichannel.web.public_gate import GATE, Stamp
from omnichannel.web.public_intake import must_be_open, take_in

log = logging.getLogger(__name__)

LARGEST = FILES_MOST * FILE_LARGEST + 512 * 1024  # bytes of a whole form
WITH_PLACE = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
BAIT, KEY = "isian_kosong", "kunci"


@dataclass(frozen=True, slots=True)
class Look:
    """Where a form stands: on a page of ours, or in a frame of another site; and for which unit, where one was named.
    `stale`: it was open for too long and is shown anew."""

    layout: str = "public/base.html"
    action: str = ""
    unit: Unit | None = None
    stale: bool = False


OPEN = Look()


def routes() -> list[web.RouteDef]:
    return [
        web.get("/publik", guard.allow(home, public=True)),
        web.get("/publik/{form:pengaduan|permohonan}", guard.allow(show, public=True)),
        web.post("/publik/{form:pengaduan|permohonan}", guard.allow(send, public=True, limit=LARGEST)),
    ]


def setup(application: web.Application) -> None:
    """What one process remembers of who knocked."""
    application[GATE] = public_gate.Gate()


async def home(request: web.Request) -> web.StreamResponse:
    """The three ways in."""
    must_be_open(house(request))
    return pages.page(request, "public/home.html")


async def show(request: web.Request) -> web.StreamResponse:
    """An empty form with a key of its own."""
    parts, form = house(request), request.match_info["form"]
    must_be_open(parts)
    return await fresh(request, public_form.blank(form), _look(request, request.query.get("unit", "")))


async def fresh(request: web.Request, draft: Draft, look: Look, status: int = 200) -> web.Response:
    """The form with a new key."""
    parts = house(request)
    key = public_gate.stamp(await request.app[GATE].secret(parts), draft.form, parts.clock.now())
    return _form(request, draft, key, status, look)


async def send(request: web.Request) -> web.StreamResponse:
    """Take it in and show number and code; or the form again, as it was typed, with what is missing."""
    asked = public_form.typed(await guard.fields(request), "unit")
    return await taken(request, request.match_info["form"], _look(request, asked))


async def taken(request: web.Request, form: str, look: Look) -> web.StreamResponse:
    """The same for a form that may stand in a frame."""
    parts = house(request)
    must_be_open(parts)
    gate, now, fields = request.app[GATE], parts.clock.now(), await guard.fields(request)
    draft = public_form.read(form, fields, pages.wording(request).today)
    uploads = await _uploads(fields, draft)
    given = await _stamp(request, parts, form, draft, public_form.typed(fields, KEY))
    if draft.errors:
        return _form(request, draft, given.key, 422, look)
    count = gate.submissions.note(gate.who(request, now), now)
    if count > public_gate.REFUSED:
        return turned_away(request, look)
    thread = track.number_of(given.key)
    doubts, held = public_gate.doubts_of(
        given,
        baited=bool(public_form.typed(fields, BAIT)),
        repeated=gate.said_before(draft["isi"], thread, now),
        count=count,
        now=now,
    )
    code = track.code_of(given.key)
    holder = await asyncio.to_thread(track.holder, thread, code)
    marks = {"kind": KINDS[form].value, "doubts": list(doubts), "held": held}
    said = public_form.body(draft, _areas(parts), look.unit.name if look.unit is not None else "")
    found = await take_in(request, thread, holder, said, uploads, marks)
    mailed = not held and not draft.on("anonim") and await _mailed(parts, draft["surel"], thread, code, found)
    return _done(request, form, thread, code, found, look, mailed=mailed)


async def _mailed(parts: House, address: str, thread: str, code: str, found: Tracked) -> bool:
    """Number and code by mail, too, where an address was given and the office has a mailbox. What looks like a robot's
    sends none, and who asked to stay unnamed is written to nowhere. The form is kept already: no fault here undoes it."""
    account = _mailbox(parts)
    able = parts.capabilities(account, Surface.DIRECT) if account is not None else None
    if not address or account is None or able is None:
        return False
    number = next((case.number for case in found.cases if case.state.running), thread)
    office, link = parts.office, f"{parts.office.public_url}/publik/lacak?nomor={number}"
    text = office.notice("tanda_terima", nomor=number, kode=code, tautan=link, kantor=office.name)
    subject = f"Tanda terima {number}"

    def story(work: Work) -> bool:
        now = parts.clock.now()
        said = receipt.send_receipt(
            work, account, address, text, subject=subject, key=thread, capabilities=able, now=now
        )
        return said is not None

    try:
        return await parts.store.write(story)
    except OmnichannelError as error:
        log.warning("receipt not mailed", extra={"error": type(error).__name__})
        return False


def _mailbox(parts: House) -> str | None:
    """The account that a receipt leaves by; None where the office writes no mail, and the form must not promise any."""
    return next((name for name, one in parts.connectors.items() if one.channel is Channel.MAIL), None)


def _areas(parts: House) -> dict[str, str]:
    """Each desa and kelurahan with its kecamatan, in words that the machine reads as a place."""
    found: dict[str, str] = {}
    for unit in parts.organisation:
        if unit.level.village:
            above = parts.organisation.kecamatan_of(unit.key)
            found[unit.key] = f"{unit.name}, {above.name}" if above is not None else unit.name
    return found


def turned_away(request: web.Request, look: Look = OPEN) -> web.Response:
    """More in an hour from one address than a village writes in a flood: said plainly, with other ways to reach us."""
    response = pages.page(request, "public/later.html", 429, layout=look.layout)
    response.headers["Retry-After"] = str(int(public_gate.HOUR.total_seconds()))
    return response


async def _uploads(fields: guard.Fields, draft: Draft) -> list[Upload]:
    try:
        return await public_files.read(fields)
    except public_files.BadFile as error:
        draft.wrong(public_files.FIELD, str(error))
        return []


async def _stamp(request: web.Request, parts: House, form: str, draft: Draft, text: str) -> Stamp:
    """The form's key. Where there is none, one is made of the words, so that a double POST is one message all the same."""
    if not text:
        words = repr(sorted(draft.values.items())) + guard.before(request)
        text = hashlib.sha256(words.encode()).hexdigest()
    return public_gate.read_stamp(await request.app[GATE].secret(parts), form, text)


def _look(request: web.Request, unit: str) -> Look:
    """A page of ours; whom it is for stands in its address."""
    return Look(unit=house(request).organisation.get(unit))


def _form(request: web.Request, draft: Draft, key: str, status: int, look: Look) -> web.Response:
    context: dict[str, Any] = {
        "layout": look.layout,
        "action": look.action or f"/publik/{draft.form}",
        "unit": look.unit,
        "stale": look.stale,
        "draft": draft,
        "key": key,
        "applicants": APPLICANTS,
        "access": ACCESS,
        "delivery": DELIVERY,
        "accept": ",".join((*public_files.ALLOWED, *sorted(set(public_files.ALLOWED.values())))),
        "areas": _grouped(house(request)),
        "mails": _mailbox(house(request)) is not None,
    }
    response = pages.page(request, "public/form.html", status, **context)
    if request.method in guard.SAFE:
        # An empty form holds nothing to hide, and without "no-store" the way back finds what was typed in it.
        response.headers["Cache-Control"] = "private, no-cache"
    if draft.form == "pengaduan":
        # Here alone a citizen may let their browser tell us where they stand, by a button of ours.
        response.headers["Permissions-Policy"] = WITH_PLACE
    return response


def _grouped(parts: House) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choice of a desa, under its kecamatan, both by name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, words in _areas(parts).items():
        name, _, above = words.partition(", ")
        groups.setdefault(above, []).append((key, name))
    return [(above, sorted(inside, key=lambda one: one[1])) for above, inside in sorted(groups.items())]


def _done(
    request: web.Request, form: str, thread: str, code: str, found: Tracked, look: Look, *, mailed: bool
) -> web.Response:
    cases = [case for case in found.cases if case.state.running]
    context: dict[str, Any] = {
        "layout": look.layout,
        "form": form,
        "thread": thread,
        "code": code,
        "cases": cases,
        "danger": found.danger,
        "mailed": mailed,
    }
    return pages.page(request, "public/done.html", **context)
