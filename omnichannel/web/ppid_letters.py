"""The papers of one request: its letters, copies with parts blacked out, and what of them went to the applicant."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Invalid, NotFound, Refused
from omnichannel.domain.letter import LETTERS, Handing, KeptLetter, Letter, LetterKind, Release
from omnichannel.domain.message import Delivery
from omnichannel.domain.objection import Objection
from omnichannel.domain.policy import Action
from omnichannel.domain.ppid import Paper
from omnichannel.domain.printing import PDF
from omnichannel.domain.work import Message, Work
from omnichannel.router import letters
from omnichannel.router.desk import by_staff
from omnichannel.web import files, guard, pages, scene
from omnichannel.web.case import named, version
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import desk_of, text
from omnichannel.web.ppid_sheet import BASE

PAGE = f"{BASE}/surat"
ID = r"\d{1,18}"
SENT: Mapping[Delivery, str] = {
    Delivery.QUEUED: "menunggu dikirim",
    Delivery.SENDING: "sedang dikirim",
    Delivery.SENT: "terkirim",
    Delivery.DELIVERED: "sampai",
    Delivery.READ: "dibaca",
    Delivery.FAILED: "gagal terkirim",
    Delivery.UNSURE: "belum pasti terkirim",
}
WHAT_FOR: Mapping[LetterKind, str] = {
    LetterKind.RECEIPT: "Bukti bahwa permohonan diterima: nomor dan batas jawabannya.",
    LetterKind.NOTICE: "Jawaban atas permohonan: putusan dan alasannya. Wajib sebelum batas waktu (Pasal 22 ayat (7)).",
    LetterKind.EXTENSION: "Batas yang baru dan alasannya (Pasal 22 ayat (8)).",
    LetterKind.REFUSAL: "Keputusan penolakan: dasar pengecualian dan hasil uji konsekuensinya.",
    LetterKind.OBJECTION: "Tanggapan atasan PPID kepada pemohon.",
}
REFUSED = {LetterKind.NOTICE, LetterKind.REFUSAL}
MARKABLE = frozenset({PDF, "image/png", "image/jpeg", "image/webp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The rows behind the page."""

    case: Case
    offered: list[tuple[LetterKind, Objection | None]]
    made: list[KeptLetter]
    releases: list[Release]
    papers: list[Paper]
    handings: list[tuple[Handing, Message | None]]

    def handed(self, sha256: str) -> list[tuple[Handing, Message | None]]:
        """Every time that this file went out."""
        return [one for one in self.handings if one[0].sha256 == sha256]

    def has(self, kind: LetterKind, objection: Objection | None) -> bool:
        """Whether that letter stands among those that were made."""
        about = objection.id if objection is not None else None
        return any(one.kind is kind and one.objection_id == about for one in self.made)


