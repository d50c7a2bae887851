"""What every answer carries, whoever made it: security headers, compression, a line in the access log, a measure."""

import time
import zlib

import structlog
from aiohttp import web

from omnichannel.web import guard, mishaps
from omnichannel.web.keys import STAFF, house
from omnichannel.web.metrics import METRICS

WORTH_PACKING = 1024
AT_ONCE = 256 * 1024  # bytes: packed in less time than it takes to hand them to another thread and back
LEVEL = 3  # a third of level 6's time for a tenth more bytes
GZIP = 31  # zlib's name for it
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/",
    "/live/hadir",
)  # monitors and open pages ask every few seconds; their answers are counted only
YEAR = 365 * 24 * 3600

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "frame-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

FRAMED = "/publik/sematan/"  # what the sites that the office named may show in a frame (`[ppid] embed_hosts`)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}

log = structlog.get_logger("web.access")


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Signal `on_response_prepare`: a handler's own header wins, so a file may ask for a stricter policy."""
    if request.path.startswith(FRAMED):
        # Its errors too: in a frame that shows nothing nobody learns what was wrong.
        hosts = " ".join(house(request).office.ppid.embed_hosts) or "'none'"
        framed = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {hosts}")
        response.headers.setdefault("Content-Security-Policy", framed)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "omnichannel"  # which versions we run is nobody's business
    if guard.secure(request):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")


@web.middleware
async def watch(request: web.Request, handler: guard.Handler) -> web.StreamResponse:
    """One line and one measure a request; never a query, a cookie, a token or a citizen's words."""
    began, status = time.perf_counter(), 499  # 499: the asker left before there was an answer
    try:
        response = await handler(request)
        status = response.status
        _pack(request, response)
        return response
    except web.HTTPException as answer:
        status = answer.status
        raise
    finally:
        _note(request, status, time.perf_counter() - began)


def _note(request: web.Request, status: int, seconds: float) -> None:
    route = mishaps.route_name(request)
    method = request.method if request.method in METHODS else "OTHER"
    if route != "/live":  # a stream lasts as long as a shift and would drown every quantile
        request.app[METRICS].requests.labels(route, method, f"{status // 100}xx").observe(seconds)
    if route.startswith(QUIET):
        return
    staff = request.get(STAFF)
    log.info(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        staff=staff.id if staff is not None else None,
        remote=request.remote,
    )


def _pack(request: web.Request, response: web.StreamResponse) -> None:
    """Long text travels packed. A page's token has a new mask each time, so packing betrays nothing of it."""
    if response.prepared or not isinstance(response, web.Response) or "Content-Encoding" in response.headers:
        return
    kind = response.content_type
    textual = kind.startswith("text/") or kind.endswith(("json", "+xml"))
    if not textual or not isinstance(response.body, bytes) or len(response.body) <= WORTH_PACKING:
        return
    response.headers.add("Vary", "Accept-Encoding")
    if "gzip" in request.headers.get("Accept-Encoding", "").lower():
        if len(response.body) > AT_ONCE:
            response.enable_compression(web.ContentCoding.gzip)  # on a thread of its own
            return
        response.body = zlib.compress(response.body, LEVEL, GZIP)
        response.headers["Content-Encoding"] = "gzip"
