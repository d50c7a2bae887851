"""What went wrong becomes the right status and a kind page: what happened, what is safe, what to do.

People get `error.html`, htmx gets `_error.html`, programs (/hooks, /api) get problem+json (RFC 9457).
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from omnichannel.domain.errors import (
    AccountBroken,
    BadSignature,
    Conflict,
    Invalid,
    Misshapen,
    NotAllowed,
    NotFound,
    OmnichannelError,
    Refused,
    StoreAway,
    TryLater,
    Unsure,
)
from omnichannel.web import guard, pages

PROGRAMS = ("/hooks/", "/api/")
CITIZENS = ("/publik", "/l/")  # their pages speak of no inbox and lead to no login
# A file that is too large takes nothing from the right to ask (UU 14/2008, Pasal 22): number and clock stand.
TOO_LARGE = "Berkas ini tidak tersimpan, tetapi nomor dan yang sudah Anda kirim tetap berlaku. Satu berkas paling besar 10 MB: kecilkan fotonya, kirim beberapa kali, atau serahkan langsung ke kantor kami."
NOT_SENT = "Formulir ini belum terkirim karena berkasnya terlalu besar. Tekan tombol kembali pada peramban Anda: yang sudah Anda tulis masih ada. Pilih berkas yang lebih kecil (satu berkas paling besar 10 MB), lalu kirim lagi. Berkas besar dapat menyusul atau diserahkan langsung ke kantor kami."
NEW_FORMS = ("/publik/permohonan", "/publik/pengaduan", "/publik/sematan/")  # here nobody has a number yet
RETRY_SECONDS = 5
NEVER_SHOWN_AGAIN = frozenset({"csrf", "password", "kata_sandi"})

STATUS: tuple[tuple[type[OmnichannelError], int], ...] = (
    (guard.LoginNeeded, 401),
    (NotAllowed, 403),
    (BadSignature, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Invalid, 422),
    (Refused, 422),
    (Unsure, 502),
    (AccountBroken, 502),
    (TryLater, 503),
    (StoreAway, 503),
)

TITLES: Mapping[int, tuple[str, str]] = {
    400: ("Permintaan tidak terbaca", "Muat ulang halaman, lalu coba lagi."),
    401: ("Sesi Anda sudah habis", "Masuk lagi untuk melanjutkan."),
    403: ("Anda tidak punya akses ke sini", "Jika perlu, minta administrator mengubah peran Anda."),
    404: ("Halaman ini tidak ada", "Mungkin sudah dipindahkan. Kembali ke kotak masuk, atau cari nomornya."),
    405: ("Cara membuka halaman ini keliru", "Kembali, lalu pakai tombol di halaman."),
    409: ("Ada yang lebih dulu mengubahnya", "Muat ulang untuk melihat keadaan terakhir, lalu putuskan lagi."),
    413: ("Berkas terlalu besar", "Kirim berkas yang lebih kecil, atau bagi menjadi beberapa."),
    422: ("Belum bisa dikerjakan", "Perbaiki yang disebut di atas, lalu coba lagi."),
    415: ("Bentuk isi ini tidak dikenal", "Kirim sebagai application/json."),
    429: ("Terlalu banyak percobaan", "Tunggu sebentar, lalu coba lagi."),
    500: ("Ada kesalahan di pihak kami", "Data tidak hilang. Coba lagi; jika terulang, sebutkan kode di bawah."),
    502: ("Kanal di luar belum menjawab", "Periksa keadaannya sebelum mencoba lagi."),
    503: ("Sistem sedang tidak bisa menyimpan", "Yang sudah tersimpan aman. Coba lagi sebentar lagi."),
}

log = structlog.get_logger("web")


@dataclass(frozen=True, slots=True)
class Mishap:
    """One failure in words for whoever asked. `kept` is what they had written, so that it can be shown again,
    `back` the address of their form."""

    status: int
    message: str = ""
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    wrong: Sequence[tuple[str, str]] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    back: str = ""

    @property
    def title(self) -> str:
        return TITLES.get(self.status, TITLES[500])[0]

    @property
    def advice(self) -> str:
        return TITLES.get(self.status, TITLES[500])[1]


@web.middleware
async def middleware(request: web.Request, handler: guard.Handler) -> web.StreamResponse:
    """Nothing leaves the house as a bare exception."""
    try:
        return await handler(request)
    except OmnichannelError as error:
        mishap = await _ours(request, error)
    except web.HTTPException as answer:
        if answer.status < 400:
            raise
        large = answer.status == 413 and request.path.startswith(CITIZENS)
        fresh = request.path.startswith(NEW_FORMS)
        said = (NOT_SENT if fresh else TOO_LARGE) if large else ""
        # A new form opened anew would be an empty one: there the browser's own way back is the better one.
        back = request.path.removesuffix("/tulis") if large and not fresh else ""
        mishap = Mishap(answer.status, said, headers=_kept_headers(answer), back=back)
    except ConnectionError:
        raise  # the asker is gone; there is nobody to tell
    except Exception as error:
        mishap = Mishap(500, code=_code())
        log.error("unexpected", code=mishap.code, route=route_name(request), exc_info=error)
    return _answer(request, mishap)


def route_name(request: web.Request) -> str:
    """The pattern of the route, never the path itself: a path may name a citizen's number."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"


