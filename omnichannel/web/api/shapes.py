"""What the API answers with; the OpenAPI document is made from these same classes. Moments are UTC, days are the office's."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")


class Shape(BaseModel):
    """Read from our rows by name."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Listed(Shape, Generic[Item]):
    """One keyset page; `next` fetches the one after it (`?after=`), null at the end."""

    items: Sequence[Item]
    next: str | None = None


class Who(Shape):
    """Whose hands a token is, and what it may."""

    login: str
    name: str
    role: str
    unit: str | None
    token: str = Field(description="The token's name.")
    writes: bool
    unmasked: bool = Field(description="False: NIK, KK, telephone numbers and addresses are masked in every answer.")
    expires_at: datetime | None


class Label(Shape):
    """A label of the office's own."""

    id: int
    name: str
    tone: str = Field(description="Its colour: `abu`, `biru`, `toska`, `hijau`, `cokelat` or `merah-muda`.")


class Labels(Shape):
    """All labels in use, by name; an office has a hundred at most."""

    items: Sequence[Label]


class ConversationLine(Shape):
    """One line of a work list."""

    id: int
    account: str
    channel: str
    surface: str = Field(description="`direct`, or `public` for comments and groups.")
    contact: str = Field(description="How staff see the citizen: a name, a handle, or the tail of an id.")
    preview: str
    state: str = Field(description="`open`, `waiting` (for the citizen) or `resolved`.")
    kind: str | None
    queue: str | None = Field(description="`ppid`, `lapor` or `humas`.")
    topic: str | None
    unit: str | None
    unread: int
    failed: int = Field(description="Messages of ours that did not leave.")
    urgent: bool
    needs_person: bool
    assignee_id: int | None
    assignee: str | None
    due: date | None = Field(description="The nearest legal deadline of a running case.")
    case_number: str | None
    last_at: datetime
    snoozed_until: datetime | None
    labels: Sequence[Label] = Field(description="Labels of the office's own, by name.")


class MayReply(Shape):
    """Whether an answer may leave now, until when, and why not."""

    allowed: bool
    until: datetime | None
    reason: str | None
    limit: int | None = Field(description="Letters that one message holds, as the channel counts them.")


class Conversation(Shape):
    """One thread with one citizen."""

    id: int
    account: str
    channel: str
    surface: str
    contact_id: int
    subject: str | None
    state: str
    kind: str | None
    queue: str | None
    topic: str | None
    unit: str | None
    unread: int
    failed: int
    urgent: bool
    needs_person: bool
    assignee_id: int | None
    last_at: datetime
    last_in_at: datetime | None
    created_at: datetime
    snoozed_until: datetime | None
    version: int
    labels: Sequence[Label] = Field(description="Labels of the office's own, by name.")
    cases: Sequence[str] = Field(description="Register numbers, the newest first.")
    reply: MayReply


class File(Shape):
    """An attachment; its bytes are at `/api/v1/files/{id}` once it is `kept`."""

    id: int
    name: str | None
    media_type: str
    size: int | None
    sha256: str | None
    state: str = Field(description="`waiting` (still at the platform), `kept` or `lost`.")


class Place(Shape):
    """Degrees, WGS 84."""

    lat: float
    lon: float


class Message(Shape):
    """One message as it stands now."""

    id: int
    conversation_id: int
    direction: str = Field(description="`in`: the citizen · `out`: us · `note`: staff among themselves.")
    text: str
    subject: str | None
    quoted: str | None = Field(description="What a mail repeated of earlier ones.")
    sent_at: datetime
    arrived_at: datetime
    contact_id: int | None
    staff_id: int | None
    automatic: bool
    auto: str | None = Field(description="`bounce`, `auto_reply` or `list`: mail that nobody wrote.")
    delivery: str | None = Field(
        description="`queued`, `sending`, `sent`, `delivered`, `read`, `failed`, or `unsure`: it may have left; never sent again by itself."
    )
    error: str | None
    edited_at: datetime | None
    withdrawn_at: datetime | None
    location: Place | None
    reactions: Sequence[str]
    files: Sequence[File]


class Case(Shape):
    """What the office owes: a request, a complaint or an aspiration."""

    number: str
    conversation_id: int
    contact_id: int
    kind: str
    queue: str
    state: str = Field(description="`open`, `forwarded` (lies in SP4N-LAPOR!), `answered`, `closed` or `voided`.")
    title: str
    topic: str
    unit: str | None
    kecamatan: str | None
    desa: str | None
    received_at: datetime
    created_at: datetime
    due: date
    overdue: bool
    provisional: bool = Field(description="True while the calendar of that year is not decreed yet.")
    certain: bool = Field(description="False while a person must still confirm the kind.")
    confidence: float
    outcome: str | None
    closed_at: datetime | None
    void_reason: str | None
    tracking_id: str | None = Field(description="Its number in SP4N-LAPOR!.")
    lapor_status: str | None
    anonymous: bool
    secret: bool
    version: int


class CaseWhole(Case):
    """A case with the ladder of each of its clocks, as `omnichannel deadline` prints it."""

    clocks: Mapping[str, Any]
    reasons: Sequence[Mapping[str, Any]] = Field(description="The words that decided, with their weight.")


class Contact(Shape):
    """A citizen as one account knows them. `person_id` is shared by contacts that were found to be one person."""

    id: int
    account: str
    label: str
    name: str | None
    handle: str | None
    phone: str | None
    address: str | None
    person_id: int | None


class Happened(Shape):
    """One row of the append-only history; `id` orders everything that ever happened."""

    id: int
    at: datetime
    actor: str
    actor_name: str | None
    thing: str
    thing_id: int
    verb: str
    conversation_id: int | None
    before: str | None
    after: str | None
    why: str | None


class Wrong(Shape):
    """One field that does not fit."""

    field: str
    message: str


class Problem(Shape):
    """RFC 9457, `application/problem+json`."""

    type: str
    title: str
    status: int
    detail: str | None = None
    code: str | None = Field(default=None, description="For our log, where the fault is ours.")
    errors: Sequence[Wrong] | None = None
