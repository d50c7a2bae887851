"""The buttons of what a channel can do: send a template, fetch their list, hide or show a comment."""

from typing import Any

from aiohttp import web

from omnichannel.domain.aside import answer_aside
from omnichannel.domain.errors import Invalid, NotFound, Refused
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import drafts, templates, veils
from omnichannel.inbox.reply import must_be_a_key, of
from omnichannel.web import guard, inbox, planning, scene
from omnichannel.web.keys import house

NUMBER = "{conversation:\\d{1,18}}"
MESSAGE = "{message:\\d{1,18}}"
FIELD = "isi-"
NEUTRAL = "netral"


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"/percakapan/{NUMBER}/templat", guard.allow(send, Action.REPLY)),
        web.post(f"/percakapan/{NUMBER}/templat/ambil", guard.allow(fetch, Action.REPLY)),
        web.post(f"/pesan/{MESSAGE}/sembunyikan", guard.allow(hide, Action.REPLY)),
        web.post(f"/pesan/{MESSAGE}/tampilkan", guard.allow(show, Action.REPLY)),
    ]


async def send(request: web.Request) -> web.StreamResponse:
    """A filled template. What cannot leave comes back with the reason."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = int(request.match_info["conversation"]), parts.clock.now()
    values = {name.removeprefix(FIELD): str(value) for name, value in fields.items() if name.startswith(FIELD)}

    def story(work: Work) -> Message:
        conversation = of(work, number)
        guard.ask(request, Action.REPLY, conversation)
        return templates.use(
            work,
            staff,
            number,
            str(fields.get("nama", "")),
            str(fields.get("bahasa", "")),
            values,
            key=str(fields.get("key", "")),
            capabilities=parts.capabilities(conversation.account, conversation.surface),
            now=now,
        )

    try:
        await parts.store.write(story)
    except (Refused, Invalid, NotFound) as problem:
        if "HX-Request" in request.headers:
            raise
        return await inbox.show(request, number, error=str(problem), as_note=True, status=422)
    return scene.back(fields, f"/kotak/semua/{number}", "templat")


async def fetch(request: web.Request) -> web.StreamResponse:
    """Have the platform asked anew; the list follows when it has answered."""
    fields, parts = await guard.fields(request), house(request)
    number, now = int(request.match_info["conversation"]), parts.clock.now()

    def story(work: Work) -> None:
        conversation = of(work, number)
        guard.ask(request, Action.REPLY, conversation)
        templates.ask(work, conversation.account, now)

    await parts.store.write(story)
    return scene.back(fields, f"/kotak/semua/{number}", "templat-diambil")


async def hide(request: web.Request) -> web.StreamResponse:
    """Out of everybody's sight; with `jawab` a neutral public answer stands ready in the composer."""
    fields, message = await _veil(request, veils.hide)
    able = house(request).capabilities(message.account, message.surface)
    if fields.get("jawab") == NEUTRAL and able is not None and able.answers_hidden:
        return web.Response(status=303, headers={"Location": f"/kotak/semua/{message.conversation_id}?siap={NEUTRAL}"})
    return scene.back(fields, f"/kotak/semua/{message.conversation_id}")


async def show(request: web.Request) -> web.StreamResponse:
    """For everybody to see again."""
    fields, message = await _veil(request, veils.show)
    return scene.back(fields, f"/kotak/semua/{message.conversation_id}")


async def aside(
    request: web.Request,
    number: int,
    comment_id: int | None,
    text: str,
    key: str,
    tab: str = "",
    hold: planning.Hold | None = None,
) -> None:
    """The private answer to a public comment of this conversation."""
    words = text.strip()
    if not words:
        raise Invalid("Tulis dulu jawabannya.")
    must_be_a_key(key)
    staff, parts = guard.staff(request), house(request)
    now = parts.clock.now()

    def story(work: Work) -> None:
        conversation = of(work, number)
        guard.ask(request, Action.REPLY, conversation)
        comment = work.messages.get(comment_id) if comment_id is not None else None
        if comment is None or comment.conversation_id != number:
            raise NotFound("Komentar itu tidak ada.")
        able = parts.capabilities(conversation.account, conversation.surface)
        drafts.sent(work, staff, number, text, tab=tab, now=now)
        waits = planning.waits
        if not waits(work, staff, conversation, words, hold, key=key, parts=parts, now=now, comment_id=comment.id):
            answer_aside(work, comment, words, key=key, capabilities=able, now=now, staff=staff)

    await parts.store.write(story)


async def _veil(request: web.Request, change: Any) -> tuple[guard.Fields, Message]:
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = int(request.match_info["message"]), parts.clock.now()

    def story(work: Work) -> Message:
        message = work.messages.get(number)
        if message is None:
            raise NotFound("Komentar itu tidak ada.")
        conversation = of(work, message.conversation_id)
        guard.ask(request, Action.REPLY, conversation)
        able = parts.capabilities(conversation.account, conversation.surface)
        done: Message = change(work, staff, number, capabilities=able, now=now)
        return done

    return fields, await parts.store.write(story)
