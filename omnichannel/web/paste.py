"""“Tempel tautan”: a public post that did not come by itself, entered by staff from its address."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from omnichannel.domain import pasted
from omnichannel.domain.abilities import Link, Metered, Pasting
from omnichannel.domain.channel import STANZAS
from omnichannel.domain.errors import AccountBroken, Invalid, Refused, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.message import EventType
from omnichannel.domain.policy import Action
from omnichannel.domain.ports import Connector, Raw
from omnichannel.domain.work import Message, Work
from omnichannel.inbox.receive import Intake, read
from omnichannel.web import guard, pages, scene
from omnichannel.web.keys import house

LONGEST = {"tautan": 1000, "penulis": 200, "teks": 20_000, "waktu": 30}
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, and what is wrong with it."""

    kept: dict[str, str]
    error: str = ""
    by_hand: bool = False


def routes() -> list[web.RouteDef]:
    return [
        web.get("/tempel", guard.allow(form, Action.ASSIGN)),
        web.post("/tempel", guard.allow(paste, Action.ASSIGN)),
    ]


async def form(request: web.Request) -> web.StreamResponse:
    """An empty form."""
    kept = dict.fromkeys([*LONGEST, "akun"], "") | {"tautan": request.query.get("tautan", "")[: LONGEST["tautan"]]}
    return await _page(request, Form(kept))


async def paste(request: web.Request) -> web.StreamResponse:
    """Enter it: from the platform where it gives the post, else from what was copied. To the conversation, or back with
    the reason and everything that was typed."""
    fields = await guard.fields(request)
    kept = {key: str(fields.get(key, "")).replace("\0", "").strip()[:most] for key, most in LONGEST.items()}
    kept["akun"] = str(fields.get("akun", ""))
    try:
        connector, link = _link(house(request), kept["tautan"], kept["akun"])
        raw = await _payload(request, connector, link, kept)
        message = await _enter(request, connector, raw, link)
    except (Invalid, Refused, TryLater, AccountBroken) as problem:
        by_hand = not isinstance(problem, Invalid) or bool(kept["teks"] or kept["penulis"])
        return await _page(request, Form(kept, str(problem), by_hand=by_hand), status=422)
    return scene.back({}, f"/kotak/semua/{message.conversation_id}", "tempel")


def _link(parts: House, url: str, account: str) -> tuple[Connector, Link]:
    """The account that the address belongs to: the one that was chosen, else the first of its platform."""
    found = [
        (connector, link)
        for connector in parts.connectors.values()
        if isinstance(connector, Pasting) and (link := connector.link(url)) is not None
    ]
    if not found:
        raise Invalid("Tautan ini bukan kiriman di X, Facebook atau Instagram yang akunnya ada di sini.")
    return next((pair for pair in found if pair[0].account == account), found[0])


async def _payload(request: web.Request, connector: Connector, link: Link, kept: dict[str, str]) -> Raw:
    assert isinstance(connector, Pasting)
    if kept["teks"]:
        author = kept["penulis"] or link.owner or ""
        if not author.strip("@ "):
            raise Invalid("Tulis nama atau akun penulisnya.")
        return connector.by_hand(link, author, kept["teks"].replace("\r\n", "\n"), _when(request, kept["waktu"]))
    state = await house(request).store.read(lambda work: work.accounts.get(connector.account))
    raw = await connector.look_up(link, state.cursor if state else None)
    if raw is None:
        raise Refused("Kanal ini tidak memberikan kiriman lewat tautannya. Salin penulis dan teksnya di bawah ini.")
    return raw


def _when(request: web.Request, given: str) -> datetime:
    """When it was written, as the office's clock says; now where nothing is said."""
    parts = house(request)
    now = parts.clock.now()
    if not given:
        return now
    try:
        at = datetime.fromisoformat(given)
    except ValueError as error:
        raise Invalid("Waktu terbit tidak terbaca.") from error
    at = (at if at.tzinfo else at.replace(tzinfo=parts.office.zone)).astimezone(UTC)
    if at > now + AHEAD:
        raise Invalid("Waktu terbit tidak boleh di masa depan.")
    return at


async def _enter(request: web.Request, connector: Connector, raw: Raw, link: Link) -> Message:
    """Through the door that every payload takes; what is known already is only found."""
    parts = house(request)
    raw = pasted.entered(raw, guard.staff(request), link.url)
    told = [event for event in read(connector, raw) if event.type in (EventType.INCOMING, EventType.ECHO)]
    if not told or told[0].problem is not None:
        raise Refused("Kiriman ini tidak dapat dibaca. Salin penulis dan teksnya di bawah ini.")
    name = told[0].external_id

    def known(work: Work) -> Message | None:
        return work.messages.by_external(connector.account, name)

    found = await parts.store.read(known)
    if found is None:
        await Intake(parts.store, parts.files, parts.clock).take_in(connector, [raw])
        found = await parts.store.read(known)
    if found is None:
        raise Refused("Kiriman ini tidak dapat disimpan. Periksa karantina di halaman Kanal.")
    return found


async def _page(request: web.Request, filled: Form, *, status: int = 200) -> web.StreamResponse:
    def question(work: Work) -> dict[str, str | None]:
        return {state.account: state.cursor for state in work.accounts.all()}

    seen, cursors = await scene.read(request, question)
    parts = house(request)
    accounts = [
        (name, STANZAS[connector.channel].word, _open(connector, cursors.get(name), parts))
        for name, connector in parts.connectors.items()
        if isinstance(connector, Pasting)
    ]
    context: dict[str, Any] = scene.setting(request, seen, "tempel") | {
        "accounts": accounts,
        "kept": filled.kept,
        "error": filled.error,
        "by_hand": filled.by_hand,
    }
    return pages.page(request, "paste.html", status, **context)


def _open(connector: Connector, cursor: str | None, parts: House) -> bool:
    """Whether there is money left to fetch a post."""
    return not isinstance(connector, Metered) or connector.spending(cursor, parts.clock.now()).opens is None
