"""DIP and DIK are kept: a row at a time, or a whole sheet of a unit at once; all of a sheet or nothing of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from omnichannel.domain.dip import COLUMNS, Category, Entry, Fault, Item, read_rows
from omnichannel.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.work import Work
from omnichannel.router.desk import by_staff

FIELDS = tuple(COLUMNS.values())
UNIT, CATEGORY = (next(head for head, name in COLUMNS.items() if name == wanted) for wanted in ("unit", "category"))
NEVER = datetime.min.replace(tzinfo=UTC)  # of a row that is only being judged


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did."""

    added: int
    changed: int
    same: int


def names_of_units(organisation: Organisation) -> dict[str, str]:
    """Each name, alias or key of ours in small letters → its key. An alias that two units share names neither."""
    names: dict[str, str] = {}
    shared: set[str] = set()
    for unit in organisation:
        for name in {" ".join(one.casefold().split()) for one in (unit.key, unit.name, *unit.aliases)}:
            if names.setdefault(name, unit.key) != unit.key:
                shared.add(name)
    keys = {unit.key for unit in organisation}
    return {name: key for name, key in names.items() if name not in shared or name in keys}


def check(table: Sequence[Sequence[str]], organisation: Organisation) -> tuple[list[Entry], list[Fault]]:
    """Rows and faults of a sheet, before anything is written."""
    return read_rows(table, names_of_units(organisation))


def theirs(staff: Staff, entries: Sequence[Entry]) -> list[Fault]:
    """Rows of a sheet that are not this officer's to write: of another unit, or exempted (`policy.may`)."""
    found = []
    for entry in entries:
        allowed = may(staff, Action.MANAGE_LISTS, Item(id=0, updated_at=NEVER, **_values(entry.values)))
        if not allowed:
            column = UNIT if entry.values["unit"] != staff.unit else CATEGORY
            found.append(Fault(entry.row, column, allowed.why))
    return found


def take(work: Work, staff: Staff, entries: Sequence[Entry], *, now: datetime) -> Taken:
    """Write a sheet that has no faults: what is known by unit and title is changed, the rest is new, nothing is removed."""
    added = changed = 0
    for entry in entries:
        values = _values(entry.values)
        known = work.catalogue.find(entry.values["unit"], entry.values["title"])
        if known is None:
            work.catalogue.add(Item(id=0, updated_at=now, **values))
            added += 1
        elif any(getattr(known, name) != value for name, value in values.items()):
            work.catalogue.save(known, replace(known, updated_at=now, **values))
            changed += 1
    counts = f"+{added} ~{changed}"
    work.note(by_staff(staff), "list_imported", "catalogue", 0, at=now, after=counts)
    return Taken(added, changed, len(entries) - added - changed)


def save(
    work: Work, staff: Staff, organisation: Organisation, given: Mapping[str, str], *, now: datetime,
    item_id: int | None = None, seen: int | None = None,
) -> Item:  # fmt: skip
    """One row by hand, under the same rules as a sheet's. Invalid says what to change; Conflict: changed meanwhile, or the
    unit has another row of that title."""
    heads = list(COLUMNS)
    table = [heads, [given.get(COLUMNS[head], "") for head in heads]]
    entries, faults = check(table, organisation)
    if faults:
        raise Invalid(faults[0].why)
    if not entries:
        raise Invalid("Isi dulu barisnya.")
    values = _values(entries[0].values)
    _must_be_theirs(staff, Item(id=0, updated_at=now, **values))
    twin = work.catalogue.find(values["unit"], values["title"])
    if twin is not None and twin.id != item_id:
        raise Conflict("Unit ini sudah punya informasi dengan ringkasan yang sama.")
    if item_id is None:
        made = work.catalogue.add(Item(id=0, updated_at=now, **values))
        work.note(by_staff(staff), "item_listed", "catalogue", made.id, at=now, after=made.title)
        return made
    before = item_of(work, item_id, seen)
    _must_be_theirs(staff, before)
    after = work.catalogue.save(before, replace(before, updated_at=now, **values))
    work.note(by_staff(staff), "item_changed", "catalogue", after.id, at=now, after=after.title)
    return after


def remove(work: Work, staff: Staff, item_id: int, *, now: datetime, seen: int | None = None) -> Item:
    """Off the list; the row itself stays, for requests were answered with it."""
    before = item_of(work, item_id, seen)
    _must_be_theirs(staff, before)
    after = work.catalogue.save(before, replace(before, removed_at=now, updated_at=now))
    work.note(by_staff(staff), "item_removed", "catalogue", after.id, at=now, after=after.title)
    return after


def item_of(work: Work, item_id: int, seen: int | None = None) -> Item:
    """NotFound; Conflict when it is no longer the version that the page showed."""
    found = work.catalogue.get(item_id)
    if found is None or found.removed_at is not None:
        raise NotFound("Informasi itu tidak ada di daftar.")
    if seen is not None and found.version != seen:
        raise Conflict("Baris ini berubah sejak Anda membuka halaman. Muat ulang, lalu ubah lagi.")
    return found


def _must_be_theirs(staff: Staff, item: Item) -> None:
    """NotAllowed: a unit officer keeps the list of their own unit, as it is and as it would be."""
    allowed = may(staff, Action.MANAGE_LISTS, item)
    if not allowed:
        raise NotAllowed(allowed.why)


def _values(row: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: row.get(name, "") for name in FIELDS}
    values["category"] = Category(values["category"])
    return values
