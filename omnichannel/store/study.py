"""What the machine read, what people said to it, what it has earned, and every time it learnt."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.case import Kind
from omnichannel.domain.study import Earned, Reading, Study, Trial
from omnichannel.store.columns import EPOCH
from omnichannel.store.shelf import Row, Shelf, b, on_both
from omnichannel.store.tables import earned, readings, studies, trials

r, t, e, s = readings.c, trials.c, earned.c, studies.c
READING = (
    r.message_id, r.conversation_id, r.contact_id, r.at, r.kind, r.p, r.topic, r.kecamatan, r.desa, r.gist,
)  # fmt: skip
TRIAL = (t.message_id, t.at, t.said, t.p, t.truth, t.topic_said, t.topic_truth, t.by)
STUDY = (s.id, s.at, s.by, s.name, s.taken, s.why, s.size, s.corrections, s.figures, s.learnt)
GET = sa.select(*READING).where(r.message_id == b("id"))
RULED = sa.select(t.id).where(t.message_id == b("id"))
OF_KIND = (
    sa.select(t.p, t.truth == t.said)
    .where(t.said == b("said"))
    .order_by(t.at.desc(), t.id.desc())
    .limit(b("limit"))
)  # fmt: skip
LATEST = sa.select(*TRIAL).order_by(t.at.desc(), t.id.desc()).limit(b("limit"))
SINCE = sa.select(sa.func.count(), sa.func.sum(sa.case((t.truth != t.said, 1), else_=0))).where(t.at > b("at"))
LINE = sa.select(e.line).where(e.kind == b("kind"))
EARNED = sa.select(e.kind, e.n, e.right, e.low, e.line)
STUDIED = sa.select(*STUDY).order_by(s.id.desc()).limit(b("limit"))
NEW = ("at", "by", "name", "taken", "why", "size", "corrections", "figures", "learnt")
ADD = sa.insert(studies).returning(s.id)


def _instead(*keys: str) -> Any:
    """Put a row in, or in the place of the one that has these keys."""

    def build(insert: Any, table: sa.Table) -> sa.Executable:
        statement = insert(table)
        new = {name: column for name, column in statement.excluded.items() if name not in (*keys, "id")}
        result: sa.Executable = statement.on_conflict_do_update(index_elements=keys, set_=new)
        return result

    return build


KEEP = on_both(_instead("message_id"), readings)
RULE = on_both(_instead("message_id"), trials)
SET = on_both(_instead("kind"), earned)


def reading_of(row: Row | Sequence[Any]) -> Reading:
    """In the order of READING."""
    message_id, conversation_id, contact_id, at, kind, p, topic, kecamatan, desa, gist = row
    return Reading(
        message_id=message_id,
        conversation_id=conversation_id,
        contact_id=contact_id,
        at=at,
        kind=Kind(kind),
        p=p,
        topic=topic,
        kecamatan=kecamatan,
        desa=desa,
        gist=gist,
    )


class StudyShelf(Shelf):
    """Fits `domain.study.Studies`."""

    def keep_reading(self, reading: Reading) -> None:
        row = {column.name: getattr(reading, column.name) for column in READING} | {"kind": reading.kind.value}
        self.run(KEEP[self.dialect], row)

    def reading(self, message_id: int) -> Reading | None:
        row = self.run(GET, {"p_id": message_id}).first()
        return None if row is None else reading_of(row)

    def rule(self, trial: Trial) -> None:
        row = {column.name: getattr(trial, column.name) for column in TRIAL}
        self.run(RULE[self.dialect], row | {"said": trial.said.value, "truth": trial.truth.value})

    def ruled(self, message_id: int) -> bool:
        return self.run(RULED, {"p_id": message_id}).first() is not None

    def of_kind(self, said: Kind, limit: int) -> list[tuple[float, bool]]:
        return [(p, bool(right)) for p, right in self.run(OF_KIND, {"p_said": said.value, "p_limit": limit})]

    def set_earned(self, earned: Earned) -> None:
        row = {"kind": earned.kind.value, "n": earned.n, "right": earned.right, "low": earned.low, "line": earned.line}
        self.run(SET[self.dialect], row)

    def earned(self) -> list[Earned]:
        found = {row[0]: Earned(Kind(row[0]), *row[1:]) for row in self.run(EARNED)}
        return [found.get(kind.value, Earned(kind)) for kind in Kind]

    def line(self, kind: Kind) -> float | None:
        found: float | None = self.run(LINE, {"p_kind": kind.value}).scalar()
        return found

    def trials(self, limit: int) -> list[Trial]:
        return [
            Trial(
                message_id=row[0],
                at=row[1],
                said=Kind(row[2]),
                p=row[3],
                truth=Kind(row[4]),
                topic_said=row[5],
                topic_truth=row[6],
                by=row[7],
            )
            for row in self.run(LATEST, {"p_limit": limit})
        ]

    def ruled_since(self, at: datetime | None) -> tuple[int, int]:
        many, wrong = self.run(SINCE, {"p_at": at or EPOCH}).one()
        return int(many), int(wrong or 0)

    def add(self, study: Study) -> int:
        return int(self.run(ADD, {name: getattr(study, name) for name in NEW}).scalar_one())

    def all(self, limit: int = 50) -> list[Study]:
        names = [column.name for column in STUDY]
        return [Study(**dict(zip(names, row, strict=True))) for row in self.run(STUDIED, {"p_limit": limit})]
