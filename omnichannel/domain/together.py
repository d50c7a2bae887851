"""Officers on one inbox: news for one of them, who follows what, and what a page showed when its button was pressed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from omnichannel.domain.checklist import Tick
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.people import Staff
from omnichannel.domain.snooze import Rule, Snooze

LONGEST_WORD = 1000


class NudgeKind(StrEnum):
    """mention: named in a note · handover: given to me, perhaps with a word · takeover: taken from me · woke: back from
    its sleep · follow: something happened where I follow (computed, never stored)."""

    MENTION = "mention"
    HANDOVER = "handover"
    TAKEOVER = "takeover"
    WOKE = "woke"
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """News for one officer. `by` is whose doing it was, `words` what they said."""

    id: int = 0
    staff_id: int
    conversation_id: int
    kind: NudgeKind
    by: str
    at: datetime
    words: str | None = None
    message_id: int | None = None
    read_at: datetime | None = None


class Together(Protocol):
    """What officers owe each other."""

    def nudge(self, nudge: Nudge) -> int: ...

    def nudges(self, staff_id: int, limit: int = 100) -> list[Nudge]:
        """Theirs, the unread first and each newest first; what happened where they follow is among them."""
        ...

    def count(self, staff_id: int) -> int:
        """How many they have not read."""
        ...

    def handed(self, conversation_id: int) -> list[Nudge]:
        """Words with which it was given to somebody who has not read them yet, oldest first."""
        ...

    def read(
        self, staff_id: int, at: datetime, conversation_id: int | None = None, *, but: NudgeKind | None = None
    ) -> int:
        """All of it (of one conversation) is known now, except what has words of the kind `but`; returns how many were not."""
        ...

    def watch(self, conversation_id: int, staff_id: int, at: datetime) -> bool:
        """From now on; False when they did already."""
        ...

    def unwatch(self, conversation_id: int, staff_id: int) -> bool: ...

    def watchers(self, conversation_id: int) -> list[int]:
        """Staff who follow it."""
        ...

    def tick(self, case_id: int, item: str, at: datetime, by: str) -> bool:
        """False when it was ticked already."""
        ...

    def untick(self, case_id: int, item: str) -> bool: ...

    def ticks(self, case_id: int) -> dict[str, Tick]: ...

    def sleep(self, snooze: Snooze) -> None:
        """Why it sleeps; the last reason stands."""

    def sleeping(self, *rules: Rule) -> list[Snooze]:
        """Those that sleep by one of the rules, as far as is known: a citizen's word wakes without telling here."""
        ...

    def awake(self, conversation_id: int) -> Snooze | None:
        """It sleeps no more; returns why it did."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed of a conversation: holder, state, the moment of the citizen's last word, unit."""

    holder: int
    state: str
    heard: int
    unit: str

    @classmethod
    def of(cls, conversation: Conversation) -> "Seen":
        heard = conversation.last_in_at
        return cls(
            conversation.assignee_id or 0,
            conversation.state.value,
            0 if heard is None else round(heard.timestamp() * 1000),
            conversation.unit or "",
        )

    @classmethod
    def read(cls, text: str) -> "Seen | None":
        """As a form carries it; None for anything that no page of ours wrote."""
        found = SEAL.fullmatch(text)
        return cls(int(found[1]), found[2], int(found[3]), found[4]) if found else None

    @property
    def seal(self) -> str:
        return f"{self.holder}.{self.state}.{self.heard}.{self.unit}"


SEAL = re.compile(rf"([0-9]{{1,18}})\.({'|'.join(ConversationState)})\.([0-9]{{1,18}})\.([^\x00]{{0,200}})")


def named(text: str, people: Sequence[Staff]) -> list[Staff]:
    """Who is named in a note: @login, @full name, or @first name where only one has it. Each once, in order of the text.

    A name in an address (rina@kantor) is none.
    """
    if "@" not in text:
        return []
    calls = sorted(_calls(people).items(), key=lambda pair: -len(pair[0]))
    folded, found = text.casefold(), dict[int, Staff]()
    if len(folded) != len(text):
        folded = text.lower() if len(text.lower()) == len(text) else text
    for place in (at.end() for at in AT.finditer(folded)):
        for call, person in calls:
            if folded.startswith(call, place) and not GOES_ON.match(folded, place + len(call)):
                found.setdefault(person.id, person)
                break
    return list(found.values())


AT = re.compile(r"(?<![\w.+-])@")
GOES_ON = re.compile(r"[\w@-]|\.\w")


def _calls(people: Sequence[Staff]) -> dict[str, Staff]:
    """Every way to call each; a first name that two people share calls nobody."""
    firsts: dict[str, list[Staff]] = {}
    for one in people:
        firsts.setdefault(one.name.split()[0].casefold() if one.name.split() else "", []).append(one)
    calls = {first: found[0] for first, found in firsts.items() if first and len(found) == 1}
    names: dict[str, list[Staff]] = {}
    for one in people:
        names.setdefault(" ".join(one.name.split()).casefold(), []).append(one)
    calls |= {name: found[0] for name, found in names.items() if name and len(found) == 1}
    return calls | {one.login.casefold(): one for one in people}
