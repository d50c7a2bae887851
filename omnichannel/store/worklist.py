"""The statements behind the work lists: one shape each, walked along an index, never counted, never skipped over.

Open views burn from the top: alarms, then the nearest due day, then the newest word. ALL and RESOLVED are newest first.
A unit's ALL and RESOLVED walk the unit's own index; its other views are short (what is in hand), so they are sorted.
"""

import base64
import binascii
from functools import cache

import sqlalchemy as sa

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.errors import Invalid
from omnichannel.domain.people import Contact
from omnichannel.domain.screens import View, WorkRow
from omnichannel.store.columns import Moment
from omnichannel.store.shelf import Row, b
from omnichannel.store.tables import cases, contacts, conversation_units, conversations, staff

c = conversations.c
u = conversation_units.c
PLAIN = (
    "id", "account", "preview", "last_at", "last_in_at", "unread", "failed", "state", "kind", "queue", "topic", "unit",
    "confidence", "needs_person", "urgent", "assignee_id", "due", "snoozed_until", "alarm_id", "aside",
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
NEWEST_FIRST = (View.ALL, View.RESOLVED, View.ASIDE)
HAS_UNIT = sa.exists().where(u.conversation_id == c.id)
SEEN_BY_UNIT = sa.exists().where(u.conversation_id == c.id, u.unit == b("unit"))
NOT_HIDDEN = sa.or_(c.queue.is_(None), c.queue.not_in(sa.bindparam("p_hidden", expanding=True)))
NEAR = (
    sa.select(sa.func.count())
    .select_from(conversations)
    .where(sa.text(IN_VIEW[View.NEAR]), c.due <= b("near"), NOT_HIDDEN)
)
NEAR_OF_UNIT = NEAR.where(SEEN_BY_UNIT)


@cache
def list_statement(view: View, *, by_unit: bool, paged: bool) -> sa.Select[*tuple[object, ...]]:
    """One page of a view; parameters: unit, staff, near, hidden, limit, and where the page before ended."""
    if view in NEWEST_FIRST:
        return _newest_first(view, by_unit=by_unit, paged=paged)
    statement = (IN_UNIT if by_unit else WHOLE).where(sa.text(IN_VIEW[view]), NOT_HIDDEN).limit(b("limit"))
    if by_unit and view is not View.FAILED:
        statement = statement.where(sa.text(OF_UNIT_OPEN))
    if view is View.MINE:
        statement = statement.where(c.assignee_id == b("staff"))
    if view is View.NEAR:
        statement = statement.where(c.due <= b("near"))
    if view is View.UNIT and not by_unit:
        statement = statement.where(HAS_UNIT)
    if paged:
        place = sa.tuple_(b("calm", c.calm.type), b("burn", c.burn.type), b("id", c.id.type))
        statement = statement.where(sa.tuple_(c.calm, c.burn, c.id) > place)
    return statement.order_by(c.calm, c.burn, c.id)


def _newest_first(view: View, *, by_unit: bool, paged: bool) -> sa.Select[*tuple[object, ...]]:
    at, id_ = (u.last_at, u.conversation_id) if by_unit else (c.last_at, c.id)
    of_unit = OF_UNIT_OPEN if view is View.ALL else OF_UNIT_RESOLVED
    statement = (IN_UNIT if by_unit else WHOLE).where(sa.text(of_unit if by_unit else IN_VIEW[view]), NOT_HIDDEN)
    if by_unit and view is View.ASIDE:
        statement = statement.where(sa.text(IN_VIEW[view]))
    statement = statement.limit(b("limit"))
    if paged:
        statement = statement.where(sa.tuple_(at, id_) < sa.tuple_(b("last_at", Moment()), b("id", c.id.type)))
    return statement.order_by(at.desc(), id_.desc())


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
