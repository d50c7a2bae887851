"""Devices, letters of the morning, and readers of the events table."""

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.pushing import Choice, Device, Digest
from omnichannel.store.shelf import Both, Row, Shelf, b, on_both
from omnichannel.store.tables import devices, digests, followers

d = devices.c
WHOLE = sa.select(devices)
GET = WHOLE.where(d.id == b("id"))
BY_ENDPOINT = WHOLE.where(d.endpoint == b("endpoint"))
OF = WHOLE.where(d.staff_id == b("staff")).order_by(d.id)
ANY = sa.select(d.id).limit(1)
ONE = sa.update(devices).where(d.id == b("id"))
CHOICES = ("urgent", "mine", "deadline", "quiet_from", "quiet_until", "urgent_anyway")
CHOOSE = ONE.values({name: b(name) for name in CHOICES})
TOLD = ONE.values(told_at=b("at"), error=b("error"))
REMOVE = sa.delete(devices).where(d.id == b("id"))
RENEWED = ("staff_id", "address", "p256dh", "auth", "name", "error", *CHOICES)

g = digests.c
DIGEST = sa.select(digests).where(g.staff_id == b("staff"))
DIGESTS = sa.select(digests).order_by(g.staff_id)
STOP = sa.delete(digests).where(g.staff_id == b("staff"))

AT = sa.select(followers.c.event_id).where(followers.c.name == b("name"))
MOVE = (
    sa.update(followers)
    .where(followers.c.name == b("name"), followers.c.event_id == b("before"))
    .values(event_id=b("after"))
)


def _replacing(table: sa.Table, key: str, names: tuple[str, ...]) -> Both:
    def build(insert: Any, into: sa.Table) -> sa.Executable:
        made = insert(into)
        fresh = {name: made.excluded[name] for name in names}
        result: sa.Executable = made.on_conflict_do_update(index_elements=[key], set_=fresh)
        return result

    return on_both(build, table)


def _beginning(insert: Any, into: sa.Table) -> sa.Executable:
    result: sa.Executable = insert(into).on_conflict_do_nothing()
    return result


ADD = _replacing(devices, "endpoint", RENEWED)
WANT = _replacing(digests, "staff_id", ("address", "hour", "last"))
BEGIN = on_both(_beginning, followers)


class DevicesShelf(Shelf):
    """Fits `domain.pushing.Devices`. `endpoint` is looked up by, `address` is the whole of it however long."""

    def add(
        self, *, staff_id: int, endpoint: str, p256dh: str, auth: str, name: str, choice: Choice, at: datetime
    ) -> Device:
        row = {"staff_id": staff_id, "endpoint": endpoint, "address": endpoint, "p256dh": p256dh, "auth": auth}
        self.run(ADD[self.dialect], row | {"name": name, "created_at": at, "error": None} | _flat(choice))
        found = self.by_endpoint(endpoint)
        if found is None:
            raise LookupError("the device that was just written is not there")
        return found

    def get(self, device_id: int) -> Device | None:
        return _one(self.run(GET, {"p_id": device_id}).first())

    def by_endpoint(self, endpoint: str) -> Device | None:
        return _one(self.run(BY_ENDPOINT, {"p_endpoint": endpoint}).first())

    def of(self, staff_id: int) -> list[Device]:
        return [_device(row) for row in self.run(OF, {"p_staff": staff_id})]

    def any(self) -> bool:
        return self.run(ANY).first() is not None

    def choose(self, device_id: int, choice: Choice) -> None:
        self.run(CHOOSE, {"p_id": device_id} | {f"p_{name}": value for name, value in _flat(choice).items()})

    def told(self, device_id: int, at: datetime, error: str | None = None) -> None:
        self.run(TOLD, {"p_id": device_id, "p_at": at, "p_error": error})

    def remove(self, device_id: int) -> None:
        self.run(REMOVE, {"p_id": device_id})


class DigestsShelf(Shelf):
    """Fits `domain.pushing.Digests`."""

    def of(self, staff_id: int) -> Digest | None:
        row = self.run(DIGEST, {"p_staff": staff_id}).first()
        return None if row is None else _digest(row)

    def all(self) -> list[Digest]:
        return [_digest(row) for row in self.run(DIGESTS)]

    def want(self, digest: Digest) -> None:
        row: dict[str, int | str | date | None] = {"staff_id": digest.staff_id, "address": digest.address}
        self.run(WANT[self.dialect], row | {"hour": digest.hour, "last": digest.last})

    def stop(self, staff_id: int) -> None:
        self.run(STOP, {"p_staff": staff_id})


class FollowersShelf(Shelf):
    """Fits `domain.pushing.Followers`."""

    def at(self, name: str) -> int | None:
        found: int | None = self.run(AT, {"p_name": name}).scalar()
        return found

    def move(self, name: str, before: int | None, after: int) -> bool:
        if before is None:
            return self.run(BEGIN[self.dialect], {"name": name, "event_id": after}).rowcount == 1
        return self.run(MOVE, {"p_name": name, "p_before": before, "p_after": after}).rowcount == 1


def _flat(choice: Choice) -> dict[str, Any]:
    hours = {"quiet_from": _hour(choice.quiet_from), "quiet_until": _hour(choice.quiet_until)}
    flags = {name: getattr(choice, name) for name in CHOICES if name not in hours}
    return flags | hours


def _hour(at: time | None) -> str | None:
    return None if at is None else at.strftime("%H:%M")


def _time(kept: str | None) -> time | None:
    return None if kept is None else time.fromisoformat(kept)


def _one(row: Row | None) -> Device | None:
    return None if row is None else _device(row)


def _device(row: Row) -> Device:
    choice = Choice(
        urgent=row.urgent,
        mine=row.mine,
        deadline=row.deadline,
        quiet_from=_time(row.quiet_from),
        quiet_until=_time(row.quiet_until),
        urgent_anyway=row.urgent_anyway,
    )
    return Device(
        id=row.id,
        staff_id=row.staff_id,
        endpoint=row.address,
        p256dh=row.p256dh,
        auth=row.auth,
        name=row.name,
        choice=choice,
        created_at=row.created_at,
        told_at=row.told_at,
        error=row.error,
    )


def _digest(row: Row) -> Digest:
    return Digest(staff_id=row.staff_id, address=row.address, hour=row.hour, last=row.last)
