"""Answers that wait: taken back within seconds, or planned for later; shown in their conversation, changed, cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import Capabilities
from omnichannel.domain.composing import Deeds, Plan, PlanState
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.house import House
from omnichannel.domain.message import Attachment
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.work import Work
from omnichannel.inbox import plans
from omnichannel.inbox.reply import of
from omnichannel.web import files, filling, guard, pages, scene
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

PLAN = "{plan:\\d{1,18}}"
NTH = "{nth:\\d{1,18}}"
LATER, OWN = "nanti", "pilih"
OFFICE_OPENS = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """One waiting answer as the stream draws it."""

    plan: Plan
    who: str
    said: str
    local: str
    mine: bool
    overtaken: bool

    @property
    def failed(self) -> bool:
        return self.plan.state is PlanState.FAILED


@dataclass(frozen=True, slots=True)
class Hold:
    """When the answer of this form is to leave, if not at once."""

    at: datetime
    brief: bool
    unless: bool = False


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"/rencana/{PLAN}/batal", guard.allow(cancel, Action.REPLY)),
        web.post(f"/rencana/{PLAN}/ubah", guard.allow(change, Action.REPLY)),
        web.get(f"/rencana/{PLAN}/berkas/{NTH}", guard.allow(attached, Action.READ)),
        web.post("/saya/urungkan", guard.allow(set_taste, Action.REPLY)),
    ]


async def cancel(request: web.Request) -> web.StreamResponse:
    """It is not to leave. The page's script hears what it held; without one, the words are the draft again."""
    fields, staff, now = await guard.fields(request), guard.staff(request), house(request).clock.now()
    number = int(request.match_info["plan"])

    def story(work: Work) -> Plan:
        _asked(request, work, number)
        return plans.cancel(work, staff, number, now=now)

    plan = await house(request).store.write(story)
    if "HX-Request" not in request.headers or "kembali" in fields:
        return scene.back(fields, f"/kotak/semua/{plan.conversation_id}")
    held = [
        {"name": one.name, "type": one.media_type, "url": f"/rencana/{plan.id}/berkas/{nth}"}
        for nth, one in enumerate(plan.files)
    ]
    told = {"conversation": plan.conversation_id, "text": plan.text, "files": held}
    return web.json_response(told | {"move": plan.deeds.name if plan.deeds else ""})


