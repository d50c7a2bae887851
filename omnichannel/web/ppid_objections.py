"""The register of objections, and the page of one: the superior's answer, the applicant's word on it, the dispute."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.objection import GROUNDS, VERDICTS, Objection, ObjectionState, Verdict, filing_window
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.ppid import Request
from omnichannel.domain.ppid_register import ObjectionRow
from omnichannel.domain.screens import Page
from omnichannel.domain.work import Work
from omnichannel.router import objecting, registers
from omnichannel.router.desk import Desk, by_staff, case_of
from omnichannel.router.formal import request_of
from omnichannel.web import guard, ladder, pages, scene
from omnichannel.web.case import NUMBER, version
from omnichannel.web.keys import house
from omnichannel.web.ppid_acts import act, desk_of, text, trouble_of
from omnichannel.web.ppid_sheet import BASE, OBJECTION_WORDS, Trouble

LIMIT = 100
Deed = Callable[[Work, Desk, Staff, Objection], Any]


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"{BASE}/keberatan", guard.allow(file, Action.DECIDE)),
        web.get("/ppid/keberatan", guard.allow(register, Action.SEE_REGISTER)),
        web.get(f"/ppid/keberatan/{NUMBER}", guard.allow(show, Action.READ)),
        web.post(f"/ppid/keberatan/{NUMBER}/tanggapan", guard.allow(answer, Action.DECIDE)),
        web.post(f"/ppid/keberatan/{NUMBER}/pemohon", guard.allow(respond, Action.DECIDE)),
        web.post(f"/ppid/keberatan/{NUMBER}/sengketa", guard.allow(dispute, Action.DECIDE)),
        web.post(f"/ppid/keberatan/{NUMBER}/cabut", guard.allow(withdraw, Action.DECIDE)),
    ]


async def file(request: web.Request) -> web.StreamResponse:
    """An objection that reached the office, put into its register."""
    fields, now = await guard.fields(request), house(request).clock.now()
    letters = [one for one in fields.getall("pasal", []) if isinstance(one, str)]

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        story, proxy = text(fields, "kasus"), text(fields, "kuasa")
        objecting.file(work, desk, case.id, letters, story, by_staff(staff), now=now, proxy=proxy)

    return await act(request, fields, "keberatan", Action.DECIDE, deed, "keberatan")


async def register(request: web.Request) -> web.StreamResponse:
    """Every objection in the law's columns, youngest number first."""
    wanted = request.query.get("keadaan", "")
    state = ObjectionState(wanted) if wanted in set(ObjectionState) else None
    after, staff = version(request.query.get("sesudah")), guard.staff(request)

    def question(work: Work) -> tuple[list[ObjectionRow], Page[Objection]]:
        page = work.objections.page(state, after, LIMIT)
        rows = registers.objection_rows(work, page.rows)
        # A unit officer reads those about their own unit's requests.
        return [row for row in rows if may(staff, Action.READ, row.case)], page

    seen, (rows, page) = await scene.read(request, question)
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "rows": rows,
        "page": page,
        "state": wanted if state else "",
        "states": OBJECTION_WORDS,
        "objection_word": OBJECTION_WORDS.get,
    }
    return pages.page(request, "ppid/objection_register.html", **context)


async def show(request: web.Request) -> web.StreamResponse:
    """One objection with its clocks."""
    return await _draw(request)


async def answer(request: web.Request) -> web.StreamResponse:
    """The superior's written answer."""
    fields, now = await guard.fields(request), house(request).clock.now()

    def deed(work: Work, desk: Desk, staff: Staff, found: Objection) -> None:
        chosen = text(fields, "hasil")
        if chosen not in set(Verdict):
            raise Invalid("Pilih putusan atasan PPID.")
        objecting.answer(
            work,
            desk,
            staff,
            found.id,
            Verdict(chosen),
            text(fields, "tanggapan"),
            superior=text(fields, "nama"),
            post=text(fields, "jabatan"),
            now=now,
            seen=_seen(fields),
        )

    return await _act(request, fields, "tanggapan", deed, "tanggapan")


