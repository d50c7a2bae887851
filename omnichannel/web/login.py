"""Coming in and going out."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from aiohttp import web

from omnichannel.domain.people import Staff
from omnichannel.domain.work import Actor, Work
from omnichannel.web import guard, live, pages, passwords
from omnichannel.web.keys import STAFF, house
from omnichannel.web.metrics import METRICS

TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
LONGEST_LOGIN = 100

TURNS = web.AppKey("turns", WeakValueDictionary[str, asyncio.Lock])


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody came in: `left` tries remain, `wait` minutes when none do."""

    left: int

    @property
    def wait(self) -> int:
        return 0 if self.left else int(TRIES_WITHIN / timedelta(minutes=1))


def routes() -> list[web.RouteDef]:
    return [
        web.get("/login", guard.allow(form, public=True)),
        web.post("/login", guard.allow(enter, public=True)),
        web.post("/logout", guard.allow(leave, public=True)),
    ]


def setup(application: web.Application) -> None:
    """A place where attempts on the same login wait for each other."""
    application[TURNS] = WeakValueDictionary()


async def form(request: web.Request) -> web.StreamResponse:
    """The login page; whoever is in already goes on."""
    wanted = guard.local(request.query.get("next"))
    if STAFF in request:
        return web.Response(status=303, headers={"Location": wanted})
    return pages.page(request, "login.html", next=wanted, login="", refusal=None)


async def enter(request: web.Request) -> web.StreamResponse:
    """Check the password and open a session; what failed is said without telling which of the two was wrong."""
    fields = await guard.fields(request)
    # PostgreSQL refuses a NUL byte even in a question.
    name = "".join(sign for sign in str(fields.get("login", "")) if sign.isprintable()).strip()[:LONGEST_LOGIN]
    password = str(fields.get("password", ""))
    wanted = guard.local(str(fields.get("next", "/")))
    # One at a time for one login: a hundred guesses sent at once must not all see "no failure yet".
    async with request.app[TURNS].setdefault(name.lower(), asyncio.Lock()):
        return await _try(request, name, password, wanted)


async def _try(request: web.Request, name: str, password: str, wanted: str) -> web.StreamResponse:
    parts = house(request)
    since = parts.clock.now() - TRIES_WITHIN
    failed, found = await parts.store.read(
        lambda work: (work.people.failed_logins(name, since), work.people.by_login(name))
    )
    if failed >= TRIES:
        return _refuse(request, name, wanted, 0)
    person, stored = found if found is not None else (None, None)
    checked = await passwords.check(password, stored)
    now = parts.clock.now()
    if person is None or not checked.fits or person.disabled_at is not None:
        await parts.store.write(lambda work: work.people.note_login(name, False, now))
        return _refuse(request, name, wanted, TRIES - failed - 1)
    token = secrets.token_urlsafe(32)
    old = request.cookies.get(guard.SESSION_COOKIE)
    story = _opening(person, token, old, now, parts.office.session_hours, checked.rehashed)
    await parts.store.write(story)
    request.app[METRICS].logins.labels("in").inc()
    response = web.Response(status=303, headers={"Location": wanted})
    guard.give_session(request, response, token)
    response.del_cookie(guard.BEFORE_COOKIE)
    return response


async def leave(request: web.Request) -> web.StreamResponse:
    """End the session on the server, and with it every open stream of it."""
    token = request.cookies.get(guard.SESSION_COOKIE)
    if token is not None:
        hashed = guard.token_hash(token)
        await house(request).store.write(lambda work: work.people.close_session(hashed))
        live.hang_up(request.app, hashed)
    response = web.Response(status=303, headers={"Location": "/login"})
    response.del_cookie(guard.SESSION_COOKIE)
    return response


def _refuse(request: web.Request, name: str, wanted: str, left: int) -> web.Response:
    request.app[METRICS].logins.labels("refused" if left else "throttled").inc()
    status = 401 if left else 429
    response = pages.page(request, "login.html", status, next=wanted, login=name, refusal=Refusal(left))
    if not left:
        response.headers["Retry-After"] = str(int(TRIES_WITHIN.total_seconds()))
    return response


def _opening(
    person: Staff, token: str, old: str | None, now: datetime, hours: int, rehashed: str | None
) -> Callable[[Work], None]:
    """A new token at every login, so that one planted before it is worth nothing; the one in this browser ends."""

    def story(work: Work) -> None:
        if old is not None:
            work.people.close_session(guard.token_hash(old))
        if rehashed is not None:
            work.people.set_password(person.id, rehashed)
        work.people.note_login(person.login, True, now)
        until = now + timedelta(hours=hours)
        work.people.open_session(guard.token_hash(token), person.id, secrets.token_urlsafe(32), now, until)
        work.note(Actor(f"staff:{person.id}", person.name), "logged_in", "staff", person.id, at=now)

    return story
