"""Administration: how each channel is doing, and what to do about it."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.house import House
from omnichannel.domain.policy import Action
from omnichannel.domain.work import AccountState, Quarantined, Work
from omnichannel.web import guard, pages, scene
from omnichannel.web.keys import house

QUARANTINE_SHOWN = 20

STANDING = {
    Health.WELL: ("ok", "check", "Sehat"),
    Health.TROUBLED: ("warn", "alert", "Terganggu"),
    Health.BROKEN: ("danger", "x", "Berhenti"),
    Health.UNKNOWN: ("", "clock", "Belum diperiksa"),
}

MEND = {
    Health.BROKEN: "Kanal menolak akun kita. Periksa token dan izin akun ini di lingkungan layanan, lalu jalankan "
    "“omnichannel check”. Pesan warga menunggu di kanal dan diambil lagi sesudahnya; balasan yang tertahan tetap di sini.",
    Health.TROUBLED: "Kanal sedang sulit dihubungi. Sistem mencoba lagi dengan sendirinya; tidak ada yang perlu dilakukan "
    "kecuali ini berlangsung lama.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the configuration; `waiting` and `dead` are replies that have not left."""

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


def routes() -> list[web.RouteDef]:
    return [
        web.get("/kelola", guard.allow(home, Action.SEE_ACCOUNTS)),
        web.get("/kelola/kanal", guard.allow(channels, Action.SEE_ACCOUNTS)),
    ]


async def home(request: web.Request) -> web.StreamResponse:
    """The first page of the administration."""
    return web.Response(status=303, headers={"Location": "/kelola/kanal"})


async def channels(request: web.Request) -> web.StreamResponse:
    """Each account: its state, when it last heard and spoke, and what is stuck."""

    def question(work: Work) -> tuple[list[AccountState], list[Quarantined], dict[str, tuple[int, int]]]:
        return work.accounts.all(), work.ledger.quarantined(limit=QUARANTINE_SHOWN), work.jobs.depths()

    seen, (states, quarantined, depths) = await scene.read(request, question)
    rows = _rows(house(request), states, depths)
    context: dict[str, Any] = scene.setting(request, seen, "kelola") | {"rows": rows, "quarantined": quarantined}
    return pages.page(request, "channels.html", **context)


def _rows(parts: House, states: list[AccountState], depths: dict[str, tuple[int, int]]) -> list[Row]:
    """The accounts of the configuration in its order; then those it no longer names but whose messages we keep."""
    known = {state.account: state for state in states}
    names = list(parts.connectors) + [name for name in known if name not in parts.connectors]
    return [_row(name, parts, known.get(name), depths.get(f"send:{name}", (0, 0))) for name in names]


def _row(name: str, parts: House, state: AccountState | None, depth: tuple[int, int]) -> Row:
    connector = parts.connectors.get(name)
    health = state.health if state is not None else Health.UNKNOWN
    tone, sign, word = STANDING[health]
    channel = connector.channel if connector is not None else state.channel if state is not None else Channel.SANDBOX
    return Row(name, channel, state, tone, sign, word, MEND.get(health, ""), *depth, connector is not None)
