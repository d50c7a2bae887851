"""Group commit: what arrived while the last commit ran shares the next one.

Nobody waits for company: a lone story is committed at once, and under load the batch is what has piled up. Each story
has its own savepoint, so one that raises undoes only itself; every answer is given after COMMIT is durable, and the
bells ring after that.
"""

import asyncio
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from omnichannel.domain.errors import StoreAway
from omnichannel.domain.ports import Bell, Clock
from omnichannel.domain.work import Work
from omnichannel.store.trouble import away, is_driver_away, plain
from omnichannel.store.work import StoreWork

T = TypeVar("T")
Story = Callable[[Work], Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one story."""

    value: Any = None
    error: BaseException | None = None
    rings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A story, and who waits for it."""

    story: Story
    answer: asyncio.Future[Outcome] = field(repr=False)


class Savepoint(Protocol):
    """One savepoint that is always set: each story starts from it, and moves it or goes back to it."""

    def set(self) -> None: ...
    def keep(self) -> None:
        """What was done stays, and the savepoint is set anew behind it."""

    def undo(self) -> None:
        """Back to where it was set, and there it stays."""

    def lost(self) -> bool:
        """Whether the transaction itself is gone: there is nothing to go back to."""
        ...


def run_batch(work: StoreWork, batch: Sequence[Asked], savepoint: Savepoint) -> list[Outcome]:
    """Every story from its savepoint, inside the transaction that `work` stands in. StoreAway ends the whole batch."""
    savepoint.set()
    outcomes = [_run(work, asked.story, savepoint) for asked in batch]
    work.settle()
    return outcomes


def _run(work: StoreWork, story: Story, savepoint: Savepoint) -> Outcome:
    work.begin_story()
    try:
        value = _told(story, work)
        savepoint.keep()
    except BaseException as error:
        # A full disk or a cut line takes the whole transaction with it.
        if savepoint.lost() or is_driver_away(error):
            raise StoreAway(f"the transaction was lost: {type(error).__name__}") from error
        savepoint.undo()
        work.undo_story()
        return Outcome(error=plain(error))
    return Outcome(value=value, rings=work.rings)


def _told(story: Story, work: StoreWork) -> Any:
    value = story(work)
    if inspect.iscoroutine(value):
        value.close()
        raise TypeError("a story is a plain function: it cannot await inside a transaction")
    return value


class GroupCommit(ABC):
    """The half of a store that both databases share. `kept_at` is when something was last made durable."""

    def __init__(self, bell: Bell, clock: Clock) -> None:
        self.bell = bell
        self.clock = clock
        self.kept_at: datetime | None = None
        self._open = False

    async def write(self, story: Callable[[Work], T]) -> T:
        """Run the story and return once it is durable. StoreAway: nothing was kept, try again later."""
        if not self._open:
            raise StoreAway("the store is not open")
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._put(Asked(story, answer))
        outcome = await answer
        if outcome.error is not None:
            raise outcome.error
        value: T = outcome.value
        return value

    @abstractmethod
    def _put(self, asked: Asked) -> None: ...

    def _settle(self, batch: Sequence[Asked], outcomes: Sequence[Outcome]) -> None:
        """In the loop, after the commit. Somebody who stopped waiting changes nothing: it is kept, so it rings."""
        for asked, outcome in zip(batch, outcomes, strict=True):
            if not asked.answer.done():
                asked.answer.set_result(outcome)
        if any(outcome.error is None for outcome in outcomes):
            self.kept_at = self.clock.now()
        for topic in dict.fromkeys(topic for outcome in outcomes for topic in outcome.rings):
            self.bell.ring(topic)


def failed(batch: Sequence[Asked], error: BaseException) -> list[Outcome]:
    """Nothing was kept, and each of them hears it."""
    meant = away(error)
    if isinstance(meant, StoreAway):
        return [Outcome(error=StoreAway(str(meant))) for _ in batch]
    return [Outcome(error=meant) for _ in batch]


def still_wanted(batch: Sequence[Asked]) -> list[Asked]:
    """Leaves out whoever went away before their story began."""
    return [asked for asked in batch if not asked.answer.cancelled()]
