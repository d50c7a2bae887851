"""Who comes in, and what they may do: one middleware before every handler.

Each route is registered with its decision, `web.get("/x", guard.allow(handler, Action.SEE_DESK))`; a route without one
is refused to everybody. What depends on the thing itself is asked in the handler: `guard.ask(request, action, thing)`.
"""

import base64
import functools
import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote
from weakref import WeakKeyDictionary

from aiohttp import web
from multidict import MultiDictProxy
from yarl import URL

from omnichannel.domain.case import Case
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.dip import Item
from omnichannel.domain.errors import Invalid, NotAllowed
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.tokens import PREFIX
from omnichannel.domain.work import Session
from omnichannel.web.english import LANGUAGES
from omnichannel.web.keys import SESSION, STAFF, TOKEN, house

Fields = MultiDictProxy[str | bytes | bytearray | web.FileField]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SESSION_COOKIE = "omni_sid"
BEFORE_COOKIE = "omni_pre"  # the CSRF secret of somebody who has not logged in
LANG_COOKIE = "omni_lang"
YEAR = timedelta(days=365)
TOUCH_EVERY = timedelta(minutes=5)  # a session slides without a write for each click
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Platforms sign their hooks, programs carry a bearer token: neither has a cookie that a foreign page could ride on.
# Files of the frame and monitors ask too often to be looked up each time.
COOKIELESS = ("/hooks/", "/api/", "/static/", "/healthz", "/readyz", "/metrics")
OURS = re.compile(r"[A-Za-z0-9_-]{43}")  # what token_urlsafe(32) makes
PROGRAMS_TOKEN = re.compile(re.escape(PREFIX) + OURS.pattern)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
STRANGER_LIMIT = 64 * 1024  # bytes of a form from somebody who is not logged in

_BEFORE = web.RequestKey("before", str)
_FRESH = web.RequestKey("fresh", bool)


@dataclass(frozen=True, slots=True)
class Door:
    """The decision of one route. Without `action` a login is enough; `public` needs none; `bearer` wants a program's token
    instead. `limit` is the longest form, in bytes, that is read from somebody we do not know. `framed`: the form stands in a
    frame of another site, where a browser keeps no cookie of ours; its handler asks for the form's own signed key."""

    action: Action | None
    public: bool
    limit: int = STRANGER_LIMIT
    bearer: bool = False
    framed: bool = False


class LoginNeeded(NotAllowed):
    """Nobody is logged in (any more)."""


class TokenNeeded(LoginNeeded):
    """A program came without a token that opens anything."""


class StalePage(NotAllowed):
    """A form whose token is not (or no longer) ours: made elsewhere, or before the last login."""


_doors: WeakKeyDictionary[Handler, Door] = WeakKeyDictionary()


def allow(
    handler: Handler,
    action: Action | None = None,
    public: bool = False,
    *,
    limit: int = STRANGER_LIMIT,
    bearer: bool = False,
    framed: bool = False,
) -> Handler:
    """`handler` with its decision, for the table of routes."""
    if public and action is not None:
        raise ValueError(f"{handler.__qualname__}: a public route asks for no action")

    @functools.wraps(handler)
    async def guarded(request: web.Request) -> web.StreamResponse:
        return await handler(request)

    _doors[guarded] = Door(action, public, limit, bearer, framed)
    return guarded


def door(handler: Handler) -> Door | None:
    """The decision this route was registered with."""
    return _doors.get(handler)


def staff(request: web.Request) -> Staff:
    """Who is logged in. LoginNeeded on a public page that nobody has logged in to."""
    found: Staff | None = request.get(STAFF)
    if found is None:
        raise LoginNeeded("Silakan masuk dulu.")
    return found


def ask(request: web.Request, action: Action, thing: Conversation | Case | Item | None = None) -> None:
    """NotAllowed, in words for the person who asked, unless the policy says yes."""
    decision = may(staff(request), action, thing)
    if not decision:
        raise NotAllowed(decision.why)


