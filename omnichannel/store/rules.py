"""Rules, their versions, and what they did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.records import Happening
from omnichannel.domain.rules import Firing, Rule, Spec, spec_of
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip, inserting
from omnichannel.store.tables import events, rule_firings, rule_versions, rules

r, v, f, e = rules.c, rule_versions.c, rule_firings.c, events.c
STANDS = (
    sa.select(r.id, r.position, r.on, r.version, v.spec, v.by, v.at)
    .join(rule_versions, sa.and_(v.rule_id == r.id, v.version == r.version))
    .where(r.removed_at.is_(None))
)
ALL = STANDS.order_by(r.position, r.id)
GET = STANDS.where(r.id == b("id"))
LAST = sa.select(sa.func.coalesce(sa.func.max(r.position), 0))
ADD = inserting(rules, "position", "on", "version", "removed_at")
VERSION = sa.insert(rule_versions)
NEWEST = sa.select(sa.func.max(v.version)).where(v.rule_id == b("id"))
ONE = sa.update(rules).where(r.id == b("id"))
CHANGE = ONE.values(version=b("version"))
SWITCH = ONE.values(on=b("on"))
PLACE = ONE.values(position=b("position"))
REMOVE = ONE.values(on=False, removed_at=b("at"))
VERSIONS = sa.select(v.version, v.spec, v.by, v.at).where(v.rule_id == b("id")).order_by(v.version.desc())
FIRE = insert_or_skip(rule_firings, f.id)
DID = sa.update(rule_firings).where(f.id == b("id")).values(changes=b("changes", sa.JSON), acts=b("acts", sa.JSON))
SINCE = sa.select(sa.func.count()).where(f.conversation_id == b("conversation"), f.at > b("since"))
FIRED = sa.select(*f, v.spec).join(rule_versions, sa.and_(v.rule_id == f.rule_id, v.version == f.version))
FIRING = FIRED.where(f.id == b("id"))
OF = Hot(FIRED.where(f.conversation_id == b("conversation")).order_by(f.id.desc()).limit(b("limit")))
LATEST = FIRED.order_by(f.id.desc()).limit(b("limit"))
UNDONE = (
    sa.update(rule_firings).where(f.id == b("id"), f.undone_at.is_(None)).values(undone_at=b("at"), undone_by=b("by"))
)
# Walked by number, page by page: how many rows are looked at is known beforehand, whatever they are.
BACK = (
    sa.select(events).where(e.id < b("before"), e.id >= b("from"), e.conversation_id.is_not(None)).order_by(e.id.desc())
)


class RulesShelf(Shelf):
    """Fits `domain.rules.Rules`."""

    def all(self) -> list[Rule]:
        return [_rule(row) for row in self.run(ALL)]

    def get(self, rule_id: int) -> Rule | None:
        row = self.run(GET, {"p_id": rule_id}).first()
        return None if row is None else _rule(row)

    def add(self, spec: Spec, by: str, at: datetime) -> int:
        last: int = self.run(LAST).scalar_one()
        made = self.fresh_id(ADD, {"position": last + 1, "on": False, "version": 1, "removed_at": None})
        self.run(VERSION, {"rule_id": made, "version": 1, "spec": spec.as_json(), "by": by, "at": at})
        return made

    def change(self, rule_id: int, spec: Spec, by: str, at: datetime) -> int:
        version = int(self.run(NEWEST, {"p_id": rule_id}).scalar_one()) + 1
        self.run(VERSION, {"rule_id": rule_id, "version": version, "spec": spec.as_json(), "by": by, "at": at})
        self.run(CHANGE, {"p_id": rule_id, "p_version": version})
        return version

    def switch(self, rule_id: int, on: bool) -> None:
        self.run(SWITCH, {"p_id": rule_id, "p_on": on})

    def order(self, ids: Sequence[int]) -> None:
        for position, rule_id in enumerate(ids, start=1):
            self.run(PLACE, {"p_id": rule_id, "p_position": position})

    def remove(self, rule_id: int, at: datetime) -> None:
        self.run(REMOVE, {"p_id": rule_id, "p_at": at})

    def versions(self, rule_id: int) -> list[tuple[int, Spec, str, datetime]]:
        return [(row.version, spec_of(row.spec), row.by, row.at) for row in self.run(VERSIONS, {"p_id": rule_id})]

    def fire(self, rule: Rule, conversation_id: int, cause: str, at: datetime) -> int | None:
        row = {
            "rule_id": rule.id,
            "version": rule.version,
            "conversation_id": conversation_id,
            "cause": cause,
            "at": at,
        }
        found: int | None = self.run(FIRE[self.dialect], row | {"changes": {}, "acts": []}).scalar()
        return found

    def did(self, firing_id: int, changes: Mapping[str, tuple[Any, Any]], acts: Sequence[str]) -> None:
        plain = {name: list(pair) for name, pair in changes.items()}
        self.run(DID, {"p_id": firing_id, "p_changes": plain, "p_acts": list(acts)})

    def fired_since(self, conversation_id: int, since: datetime) -> int:
        return int(self.run(SINCE, {"p_conversation": conversation_id, "p_since": since}).scalar_one())

    def firing(self, firing_id: int) -> Firing | None:
        row = self.run(FIRING, {"p_id": firing_id}).first()
        return None if row is None else _firing(row)

    def firings(self, conversation_id: int | None, limit: int = 50) -> list[Firing]:
        if conversation_id is None:
            return [_firing(row) for row in self.run(LATEST, {"p_limit": limit})]
        return [_firing(row) for row in self.hand.ask(OF, {"p_conversation": conversation_id, "p_limit": limit})]

    def undone(self, firing_id: int, by: str, at: datetime) -> bool:
        return self.run(UNDONE, {"p_id": firing_id, "p_by": by, "p_at": at}).rowcount == 1

    def happened_before(
        self, event_id: int, verbs: Sequence[str], since: datetime, limit: int
    ) -> tuple[list[Happening], int]:
        first = max(1, event_id - limit)
        found: list[Happening] = []
        for row in self.run(BACK, {"p_before": event_id, "p_from": first}):
            if row.at < since:
                return found, 0
            if row.verb in verbs:
                found.append(Happening(**row._mapping))
        return found, first if first > 1 else 0


def _rule(row: Row) -> Rule:
    id_, position, on, version, spec, by, at = row
    return Rule(id=id_, position=position, on=on, version=version, spec=spec_of(spec), by=by, at=at)


def _firing(row: Sequence[Any]) -> Firing:
    *kept, spec = row
    given = dict(zip(f.keys(), kept, strict=True))
    changes = {name: (_whole(pair[0]), _whole(pair[1])) for name, pair in given["changes"].items()}
    return Firing(**given | {"name": str(spec["name"]), "changes": changes, "acts": tuple(given["acts"])})


def _whole(value: Any) -> Any:
    """As a conversation holds it."""
    return tuple(value) if isinstance(value, list) else value
