"""An objection by the citizen themselves: number and code as on the tracking page, one of seven grounds, and their words."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.objection import GROUNDS, Objection, filing_window
from omnichannel.domain.work import Actor, Work
from omnichannel.inbox import track
from omnichannel.router import objecting
from omnichannel.web import guard, pages, public_form, public_gate
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import desk_of
from omnichannel.web.public import turned_away
from omnichannel.web.public_gate import GATE
from omnichannel.web.public_intake import must_be_open
from omnichannel.web.public_track import LONGEST_NUMBER, Knock, Opened, enter, typed_knock

NO_REQUEST = "Keberatan hanya untuk permohonan informasi. Periksa lagi nomornya."


def routes() -> list[web.RouteDef]:
    return [
        web.get("/publik/keberatan", guard.allow(show, public=True)),
        web.post("/publik/keberatan", guard.allow(send, public=True)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """The form; a link from the tracking page brings the number along."""
    must_be_open(house(request))
    return _form(request, Knock(request.query.get("nomor", "")[:LONGEST_NUMBER], ""))


async def send(request: web.Request) -> web.StreamResponse:
    """Registered, in time or not; or the form again with what is missing."""
    parts = house(request)
    must_be_open(parts)
    fields, now, desk = await guard.fields(request), parts.clock.now(), desk_of(request)
    knock = typed_knock(fields)
    letters = tuple(one for one in fields.getall("alasan", []) if isinstance(one, str))
    words, proxy = public_form.typed(fields, "isi"), public_form.typed(fields, "kuasa")
    typed = {"isi": words, "kuasa": proxy}

    def door(request: web.Request, knock: Knock, refusal: str | None, status: int) -> web.Response:
        return _form(request, knock, refusal or "", status, typed, letters)

    opened = await enter(request, knock, door)
    if not isinstance(opened, Opened):
        return opened
    gate = request.app[GATE]
    if gate.submissions.note(gate.who(request, now), now) > public_gate.REFUSED:
        return turned_away(request)

    def story(work: Work) -> tuple[Objection, Case]:
        case = opened.case or _meant(work, opened.conversation, track.spelt(knock.number))
        if case is None or case.kind is not Kind.INFORMATION_REQUEST:
            raise Invalid(NO_REQUEST)
        who = Actor(f"citizen:{case.contact_id}", "Pemohon")
        return objecting.file(work, desk, case.id, letters, words, who, now=now, proxy=proxy), case

    try:
        found, case = await parts.store.write(story)
    except (Invalid, Conflict) as problem:
        return _form(request, knock, str(problem), 422, typed, letters)
    window = filing_window(found.found_on, parts.clocks).due
    context = {"objection": found, "case": case, "superior": parts.office.ppid.superior, "window": window}
    return pages.page(request, "public/objected.html", **context)


def _meant(work: Work, conversation: Conversation, number: str) -> Case | None:
    """The case of that register number; by a tracking number the thread's only request."""
    cases = work.cases.of_conversation(conversation.id)
    exact = next((one for one in cases if one.number == number), None)
    asked = [one for one in cases if one.kind is Kind.INFORMATION_REQUEST]
    return exact or (asked[0] if len(asked) == 1 else None)


def _form(
    request: web.Request,
    knock: Knock,
    error: str = "",
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    letters: tuple[str, ...] = (),
) -> web.Response:
    context: dict[str, Any] = {
        "knock": knock,
        "error": error,
        "typed": typed or {},
        "letters": letters,
        "grounds": GROUNDS,
    }
    return pages.page(request, "public/objection.html", status, **context)
