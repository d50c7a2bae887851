"""One report to SP4N-LAPOR!: the sheet from which an officer keys it in, and what they do with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case, CaseState, Queue
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.forwarding import Forward, ForwardState
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.samples import NEVER_LEAVES, invented
from omnichannel.domain.work import Work
from omnichannel.router import forward, lapor
from omnichannel.router.desk import by_staff
from omnichannel.router.sheet import Sheet
from omnichannel.router.sheet import sheet as filled_in
from omnichannel.web import case as cases
from omnichannel.web import guard, pages, scene
from omnichannel.web.keys import house

SITE = "https://www.lapor.go.id"
NEXT_AMONG = 100
BY_HAND = "Kantor ini belum tersambung ke SP4N-LAPOR!. Ketik laporannya di sana, lalu simpan tracking ID-nya di sini."


@dataclass(frozen=True, slots=True)
class Told:
    """What a form of the sheet says: its fields, the version it has seen, and how the citizen can be told."""

    kept: Mapping[str, str]
    able: Capabilities | None
    seen: int | None
    now: datetime


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"/lapor/{cases.NUMBER}", guard.allow(sheet, Action.SEE_LAPOR)),
        web.post(f"/lapor/{cases.NUMBER}/terkirim", guard.allow(keyed_in, Action.KEY_IN)),
        web.post(f"/lapor/{cases.NUMBER}/kabar", guard.allow(news, Action.KEY_IN)),
        web.post(f"/lapor/{cases.NUMBER}/perbaiki", guard.allow(correct, Action.KEY_IN)),
        web.post(f"/lapor/{cases.NUMBER}/kirim", guard.allow(send, Action.KEY_IN)),
        web.post(f"/lapor/{cases.NUMBER}/tahan", guard.allow(hold, Action.KEY_IN)),
    ]


async def sheet(request: web.Request) -> web.StreamResponse:
    """Every field of LAPOR's form, ready to copy."""
    return await draw(request)


async def draw(
    request: web.Request, status: int = 200, *, form: str = "", error: str = "", kept: Mapping[str, str] | None = None
) -> web.StreamResponse:
    """The sheet; `form`, `error` and `kept` bring back a form that could not be carried out."""
    number, parts = request.match_info["number"], house(request)

    def question(work: Work) -> tuple[cases.Dossier, Sheet, Forward | None, dict[str, str], bool]:
        dossier = cases.find(work, number)
        filled = filled_in(work, dossier.case, parts.office, parts.organisation)
        sampled = invented(work.messages.get(dossier.case.message_id))
        return dossier, filled, work.forwards.get(dossier.case.id), work.forwards.names("institution"), sampled

    seen, (dossier, filled, going, institutions, sampled) = await scene.read(request, question)
    case = dossier.case
    if case.queue is not Queue.LAPOR:
        raise NotFound(f"{case.number} bukan laporan untuk SP4N-LAPOR!.")
    guard.ask(request, Action.SEE_LAPOR, case)
    staff = guard.staff(request)
    following = await parts.store.read(lambda work: _next(work, staff, case)) if case.tracking_id else None
    context: dict[str, Any] = scene.setting(request, seen, "lapor") | {
        "case": case,
        "next": following,
        "dossier": dossier,
        "sheet": filled,
        "going": going,
        "automatic": parts.office.lapor_way in forward.BY_ITSELF,
        "site": SITE,
        "invented": NEVER_LEAVES if sampled else "",
        "institutions": sorted(institutions.items(), key=lambda one: one[1]),
        "can": scene.abilities(staff, case),
        "form": form,
        "error": error,
        "kept": {name: (kept or {}).get(name, "") for name in ("tracking", "tautan", "alasan", "status", "kabar")},
        "statuses": lapor.STATUSES,
        "here": f"/lapor/{case.number}",
    }
    return pages.page(request, "sheet.html", status, **context)


