"""What staff write: replies and notes, sending again, settling what is unsure, and the replies ready to use."""

import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import Channel
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotFound, Refused
from omnichannel.domain.house import House
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import drafts as begun
from omnichannel.inbox import reply as stories
from omnichannel.inbox.reply import of
from omnichannel.web import attaching, drafts, guard, inbox, labels, outreach, pages, scene
from omnichannel.web import talk as talks
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

NUMBER = "{conversation:\\d{1,18}}"
MESSAGE = "{message:\\d{1,18}}"
NOTE = "catatan"
ASIDE = "pribadi"
NOTE_TEXT = "Catatan internal hanya berupa teks. Lepas berkasnya, atau kirim sebagai jawaban."
ASIDE_TEXT = "Balasan pribadi atas komentar hanya berupa teks. Kirim berkasnya setelah warga membalas di sana."
UNFILLED = re.compile(r"\{(?:nama|nomor|batas|unit|petugas|kantor)\}")


class _Blank(dict[str, str]):
    """A field that this conversation cannot fill stays as it is written, so that nobody sends half a sentence."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"/percakapan/{NUMBER}/balas", guard.allow(write, Action.NOTE)),
        web.post(f"/pesan/{MESSAGE}/kirim-ulang", guard.allow(resend, Action.REPLY)),
        web.post(f"/pesan/{MESSAGE}/sudah-sampai", guard.allow(settle, Action.REPLY)),
        web.get("/balasan", guard.allow(ready, Action.SEE_DESK)),
    ]


async def write(request: web.Request) -> web.StreamResponse:
    """A reply to the citizen, or a note among us. What cannot leave comes back with its words and the reason."""
    fields = await guard.fields(request)
    number, text, key = int(request.match_info["conversation"]), str(fields.get("text", "")), str(fields.get("key", ""))
    as_note, tab = fields.get("ke") == NOTE, drafts.tab_of(fields)
    # A browser sends line ends as CRLF; a citizen's phone shows the CR as nothing, the letter counter as one too many.
    text = text.replace("\r\n", "\n").replace("\0", "")
    try:
        chosen = attaching.sent(fields)
        if chosen and (as_note or fields.get("ke") == ASIDE):
            raise Invalid(NOTE_TEXT if as_note else ASIDE_TEXT)
        if fields.get("ke") == ASIDE:
            await outreach.aside(request, number, inbox.number(str(fields.get("komentar", ""))), _whole(text), key, tab)
        elif as_note:
            await _note(request, number, text, key, tab)
        else:
            last = inbox.number(str(fields.get("terakhir", "")))
            await _reply(request, number, text, key, chosen, tab, last)
    except (Refused, Invalid, Conflict) as problem:
        if "HX-Request" in request.headers:
            raise
        return await inbox.show(request, number, draft=text, error=str(problem), as_note=as_note, status=422)
    return scene.back(fields, f"/kotak/semua/{number}")


async def resend(request: web.Request) -> web.StreamResponse:
    """Somebody has looked and wants it sent again."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = int(request.match_info["message"]), parts.clock.now()

    def story(work: Work) -> Message:
        message, conversation = _ours(work, number)
        guard.ask(request, Action.REPLY, conversation)
        capabilities = parts.capabilities(conversation.account, conversation.surface)
        return stories.resend(work, staff, message.id, capabilities=capabilities, now=now)

    sent = await parts.store.write(story)
    return scene.back(fields, f"/kotak/semua/{sent.conversation_id}")


