"""What was said, in and out, with its files, reactions and earlier texts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import Conflict
from omnichannel.domain.message import Attachment, Auto, Delivery, Location
from omnichannel.domain.work import Direction, File, FileState, Message
from omnichannel.store.among import Several
from omnichannel.store.hot import Hand, Hot
from omnichannel.store.indexing import Marks
from omnichannel.store.rows import FILE, MESSAGE, file_of, message_of
from omnichannel.store.shelf import Shelf, b, insert_or_skip, inserting, on_both
from omnichannel.store.tables import attachments, message_versions, messages, reactions

m = messages.c
WHOLE = sa.select(*MESSAGE)
GET = Hot(WHOLE.where(m.id == b("id")))
BY_EXTERNAL = Hot(WHOLE.where(m.account == b("account"), m.external_id == b("external_id")))
BY_CLIENT_KEY = Hot(WHOLE.where(m.client_key == b("key"), m.client_key.is_not(None)))
BY_ALBUM = Hot(
    WHOLE.where(m.conversation_id == b("conversation"), m.album == b("album"), m.album.is_not(None))
    .order_by(m.id)
    .limit(1)
)
ADD = Hot(
    insert_or_skip(messages, m.id),
    "conversation_id", "account", "external_id", "direction", "text", "sent_at", "arrived_at", "surface", "contact_id",
    "staff_id", "quoted", "html", "subject", "message_id", "reply_to", "references", "auto", "automatic", "lat", "lon",
    "delivery", "album", "client_key", "unknown", "ledger_id",
)  # fmt: skip
TAKEN = sa.select(m.id).where(m.account == b("account"), m.external_id == b("external_id"), m.id != b("id"))
ONE = sa.update(messages).where(m.id == b("id"))
SET_TEXT = ONE.values(text=b("text"), edited_at=b("at"))
APPEND = ONE.values(text=b("text"))
SET_LOCATION = ONE.values(lat=b("lat"), lon=b("lon"))
SET_QUOTED = ONE.values(quoted=b("quoted"))
WITHDRAW = ONE.values(withdrawn_at=b("at"))
DELIVER = ONE.values(
    delivery=b("delivery"),
    delivered_at=b("at"),
    error=b("error"),
    external_id=sa.func.coalesce(b("external_id", m.external_id.type), m.external_id),
    message_id=sa.func.coalesce(b("mail_id", m.message_id.type), m.message_id),
)
KEEP_VERSION = sa.insert(message_versions)
VERSIONS = (
    sa.select(message_versions.c.at, message_versions.c.text)
    .where(message_versions.c.message_id == b("id"))
    .order_by(message_versions.c.id)
)
FILES = Several(
    lambda ids: (
        sa.select(*FILE)
        .where(attachments.c.message_id.in_(ids))
        .order_by(attachments.c.message_id, attachments.c.position)
    )
)
FILE_BY_ID = sa.select(*FILE).where(attachments.c.id == b("id"))
LAST_POSITION = sa.select(sa.func.max(attachments.c.position)).where(attachments.c.message_id == b("id"))
ADD_FILE = inserting(
    attachments, "message_id", "name", "media_type", "size", "sha256", "state", "remote_id", "remote_url", "position"
)
ONE_FILE = sa.update(attachments).where(attachments.c.id == b("id"))
FILE_KEPT = ONE_FILE.values(
    state=FileState.KEPT.value, sha256=b("sha256"), size=b("size"), media_type=b("media_type"), error=None
)
FILE_LOST = ONE_FILE.values(state=FileState.LOST.value, error=b("error"))
REACTIONS = Several(
    lambda ids: (
        sa.select(reactions.c.message_id, reactions.c.author, reactions.c.emoji)
        .where(reactions.c.message_id.in_(ids))
        .order_by(reactions.c.message_id, reactions.c.at, reactions.c.author)
    )
)
UNREACT = sa.delete(reactions).where(reactions.c.message_id == b("id"), reactions.c.author == b("author"))
IN_THREAD = WHOLE.where(m.conversation_id == b("conversation")).limit(b("limit"))
NEWEST_FIRST = IN_THREAD.order_by(m.sent_at.desc(), m.id.desc())
LATEST = Hot(NEWEST_FIRST)
BEFORE = NEWEST_FIRST.where(
    sa.tuple_(m.sent_at, m.id)
    < sa.tuple_(sa.select(m.sent_at).where(m.id == b("before")).scalar_subquery(), b("before", m.id.type))
)
# What came in after: by arrival, so that a late message with an early platform time is not passed over.
AFTER = IN_THREAD.where(m.id > b("after")).order_by(m.id)
# The first thing that a person wrote to the citizen after that.
ANSWER = Hot(
    sa.select(m.text, m.sent_at)
    .where(
        m.conversation_id == b("conversation"),
        m.sent_at >= sa.select(m.sent_at).where(m.id == b("asked")).scalar_subquery(),
        m.direction == "out",
        m.automatic.is_(False),
        sa.func.trim(m.text) != "",
    )
    .order_by(m.sent_at, m.id)
    .limit(1)
)
MOVE = sa.update(messages).where(m.conversation_id == b("from")).values(conversation_id=b("to"))
TRAIL = (
    sa.select(m.message_id)
    .where(m.conversation_id == b("conversation"), m.message_id.is_not(None))
    .order_by(m.sent_at, m.id)
)


def _reacting(insert: Any, table: sa.Table) -> sa.Executable:
    statement = insert(table)
    news = {"emoji": statement.excluded.emoji, "at": statement.excluded.at}
    result: sa.Executable = statement.on_conflict_do_update(index_elements=["message_id", "author"], set_=news)
    return result


REACT = on_both(_reacting, reactions)


class MessagesShelf(Shelf):
    """A message is never deleted: an edit keeps the old text, a withdrawal keeps the words and says so."""

    def __init__(self, connection: sa.Connection, hand: Hand, marks: Marks) -> None:
        super().__init__(connection, hand)
        self.marks = marks.messages

    def get(self, message_id: int) -> Message | None:
        return self._one(GET, {"p_id": message_id})

    def by_external(self, account: str, external_id: str) -> Message | None:
        return self._one(BY_EXTERNAL, {"p_account": account, "p_external_id": external_id})

    def by_client_key(self, key: str) -> Message | None:
        return self._one(BY_CLIENT_KEY, {"p_key": key})

    def by_album(self, conversation_id: int, album: str) -> Message | None:
        return self._one(BY_ALBUM, {"p_conversation": conversation_id, "p_album": album})

    def add(
        self,
        *,
        conversation_id: int,
        account: str,
        external_id: str,
        direction: Direction,
        text: str,
        sent_at: datetime,
        arrived_at: datetime,
        surface: Surface = Surface.DIRECT,
        contact_id: int | None = None,
        staff_id: int | None = None,
        quoted: str | None = None,
        html: str | None = None,
        subject: str | None = None,
        message_id: str | None = None,
        reply_to: str | None = None,
        references: Sequence[str] = (),
        auto: Auto | None = None,
        automatic: bool = False,
        location: Location | None = None,
        delivery: Delivery | None = None,
        album: str | None = None,
        client_key: str | None = None,
        unknown: bool = False,
        ledger_id: int | None = None,
    ) -> Message:
        # The arguments are, name for name, the fields of a Message.
        said = dict(locals())
        del said["self"]
        made = Message(id=0, **(said | {"references": tuple(references)}))
        where = {"lat": None, "lon": None} if location is None else {"lat": location.lat, "lon": location.lon}
        del said["location"]
        row = self.ask(ADD, said | where | {"references": list(references)})
        if row is None:
            raise Conflict(f"{account}: this message is already here ({client_key or external_id})")
        self.marks.add(row[0])
        return replace(made, id=row[0])

    def move(self, from_conversation: int, to_conversation: int) -> int:
        return self.run(MOVE, {"p_from": from_conversation, "p_to": to_conversation}).rowcount

    def add_files(self, message_id: int, attachments: Sequence[Attachment]) -> list[File]:
        if not attachments:
            return []  # most messages are words alone, and a question costs as much as the message itself
        self.marks.add(message_id)
        last = self.run(LAST_POSITION, {"p_id": message_id}).scalar()
        start = 0 if last is None else last + 1
        return [self._add_file(message_id, place, part) for place, part in enumerate(attachments, start)]

    def _add_file(self, message_id: int, position: int, part: Attachment) -> File:
        state = FileState.WAITING if part.sha256 is None else FileState.KEPT
        row: dict[str, Any] = {
            "message_id": message_id,
            "name": part.name,
            "media_type": part.media_type,
            # A platform's own figure, and nobody promised that it is one.
            "size": part.size if part.size is not None and 0 <= part.size < 1 << 63 else None,
            "sha256": part.sha256,
            "state": state,
            "remote_id": part.id,
            "remote_url": part.url,
        }
        return File(id=self.fresh_id(ADD_FILE, row | {"position": position}), **row)

    def file(self, file_id: int) -> File | None:
        row = self.run(FILE_BY_ID, {"p_id": file_id}).first()
        return None if row is None else file_of(row)

    def file_kept(self, file_id: int, sha256: str, size: int, media_type: str) -> None:
        self.run(FILE_KEPT, {"p_id": file_id, "p_sha256": sha256, "p_size": size, "p_media_type": media_type})

    def file_lost(self, file_id: int, error: str) -> None:
        self.run(FILE_LOST, {"p_id": file_id, "p_error": error})

    def set_text(self, message_id: int, text: str, at: datetime) -> None:
        """A version bears the moment at which it was replaced."""
        known = self.get(message_id)
        if known is None or known.text == text:
            return
        self.run(KEEP_VERSION, {"message_id": message_id, "at": at, "text": known.text})
        self.marks.add(message_id)
        self.run(SET_TEXT, {"p_id": message_id, "p_text": text, "p_at": at})

    def append_text(self, message_id: int, text: str) -> None:
        known = self.get(message_id)
        if known is not None and text:
            self.marks.add(message_id)
            self.run(APPEND, {"p_id": message_id, "p_text": f"{known.text}\n{text}" if known.text else text})

    def set_location(self, message_id: int, at: Location) -> None:
        self.run(SET_LOCATION, {"p_id": message_id, "p_lat": at.lat, "p_lon": at.lon})

    def set_quoted(self, message_id: int, quoted: str) -> None:
        """Not searched: each of its words stands in a message of its own."""
        self.run(SET_QUOTED, {"p_id": message_id, "p_quoted": quoted})

    def set_withdrawn(self, message_id: int, at: datetime) -> None:
        self.marks.add(message_id)
        self.run(WITHDRAW, {"p_id": message_id, "p_at": at})

    def react(self, message_id: int, author: str, emoji: str | None, at: datetime) -> None:
        if not emoji:
            self.run(UNREACT, {"p_id": message_id, "p_author": author})
            return
        self.run(REACT[self.dialect], {"message_id": message_id, "author": author, "emoji": emoji, "at": at})

    def set_delivery(
        self,
        message_id: int,
        delivery: Delivery,
        at: datetime,
        error: str | None = None,
        external_id: str | None = None,
        mail_id: str | None = None,
    ) -> None:
        """Conflict when the platform's id already belongs to another message of the account (an echo came first)."""
        if external_id is not None:
            self._must_be_free(message_id, external_id)
        row = {"p_id": message_id, "p_delivery": delivery, "p_at": at, "p_error": error}
        self.run(DELIVER, row | {"p_external_id": external_id, "p_mail_id": mail_id})

    def versions(self, message_id: int) -> list[tuple[datetime, str]]:
        return [(at, text) for at, text in self.run(VERSIONS, {"p_id": message_id})]

    def thread(
        self, conversation_id: int, *, before_id: int | None = None, after_id: int | None = None, limit: int = 50
    ) -> list[Message]:
        row = {"p_conversation": conversation_id, "p_limit": limit}
        if after_id is not None:
            found: Sequence[Sequence[Any]] = self.run(AFTER, row | {"p_after": after_id}).all()
        elif before_id is not None:
            found = self.run(BEFORE, row | {"p_before": before_id}).all()
        else:
            found = self.hand.ask(LATEST, row)
        whole = self._with_belongings([message_of(one) for one in found])
        return sorted(whole, key=lambda message: (message.sent_at, message.id))

    def answer_to(self, conversation_id: int, message_id: int) -> tuple[str, datetime] | None:
        row = self.ask(ANSWER, {"p_conversation": conversation_id, "p_asked": message_id})
        return None if row is None else (row[0], row[1])

    def mail_trail(self, conversation_id: int) -> list[str]:
        return list(self.run(TRAIL, {"p_conversation": conversation_id}).scalars())

    def _one(self, hot: Hot, row: dict[str, Any]) -> Message | None:
        found = self.ask(hot, row)
        return None if found is None else self._with_belongings([message_of(found)])[0]

    def _with_belongings(self, found: list[Message]) -> list[Message]:
        """Files and reactions of all of them in two statements."""
        ids = [message.id for message in found]
        files: dict[int, list[File]] = {}
        for hot, row in FILES.asked(ids):
            for one in self.hand.ask(hot, row):
                files.setdefault(one[1], []).append(file_of(one))
        felt: dict[int, list[tuple[str, str]]] = {}
        for hot, row in REACTIONS.asked(ids):
            for message_id, author, emoji in self.hand.ask(hot, row):
                felt.setdefault(message_id, []).append((author, emoji))
        return [
            replace(one, files=tuple(files.get(one.id, ())), reactions=tuple(felt.get(one.id, ())))
            if one.id in files or one.id in felt
            else one
            for one in found
        ]

    def _must_be_free(self, message_id: int, external_id: str) -> None:
        account = self.run(sa.select(m.account).where(m.id == b("id")), {"p_id": message_id}).scalar()
        row = {"p_account": account, "p_external_id": external_id, "p_id": message_id}
        if self.run(TAKEN, row).first() is not None:
            raise Conflict(f"{account}: {external_id} is already another message of ours")
