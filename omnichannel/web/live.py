"""Open screens hear what happened: one server-sent stream a browser, one reader of the events table a process.

A stream carries numbers, never words: the page fetches what it may see. `changed` has the happening's id, so a browser
that comes back says where it stopped (Last-Event-ID, or `?after=`); `/live/gap` fills what it missed. `hello` and `ping`
carry our newest number, `stale` says the gap is too wide to tell, `bye` why we hang up. `here` (web.presence) names an
officer who reads or writes, and is no part of the history.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import HttpVersion11, web

from omnichannel.domain.errors import Invalid, OmnichannelError
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action
from omnichannel.web import guard
from omnichannel.web.hub import PAGE, Client, Hub, audible, frame, limited, summary
from omnichannel.web.keys import HOUSE, SESSION
from omnichannel.web.metrics import METRICS

FARTHEST = 1000  # further behind than this, the page loads its lists anew
RETRY = b"retry: 3000\n\n"

HUB = web.AppKey("hub", Hub)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/live", guard.allow(stream, Action.SEE_DESK), allow_head=False),
        web.get("/live/gap", guard.allow(gap, Action.SEE_DESK)),
    ]


def setup(application: web.Application) -> None:
    """The reader lives as long as the application does."""
    application[HUB] = Hub(application[HOUSE], application[METRICS])
    application.cleanup_ctx.append(_reading)
    application.on_shutdown.append(_stop)


def hang_up(application: web.Application, token_hash: str) -> None:
    """End the streams of a session that has just been closed."""
    application[HUB].hang_up(token_hash)


async def stream(request: web.Request) -> web.StreamResponse:
    """Stay open and tell what changes."""
    hub, staff, session = request.app[HUB], guard.staff(request), request[SESSION]
    await hub.ready()
    after = _number(request.headers.get("Last-Event-ID") or request.query.get("after"))
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    response.force_close()
    chunked = request.version >= HttpVersion11
    if chunked:
        response.enable_chunked_encoding()
    try:
        await response.prepare(request)
        await response.write(RETRY + frame("hello", {"seq": hub.last}).plain)
        had = await _catch_up(hub, staff, response, hub.last if after is None else after)
    except (OmnichannelError, ConnectionResetError):
        return response  # too late for a status, or the reader has left; the browser comes back with the number it has
    transport = request.transport
    if transport is None:
        return response
    client = Client(staff, session.token_hash, transport, chunked, had)
    hub.add(client)
    try:
        await client.gone.wait()
    finally:
        hub.remove(client)
    return response


async def gap(request: web.Request) -> web.StreamResponse:
    """What happened after `?after=N` and may be told to me; `more` when another question should follow from `seq`."""
    hub, staff = request.app[HUB], guard.staff(request)
    after = _number(request.query.get("after"))
    if after is None:
        raise Invalid("Sebutkan ?after=, nomor terakhir yang sudah diterima.")
    rows, conversations = await hub.read(after, limited(staff))
    told = [summary(row) for row in rows if audible(staff, row, conversations.get(row.conversation_id or 0))]
    return web.json_response({"seq": rows[-1].id if rows else after, "events": told, "more": len(rows) == PAGE})


async def _catch_up(hub: Hub, staff: Staff, response: web.StreamResponse, after: int) -> frozenset[int]:
    """Tell what they missed, up to where the hub is; returns what they now know and the hub has yet to say."""
    had: set[int] = set()
    if hub.last - after > FARTHEST:
        after = hub.last
        await response.write(frame("stale", {"seq": after}, after).plain)
    while after < hub.last:
        rows, conversations = await hub.read(after, limited(staff))
        if not rows:
            break
        for row in rows:
            if audible(staff, row, conversations.get(row.conversation_id or 0)):
                await response.write(frame("changed", summary(row), row.id).plain)
                had.add(row.id)
        after = rows[-1].id
    return frozenset(id for id in had if id > hub.last)


async def _reading(application: web.Application) -> AsyncIterator[None]:
    # aiohttp's cleanup context is this task's scope: begun with the application, awaited on its way out.
    reading = asyncio.create_task(application[HUB].run(), name="live")
    yield
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading


async def _stop(application: web.Application) -> None:
    application[HUB].close()


def _number(text: str | None) -> int | None:
    if text is None or text == "":
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid("Nomor kejadian harus berupa angka.")
    return int(text)