def _next(work: Work, staff: Staff, case: Case) -> str | None:
    """The report that this officer would key in after this one: of those that wait, the one due first."""
    for one in work.cases.in_state(Queue.LAPOR, (CaseState.OPEN,), NEXT_AMONG):
        going = work.forwards.get(one.id)
        waits = going is None or going.state in (ForwardState.WAITING, ForwardState.FAILED)
        if one.id != case.id and one.tracking_id is None and one.certain and waits and may(staff, Action.KEY_IN, one):
            return one.number
    return None


async def keyed_in(request: web.Request) -> web.StreamResponse:
    """It is in LAPOR: keep the tracking id, tell the citizen."""
    parts, staff = house(request), guard.staff(request)

    def story(work: Work, case: Case, told: Told) -> Case:
        return lapor.keyed_in(
            work, staff, case.id, told.kept["tracking"], told.kept["tautan"], office=parts.office, capabilities=told.able,
            now=told.now, seen=told.seen, shared=bool(told.kept["satu"]),
        )  # fmt: skip

    return await _change(request, "terkirim", "lapor", story)


async def news(request: web.Request) -> web.StreamResponse:
    """What LAPOR shows for this report now, noted by hand; the citizen is told."""
    parts, staff = house(request), guard.staff(request)

    def story(work: Work, case: Case, told: Told) -> Case:
        return lapor.note_status(
            work, staff, case.id, told.kept["status"], said=told.kept["kabar"], office=parts.office, capabilities=told.able,
            now=told.now, seen=told.seen,
        )  # fmt: skip

    return await _change(request, "kabar", "kabar-lapor", story)


async def correct(request: web.Request) -> web.StreamResponse:
    """The tracking id was mistyped; the citizen hears the right one."""
    parts, staff = house(request), guard.staff(request)

    def story(work: Work, case: Case, told: Told) -> Case:
        return lapor.correct(
            work, staff, case.id, told.kept["tracking"], told.kept["tautan"], why=told.kept["alasan"], office=parts.office,
            capabilities=told.able, now=told.now, seen=told.seen,
        )  # fmt: skip

    return await _change(request, "perbaiki", "tracking", story)


async def send(request: web.Request) -> web.StreamResponse:
    """An officer has it sent, or sent again: LAPOR does not have it."""
    staff, automatic = guard.staff(request), house(request).office.lapor_way in forward.BY_ITSELF

    def story(work: Work, case: Case, told: Told) -> Case:
        if not automatic:
            raise Invalid(BY_HAND)
        forward.send_now(work, staff, case.id, now=told.now, seen=told.seen)
        return case

    return await _change(request, "kirim", "dikirim-lapor", story)


async def hold(request: web.Request) -> web.StreamResponse:
    """It does not go to LAPOR: the citizen objects, or has handed it in themselves."""
    staff = guard.staff(request)

    def story(work: Work, case: Case, told: Told) -> Case:
        own = told.kept["cara"] == "sendiri"
        forward.hold(work, by_staff(staff), case.id, told.kept["alasan"].strip(), now=told.now, own=own)
        return case

    return await _change(request, "tahan", "ditahan-lapor", story)


async def _change(
    request: web.Request, form: str, told_as: str, story: Callable[[Work, Case, Told], Case]
) -> web.StreamResponse:
    """Run the story on the case of the address; a form that makes no sense comes back with what was typed."""
    fields, parts, number = await guard.fields(request), house(request), request.match_info["number"]
    kept = {name: str(value).replace("\0", "") for name, value in fields.items() if name not in ("csrf", "kembali")}
    kept = {"tracking": "", "tautan": "", "alasan": "", "status": "", "kabar": "", "cara": "", "satu": ""} | kept
    seen, now = cases.version(fields.get("versi")), parts.clock.now()

    def asked(work: Work) -> Case:
        case = cases.named(work, number)
        guard.ask(request, Action.KEY_IN, case)
        return story(work, case, Told(kept, cases.able_to_tell(work, parts, case), seen, now))

    try:
        await parts.store.write(asked)
    except Invalid as problem:
        return await draw(request, 422, form=form, error=str(problem), kept=kept)
    return scene.back(fields, f"/lapor/{number}", told_as)
