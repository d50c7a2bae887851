"""What the machine read, what people said to it, and where it has earned to decide by itself. Pure, and the shelf's socket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from typing import Any, Protocol

from omnichannel.domain.case import Kind

WANTED = 0.95  # the share that must be right, with the doubt of few trials taken off
FEWEST = 200  # trials of a kind before which nothing is earned
WINDOW = 1000  # the latest trials of a kind: what a machine of two years ago could do is no witness for today's
BANDS = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.0)  # of sureness, surest first; each reaches up to the one before
OPENED_BY = 10  # trials in a band before it is opened: where nobody has looked nothing is earned
TELLING = 30  # trials from which a band alone can show that it does not keep up with those above it
Z = 1.96  # 95 %, both sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The machine's own word on one message. `gist` is its plain words, by which another citizen's message is found alike."""

    message_id: int
    conversation_id: int
    contact_id: int | None
    at: datetime
    kind: Kind
    p: float
    topic: str
    kecamatan: str | None = None
    desa: str | None = None
    gist: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A person's word on one reading: what the machine said, how sure it was, and what is true."""

    message_id: int
    at: datetime
    said: Kind
    p: float
    truth: Kind
    topic_said: str
    topic_truth: str
    by: str

    @property
    def right(self) -> bool:
        return self.said is self.truth


@dataclass(frozen=True, slots=True)
class Earned:
    """How far the machine may be trusted when it says `kind`: `right` of the latest `n`, at least `low` of all to come.
    `line` is the sureness from which it decides by itself, None while it has not earned that."""

    kind: Kind
    n: int = 0
    right: int = 0
    low: float = 0.0
    line: float | None = None

    @property
    def missing(self) -> int:
        """How many more right ones in a row would be enough, were all equally sure."""
        more = max(0, FEWEST - self.n)
        while more < 10 * WINDOW and wilson(self.right + more, self.n + more)[0] < WANTED:
            more += 1
        return more


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One time that the machine learnt. `name` is the version it made, None where none was kept; `why` it was not taken.

    `figures`: lot → {"old": …, "new": …}; `learnt`: what gained and what lost weight since the version before.
    """

    at: datetime
    by: str
    corrections: int
    name: str | None = None
    taken: bool = False
    why: str | None = None
    size: int = 0
    figures: Mapping[str, Any] = field(default_factory=dict)
    learnt: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


class Studies(Protocol):
    """Readings, trials, what is earned, and every time that the machine learnt."""

    def keep_reading(self, reading: Reading) -> None:
        """The last reading of a message stands: an edit is read anew."""

    def reading(self, message_id: int) -> Reading | None: ...
    def rule(self, trial: Trial) -> None:
        """The last word on a message stands."""

    def ruled(self, message_id: int) -> bool: ...
    def of_kind(self, said: Kind, limit: int) -> list[tuple[float, bool]]:
        """How sure and whether right, of the latest trials in which the machine said that kind."""
        ...

    def set_earned(self, earned: Earned) -> None: ...
    def earned(self) -> list[Earned]: ...
    def line(self, kind: Kind) -> float | None:
        """The sureness from which that kind is decided without a person; None: never yet."""
        ...

    def trials(self, limit: int) -> list[Trial]:
        """The latest, newest first."""
        ...

    def ruled_since(self, at: datetime | None) -> tuple[int, int]:
        """How many trials since then, and how many of them found the machine wrong."""
        ...

    def add(self, study: Study) -> int: ...
    def all(self, limit: int = 50) -> list[Study]:
        """Newest first."""
        ...


def wilson(right: int, n: int) -> tuple[float, float]:
    """Between which shares the truth lies when `right` of `n` were right (Wilson's score interval, 95 %).

    Unlike the plain share it knows that 20 of 20 proves less than 200 of 200.
    """
    if n == 0:
        return 0.0, 1.0
    share, square = right / n, Z * Z
    middle = share + square / (2 * n)
    spread = Z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return (middle - spread) / (1 + square / n), min(1.0, (middle + spread) / (1 + square / n))


def weigh(kind: Kind, trials: Sequence[tuple[float, bool]]) -> Earned:
    """What those trials of one kind have earned.

    From the surest band down, as long as all bands taken together are right often enough; a band that is plainly worse by
    itself is not carried by the better ones above it.
    """
    right = sum(was for _, was in trials)
    taken, found, lowest, line = 0, 0, None, None
    above = float("inf")
    for band in BANDS:
        inside = [was for p, was in trials if band <= p < above]
        above = band
        if len(inside) >= TELLING and wilson(sum(inside), len(inside))[1] < WANTED:
            break
        taken, found = taken + len(inside), found + sum(inside)
        lowest = band if len(inside) >= OPENED_BY else lowest
        if taken >= FEWEST and wilson(found, taken)[0] >= WANTED:
            line = lowest
    return Earned(kind, len(trials), right, wilson(right, len(trials))[0], line)
