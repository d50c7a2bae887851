"""What the PPID does on the sheet of a request: fill in, ask, extend, test, rule, approve."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.ppid import NO_REASON
from omnichannel.domain.ppid_decision import ConsequenceTest, Ruling
from omnichannel.domain.work import Work
from omnichannel.router import formal, look_first, ruling
from omnichannel.router.desk import Desk, by_staff
from omnichannel.web import files, guard, scene
from omnichannel.web.case import named, version
from omnichannel.web.keys import house
from omnichannel.web.ppid_sheet import BASE, Trouble, draw

LONGEST_NUMBER = 12  # digits of an amount in rupiah
Deed = Callable[[Work, Desk, Staff, Case], Any]
SECRET = frozenset({"csrf", "kembali"})


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"{BASE}/isi", guard.allow(fill, Action.CLASSIFY)),
        web.post(f"{BASE}/minta", guard.allow(ask, Action.CLASSIFY)),
        web.post(f"{BASE}/berkas/{{paper:\\d{{1,18}}}}", guard.allow(judge_paper, Action.CLASSIFY)),
        web.get(f"{BASE}/berkas/{{paper:\\d{{1,18}}}}", guard.allow(paper, Action.READ)),
        web.post(f"{BASE}/perpanjang", guard.allow(extend, Action.DECIDE)),
        web.post(f"{BASE}/uji", guard.allow(test, Action.DECIDE)),
        web.post(f"{BASE}/putus", guard.allow(decide, Action.DECIDE)),
        web.post(f"{BASE}/setuju", guard.allow(approve, Action.APPROVE)),
        web.post(f"{BASE}/kembalikan", guard.allow(send_back, Action.APPROVE)),
        web.post(f"{BASE}/tawarkan", guard.allow(offer, Action.CLASSIFY)),
        web.post(f"{BASE}/diterima", guard.allow(accept, Action.DECIDE)),
    ]


async def fill(request: web.Request) -> web.StreamResponse:
    """The formal part, as staff heard or read it."""
    fields, now = await guard.fields(request), house(request).clock.now()
    given = {name: text(fields, name) for name in formal.FILLED if name in fields}
    seen = version(fields.get("versi"))

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        formal.fill(work, desk, case.id, given, by_staff(staff), now=now, seen=seen)

    return await act(request, fields, "isi", Action.CLASSIFY, deed, "ppid-isi")


async def ask(request: web.Request) -> web.StreamResponse:
    """Ask the citizen for what lacks, by a link on their own channel."""
    fields, now = await guard.fields(request), house(request).clock.now()

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        formal.ask(work, desk, case.id, by_staff(staff), now=now)

    return await act(request, fields, "minta", Action.CLASSIFY, deed, "ppid-minta")


async def judge_paper(request: web.Request) -> web.StreamResponse:
    """A paper is unreadable, or is taken after all."""
    fields, now = await guard.fields(request), house(request).clock.now()
    paper_id, fault = int(request.match_info["paper"]), text(fields, "sebab")
    if fields.get("terima") == "ya":
        fault = ""
    elif not fault:
        fault = NO_REASON

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        held = work.requests.paper(paper_id)
        if held is None or held.case_id != case.id:
            raise NotFound("Berkas itu tidak ada.")
        formal.fault_paper(work, desk, staff, paper_id, fault, now=now)

    return await act(request, fields, "berkas", Action.CLASSIFY, deed, "ppid-berkas")


async def paper(request: web.Request) -> web.StreamResponse:
    """The bytes of a paper, for whoever may read the case."""
    number, paper_id = request.match_info["number"], int(request.match_info["paper"])

    def question(work: Work) -> tuple[Case, Any]:
        return named(work, number), work.requests.paper(paper_id)

    case, held = await house(request).store.read(question)
    guard.ask(request, Action.READ, case)
    if held is None or held.case_id != case.id:
        raise NotFound("Berkas itu tidak ada.")
    return await files.hand_over(request, held.sha256, held.media_type, held.name)


async def extend(request: web.Request) -> web.StreamResponse:
    """Seven working days more, once."""
    fields, now = await guard.fields(request), house(request).clock.now()
    reason, seen = text(fields, "alasan"), _seen(fields)

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        formal.extend(work, desk, staff, case.id, reason, now=now, seen=seen)

    return await act(request, fields, "perpanjang", Action.DECIDE, deed, "ppid-perpanjang")


async def test(request: web.Request) -> web.StreamResponse:
    """One consequence test."""
    fields, now = await guard.fields(request), house(request).clock.now()

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        said = ConsequenceTest(
            id=0,
            case_id=case.id,
            information=text(fields, "informasi"),
            basis=text(fields, "dasar"),
            consequence=text(fields, "akibat"),
            period=text(fields, "jangka"),
            approver=text(fields, "pejabat"),
            approver_post=text(fields, "jabatan"),
            by="",
            at=now,
            law=text(fields, "undang"),
        )
        ruling.record_test(work, staff, said, now=now)

    return await act(request, fields, "uji", Action.DECIDE, deed, "ppid-uji")


async def decide(request: web.Request) -> web.StreamResponse:
    """The ruling; where the office wants approval, its draft."""
    fields, now = await guard.fields(request), house(request).clock.now()
    seen = _seen(fields)

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        ruling.decide(work, desk, staff, case.id, ruled(fields), now=now, seen=seen)

    approval = house(request).office.ppid.approval
    return await act(request, fields, "putus", Action.DECIDE, deed, "ppid-rancangan" if approval else "hasil")


async def approve(request: web.Request) -> web.StreamResponse:
    """The second pair of eyes."""
    fields, now = await guard.fields(request), house(request).clock.now()
    draft, seen = version(fields.get("rancangan")) or 0, _seen(fields)

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        ruling.approve(work, desk, staff, draft, now=now, seen=seen)

    return await act(request, fields, "setuju", Action.APPROVE, deed, "hasil")


async def send_back(request: web.Request) -> web.StreamResponse:
    """The approver wants it otherwise."""
    fields, now = await guard.fields(request), house(request).clock.now()
    draft, remark = version(fields.get("rancangan")) or 0, text(fields, "catatan")

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        ruling.send_back(work, staff, draft, remark, now=now)

    return await act(request, fields, "setuju", Action.APPROVE, deed, "ppid-kembali")


async def offer(request: web.Request) -> web.StreamResponse:
    """It is public already: send the citizen its address."""
    fields, now = await guard.fields(request), house(request).clock.now()
    item = version(fields.get("butir")) or 0

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        look_first.offer(work, desk, staff, case.id, item, now=now)

    return await act(request, fields, "tawarkan", Action.CLASSIFY, deed, "ppid-tawar")


async def accept(request: web.Request) -> web.StreamResponse:
    """The citizen said that it is what they wanted."""
    fields, now = await guard.fields(request), house(request).clock.now()

    def deed(work: Work, desk: Desk, staff: Staff, case: Case) -> None:
        look_first.accept(work, desk, case.id, by_staff(staff), now=now)

    return await act(request, fields, "tawarkan", Action.DECIDE, deed, "hasil")


def ruled(fields: guard.Fields) -> Ruling:
    """The ruling as the form has it. Invalid: no outcome, or an amount that is none."""
    chosen, amount = text(fields, "hasil"), text(fields, "biaya").replace(".", "").removeprefix("Rp").strip()
    if chosen not in set(Outcome):
        raise Invalid("Pilih hasilnya.")
    if amount and not (amount.isascii() and amount.isdigit() and len(amount) <= LONGEST_NUMBER):
        raise Invalid("Tulis biaya dengan angka saja, misalnya 15.000.")
    return Ruling(
        outcome=Outcome(chosen),
        reason=text(fields, "alasan"),
        grounds=tuple(one for one in fields.getall("pasal", []) if isinstance(one, str)),
        forwarded_to=text(fields, "kepada"),
        redacted=text(fields, "hitam"),
        medium=text(fields, "bentuk"),
        cost=int(amount or 0),
        payment=text(fields, "bayar"),
    )


async def act(
    request: web.Request, fields: guard.Fields, form: str, action: Action, deed: Deed, told: str
) -> web.StreamResponse:
    """Carry out one form of the sheet; what the law or a rule refuses is said beside the form, with what was typed."""
    parts, staff, number = house(request), guard.staff(request), request.match_info["number"]
    desk = desk_of(request)

    def story(work: Work) -> None:
        case = named(work, number)
        guard.ask(request, action, case)
        deed(work, desk, staff, case)

    try:
        await parts.store.write(story)
    except Invalid as problem:
        return await draw(request, 422, trouble_of(form, problem, fields))
    return scene.back(fields, f"/ppid/permohonan/{number}", told)


def trouble_of(form: str, problem: Invalid, fields: guard.Fields) -> Trouble:
    """What comes back to the page with its refusal."""
    typed = {name: text(fields, name) for name in fields if name not in SECRET}
    chosen = frozenset(one for one in fields.getall("pasal", []) if isinstance(one, str))
    return Trouble(form, str(problem), typed, chosen)


def desk_of(request: web.Request) -> Desk:
    """What the stories of a case lean on."""
    parts = house(request)
    return Desk(office=parts.office, organisation=parts.organisation, clocks=parts.clocks, ability=parts.capabilities)


def text(fields: guard.Fields, name: str) -> str:
    """One field as text that every database holds."""
    value = fields.get(name, "")
    plain = value if isinstance(value, str) else ""
    return plain.replace("\x00", "").replace("\r\n", "\n").encode("utf-8", "replace").decode().strip()


def _seen(fields: guard.Fields) -> int:
    """The version that the page showed; a form that names none has seen nothing."""
    return version(fields.get("versi")) or 0
