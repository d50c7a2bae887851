"""The public forms: a complaint or a request for information by anybody, with no account and no script."""

import asyncio
import hashlib
from typing import Any

from aiohttp import web

from omnichannel.domain.forms import ACCESS, APPLICANTS, DELIVERY, FILE_LARGEST, FILES_MOST, KINDS
from omnichannel.domain.house import House
from omnichannel.inbox import track
from omnichannel.inbox.track import Tracked
from omnichannel.web import guard, pages, public_files, public_form, public_gate
from omnichannel.web.keys import house
from omnichannel.web.public_files import Upload
from omnichannel.web.public_form import Draft
from omnichannel.web.public_gate import GATE, Stamp
from omnichannel.web.public_intake import must_be_open, take_in

LARGEST = FILES_MOST * FILE_LARGEST + 512 * 1024  # bytes of a whole form
BAIT, KEY = "isian_kosong", "kunci"


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
    key = public_gate.stamp(await request.app[GATE].secret(parts), form, parts.clock.now())
    return _form(request, public_form.blank(form), key, 200)


async def send(request: web.Request) -> web.StreamResponse:
    """Take it in and show number and code; or the form again, as it was typed, with what is missing."""
    parts, form = house(request), request.match_info["form"]
    must_be_open(parts)
    gate, now, fields = request.app[GATE], parts.clock.now(), await guard.fields(request)
    draft = public_form.read(form, fields, pages.wording(request).today)
    uploads = await _uploads(fields, draft)
    given = await _stamp(request, parts, form, draft, public_form.typed(fields, KEY))
    if draft.errors:
        return _form(request, draft, given.key, 422)
    count = gate.submissions.note(gate.who(request, now), now)
    if count > public_gate.REFUSED:
        return turned_away(request)
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
    found = await take_in(request, thread, holder, public_form.body(draft), uploads, marks)
    return _done(request, form, thread, code, found)


def turned_away(request: web.Request) -> web.Response:
    """More in an hour from one address than a village writes in a flood: said plainly, with other ways to reach us."""
    response = pages.page(request, "public/later.html", 429)
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


def _form(request: web.Request, draft: Draft, key: str, status: int) -> web.Response:
    context: dict[str, Any] = {
        "draft": draft,
        "key": key,
        "applicants": APPLICANTS,
        "access": ACCESS,
        "delivery": DELIVERY,
        "accept": ",".join((*public_files.ALLOWED, *sorted(set(public_files.ALLOWED.values())))),
    }
    return pages.page(request, "public/form.html", status, **context)


def _done(request: web.Request, form: str, thread: str, code: str, found: Tracked) -> web.Response:
    cases = [case for case in found.cases if case.state.running]
    context: dict[str, Any] = {
        "form": form,
        "thread": thread,
        "code": code,
        "cases": cases,
        "danger": found.conversation.urgent,
    }
    return pages.page(request, "public/done.html", **context)
