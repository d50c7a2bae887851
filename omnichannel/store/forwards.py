"""Reports on their way to SP4N-LAPOR!."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.forwarding import Forward, ForwardState, News, Told
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip
from omnichannel.store.tables import cases, forwards, lapor_names, lapor_news

f, n = forwards.c, lapor_news.c
KEPT = (
    "case_id", "state", "since", "named", "attempts", "tried_at", "title", "error", "complaint_id", "cursor",
    "checked_at",
)  # fmt: skip
FORWARD = tuple(f[name] for name in KEPT)
TOLD = (
    n.id, n.case_id, n.external_id, n.at, n.arrived_at, n.status, n.text, n.institution, n.ours, n.late,
)  # fmt: skip

GET = sa.select(*FORWARD).where(f.case_id == b("id"))
ADD = insert_or_skip(forwards, f.case_id)
SAVE = sa.update(forwards).where(f.case_id == b("id"))
BY_COMPLAINT = sa.select(*FORWARD).where(f.complaint_id == b("complaint", f.complaint_id.type)).order_by(f.case_id)
# Asked after a cut, once for each report; the table holds one row a report.
TITLED = sa.select(*FORWARD).where(f.title == b("title", f.title.type)).order_by(f.case_id)
IN_STATE = sa.select(*FORWARD).order_by(f.case_id).limit(b("limit"))
# Word for word the condition of ix_cases_to_forward.
FRESH = (
    sa.select(cases.c.id)
    .where(sa.text("cases.queue = 'lapor' AND cases.state = 'open' AND cases.tracking_id IS NULL"))
    .where(cases.c.certain, ~sa.exists().where(f.case_id == cases.c.id))
    .order_by(cases.c.id)
    .limit(b("limit"))
)
HEAR = insert_or_skip(lapor_news, n.id)
NEWS = sa.select(*TOLD).where(n.case_id == b("id")).order_by(n.at, n.id)
NAMES = sa.select(lapor_names.c.code, lapor_names.c.name).where(lapor_names.c.kind == b("kind"))
FORGET = sa.delete(lapor_names).where(lapor_names.c.kind == b("kind"))


def _forward(row: Row) -> Forward:
    case_id, state, *kept = row
    return Forward(case_id=case_id, state=ForwardState(state), **dict(zip(KEPT[2:], kept, strict=True)))


class ForwardsShelf(Shelf):
    """Fits `domain.forwarding.Forwards`."""

    def get(self, case_id: int) -> Forward | None:
        row = self.run(GET, {"p_id": case_id}).first()
        return None if row is None else _forward(row)

    def add(self, forward: Forward) -> bool:
        return self.run(ADD[self.dialect], asdict(forward)).first() is not None

    def save(self, forward: Forward) -> None:
        self.run(
            SAVE.values({key: value for key, value in asdict(forward).items() if key != "case_id"}),
            {"p_id": forward.case_id},
        )

    def by_complaint(self, complaint_id: str) -> Forward | None:
        row = self.run(BY_COMPLAINT, {"p_complaint": complaint_id}).first()
        return None if row is None else _forward(row)

    def titled(self, title: str) -> list[Forward]:
        return [_forward(row) for row in self.run(TITLED, {"p_title": title})]

    def fresh(self, limit: int) -> list[int]:
        return list(self.run(FRESH, {"p_limit": limit}).scalars())

    def in_state(self, *states: ForwardState, limit: int = 1000) -> list[Forward]:
        # The states stand in the statement as words, so that the partial index is taken.
        condition = f.state.in_([sa.literal_column(f"'{state.value}'") for state in states])
        unsent = [] if ForwardState.SENT in states else [sa.text("forwards.state <> 'sent'")]
        return [_forward(row) for row in self.run(IN_STATE.where(condition, *unsent), {"p_limit": limit})]

    def hear(self, case_id: int, news: News, at: datetime, *, ours: bool = False, late: bool = False) -> bool:
        row: dict[str, Any] = {"case_id": case_id, "external_id": news.id, "at": news.at, "arrived_at": at}
        row |= {"status": news.status_name, "text": news.text, "institution": news.institution}
        return self.run(HEAR[self.dialect], row | {"ours": ours, "late": late}).first() is not None

    def news(self, case_id: int) -> list[Told]:
        names = [column.name for column in TOLD]
        return [Told(**dict(zip(names, row, strict=True))) for row in self.run(NEWS, {"p_id": case_id})]

    def names(self, kind: str) -> dict[str, str]:
        return {code: name for code, name in self.run(NAMES, {"p_kind": kind})}  # noqa: C416 (rows are not pairs to mypy)

    def set_names(self, kind: str, names: Sequence[tuple[str, str]], at: datetime) -> None:
        self.run(FORGET, {"p_kind": kind})
        rows = [{"kind": kind, "code": code, "name": name, "seen_at": at} for code, name in dict(names).items()]
        if rows:
            self.run(sa.insert(lapor_names), rows)