def routes() -> list[web.RouteDef]:
    return [
        web.get(PAGE, guard.allow(show, Action.READ)),
        web.get(f"{PAGE}/pratinjau", guard.allow(preview, Action.READ)),
        web.post(PAGE, guard.allow(make, Action.DECIDE)),
        web.get(f"{PAGE}/{{letter:{ID}}}", guard.allow(letter, Action.READ)),
        web.post(f"{PAGE}/{{letter:{ID}}}/kirim", guard.allow(send, Action.DECIDE)),
        web.get(f"{PAGE}/salinan/{{release:{ID}}}", guard.allow(release, Action.READ)),
        web.post(f"{PAGE}/salinan/{{release:{ID}}}/kirim", guard.allow(send_release, Action.DECIDE)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """What was written, what can be written now, and what went out."""
    return await draw(request)


async def draw(request: web.Request, status: int = 200, error: str = "") -> web.StreamResponse:
    """The page; with `error`, what could not be done."""
    number, desk, now = request.match_info["number"], desk_of(request), house(request).clock.now()

    def question(work: Work) -> Folder:
        case = named(work, number)
        guard.ask(request, Action.READ, case)
        sent = work.letters.handings(case.id)
        return Folder(
            case=case,
            offered=letters.choices(work, desk, case, now),
            made=work.letters.of_case(case.id),
            releases=work.letters.releases(case.id),
            papers=[one for one in work.requests.papers(case.id) if one.media_type in MARKABLE],
            handings=[(one, work.messages.get(one.message_id) if one.message_id else None) for one in sent],
        )

    seen, folder = await scene.read(request, question)
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "folder": folder,
        "case": folder.case,
        "can": scene.abilities(guard.staff(request), folder.case),
        "letter_word": LETTERS.get,
        "what_for": WHAT_FOR,
        "both": {kind for kind, _ in folder.offered} >= REFUSED,
        "written": {one.kind for one in folder.made} >= REFUSED,
        "delivery_word": SENT.get,
        "error": error,
        "now": now,
        "form_key": letters.new_key(),
        "here": f"/ppid/permohonan/{folder.case.number}/surat",
    }
    return pages.page(request, "ppid/papers.html", status, **context)


async def preview(request: web.Request) -> web.StreamResponse:
    """As it would be, marked so, without a number."""
    parts, desk, number = house(request), desk_of(request), request.match_info["number"]
    kind, objection = _chosen(request.query.get("jenis"), request.query.get("keberatan"))
    staff, now = guard.staff(request), parts.clock.now()

    def question(work: Work) -> Letter:
        case = named(work, number)
        guard.ask(request, Action.READ, case)
        return letters.preview(work, desk, staff, case.id, kind, objection, now)

    drawn = await asyncio.to_thread(parts.printer.letter, await parts.store.read(question))
    headers = {"Content-Security-Policy": files.PAPER, "Content-Disposition": 'inline; filename="pratinjau.pdf"'}
    return web.Response(body=drawn, content_type=PDF, headers=headers)


async def make(request: web.Request) -> web.StreamResponse:
    """Number it and keep it."""
    fields, parts, number = await guard.fields(request), house(request), request.match_info["number"]
    kind, objection = _chosen(text(fields, "jenis"), text(fields, "keberatan"))
    who, desk, now = by_staff(guard.staff(request)), desk_of(request), parts.clock.now()

    def story(work: Work) -> tuple[KeptLetter, bytes]:
        case = named(work, number)
        guard.ask(request, Action.DECIDE, case)
        return letters.make(work, desk, parts.printer.letter, case.id, kind, who, now=now, objection_id=objection)

    try:
        _, drawn = await parts.store.write(story)
    except Invalid as problem:
        return await draw(request, 422, str(problem))
    await asyncio.to_thread(parts.files.keep, drawn)
    return scene.back(fields, f"/ppid/permohonan/{number}/surat", "surat")


async def letter(request: web.Request) -> web.StreamResponse:
    """A letter as it was made. Lost on the disk, it is drawn again from what was kept, to the byte."""
    parts = house(request)
    found = await _found(request, Action.READ, lambda work, case: _letter(request, work, case))
    if parts.files.size(found.sha256) is None:
        drawn = await asyncio.to_thread(parts.printer.letter, found.letter)
        await asyncio.to_thread(parts.files.keep, drawn)
    return await files.hand_over(request, found.sha256, PDF, found.file_name)


async def release(request: web.Request) -> web.StreamResponse:
    """A copy with parts blacked out."""
    found = await _found(request, Action.READ, lambda work, case: _release(request, work, case))
    return await files.hand_over(request, found.sha256, PDF, found.file_name)


async def send(request: web.Request) -> web.StreamResponse:
    """A letter to the applicant, on their own channel."""
    return await _send(request, lambda work, case: letters.paper_of(_letter(request, work, case)))


async def send_release(request: web.Request) -> web.StreamResponse:
    """A copy to the applicant, on their own channel."""
    return await _send(request, lambda work, case: letters.paper_of(_release(request, work, case)))


async def _send(request: web.Request, chosen: Callable[[Work, Case], letters.Paper]) -> web.StreamResponse:
    fields, parts, number = await guard.fields(request), house(request), request.match_info["number"]
    staff, desk, now, key = guard.staff(request), desk_of(request), parts.clock.now(), text(fields, "kunci")

    def story(work: Work) -> None:
        case = named(work, number)
        guard.ask(request, Action.DECIDE, case)
        letters.hand_over(work, desk, chosen(work, case), staff, key=letters.must_be_new(key), now=now)

    try:
        await parts.store.write(story)
    except (Invalid, Refused) as problem:
        return await draw(request, 422, str(problem))
    return scene.back(fields, f"/ppid/permohonan/{number}/surat", "surat-kirim")


async def _found(request: web.Request, action: Action, wanted: Callable[[Work, Case], Any]) -> Any:
    number = request.match_info["number"]

    def question(work: Work) -> Any:
        case = named(work, number)
        guard.ask(request, action, case)
        return wanted(work, case)

    return await house(request).store.read(question)


def _letter(request: web.Request, work: Work, case: Case) -> KeptLetter:
    return letters.letter_of(work, int(request.match_info["letter"]), case.id)


def _release(request: web.Request, work: Work, case: Case) -> Release:
    found = work.letters.release(int(request.match_info["release"]))
    if found is None or found.case_id != case.id:
        raise NotFound("Salinan itu tidak ada.")
    return found


def _chosen(kind: str | None, objection: str | None) -> tuple[LetterKind, int | None]:
    if kind not in set(LetterKind):
        raise Invalid("Pilih suratnya dari daftar.")
    return LetterKind(kind), version(objection)
