"""One message of ours becomes as few Bot API calls as it can, and a half-sent one is never sent again by itself."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiogram.methods import SendAudio, SendDocument, SendMediaGroup, SendMessage, SendPhoto, SendVideo
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile, InputMediaDocument, ReplyParameters

from omnichannel.connectors.reading import part, unix, whole
from omnichannel.connectors.telegram import refusals
from omnichannel.connectors.telegram.api import Rejection
from omnichannel.connectors.telegram.facts import CAPTION_LIMIT
from omnichannel.connectors.telegram.thread import Thread
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import OmnichannelError, Refused, TooLong, Unsure
from omnichannel.domain.message import Outgoing, OutgoingFile, Sent

# Albums of 2-10 items: https://core.telegram.org/bots/api#sendmediagroup (2026-11-22).
ALBUM = 10
# Photos of at most 10 MB, https://core.telegram.org/bots/api#sendphoto (2026-11-22); larger ones go as documents.
PHOTO_LIMIT = 10 * 1024 * 1024

Call = Callable[[TelegramMethod[Any]], Awaitable[Any]]

_AS: dict[str, tuple[Callable[..., TelegramMethod[Any]], str, int | None]] = {
    "image/jpeg": (SendPhoto, "photo", PHOTO_LIMIT),
    "image/png": (SendPhoto, "photo", PHOTO_LIMIT),
    "video/mp4": (SendVideo, "video", None),
    "audio/mpeg": (SendAudio, "audio", None),
    "audio/mp4": (SendAudio, "audio", None),
}


async def deliver(call: Call, outgoing: Outgoing, can: Capabilities) -> Sent:
    """Send every part; the id is that of the first, which carries the words."""
    _check(outgoing, can)
    thread = Thread.of(outgoing.address.conversation)
    steps = _steps(outgoing)
    first: Sent | None = None
    for step in steps:
        try:
            sent, thread = await _perform(call, step, thread, outgoing.reply_to if first is None else None)
        except OmnichannelError as error:
            if first is None:
                raise
            # The words are there already: trying again would say them twice.
            raise Unsure(f"Hanya sebagian terkirim, sisanya tidak: {error}") from error
        first = first or sent
    if first is None:
        raise Refused("Pesan kosong.", code="empty")
    return first


def _check(outgoing: Outgoing, can: Capabilities) -> None:
    """What Telegram would refuse anyway is refused before the network."""
    if len(outgoing.text) > can.text_limit:
        raise TooLong(
            f"Pesan {len(outgoing.text)} huruf; Telegram menerima paling banyak {can.text_limit}.", code="too_long"
        )
    if not outgoing.text.strip() and not outgoing.files:
        raise Refused("Pesan kosong.", code="empty")
    for file in outgoing.files:
        if can.attachment_limit is not None and len(file.content) > can.attachment_limit:
            raise Refused(f"{file.name} lebih besar dari {can.attachment_limit // 1024 // 1024} MB.", code="too_large")
        if not file.content:
            raise Refused(f"{file.name} kosong.", code="empty_file")


Step = tuple[Callable[..., TelegramMethod[Any]], dict[str, Any]]


def _steps(outgoing: Outgoing) -> list[Step]:
    """The calls to make: words alone, one file with its caption, or albums of documents."""
    files, text = list(outgoing.files), outgoing.text
    steps: list[Step] = []
    if not files or len(text) > CAPTION_LIMIT:
        steps.append((SendMessage, {"text": text}))
        text = ""
    for start in range(0, len(files), ALBUM):
        album = files[start : start + ALBUM]
        steps.append(_single(album[0], text) if len(album) == 1 else _album(album, text))
        text = ""
    return steps


def _single(file: OutgoingFile, caption: str) -> Step:
    method, key, limit = _AS.get(file.media_type, (SendDocument, "document", None))
    if limit is not None and len(file.content) > limit:
        method, key = SendDocument, "document"
    return method, {key: _upload(file), "caption": caption or None}


def _album(files: list[OutgoingFile], caption: str) -> Step:
    """Documents may only be grouped with documents, so a mixed album goes as such."""
    media = [
        InputMediaDocument(media=_upload(file), caption=(caption or None) if number == 0 else None)
        for number, file in enumerate(files)
    ]
    return SendMediaGroup, {"media": media}


def _upload(file: OutgoingFile) -> BufferedInputFile:
    return BufferedInputFile(file.content, filename=file.name)


async def _perform(call: Call, step: Step, thread: Thread, reply_to: str | None) -> tuple[Sent, Thread]:
    """One call. A group that became a supergroup refuses and names its new id: the first call said nothing to anyone."""
    try:
        return _sent(await call(_method(step, thread, reply_to)), thread), thread
    except Rejection as rejection:
        if rejection.moved_to is None:
            raise refusals.of_sending(rejection) from rejection
        thread = Thread(rejection.moved_to)
    try:
        return _sent(await call(_method(step, thread, None)), thread), thread
    except Rejection as rejection:
        raise refusals.of_sending(rejection) from rejection


def _method(step: Step, thread: Thread, reply_to: str | None) -> TelegramMethod[Any]:
    kind, fields = step
    return kind(
        chat_id=thread.chat,
        message_thread_id=thread.topic,
        direct_messages_topic_id=thread.direct,
        business_connection_id=thread.business,
        reply_parameters=_reply(reply_to),
        **fields,
    )


def _reply(reply_to: str | None) -> ReplyParameters | None:
    """Which message this answers. A message that was deleted meanwhile must not cost the answer."""
    number = (reply_to or "").rpartition(":")[2]
    if not (number.isascii() and number.isdigit()):
        return None
    return ReplyParameters(message_id=int(number), allow_sending_without_reply=True)


def _sent(result: Any, thread: Thread) -> Sent:
    message = result[0] if isinstance(result, list) and result else result
    number = whole(message, "message_id")
    if number is None:
        raise Unsure("Telegram menerima pesan tanpa menyebut nomornya. Periksa di Telegram.")
    chat = whole(part(message, "chat"), "id")
    at: datetime | None = unix(message.get("date"))
    return Sent(external_id=f"{thread.chat if chat is None else chat}:{number}", at=at)
