"""The LAPOR board, and the sheet from which an officer keys a report into SP4N-LAPOR!."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case, Queue
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.policy import Action, scope
from omnichannel.domain.screens import CaseRow
from omnichannel.domain.work import Work
from omnichannel.router import lapor
from omnichannel.router.lapor import Sheet
from omnichannel.web import case as cases
from omnichannel.web import guard, pages, scene
from omnichannel.web.keys import house

SITE = "https://www.lapor.go.id"


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the board. `keys` says which buttons its tickets carry."""

    key: str
    title: str
    says: str
    tickets: tuple[CaseRow, ...]
    look: str = ""


def routes() -> list[web.RouteDef]:
    return [
        web.get("/lapor", guard.allow(board, Action.SEE_LAPOR)),
        web.get(f"/lapor/{cases.NUMBER}", guard.allow(sheet, Action.SEE_LAPOR)),
        web.post(f"/lapor/{cases.NUMBER}/terkirim", guard.allow(keyed_in, Action.KEY_IN)),
    ]


async def board(request: web.Request) -> web.StreamResponse:
    """Waiting to be keyed in, sent, answered, overdue."""
    staff, today = guard.staff(request), pages.wording(request).today
    seen, found = await scene.read(request, lambda work: work.screens.board(today, scope(staff)))
    lanes = (
        Lane("menunggu", "Menunggu diketik", "Sudah diperiksa, belum ada di LAPOR.", found.waiting),
        Lane("terkirim", "Terkirim", "Ada di LAPOR, menunggu kabar.", found.sent),
        Lane("terjawab", "Terjawab", "LAPOR sudah memberi jawaban.", found.answered),
        Lane(
            "lewat",
            "Lewat batas",
            "Lewat batas waktu dan belum selesai.",
            found.overdue,
            "hot" if found.overdue else "",
        ),
    )
    context: dict[str, Any] = scene.setting(request, seen, "lapor") | {
        "lanes": lanes,
        "way": house(request).office.lapor_way,
        "first": found.waiting[0].case.number if found.waiting else None,
    }
    return pages.page(request, "lapor.html", **context)


async def sheet(request: web.Request) -> web.StreamResponse:
    """Every field of LAPOR's form, ready to copy."""
    return await draw(request)


async def draw(
    request: web.Request, status: int = 200, *, error: str = "", tracking: str = "", url: str = ""
) -> web.StreamResponse:
    """The sheet; `error` and the two fields bring back what could not be stored."""
    number, parts = request.match_info["number"], house(request)

    def question(work: Work) -> tuple[cases.Dossier, Sheet]:
        dossier = cases.find(work, number)
        return dossier, lapor.sheet(work, dossier.case, parts.office, parts.organisation)

    seen, (dossier, filled) = await scene.read(request, question)
    case = dossier.case
    if case.queue is not Queue.LAPOR:
        raise NotFound(f"{case.number} bukan laporan untuk SP4N-LAPOR!.")
    guard.ask(request, Action.SEE_LAPOR, case)
    context: dict[str, Any] = scene.setting(request, seen, "lapor") | {
        "case": case,
        "dossier": dossier,
        "sheet": filled,
        "site": SITE,
        "can": scene.abilities(guard.staff(request), case),
        "error": error,
        "tracking": tracking,
        "url": url,
        "here": f"/lapor/{case.number}",
    }
    return pages.page(request, "sheet.html", status, **context)


async def keyed_in(request: web.Request) -> web.StreamResponse:
    """It is in LAPOR: keep the tracking id, tell the citizen."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now = request.match_info["number"], parts.clock.now()
    tracking, url = (str(fields.get(name, "")).replace("\0", "") for name in ("tracking", "tautan"))
    seen = cases.version(fields.get("versi"))

    def story(work: Work) -> Case:
        case = cases.named(work, number)
        guard.ask(request, Action.KEY_IN, case)
        conversation = work.conversations.get(case.conversation_id)
        able = parts.capabilities(conversation.account, conversation.surface) if conversation is not None else None
        return lapor.keyed_in(
            work, staff, case.id, tracking, url, office=parts.office, capabilities=able, now=now, seen=seen
        )

    try:
        await parts.store.write(story)
    except Invalid as problem:
        return await draw(request, 422, error=str(problem), tracking=tracking, url=url)
    return scene.back(fields, f"/lapor/{number}", "lapor")
