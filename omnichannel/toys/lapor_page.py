"""LAPOR's side in a browser: /mainan/lapor lists what arrived there and lets a visitor play its officers."""

from collections.abc import Callable
from html import escape

from aiohttp import web

from omnichannel.toys.lapor import LaporToy
from omnichannel.toys.lapor_report import INSTITUTIONS, ToyReport
from omnichannel.toys.page import page

LATEST = 40
STEPS = ("Terverifikasi", "Dalam Proses", "Selesai", "Diarsipkan", "Ditolak")


def routes(toy: LaporToy, token: Callable[[web.Request], str] = lambda request: "") -> list[web.RouteDef]:
    """To be added before the pages of the citizens, whose address would take it for an account."""

    async def show(request: web.Request) -> web.StreamResponse:
        rows = "".join(_row(one, token(request)) for one in reversed(list(toy.reports.values())[-LATEST:]))
        body = (
            "<header><h1>SP4N-LAPOR! mainan</h1><p>Yang diteruskan kantor sampai di sini. Pindahkan statusnya atau tulis "
            'tindak lanjut; kabarnya kembali ke warga. <a href="/mainan">Kanal mainan</a>.</p></header>'
            f'<main><ol class="kanal">{rows or "<li>Belum ada laporan.</li>"}</ol></main>'
        )
        return page("SP4N-LAPOR! mainan", body)

    async def act(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise web.HTTPForbidden(text="Formulir ini datang dari situs lain.")
        number, fields = request.match_info["id"], await request.post()
        status, words = str(fields.get("status", "")), str(fields.get("kata", "")).strip()[:1500]
        if number not in toy.reports or status not in ("", *STEPS) or not (status or words):
            raise web.HTTPBadRequest(text="Pilih status, atau tulis tindak lanjutnya.")
        if words:
            toy.follows_up(number, words, status=status or None)
        else:
            toy.status(number, status)
        raise web.HTTPSeeOther("/mainan/lapor")

    return [web.get("/mainan/lapor", show), web.post("/mainan/lapor/{id}", act)]


def _row(report: ToyReport, csrf: str) -> str:
    said = report.said
    whose = escape(str(said.get("nameUser") or "akun instansi"))
    seen = ", ".join(word for word, on in (("anonim", said["is_anonymous"]), ("rahasia", said["is_secret"])) if on)
    where = next((name for number, name in INSTITUTIONS if str(number) == str(report.institution)), "belum didisposisi")
    told = "".join(
        f'<span class="kantor">{"Kantor" if one.mine else "Instansi"}: {escape(one.content)}</span>'
        for one in report.followups
    )
    options = "".join(f"<option>{escape(one)}</option>" for one in STEPS)
    return (
        f"<li><b>#{report.tracking} {escape(report.title)}</b><span>{escape(str(said['content'])[:300])}</span>"
        f"<small>{escape(report.state)} · {escape(where)} · pelapor: {whose}{' · ' + seen if seen else ''} · "
        f"{len(report.files)} lampiran</small>{told}"
        f'<form method="post" action="/mainan/lapor/{report.id}"><input type="hidden" name="csrf" value="{escape(csrf)}">'
        f'<label for="s{report.id}">Status</label><select id="s{report.id}" name="status"><option value="">(tetap)</option>'
        f'{options}</select><label for="k{report.id}">Tindak lanjut</label><input id="k{report.id}" name="kata" maxlength="1500">'
        f"<button>Simpan</button></form></li>"
    )