async def change(request: web.Request) -> web.StreamResponse:
    """Other words, another moment, or now."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    number, now, wording = int(request.match_info["plan"]), parts.clock.now(), pages.wording(request)
    text = filling.whole(str(fields.get("text", "")).replace("\r\n", "\n").replace("\0", ""))
    at = now if "sekarang" in fields else local_moment(str(fields.get("pada", "")), wording)
    unless = "bila" in fields and "sekarang" not in fields

    def story(work: Work) -> Plan:
        _asked(request, work, number)
        return plans.change(work, staff, number, text, at, unless, ability=ability_of(parts), now=now)

    plan = await parts.store.write(story)
    return scene.back(fields, f"/kotak/semua/{plan.conversation_id}")


async def attached(request: web.Request) -> web.StreamResponse:
    """A file that goes, or would have gone, along."""
    number, nth = int(request.match_info["plan"]), int(request.match_info["nth"])
    plan = await house(request).store.read(lambda work: _asked(request, work, number, Action.READ))
    file = plan.files[nth] if nth < len(plan.files) else None
    if file is None or file.sha256 is None:
        raise NotFound("Berkas itu tidak ada.")
    return await files.hand_over(request, file.sha256, file.media_type, file.name or "berkas")


async def set_taste(request: web.Request) -> web.StreamResponse:
    """Whether my answers wait the few seconds in which I can take them back."""
    fields, staff = await guard.fields(request), guard.staff(request)
    wanted = fields.get("urungkan") == "ya"
    await house(request).store.write(lambda work: work.plans.set_brief(staff.id, wanted))
    return scene.back(fields, "/saya", "tersimpan")


def hold_of(fields: Mapping[str, Any], parts: House, wording: Wording, now: datetime) -> Hold | None:
    """What the form asks: `nanti` names a moment, `tunggu` that the page can take it back. None: at once."""
    chosen = str(fields.get(LATER, ""))
    if chosen:
        typed = str(fields.get("nanti_pada", ""))
        at = local_moment(typed if chosen == OWN else chosen, wording)
        if at <= now:
            raise Invalid("Pilih waktu yang masih akan datang.")
        return Hold(at, brief=False, unless="bila" in fields)
    if fields.get("tunggu") == "1" and parts.office.undo:
        return Hold(now + parts.office.undo, brief=True)
    return None


def waits(
    work: Work,
    staff: Staff,
    conversation: Conversation,
    text: str,
    hold: Hold | None,
    *,
    key: str,
    parts: House,
    now: datetime,
    comment_id: int | None = None,
    kept: Sequence[Attachment] = (),
    answered: int | None = None,
    deeds: Deeds | None = None,
) -> Plan | None:
    """Plan it if it is to wait. None: it leaves at once, also where the seconds would let the reply window shut."""
    if hold is None:
        return None
    can, speaks = parts.capabilities(conversation.account, conversation.surface), bool(text or kept)
    if hold.brief and not work.plans.brief(staff.id):
        return None
    if hold.brief and speaks and not _bears(conversation, can, hold.at, comment_id):
        return None
    return plans.plan(
        work,
        staff,
        conversation.id,
        text,
        key=key,
        at=hold.at,
        ability=ability_of(parts),
        now=now,
        brief=hold.brief,
        unless=hold.unless or (deeds is not None and bool(deeds.after)),  # what has just come in is not put away
        comment_id=comment_id,
        files=kept,
        answered=answered,
        deeds=deeds,
    )


def lay_out(
    found: Sequence[Plan], conversation: Conversation, staff: Staff, wording: Wording, names: dict[int, str]
) -> list[Shown]:
    """Those that wait and those that could not leave, by their moment."""
    return [
        Shown(
            plan=one,
            who=names.get(one.staff_id, wording.t("Petugas")),
            said=wording.moment(one.at),
            local=one.at.astimezone(wording.zone).strftime("%Y-%m-%dT%H:%M"),
            mine=one.staff_id == staff.id,
            overtaken=one.overtaken(conversation.last_in_at),
        )
        for one in found
    ]


def laters(wording: Wording) -> list[tuple[str, str]]:
    """Tomorrow and the next working day at eight, by the office's own calendar."""
    morning = wording.now.astimezone(wording.zone).replace(hour=OFFICE_OPENS, minute=0, second=0, microsecond=0)
    working = wording.calendar.add(wording.today, 1)
    tomorrow = morning + timedelta(days=1)
    workday = morning.replace(year=working.year, month=working.month, day=working.day)
    named = [
        (tomorrow, wording.t("Besok, {hari}, {jam}", hari=wording.day(tomorrow), jam=wording.clock(tomorrow))),
        (
            workday,
            wording.t("Hari kerja berikutnya, {hari}, {jam}", hari=wording.day(workday), jam=wording.clock(workday)),
        ),
    ]
    once: dict[str, str] = {}
    for moment, word in named:
        once.setdefault(moment.isoformat(), word)
    return list(once.items())


def local_moment(text: str, wording: Wording) -> datetime:
    """A moment from a form; without a zone it is the office's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("Pilih tanggal dan jamnya.") from None
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=wording.zone)


def ability_of(parts: House) -> plans.Ability:
    """What the channel of a conversation can do."""

    def ability(conversation: Conversation) -> Capabilities | None:
        return parts.capabilities(conversation.account, conversation.surface)

    return ability


def _bears(conversation: Conversation, can: Capabilities | None, at: datetime, comment_id: int | None) -> bool:
    if can is None or can.by_hand:
        return False
    return comment_id is not None or conversation.may_answer(can, at).allowed


def _asked(request: web.Request, work: Work, number: int, action: Action = Action.REPLY) -> Plan:
    found = work.plans.get(number)
    if found is None:
        raise NotFound("Rencana kirim itu tidak ada.")
    guard.ask(request, action, of(work, found.conversation_id))
    return found