async def settle(request: web.Request) -> web.StreamResponse:
    """Somebody has looked and saw it at the platform."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = int(request.match_info["message"]), parts.clock.now()

    def story(work: Work) -> Message:
        message, conversation = _ours(work, number)
        guard.ask(request, Action.REPLY, conversation)
        return stories.settle(work, staff, message.id, now=now)

    sent = await parts.store.write(story)
    return scene.back(fields, f"/kotak/semua/{sent.conversation_id}")


async def ready(request: web.Request) -> web.StreamResponse:
    """The canned replies, filled in for `?percakapan=`: JSON for the menu, a page without script."""
    number = inbox.number(request.query.get("percakapan"))
    if number is None:
        raise NotFound("Sebutkan percakapannya.")
    staff, parts, wording = guard.staff(request), house(request), pages.wording(request)

    def question(work: Work) -> tuple[talks.Found, dict[str, str], dict[str, str]]:
        found, shelf = talks.find(work, number), work.forwards
        # LAPOR's own templates are for answers that stand in LAPOR.
        if found.conversation.channel is not Channel.LAPOR:
            return found, {}, {}
        return found, shelf.names("template"), shelf.names("template_words")

    seen, (found, titles, texts) = await scene.read(request, question)
    guard.ask(request, Action.READ, found.conversation)
    known = filled(
        found, wording, staff.name, labels.unit_name(parts.organisation, found.conversation.unit), parts.office.name
    )
    offered = [
        {"key": one.key, "title": one.title, "text": one.text.format_map(_Blank(known))} for one in parts.office.replies
    ]
    offered += [{"key": code, "title": title, "text": texts[code]} for code, title in titles.items() if code in texts]
    if "HX-Request" in request.headers:
        return web.json_response({"replies": offered})
    context: dict[str, Any] = scene.setting(request, seen, "kotak") | {"offered": offered, "number": number}
    return pages.page(request, "replies.html", **context)


def filled(found: talks.Found, wording: Wording, officer: str, unit: str, office: str) -> dict[str, str]:
    """The fields that this conversation can fill. A public comment names nobody."""
    case = next((one for one in found.cases if one.id == found.conversation.case_id), None)
    public = found.conversation.surface == "public"
    values = {
        "nama": "Bapak/Ibu" if public or not found.contact.name else found.contact.name,
        "nomor": case.number if case else "",
        "batas": wording.longday(case.due) if case else "",
        "unit": unit,
        "petugas": officer,
        "kantor": office,
    }
    return {name: value for name, value in values.items() if value}


def _whole(text: str) -> str:
    """Invalid where a ready reply still has an empty field in it."""
    if left := UNFILLED.search(text):
        raise Invalid(f"Balasan ini masih memuat {left[0]}. Ganti dulu dengan isinya, lalu kirim.")
    return text


async def _reply(
    request: web.Request,
    number: int,
    text: str,
    key: str,
    chosen: Sequence[web.FileField] = (),
    tab: str = "",
    answered: int | None = None,
) -> None:
    text = _whole(text)
    staff, parts = guard.staff(request), house(request)
    now = parts.clock.now()
    if chosen:
        # Nothing is written to disk for somebody who may not answer here, or for a surface that takes none.
        await parts.store.read(lambda work: _may_attach(request, parts, of(work, number)))
    files = await attaching.keep(parts.files, chosen)

    def story(work: Work) -> None:
        conversation = of(work, number)
        guard.ask(request, Action.REPLY, conversation)
        capabilities = parts.capabilities(conversation.account, conversation.surface)
        stories.reply(
            work, staff, number, text, key=key, capabilities=capabilities, now=now, files=files, answered=answered
        )
        begun.sent(work, staff, number, text, tab=tab, now=now)

    await parts.store.write(story)


def _may_attach(request: web.Request, parts: House, conversation: Conversation) -> None:
    guard.ask(request, Action.REPLY, conversation)
    why = attaching.none_here(parts.capabilities(conversation.account, conversation.surface))
    if why is not None:
        raise Refused(why)


async def _note(request: web.Request, number: int, text: str, key: str, tab: str) -> None:
    staff, parts = guard.staff(request), house(request)
    now = parts.clock.now()

    def story(work: Work) -> None:
        guard.ask(request, Action.NOTE, of(work, number))
        stories.note(work, staff, number, text, key=key, now=now)
        begun.sent(work, staff, number, text, tab=tab, now=now)

    await parts.store.write(story)


def _ours(work: Work, number: int) -> tuple[Message, Any]:
    message = work.messages.get(number)
    if message is None:
        raise NotFound("Pesan itu tidak ada.")
    return message, of(work, message.conversation_id)
