"""The formal part of information requests: what was filled in, papers, rulings and consequence tests."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.case import Case, Kind, Outcome
from omnichannel.domain.errors import Conflict
from omnichannel.domain.ppid import Paper, PaperKind, Request, Wait
from omnichannel.domain.ppid_decision import ConsequenceTest, Decision, DecisionState, Ruling
from omnichannel.store import kept
from omnichannel.store.cases import RUNNING
from omnichannel.store.hot import Hand
from omnichannel.store.indexing import Marks
from omnichannel.store.rows import CASE, case_of
from omnichannel.store.shelf import Shelf
from omnichannel.store.tables import cases, consequence_tests, decisions, request_papers, requests


class RequestsShelf(Shelf):
    """A request is one row beside its case; what hangs on it only grows."""

    def __init__(self, connection: sa.Connection, hand: Hand, marks: Marks) -> None:
        super().__init__(connection, hand)
        self.marks = marks.cases

    def get(self, case_id: int) -> Request | None:
        return self.of([case_id]).get(case_id)

    def of(self, case_ids: Sequence[int]) -> dict[int, Request]:
        if not case_ids:
            return {}
        found = self.run(sa.select(requests).where(requests.c.case_id.in_(list(case_ids))))
        return {row["case_id"]: _request(row) for row in found.mappings()}

    def save(self, before: Request, after: Request) -> Request:
        given = kept.values(after, "waits") | {"waits": [_wait_row(one) for one in after.waits]}
        given["version"] = before.version + 1
        self.marks.add(after.case_id)
        if before.version == 0:
            try:
                with self.connection.begin_nested():
                    self.run(sa.insert(requests), given)
            except sa.exc.IntegrityError as error:
                raise Conflict(kept.OTHERS) from error
        else:
            known = requests.c.case_id == before.case_id, requests.c.version == before.version
            if self.run(sa.update(requests).where(*known).values(given)).rowcount != 1:
                raise Conflict(kept.OTHERS)
        return replace(after, version=before.version + 1)

    def running(self, after_id: int, limit: int) -> list[Case]:
        statement = sa.select(*CASE).where(RUNNING, cases.c.kind == Kind.INFORMATION_REQUEST, cases.c.id > after_id)
        return [case_of(row) for row in self.run(statement.order_by(cases.c.id).limit(limit))]

    def papers(self, case_id: int) -> list[Paper]:
        p = request_papers.c
        found = self.run(sa.select(request_papers).where(p.case_id == case_id).order_by(p.id))
        return [_paper(row) for row in found.mappings()]

    def paper(self, paper_id: int) -> Paper | None:
        row = self.run(sa.select(request_papers).where(request_papers.c.id == paper_id)).mappings().first()
        return None if row is None else _paper(row)

    def add_paper(
        self, case_id: int, kind: PaperKind, name: str, media_type: str, size: int, sha256: str, at: datetime
    ) -> Paper:
        made = Paper(
            id=0, case_id=case_id, kind=kind, name=name, media_type=media_type, size=size, sha256=sha256, at=at
        )
        return replace(made, id=kept.insert(self.connection, request_papers, kept.values(made, "id")))

    def set_fault(self, paper_id: int, fault: str) -> None:
        self.run(sa.update(request_papers).where(request_papers.c.id == paper_id).values(fault=fault))

    def decisions(self, case_id: int) -> list[Decision]:
        d = decisions.c
        found = self.run(sa.select(decisions).where(d.case_id == case_id).order_by(d.id))
        return [_decision(row) for row in found.mappings()]

    def decision(self, decision_id: int) -> Decision | None:
        row = self.run(sa.select(decisions).where(decisions.c.id == decision_id)).mappings().first()
        return None if row is None else _decision(row)

    def decided(self, case_ids: Sequence[int]) -> dict[int, Decision]:
        if not case_ids:
            return {}
        d = decisions.c
        final = sa.select(decisions).where(d.case_id.in_(list(case_ids)), d.state == DecisionState.FINAL)
        return {row["case_id"]: _decision(row) for row in self.run(final.order_by(d.id)).mappings()}

    def add_decision(self, case_id: int, ruling: Ruling, by: int, by_name: str, at: datetime) -> Decision:
        made = Decision(
            id=0,
            case_id=case_id,
            ruling=ruling,
            state=DecisionState.DRAFT,
            drafted_by=by,
            drafted_by_name=by_name,
            drafted_at=at,
        )
        return replace(made, id=kept.insert(self.connection, decisions, _decision_row(made)))

    def save_decision(self, before: Decision, after: Decision) -> Decision:
        kept.write(self.connection, decisions, before.id, before.version, _decision_row(after))
        return replace(after, version=before.version + 1)

    def tests(self, case_id: int) -> list[ConsequenceTest]:
        t = consequence_tests.c
        found = self.run(sa.select(consequence_tests).where(t.case_id == case_id).order_by(t.id))
        return [ConsequenceTest(**row) for row in found.mappings()]

    def add_test(self, test: ConsequenceTest) -> ConsequenceTest:
        return replace(test, id=kept.insert(self.connection, consequence_tests, kept.values(test, "id")))


def _request(row: sa.RowMapping) -> Request:
    given = dict(row)
    given["waits"] = tuple(
        Wait(asked_at=_moment(one["asked_at"]), answered_at=_moment(one["answered_at"]) if one["answered_at"] else None)
        for one in row["waits"]
    )
    return Request(**given)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _wait_row(wait: Wait) -> dict[str, str | None]:
    answered = wait.answered_at.isoformat() if wait.answered_at is not None else None
    return {"asked_at": wait.asked_at.isoformat(), "answered_at": answered}


def _paper(row: sa.RowMapping) -> Paper:
    return Paper(**(dict(row) | {"kind": PaperKind(row["kind"])}))


def _decision_row(decision: Decision) -> dict[str, Any]:
    ruling = asdict(decision.ruling)
    ruling |= {"outcome": decision.ruling.outcome.value, "grounds": list(decision.ruling.grounds)}
    return kept.values(decision, "id", "ruling") | {"ruling": ruling}


def _decision(row: sa.RowMapping) -> Decision:
    said = dict(row["ruling"])
    ruling = Ruling(**(said | {"outcome": Outcome(said["outcome"]), "grounds": tuple(said["grounds"])}))
    return Decision(**(dict(row) | {"ruling": ruling, "state": DecisionState(row["state"])}))
