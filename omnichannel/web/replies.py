"""What staff write: replies and notes, sending again, settling what is unsure, and the replies ready to use."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from omnichannel.web import attaching, drafts, filling, guard, inbox, outreach, pages, planning, scene
from omnichannel.web import talk as talks
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

NUMBER = "{conversation:\\d{1,18}}"
MESSAGE = "{message:\\d{1,18}}"
NOTE = "catatan"
ASIDE = "pribadi"
NOTE_TEXT = "Catatan internal hanya berupa teks. Lepas berkasnya, atau kirim sebagai jawaban."
ASIDE_TEXT = "Balasan pribadi atas komentar hanya berupa teks. Kirim berkasnya setelah warga membalas di sana."


LACKING = {"nomor": "nomor", "batas": "batas waktu", "tracking": "tracking ID", "tautan": "tautan"}


@dataclass(frozen=True, slots=True)
class Form:
    """What came with the words: the form's own key, the page that sends it, its files, and when it is to leave."""

    key: str
    tab: str
    chosen: Sequence[web.FileField]
    hold: planning.Hold | None
    answered: int | None = None


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
    number, text = int(request.match_info["conversation"]), str(fields.get("text", ""))
    as_note = fields.get("ke") == NOTE
    # A browser sends line ends as CRLF; a citizen's phone shows the CR as nothing, the letter counter as one too many.
    text = text.replace("\r\n", "\n").replace("\0", "")
    try:
        form = _form(request, fields)
        if form.chosen and (as_note or fields.get("ke") == ASIDE):
            raise Invalid(NOTE_TEXT if as_note else ASIDE_TEXT)
        if fields.get("ke") == ASIDE:
            comment = inbox.number(str(fields.get("komentar", "")))
            await outreach.aside(request, number, comment, filling.whole(text), form.key, form.tab, form.hold)
        elif as_note:
            await _note(request, number, text, form.key, form.tab)
        else:
            await _reply(request, number, text, form)
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
    known = filling.known(parts, found.conversation, found.contact, found.cases, wording, staff)
    fits = [one for one in parts.office.replies if not filling.lacking(one.text, known)]
    offered = [{"key": one.key, "title": one.title, "text": one.text.format_map(known)} for one in fits]
    offered += [{"key": code, "title": title, "text": texts[code]} for code, title in titles.items() if code in texts]
    lacking = [
        {"key": one.key, "title": one.title, "why": _lacks(filling.lacking(one.text, known), wording)}
        for one in parts.office.replies
        if one not in fits
    ]
    if "HX-Request" in request.headers:
        return web.json_response({"replies": offered, "lacking": lacking})
    context: dict[str, Any] = scene.setting(request, seen, "kotak") | {
        "offered": offered,
        "lacking": lacking,
        "number": number,
    }
    return pages.page(request, "replies.html", **context)


def _lacks(fields: Sequence[str], wording: Wording) -> str:
    return wording.t("belum ada {apa}", apa=", ".join(wording.t(LACKING.get(one, one)) for one in fields))


async def _reply(request: web.Request, number: int, text: str, form: Form) -> None:
    text = filling.whole(text)
    staff, parts = guard.staff(request), house(request)
    now = parts.clock.now()
    if form.chosen:
        # Nothing is written to disk for somebody who may not answer here, or for a surface that takes none.
        await parts.store.read(lambda work: _may_attach(request, parts, of(work, number)))
    files = await attaching.keep(parts.files, form.chosen)

    def story(work: Work) -> None:
        conversation = of(work, number)
        guard.ask(request, Action.REPLY, conversation)
        begun.sent(work, staff, number, text, tab=form.tab, now=now)
        waits, key, hold, last = planning.waits, form.key, form.hold, form.answered
        asked = waits(work, staff, conversation, text, hold, key=key, parts=parts, now=now, kept=files, answered=last)
        if asked is None:
            able = parts.capabilities(conversation.account, conversation.surface)
            stories.reply(work, staff, number, text, key=key, capabilities=able, now=now, files=files, answered=last)

    await parts.store.write(story)


def _form(request: web.Request, fields: guard.Fields) -> Form:
    hold = planning.hold_of(fields, house(request), pages.wording(request), house(request).clock.now())
    last = inbox.number(str(fields.get("terakhir", "")))
    return Form(str(fields.get("key", "")), drafts.tab_of(fields), attaching.sent(fields), hold, last)


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
