"""Who is on duty when, how much they can hold at once, and what they know: so that a conversation finds its officer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Protocol

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.hours import OfficeHours
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may

SWITCH = "dealing"
ACTOR = "machine:giliran"
MOST = 200
ENGLISH = frozenset(
    [
        "the",
        "is",
        "are",
        "you",
        "please",
        "thank",
        "hello",
        "my",
        "we",
        "have",
        "this",
        "that",
        "what",
        "when",
        "where",
        "how",
        "can",
        "there",
        "not",
        "with",
        "for",
    ]
)
INDONESIAN = frozenset(
    [
        "yang",
        "di",
        "ke",
        "dan",
        "ini",
        "itu",
        "saya",
        "kami",
        "ada",
        "tidak",
        "tolong",
        "mohon",
        "pak",
        "bu",
        "apa",
        "kapan",
        "kenapa",
        "sudah",
        "belum",
        "untuk",
        "dari",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One officer's roster. Empty skills: anything. `most` is how many open conversations they hold at once."""

    staff_id: int
    on: bool = False
    days: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    most: int = 15
    topics: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    last_at: datetime | None = None

    def on_duty(self, moment: datetime, calendar: WorkingCalendar) -> bool:
        """Whether they are in; a holiday sends them home."""
        return self.on and OfficeHours(self.days).open_at(moment, calendar)

    def knows(self, conversation: Conversation, language: str) -> bool:
        """Whether it is theirs to know."""
        return (
            (not self.topics or conversation.topic in self.topics)
            and (not self.channels or conversation.channel.value in self.channels)
            and (not self.languages or language in self.languages)
        )


def tongue(text: str) -> str:
    """ "en" or "id", by the small words; Indonesian where nothing says otherwise."""
    words = re.findall(r"[a-z]+", text.lower()[:2000])
    english, ours = sum(word in ENGLISH for word in words), sum(word in INDONESIAN for word in words)
    return "en" if english >= 2 and english > ours else "id"


def choose(
    turns: Sequence[Turn],
    people: Mapping[int, Staff],
    loads: Mapping[int, int],
    conversation: Conversation,
    text: str,
    now: datetime,
    calendar: WorkingCalendar,
) -> Staff | None:
    """Whose it is: on duty, able, not full; of its own unit before others, who knows just this before who knows everything,
    then who holds least for what they can, then who has waited longest. None: nobody."""
    language, fit = tongue(text), list[tuple[tuple[bool, bool, float, float, int], Staff]]()
    for turn in turns:
        person, load = people.get(turn.staff_id), loads.get(turn.staff_id, 0)
        if person is None or load >= turn.most or not turn.on_duty(now, calendar):
            continue
        if not may(person, Action.REPLY, conversation) or not turn.knows(conversation, language):
            continue
        if person.unit is not None and person.unit != conversation.unit:
            continue
        general = not (turn.topics or turn.channels or turn.languages)
        waited = turn.last_at.timestamp() if turn.last_at is not None else 0.0
        fit.append(((person.unit != conversation.unit, general, load / turn.most, waited, person.id), person))
    return min(fit, key=lambda one: one[0])[1] if fit else None


class Turns(Protocol):
    """Rosters, and whether dealing is on."""

    def all(self) -> list[Turn]: ...
    def keep(self, turn: Turn) -> None: ...
    def dealt(self, staff_id: int, at: datetime) -> None: ...
    def loads(self) -> dict[int, int]:
        """How many open conversations each officer holds."""
        ...

    def waiting(self, limit: int) -> list[int]:
        """Conversations that somebody must read and nobody holds, what burns first."""
        ...

    def switched(self, name: str) -> bool: ...
    def switch(self, name: str, on: bool, by: str, at: datetime) -> None: ...
