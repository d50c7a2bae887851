"""One message of ours becomes as few calls as it can. Files are uploaded before anything is said: an upload nobody sees
may be repeated, a half-said message may not.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages (2026-11-22).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from omnichannel.connectors.graph.api import Graph, Upload
from omnichannel.connectors.graph.page.codes import COMMENT_CODES
from omnichannel.connectors.reading import word
from omnichannel.domain.channel import Address, Capabilities, Surface
from omnichannel.domain.errors import OmnichannelError, Refused, TooLong, Unsure, WindowClosed
from omnichannel.domain.length import length
from omnichannel.domain.message import Outgoing, OutgoingFile, Sent

# Free words within 24 hours of the citizen's last ones; a person may answer until 7 days, never a machine:
# https://developers.facebook.com/documentation/business-messaging/messenger-platform/policy (2026-11-22).
WINDOW = timedelta(hours=24)
LATE_WINDOW = timedelta(days=7)
MEGABYTE = 1024 * 1024
# The echo of our message brings `metadata` back: less than 1000 characters (…/messenger-platform/reference/send-api).
KEY_LIMIT = 900
IN_TIME = {"messaging_type": "RESPONSE"}
BY_A_PERSON = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
ID = re.compile(r"[A-Za-z0-9_.:\-]{1,200}")
UNKNOWN_ADDRESS = "“{address}” bukan alamat di kanal ini. Periksa alamat tujuan."

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posting:
    """Speaks as one Page. `replies` is the connection under which answers to a comment stand; `limits` are bytes a kind
    of file (or a media type) may have; `platform` is named where an upload is not Messenger's."""

    graph: Graph
    page: str
    surfaces: Mapping[Surface, Capabilities]
    replies: str
    limits: Mapping[str, int]
    patience: timedelta
    platform: str | None = None

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Send every part; the id is that of the first. TryLater, Refused, AccountBroken, Unsure."""
        self._check(outgoing)
        if outgoing.address.surface is Surface.PUBLIC:
            return await self._comment(outgoing)
        to = {"id": address_of(outgoing.address.conversation, outgoing.address.contact)}
        return await self._say_all(outgoing, to)

    async def answer_privately(self, comment: str, text: str, key: str) -> Sent:
        """The one direct message that a comment allows, within 7 days of it. Refused where it was used up."""
        _fits(text, self.surfaces[Surface.DIRECT])
        message = {"text": text, "metadata": key[:KEY_LIMIT]}
        told = {"recipient": {"comment_id": address_of(comment)}, "message": message}
        return _sent(await self._tell("messages", told, COMMENT_CODES))

    async def mark_seen(self, address: Address) -> None:
        """https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/sender-actions
        (2026-11-22); an action goes alone, without a message."""
        to = {"id": address_of(address.conversation, address.contact)}
        await self._tell("messages", {"recipient": to, "sender_action": "mark_seen"})

    async def hide(self, comment: str, flag: str, *, hidden: bool) -> None:
        """Take a comment out of everybody's sight, or bring it back; harmless when repeated."""
        path = f"{self.graph.version}/{quote(address_of(comment), safe='')}"
        await self.graph.ask(path, post_args={flag: hidden}, method="POST", codes=COMMENT_CODES)

    async def _say_all(self, outgoing: Outgoing, to: Fields) -> Sent:
        uploads = [await self._upload(file) for file in outgoing.files]
        said: list[Fields] = [{"text": outgoing.text}] if outgoing.text.strip() else []
        first: Sent | None = None
        for part in said + uploads:
            try:
                sent = await self._say(part, to, outgoing, first=first is None)
            except OmnichannelError as error:
                if first is None:
                    raise
                # The words are there already: trying again would say them twice.
                raise Unsure(f"Hanya sebagian terkirim, sisanya tidak: {error}") from error
            first = first or sent
        if first is None:
            raise Refused("Pesan kosong.", code="empty")
        return first

    async def _say(self, part: Fields, to: Fields, outgoing: Outgoing, *, first: bool) -> Sent:
        told: Fields = {"recipient": to, "message": {**part, "metadata": outgoing.key[:KEY_LIMIT]}}
        if first and outgoing.reply_to:
            told["reply_to"] = {"mid": outgoing.reply_to}
        if not outgoing.late or outgoing.automatic:
            try:
                return _sent(await self._tell("messages", {**told, **IN_TIME}))
            except WindowClosed:
                # It shut on the way here. Refused for certain, so it may be said again: a person's answer has seven days.
                if outgoing.automatic:
                    raise
        return _sent(await self._tell("messages", {**told, **BY_A_PERSON}))

    async def _upload(self, file: OutgoingFile) -> Fields:
        """A file laid down at Meta's, to be sent by its id."""
        kind = _kind(file)
        message = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
        fields = {"message": json.dumps(message)} | ({"platform": self.platform} if self.platform else {})
        answer = await self.graph.ask(
            self._path("message_attachments"),
            post_args=fields,
            files={"filedata": Upload(file.name, file.media_type, file.content)},
            method="POST",
            patience=3 * self.patience,
        )
        number = word(answer, "attachment_id")
        if number is None:
            raise Refused(f"Meta tidak memberi tanda untuk {file.name}.", code="no_attachment_id")
        return {"attachment": {"type": kind, "payload": {"attachment_id": number}}}

    async def _comment(self, outgoing: Outgoing) -> Sent:
        """Under the comment it answers; where none is named, under the post itself."""
        thread = outgoing.address.conversation.partition("#")[0]
        under = outgoing.reply_to if outgoing.reply_to and outgoing.reply_to != thread else None
        connection = self.replies if under else "comments"
        path = f"{self.graph.version}/{quote(address_of(under or thread), safe='')}/{connection}"
        answer = await self.graph.tell(path, post_args={"message": outgoing.text}, codes=COMMENT_CODES)
        number = word(answer, "id") or word(answer, "comment_id")
        if number is None:
            raise Unsure("Meta menerima komentar tanpa menyebut nomornya. Periksa di halaman.")
        return Sent(external_id=number)

    async def _tell(self, connection: str, told: Fields, codes: Any = None) -> Any:
        return await self.graph.tell(self._path(connection), post_args=told, codes=codes)

    def _path(self, connection: str) -> str:
        return f"{self.graph.version}/{quote(self.page or 'me', safe='')}/{connection}"

    def _check(self, outgoing: Outgoing) -> None:
        """What Meta would refuse anyway is refused before the network."""
        can = self.surfaces[outgoing.address.surface]
        if outgoing.text.strip() or not outgoing.files:
            _fits(outgoing.text, can)
        if outgoing.files and can.attachment_limit is None:
            raise Refused("Komentar tidak dapat membawa berkas. Kirim berkasnya lewat pesan langsung.", code="files")
        for file in outgoing.files:
            limit = self.limits.get(_media_type(file)) or self.limits.get(_kind(file), 0)
            if limit == 0:
                raise Refused(f"Kanal ini tidak menerima {file.name}. Ubah menjadi PDF, JPEG, atau PNG.", code="kind")
            if len(file.content) > limit:
                raise Refused(f"{file.name} lebih besar dari {limit // MEGABYTE} MB, batas Meta.", code="too_large")
            if not file.content:
                raise Refused(f"{file.name} kosong.", code="empty_file")


def address_of(*known: str) -> str:
    """The first id among what is known of a place. Refused: there is none, or it is no id of Meta's."""
    found = next((bare for one in known if (bare := one.partition("#")[0].strip())), "")
    if not ID.fullmatch(found) or not found.strip("."):
        raise Refused(UNKNOWN_ADDRESS.format(address=found[:80]), code="no_address")
    return found


def _fits(text: str, can: Capabilities) -> None:
    if not text.strip():
        raise Refused("Pesan kosong.", code="empty")
    if (long := length(text, can.counts)) > can.text_limit:
        raise TooLong(f"Pesan {long} huruf; kanal ini menerima paling banyak {can.text_limit}.", code="too_long")


def _media_type(file: OutgoingFile) -> str:
    return file.media_type.partition(";")[0].strip().lower()


def _kind(file: OutgoingFile) -> str:
    family = _media_type(file).partition("/")[0]
    return family if family in ("image", "video", "audio") else "file"


def _sent(answer: Any) -> Sent:
    number = word(answer, "message_id")
    if number is None:
        raise Unsure("Meta menerima pesan tanpa menyebut nomornya. Periksa di kotak masuk halaman.")
    return Sent(external_id=number, thread=word(answer, "recipient_id"))
