"""The first run: an administrator, the office's name, the first channel, and a real message on it, from a browser alone."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web
from yarl import URL

from omnichannel.domain.channel import STANZAS, Channel
from omnichannel.domain.errors import AccountBroken, Conflict, Invalid, NotFound, OmnichannelError, TryLater
from omnichannel.domain.guide import Guide, Naming
from omnichannel.domain.people import Role, login_of
from omnichannel.domain.policy import Action, scope
from omnichannel.domain.screens import View
from omnichannel.domain.work import Actor, Work
from omnichannel.web import guard, pages, passwords, scene, starting_fields
from omnichannel.web.keys import STAFF, house

STEPS = (("kantor", "Kantor"), ("kanal", "Kanal pertama"), ("uji", "Pesan uji"))
OFFERED = tuple(channel for channel, stanza in STANZAS.items() if stanza.account)
LONGEST = 200
LOOPBACK = ("localhost", "::1", "::", "0.0.0.0")


@dataclass(frozen=True, slots=True)
class Stood:
    """How far the office has come."""

    named: bool
    accounts: tuple[str, ...]
    heard: bool
    answered: bool

    def done(self, step: str) -> bool:
        return {"kantor": self.named, "kanal": bool(self.accounts), "uji": self.answered}[step]


def routes() -> list[web.RouteDef]:
    return [
        web.get("/mulai", guard.allow(begin, public=True)),
        web.post("/mulai", guard.allow(found, public=True)),
        web.get("/mulai/kantor", guard.allow(office, Action.MANAGE_STAFF)),
        web.post("/mulai/kantor", guard.allow(name, Action.MANAGE_STAFF)),
        web.get("/mulai/kanal", guard.allow(channel, Action.MANAGE_STAFF)),
        web.post("/mulai/kanal", guard.allow(connect, Action.MANAGE_STAFF)),
        web.get("/mulai/uji", guard.allow(trial, Action.MANAGE_STAFF)),
        web.post("/mulai/uji", guard.allow(publish, Action.MANAGE_STAFF)),
        web.get("/mulai/siap", guard.allow(born, Action.MANAGE_STAFF)),
    ]


# ---------------------------------------------------------------- before anybody can log in


async def begin(request: web.Request) -> web.StreamResponse:
    """The administrator's form for whoever has the key; the guide's next step for an administrator."""
    if await _peopled(request):
        if STAFF not in request:
            return web.Response(status=303, headers={"Location": "/login?next=/mulai"})
        stood = await _stood(request)
        step = next((key for key, _ in STEPS if not stood.done(key)), "uji")
        return web.Response(status=303, headers={"Location": f"/mulai/{step}"})
    return _door(request, request.query.get("kunci", ""))


async def found(request: web.Request) -> web.StreamResponse:
    """Make the first administrator and let them in. The key opens this once: as soon as anybody can log in, it is over."""
    fields = await guard.fields(request)
    key = str(fields.get("kunci", ""))
    if await _peopled(request):
        raise Conflict("Administrator sudah ada. Masuk seperti biasa.")
    if not _fits(request, key):
        return _door(request, "", status=403)
    login, shown, password = (str(fields.get(one, "")) for one in ("login", "nama", "sandi"))
    try:
        wanted = login_of(login)
        if not shown.strip():
            raise Invalid("Isi nama Anda.")
        hashed = await passwords.hashed(password)
    except Invalid as problem:
        return _door(request, key, login=login, name=shown, error=str(problem), status=422)
    parts = house(request)
    now, token = parts.clock.now(), secrets.token_urlsafe(32)
    until = now + timedelta(hours=parts.office.session_hours)

    def story(work: Work) -> None:
        if work.people.all():
            raise Conflict("Administrator sudah ada. Masuk seperti biasa.")
        made = work.people.add(
            login=wanted,
            name=" ".join(shown.split()),
            role=Role.ADMINISTRATOR,
            unit=None,
            password_hash=hashed,
            at=now,
        )
        who = Actor(f"staff:{made.id}", made.name)
        work.note(who, "staff_added", "staff", made.id, at=now, after=made.role.value, why=made.login)
        work.people.open_session(guard.token_hash(token), made.id, secrets.token_urlsafe(32), now, until)

    await parts.store.write(story)
    response = web.Response(status=303, headers={"Location": "/mulai/kantor"})
    guard.give_session(request, response, token)
    response.del_cookie(guard.BEFORE_COOKIE)
    return response


def _door(
    request: web.Request, key: str, *, login: str = "", name: str = "", error: str = "", status: int = 200
) -> web.Response:
    context = {"key": key if _fits(request, key) else "", "login": login, "name": name, "error": error}
    wrong = bool(key) and not context["key"]
    return pages.page(request, "begin.html", 403 if wrong else status, wrong=wrong, **context)


def _fits(request: web.Request, key: str) -> bool:
    guide = house(request).guide
    return guide is not None and bool(key) and hmac.compare_digest(key.encode(), guide.key().encode())


async def _peopled(request: web.Request) -> bool:
    return bool(await house(request).store.read(lambda work: work.people.all()))


# ---------------------------------------------------------------- the office


async def office(request: web.Request) -> web.StreamResponse:
    """What the office is called."""
    known = house(request).office
    return await _office(
        request, Naming(name=known.name, region=known.region, short=known.short, accent_hue=known.accent_hue)
    )


async def name(request: web.Request) -> web.StreamResponse:
    """Write it down and start again with it."""
    fields = await guard.fields(request)
    words = {key: " ".join(str(fields.get(key, "")).split())[:LONGEST] for key in ("nama", "wilayah", "singkat")}
    hue = str(fields.get("warna", ""))
    naming = Naming(
        name=words["nama"],
        region=words["wilayah"],
        short=words["singkat"],
        accent_hue=int(hue) if hue.isascii() and hue.isdigit() and int(hue) <= 360 else 248,
    )
    try:
        if not all(words.values()):
            raise Invalid("Isi ketiga nama; semuanya tampil kepada warga dan petugas.")
        await _guide(request).name(naming)
    except Invalid as problem:
        return await _office(request, naming, str(problem), 422)
    return await _again(request, "kanal")


async def _office(request: web.Request, naming: Naming, error: str = "", status: int = 200) -> web.Response:
    return await _page(request, "kantor", status, naming=naming, error=error)


# ---------------------------------------------------------------- the first channel


async def channel(request: web.Request) -> web.StreamResponse:
    """Which channel, and then what it needs."""
    chosen = _chosen(request.query.get("kanal"))
    form = starting_fields.empty(chosen, house(request).office.public_url) if chosen else None
    return await _page(request, "kanal", form=form, offered=_offered(), error="", broken="")


async def connect(request: web.Request) -> web.StreamResponse:
    """Knock at the platform; where it opens, write the account down and start again with it."""
    fields = await guard.fields(request)
    chosen = _chosen(str(fields.get("kanal", "")))
    if chosen is None:
        raise NotFound("Pilih kanalnya.")
    given = {key: value.strip() for key, value in fields.items() if isinstance(value, str)}
    form = starting_fields.filled(chosen, given, house(request).office.public_url)
    guide, error, broken = _guide(request), "", ""
    try:
        wanted = form.wanted()
        if wanted.name in house(request).connectors:
            raise Invalid("Nama akun ini sudah dipakai. Pilih nama lain.")
        await guide.connect(wanted, anyway=given.get("tetap") == "ya")
        return await _again(request, "uji")
    except Invalid as problem:
        error = str(problem)
    except (AccountBroken, TryLater) as problem:
        broken = problem.reason
    except OmnichannelError as problem:
        broken = str(problem)
    return await _page(request, "kanal", 422, form=form, offered=_offered(), error=error, broken=broken)


def _chosen(text: str | None) -> Channel | None:
    return next((one for one in OFFERED if one.value == text), None)


def _offered() -> list[tuple[str, str, str]]:
    return [
        (one.value, STANZAS[one].word, starting_fields.ABOUT[one]) for one in OFFERED if one in starting_fields.ABOUT
    ]


# ---------------------------------------------------------------- a real message


async def publish(request: web.Request) -> web.StreamResponse:
    """The address on the internet: links to citizens and webhooks of platforms carry it from the next start on."""
    fields, guide = await guard.fields(request), _guide(request)
    typed = str(fields.get("alamat", "")).strip()
    try:
        if guide.published_by_hand:
            raise Invalid("Alamat ini ditulis di berkas pengaturan. Ubah di sana.")
        await guide.publish(_address(typed))
    except Invalid as problem:
        return await _trial(request, 422, typed=typed, error=str(problem))
    return await _again(request, "uji")


def _address(typed: str) -> str:
    """As the configuration keeps it; Invalid for what no telephone could open."""
    wrong = Invalid("Tulis alamatnya saja, misalnya https://layanan.contoh.go.id.")
    try:
        url = URL(typed if "://" in typed else f"https://{typed}")
        plain = url.scheme in ("https", "http") and url.host and url.user is None
        bare = url.path in ("", "/") and not url.query_string and not url.fragment
    except ValueError:
        raise wrong from None
    if not plain or not bare or any(one.isspace() for one in typed):
        raise wrong
    if _near(url) or not {".", ":"} & set(str(url.host)):
        raise Invalid("Alamat itu hanya terbuka di komputer ini. Tulis alamat yang dapat dibuka dari telepon warga.")
    return str(url.origin())


def _near(url: URL) -> bool:
    """Whether it opens on this computer alone."""
    return url.host in LOOPBACK or str(url.host).startswith("127.")


async def trial(request: web.Request) -> web.StreamResponse:
    """Write to ourselves, see it arrive, answer it. The page looks again by itself until it has."""
    return await _trial(request)


async def _trial(request: web.Request, status: int = 200, typed: str | None = None, error: str = "") -> web.Response:
    parts, staff = house(request), guard.staff(request)
    today = pages.wording(request).today
    mine = tuple(one for one in _guide(request).accounts)

    def question(work: Work) -> tuple[list[Any], Any]:
        states = [state for state in work.accounts.all() if state.account in mine]
        page = work.screens.work_list(View.ALL.value, scope(staff), today=today, limit=50)
        return states, next((row for row in page.rows if row.account in mine), None)

    states, row = await parts.store.read(question)
    address = parts.office.public_url
    near = _near(URL(address))
    if typed is None:
        typed = "" if near else address
    here = {"near": near, "address": address, "typed": typed, "error": error}
    return await _page(request, "uji", status, states=states, row=row, **here)


async def born(request: web.Request) -> web.StreamResponse:
    """Another word after every start, for the page that waits for one."""
    return web.json_response({"born": _guide(request).born})


# ---------------------------------------------------------------- what the steps share


def _guide(request: web.Request) -> Guide:
    guide = house(request).guide
    if guide is None:
        raise NotFound("Pemandu awal tidak tersedia di sini: pengaturan demo tidak diubah.")
    return guide


async def _again(request: web.Request, step: str) -> web.Response:
    guide = _guide(request)
    guide.start_again()
    return await _page(request, step, part="menunggu", born=guide.born, onward=f"/mulai/{step}")


async def _stood(request: web.Request) -> Stood:
    guide = _guide(request)

    def question(work: Work) -> tuple[bool, bool]:
        states = [state for state in work.accounts.all() if state.account in guide.accounts]
        return any(state.last_in_at for state in states), work.screens.answered(guide.accounts)

    heard, answered = await house(request).store.read(question)
    return Stood(guide.named, guide.accounts, heard, answered)


async def _page(request: web.Request, step: str, status: int = 200, **more: Any) -> web.Response:
    stood = await _stood(request)
    seen, _ = await scene.read(request, lambda work: None)
    context: Mapping[str, Any] = scene.setting(request, seen, "mulai") | {
        "step": step,
        "steps": [(key, word, stood.done(key)) for key, word in STEPS],
        "stood": stood,
        "part": step,
        "by_hand": _guide(request).published_by_hand,
        "unit_count": len(house(request).organisation),
        **more,
    }
    return pages.page(request, "start.html", status, **context)