def lang(request: web.Request) -> str:
    """The reader's language: their own setting, else their browser's choice here, else Indonesian."""
    person = request.get(STAFF)
    chosen = person.lang if person is not None else request.cookies.get(LANG_COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def csrf(request: web.Request) -> str:
    """The token for this page's forms, under a new mask each time: a compressed page must not betray it (BREACH)."""
    secret = _secret(request).encode()
    mask = secrets.token_bytes(len(secret))
    return base64.urlsafe_b64encode(mask + _xor(secret, mask)).decode()


def local(address: str | None) -> str:
    """`address` when it is a path of ours, else "/": a login must not send people to a stranger."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return "/"
    if "\\" in address or any(ord(sign) < 32 for sign in address):
        return "/"
    return address


def path_of(address: str | None) -> str:
    """The path and query of a whole address that a browser sent; "/" when it is none."""
    try:
        return URL(address or "/").raw_path_qs
    except ValueError:
        return "/"


def login_address(request: web.Request) -> str:
    """The login, and the way back. A fragment's way back is the page it sits in, a form's the page it was on."""
    back = request.rel_url.raw_path_qs
    if "HX-Request" in request.headers or request.method not in SAFE or request.path.startswith("/live"):
        back = local(path_of(request.headers.get("HX-Current-URL") or request.headers.get("Referer")))
    return "/login" if back == "/" else f"/login?next={quote(back, safe='/')}"


def token_hash(token: str) -> str:
    """What the database knows of a session: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def secure(request: web.Request) -> bool:
    """Whether citizens and staff reach us over https."""
    return house(request).office.public_url.startswith("https://")


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Session, decision, forgery check: in this order, before a byte of the body is read."""
    if request.match_info.http_exception is not None:
        return await handler(request)
    found = door(request.match_info.handler)
    if found is None:
        raise NotAllowed("Halaman ini belum diberi aturan akses.")
    if request.path.startswith(COOKIELESS):
        if found.bearer:
            await _recognise_program(request)
            _decide(request, found)
        elif not found.public:
            raise NotAllowed("Alamat ini tidak mengenal sesi petugas.")
        return await handler(request)
    await _recognise(request)
    _decide(request, found)
    if request.method not in SAFE:
        await _no_forgery(request, found.limit, framed=found.framed)
    response = await handler(request)
    _slide(request, response)
    return response


async def _recognise(request: web.Request) -> None:
    """Put the session on the request if its cookie still stands for one."""
    token = request.cookies.get(SESSION_COOKIE)
    if token is None or not OURS.fullmatch(token):
        return
    parts, hashed = house(request), token_hash(token)
    now = parts.clock.now()
    held = await parts.store.read(lambda work: work.people.session(hashed))
    if held is None or held.expires_at <= now or held.staff.disabled_at is not None:
        return
    request[SESSION], request[STAFF] = held, held.staff
    if now - held.seen_at >= TOUCH_EVERY and not request.path.startswith("/live"):
        # The live stream renews itself without a person: it must not keep a forgotten screen logged in for ever.
        until = now + timedelta(hours=parts.office.session_hours)
        await parts.store.write(lambda work: work.people.touch_session(hashed, now, until))
        request[_FRESH] = True


async def _recognise_program(request: web.Request) -> None:
    """Put the officer whose token came along on the request. TokenNeeded, NotAllowed: a token that only reads."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not PROGRAMS_TOKEN.fullmatch(token.strip()):
        raise TokenNeeded("Sertakan token: Authorization: Bearer omni_…")
    parts, hashed = house(request), token_hash(token.strip())
    now = parts.clock.now()
    held = await parts.store.read(lambda work: work.tokens.by_hash(hashed))
    if held is None or not held.lives(now):
        raise TokenNeeded("Token ini tidak dikenal, sudah dicabut, atau habis masanya.")
    if request.method not in SAFE and not held.writes:
        raise NotAllowed("Token ini hanya untuk membaca.")
    request[TOKEN], request[STAFF] = held, held.hand
    if held.used_at is None or now - held.used_at >= TOUCH_EVERY:
        await parts.store.write(lambda work: work.tokens.used(held.id, now))


def _decide(request: web.Request, found: Door) -> None:
    if found.public:
        return
    person = staff(request)
    if found.action is not None:
        # A unit officer's reach depends on the thing; here only their role is asked.
        decision = may(person, found.action)
        if not decision:
            raise NotAllowed(decision.why)


async def _no_forgery(request: web.Request, limit: int, *, framed: bool = False) -> None:
    """NotAllowed when the form was not made by a page of ours."""
    # A browser names the page that a form was sent from, and no other site can make it lie: in a frame that is the proof.
    if not _same_origin(request) or (framed and "Origin" not in request.headers):
        raise StalePage("Permintaan ini datang dari situs lain.")
    if SESSION not in request and not small_form(request, limit):
        raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=request.content_length or 0)
    if framed:
        return
    given = request.headers.get("X-CSRF-Token")
    if given is None and request.content_type in FORMS:
        field = (await fields(request)).get("csrf")
        given = field if isinstance(field, str) else None
    if given is None or not hmac.compare_digest(_unmasked(given), _secret(request).encode()):
        raise StalePage("Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu kirim lagi.")


async def fields(request: web.Request) -> Fields:
    """The form's fields; Invalid where its bytes are not what they say they are."""
    try:
        return await request.post()
    except (ValueError, LookupError) as error:
        raise Invalid("Isian ini tidak terbaca.") from error


def small_form(request: web.Request, limit: int = STRANGER_LIMIT) -> bool:
    """Whether the body is short enough to be read for somebody we do not know."""
    return request.content_length is not None and request.content_length <= limit


def _same_origin(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    # Behind a proxy our own scheme is http: the host decides, or the address that the office published.
    published = URL(house(request).office.public_url or "/").host_port_subcomponent
    return origin.partition("://")[2].lower() in {request.host.lower(), published}


def _secret(request: web.Request) -> str:
    held = session(request)
    if held is not None:
        return held.csrf
    if _BEFORE not in request:
        given = request.cookies.get(BEFORE_COOKIE, "")
        request[_BEFORE] = given if OURS.fullmatch(given) else secrets.token_urlsafe(32)
    secret: str = request[_BEFORE]
    return secret


def before(request: web.Request) -> str:
    """What this browser alone has, logged in or not."""
    return _secret(request)


def _unmasked(token: str) -> bytes:
    try:
        both = base64.urlsafe_b64decode(token.encode())
    except ValueError:
        return b""
    half = len(both) // 2
    return _xor(both[:half], both[half:])


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))


def _slide(request: web.Request, response: web.StreamResponse) -> None:
    """Cookies that this answer must carry; a stream has sent its headers already."""
    if response.prepared:
        return
    if request.get(_FRESH) and SESSION_COOKIE not in response.cookies:
        give_session(request, response, request.cookies[SESSION_COOKIE])
    if _BEFORE in request and request.cookies.get(BEFORE_COOKIE) != request[_BEFORE]:
        response.set_cookie(BEFORE_COOKIE, request[_BEFORE], httponly=True, samesite="Lax", secure=secure(request))


def give_session(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Set the session's cookie for as long as the session may sleep."""
    hours = timedelta(hours=house(request).office.session_hours)
    response.set_cookie(
        SESSION_COOKIE, token, max_age=int(hours.total_seconds()), httponly=True, samesite="Lax", secure=secure(request)
    )


def session(request: web.Request) -> Session | None:
    """The session behind this request, if any."""
    return request.get(SESSION)