async def respond(request: web.Request) -> web.StreamResponse:
    """What the applicant says to the answer."""
    fields, now = await guard.fields(request), house(request).clock.now()

    def deed(work: Work, desk: Desk, staff: Staff, found: Objection) -> None:
        objecting.respond(work, staff, found.id, text(fields, "kata"), now=now, seen=_seen(fields))

    return await _act(request, fields, "pemohon", deed, "tersimpan")


async def dispute(request: web.Request) -> web.StreamResponse:
    """The applicant has gone to the Komisi Informasi."""
    fields, parts = await guard.fields(request), house(request)

    def deed(work: Work, desk: Desk, staff: Staff, found: Objection) -> None:
        try:
            day = datetime.fromisoformat(text(fields, "tanggal")).date()
        except ValueError as error:
            raise Invalid("Tanggal ini tidak terbaca.") from error
        filed = datetime.combine(day, time(), parts.office.zone)
        number = text(fields, "nomor")
        objecting.dispute(work, desk, staff, found.id, number, filed, now=parts.clock.now(), seen=_seen(fields))

    return await _act(request, fields, "sengketa", deed, "tersimpan")


async def withdraw(request: web.Request) -> web.StreamResponse:
    """The applicant takes it back."""
    fields, now = await guard.fields(request), house(request).clock.now()

    def deed(work: Work, desk: Desk, staff: Staff, found: Objection) -> None:
        objecting.withdraw(work, staff, found.id, now=now, seen=_seen(fields))

    return await _act(request, fields, "cabut", deed, "tersimpan")


async def _act(request: web.Request, fields: guard.Fields, form: str, deed: Deed, told: str) -> web.StreamResponse:
    parts, staff, number, desk = house(request), guard.staff(request), request.match_info["number"], desk_of(request)

    def story(work: Work) -> None:
        found = _named(work, number)
        guard.ask(request, Action.DECIDE, case_of(work, found.case_id))
        deed(work, desk, staff, found)

    try:
        await parts.store.write(story)
    except Invalid as problem:
        return await _draw(request, 422, trouble_of(form, problem, fields))
    return scene.back(fields, f"/ppid/keberatan/{number}", told)


async def _draw(request: web.Request, status: int = 200, trouble: Trouble | None = None) -> web.StreamResponse:
    number, parts, wording = request.match_info["number"], house(request), pages.wording(request)

    def question(work: Work) -> tuple[Objection, Case, Request]:
        found = _named(work, number)
        case = case_of(work, found.case_id)
        guard.ask(request, Action.READ, case)
        return found, case, request_of(work, case)

    seen, (found, case, asked) = await scene.read(request, question)
    running = found.state is ObjectionState.OPEN
    context: dict[str, Any] = scene.setting(request, seen, "ppid") | {
        "o": found,
        "case": case,
        "r": asked,
        "clocks": ladder.clocks(found.clocks, wording.today, running=running, in_lapor=False),
        "window": filing_window(found.found_on, parts.clocks).due,
        "trouble": trouble or Trouble(),
        "grounds": GROUNDS,
        "verdicts": VERDICTS,
        "objection_word": OBJECTION_WORDS.get,
        "superior": parts.office.ppid.superior,
        "can": scene.abilities(guard.staff(request), case),
        "today_iso": wording.today.isoformat(),
        "here": f"/ppid/keberatan/{found.number}",
    }
    return pages.page(request, "ppid/objection.html", status, **context)


def _named(work: Work, number: str) -> Objection:
    found = work.objections.by_number(number.upper()) or work.objections.by_number(number)
    if found is None:
        raise NotFound(f"Nomor {number} tidak ada di register.")
    return found


def _seen(fields: guard.Fields) -> int:
    return version(fields.get("versi")) or 0
