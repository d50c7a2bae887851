"""One conversation with all that stands beside it: the stream, the case and its clocks, what may be answered."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.composing import Plan
from omnichannel.domain.conversation import Allowance, Conversation
from omnichannel.domain.errors import NotFound
from omnichannel.domain.house import House
from omnichannel.domain.people import Contact, Staff
from omnichannel.domain.rules import Firing
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Happening, Message, Work
from omnichannel.router import glance
from omnichannel.web import attaching, history, kinship, labels, ladder, planning, reaching, ruled, sharing, stream
from omnichannel.web.scene import abilities
from omnichannel.web.wording import Wording, masked_phone

PAGE = 50
NEAR, LAST = 0.25, 0.08  # of the reply window: then the ring turns amber, then red
REST = "rest"  # what the classifier gave to the other kinds


@dataclass(frozen=True, slots=True)
class Window:
    """The channel's reply window as the composer shows it; `percent` is what is left of it."""

    until: datetime
    seconds: int
    hours: int
    percent: int
    words: str
    tone: str
    late: int = 0  # hours of the ordinary window, once it has shut and a person may still answer


@dataclass(frozen=True, slots=True)
class Bar:
    """One share of the classifier's bar."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the machine (or a person) says it is. `doubt`: somebody should look."""

    kind: str
    confidence: float | None
    doubt: bool
    by: str
    reasons: tuple[str, ...]
    topic_key: str
    topic: str
    unit_key: str | None
    unit: str
    place: str
    bars: tuple[Bar, ...] = ()
    bars_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the store gave for one conversation, still as rows."""

    conversation: Conversation
    contact: Contact
    messages: list[Message]
    happenings: list[Happening]
    cases: list[Case]
    colleagues: list[Staff]
    older: int | None
    beside: reaching.Beside
    shared: sharing.Rows
    fired: list[Firing]
    kin: kinship.Kin
    plans: Sequence[Plan] = ()
    around: int | None = None
    newest: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What the templates of the conversation and the panel beside it draw."""

    conversation: Conversation
    contact: Contact
    phone: str
    assignee: Staff | None
    colleagues: list[Staff]
    cases: list[Case]
    clocks: list[ladder.ClockView]
    verdict: Judged | None
    blocks: list[stream.Block]
    log: list[history.Line]
    older: int | None
    older_page: str
    allowance: Allowance
    window: Window | None
    limit: int | None
    can: dict[str, bool]
    key: str
    snoozes: list[tuple[str, str]]
    reach: reaching.Reach
    shared: sharing.Sharing
    kin: kinship.Kin
    ruled: list[ruled.Ruled]
    glance: Happening | None
    draft: str = ""
    saved: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    as_note: bool = False
    mend: bool = False
    by_hand: bool = False
    in_private: bool = False
    files: str = ""
    file_limits: Sequence[tuple[str, int]] = ()
    files_most: int = 0
    plans: Sequence[planning.Shown] = ()
    laters: Sequence[tuple[str, str]] = ()
    undo: int = 0  # seconds
    around: int | None = None
    newest: bool = True


