"""Events that many citizens write about: who belongs, one answer to all of them, and who could not be reached."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid, NotFound, Refused
from omnichannel.domain.house import House
from omnichannel.domain.incident import Incident, IncidentState, Member, Part
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may, scope
from omnichannel.domain.privacy import mask
from omnichannel.domain.work import Work
from omnichannel.inbox import reply
from omnichannel.router import incidents as stories
from omnichannel.web import guard, labels, pages, scene
from omnichannel.web.keys import house

NUMBER = "{incident:\\d{1,18}}"
OPEN = (IncidentState.OFFERED, IncidentState.CONFIRMED)
OVER = (IncidentState.CLOSED, IncidentState.DISMISSED)
LONGEST = 280  # of a citizen's words on the page
BATCH = 20  # answers that share one transaction

STATES = {
    IncidentState.OFFERED: ("warn", "perlu dipastikan"),
    IncidentState.CONFIRMED: ("accent", "berjalan"),
    IncidentState.CLOSED: ("ok", "selesai"),
    IncidentState.DISMISSED: ("", "bukan peristiwa"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One citizen of it as the page shows them; `why_not` is why an answer would not leave now."""

    member: Member
    conversation: Conversation
    who: str
    words: str
    number: str | None
    why_not: str


@dataclass(frozen=True, slots=True)
class Line:
    """One incident of the list."""

    incident: Incident
    place: str
    citizens: int
    fresh: int
    tone: str
    word: str


def routes() -> list[web.RouteDef]:
    return [
        web.get("/peristiwa", guard.allow(listed, Action.SEE_DESK)),
        web.get(f"/peristiwa/{NUMBER}", guard.allow(show, Action.SEE_DESK)),
        web.post(f"/peristiwa/{NUMBER}/pastikan", guard.allow(confirm, Action.CLASSIFY)),
        web.post(f"/peristiwa/{NUMBER}/tutup", guard.allow(end, Action.CLASSIFY)),
        web.post(f"/peristiwa/{NUMBER}/jawab", guard.allow(answer, Action.REPLY)),
    ]


async def listed(request: web.Request) -> web.StreamResponse:
    """Those that are under way, and those that are over."""
    staff, parts = guard.staff(request), house(request)

    def question(work: Work) -> tuple[list[Line], list[Line]]:
        return (
            _lines(work, parts, staff, work.incidents.listed(OPEN)),
            _lines(work, parts, staff, work.incidents.listed(OVER, 20)),
        )

    seen, (now, over) = await scene.read(request, question)
    return pages.page(request, "incidents.html", **scene.setting(request, seen, "peristiwa"), under_way=now, over=over)


async def show(request: web.Request) -> web.StreamResponse:
    """One event, with everybody who writes of it."""
    return await draw(request)


async def draw(request: web.Request, status: int = 200, *, text: str = "", error: str = "") -> web.StreamResponse:
    """The page; `text` and `error` bring back an answer that could not leave."""
    staff, parts, number = guard.staff(request), house(request), int(request.match_info["incident"])

    def question(work: Work) -> tuple[Incident, list[Row]]:
        incident = work.incidents.get(number)
        rows = _rows(work, parts, staff, number) if incident is not None else []
        if incident is None or not rows:
            raise NotFound("Peristiwa itu tidak ada.")
        return incident, rows

    seen, (incident, rows) = await scene.read(request, question)
    inside = [row for row in rows if row.member.part is Part.IN]
    context: dict[str, Any] = scene.setting(request, seen, "peristiwa") | {
        "incident": incident,
        "place": _place(parts, incident),
        "tone": STATES[incident.state][0],
        "word": STATES[incident.state][1],
        "rows": rows,
        "waiting": [row for row in inside if row.member.answered_at is None],
        "shut": [row for row in inside if row.member.answered_at is None and row.why_not],
        "answered": [row for row in inside if row.member.answered_at is not None],
        "text": text,
        "key": secrets.token_urlsafe(18),
        "error": error,
    }
    context["here"] = f"/peristiwa/{number}"
    return pages.page(request, "incident.html", status, **context)


