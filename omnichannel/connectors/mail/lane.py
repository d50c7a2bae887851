"""One thread of its own for a library that blocks, awaited from the event loop."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from omnichannel.domain.errors import TryLater

T = TypeVar("T")
_Job = Callable[[], None]


class Lane:
    """Jobs run one after another on one thread. Whoever gives up waiting interrupts the job, not the thread.

    The thread is a daemon: a connect that hangs must not hold up the end of the process.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stops: set[threading.Event] = set()

    async def run(self, job: Callable[[threading.Event], T]) -> T:
        """The job's result. Its event is set when nobody waits for it any more: then it should end soon."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        stop = threading.Event()
        self._stops.add(stop)
        self._jobs.put(lambda: _carry_out(job, stop, loop, answer))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, args=(self._jobs,), name=self._name, daemon=True)
            self._thread.start()
        try:
            return await answer
        finally:
            stop.set()
            self._stops.discard(stop)

    def interrupt(self) -> None:
        """Ask every job that runs or waits to end."""
        for stop in tuple(self._stops):
            stop.set()

    def close(self, last: Callable[[], None]) -> None:
        """No more jobs but `last`; the thread ends behind it. A later `run` starts a new one."""
        if self._thread is None:
            return
        self._jobs.put(last)
        self._jobs.put(None)
        self._jobs, self._thread = queue.SimpleQueue(), None

    @staticmethod
    def _work(jobs: "queue.SimpleQueue[_Job | None]") -> None:
        while (job := jobs.get()) is not None:
            job()


def _carry_out(
    job: Callable[[threading.Event], T],
    stop: threading.Event,
    loop: asyncio.AbstractEventLoop,
    answer: "asyncio.Future[T]",
) -> None:
    try:
        if stop.is_set():
            raise TryLater("Sambungan sedang ditutup.")
        result = job(stop)
    except BaseException as error:  # it belongs to whoever waits, not to the thread
        _tell(loop, answer, answer.set_exception, error)
    else:
        _tell(loop, answer, answer.set_result, result)


def _tell(
    loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[Any]", settle: Callable[[Any], None], news: object
) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
        loop.call_soon_threadsafe(lambda: None if answer.done() else settle(news))
