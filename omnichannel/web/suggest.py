"""Words that may answer: from the list of public information, the ready replies and similar past cases. They stand there
until somebody takes them; nothing is ever sent from here."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain import dip
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.policy import Action, may, scope
from omnichannel.domain.work import Direction, Work
from omnichannel.inbox.reply import of
from omnichannel.router.alike import nearest
from omnichannel.router.precedents import precedents
from omnichannel.web import filling, guard, pages, scene
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

NUMBER = "{conversation:\\d{1,18}}"
ITEMS, REPLIES = 3, 3
LEAST = 0.04  # likeness below which a ready reply speaks of something else
SOMEBODY = "Bapak/Ibu"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words, and where they come from. `href` opens the source."""

    source: str
    name: str
    text: str
    href: str = ""


def routes() -> list[web.RouteDef]:
    return [web.get(f"/percakapan/{NUMBER}/saran", guard.allow(offered, Action.NOTE))]


async def offered(request: web.Request) -> web.StreamResponse:
    """JSON for the composer, a page without script."""
    number, wording = int(request.match_info["conversation"]), pages.wording(request)

    def question(work: Work) -> list[Suggestion]:
        conversation = of(work, number)
        guard.ask(request, Action.NOTE, conversation)
        return find(request, work, conversation, wording)

    seen, found = await scene.read(request, question)
    if "HX-Request" in request.headers:
        told = [{"source": one.source, "name": one.name, "text": one.text, "href": one.href} for one in found]
        return web.json_response({"suggestions": told})
    context: dict[str, Any] = scene.setting(request, seen, "kotak") | {"found": found, "number": number}
    return pages.page(request, "suggestions.html", **context)


def find(request: web.Request, work: Work, conversation: Conversation, wording: Wording) -> list[Suggestion]:
    """What the citizen last asked decides; without words there is nothing to go by."""
    thread = work.messages.thread(conversation.id, limit=20)
    asked = [one.text for one in thread if one.direction is Direction.IN and one.text.strip() and one.auto is None]
    words = " ".join(asked[-3:])
    if not words:
        return []
    past = _past(request, work, conversation, wording)
    return [*_public(request, work, words, wording), *past, *_ready(request, work, conversation, words, wording)]


def _public(request: web.Request, work: Work, words: str, wording: Wording) -> list[Suggestion]:
    items = dip.matches(words, work.catalogue.near(dip.search_words(words)), ITEMS)
    base, t, found = house(request).office.public_url, wording.t, []
    for one in items:
        address = one.url if one.url.startswith("http") else f"{base}{one.url or f'/publik/dip/{one.id}'}"
        text = f"Informasi “{one.title}” sudah tersedia untuk umum dan dapat dibuka di {address}"
        found.append(Suggestion(t("Daftar informasi publik"), one.title, text, f"/publik/dip/{one.id}"))
    return found


def _past(request: web.Request, work: Work, conversation: Conversation, wording: Wording) -> list[Suggestion]:
    staff = guard.staff(request)
    hidden = scope(staff).hidden

    def readable(other: Conversation) -> bool:
        return other.queue not in hidden and bool(may(staff, Action.READ, other))

    found = []
    for one in precedents(work, conversation, readable):
        other = work.conversations.get(one.conversation_id)
        contact = work.contacts.get(other.contact_id) if other is not None else None
        # An answer to somebody else: their name is not this citizen's, and their number is not either.
        text = one.answered.replace(contact.name, SOMEBODY) if contact is not None and contact.name else one.answered
        text = text.replace(one.number, "…") if one.number else text
        name = one.number or wording.shortday(one.at.date())
        found.append(Suggestion(wording.t("Kasus serupa"), name, text, f"/kotak/semua/{one.conversation_id}"))
    return found


def _ready(
    request: web.Request, work: Work, conversation: Conversation, words: str, wording: Wording
) -> list[Suggestion]:
    parts, contact = house(request), work.contacts.get(conversation.contact_id)
    if contact is None:
        return []
    cases = work.cases.of_conversation(conversation.id)
    values = filling.known(parts, conversation, contact, cases, wording, guard.staff(request))
    fits = [one for one in parts.office.replies if not filling.lacking(one.text, values)]
    scores = nearest(words, [f"{one.title} {one.text}" for one in fits])
    near = sorted(zip(scores, fits, strict=True), key=lambda pair: -pair[0])[:REPLIES]
    source = wording.t("Balasan siap pakai")
    return [Suggestion(source, one.title, one.text.format_map(values)) for score, one in near if score >= LEAST]
