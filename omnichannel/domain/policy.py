"""Who may do what: one question, `may(staff, action, thing)`, asked by pages, live stream, files and API alike."""

from dataclasses import dataclass
from enum import StrEnum

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.dip import Item
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.records import Scope


class Action(StrEnum):
    """Everything that a page, a stream or a call can ask leave for."""

    SEE_DESK = "see_desk"
    READ = "read"
    REPLY = "reply"
    NOTE = "note"
    RECORD = "record"
    ASSIGN = "assign"
    CLASSIFY = "classify"
    RESOLVE = "resolve"
    LABEL = "label"
    SEE_REGISTER = "see_register"
    DECIDE = "decide"
    APPROVE = "approve"
    CONCLUDE = "conclude"
    ANSWER_TASK = "answer_task"
    MANAGE_LISTS = "manage_lists"
    VOID = "void"
    SEE_LAPOR = "see_lapor"
    KEY_IN = "key_in"
    ACKNOWLEDGE_ALARM = "acknowledge_alarm"
    SEE_ACCOUNTS = "see_accounts"
    MANAGE_STAFF = "manage_staff"
    SEE_AUDIT = "see_audit"
    SEE_LEARNING = "see_learning"
    TEACH = "teach"
    MANAGE_MOVES = "manage_moves"
    MANAGE_RULES = "manage_rules"
    MANAGE_LABELS = "manage_labels"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, and why, in words for the person who asked."""

    allowed: bool
    why: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)
OTHERS_LIST = "Anda hanya dapat mengubah daftar informasi unit Anda sendiri."
PPIDS_LIST = (
    "Informasi yang dikecualikan ditetapkan PPID sesudah uji konsekuensi (UU 14/2008 Pasal 19). Minta PPID mencatatnya."
)

_LOOK = frozenset({Action.SEE_DESK, Action.READ, Action.SEE_REGISTER, Action.SEE_LAPOR})
_TALK = frozenset(
    {Action.REPLY, Action.NOTE, Action.RECORD, Action.ASSIGN, Action.CLASSIFY, Action.RESOLVE, Action.LABEL}
)
_PPID = frozenset(
    {Action.DECIDE, Action.APPROVE, Action.CONCLUDE, Action.ANSWER_TASK, Action.MANAGE_LISTS, Action.EXPORT}
)
_ALARM = frozenset({Action.ACKNOWLEDGE_ALARM})

_ALLOWED: dict[Role, frozenset[Action]] = {
    Role.AGENT: _LOOK | _TALK | _ALARM | {Action.KEY_IN, Action.CONCLUDE, Action.SEE_ACCOUNTS},
    Role.PPID: _LOOK | _TALK | _ALARM | _PPID | {Action.VOID},
    Role.LAPOR: _LOOK | _TALK | _ALARM | {Action.KEY_IN, Action.CONCLUDE, Action.VOID, Action.EXPORT},
    Role.UNIT: frozenset(
        {
            Action.SEE_DESK,
            Action.READ,
            Action.REPLY,
            Action.NOTE,
            Action.SEE_REGISTER,
            Action.SEE_LAPOR,
            Action.RESOLVE,
            Action.LABEL,
            Action.ANSWER_TASK,
            Action.MANAGE_LISTS,
        }
    )
    | _ALARM,
    Role.SUPERVISOR: _LOOK
    | _TALK
    | _ALARM
    | {
        *_PPID,
        Action.VOID,
        Action.KEY_IN,
        Action.SEE_ACCOUNTS,
        Action.SEE_AUDIT,
        Action.SEE_LEARNING,
        Action.TEACH,
        Action.MANAGE_MOVES,
        Action.MANAGE_RULES,
        Action.MANAGE_LABELS,
    },
    Role.ADMINISTRATOR: frozenset(Action),
    Role.AUDITOR: _LOOK | {Action.SEE_ACCOUNTS, Action.SEE_AUDIT, Action.SEE_LEARNING},
}


def may(staff: Staff, action: Action, thing: Conversation | Case | Item | None = None) -> Decision:
    """Whether this staff member may do this to this thing.

    A unit officer sees only what lies with their unit, and keeps their unit's list of public information (PPID pelaksana);
    what is exempted from it, the PPID establishes (UU 14/2008, Pasal 19). A disabled login may nothing. Reading by an auditor never
    changes anything, because an auditor has no action that writes. An information request is concluded by the PPID
    (UU 14/2008, Pasal 13), a report by whoever serves it.
    """
    if staff.disabled_at is not None:
        return Decision(False, "Akun petugas ini sudah dinonaktifkan.")
    if action not in _ALLOWED[staff.role]:
        return Decision(False, "Peran Anda tidak mencakup tindakan ini.")
    if staff.role is Role.UNIT and thing is not None and (staff.unit is None or thing.unit != staff.unit):
        return Decision(False, OTHERS_LIST if isinstance(thing, Item) else "Percakapan ini tidak berada di unit Anda.")
    if staff.role is Role.UNIT and isinstance(thing, Item) and not thing.public:
        return Decision(False, PPIDS_LIST)
    if action is Action.CONCLUDE and isinstance(thing, Case) and thing.kind is Kind.INFORMATION_REQUEST:
        return may(staff, Action.DECIDE, thing)
    return YES


def scope(staff: Staff) -> Scope:
    """The same rule as a filter for lists and counts."""
    limited = staff.role is Role.UNIT
    return Scope(staff_id=staff.id, unit=(staff.unit or "-") if limited else None)
