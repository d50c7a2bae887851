"""Administration: how each channel is doing, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from omnichannel.domain.abilities import Metered, Spending
from omnichannel.domain.care import Care, Expiry, days_left, expiry
from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.house import House
from omnichannel.domain.policy import Action
from omnichannel.domain.work import AccountState, Happening, Quarantined, Work
from omnichannel.web import care, guard, pages, scene
from omnichannel.web.keys import house

QUARANTINE_SHOWN = 20

STANDING = {
    Health.WELL: ("ok", "check", "Sehat"),
    Health.TROUBLED: ("warn", "alert", "Terganggu"),
    Health.BROKEN: ("danger", "x", "Berhenti"),
    Health.UNKNOWN: ("", "clock", "Belum diperiksa"),
}

LOOKS = {Expiry.FAR: "", Expiry.SOON: "warn", Expiry.LOUD: "danger", Expiry.OVER: "danger"}
Asked = tuple[list[AccountState], list[Quarantined], dict[str, tuple[int, int]], dict[str, Care], Sequence[Happening]]
TOLD = 20  # lines of the accounts' history
HISTORY = {
    "account_broken": ("danger", "x", "{sebab}"),
    "account_well": ("ok", "check", "{akun} berjalan lagi"),
    "account_expiring": ("warn", "clock", "Token {akun} habis {saat}"),
    "account_silent": ("warn", "alert", "{akun} sunyi, tidak seperti biasanya"),
    "account_heard": ("ok", "check", "{akun} bersuara lagi"),
    "account_caught_up": ("", "load", "{sebab}"),
}

MEND = {
    Health.BROKEN: "Kanal menolak akun kita. Periksa token dan izin akun ini di lingkungan layanan, lalu jalankan "
    "“omnichannel check”. Pesan warga menunggu di kanal dan diambil lagi sesudahnya; balasan yang tertahan tetap di sini.",
    Health.TROUBLED: "Kanal sedang sulit dihubungi. Sistem mencoba lagi dengan sendirinya; tidak ada yang perlu dilakukan "
    "kecuali ini berlangsung lama.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the configuration; `waiting` and `dead` are replies that have not left;
    `left` is how many days its token still lives, `near` how that looks."""

    account: str
    channel: Channel
    state: AccountState | None
    tone: str
    sign: str
    word: str
    mend: str
    waiting: int
    dead: int
    configured: bool
    watch: Care
    left: int | None
    near: str
    spending: Spending | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the accounts' history."""

    at: datetime
    tone: str
    sign: str
    text: str
    account: str
    why: str
    until: datetime | None


def routes() -> list[web.RouteDef]:
    return [
        web.get("/kelola", guard.allow(home, Action.SEE_ACCOUNTS)),
        web.get("/kanal/gangguan", guard.allow(band, Action.SEE_ACCOUNTS)),
        web.get("/kelola/kanal", guard.allow(channels, Action.SEE_ACCOUNTS)),
    ]


async def home(request: web.Request) -> web.StreamResponse:
    """The first page of the administration."""
    return web.Response(status=303, headers={"Location": "/kelola/kanal"})


async def channels(request: web.Request) -> web.StreamResponse:
    """Each account: its state, when it last heard and spoke, and what is stuck."""

    def question(work: Work) -> Asked:
        cares = work.watch.all()
        told = work.screens.of_thing("account", 0, TOLD)
        return work.accounts.all(), work.ledger.quarantined(limit=QUARANTINE_SHOWN), work.jobs.depths(), cares, told

    seen, (states, quarantined, depths, cares, told) = await scene.read(request, question)
    parts = house(request)
    now = parts.clock.now()
    context: dict[str, Any] = scene.setting(request, seen, "kelola") | {
        "rows": _rows(parts, states, depths, cares, now),
        "quarantined": quarantined,
        "told": [_line(one) for one in told if one.verb in HISTORY],
        # A broken account has its own notice below, with what the channel said.
        "notices": [one for one in care.troubles(states, cares, parts.connectors, now) if one.sign != "x"],
    }
    return pages.page(request, "channels.html", **context)


async def band(request: web.Request) -> web.StreamResponse:
    """What stands above every page while an account is broken, for pages that are open."""
    seen, _ = await scene.read(request, lambda work: None)
    return pages.fragment(
        request, "parts/troubles.html", troubles=seen.troubles, path=guard.local(request.query.get("di"))
    )


def _line(happened: Happening) -> Line:
    tone, sign, text = HISTORY[happened.verb]
    account = (happened.why or "").partition(":")[0]
    until = happened.after if happened.verb == "account_expiring" else None
    return Line(
        happened.at, tone, sign, text, account, happened.why or "", datetime.fromisoformat(until) if until else None
    )


def _rows(
    parts: House,
    states: list[AccountState],
    depths: dict[str, tuple[int, int]],
    cares: dict[str, Care],
    now: datetime,
) -> list[Row]:
    """The accounts of the configuration in its order; then those it no longer names but whose messages we keep."""
    known = {state.account: state for state in states}
    names = list(parts.connectors) + [name for name in known if name not in parts.connectors]
    return [
        _row(name, parts, known.get(name), depths.get(f"send:{name}", (0, 0)), cares.get(name, Care(account=name)), now)
        for name in names
    ]


def _row(
    name: str, parts: House, state: AccountState | None, depth: tuple[int, int], watch: Care, now: datetime
) -> Row:
    connector = parts.connectors.get(name)
    health = state.health if state is not None else Health.UNKNOWN
    tone, sign, word = STANDING[health]
    channel = connector.channel if connector is not None else state.channel if state is not None else Channel.SANDBOX
    left = days_left(watch.expires_at, now) if watch.expires_at is not None else None
    near = LOOKS[expiry(watch.expires_at, now)]
    spending = None
    if connector is not None and isinstance(connector, Metered):
        spending = connector.spending(state.cursor if state is not None else None, parts.clock.now())
    there = connector is not None
    return Row(name, channel, state, tone, sign, word, MEND.get(health, ""), *depth, there, watch, left, near, spending)