async def confirm(request: web.Request) -> web.StreamResponse:
    """Who was ticked belongs; the others do not."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number = int(request.match_info["incident"])
    chosen = {int(one) for one in fields.getall("warga", []) if isinstance(one, str) and one.isdecimal()}
    await house(request).store.write(lambda work: stories.decide(work, staff, number, chosen, now=now))
    return scene.back(fields, f"/peristiwa/{number}", "peristiwa")


async def end(request: web.Request) -> web.StreamResponse:
    """Over, or no event at all."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number = int(request.match_info["incident"])
    await house(request).store.write(lambda work: stories.end(work, staff, number, now=now))
    return scene.back(fields, f"/peristiwa/{number}", "peristiwa-tutup")


async def answer(request: web.Request) -> web.StreamResponse:
    """One text to everybody who belongs and can be reached; each gets a message of their own, once, by their own channel."""
    fields, number = await guard.fields(request), int(request.match_info["incident"])
    text, key = str(fields.get("text", "")).replace("\r\n", "\n").replace("\0", ""), str(fields.get("key", ""))
    parts = house(request)
    if not text.strip() or not key or ":" in key or len(key) > 100:
        return await draw(request, 422, text=text, error="Tulis dulu jawabannya.")
    members = await parts.store.read(lambda work: stories.to_answer(work, number))
    waiting = [one for one in members if one.answered_at is None]
    for start in range(0, len(waiting), BATCH):
        some = waiting[start : start + BATCH]
        await parts.store.write(lambda work, some=some: _say(request, work, some, text, key))  # type: ignore[misc]
    return scene.back(fields, f"/peristiwa/{number}", "peristiwa-jawab")


def _say(request: web.Request, work: Work, members: Sequence[Member], text: str, key: str) -> None:
    staff, parts = guard.staff(request), house(request)
    now = parts.clock.now()
    for member in members:
        conversation = work.conversations.get(member.conversation_id)
        if conversation is None or not may(staff, Action.REPLY, conversation):
            continue
        able = parts.capabilities(conversation.account, conversation.surface)
        try:
            mine = f"{key}-{conversation.id}"  # A repeated form is one message to each citizen.
            reply.reply(work, staff, conversation.id, text, key=mine, capabilities=able, now=now)
        except (Refused, Invalid) as problem:
            stories.told(work, member, now, str(problem))
        else:
            stories.told(work, member, now)


def _lines(work: Work, parts: House, staff: Staff, found: Sequence[Incident]) -> list[Line]:
    lines = []
    for incident in found:
        rows = [one for one in work.incidents.members(incident.id) if _readable(work, staff, one) is not None]
        if rows:
            kept, fresh = [one for one in rows if one.part is not Part.OUT], [o for o in rows if o.part == "suggested"]
            tone, word = STATES[incident.state]
            lines.append(Line(incident, _place(parts, incident), len(kept), len(fresh), tone, word))
    return lines


def _rows(work: Work, parts: House, staff: Staff, incident_id: int) -> list[Row]:
    """Only those whose conversation this reader may open."""
    rows = []
    now = parts.clock.now()
    for member in work.incidents.members(incident_id):
        conversation, message = _readable(work, staff, member), work.messages.get(member.message_id)
        contact = work.contacts.get(conversation.contact_id) if conversation is not None else None
        if conversation is None or message is None or contact is None:
            continue
        able = parts.capabilities(conversation.account, conversation.surface)
        allowance = conversation.may_answer(able, now) if able is not None else None
        why_not = "" if allowance is not None and allowance.allowed else (allowance and allowance.reason) or GONE
        case = work.cases.get(conversation.case_id) if conversation.case_id else None
        words = " ".join(mask(message.text).split())
        words = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
        who = labels.citizen(contact.label)
        rows.append(Row(member, conversation, who, words, case.number if case else None, why_not))
    return rows


GONE = "Akun kanal ini tidak ada lagi di konfigurasi, jadi jawaban tidak dapat dikirim."


def _readable(work: Work, staff: Staff, member: Member) -> Conversation | None:
    conversation = work.conversations.get(member.conversation_id)
    if conversation is None or conversation.queue in scope(staff).hidden:
        return None
    return conversation if may(staff, Action.READ, conversation) else None


def _place(parts: House, incident: Incident) -> str:
    areas = [parts.organisation.by_code(code) for code in (incident.desa, incident.kecamatan) if code]
    return ", ".join(area.name for area in areas if area is not None)
