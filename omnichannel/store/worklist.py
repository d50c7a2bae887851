"""The statements behind the work lists: one shape each, walked along an index, never counted, never skipped over.

BURNING is: alarms, then the nearest day on which something ends (`counters.burn`); the other orders go by the newest word alone.
A unit's ALL and RESOLVED walk the unit's own index by time; for its other lists the unit stands in the office's indexes.
"""

import base64
import binascii
from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Contact
from omnichannel.domain.screens import Order, View, WorkRow
from omnichannel.store import labels
from omnichannel.store.among import among
from omnichannel.store.columns import Moment
from omnichannel.store.shelf import Row, b
from omnichannel.store.tables import cases, contacts, conversation_units, conversations, staff

c = conversations.c
u = conversation_units.c
PLAIN = (
    "id", "account", "preview", "last_at", "last_in_at", "unread", "failed", "state", "kind", "queue", "topic", "unit",
    "confidence", "needs_person", "urgent", "assignee_id", "due", "snoozed_until", "alarm_id", "aside", "labels",
    "shuts_at",
)  # fmt: skip
COLUMNS: tuple[sa.ColumnElement[object], ...] = (
    c.calm, c.burn, c.channel, c.surface, contacts.c.name, contacts.c.handle, contacts.c.phone, contacts.c.address,
    staff.c.name.label("assignee_name"), cases.c.number.label("case_number"), cases.c.state.label("case_state"),
    cases.c.tracking_id, *(c[name] for name in PLAIN),
)  # fmt: skip
JOINED = (
    conversations.join(contacts, contacts.c.id == c.contact_id)
    .outerjoin(staff, staff.c.id == c.assignee_id)
    .outerjoin(cases, cases.c.id == c.case_id)
)
WHOLE = sa.select(*COLUMNS).select_from(JOINED)
WHOLE_OF = WHOLE.where(among(c.id))
ROW = WHOLE.where(c.id == b("id"))
IN_UNIT = (
    sa.select(*COLUMNS)
    .select_from(JOINED.join(conversation_units, u.conversation_id == c.id))
    .where(u.unit == b("unit"))
)

# Word for word as in the partial indexes, or SQLite would not use them.
IN_VIEW = {
    View.UNREAD: "conversations.lane = 'active' AND conversations.unread > 0",
    View.MINE: "conversations.lane = 'active' AND conversations.assignee_id IS NOT NULL",
    View.UNIT: "conversations.lane = 'active' AND conversations.lane <> 'resolved'",
    View.NEAR: "conversations.lane <> 'resolved' AND conversations.due IS NOT NULL",
    View.FAILED: "conversations.failed > 0",
    View.SNOOZED: "conversations.lane = 'snoozed'",
    View.RESOLVED: "conversations.lane = 'resolved'",
    View.ASIDE: "conversations.aside IS NOT NULL",
    View.ALL: "conversations.lane <> 'resolved'",
}
OF_UNIT_OPEN, OF_UNIT_RESOLVED = "conversation_units.lane <> 'resolved'", "conversation_units.lane = 'resolved'"
# In which half of a label's index the list stands; some stand in both, and are small.
LANE_OF = dict.fromkeys(set(View) - {View.FAILED, View.ASIDE}, labels.RUNNING) | {View.RESOLVED: labels.RESOLVED}
TIMED = (View.ALL, View.RESOLVED, View.ASIDE)  # an index keeps these by time
SEEN_BY_UNIT = sa.exists().where(u.conversation_id == c.id, u.unit == b("unit"))
NOT_HIDDEN = sa.or_(c.queue.is_(None), c.queue.not_in(sa.bindparam("p_hidden", expanding=True)))
NEAR = (
    sa.select(sa.func.count())
    .select_from(conversations)
    .where(sa.text(IN_VIEW[View.NEAR]), c.due <= b("near"), NOT_HIDDEN)
)
NEAR_OF_UNIT = NEAR.where(SEEN_BY_UNIT)


