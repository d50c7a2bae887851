"""A mail whose headers lead nowhere, and the conversation that it may be part of: a person decides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What staff said of a guess."""

    JOINED = "joined"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Guess:
    """`why` is what staff find the other conversation by. Without a verdict it waits for one."""

    conversation_id: int
    other_id: int
    why: str
    at: datetime
    verdict: Verdict | None = None
    moved: tuple[int, ...] = ()


class Guesses(Protocol):
    """Kept beside the conversations."""

    def add(self, guess: Guess) -> None:
        """Guessed twice it is one."""

    def of(self, conversation_id: int) -> list[Guess]:
        """Of one mail, whatever was said of them."""
        ...

    def open(self, limit: int = 100) -> list[Guess]:
        """What waits for a person, oldest first."""
        ...

    def count(self) -> int:
        """How many mails wait."""
        ...

    def settle(self, guess: Guess, verdict: Verdict | None, at: datetime, moved: tuple[int, ...] = ()) -> None:
        """`verdict` None: it waits again."""

    def move(self, messages: tuple[int, ...], from_conversation: int, to_conversation: int) -> int:
        """Those of the messages that still lie in the first thread go to the second; returns how many."""
        ...
