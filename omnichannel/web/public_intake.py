"""What came in by a public page goes through the same door as every other message, and gets its number at once."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from omnichannel.domain.errors import Conflict, NotFound, OmnichannelError, StoreAway
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.house import House
from omnichannel.domain.message import iso
from omnichannel.domain.ports import Raw
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import track
from omnichannel.inbox.track import Tracked
from omnichannel.router.desk import Desk
from omnichannel.router.route import route
from omnichannel.web import public_files
from omnichannel.web.keys import house
from omnichannel.web.public_files import Upload
from omnichannel.web.webhooks import INTAKE

log = logging.getLogger(__name__)

CONFLICTS = 3


def must_be_open(parts: House) -> None:
    """NotFound where this office has no public forms."""
    if ACCOUNT not in parts.connectors:
        raise NotFound("Kantor ini tidak membuka formulir publik.")


async def take_in(
    request: web.Request,
    thread: str,
    holder: str,
    said: Mapping[str, Any],
    uploads: Sequence[Upload],
    marks: Mapping[str, Any] | None = None,
) -> Tracked:
    """Keep it durably, judge it, and return the thread as its citizen sees it. StoreAway: nothing was kept.

    The same words sent again (a double click, a reload) are the same message; other words under the same form are a
    further message of the thread: whoever went back and wrote more must not lose it. `marks` are ours, not the citizen's:
    they are no part of what makes two submissions the same.
    """
    parts = house(request)
    try:
        files = await public_files.keep(parts.files, uploads)
    except OSError as error:
        raise StoreAway(f"attachments cannot be kept: {error.strerror}") from error
    plain = dict(said) | {"files": files}
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    name = f"{thread}:{digest[:32]}"
    at = iso(parts.clock.now())
    whole = plain | dict(marks or {}) | {"id": name, "thread": thread, "holder": holder, "at": at}
    raw = Raw(json.dumps(whole, ensure_ascii=False).encode(), {"content-type": "application/json"})
    await request.app[INTAKE].take_in(parts.connectors[ACCOUNT], [raw])
    message = await parts.store.read(lambda work: work.messages.by_external(ACCOUNT, name))
    if message is None:
        raise RuntimeError("a form was kept in the ledger and could not be read")
    await judge(parts, message)
    found = await parts.store.read(lambda work: track.view(work, message.conversation_id))
    assert found is not None
    return found


async def judge(parts: House, message: Message) -> None:
    """Route it now rather than in a moment: who asks in person or by e-mail is given the number at once (UU 14/2008,
    Pasal 22 ayat (5)), and whoever is in danger must read 112 on this very page. The routing worker finds it done;
    where this fails, it is done there."""
    desk = Desk(office=parts.office, organisation=parts.organisation, clocks=parts.clocks, ability=parts.capabilities)
    words = f"{message.subject}\n{message.text}" if message.subject else message.text

    def story(work: Work) -> None:
        route(work, desk, message.id, verdict, parts.clock.now())

    try:
        verdict = await asyncio.to_thread(parts.classifier.classify, words, channel="web")
        for _ in range(CONFLICTS):
            try:
                return await parts.store.write(story)
            except Conflict:
                continue
    except OmnichannelError as error:
        log.warning("a form was not routed at once", extra={"message_id": message.id, "error": type(error).__name__})
    except Exception as error:
        log.error("a form was not routed at once", exc_info=error, extra={"message_id": message.id})
