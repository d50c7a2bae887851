"""Drafts, answers that wait for their moment, ready moves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.composing import After, Deeds, Draft, Move, Plan, PlanState, Rival, Way
from omnichannel.domain.message import Attachment
from omnichannel.store import kept
from omnichannel.store.columns import storable
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Row, Shelf, b, on_both
from omnichannel.store.tables import drafts, moves, plan_tastes, plans

d, p, m, t = drafts.c, plans.c, moves.c, plan_tastes.c
OF_BOTH = (d.staff_id == b("staff"), d.conversation_id == b("conversation"))
DRAFT = Hot(sa.select(*d).where(*OF_BOTH))
DROP = sa.delete(drafts).where(*OF_BOTH)
MINE = sa.select(d.conversation_id).where(d.staff_id == b("staff")).order_by(d.saved_at.desc()).limit(500)
FORGET = sa.delete(drafts).where(d.staff_id == b("staff"), d.saved_at < b("before"))
PLAN = sa.select(*p).where(p.id == b("id"))
BY_KEY = sa.select(*p).where(p.key == b("key"))
SHOWN = Hot(
    sa.select(*p)
    .where(p.conversation_id == b("conversation"), sa.text("state IN ('waiting', 'failed')"))
    .order_by(p.at, p.id)
)
MOVE = sa.select(*m).where(m.id == b("id"))
IN_USE = sa.select(*m).where(m.removed_at.is_(None)).order_by(m.name, m.id)
TASTES = sa.select(t.brief).where(t.staff_id == b("staff"))


def _over(table: sa.Table, *keys: str) -> dict[str, sa.Executable]:
    def build(insert: Any, into: sa.Table) -> sa.Executable:
        statement = insert(into)
        changing = {one.name: statement.excluded[one.name] for one in into.c if one.name not in keys}
        done: sa.Executable = statement.on_conflict_do_update(index_elements=list(keys), set_=changing)
        return done

    return on_both(build, table)


KEEP = _over(drafts, "staff_id", "conversation_id")
TASTE = _over(plan_tastes, "staff_id")


class DraftsShelf(Shelf):
    """Fits `domain.composing.Drafts`."""

    def get(self, staff_id: int, conversation_id: int) -> Draft | None:
        row = self.ask(DRAFT, {"p_staff": staff_id, "p_conversation": conversation_id})
        if row is None:
            return None
        given: dict[str, Any] = dict(zip(d.keys(), row, strict=True))
        rivals = tuple(Rival(one["tab"], one["text"], datetime.fromisoformat(one["at"])) for one in given["rivals"])
        return Draft(**given | {"way": Way(given["way"]), "files": tuple(given["files"]), "rivals": rivals})

    def save(self, draft: Draft) -> None:
        rivals = [{"tab": one.tab, "text": storable(one.text), "at": one.at.isoformat()} for one in draft.rivals]
        files = [storable(name) for name in draft.files]
        row = kept.values(replace(draft, rivals=())) | {"rivals": rivals, "files": files}
        self.run(KEEP[self.dialect], row)

    def drop(self, staff_id: int, conversation_id: int) -> None:
        self.run(DROP, {"p_staff": staff_id, "p_conversation": conversation_id})

    def of(self, staff_id: int) -> Sequence[int]:
        return self.run(MINE, {"p_staff": staff_id}).scalars().all()

    def forget(self, staff_id: int, before: datetime) -> int:
        return self.run(FORGET, {"p_staff": staff_id, "p_before": before}).rowcount


class PlansShelf(Shelf):
    """Fits `domain.composing.Plans`."""

    def add(self, plan: Plan) -> Plan:
        return replace(plan, id=kept.insert(self.connection, plans, _columns(plan)))

    def get(self, plan_id: int) -> Plan | None:
        return _plan(self.run(PLAN, {"p_id": plan_id}).first())

    def by_key(self, key: str) -> Plan | None:
        return _plan(self.run(BY_KEY, {"p_key": key}).first())

    def save(self, before: Plan, after: Plan) -> Plan:
        kept.write(self.connection, plans, before.id, before.version, _columns(after))
        return replace(after, version=before.version + 1)

    def brief(self, staff_id: int) -> bool:
        return self.run(TASTES, {"p_staff": staff_id}).scalar() is not False

    def set_brief(self, staff_id: int, brief: bool) -> None:
        self.run(TASTE[self.dialect], {"staff_id": staff_id, "brief": brief})

    def shown(self, conversation_id: int) -> Sequence[Plan]:
        rows = self.hand.ask(SHOWN, {"p_conversation": conversation_id})
        return [found for row in rows if (found := _plan(row)) is not None]


class MovesShelf(Shelf):
    """Fits `domain.composing.Moves`."""

    def add(self, move: Move) -> Move:
        return replace(move, id=kept.insert(self.connection, moves, kept.values(move, "id")))

    def get(self, move_id: int) -> Move | None:
        row = self.run(MOVE, {"p_id": move_id}).first()
        return None if row is None else _move(row)

    def save(self, before: Move, after: Move) -> Move:
        kept.write(self.connection, moves, before.id, before.version, kept.values(after, "id"))
        return replace(after, version=before.version + 1)

    def all(self) -> Sequence[Move]:
        return [_move(row) for row in self.run(IN_USE)]


def _columns(plan: Plan) -> dict[str, Any]:
    files = [
        {"type": f.media_type, "name": storable(f.name or ""), "size": f.size, "sha256": f.sha256} for f in plan.files
    ]
    return kept.values(replace(plan, files=(), deeds=None), "id") | {"files": files, "deeds": _flat(plan.deeds)}


def _plan(row: Sequence[Any] | None) -> Plan | None:
    if row is None:
        return None
    given: dict[str, Any] = dict(zip(p.keys(), row, strict=True))
    files = tuple(Attachment(f["type"], name=f["name"], size=f["size"], sha256=f["sha256"]) for f in given["files"])
    return Plan(**given | {"files": files, "state": PlanState(given["state"]), "deeds": _deeds(given["deeds"])})


def _flat(deeds: Deeds | None) -> dict[str, Any] | None:
    if deeds is None:
        return None
    return kept.values(deeds) | {"until": deeds.until.isoformat() if deeds.until else None}


def _deeds(given: dict[str, Any] | None) -> Deeds | None:
    if given is None:
        return None
    until = datetime.fromisoformat(given["until"]) if given["until"] else None
    ids = {name: tuple(given[name]) for name in ("labels", "unlabels")}
    return Deeds(**given | ids | {"after": After(given["after"]), "until": until})


def _move(row: Row) -> Move:
    given: dict[str, Any] = dict(row._mapping)
    return Move(**given | {"after": After(given["after"])})
