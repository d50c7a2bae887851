"""News for officers, and what they follow. A follower's news are not written: they are the happenings since they looked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.checklist import Tick
from omnichannel.domain.snooze import Rule, Snooze
from omnichannel.domain.together import Nudge, NudgeKind
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip, inserting
from omnichannel.store.tables import events, nudges, snoozes, ticks, watchers

n, w, e, z, t = nudges.c, watchers.c, events.c, snoozes.c, ticks.c
# What a follower wants to hear of; ticks and reading marks are no news.
TELLING = (
    "wrote", "queued", "wrote_elsewhere", "noted", "assigned", "passed", "resolved", "reopened", "case_opened", "voided",
    "reclassified", "confirmed", "concluded", "case_reopened", "forwarded", "lapor_status", "failed", "alarm", "merged",
    "wrote_beside",
)  # fmt: skip
ADD = inserting(nudges, "staff_id", "conversation_id", "kind", "by", "words", "message_id", "at", "read_at")
WHOLE = sa.select(n.id, n.staff_id, n.conversation_id, n.kind, n.by, n.at, n.words, n.message_id, n.read_at)
UNREAD = WHOLE.where(n.staff_id == b("staff"), sa.text("read_at IS NULL"))
LIST = UNREAD.order_by(n.id.desc()).limit(b("limit"))
OLD = WHOLE.where(n.staff_id == b("staff"), n.read_at.is_not(None)).order_by(n.id.desc()).limit(b("limit"))
HANDED = Hot(
    WHOLE.where(
        n.conversation_id == b("conversation"), n.kind == b("kind"), n.words.is_not(None), sa.text("read_at IS NULL")
    ).order_by(n.id)
)
COUNT = sa.select(sa.func.count()).select_from(nudges).where(n.staff_id == b("staff"), sa.text("read_at IS NULL"))
READ = sa.update(nudges).where(n.staff_id == b("staff"), sa.text("read_at IS NULL")).values(read_at=b("at"))
WATCH = insert_or_skip(watchers, w.staff_id)
UNWATCH = sa.delete(watchers).where(w.conversation_id == b("conversation"), w.staff_id == b("staff"))
WATCHERS = Hot(sa.select(w.staff_id).where(w.conversation_id == b("conversation")).order_by(w.at, w.staff_id))
LAST = sa.select(sa.func.max(e.id))
# The newest happening by somebody else in each conversation that they follow, since they looked.
NEWEST = (
    sa.select(w.conversation_id, sa.func.max(e.id).label("newest"))
    .join(events, sa.and_(e.conversation_id == w.conversation_id, e.conversation_id.is_not(None), e.id > w.seen))
    .where(w.staff_id == b("staff"), e.verb.in_(TELLING), e.actor != b("actor"))
    .group_by(w.conversation_id)
    .subquery()
)
FOLLOWED = (
    sa.select(NEWEST.c.conversation_id, e.id, e.at, e.actor_name, e.verb)
    .join(events, e.id == NEWEST.c.newest)
    .order_by(e.id.desc())
    .limit(b("limit"))
)
MANY = sa.select(sa.func.count()).select_from(NEWEST)
CAUGHT_UP = sa.update(watchers).where(w.staff_id == b("staff"), w.seen < b("seen")).values(seen=b("seen"))

TICK = insert_or_skip(ticks, t.item)
UNTICK = sa.delete(ticks).where(t.case_id == b("case"), t.item == b("item", t.item.type))
TICKS = Hot(sa.select(t.item, t.at, t.by).where(t.case_id == b("case")))
AWAKE = sa.delete(snoozes).where(z.conversation_id == b("conversation"))
SLEEP = sa.insert(snoozes)
SLEEPS = sa.select(z.conversation_id, z.staff_id, z.rule, z.at, z.days)
ASLEEP = SLEEPS.where(z.conversation_id == b("conversation"))
BY_RULE = SLEEPS.where(z.rule.in_(sa.bindparam("p_rules", expanding=True))).order_by(z.conversation_id)


class TogetherShelf(Shelf):
    """Fits `domain.together.Together`."""

    def nudge(self, nudge: Nudge) -> int:
        row: dict[str, Any] = {
            "staff_id": nudge.staff_id,
            "conversation_id": nudge.conversation_id,
            "kind": nudge.kind.value,
        }
        row |= {"by": nudge.by, "words": nudge.words, "message_id": nudge.message_id, "at": nudge.at}
        return self.fresh_id(ADD, row | {"read_at": nudge.read_at})

    def nudges(self, staff_id: int, limit: int = 100) -> list[Nudge]:
        asked: dict[str, Any] = {"p_staff": staff_id, "p_limit": limit}
        unread = [_nudge(row) for row in self.run(LIST, asked)]
        follows = self.run(FOLLOWED, asked | {"p_actor": f"staff:{staff_id}"})
        unread += [_followed(row, staff_id) for row in follows]
        unread.sort(key=lambda one: one.at, reverse=True)
        return [*unread, *(_nudge(row) for row in self.run(OLD, asked))][:limit]

    def count(self, staff_id: int) -> int:
        asked = {"p_staff": staff_id, "p_actor": f"staff:{staff_id}"}
        return int(self.run(COUNT, asked).scalar_one()) + int(self.run(MANY, asked).scalar_one())

    def handed(self, conversation_id: int) -> list[Nudge]:
        asked = {"p_conversation": conversation_id, "p_kind": NudgeKind.HANDOVER.value}
        return [_nudge(row) for row in self.hand.ask(HANDED, asked)]

    def read(
        self, staff_id: int, at: datetime, conversation_id: int | None = None, *, but: NudgeKind | None = None
    ) -> int:
        nudged, caught = READ, CAUGHT_UP
        if conversation_id is not None:
            nudged = nudged.where(n.conversation_id == conversation_id)
            caught = caught.where(w.conversation_id == conversation_id)
        if but is not None:
            nudged = nudged.where(sa.or_(n.kind != but.value, n.words.is_(None)))
        last = self.run(LAST).scalar() or 0
        done = int(self.run(nudged, {"p_staff": staff_id, "p_at": at}).rowcount)
        return done + int(self.run(caught, {"p_staff": staff_id, "p_seen": last}).rowcount)

    def watch(self, conversation_id: int, staff_id: int, at: datetime) -> bool:
        row = {"conversation_id": conversation_id, "staff_id": staff_id, "at": at}
        return self.run(WATCH[self.dialect], row | {"seen": self.run(LAST).scalar() or 0}).first() is not None

    def unwatch(self, conversation_id: int, staff_id: int) -> bool:
        return self.run(UNWATCH, {"p_conversation": conversation_id, "p_staff": staff_id}).rowcount > 0

    def watchers(self, conversation_id: int) -> list[int]:
        return [number for (number,) in self.hand.ask(WATCHERS, {"p_conversation": conversation_id})]

    def tick(self, case_id: int, item: str, at: datetime, by: str) -> bool:
        row = {"case_id": case_id, "item": item, "at": at, "by": by}
        return self.run(TICK[self.dialect], row).first() is not None

    def untick(self, case_id: int, item: str) -> bool:
        return self.run(UNTICK, {"p_case": case_id, "p_item": item}).rowcount > 0

    def ticks(self, case_id: int) -> dict[str, Tick]:
        return {item: Tick(at, by) for item, at, by in self.hand.ask(TICKS, {"p_case": case_id})}

    def sleep(self, snooze: Snooze) -> None:
        self.awake(snooze.conversation_id)
        row = {"conversation_id": snooze.conversation_id, "staff_id": snooze.staff_id, "rule": snooze.rule.value}
        self.run(SLEEP, row | {"at": snooze.at, "days": snooze.days})

    def sleeping(self, *rules: Rule) -> list[Snooze]:
        return [_snooze(row) for row in self.run(BY_RULE, {"p_rules": [rule.value for rule in rules]})]

    def awake(self, conversation_id: int) -> Snooze | None:
        row = self.run(ASLEEP, {"p_conversation": conversation_id}).first()
        if row is not None:
            self.run(AWAKE, {"p_conversation": conversation_id})
        return None if row is None else _snooze(row)


def _snooze(row: Row) -> Snooze:
    conversation_id, staff_id, rule, at, days = row
    return Snooze(conversation_id, staff_id, Rule(rule), at, days)


def _nudge(row: Sequence[Any]) -> Nudge:
    id_, staff_id, conversation_id, kind, by, at, words, message_id, read_at = row
    return Nudge(
        id=id_,
        staff_id=staff_id,
        conversation_id=conversation_id,
        kind=NudgeKind(kind),
        by=by,
        at=at,
        words=words,
        message_id=message_id,
        read_at=read_at,
    )


def _followed(row: Row, staff_id: int) -> Nudge:
    conversation_id, _, at, name, verb = row
    return Nudge(
        staff_id=staff_id, conversation_id=conversation_id, kind=NudgeKind.FOLLOW, by=name or "", at=at, words=verb
    )
