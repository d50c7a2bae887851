"""Rules that supervisors write: when something happens, if it is so, then do this. They never speak in words of their own
to a citizen, never take a conversation from somebody, and what one does never sets off another."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from omnichannel.domain.errors import Invalid
from omnichannel.domain.records import Happening

MOST_RULES = 100
MOST_WORDS, LONGEST_WORD = 40, 80
LONGEST_NAME, LONGEST_NOTE = 80, 1000
MOST_AN_HOUR = 12  # firings in one conversation: whatever turns in a circle through other machines stops here
ACTOR = "machine:aturan:"


class When(StrEnum):
    """What sets a rule off."""

    MESSAGE = "pesan"
    CASE = "kasus"
    NEAR = "batas"
    RESOLVED = "selesai"


class Deed(StrEnum):
    """What a rule does."""

    ASSIGN = "tugaskan"
    UNIT = "serahkan"
    LABEL = "label"
    URGENT = "mendesak"
    ASIDE = "sisihkan"
    NOTE = "catat"
    OFFER = "tawarkan"
    NOTICE = "kabari-warga"
    NOTIFY = "kabari-petugas"


class Hours(StrEnum):
    """At which hour of the office."""

    ANY = ""
    OPEN = "buka"
    CLOSED = "tutup"


@dataclass(frozen=True)
class Conditions:
    """All that are given must hold; within one, any of its values does."""

    channels: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    known: bool | None = None
    hours: Hours = Hours.ANY

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Whole words and phrases, however they are spaced or capitalised."""
        said = [r"\s+".join(re.escape(part) for part in fold(one).split()) for one in self.words if fold(one)]
        return re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)") if said else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so at that moment."""

    channel: str
    text: str = ""
    kind: str | None = None
    topic: str | None = None
    unit: str | None = None
    places: frozenset[str] = field(default_factory=frozenset)
    labels: frozenset[str] = field(default_factory=frozenset)
    known: bool = False
    open: bool = True


