"""Work to be done once its moment has come: one table, in the same transaction as what asked for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.work import Job
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip
from omnichannel.store.tables import jobs

j = jobs.c
FAR = timedelta(hours=1)
PUT = Hot(insert_or_skip(jobs), "queue", "body", "key", "run_at", "ready_at", "attempts")
DUE = (
    sa.select(j.id)
    .where(j.queue == b("queue"), sa.text("NOT dead"), j.ready_at <= b("now"))
    .order_by(j.ready_at, j.id)
    .limit(b("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
# As a CTE, so that PostgreSQL evaluates the LIMIT once; SQLite has no FOR UPDATE and, with one writer, no need of it.
CLAIM = (
    sa.update(jobs)
    .where(j.id.in_(sa.select(DUE.c.id)))
    .values(owner=b("owner"), ready_at=b("until"), attempts=j.attempts + 1)
    .returning(j.id, j.queue, j.key, j.body, j.run_at, j.attempts, j.owner, j.error)
)
HELD = (j.id == b("id"), j.owner == b("owner"), j.attempts == b("attempts"), sa.text("NOT dead"))
DONE = Hot(sa.delete(jobs).where(*HELD))
RETRY = sa.update(jobs).where(*HELD).values(owner=None, run_at=b("at"), ready_at=b("at"), error=b("error"))
RELEASE = sa.update(jobs).where(*HELD).values(owner=None, ready_at=j.run_at, attempts=j.attempts - 1)
OWNERS = sa.select(j.owner).where(j.owner.is_not(None), sa.text("NOT dead")).distinct()
FREE = sa.update(jobs).where(j.owner == b("owner"), sa.text("NOT dead")).values(owner=None, ready_at=j.run_at)
FREE_OF = FREE.where(j.queue == b("queue"))
# A claim that runs for an hour yet was written by a clock that was wrong: no lease of ours is so long.
HASTEN = (
    sa.update(jobs)
    .where(
        j.queue != b("but"),
        sa.text("NOT dead"),
        sa.or_(sa.and_(j.owner.is_(None), j.ready_at > b("now")), j.ready_at > b("far")),
    )
    .values(owner=None, run_at=b("now"), ready_at=b("now"))
)
BURY = sa.update(jobs).where(*HELD).values(owner=None, dead=True, error=b("error"))
NEXT = sa.select(j.ready_at).where(j.queue == b("queue"), sa.text("NOT dead")).order_by(j.ready_at, j.id).limit(1)
WAITS = sa.select(j.id).where(j.queue == b("queue"), j.key == b("key"), sa.text("NOT dead"))
DEPTHS = sa.select(j.queue, j.dead, sa.func.count()).group_by(j.queue, j.dead)


def _job(row: Row) -> Job:
    id_, queue, key, body, run_at, attempts, owner, error = row
    return Job(id_, queue, key, body, run_at, attempts, owner, error)


class JobsShelf(Shelf):
    """A claim is a lease: `ready_at` moves to its end, so a job whose owner died comes back by itself.

    The fence is owner and attempt together; whoever comes late with either of them concludes nothing.
    """

    def put(self, queue: str, body: Mapping[str, Any], *, key: str | None = None, run_at: datetime) -> bool:
        row = {"queue": queue, "body": dict(body), "key": key, "run_at": run_at, "ready_at": run_at, "attempts": 0}
        return self.tell(PUT, row) == 1

    def claim(self, queue: str, owner: str, now: datetime, lease: timedelta, limit: int = 10) -> list[Job]:
        row = {"p_queue": queue, "p_owner": owner, "p_now": now, "p_until": now + lease, "p_limit": limit}
        claimed = [_job(found) for found in self.run(CLAIM, row)]
        return sorted(claimed, key=lambda job: (job.run_at, job.id))

    def done(self, job: Job) -> bool:
        return self.tell(DONE, _fence(job)) == 1

    def retry(self, job: Job, at: datetime, error: str) -> bool:
        return self.run(RETRY, _fence(job) | {"p_at": at, "p_error": error}).rowcount == 1

    def release(self, job: Job) -> bool:
        return self.run(RELEASE, _fence(job)).rowcount == 1

    def owners(self) -> set[str]:
        return set(self.run(OWNERS).scalars())

    def release_from(self, owner: str, queue: str | None = None) -> int:
        # The attempt stays counted: a job that kills whoever takes it must be told from one that nobody ever took.
        if queue is None:
            return self.run(FREE, {"p_owner": owner}).rowcount
        return self.run(FREE_OF, {"p_owner": owner, "p_queue": queue}).rowcount

    def hasten(self, now: datetime, *, but: str) -> int:
        return self.run(HASTEN, {"p_now": now, "p_far": now + FAR, "p_but": but}).rowcount

    def bury(self, job: Job, error: str) -> bool:
        return self.run(BURY, _fence(job) | {"p_error": error}).rowcount == 1

    def next_at(self, queue: str) -> datetime | None:
        found: datetime | None = self.run(NEXT, {"p_queue": queue}).scalar()
        return found

    def waits(self, queue: str, key: str) -> bool:
        return self.run(WAITS, {"p_queue": queue, "p_key": key}).first() is not None

    def depths(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for queue, dead, n in self.run(DEPTHS):
            waiting, buried = found.get(queue, (0, 0))
            found[queue] = (waiting, buried + n) if dead else (waiting + n, buried)
        return found


def _fence(job: Job) -> dict[str, Any]:
    return {"p_id": job.id, "p_owner": job.owner, "p_attempts": job.attempts}