async def _ours(request: web.Request, error: OmnichannelError) -> Mishap:
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    if status == 500:
        code = _code()
        log.error("unexpected", code=code, route=route_name(request), exc_info=error)
        return Mishap(500, code=code)
    if status == 503:
        log.warning("away", route=route_name(request), kind=type(error).__name__)
        after = error.after if isinstance(error, TryLater) else None
        seconds = max(1, round(after.total_seconds())) if after is not None else RETRY_SECONDS
        return Mishap(503, _message(error), headers={"Retry-After": str(seconds)}, kept=await _kept(request))
    if isinstance(error, guard.TokenNeeded):
        return Mishap(401, _message(error), headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, guard.LoginNeeded):
        return Mishap(401, _message(error), headers=_way_in(request), kept=await _kept(request))
    if isinstance(error, guard.StalePage):
        # A page of ours may read this and send again; a foreign page cannot read our headers.
        fresh = {"X-CSRF-Token": guard.csrf(request)} if guard.session(request) is not None else {}
        return Mishap(403, _message(error), headers=fresh, kept=await _kept(request))
    return Mishap(status, _message(error), wrong=error.wrong if isinstance(error, Misshapen) else ())


def _message(error: OmnichannelError) -> str:
    # What the database or a platform says of itself is for the log, not for a page.
    return "" if isinstance(error, StoreAway | BadSignature) else str(error)


def _answer(request: web.Request, mishap: Mishap) -> web.StreamResponse:
    if request.path.startswith(PROGRAMS):
        return _problem(mishap)
    if mishap.status == 401 and request.method in guard.SAFE and not _scripted(request):
        return web.Response(status=303, headers={"Location": guard.login_address(request)})
    if request.path.startswith("/live"):
        return _problem(mishap)
    return _page(request, mishap)


def _page(request: web.Request, mishap: Mishap) -> web.Response:
    """The designed page; in plain words where even that cannot be drawn."""
    part = pages.wants_fragment(request)
    whole = "public/error.html" if request.path.startswith(CITIZENS) else "error.html"
    try:
        draw = pages.fragment if part else pages.page
        response = draw(request, "_error.html" if part else whole, mishap.status, mishap=mishap)
    except Exception as error:
        log.error("error page cannot be drawn", status=mishap.status, exc_info=error)
        text = "\n".join(line for line in (mishap.title, mishap.message, mishap.advice, mishap.code) if line)
        response = web.Response(text=text + "\n", status=mishap.status)
    response.headers.update(mishap.headers)
    return response


def _problem(mishap: Mishap) -> web.Response:
    title = mishap.title if mishap.status != 401 else "Token diperlukan"
    told: dict[str, object] = {"type": "about:blank", "title": title, "status": mishap.status}
    if mishap.message:
        told["detail"] = mishap.message
    if mishap.code:
        told["code"] = mishap.code
    if mishap.wrong:
        told["errors"] = [{"field": name, "message": message} for name, message in mishap.wrong]
    return web.Response(
        text=json.dumps(told, ensure_ascii=False),
        status=mishap.status,
        headers=dict(mishap.headers),
        content_type="application/problem+json",
        charset="utf-8",
    )


def _way_in(request: web.Request) -> dict[str, str]:
    """htmx follows HX-Redirect; a page with unsent words stops it in `htmx:beforeOnLoad` and keeps them first."""
    address = guard.login_address(request)
    headers = {"X-Login": address}
    if "HX-Request" in request.headers:
        headers["HX-Redirect"] = address
    return headers


def _scripted(request: web.Request) -> bool:
    return "HX-Request" in request.headers or request.path.startswith("/live")


async def _kept(request: web.Request) -> dict[str, str]:
    """What a plain form carried, so that a long answer is not lost with the session."""
    if request.method in guard.SAFE or _scripted(request) or request.path.startswith(PROGRAMS):
        return {}
    if request.content_type not in guard.FORMS or not guard.small_form(request):
        return {}
    try:
        fields = await guard.fields(request)
    except (web.HTTPException, Invalid):
        return {}
    return {
        name: value
        for name, value in fields.items()
        if isinstance(value, str) and value.strip() and name not in NEVER_SHOWN_AGAIN
    }


def _kept_headers(answer: web.HTTPException) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name in ("Allow", "Retry-After")}


def _code() -> str:
    """Short enough to read over the telephone: 7K3F-92QD."""
    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    drawn = "".join(secrets.choice(letters) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
