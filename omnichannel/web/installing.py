"""The desk as an app on a phone or laptop: its manifest, icons in the region's colour, and the worker that keeps our own
files (never a citizen's words) and one page for when there is no connection."""

import hashlib
import json
import math
import struct
import zlib
from functools import cache

from aiohttp import web

from omnichannel.web import assets, guard, pages
from omnichannel.web.keys import house

SIZES = (192, 512)
ACCENT = (0.455, 0.105)  # lightness and chroma of --accent in tokens.css
SHEETS = ("tokens.css", "css/ground.css", "css/parts.css", "css/pages.css", "css/widths.css", "css/offline.css")
PICTURES = ("icon.svg", "icons.svg")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/aplikasi.webmanifest", guard.allow(manifest, public=True)),
        web.get("/aplikasi-{size:192|512}.png", guard.allow(picture, public=True)),
        web.get("/pekerja.js", guard.allow(worker, public=True)),
        web.get("/luring", guard.allow(offline, public=True)),
    ]


async def manifest(request: web.Request) -> web.StreamResponse:
    """What a browser shows when it offers to install us (w3.org/TR/appmanifest, 2026-11)."""
    office, t = house(request).office, pages.wording(request).t
    colour = accent(office.accent_hue)
    facts = {
        "id": "/",
        "name": f"{office.region} · {t('Kotak masuk warga')}",
        "short_name": office.short,
        "lang": guard.lang(request),
        "start_url": "/kotak/perlu-dibaca",
        "scope": "/",
        "display": "standalone",
        "theme_color": colour,
        "background_color": colour,
        "icons": [
            {"src": f"/aplikasi-{size}.png?h={office.accent_hue}", "sizes": f"{size}x{size}", "type": "image/png"}
            | {"purpose": purpose}
            for size in SIZES
            for purpose in ("any", "maskable")
        ],
        "shortcuts": [
            {"name": t("Milik saya"), "url": "/kotak/milik-saya"},
            {"name": t("Mendekati batas"), "url": "/kotak/mendekati-batas"},
        ],
    }
    text = json.dumps(facts, ensure_ascii=False)
    headers = {"Cache-Control": "no-cache"}
    return web.Response(text=text, content_type="application/manifest+json", charset="utf-8", headers=headers)


async def picture(request: web.Request) -> web.StreamResponse:
    """The icon; its sixteen colours are laid between the region's and white."""
    hue = house(request).office.accent_hue % 360
    content = coloured(int(request.match_info["size"]), hue)
    known = request.query.get("h") == str(hue)
    headers = {"Cache-Control": f"public, max-age={assets.YEAR}" if known else "no-cache"}
    return web.Response(body=content, content_type="image/png", headers=headers)


async def worker(request: web.Request) -> web.StreamResponse:
    """The service worker with the names of this version's files in it: one changed byte of ours makes another worker, whose
    cache bears another name. A browser asks for it anew each time (`no-cache`), so nobody is stuck with an old one."""
    files = request.app[pages.PAGES].assets
    hue = house(request).office.accent_hue
    kept = [files.address(name) for name in (*SHEETS, *PICTURES)] + [f"/tampilan.css?h={hue}"]
    facts = json.dumps({"version": f"{version(files)}-{hue}", "files": kept, "offline": "/luring"})
    body = f"const OURS = {facts};\n{files.text('js/worker/push.js')}\n{files.text('js/worker/keep.js')}"
    return web.Response(
        text=body, content_type="text/javascript", charset="utf-8", headers={"Cache-Control": "no-cache"}
    )


async def offline(request: web.Request) -> web.StreamResponse:
    """What stands there when the server cannot be reached. Nothing of anybody is on it."""
    return pages.page(request, "offline.html")


def version(files: assets.Assets) -> str:
    """One word for all our files as they are."""
    return hashlib.sha256("\n".join(sorted(files.versions())).encode()).hexdigest()[:12]


def accent(hue: int) -> str:
    """The region's colour as a manifest wants it: sRGB, from OKLCH (w3.org/TR/css-color-4, 2026-11)."""
    return "#" + "".join(f"{part:02x}" for part in _srgb(*ACCENT, hue))


@cache
def coloured(size: int, hue: int) -> bytes:
    """The drawing with its palette exchanged; a PNG names its colours in a chunk of its own."""
    drawn = assets.carried().content(f"app-{size}.png")
    at = drawn.index(b"PLTE")
    (length,) = struct.unpack("!I", drawn[at - 4 : at])
    base = _srgb(*ACCENT, hue)
    steps = length // 3
    palette = bytes(round(part + (255 - part) * step / (steps - 1)) for step in range(steps) for part in base)
    chunk = b"PLTE" + palette
    return drawn[:at] + chunk + struct.pack("!I", zlib.crc32(chunk)) + drawn[at + 4 + length + 4 :]


def _srgb(light: float, chroma: float, hue: int) -> tuple[int, int, int]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l_ = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_
    green = -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_
    blue = -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_
    return _byte(red), _byte(green), _byte(blue)


def _byte(linear: float) -> int:
    value = 12.92 * linear if linear <= 0.0031308 else 1.055 * max(0.0, linear) ** (1 / 2.4) - 0.055
    return round(255 * min(1.0, max(0.0, value)))
