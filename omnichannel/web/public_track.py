"""Tracking without an account: number and code in, what became of it out; and a box to write again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from omnichannel.domain import tracking
from omnichannel.domain.case import Case
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.house import House
from omnichannel.domain.work import Work
from omnichannel.inbox import track
from omnichannel.inbox.track import Tracked
from omnichannel.web import guard, pages, public_files, public_form, public_gate
from omnichannel.web.keys import house
from omnichannel.web.public import KEY, LARGEST, turned_away
from omnichannel.web.public_gate import GATE, TRIES_ADDRESS, TRIES_NUMBER, TRIES_WITHIN
from omnichannel.web.public_intake import must_be_open, take_in
from omnichannel.web.public_steps import story_of

FORM = "tulis"
LONGEST_NUMBER, LONGEST_CODE = 60, 40
# One sentence for a number that nobody has and for a wrong code: the page must not tell which numbers exist.
NO_MATCH = "Nomor atau kode tidak cocok. Periksa lagi tulisannya; kode ada pada tanda terima Anda."
TOO_OFTEN = "Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."


@dataclass(frozen=True, slots=True)
class Opened:
    """A thread whose citizen has shown the code. `case`: it came by another channel, and this case alone is shown."""

    conversation: Conversation
    holder: str
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Knock:
    """What was typed to get in."""

    number: str
    code: str


Door = Callable[[web.Request, Knock, str | None, int], web.Response]


def routes() -> list[web.RouteDef]:
    return [
        web.get("/publik/lacak", guard.allow(ask, public=True)),
        web.post("/publik/lacak", guard.allow(look, public=True)),
        web.post("/publik/lacak/tulis", guard.allow(write, public=True, limit=LARGEST)),
    ]


async def ask(request: web.Request) -> web.StreamResponse:
    """Two fields; a link may bring the number along."""
    must_be_open(house(request))
    return _door(request, Knock(request.query.get("nomor", "")[:LONGEST_NUMBER], ""), None, 200)


async def look(request: web.Request) -> web.StreamResponse:
    """The state of it, or one sentence for everything that is wrong."""
    must_be_open(house(request))
    knock = typed_knock(await guard.fields(request))
    opened = await enter(request, knock)
    if not isinstance(opened, Opened):
        return opened
    if opened.case is not None:
        return await _one_case(request, opened.case)
    found = await house(request).store.read(lambda work: track.view(work, opened.conversation.id))
    return await _page(request, knock, found)


async def write(request: web.Request) -> web.StreamResponse:
    """Another word in the same thread."""
    parts = house(request)
    must_be_open(parts)
    fields = await guard.fields(request)
    knock = typed_knock(fields)
    opened = await enter(request, knock)
    if not isinstance(opened, Opened):
        return opened
    if opened.case is not None:
        return await _one_case(request, opened.case)
    text, key = public_form.typed(fields, "isi"), public_form.typed(fields, KEY)
    error, uploads = "", []
    try:
        uploads = await public_files.read(fields)
    except public_files.BadFile as bad:
        error = str(bad)
    if not text and not uploads:
        error = error or public_form.SAYS["text_missing"]
    elif len(text) > public_form.LONGEST:
        error = public_form.SAYS["text_long"]
    if error:
        found = await parts.store.read(lambda work: track.view(work, opened.conversation.id))
        return await _page(request, knock, found, text=text, error=error, status=422, key=key)
    gate, now = request.app[GATE], parts.clock.now()
    if gate.submissions.note(gate.who(request, now), now) > public_gate.REFUSED:
        return turned_away(request)
    # The form's key is part of the words: two boxes with the same sentence in them are two messages, a double click is one.
    said = {"text": text, "form": key[:200]}
    found = await take_in(request, opened.conversation.external_id, opened.holder, said, uploads)
    return await _page(request, knock, found, told=True)


async def enter(request: web.Request, knock: Knock, door: Door | None = None) -> Opened | web.Response:
    """The thread, or the page that says no. A try is counted before it is made: a hundred at once are a hundred tries."""
    parts, gate, door = house(request), request.app[GATE], door or _door
    now = parts.clock.now()
    number = await _request_of(parts, track.spelt(knock.number))
    names = {f"number:{number}": TRIES_NUMBER, f"address:{gate.who(request, now)}": TRIES_ADDRESS}
    if _spent(gate, names, now):
        response = door(request, knock, TOO_OFTEN, 429)
        response.headers["Retry-After"] = str(int(TRIES_WITHIN.total_seconds()))
        return response
    for name in names:
        gate.tries.note(name, now)
    found = await parts.store.read(lambda work: track.find(work, ACCOUNT, number))
    # The hash is made for a number that nobody has, too: an answer that comes sooner would tell.
    thread, held = (found[0].external_id, found[1]) if found is not None else (number, None)
    offered = await asyncio.to_thread(track.holder, thread, knock.code)
    own = await _by_its_own_code(request, number, knock.code)
    if own is None and (found is None or not track.fits(held, offered)):
        return door(request, knock, NO_MATCH, 422)
    for name in names:
        gate.tries.take_back(name)
    if own is not None:
        return own
    assert found is not None
    return Opened(*found)


async def _request_of(parts: House, number: str) -> str:
    """A number of the register of objections opens the request behind it; every other number stays what it is."""

    def question(work: Work) -> str:
        objection = work.objections.by_number(number)
        case = work.cases.get(objection.case_id) if objection is not None else None
        return case.number if case is not None else number

    return await parts.store.read(question)


async def _by_its_own_code(request: web.Request, number: str, code: str) -> Opened | None:
    """A case that came by any channel but the forms has a code of its own, on its receipt."""
    parts = house(request)

    def question(work: Work) -> tuple[Case, Conversation] | None:
        case = work.cases.by_number(number)
        conversation = work.conversations.get(case.conversation_id) if case is not None else None
        return (case, conversation) if case is not None and conversation is not None else None

    found = await parts.store.read(question)
    secret = (await request.app[GATE].secret(parts)).decode()
    right = tracking.same_code(tracking.case_code(secret, number), code)
    if found is None or not right or found[1].account == ACCOUNT:
        return None
    return Opened(found[1], "", found[0])


async def _one_case(request: web.Request, case: Case) -> web.Response:
    """How it stands; what was written stays on the channel where it was written."""
    objections = await house(request).store.read(lambda work: work.objections.of_case(case.id))
    told = story_of(case, house(request), pages.wording(request), box=False, objections=objections)
    return pages.page(request, "public/status.html", story=told)


def _spent(gate: public_gate.Gate, names: dict[str, int], now: datetime) -> bool:
    return any(gate.tries.count(name, now) >= most for name, most in names.items())


def typed_knock(fields: guard.Fields) -> Knock:
    number, code = (public_form.typed(fields, name) for name in ("nomor", "kode"))
    return Knock(number[:LONGEST_NUMBER], code[:LONGEST_CODE])


def _door(request: web.Request, knock: Knock, refusal: str | None, status: int) -> web.Response:
    return pages.page(request, "public/track.html", status, knock=knock, refusal=refusal)


async def _page(
    request: web.Request,
    knock: Knock,
    found: Tracked | None,
    *,
    text: str = "",
    error: str = "",
    told: bool = False,
    status: int = 200,
    key: str = "",
) -> web.Response:
    parts, wording = house(request), pages.wording(request)
    assert found is not None
    cases = found.cases
    objected = await parts.store.read(lambda work: {one.id: work.objections.of_case(one.id) for one in cases})
    context: dict[str, Any] = {
        "knock": knock,
        "thread": found.conversation.external_id,
        "stories": [story_of(one, parts, wording, objections=objected[one.id]) for one in cases],
        "messages": found.messages,
        "danger": found.danger,
        "text": text,
        "error": error,
        "told": told,
        "key": key or public_gate.stamp(await request.app[GATE].secret(parts), FORM, wording.now),
    }
    return pages.page(request, "public/thread.html", status, **context)