@cache
def list_statement(
    view: View, order: Order, *, by_unit: bool, paged: bool, hides: bool, narrowed: bool = False, labelled: bool = False
) -> sa.Select[*tuple[object, ...]]:
    """One page of a view; parameters: unit, staff, near, hidden, limit, and where the page before ended. Where nothing is
    hidden from these eyes the queue is not asked for: then an index alone picks the page. `narrowed`: the caller adds
    conditions of their own, which must be asked of every row before a page is cut. `labelled`: a label's index picks the page."""
    seen = [NOT_HIDDEN] if hides else []
    if view in TIMED and order is not Order.BURNING:
        walked = by_unit and view is not View.ASIDE and not labelled
        statement = (IN_UNIT if walked else WHOLE).where(*seen).limit(b("limit"))
        if walked:
            statement = statement.where(sa.text(OF_UNIT_RESOLVED if view is View.RESOLVED else OF_UNIT_OPEN))
        else:
            statement = statement.where(*standing_of(view, by_unit=by_unit))
        at, id_ = (u.last_at, u.conversation_id) if walked else (c.last_at, c.id)
        return _by_time(statement, at, id_, order, paged=paged)
    if order is Order.BURNING:
        return _burning(WHOLE.where(*standing_of(view, by_unit=by_unit), *seen).limit(b("limit")), paged=paged)
    # A list that its index keeps by what burns: the page is picked from the index first, and only then read.
    if narrowed:
        whole = WHOLE.where(*standing_of(view, by_unit=by_unit), *seen).limit(b("limit"))
        return _by_time(whole, c.last_at, c.id, order, paged=paged)
    picking = sa.select(c.id).where(*standing_of(view, by_unit=by_unit), *seen).limit(b("limit"))
    picked = _by_time(picking, c.last_at, c.id, order, paged=paged).subquery("picked")
    whole = sa.select(*COLUMNS).select_from(JOINED.join(picked, picked.c.id == c.id))
    return _by_time(whole, c.last_at, c.id, order, paged=False)


def standing_of(view: View, *, by_unit: bool) -> list[sa.ColumnElement[bool]]:
    """What must be true of a conversation that stands in the view; a unit's stand with it alone."""
    found: list[sa.ColumnElement[bool]] = [sa.text(IN_VIEW[view])]  # type: ignore[list-item]
    if by_unit:
        found.append(c.unit == b("unit"))
    elif view is View.UNIT:
        found.append(c.unit.is_not(None))
    if view is View.MINE:
        found.append(c.assignee_id == b("staff"))
    if view is View.NEAR:
        found.append(c.due <= b("near"))
    return found


def first_bearing(
    view: View, order: Order, ids: Sequence[int], conditions: Sequence[Any], *, by_unit: bool, paged: bool, hides: bool
) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """A page of the view's conversations that bear a label, by time, found by the label's own index; parameters as
    `list_statement`'s. Each label may give a whole page: whoever lists them cuts it."""
    seen = [NOT_HIDDEN] if hides else []
    place = (b("last_at", Moment()), b("id", c.id.type)) if paged else None
    asked = [*standing_of(view, by_unit=by_unit), *seen, *conditions]
    return labels.first(ids, LANE_OF[view], asked, b("limit"), oldest=order is Order.OLDEST, place=place)


def _burning(statement: sa.Select[*tuple[object, ...]], *, paged: bool) -> sa.Select[*tuple[object, ...]]:
    if paged:
        place = sa.tuple_(b("calm", c.calm.type), b("burn", c.burn.type), b("id", c.id.type))
        statement = statement.where(sa.tuple_(c.calm, c.burn, c.id) > place)
    return statement.order_by(c.calm, c.burn, c.id)


def _by_time(
    statement: sa.Select[*tuple[object, ...]],
    at: sa.Column[object],
    id_: sa.Column[object],
    order: Order,
    *,
    paged: bool,
) -> sa.Select[*tuple[object, ...]]:
    here, place = sa.tuple_(at, id_), sa.tuple_(b("last_at", Moment()), b("id", c.id.type))
    if order is Order.OLDEST:
        return (statement.where(here > place) if paged else statement).order_by(at, id_)
    return (statement.where(here < place) if paged else statement).order_by(at.desc(), id_.desc())


def work_row(row: Row) -> WorkRow:
    """In the order of COLUMNS."""
    _, _, channel, surface, name, handle, phone, address, assignee, number, case_state, tracking_id, *plain = row
    facts = dict(zip(PLAIN, plain, strict=True))
    return WorkRow(
        channel=Channel(channel),
        surface=Surface(surface),
        contact_label=label_of(name, handle, phone, address),
        assignee_name=assignee,
        case_number=number,
        case_state=case_state,
        tracking_id=tracking_id,
        **facts,
    )


def label_of(name: str | None, handle: str | None, phone: str | None, address: str | None) -> str:
    """The domain's own rule for how staff see a citizen."""
    return Contact(id=0, account="", external_id="", name=name, handle=handle, phone=phone, address=address).label


def cursor(*places: int) -> str:
    """Where a page ended. Opaque: whoever takes it apart breaks with the next release."""
    return base64.urlsafe_b64encode(".".join(map(str, places)).encode()).decode().rstrip("=")


def place(after: str, parts: int) -> tuple[int, ...]:
    """The way back; Invalid for anything that is not one of ours."""
    try:
        padded = after.encode("ascii") + b"=" * (-len(after) % 4)
        places = tuple(int(part) for part in base64.urlsafe_b64decode(padded).decode("ascii").split("."))
    except (ValueError, binascii.Error) as error:
        raise Invalid("Tautan halaman ini tidak dikenal. Muat ulang daftarnya.") from error
    if len(places) != parts or any(abs(part) >= 1 << 62 for part in places):
        raise Invalid("Tautan halaman ini tidak dikenal. Muat ulang daftarnya.")
    return places
