"""What programs may do: answer, note, hand over, finish. The same stories as the desk's buttons, under the same policy."""

import re
from collections.abc import Callable

from aiohttp import web

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid, Refused
from omnichannel.domain.message import Attachment
from omnichannel.domain.policy import Action
from omnichannel.domain.records import Message
from omnichannel.domain.work import Work
from omnichannel.inbox import reply as stories
from omnichannel.inbox import triage
from omnichannel.inbox.reply import of
from omnichannel.web import attaching, guard
from omnichannel.web.api import shapes
from omnichannel.web.api.asked import AssigneeAsked, NoteAsked, ReplyAsked, StateAsked
from omnichannel.web.api.operation import MULTIPART, Call, Operation
from omnichannel.web.api.reading import Whole, told, whole
from omnichannel.web.api.veil import Veil

KEY = "Idempotency-Key"
FIT = re.compile(r"[A-Za-z0-9._-]{1,120}")
FILES = "files"


async def reply(call: Call) -> shapes.Message:
    """Into the outbox; `GET /messages/{id}` tells how it went. Several messages where the text is too long for one: the
    first comes back."""
    asked: ReplyAsked = call.body
    number, key = call.id("conversation"), key_of(call)
    files = await _files(call, number)
    now = call.parts.clock.now()

    def story(work: Work) -> Message:
        conversation = of(work, number)
        guard.ask(call.request, Action.REPLY, conversation)
        able = call.parts.capabilities(conversation.account, conversation.surface)
        return stories.reply(
            work,
            call.staff,
            number,
            asked.text.replace("\0", ""),
            key=key,
            capabilities=able,
            now=now,
            reply_to=asked.reply_to,
            files=files,
        )

    sent = await call.parts.store.write(story)
    return Veil(call.token).message(sent)


async def note(call: Call) -> shapes.Message:
    """Among staff; it never leaves the house."""
    asked: NoteAsked = call.body
    number, key, now = call.id("conversation"), key_of(call), call.parts.clock.now()

    def story(work: Work) -> Message:
        guard.ask(call.request, Action.NOTE, of(work, number))
        return stories.note(work, call.staff, number, asked.text.replace("\0", ""), key=key, now=now)

    return Veil(call.token).message(await call.parts.store.write(story))


async def assignee(call: Call) -> shapes.Conversation:
    """Hand it over; null lays it down."""
    asked: AssigneeAsked = call.body
    now = call.parts.clock.now()
    return await _changed(
        call,
        Action.ASSIGN,
        lambda work, number: triage.assign(work, call.staff, number, asked.staff_id, now=now, seen=asked.seen),
    )


async def state(call: Call) -> shapes.Conversation:
    """Done, or not done after all. A running case keeps its clock all the same."""
    asked: StateAsked = call.body
    change = triage.resolve if asked.state == "resolved" else triage.reopen
    now = call.parts.clock.now()
    return await _changed(call, Action.RESOLVE, lambda work, number: change(work, call.staff, number, now=now))


async def read(call: Call) -> shapes.Conversation:
    """Somebody has looked at it."""
    now = call.parts.clock.now()

    def look(work: Work, number: int) -> Conversation:
        found = of(work, number)
        able = call.parts.capabilities(found.account, found.surface)
        return triage.mark_read(work, call.staff, number, now=now, capabilities=able)

    return await _changed(call, Action.REPLY, look)


async def _changed(call: Call, action: Action, change: Callable[[Work, int], Conversation]) -> shapes.Conversation:
    number = call.id("conversation")

    def story(work: Work) -> Whole:
        guard.ask(call.request, action, of(work, number))
        return told(work, change(work, number))

    return whole(call, await call.parts.store.write(story))


def key_of(call: Call) -> str:
    """The caller's own name for this act, so that a repeated call is one act. Each token has its own names."""
    given = call.request.headers.get(KEY, "").strip()
    if not FIT.fullmatch(given):
        raise Invalid(f"Sertakan {KEY}: 1–120 huruf A–Z, angka, titik, garis; berbeda untuk setiap kiriman.")
    return f"api-{call.token.id}-{given}"


async def _files(call: Call, number: int) -> list[Attachment]:
    if call.request.content_type != MULTIPART:
        return []
    fields = await guard.fields(call.request)
    chosen = [one for one in fields.getall(FILES, []) if isinstance(one, web.FileField) and one.filename]
    if not chosen:
        return []

    def may_attach(work: Work) -> None:
        conversation = of(work, number)
        guard.ask(call.request, Action.REPLY, conversation)
        why = attaching.none_here(call.parts.capabilities(conversation.account, conversation.surface))
        if why is not None:
            raise Refused(why)

    await call.parts.store.read(may_attach)  # nothing is written to disk for a surface that takes none
    return await attaching.keep(call.parts.files, chosen)


OPERATIONS = [
    Operation(
        method="POST",
        path="/conversations/{conversation}/replies",
        name="reply",
        summary="Answer the citizen on their own channel",
        tag="messages",
        action=Action.REPLY,
        handler=reply,
        answer=shapes.Message,
        body=ReplyAsked,
        key=True,
        files=True,
        status=202,
        says=(404, 409),
    ),
    Operation(
        method="POST",
        path="/conversations/{conversation}/notes",
        name="writeNote",
        summary="Write a note that only staff read",
        tag="messages",
        action=Action.NOTE,
        handler=note,
        answer=shapes.Message,
        body=NoteAsked,
        key=True,
        status=201,
        says=(404, 409),
    ),
    Operation(
        method="PUT",
        path="/conversations/{conversation}/assignee",
        name="assign",
        summary="Hand the conversation over, or lay it down",
        tag="conversations",
        action=Action.ASSIGN,
        handler=assignee,
        answer=shapes.Conversation,
        body=AssigneeAsked,
        says=(404, 409),
    ),
    Operation(
        method="PUT",
        path="/conversations/{conversation}/state",
        name="setState",
        summary="Mark it done, or open it again",
        tag="conversations",
        action=Action.RESOLVE,
        handler=state,
        answer=shapes.Conversation,
        body=StateAsked,
        says=(404, 409),
    ),
    Operation(
        method="PUT",
        path="/conversations/{conversation}/read",
        name="markRead",
        summary="Mark it read",
        tag="conversations",
        action=Action.REPLY,
        handler=read,
        answer=shapes.Conversation,
        says=(404, 409),
    ),
]
