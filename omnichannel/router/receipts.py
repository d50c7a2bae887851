"""When the receipt of a request leaves by itself (UU 14/2008, Pasal 22 ayat (4))."""

from datetime import datetime

from omnichannel.domain.case import Case
from omnichannel.domain.letter import ReceiptAt
from omnichannel.domain.work import Work
from omnichannel.router.desk import Desk

QUEUE = "letters"


def plan(work: Work, desk: Desk, case: Case, at: ReceiptAt, now: datetime) -> None:
    """Where the office wants it at this moment, a worker draws and sends it: once a case."""
    if desk.office.letters.receipt is at and case.certain:
        work.jobs.put(QUEUE, {"case": case.id}, key=f"receipt:{case.id}", run_at=now)
        work.ring(QUEUE)
