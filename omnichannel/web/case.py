"""One case on a page of its own, and what people decide about it: right, wrong, void."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from omnichannel.domain.case import OUTCOMES, Case, Kind, Outcome
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.checklist import Tick
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.house import House
from omnichannel.domain.people import Contact, Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.work import File, FileState, Happening, Message, Work
from omnichannel.inbox.reply import of
from omnichannel.router import conclude as endings
from omnichannel.router import formal, route
from omnichannel.router.desk import by_staff
from omnichannel.web import guard, history, labels, ladder, pages, scene
from omnichannel.web.keys import house
from omnichannel.web.labels import kind_of
from omnichannel.web.stream import text_of
from omnichannel.web.wording import masked_phone

NUMBER = "{number:[A-Za-z0-9][A-Za-z0-9._-]{1,59}}"
CONVERSATION = "{conversation:\\d{1,18}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The rows behind a case page."""

    case: Case
    conversation: Conversation
    contact: Contact
    message: Message | None
    happenings: list[Happening]
    others: list[Case]
    ticks: Mapping[str, Tick]


def routes() -> list[web.RouteDef]:
    return [
        web.get(f"/kasus/{NUMBER}", guard.allow(show, Action.READ)),
        web.post(f"/kasus/{NUMBER}/batal", guard.allow(void, Action.VOID)),
        web.post(f"/kasus/{NUMBER}/pastikan", guard.allow(confirm, Action.CLASSIFY)),
        web.post(f"/kasus/{NUMBER}/hasil", guard.allow(conclude, Action.CONCLUDE)),
        web.post(f"/kasus/{NUMBER}/buka-lagi", guard.allow(reopen, Action.CONCLUDE)),
        web.post("/pesan/{message:\\d{1,18}}/kasus", guard.allow(another, Action.CLASSIFY)),
        web.post(f"/percakapan/{CONVERSATION}/klasifikasi", guard.allow(reclassify, Action.CLASSIFY)),
        web.post(f"/percakapan/{CONVERSATION}/benar", guard.allow(agree, Action.CLASSIFY)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """Both clocks on their ladder, who asks, what is asked, and everything that happened."""
    return await draw(request)


async def draw(
    request: web.Request, status: int = 200, *, form: str = "", error: str = "", reason: str = "", chosen: str = ""
) -> web.StreamResponse:
    """The case page; `form`, `error`, `reason` and `chosen` bring back a form that could not be carried out."""
    number, parts, wording = request.match_info["number"], house(request), pages.wording(request)
    seen, dossier = await scene.read(request, lambda work: find(work, number))
    case = dossier.case
    guard.ask(request, Action.READ, case)
    staff = guard.staff(request)
    taken = ladder.steps_taken(dossier.happenings, case.id, wording.zone)
    told = history.lines(_of_case(dossier), wording, parts.organisation)
    context: dict[str, Any] = scene.setting(request, seen, "ppid" if case.queue == "ppid" else "lapor") | {
        "case": case,
        "dossier": dossier,
        "clocks": ladder.clocks(
            case.clocks,
            wording.today,
            running=case.state.running,
            in_lapor=case.tracking_id is not None,
            met=taken,
        ),
        "log": sorted(told, key=lambda line: (line.at, line.id), reverse=True),
        "topic": labels.topic(case.topic),
        "asked": text_of(dossier.message) if dossier.message else case.title,
        "files": _files(dossier.message),
        "phone": masked_phone(dossier.contact.phone) if dossier.contact.phone else "",
        "can": scene.abilities(staff, case),
        "form": form,
        "error": error,
        "reason": reason,
        "chosen": chosen,
        "outcomes": [(one.value, labels.OUTCOMES[one], one.needs_reason) for one in OUTCOMES[case.kind]],
    }
    context["here"] = f"/kasus/{case.number}"
    return pages.page(request, "case.html", status, **context)


async def void(request: web.Request) -> web.StreamResponse:
    """Take a wrong case out of the count; the register keeps its number and the reason."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number, reason = request.match_info["number"], _text(fields, "alasan")
    seen = version(fields.get("versi"))

    def story(work: Work) -> Case:
        case = named(work, number)
        guard.ask(request, Action.VOID, case)
        return route.void(work, staff, case.id, reason, now=now, seen=seen)

    try:
        await house(request).store.write(story)
    except Invalid as problem:
        return await draw(request, 422, form="batal", error=str(problem), reason=reason)
    return scene.back(fields, f"/kasus/{number}", "batal")


async def confirm(request: web.Request) -> web.StreamResponse:
    """A person says that the machine was right."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number = request.match_info["number"]

    def story(work: Work) -> Case:
        case = named(work, number)
        guard.ask(request, Action.CLASSIFY, case)
        return _sure(work, house(request), staff, case.id, now)

    await house(request).store.write(story)
    return scene.back(fields, f"/kasus/{number}", "pasti")


async def conclude(request: web.Request) -> web.StreamResponse:
    """How it ended, and why; the citizen is told unless the officer has told them already."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now, chosen = request.match_info["number"], parts.clock.now(), str(fields.get("hasil", ""))
    reason, seen, tell = _text(fields, "alasan"), version(fields.get("versi")), fields.get("kabari") == "ya"

    def story(work: Work) -> Case:
        case = named(work, number)
        guard.ask(request, Action.CONCLUDE, case)
        if case.kind is Kind.INFORMATION_REQUEST:
            raise Invalid(
                "Permohonan informasi diputus di lembar permohonannya, dengan alasan yang diminta undang-undang."
            )
        if chosen not in set(Outcome):
            raise Invalid("Pilih hasilnya.")
        ended = endings.conclude(work, staff, case.id, Outcome(chosen), now=now, why=reason, seen=seen)
        if tell and ended.version != case.version:
            able = able_to_tell(work, parts, ended)
            endings.tell_outcome(work, parts.office, ended, reason, capabilities=able, now=now)
        return ended

    try:
        await parts.store.write(story)
    except Invalid as problem:
        return await draw(request, 422, form="hasil", error=str(problem), reason=reason, chosen=chosen)
    return scene.back(fields, f"/kasus/{number}", "hasil")


async def reopen(request: web.Request) -> web.StreamResponse:
    """It is not over; the old clock runs on."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number, reason, seen = request.match_info["number"], _text(fields, "alasan"), version(fields.get("versi"))

    def story(work: Work) -> Case:
        case = named(work, number)
        guard.ask(request, Action.CONCLUDE, case)
        return endings.reopen(work, staff, case.id, reason, now=now, seen=seen)

    try:
        await house(request).store.write(story)
    except Invalid as problem:
        return await draw(request, 422, form="buka-lagi", error=str(problem), reason=reason)
    return scene.back(fields, f"/kasus/{number}", "dibuka")


async def another(request: web.Request) -> web.StreamResponse:
    """One message, two matters: a second case with its own number and clock."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    message_id, now = int(request.match_info["message"]), parts.clock.now()
    kind, topic, unit = _classified(fields)

    def story(work: Work) -> Case:
        message = work.messages.get(message_id)
        if message is None:
            raise NotFound("Pesan warga itu tidak ada.")
        guard.ask(request, Action.CLASSIFY, of(work, message.conversation_id))
        return route.open_another(work, _desk(parts), staff, message_id, kind=kind, topic=topic, unit=unit, now=now)

    case = await parts.store.write(story)
    return scene.back(fields, f"/kasus/{case.number}", "kasus-baru")


async def reclassify(request: web.Request) -> web.StreamResponse:
    """A person corrects kind, topic or unit."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    conversation_id, now = int(request.match_info["conversation"]), parts.clock.now()
    kind, topic, unit = _classified(fields)

    def story(work: Work) -> Case | None:
        guard.ask(request, Action.CLASSIFY, of(work, conversation_id))
        return route.reclassify(work, _desk(parts), staff, conversation_id, kind=kind, topic=topic, unit=unit, now=now)

    await parts.store.write(story)
    return scene.back(fields, f"/kotak/semua/{conversation_id}", "klasifikasi")


async def agree(request: web.Request) -> web.StreamResponse:
    """What the machine was not sure of is right: an unsure case becomes certain, a suggestion becomes a case."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    conversation_id, now = int(request.match_info["conversation"]), parts.clock.now()

    def story(work: Work) -> Case | None:
        conversation = of(work, conversation_id)
        guard.ask(request, Action.CLASSIFY, conversation)
        if conversation.case_id is not None:
            return _sure(work, parts, staff, conversation.case_id, now)
        kind = kind_of(conversation.kind or "")
        if kind is None:
            raise Conflict("Mesin belum menebak jenis percakapan ini. Pilih sendiri lewat Perbaiki.")
        return route.reclassify(
            work,
            _desk(parts),
            staff,
            conversation_id,
            kind=kind,
            topic=conversation.topic or "lainnya",
            unit=conversation.unit,
            now=now,
        )

    await parts.store.write(story)
    return scene.back(fields, f"/kotak/semua/{conversation_id}", "pasti")


def _sure(work: Work, parts: House, staff: Staff, case_id: int, now: datetime) -> Case:
    """Confirmed; a request that waited for this is now asked for what its form lacks."""
    case = route.confirm(work, staff, case_id, now=now)
    if case.kind is Kind.INFORMATION_REQUEST and case.state.running:
        formal.ask_at_once(work, _desk(parts), case, by_staff(staff), now)
    return case


def named(work: Work, number: str) -> Case:
    """The case with that register number; NotFound."""
    case = work.cases.by_number(number.upper()) or work.cases.by_number(number)
    if case is None:
        raise NotFound(f"Nomor {number} tidak ada di register.")
    return case


def find(work: Work, number: str) -> Dossier:
    """The rows of a case page; NotFound."""
    case = named(work, number)
    conversation = of(work, case.conversation_id)
    contact = work.contacts.get(case.contact_id)
    if contact is None:
        raise NotFound("Warga pada kasus ini tidak ada lagi.")
    return Dossier(
        case=case,
        conversation=conversation,
        contact=contact,
        message=work.messages.get(case.message_id),
        happenings=work.screens.history(conversation.id, limit=300),
        ticks=work.together.ticks(case.id),
        others=[one for one in work.cases.of_conversation(conversation.id) if one.id != case.id],
    )


def _desk(parts: House) -> route.Desk:
    return route.Desk(
        office=parts.office, organisation=parts.organisation, clocks=parts.clocks, ability=parts.capabilities
    )


def _of_case(dossier: Dossier) -> list[Happening]:
    """What happened to this case, and to its conversation; another case of the same conversation has its own page."""
    case = dossier.case
    return [one for one in dossier.happenings if one.thing != "case" or one.thing_id == case.id]


def able_to_tell(work: Work, parts: House, case: Case) -> Capabilities | None:
    """What the citizen's own channel can do; None when its account is gone."""
    conversation = work.conversations.get(case.conversation_id)
    return parts.capabilities(conversation.account, conversation.surface) if conversation is not None else None


def _classified(fields: guard.Fields) -> tuple[Kind, str, str | None]:
    """Kind, topic and unit as a form chose them; Invalid."""
    kind, topic = kind_of(str(fields.get("jenis", ""))), str(fields.get("topik", ""))
    if kind is None or topic not in labels.TOPICS:
        raise Invalid("Pilih jenis dan topik dari daftar.")
    return kind, topic, str(fields.get("unit", "")) or None


def _text(fields: guard.Fields, name: str) -> str:
    return str(fields.get(name, "")).replace("\0", "").replace("\r\n", "\n")


def _files(message: Message | None) -> list[File]:
    return [file for file in message.files if file.state is FileState.KEPT] if message is not None else []


def version(value: object) -> int | None:
    """The version that a form has seen; None when it did not say."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else None
