"""Black out parts of a document: mark rectangles on its pages, and get a copy that holds nothing under the black."""

import asyncio
import hashlib
import math
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.letter import Release
from omnichannel.domain.policy import Action
from omnichannel.domain.ppid import Paper, PaperKind
from omnichannel.domain.printing import Region
from omnichannel.domain.work import Work
from omnichannel.router import letters
from omnichannel.router.desk import by_staff
from omnichannel.router.formal import add_papers
from omnichannel.web import guard, pages, public_files, scene
from omnichannel.web.case import named
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import desk_of, text
from omnichannel.web.ppid_letters import ID, MARKABLE, PAGE, draw

MARK = f"{PAGE}/hitamkan/{{paper:{ID}}}"
LARGEST = 40 * 1024 * 1024  # bytes of a document
PARTS = ("hal", "kiri", "atas", "kanan", "bawah")
EMPTY_ROWS = 4  # for who marks without a script
TOO_LARGE = "Berkas ini lebih dari 40 MB. Bagi dulu menjadi beberapa berkas."


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"{PAGE}/unggah", guard.allow(upload, Action.DECIDE)),
        web.get(MARK, guard.allow(mark, Action.DECIDE)),
        web.get(f"{MARK}/halaman/{{page:\\d{{1,6}}}}", guard.allow(picture, Action.DECIDE)),
        web.post(MARK, guard.allow(black_out, Action.DECIDE)),
    ]


async def upload(request: web.Request) -> web.StreamResponse:
    """A document that is to be released in part; it joins the papers of the request."""
    fields, parts, number = await guard.fields(request), house(request), request.match_info["number"]
    desk, who, now = desk_of(request), by_staff(guard.staff(request)), parts.clock.now()
    sent = fields.get("berkas")
    try:
        if not isinstance(sent, web.FileField) or not sent.filename:
            raise Invalid("Pilih dulu berkasnya.")
        content = await asyncio.to_thread(sent.file.read, LARGEST + 1)
        if len(content) > LARGEST:
            raise Invalid(TOO_LARGE)
        await asyncio.to_thread(parts.printer.pages, content)
    except Invalid as problem:
        return await draw(request, 422, str(problem))
    sha256 = await asyncio.to_thread(parts.files.keep, content)
    media_type = public_files.kind_of(content) or ""
    name = sent.filename.replace("\\", "/").rpartition("/")[2][-150:] or "dokumen"
    facts = {"name": name, "media_type": media_type, "size": len(content), "sha256": sha256}

    def story(work: Work) -> Paper:
        case = named(work, number)
        guard.ask(request, Action.DECIDE, case)
        return add_papers(work, desk, case.id, [(PaperKind.OTHER, facts)], who, now)[0]

    paper = await parts.store.write(story)
    return scene.back({}, f"/ppid/permohonan/{number}/surat/hitamkan/{paper.id}")


async def mark(request: web.Request) -> web.StreamResponse:
    """Its pages, to mark on."""
    return await _draw(request)


async def picture(request: web.Request) -> web.StreamResponse:
    """One page as a picture."""
    parts = house(request)
    paper = await parts.store.read(lambda work: _paper(request, work)[1])
    content = await asyncio.to_thread(parts.files.read, paper.sha256)
    drawn = await asyncio.to_thread(parts.printer.picture, content, int(request.match_info["page"]))
    return web.Response(body=drawn, content_type="image/png", headers={"Cache-Control": "private, max-age=600"})


async def black_out(request: web.Request) -> web.StreamResponse:
    """Make the copy; the original stays as it was."""
    fields, parts = await guard.fields(request), house(request)
    reason, staff, now = text(fields, "alasan"), guard.staff(request), parts.clock.now()
    paper = await parts.store.read(lambda work: _paper(request, work)[1])
    try:
        regions = regions_of(fields)
        if len(reason) < 5:
            raise Invalid("Tulis mengapa bagian itu dihitamkan (Pasal 22 ayat (7) huruf e).")
        content = await asyncio.to_thread(parts.files.read, paper.sha256)
        drawn = await asyncio.to_thread(parts.printer.black_out, content, regions)
        count = await asyncio.to_thread(parts.printer.pages, drawn)
    except Invalid as problem:
        return await _draw(request, 422, str(problem), fields)
    sha256 = hashlib.sha256(drawn).hexdigest()
    await asyncio.to_thread(parts.files.keep, drawn)

    def story(work: Work) -> Case:
        case, held = _paper(request, work)
        made = Release(
            id=0,
            case_id=case.id,
            name=held.name,
            original=held.sha256,
            sha256=sha256,
            size=len(drawn),
            pages=count,
            regions=len(regions),
            reason=reason[:1000],
            made_by=staff.name,
            made_at=now,
        )
        letters.keep_release(work, by_staff(staff), made, now)
        return case

    case = await parts.store.write(story)
    return scene.back({}, f"/ppid/permohonan/{case.number}/surat", "salinan")


def regions_of(fields: guard.Fields) -> list[Region]:
    """The rows of the form in percent of the page; a row that is wholly empty is none. Invalid: a number that is none."""
    columns = [[str(one).strip().replace(",", ".") for one in fields.getall(name, [])] for name in PARTS]
    if len({len(one) for one in columns}) != 1:
        raise Invalid("Tanda bagian yang dihitamkan tidak terbaca. Muat ulang halaman, lalu tandai lagi.")
    found = []
    for row in zip(*columns, strict=True):
        if not any(row[1:]):
            continue
        try:
            page, *shares = (float(one) for one in row)
        except ValueError as error:
            raise Invalid("Isi letak setiap kotak dengan angka.") from error
        if not all(math.isfinite(one) for one in (page, *shares)):
            raise Invalid("Isi letak setiap kotak dengan angka.")
        left, top, right, bottom = (min(max(one / 100, 0.0), 1.0) for one in shares)
        found.append(Region(int(page) - 1, min(left, right), min(top, bottom), max(left, right), max(top, bottom)))
    return found


def _paper(request: web.Request, work: Work) -> tuple[Case, Paper]:
    case = named(work, request.match_info["number"])
    guard.ask(request, Action.DECIDE, case)
    held = work.requests.paper(int(request.match_info["paper"]))
    if held is None or held.case_id != case.id or held.media_type not in MARKABLE:
        raise NotFound("Berkas itu tidak ada, atau bukan PDF maupun gambar.")
    return case, held


async def _draw(
    request: web.Request, status: int = 200, error: str = "", fields: guard.Fields | None = None
) -> web.StreamResponse:
    parts = house(request)
    seen, (case, paper) = await scene.read(request, lambda work: _paper(request, work))
    content = await asyncio.to_thread(parts.files.read, paper.sha256)
    rows = [[str(one) for one in fields.getall(name, [])] for name in PARTS] if fields is not None else []
    typed = [row for row in zip(*rows, strict=False) if any(row[1:])] if rows else []
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "case": case,
        "paper": paper,
        "count": await asyncio.to_thread(parts.printer.pages, content),
        "rows": [*typed, *[("1", "", "", "", "")] * EMPTY_ROWS],
        "reason": text(fields, "alasan") if fields is not None else "",
        "error": error,
        "here": f"/ppid/permohonan/{case.number}/surat/hitamkan/{paper.id}",
    }
    return pages.page(request, "ppid/redact.html", status, **context)
