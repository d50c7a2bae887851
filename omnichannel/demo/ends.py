"""Loose ends, so that every list of the desk has something in it: a failed send, one nobody is sure of, one that sleeps,
one payload in quarantine, and the office's labels."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from omnichannel.demo.cast import Cast
from omnichannel.demo.clock import At, DemoClock
from omnichannel.demo.desk import Desk
from omnichannel.demo.marks import mark
from omnichannel.demo.post import Post
from omnichannel.demo.stage import Toys
from omnichannel.domain.house import House
from omnichannel.domain.ports import Raw
from omnichannel.domain.screens import View, WorkRow
from omnichannel.domain.work import Scope, Work
from omnichannel.inbox import triage
from omnichannel.inbox.receive import Intake

ANSWER = "Terima kasih. Kami periksa ke lapangan hari ini dan kabari Anda sore nanti."
BROKEN = b'{"update_id": 1, "message": "terpotong di'


async def loose_ends(house: House, toys: Toys, cast: Cast, desk: Desk, post: Post, clock: DemoClock) -> None:
    """The last hour before now."""
    clock.release()
    now = clock.now()
    intake = Intake(house.store, house.files, At(now - timedelta(hours=2)))
    await intake.take_in(house.connector(toys.telegram.account), [Raw(body=BROKEN)])
    toys.telegram.fail("blocked", only="sendMessage")
    await _answer(house, desk, post, toys.telegram.account, now - timedelta(minutes=3))
    toys.sandbox.fail("reset", only="send")
    await _answer(house, desk, post, toys.sandbox.account, now - timedelta(minutes=2))
    await house.store.write(lambda work: _snooze(work, cast, house, now))
    await house.store.write(lambda work: mark(work, cast, now - timedelta(minutes=1)))


async def _answer(house: House, desk: Desk, post: Post, account: str, at: datetime) -> None:
    """The newest citizen of that account who waits for an answer gets one, whatever becomes of it."""

    def story(work: Work) -> None:
        row = _newest(work, at, lambda row: row.account == account and row.unread > 0 and not row.urgent)
        conversation = work.conversations.get(row.id) if row is not None else None
        if conversation is not None:
            desk.answer(work, conversation, ANSWER, at)

    await house.store.write(story)
    await post.deliver()


def _snooze(work: Work, cast: Cast, house: House, now: datetime) -> None:
    """One that comes back tomorrow morning."""
    row = _newest(work, now, lambda row: row.unread > 0 and not row.urgent and row.case_number is None)
    row = row or _newest(
        work, now, lambda row: row.unread > 0 and not row.urgent
    )  # some hours leave none without a case
    if row is not None:
        day = now.astimezone(house.office.zone) + timedelta(days=1)
        until = datetime.combine(day, time(8), day.tzinfo)
        triage.snooze(work, cast.agents[0], row.id, until, now=now - timedelta(minutes=1))


def _newest(work: Work, at: datetime, fits: Callable[[WorkRow], bool]) -> WorkRow | None:
    rows = work.screens.work_list(View.ALL, Scope(staff_id=0, unit=None), today=at.date(), limit=200).rows
    return next((row for row in rows if fits(row)), None)
