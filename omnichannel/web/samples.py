"""A newcomer fills the empty house with invented messages, and empties it again with one click."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from aiohttp import web

from omnichannel.domain.case import CaseState
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import Conflict, NotFound
from omnichannel.domain.label import Label
from omnichannel.domain.message import iso
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.ports import Raw
from omnichannel.domain.samples import LABELS, PREFIX, SAMPLES, WHY
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import labelling
from omnichannel.inbox.reply import actor
from omnichannel.router import route
from omnichannel.web import guard, scene
from omnichannel.web.keys import house
from omnichannel.web.public_intake import judge
from omnichannel.web.webhooks import INTAKE


def routes() -> list[web.RouteDef]:
    return [
        web.post("/mulai/contoh", guard.allow(show, Action.MANAGE_STAFF)),
        web.post("/mulai/contoh/hapus", guard.allow(clear, Action.MANAGE_STAFF)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """Through the way that every message takes: ledger, classifier, cases. Only into a house that has heard nobody yet.
    What is opened for them never leaves it (`router/forward`)."""
    staff, parts = guard.staff(request), house(request)
    if not await parts.store.read(lambda work: work.samples.alone()):
        raise Conflict("Kotak masuk sudah berisi pesan warga; data contoh hanya untuk yang masih kosong.")
    if not {one.way for one in SAMPLES} <= parts.connectors.keys():
        raise NotFound("Meja catat warga tidak ada di sini.")
    now = parts.clock.now()
    for number, one in enumerate(SAMPLES, start=1):
        body = {"id": f"{PREFIX}{number}", "at": iso(now - one.ago), "text": one.text, "person": {"name": one.name}}
        raw = Raw(json.dumps(body, ensure_ascii=False).encode(), {"content-type": "application/json"})
        await request.app[INTAKE].take_in(parts.connectors[one.way], [raw])
        message = await parts.store.read(_named(one.way, f"{PREFIX}{number}"))
        if message is not None:
            await judge(parts, message)
    await parts.store.write(lambda work: _label(work, staff, now))
    await parts.store.write(lambda work: work.note(actor(staff), "samples_added", "office", 0, at=now))
    return web.Response(status=303, headers={"Location": "/kotak/perlu-dibaca"})


async def clear(request: web.Request) -> web.StreamResponse:
    """All of it is gone and numbers begin anew; where citizens have written meanwhile, the samples' numbers stay in the
    registers as void, with the reason."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    now = parts.clock.now()

    def story(work: Work) -> None:
        if not work.samples.shown():
            return
        if work.samples.alone():
            work.samples.wipe()
        else:
            for number in work.samples.conversations():
                _end(work, staff, number)
            for label in _ours(work):
                labelling.remove(work, staff, label.id, now=now)
        work.note(actor(staff), "samples_removed", "office", 0, at=now)

    def _end(work: Work, who: Staff, number: int) -> None:
        for case in work.cases.of_conversation(number):
            if case.state is not CaseState.VOIDED:
                route.void(work, who, case.id, WHY, now=now)
        found = work.conversations.get(number)
        if found is not None:
            gone = replace(found, state=ConversationState.RESOLVED, unread=0, aside="sample", snoozed_until=None)
            work.conversations.save(found, gone)

    await parts.store.write(story)
    return scene.back(fields, "/mulai", "contoh-hapus")


def _label(work: Work, staff: Staff, now: datetime) -> None:
    if _ours(work):
        return
    for name, tone, numbers in LABELS:
        label = labelling.keep(work, staff, name, tone, now=now)
        for number in numbers:
            message = work.messages.by_external(SAMPLES[number - 1].way, f"{PREFIX}{number}")
            if message is not None:
                labelling.change(work, actor(staff), message.conversation_id, on=(label.id,), now=now)


def _ours(work: Work) -> list[Label]:
    names = {name for name, _, _ in LABELS}
    return [one for one in work.labels.all() if one.name in names]


def _named(way: str, name: str) -> Callable[[Work], Message | None]:
    return lambda work: work.messages.by_external(way, name)