@dataclass(frozen=True, slots=True)
class Act:
    """One deed and what it needs: a number of staff or of a label, a unit's key, a text, a reply's or a notice's name."""

    deed: Deed
    value: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A rule as it was written down."""

    name: str
    when: When
    conditions: Conditions
    acts: tuple[Act, ...]

    def as_json(self) -> dict[str, Any]:
        """As a version is kept."""
        c = self.conditions
        lists = {name: list(getattr(c, name)) for name in LISTS}
        held = {**lists, "known": c.known, "hours": c.hours.value}
        acts = [[act.deed.value, act.value] for act in self.acts]
        return {"name": self.name, "when": self.when.value, "if": held, "then": acts}

    def names_label(self, label_id: int) -> bool:
        """Whether it asks for this label, or puts it on."""
        return str(label_id) in self.conditions.labels or Act(Deed.LABEL, str(label_id)) in self.acts


LISTS = ("channels", "words", "kinds", "topics", "units", "places", "labels")


def spec_of(kept: Mapping[str, Any]) -> Spec:
    """What `as_json` made."""
    held = kept["if"]
    lists = {name: tuple(held.get(name, ())) for name in LISTS}
    conditions = Conditions(**lists, known=held["known"], hours=Hours(held["hours"]))
    acts = tuple(Act(Deed(deed), str(value)) for deed, value in kept["then"])
    return Spec(str(kept["name"]), When(kept["when"]), conditions, acts)


def fits(conditions: Conditions, facts: Facts) -> bool:
    """Whether everything that the rule asks for is so."""
    c = conditions
    if c.pattern is not None and not c.pattern.search(fold(facts.text)):
        return False
    if c.known is not None and c.known is not facts.known:
        return False
    if c.hours is not Hours.ANY and (c.hours is Hours.OPEN) is not facts.open:
        return False
    asked = ((c.channels, facts.channel), (c.kinds, facts.kind), (c.topics, facts.topic), (c.units, facts.unit))
    if any(wanted and value not in wanted for wanted, value in asked):
        return False
    if c.labels and not facts.labels.intersection(c.labels):
        return False
    return not c.places or bool(facts.places.intersection(c.places))


def checked(spec: Spec) -> Spec:
    """The same, tidied. Invalid, in words for the writer: a rule without a deed, or one that would fit everything and act on
    it without being asked to."""
    name = " ".join(spec.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Beri aturan ini nama, paling panjang {LONGEST_NAME} huruf.")
    words = tuple(dict.fromkeys(" ".join(one.split()) for one in spec.conditions.words if one.strip()))
    if len(words) > MOST_WORDS or any(len(one) > LONGEST_WORD for one in words):
        raise Invalid(f"Paling banyak {MOST_WORDS} kata kunci, masing-masing {LONGEST_WORD} huruf.")
    if any(not re.search(r"\w", one) for one in words):
        raise Invalid("Kata kunci harus memuat huruf atau angka.")
    if not spec.acts:
        raise Invalid("Pilih paling sedikit satu tindakan.")
    for act in spec.acts:
        if act.deed not in (Deed.URGENT, Deed.ASIDE) and not act.value.strip():
            raise Invalid("Lengkapi setiap tindakan yang dipilih.")
        if act.deed is Deed.NOTE and len(act.value) > LONGEST_NOTE:
            raise Invalid(f"Catatan paling panjang {LONGEST_NOTE} huruf.")
    conditions = Conditions(**{**_fields(spec.conditions), "words": words})
    if _empty(conditions) and {act.deed for act in spec.acts} & {Deed.ASIDE, Deed.NOTICE}:
        raise Invalid("Menyisihkan atau mengabari warga perlu paling sedikit satu syarat.")
    return Spec(name, spec.when, conditions, spec.acts)


def fold(text: str) -> str:
    """As words are compared."""
    return " ".join(text.casefold().split())


def _fields(conditions: Conditions) -> dict[str, Any]:
    names = (*LISTS, "known", "hours")
    return {name: getattr(conditions, name) for name in names}


def _empty(conditions: Conditions) -> bool:
    return conditions == Conditions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as it stands: its place in the order, whether it runs, and the version that does."""

    id: int
    position: int
    on: bool
    version: int
    spec: Spec
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One time that a rule acted. `changes` maps a field of the conversation to what it was and became."""

    id: int
    rule_id: int
    version: int
    name: str
    conversation_id: int
    cause: str
    at: datetime
    changes: Mapping[str, tuple[Any, Any]]
    acts: tuple[str, ...]
    undone_at: datetime | None = None
    undone_by: str | None = None


class Rules(Protocol):
    """Kept with all their versions; what a rule did is kept by the version that did it."""

    def all(self) -> list[Rule]:
        """In their order."""
        ...

    def get(self, rule_id: int) -> Rule | None: ...
    def add(self, spec: Spec, by: str, at: datetime) -> int:
        """Switched off, behind all others."""
        ...

    def change(self, rule_id: int, spec: Spec, by: str, at: datetime) -> int:
        """A new version; returns its number."""
        ...

    def switch(self, rule_id: int, on: bool) -> None: ...
    def order(self, ids: Sequence[int]) -> None: ...
    def remove(self, rule_id: int, at: datetime) -> None:
        """Out of the list for good; its versions and what it did stay."""

    def versions(self, rule_id: int) -> list[tuple[int, Spec, str, datetime]]:
        """Newest first."""
        ...

    def fire(self, rule: Rule, conversation_id: int, cause: str, at: datetime) -> int | None:
        """The number of the firing; None when this rule has acted in this conversation for this cause."""
        ...

    def did(self, firing_id: int, changes: Mapping[str, tuple[Any, Any]], acts: Sequence[str]) -> None: ...
    def fired_since(self, conversation_id: int, since: datetime) -> int: ...
    def firing(self, firing_id: int) -> Firing | None: ...
    def firings(self, conversation_id: int | None, limit: int = 50) -> list[Firing]:
        """Newest first, of one conversation or of all."""
        ...

    def undone(self, firing_id: int, by: str, at: datetime) -> bool:
        """False when it was undone before."""
        ...

    def happened_before(
        self, event_id: int, verbs: Sequence[str], since: datetime, limit: int
    ) -> tuple[list[Happening], int]:
        """Happenings of these kinds among the `limit` before that one, newest first; and the oldest number looked at, 0
        when there is nothing older."""
        ...
