"""Rows of the widest tables into the domain's words. Unpacked by place: a name looked up per column costs more."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.case import Case, CaseState, Kind, Outcome, Queue
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Auto, Delivery, Location
from omnichannel.domain.work import Direction, File, FileState, Message
from omnichannel.store.tables import attachments, cases, messages

m = messages.c
PLAIN = (
    "id", "conversation_id", "account", "external_id", "text", "sent_at", "arrived_at", "contact_id", "staff_id",
    "quoted", "html", "subject", "message_id", "reply_to", "automatic", "delivered_at", "error", "edited_at",
    "withdrawn_at", "album", "client_key", "unknown", "ledger_id",
)  # fmt: skip
MESSAGE: tuple[sa.Column[object], ...] = (
    m.direction, m.surface, m.references, m.auto, m.lat, m.lon, m.delivery, *(m[name] for name in PLAIN),
)  # fmt: skip


def message_of(row: Sequence[Any]) -> Message:
    """In the order of MESSAGE."""
    direction, surface, references, auto, lat, lon, delivery, *plain = row
    return Message(
        direction=Direction(direction),
        surface=Surface(surface),
        references=tuple(references),
        auto=None if auto is None else Auto(auto),
        location=None if lat is None or lon is None else Location(lat, lon),
        delivery=None if delivery is None else Delivery(delivery),
        **dict(zip(PLAIN, plain, strict=True)),
    )


a = attachments.c
FILE: tuple[sa.Column[object], ...] = (
    a.id, a.message_id, a.name, a.media_type, a.size, a.sha256, a.state, a.remote_id, a.remote_url, a.error,
)  # fmt: skip


def file_of(row: Sequence[Any]) -> File:
    """In the order of FILE."""
    id_, message_id, name, media_type, size, sha256, state, remote_id, remote_url, error = row
    return File(
        id=id_,
        message_id=message_id,
        name=name,
        media_type=media_type,
        size=size,
        sha256=sha256,
        state=FileState(state),
        remote_id=remote_id,
        remote_url=remote_url,
        error=error,
    )


k = cases.c
KEPT = (
    "id", "conversation_id", "message_id", "contact_id", "number", "topic", "received_at", "created_at", "due",
    "provisional", "calendar_version", "clocks", "certain", "confidence", "reasons", "title", "unit", "kecamatan",
    "desa", "closed_at", "void_reason", "tracking_id", "lapor_url", "lapor_status", "lapor_at", "anonymous", "secret",
    "version",
)  # fmt: skip
CASE: tuple[sa.Column[object], ...] = (k.kind, k.queue, k.state, k.outcome, *(k[name] for name in KEPT))


def case_of(row: Sequence[Any]) -> Case:
    """In the order of CASE."""
    kind, queue, state, outcome, *kept = row
    return Case(
        kind=Kind(kind),
        queue=Queue(queue),
        state=CaseState(state),
        outcome=None if outcome is None else Outcome(outcome),
        **dict(zip(KEPT, kept, strict=True)),
    )
