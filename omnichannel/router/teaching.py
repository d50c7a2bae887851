"""People and the machine's lessons: somebody asks for one now, or goes back to an earlier version of the model."""

from datetime import datetime

from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.router.desk import by_staff

QUEUE, KEY = "learn", "learn:asked"


def ask(work: Work, staff: Staff, now: datetime) -> None:
    """Have it learn as soon as a worker is free; asking twice is asking once."""
    if work.jobs.put(QUEUE, {"by": staff.name}, key=KEY, run_at=now):
        work.note(by_staff(staff), "lesson_asked", "model", 0, at=now)
        work.ring(QUEUE)


def asked(work: Work) -> bool:
    """Whether a lesson is under way or about to begin."""
    return work.jobs.waits(QUEUE, KEY)


def went_to(work: Work, staff: Staff, name: str, before: str, now: datetime) -> None:
    """The version in use was changed by hand: who, from which, to which."""
    work.note(by_staff(staff), "model_used", "model", 0, at=now, before=before, after=name)
    work.ring("models")