def find(
    work: Work,
    conversation_id: int,
    *,
    before_id: int | None = None,
    around_id: int | None = None,
    limit: int = PAGE,
) -> Found:
    """The rows of one conversation; NotFound. `before_id` asks for the page of messages before that one, `around_id`
    for the page in which that one stands."""
    conversation = work.conversations.get(conversation_id)
    contact = work.contacts.get(conversation.contact_id) if conversation is not None else None
    if conversation is None or contact is None:
        raise NotFound("Percakapan itu tidak ada.")
    around_id = around_id if before_id is None and _holds(work, conversation_id, around_id) else None
    kin = kinship.find(work, conversation, contact)
    messages = kinship.timeline(work, kin.group, before_id, limit + 1)
    newest = before_id is None
    if around_id is not None and all(message.id != around_id for message in messages[-limit:]):
        later = _later(work, conversation_id, around_id, limit // 2)
        messages, newest = work.messages.thread(conversation_id, before_id=later, limit=limit + 1), False
        if all(message.id != around_id for message in messages):  # its own hour and that of its arrival lie far apart
            messages = [*messages, *(one for one in [work.messages.get(around_id)] if one is not None)]
    more = len(messages) > limit
    messages = messages[-limit:] if more else messages
    beside = reaching.find(work, conversation, messages)
    return Found(
        conversation=conversation,
        contact=contact,
        messages=messages,
        happenings=work.screens.history(conversation_id),
        cases=_latest_first(conversation, [*_cases(work, kin.group), *beside.cases]),
        colleagues=[one for one in work.people.all() if one.disabled_at is None],
        older=(messages[0].id if kin.several else min(message.id for message in messages)) if more else None,
        beside=beside,
        shared=sharing.find(work, conversation),
        kin=kin,
        plans=work.plans.shown(conversation_id) if newest and before_id is None else (),
        fired=work.rules.firings(conversation_id, 5),
        around=around_id,
        newest=newest,
    )


def _cases(work: Work, group: Sequence[Conversation]) -> list[Case]:
    return [case for one in group for case in work.cases.of_conversation(one.id)]


def _holds(work: Work, conversation_id: int, message_id: int | None) -> bool:
    message = work.messages.get(message_id) if message_id is not None else None
    return message is not None and message.conversation_id == conversation_id


def _later(work: Work, conversation_id: int, message_id: int, count: int) -> int:
    """The message that stands `count` places after that one in the thread."""
    after = work.messages.thread(conversation_id, after_id=message_id, limit=count)
    return after[-1].id if after else message_id


def lay_out(parts: House, staff: Staff, found: Found, wording: Wording, aside: int | None = None) -> Talk:
    """Rows become what is drawn. `aside` is the public comment that is to be answered in private."""
    conversation, now = found.conversation, wording.now
    capabilities = parts.capabilities(conversation.account, conversation.surface)
    case = next((one for one in found.cases if one.id == conversation.case_id), None)
    told = history.lines(found.happenings, wording, parts.organisation)
    names = {one.id: one.name for one in found.colleagues}
    allowance = _allowance(conversation, capabilities, now)
    return Talk(
        conversation=conversation,
        contact=found.contact,
        phone=masked_phone(found.contact.phone) if found.contact.phone else "",
        assignee=next((one for one in found.colleagues if one.id == found.kin.main.assignee_id), None),
        colleagues=sorted(found.colleagues, key=lambda one: one.name.casefold()),
        cases=found.cases,
        clocks=_clocks(found, case, wording) if case else [],
        verdict=judged(parts, found, case, wording),
        blocks=_blocks(found, told, wording),
        log=sorted(told, key=lambda line: (line.at, line.id), reverse=True),
        older=found.older,
        older_page=f"/kotak/semua/{conversation.id}?sebelum={found.older}" if found.older else "",
        allowance=allowance,
        window=_window(allowance, capabilities, now, wording),
        limit=capabilities.text_limit if capabilities else None,
        can=abilities(staff, conversation),
        key=secrets.token_urlsafe(18),
        snoozes=snoozes(wording),
        by_hand=capabilities is not None and capabilities.by_hand,
        reach=reaching.lay_out(found.beside, conversation, found.messages, capabilities, now, aside),
        kin=kinship.seen_by(found.kin, staff),
        shared=sharing.lay_out(found.shared, staff, found.kin.main, found.messages, found.colleagues),
        ruled=ruled.lay_out(parts, found.fired, found.messages, now),
        glance=glance.asked(found.happenings),
        in_private=aside is not None,
        files=attaching.rules(capabilities),
        file_limits=attaching.in_words(capabilities),
        files_most=capabilities.attachments_most if capabilities else 0,
        around=found.around,
        newest=found.newest,
        plans=planning.lay_out(found.plans, conversation, staff, wording, names),
        laters=planning.laters(wording),
        undo=int(parts.office.undo.total_seconds()),
    )


def with_draft(talk: Talk, draft: str, error: str = "", *, as_note: bool = False) -> Talk:
    """The same page with what the writer had written, and why it did not leave."""
    return replace(talk, draft=draft, error=error, as_note=as_note)


def judged(parts: House, found: Found, case: Case | None, wording: Wording) -> Judged | None:
    """The verdict as the panel shows it: the case's own, else what the machine says of the citizen's words."""
    conversation = found.conversation
    if case is not None:
        return _of_case(parts, case, wording)
    if conversation.kind is None:
        return None
    said = [one for one in found.messages if one.direction == "in" and one.auto is None and one.text.strip()]
    verdict = parts.classifier.classify(said[-1].text, channel=conversation.channel.value) if said else None
    agrees = verdict is not None and conversation.needs_person and verdict.kind.value == conversation.kind
    reasons = verdict.reasons if verdict is not None and agrees else ()
    bars = _bars({kind.value: share for kind, share in verdict.p.items()} if verdict is not None and agrees else {})
    return Judged(
        kind=conversation.kind,
        confidence=conversation.confidence,
        doubt=conversation.needs_person,
        by=wording.t("oleh mesin") if conversation.needs_person else "",
        reasons=_cues([reason.cue for reason in reasons]),
        topic_key=conversation.topic or "lainnya",
        topic=wording.t(labels.topic(conversation.topic)),
        unit_key=conversation.unit,
        unit=labels.unit_name(parts.organisation, conversation.unit),
        place=_place(verdict) if agrees else "",
        bars=bars,
        bars_words=_said(bars, wording),
    )


def _of_case(parts: House, case: Case, wording: Wording) -> Judged:
    by_hand = not case.reasons and case.confidence >= 1
    bars = _bars({} if by_hand else {case.kind.value: case.confidence, REST: 1 - case.confidence})
    return Judged(
        kind=case.kind.value,
        confidence=None if by_hand else case.confidence,
        doubt=not case.certain,
        by=wording.t("oleh petugas")
        if by_hand
        else wording.t("oleh mesin, {hari}", hari=wording.shortday(case.created_at)),
        reasons=_cues([str(reason.get("cue", "")) for reason in _heaviest(case.reasons)]),
        topic_key=case.topic,
        topic=wording.t(labels.topic(case.topic)),
        unit_key=case.unit,
        unit=labels.unit_name(parts.organisation, case.unit),
        place=labels.place(parts.organisation, case),
        bars=bars,
        bars_words=_said(bars, wording),
    )


def _heaviest(reasons: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    def weight(reason: dict[str, object]) -> float:
        value = reason.get("weight")
        return -abs(value) if isinstance(value, int | float) else 0.0

    return sorted(reasons, key=weight)


def _cues(cues: Sequence[str], most: int = 6) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for cue in cues:
        seen.setdefault(cue.casefold().strip(), cue.strip())
    return tuple(cue for key, cue in seen.items() if key)[:most]


def _bars(shares: dict[str, float]) -> tuple[Bar, ...]:
    """Side by side, the likeliest first; what is left over comes last."""
    bars, x = [], 0.0
    for kind, share in sorted(shares.items(), key=lambda pair: -pair[1] if pair[0] != REST else 1):
        width = round(max(0.0, share) * 100, 1)
        bars.append(Bar(kind, round(x, 1), width))
        x += width
    return tuple(bars)


def _said(bars: Sequence[Bar], wording: Wording) -> str:
    named = {kind.value: wording.t(word) for kind, word in labels.KINDS.items()} | {REST: wording.t("jenis lain")}
    return ", ".join(f"{named[bar.kind]} {wording.percent(bar.width / 100)}" for bar in bars)


def _place(verdict: Verdict | None) -> str:
    if verdict is None or verdict.place is None:
        return ""
    names = (verdict.place.desa.name if verdict.place.desa else "", verdict.place.kecamatan.name)
    return ", ".join(name for name in names if name)


def _blocks(found: Found, told: Sequence[history.Line], wording: Wording) -> list[stream.Block]:
    shown = stream.blocks(
        found.messages,
        told,
        wording=wording,
        channel=found.conversation.channel,
        citizen=labels.citizen(found.contact.label),
        names={one.id: one.name for one in found.colleagues},
        whole=found.older is None,
    )
    return kinship.coloured(shown, found.kin.group) if found.kin.several else shown


def _allowance(conversation: Conversation, capabilities: Capabilities | None, now: datetime) -> Allowance:
    if capabilities is None:
        return Allowance(
            allowed=False, reason="Akun kanal ini tidak ada lagi di konfigurasi, jadi jawaban tidak dapat dikirim."
        )
    return conversation.may_answer(capabilities, now)


def _window(allowance: Allowance, capabilities: Capabilities | None, now: datetime, wording: Wording) -> Window | None:
    """A ring beside the composer. It is the channel's clock, not the law's."""
    if allowance.until is None or capabilities is None or capabilities.window is None:
        return None
    span = capabilities.late_window if allowance.late is not None and capabilities.late_window else capabilities.window
    left = max(timedelta(0), allowance.until - now)
    share = min(1.0, left / span)
    tone = "last" if share < LAST else "near" if share < NEAR else ""
    minutes = int(left.total_seconds() // 60)
    if minutes >= 48 * 60:
        said = wording.t("{n} hari", n=minutes // (24 * 60))
    elif minutes >= 60:
        said = wording.t("{j} jam {m} mnt", j=minutes // 60, m=minutes % 60)
    else:
        said = wording.t("{m} mnt", m=minutes)
    return Window(
        allowance.until,
        int(span.total_seconds()),
        int(span / timedelta(hours=1)),
        round(share * 100),
        said,
        tone,
        int(capabilities.window / timedelta(hours=1)) if allowance.late is not None else 0,
    )


def snoozes(wording: Wording) -> list[tuple[str, str]]:
    """Later today, tomorrow morning, the next working day, a week: at eight, when the desk opens."""
    local = wording.now.astimezone(wording.zone)
    eight = local.replace(hour=8, minute=0, second=0, microsecond=0)
    in_three_hours = (local + timedelta(hours=3)).replace(second=0, microsecond=0)
    working = wording.calendar.add(wording.today, 1)
    monday = eight.replace(year=working.year, month=working.month, day=working.day)
    choices = [
        (in_three_hours, wording.t("3 jam lagi, {jam}", jam=wording.clock(in_three_hours))),
        (eight + timedelta(days=1), wording.t("besok pagi")),
        (monday, wording.t("hari kerja berikutnya, {hari}", hari=wording.day(monday))),
        (eight + timedelta(days=7), wording.t("seminggu lagi, {hari}", hari=wording.day(eight + timedelta(days=7)))),
    ]
    once = {moment.isoformat(): word for moment, word in choices}
    return list(once.items())


def _clocks(found: Found, case: Case, wording: Wording) -> list[ladder.ClockView]:
    taken = ladder.steps_taken(found.happenings, case.id, wording.zone)
    in_lapor = case.tracking_id is not None
    return ladder.clocks(case.clocks, wording.today, running=case.state.running, in_lapor=in_lapor, met=taken)


def _latest_first(conversation: Conversation, cases: Sequence[Case]) -> list[Case]:
    """The conversation's own case on top, the rest from young to old."""
    return sorted(cases, key=lambda case: (case.id != conversation.case_id, -case.id))
