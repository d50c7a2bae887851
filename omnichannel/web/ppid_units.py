"""Questions to units: given on the sheet, answered at the unit's own desk; and the links for officers in the field."""

from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Invalid, NotAllowed
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.ppid import Paper, PaperKind, Request, UnitTask
from omnichannel.domain.work import Work
from omnichannel.router import doorkey, errand
from omnichannel.router.desk import Desk, by_staff, case_of
from omnichannel.router.formal import request_of
from omnichannel.web import guard, pages, ppid_sheet, scene
from omnichannel.web.case import version
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import act, desk_of, text
from omnichannel.web.ppid_sheet import BASE

TASK = "{task:\\d{1,18}}"
YES, NO = "ya", "tidak"


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"{BASE}/unit", guard.allow(give, Action.DECIDE)),
        web.get("/ppid/tugas", guard.allow(listed, Action.ANSWER_TASK)),
        web.get(f"/ppid/tugas/{TASK}", guard.allow(show, Action.ANSWER_TASK)),
        web.post(f"/ppid/tugas/{TASK}", guard.allow(answer, Action.ANSWER_TASK)),
        web.post(f"/ppid/tugas/{TASK}/tarik", guard.allow(withdraw, Action.DECIDE)),
        web.post(f"/ppid/tugas/{TASK}/tautan", guard.allow(make_link, Action.DECIDE)),
        web.post("/ppid/tautan/{link:\\d{1,18}}/cabut", guard.allow(revoke, Action.DECIDE)),
    ]


async def give(request: web.Request) -> web.StreamResponse:
    """Ask a unit, with an inner deadline."""
    fields, now = await guard.fields(request), house(request).clock.now()
    days = text(fields, "hari")

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        if days and not (days.isascii() and days.isdigit() and len(days) < 4):
            raise Invalid("Tenggat unit 1 sampai 9 hari kerja.")
        wanted = int(days) if days else None
        errand.give(work, desk, staff, case.id, text(fields, "unit"), text(fields, "tanya"), now=now, days=wanted)

    return await act(request, fields, "unit", Action.DECIDE, deed, "ppid-unit")


async def listed(request: web.Request) -> web.StreamResponse:
    """What my unit still owes; the PPID sees what every unit owes."""
    staff = guard.staff(request)
    unit = (staff.unit or "-") if staff.role is Role.UNIT else None

    def question(work: Work) -> list[tuple[UnitTask, Case, Request]]:
        found = []
        for task in work.errands.open_tasks(unit):
            case = case_of(work, task.case_id)
            found.append((task, case, request_of(work, case)))
        return found

    seen, rows = await scene.read(request, question)
    context = scene.setting(request, seen, "ppid") | {"rows": rows, "mine": unit is not None}
    return pages.page(request, "ppid/tasks.html", **context)


async def show(request: web.Request) -> web.StreamResponse:
    """One task, with what was asked but not by whom: the unit needs the matter, not the person (UU 27/2022)."""
    return await _draw(request)


async def answer(request: web.Request) -> web.StreamResponse:
    """The unit's answer."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    task_id, now = int(request.match_info["task"]), parts.clock.now()
    words, held, seen = text(fields, "jawaban"), held_of(text(fields, "dikuasai")), version(fields.get("versi"))

    def story(work: Work) -> UnitTask:
        _must_be_theirs(staff, errand.task_of(work, task_id))
        return errand.answer(work, task_id, words, held, by_staff(staff), now=now, seen=seen)

    try:
        await parts.store.write(story)
    except Invalid as problem:
        return await _draw(request, 422, str(problem), {"jawaban": words, "dikuasai": text(fields, "dikuasai")})
    return scene.back({}, "/ppid/tugas", "ppid-jawab")


async def withdraw(request: web.Request) -> web.StreamResponse:
    """It need not be answered any more."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    task_id, now = int(request.match_info["task"]), parts.clock.now()
    await parts.store.write(lambda work: errand.withdraw(work, staff, task_id, now=now))
    return scene.back(fields, "/ppid/tugas", "ppid-tarik")


async def make_link(request: web.Request) -> web.StreamResponse:
    """A way in for one officer in the field; its address is shown once."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    task_id, now, holder = (
        int(request.match_info["task"]),
        parts.clock.now(),
        " ".join(text(fields, "pemegang").split()),
    )
    desk = desk_of(request)

    def story(work: Work) -> tuple[str, str]:
        task = errand.task_of(work, task_id)
        if not task.open:
            raise Invalid("Tugas ini sudah dijawab atau ditarik.")
        if not holder:
            raise Invalid("Tulis nama pemegang tautan.")
        token, _ = doorkey.for_field(work, desk, staff, task, holder[:100], now)
        return case_of(work, task.case_id).number, doorkey.address(desk, token)

    number, address = await parts.store.write(story)
    request.match_info["number"] = number
    return await ppid_sheet.draw(request, link=address)


async def revoke(request: web.Request) -> web.StreamResponse:
    """The link opens nothing from now on."""
    fields, parts, staff = await guard.fields(request), house(request), guard.staff(request)
    link_id, now = int(request.match_info["link"]), parts.clock.now()
    await parts.store.write(lambda work: doorkey.revoke(work, staff, link_id, now))
    return scene.back(fields, "/ppid", "ppid-cabut")


def held_of(chosen: str) -> bool | None:
    """Whether the unit holds it; None where nothing was chosen."""
    return {YES: True, NO: False}.get(chosen)


async def _draw(
    request: web.Request, status: int = 200, error: str = "", typed: dict[str, str] | None = None
) -> web.StreamResponse:
    task_id, staff = int(request.match_info["task"]), guard.staff(request)

    def question(work: Work) -> tuple[UnitTask, Case, Request, list[Paper]]:
        task = errand.task_of(work, task_id)
        _must_be_theirs(staff, task)
        case = case_of(work, task.case_id)
        papers = [one for one in work.requests.papers(case.id) if one.kind is PaperKind.OTHER]
        return task, case, request_of(work, case), papers

    seen, (task, case, asked, papers) = await scene.read(request, question)
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "task": task,
        "case": case,
        "asked": asked,
        "papers": papers,
        "error": error,
        "typed": typed or {},
    }
    return pages.page(request, "ppid/task.html", status, **context)


def _must_be_theirs(staff: Staff, task: UnitTask) -> None:
    if staff.role is Role.UNIT and task.unit != staff.unit:
        raise NotAllowed("Tugas ini bukan untuk unit Anda.")
