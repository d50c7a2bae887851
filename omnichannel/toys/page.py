"""The citizens' side in a browser: /mainan/<account> shows their threads and lets anyone write as one of them.

No script: what moves is a frame that reloads itself, so that a half-written message in the form beside it stays.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from html import escape
from urllib.parse import quote

from aiohttp import web

from omnichannel.toys.base import Chat, Line, Toy
from omnichannel.toys.page_style import STYLE

LONGEST = 4000
RELOAD_SECONDS = 3
LATEST = 30

# The page may hold a frame of its own, and the frame may only be held by it.
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors {}; base-uri 'none'"
)


def routes(
    toys: Mapping[str, Toy],
    token: Callable[[web.Request], str] = lambda request: "",
    *,
    lapor: bool = False,
    zone: tzinfo | None = None,
) -> list[web.RouteDef]:
    """The pages of every toy by its account's name. `token` gives the field `csrf` of forms; `lapor`: that side has a
    page too. `zone`: the office's clock, so that both sides of a talk show the same hour; else this machine's."""
    pages = _Pages(toys, token, lapor=lapor, zone=zone)
    return [
        web.get("/mainan", pages.index),
        web.get("/mainan/mainan.css", pages.style),
        web.get("/mainan/{account}", pages.show),
        web.post("/mainan/{account}", pages.write),
        web.get("/mainan/{account}/percakapan", pages.thread),
    ]


class _Pages:
    def __init__(
        self, toys: Mapping[str, Toy], token: Callable[[web.Request], str], *, lapor: bool, zone: tzinfo | None
    ) -> None:
        self._lapor = lapor
        self._zone = zone
        self._toys = toys
        self._token = token

    async def style(self, request: web.Request) -> web.Response:
        return web.Response(text=STYLE, content_type="text/css", headers={"Cache-Control": "max-age=300"})

    async def index(self, request: web.Request) -> web.Response:
        rows = "".join(
            f'<li><a href="/mainan/{quote(name)}">{escape(name)}</a> <small>{escape(toy.channel)} · '
            f"{len(toy.chats())} percakapan</small></li>"
            for name, toy in self._toys.items()
        )
        if self._lapor:
            rows += '<li><a href="/mainan/lapor">SP4N-LAPOR!</a> <small>laporan yang diteruskan kantor</small></li>'
        return page("Kanal mainan", f'<main><h1>Kanal mainan</h1><ul class="kanal">{rows}</ul></main>')

    async def show(self, request: web.Request) -> web.Response:
        name = request.match_info["account"]
        chats = self._toy(request).chats()
        chosen = _chosen(chats, request.query.get("warga", ""))
        body = (
            f"<header><h1>{escape(name)}</h1><p>Sisi warga. Yang Anda tulis di sini sampai ke kantor lewat kanal mainan; "
            f'<a href="/mainan">kanal lain</a>.</p></header>'
            f'<main class="dua"><section aria-label="Warga"><h2>Warga</h2>{_list(name, chats, chosen)}</section>'
            f'<section aria-label="Percakapan">{_frame(name, chosen)}{self._form(request, chats, chosen)}</section></main>'
        )
        return page(f"{name} · sisi warga", body)

    async def thread(self, request: web.Request) -> web.Response:
        chosen = _chosen(self._toy(request).chats(), request.query.get("warga", ""))
        # Newest first in the text, newest at the bottom on the screen: a reloaded frame then opens at the bottom.
        lines = "".join(_bubble(line, self._zone) for line in reversed(chosen.lines)) if chosen else ""
        body = (
            f'<main class="alir" tabindex="0" aria-label="Isi percakapan">{lines or "<p>Belum ada pesan.</p>"}</main>'
        )
        reload = f'<meta http-equiv="refresh" content="{RELOAD_SECONDS}">'
        return page("Percakapan", body, head=reload, ancestors="'self'")

    async def write(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise web.HTTPForbidden(text="Formulir ini datang dari situs lain.")
        toy, fields = self._toy(request), await request.post()
        chat, name, text = (str(fields.get(key, "")).strip() for key in ("warga", "nama", "teks"))
        known = None if name else next((one for one in toy.chats() if one.id == chat), None)
        if not text or len(text) > LONGEST or (known is None and not name):
            raise web.HTTPBadRequest(text="Tulis pesannya, dan nama bila warganya baru.")
        chat = await toy.write(known.id if known else None, known.name if known else name[:60], text)
        raise web.HTTPSeeOther(f"/mainan/{quote(request.match_info['account'])}?warga={quote(chat, safe='')}")

    def _toy(self, request: web.Request) -> Toy:
        toy = self._toys.get(request.match_info["account"])
        if toy is None:
            raise web.HTTPNotFound(text="Tidak ada kanal mainan dengan nama itu.")
        return toy

    def _form(self, request: web.Request, chats: list[Chat], chosen: Chat | None) -> str:
        options = "".join(
            f'<option value="{escape(one.id)}"{" selected" if one is chosen else ""}>{escape(one.name)}</option>'
            for one in chats[:LATEST]
        )
        return (
            f'<form method="post" action="/mainan/{quote(request.match_info["account"])}">'
            f'<input type="hidden" name="csrf" value="{escape(self._token(request))}">'
            f'<label for="warga">Menulis sebagai</label><select id="warga" name="warga">{options}'
            f'<option value=""{"" if chosen else " selected"}>Warga baru …</option></select>'
            f'<label for="nama">… atau sebagai warga baru bernama</label><input id="nama" name="nama" maxlength="60" autocomplete="off">'
            f'<label for="teks">Pesan</label><textarea id="teks" name="teks" rows="3" maxlength="{LONGEST}" required></textarea>'
            f"<button>Kirim ke kantor</button></form>"
        )


def _chosen(chats: list[Chat], wanted: str) -> Chat | None:
    """The thread asked for, else the liveliest."""
    return next((one for one in chats if one.id == wanted), chats[0] if chats else None)


def _list(account: str, chats: list[Chat], chosen: Chat | None) -> str:
    rows = "".join(_row(account, chat, chat is chosen) for chat in chats[:LATEST])
    return f"<ol>{rows}</ol>" if rows else "<p>Belum ada warga yang menulis. Mulailah di bawah.</p>"


def _row(account: str, chat: Chat, current: bool) -> str:
    """A citizen, the last thing they said, and what the office said after it."""
    mine = next((line for line in reversed(chat.lines) if line.mine), None)
    after = [line for line in chat.lines[-3:] if not line.mine]
    said = f"<span>{escape(mine.text[:120]) or 'Berkas'}</span>" if mine else ""
    ours = "".join(f'<span class="kantor">Kantor: {escape(line.text)}</span>' for line in after[-1:])
    mark = ' aria-current="true"' if current else ""
    link = f"/mainan/{quote(account)}?warga={quote(chat.id, safe='')}"
    return f'<li><a href="{link}"{mark}><b>{escape(chat.name)}</b>{said}{ours}</a></li>'


def _frame(account: str, chosen: Chat | None) -> str:
    if chosen is None:
        return ""
    source = f"/mainan/{quote(account)}/percakapan?warga={quote(chosen.id, safe='')}"
    return f'<h2>{escape(chosen.name)}</h2><iframe title="Percakapan {escape(chosen.name)}" src="{source}"></iframe>'


def _bubble(line: Line, zone: tzinfo | None) -> str:
    who, side = ("Warga", "warga") if line.mine else ("Kantor", "kantor")
    files = "".join(f'<span class="berkas">📎 {escape(name)}</span>' for name in line.files)
    at = f'<time datetime="{line.at.isoformat()}">{line.at.astimezone(zone):%d/%m %H.%M}</time>'
    return f'<article class="{side}"><h3>{who} · {at}</h3>{f"<p>{escape(line.text)}</p>" if line.text else ""}{files}</article>'


def page(title: str, body: str, *, head: str = "", ancestors: str = "'none'") -> web.Response:
    text = (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'{head}<title>{escape(title)}</title><link rel="stylesheet" href="/mainan/mainan.css"></head><body>{body}</body></html>'
    )
    headers = {"Content-Security-Policy": _POLICY.format(ancestors), "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)
