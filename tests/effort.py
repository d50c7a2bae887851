"""How much work a call is, counted or compared, never timed against a clock: a busy machine changes nothing."""

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

STEEP = 30  # well above work that grows with its input, well below work that grows with its square


def steps(call: Callable[[], object]) -> int:
    """How many functions it calls, ours and the interpreter's, all the way down. The same on every machine."""
    count = 0

    def step(_frame: FrameType, event: str, _about: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    watched_by = sys.getprofile()
    sys.setprofile(step)
    try:
        call()
    finally:
        sys.setprofile(watched_by)
    return count


def growth(call: Callable[[int], object], size: int) -> float:
    """This thread's processor time for ten times `size`, over that for `size`: about 10 where the work grows with the
    input, 100 where it grows with its square. For what no count of calls sees: a regex that goes back and back.

    A neighbour on the machine may disturb one measurement, not three in a row.
    """
    found = float("inf")
    for _ in range(3):
        once, tenfold = _burnt(call, size), _burnt(call, 10 * size)
        found = min(found, tenfold / max(once, 0.01))
        if found < STEEP:
            break
    return found


def queued(pid: int) -> float:
    """Seconds for which a process's threads, which work by turns, were ready and stood in line for a processor: its
    neighbours' doing, not its own. 0 where the system does not tell."""
    return sum(_waited(task) for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def _waited(task: Path) -> float:
    try:
        return int(task.read_text(encoding="ascii").split()[1]) / 1e9  # docs.kernel.org/scheduler/sched-stats, 2026-11
    except OSError:
        return 0.0


def _burnt(call: Callable[[int], object], size: int) -> float:
    gc.disable()  # it would go through all that the tests before have left
    try:
        began = time.thread_time()
        call(size)
        return time.thread_time() - began
    finally:
        gc.enable()
