"""Threads with citizens. Everything a list shows stands on the row, and `save` is the only way to change one."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict
from omnichannel.store.counters import ACTIVE, burn, lane, standing
from omnichannel.store.hot import Hand, Hot
from omnichannel.store.indexing import Marks
from omnichannel.store.lists import Lists
from omnichannel.store.shelf import Shelf, b, inserting
from omnichannel.store.tables import conversations, events, messages
from omnichannel.store.tables.talk import SHUTTING

c = conversations.c
CHANGING = (
    "state", "last_at", "last_in_at", "preview", "unread", "failed", "assignee_id", "unit", "kind", "queue", "topic",
    "confidence", "needs_person", "urgent", "subject", "snoozed_until", "case_id", "aside", "labels",
    "shuts_at",
)  # fmt: skip
COLUMNS = (
    c.id, c.account, c.channel, c.surface, c.external_id, c.contact_id, c.created_at, c.due, c.token, c.version,
    *(c[name] for name in CHANGING),
)  # fmt: skip
WHOLE = sa.select(*COLUMNS)
GET = Hot(WHOLE.where(c.id == b("id")))
FIND = Hot(WHOLE.where(c.account == b("account"), c.external_id == b("external_id"), c.surface == b("surface")))
BY_TOKEN = Hot(WHOLE.where(c.token == b("token")))
HOLDING = sa.select(messages.c.conversation_id).where(
    messages.c.account == b("account"),
    messages.c.message_id.is_not(None),
    messages.c.message_id.in_(sa.bindparam("p_ids", expanding=True)),
)
BY_MAIL = WHOLE.where(c.id.in_(HOLDING)).order_by(c.last_at.desc(), c.id.desc())
SLEEPING = (
    WHOLE.where(sa.text("lane = 'snoozed'"), c.snoozed_until <= b("now"))
    .order_by(c.snoozed_until, c.id)
    .limit(b("limit"))
)
SHUT = Hot(WHOLE.where(sa.text(SHUTTING), c.shuts_at <= b("now")).order_by(c.shuts_at, c.id).limit(b("limit")))
# No version is raised and nothing noted: nobody did anything, and no page that is open shows another state.
COOLED = Hot(sa.update(conversations).where(c.id == b("id")).values(shuts_at=None, burn=b("burn")))
FRESH = ("account", "channel", "surface", "external_id", "contact_id", "created_at", "token", "version")
ADD = inserting(conversations, *FRESH, *CHANGING, "due", "lane", "burn")
SAVE = Hot(
    sa.update(conversations)
    .where(c.id == b("id"), c.version == b("version"))
    .values({name: b(name) for name in (*CHANGING, "due", "lane", "burn")} | {"version": c.version + 1})
    .returning(c.version)
)
RENAME = (
    sa.update(conversations)
    .where(c.id == b("id"), c.version == b("version"))
    .values(external_id=b("external_id"), version=c.version + 1)
)
LAST_HAND = (
    sa.select(events.c.actor_name, events.c.actor)
    .where(events.c.conversation_id == b("id"), events.c.conversation_id.is_not(None))
    .order_by(events.c.id.desc())
    .limit(1)
)


def conversation_of(row: Sequence[Any]) -> Conversation:
    """In the order of COLUMNS; unpacked by place because this runs for every message."""
    id_, account, channel, surface, external_id, contact_id, created_at, due, token, version, state, *rest = row
    changing = dict(zip(CHANGING[1:], rest, strict=True))
    return Conversation(
        id=id_,
        account=account,
        channel=Channel(channel),
        surface=Surface(surface),
        external_id=external_id,
        contact_id=contact_id,
        created_at=created_at,
        due=None if due is None else due.isoformat(),
        token=token,
        version=version,
        state=ConversationState(state),
        **changing,
    )


class ConversationsShelf(Shelf):
    """One row a thread and surface of an account."""

    def __init__(self, connection: sa.Connection, hand: Hand, marks: Marks) -> None:
        super().__init__(connection, hand)
        self.marks = marks.conversations
        self.lists = Lists(connection, hand)

    def get(self, conversation_id: int) -> Conversation | None:
        return self._one(GET, {"p_id": conversation_id})

    def find(self, account: str, external_id: str, surface: Surface) -> Conversation | None:
        return self._one(FIND, {"p_account": account, "p_external_id": external_id, "p_surface": surface})

    def by_token(self, token: str) -> Conversation | None:
        return self._one(BY_TOKEN, {"p_token": token})

    def by_message_ids(self, account: str, message_ids: Sequence[str]) -> list[Conversation]:
        # An empty id matches every mail that has none: once, somewhere, all later mail was filed in one thread.
        ids = [one for one in dict.fromkeys(message_ids) if one.strip()]
        if not ids:
            return []
        return [conversation_of(row) for row in self.run(BY_MAIL, {"p_account": account, "p_ids": ids[-200:]})]

    def add(
        self,
        *,
        account: str,
        channel: Channel,
        surface: Surface,
        external_id: str,
        contact_id: int,
        at: datetime,
        subject: str | None = None,
        unit: str | None = None,
    ) -> Conversation:
        made = Conversation(
            id=0,
            account=account,
            channel=channel,
            surface=surface,
            external_id=external_id,
            contact_id=contact_id,
            state=ConversationState.OPEN,
            last_at=at,
            created_at=at,
            subject=subject,
            unit=unit,
            token=secrets.token_hex(8),
        )
        made = replace(made, id=self.fresh_id(ADD, _fresh_row(made)))
        self.marks.add(made.id)
        self.lists.move(made.id, None, standing(made))
        return made

    def save(self, before: Conversation, after: Conversation) -> Conversation:
        row: dict[str, Any] = {f"p_{name}": getattr(after, name) for name in CHANGING}
        row["p_id"], row["p_version"] = before.id, before.version
        row["p_due"] = None if after.due is None else date.fromisoformat(after.due)
        row["p_lane"], row["p_burn"] = lane(after), _burn(after)
        if self.ask(SAVE, row) is None:
            raise Conflict(self._who_was_faster(before.id))
        if after.subject != before.subject:
            self.marks.add(before.id)
        self.lists.move(before.id, standing(before), standing(after))
        return replace(after, id=before.id, version=before.version + 1)

    def rename(self, before: Conversation, external_id: str) -> Conversation:
        row = {"p_id": before.id, "p_version": before.version, "p_external_id": external_id}
        if self.run(RENAME, row).rowcount != 1:
            raise Conflict(self._who_was_faster(before.id))
        return replace(before, external_id=external_id, version=before.version + 1)

    def wake(self, now: datetime, limit: int = 100) -> list[Conversation]:
        return [conversation_of(row) for row in self.run(SLEEPING, {"p_now": now, "p_limit": limit})]

    def shut(self, now: datetime, limit: int = 500) -> int:
        found = [conversation_of(row) for row in self.hand.ask(SHUT, {"p_now": now, "p_limit": limit})]
        for one in found:
            self.tell(COOLED, {"p_id": one.id, "p_burn": _burn(replace(one, shuts_at=None))})
        return len(found)

    def _one(self, hot: Hot, row: dict[str, Any]) -> Conversation | None:
        found = self.ask(hot, row)
        return None if found is None else conversation_of(found)

    def _who_was_faster(self, conversation_id: int) -> str:
        hand = self.run(LAST_HAND, {"p_id": conversation_id}).first()
        who = "orang lain" if hand is None else hand.actor_name or hand.actor
        return f"Percakapan ini baru saja diubah oleh {who}. Lihat dulu, lalu putuskan lagi."


def _burn(one: Conversation) -> int:
    """A window counts while the citizen waits for us."""
    waits = one.shuts_at if one.state is ConversationState.OPEN else None
    return burn(one.due, one.last_at, urgent=one.urgent, shuts_at=waits)


def _fresh_row(made: Conversation) -> dict[str, Any]:
    row = {name: getattr(made, name) for name in CHANGING}
    row |= {name: getattr(made, name) for name in FRESH}
    return row | {"due": None, "lane": ACTIVE, "burn": _burn(made)}
