"""The platforms' door: 200 only once everything they sent is durable here."""

from collections.abc import Mapping

from aiohttp import web

from omnichannel.domain.errors import BadSignature, NotFound, StoreAway
from omnichannel.domain.house import House
from omnichannel.domain.ports import Connector, Hook, Raw, Webhook
from omnichannel.inbox.receive import Intake, Received
from omnichannel.web import guard
from omnichannel.web.keys import house
from omnichannel.web.metrics import METRICS

LIMIT = 10 * 1024 * 1024  # bytes; a webhook names its media, it does not carry them

# What the ledger keeps of the headers: enough to read the body and to prove who signed it, and never a secret itself.
KEPT = frozenset({"content-type", "user-agent"})
SIGNATURES = ("signature", "signature-256")

INTAKE = web.AppKey("intake", Intake)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/hooks/{account}", guard.allow(receive, public=True), allow_head=False),
        web.post("/hooks/{account}", guard.allow(receive, public=True)),
    ]


def setup(application: web.Application, parts: House) -> None:
    """The story that every payload goes through."""
    application[INTAKE] = Intake(parts.store, parts.files, parts.clock)


async def receive(request: web.Request) -> web.StreamResponse:
    """Handshake or delivery. 403 bad signature · 404 unknown account · 413 too large · 503 the database is away."""
    connector = house(request).connector(request.match_info["account"])
    if not isinstance(connector, Webhook):
        raise NotFound("Akun ini tidak menerima webhook.")
    count = request.app[METRICS].webhooks
    try:
        response, result = await _receive(request, connector, connector)
    except BadSignature:
        count.labels(connector.account, "bad_signature").inc()
        raise
    except StoreAway:
        count.labels(connector.account, "store_away").inc()
        raise
    except web.HTTPRequestEntityTooLarge:
        count.labels(connector.account, "too_large").inc()
        raise
    count.labels(connector.account, result).inc()
    return response


async def _receive(request: web.Request, connector: Connector, webhook: Webhook) -> tuple[web.Response, str]:
    headers = {name.lower(): value for name, value in request.headers.items()}
    hook = Hook(request.method, headers, dict(request.query), await _body(request))
    greeting = webhook.greet(hook)
    if greeting is not None:
        return web.Response(text=greeting), "greeted"
    if request.method != "POST":
        raise BadSignature("a GET that is no handshake of ours")
    webhook.verify(hook)
    received = await request.app[INTAKE].take_in(connector, [Raw(hook.body, _kept(headers))])
    return web.Response(text="ok"), _result(received)


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """Those worth keeping, as text that every database holds: a header may be any bytes."""
    wanted = {name: value for name, value in headers.items() if name in KEPT or name.endswith(SIGNATURES)}
    return {name: value.encode("utf-8", "replace").decode() for name, value in wanted.items()}


def _result(received: Received) -> str:
    """One word for the metrics; the numbers stand in the database."""
    if received.quarantined:
        return "quarantined"
    return "received" if received.new else "known"


async def _body(request: web.Request) -> bytes:
    """Every byte, or HTTPRequestEntityTooLarge before the rest is read."""
    if (request.content_length or 0) > LIMIT:
        raise web.HTTPRequestEntityTooLarge(max_size=LIMIT, actual_size=request.content_length or 0)
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > LIMIT:
            raise web.HTTPRequestEntityTooLarge(max_size=LIMIT, actual_size=len(body))
    return bytes(body)
