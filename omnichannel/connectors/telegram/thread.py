"""What a conversation is called on Telegram: everything an answer needs, in one readable id.

7               a private chat, a group or a channel: the chat's own id
-100123/45      topic 45 of a forum group (message_thread_id)
-100123=9       citizen 9's topic in a channel's direct messages (direct_messages_topic)
7@AbC           customer 7 of the business account behind connection AbC (business_connection_id)
"""

import re
from dataclasses import dataclass
from typing import Any, Self

from omnichannel.connectors.reading import Unreadable, integer, part, word
from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import Refused

_SHAPE = re.compile(r"(?P<chat>-?\d+|@\w+)(?:/(?P<topic>\d+)|=(?P<direct>\d+)|@(?P<business>\S+))?")


@dataclass(frozen=True, slots=True)
class Thread:
    """One place to answer in."""

    chat: int | str
    topic: int | None = None
    direct: int | None = None
    business: str | None = None

    def __str__(self) -> str:
        if self.topic is not None:
            return f"{self.chat}/{self.topic}"
        if self.direct is not None:
            return f"{self.chat}={self.direct}"
        return f"{self.chat}@{self.business}" if self.business else str(self.chat)

    @classmethod
    def of(cls, conversation: str) -> Self:
        """The thread that a conversation id names; a group's `#contact` suffix of ours is no part of it."""
        found = _SHAPE.fullmatch(conversation.partition("#")[0])
        if found is None:
            raise Refused(f"“{conversation}” bukan percakapan Telegram. Periksa alamat tujuan.")
        chat = found["chat"]
        return cls(
            chat=chat if chat.startswith("@") else int(chat),
            topic=int(found["topic"]) if found["topic"] else None,
            direct=int(found["direct"]) if found["direct"] else None,
            business=found["business"],
        )


def thread_of(message: dict[str, Any]) -> Thread:
    """Where a message (or anything that has a chat) was said."""
    chat = integer(part(message, "chat"), "id")
    if chat is None:
        raise Unreadable("chat.id: bilangan bulat")
    business = word(message, "business_connection_id")
    if business is not None:
        return Thread(chat, business=business)
    direct = integer(part(message, "direct_messages_topic"), "topic_id")
    if direct is not None:
        return Thread(chat, direct=direct)
    if message.get("is_topic_message") is True and part(message, "chat").get("type") != "private":
        return Thread(chat, topic=integer(message, "message_thread_id"))
    return Thread(chat)


def surface_of(message: dict[str, Any]) -> Surface:
    """Groups and channels are read by everybody; a private chat and a channel's direct messages are not."""
    chat = part(message, "chat")
    if chat.get("is_direct_messages") is True or message.get("direct_messages_topic"):
        return Surface.DIRECT
    return Surface.PUBLIC if chat.get("type") in ("group", "supergroup", "channel") else Surface.DIRECT
