"""The office we serve, as its configuration describes it: accounts, routing, LAPOR, the 112 desk, replies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta, tzinfo
from enum import StrEnum

from omnichannel.domain.case import Kind, Queue
from omnichannel.domain.channel import Channel
from omnichannel.domain.checklist import Item
from omnichannel.domain.hours import OfficeHours
from omnichannel.domain.letter import LetterRules
from omnichannel.domain.ppid import PpidRules


class Secret:
    """A value that shows itself to nobody by accident: not in repr, logs, or tracebacks' locals."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value; call it only where it goes on the wire."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Account:
    """One `[[account]]` of the configuration. `options` are its TOML keys, `secrets` come from the environment."""

    name: str
    channel: Channel
    options: Mapping[str, str | int | bool] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)

    def text(self, key: str, default: str = "") -> str:
        """An option as text."""
        return str(self.options.get(key, default))

    def secret(self, key: str) -> str:
        """A secret's value, empty when it was not given."""
        held = self.secrets.get(key)
        return held.reveal() if held is not None else ""


class RoutingMode(StrEnum):
    """threshold: sure enough becomes a case by itself · earned: only where staff's corrections prove it · suggest: never."""

    THRESHOLD = "threshold"
    EARNED = "earned"
    SUGGEST = "suggest"


@dataclass(frozen=True, slots=True)
class AlarmContact:
    """Where the 112 desk is told: an account of ours and the address on it (a Telegram chat id, a mail address)."""

    account: str
    address: str
    name: str


# What a ready text may hold in braces; `web/filling` fills them from the conversation and its case.
FIELDS = frozenset({"nama", "nomor", "batas", "tautan", "tracking", "unit", "petugas", "kantor", "hari"})


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A reply ready to use: `/jadwal-tim`. Its FIELDS are filled in."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Everything that config says about the office and that is not a secret."""

    name: str
    region: str
    short: str
    zone: tzinfo
    zone_name: str
    public_url: str
    accent_hue: int
    desk_unit: str
    routing_mode: RoutingMode
    sure: float
    lapor_way: str
    lapor_consent: str
    patterns: Mapping[Queue, str]
    alarm_contacts: tuple[AlarmContact, ...]
    alarm_repeat_minutes: int
    replies: tuple[CannedReply, ...]
    notices: Mapping[str, str]
    session_hours: int
    learn_at: time | None = None
    undo: timedelta = timedelta()  # in which an officer's answer waits and can be taken back
    # Units whose reports an officer sends with a press of a button, and how often LAPOR is asked for news.
    lapor_by_hand: frozenset[str] = frozenset()
    lapor_poll: timedelta = timedelta(minutes=30)
    lapor_wait: timedelta = timedelta()  # in which a citizen may still object before their report leaves
    ppid: PpidRules = field(default_factory=PpidRules)
    letters: LetterRules = field(default_factory=LetterRules)
    hours: OfficeHours | None = None  # None: nobody said when the office is open
    checklists: tuple[Item, ...] = ()

    def checklist(self, kind: Kind) -> tuple[Item, ...]:
        """What is made sure of in a case of that kind."""
        return tuple(one for one in self.checklists if one.kind is kind)

    def number(self, queue: Queue, year: int, sequence: int) -> str:
        """A register number such as PPID-2026-000123."""
        return self.patterns[queue].format(year=year, n=sequence)

    def notice(self, name: str, **fields: str) -> str:
        """An automatic text for citizens, filled in. KeyError when config lacks it (checked at start)."""
        return self.notices[name].format(**fields)
