"""One message of ours becomes as few calls as it can. Files are uploaded before anything is said: an upload nobody sees
may be repeated, a half-said message may not.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages (2026-11-22).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from omnichannel.connectors.graph import Graph, Upload
from omnichannel.connectors.reading import parts, word
from omnichannel.connectors.whatsapp.people import BSUID, digits
from omnichannel.domain.channel import Capabilities, Late, Surface
from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused, TooLong, Unsure
from omnichannel.domain.message import Outgoing, OutgoingFile, Sent, TemplateUse

# Bodies of up to 4096 characters, captions of up to 1024: …/whatsapp/messages/text-messages and …/image-messages;
# images of 5 MB, audio and video of 16, documents of 100: …/whatsapp/business-phone-numbers/media;
# free text within 24 hours of the citizen's last message, templates later: …/messages/send-messages#customer-service-windows
# (all 2026-11-22).
CAPTION_LIMIT = 1024
MEGABYTE = 1024 * 1024
CAN = Capabilities(
    caption=CAPTION_LIMIT,
    text_limit=4096,
    window=timedelta(hours=24),
    late=Late.TEMPLATE,
    receipts=True,
    attachment_limit=100 * MEGABYTE,
    attachment_limits={
        "image/jpeg": 5 * MEGABYTE,
        "image/png": 5 * MEGABYTE,
        "image": 100 * MEGABYTE,
        "video/mp4": 16 * MEGABYTE,
        "video/3gpp": 16 * MEGABYTE,
        "video": 100 * MEGABYTE,
        "audio": 16 * MEGABYTE,
        "file": 100 * MEGABYTE,
    },
    several=True,
    read_marks=True,
)
# media type → how it is shown, its limit, and whether words may stand under it.
_AS: dict[str, tuple[str, int, bool]] = {
    "image/jpeg": ("image", 5 * MEGABYTE, True),
    "image/png": ("image", 5 * MEGABYTE, True),
    "video/mp4": ("video", 16 * MEGABYTE, True),
    "video/3gpp": ("video", 16 * MEGABYTE, True),
    "audio/aac": ("audio", 16 * MEGABYTE, False),
    "audio/amr": ("audio", 16 * MEGABYTE, False),
    "audio/mpeg": ("audio", 16 * MEGABYTE, False),
    "audio/mp4": ("audio", 16 * MEGABYTE, False),
    "audio/ogg": ("audio", 16 * MEGABYTE, False),
}
_DOCUMENT = ("document", 100 * MEGABYTE, True)
KEY_LIMIT = 512
UNKNOWN_ADDRESS = "“{address}” bukan nomor atau tanda pengguna WhatsApp. Periksa alamat tujuan."

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posting:
    """Sends from one number of ours."""

    graph: Graph
    number: str
    patience: timedelta

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Send every part; the id is that of the first. TryLater, Refused, AccountBroken, Unsure."""
        _check(outgoing)
        to = recipient(outgoing)
        if not self.number:
            raise AccountBroken("phone_number_id akun WhatsApp ini belum diisi.", code="no_number")
        uploads = [await self._upload(file) for file in outgoing.files]
        first: Sent | None = None
        for part in _parts(outgoing, uploads):
            answering = outgoing.reply_to if first is None else None
            try:
                sent = await self._say(part, to, answering, outgoing.key)
            except OmnichannelError as error:
                if first is None:
                    raise
                # The words are there already: trying again would say them twice.
                raise Unsure(f"Hanya sebagian terkirim, sisanya tidak: {error}") from error
            first = first or sent
        if first is None:
            raise Refused("Pesan kosong.", code="empty")
        return first

    async def _upload(self, file: OutgoingFile) -> str:
        """A file of ours on Meta's servers; returns its id, which lives 30 days (…/media, 2026-11-22)."""
        answer = await self.graph.ask(
            f"{self.graph.version}/{self.number}/media",
            post_args={"messaging_product": "whatsapp", "type": file.media_type},
            files={"file": Upload(file.name, file.media_type, file.content)},
            method="POST",
            patience=3 * self.patience,
        )
        number = word(answer, "id")
        if number is None:
            raise Refused(f"WhatsApp tidak memberi tanda untuk {file.name}.", code="no_media_id")
        return number

    async def _say(self, part: Fields, to: Fields, answering: str | None, key: str) -> Sent:
        body: Fields = {"messaging_product": "whatsapp", **to, **part, "biz_opaque_callback_data": key[:KEY_LIMIT]}
        if answering:
            body["context"] = {"message_id": answering}
        answer = await self.graph.put_object(self.number, "messages", **body)
        number = next((found for one in parts(answer, "messages") if (found := word(one, "id"))), None)
        if number is None:
            raise Unsure("WhatsApp menerima pesan tanpa menyebut nomornya. Periksa di ponsel kantor.")
        return Sent(external_id=number)


def recipient(outgoing: Outgoing) -> Fields:
    """Where it goes: a number in `to`, a BSUID in `recipient`; a BSUID in `to` would be taken for a number and lost."""
    address = outgoing.address
    thread = address.conversation.partition("#")[0]
    if address.surface is Surface.PUBLIC:
        if not thread.strip():
            raise Refused(UNKNOWN_ADDRESS.format(address=thread), code="no_address")
        return {"recipient_type": "group", "to": thread}
    # Where both are known the number is better: webhooks then go on naming it.
    for known in (address.extra.get("phone", ""), address.contact, thread):
        if BSUID.fullmatch(known):
            return {"recipient_type": "individual", "recipient": known}
        bare = known.removeprefix("+").replace(" ", "").replace("-", "")
        if bare.isascii() and bare.isdigit() and 5 <= len(bare) <= 20:
            return {"recipient_type": "individual", "to": digits(bare)}
    raise Refused(UNKNOWN_ADDRESS.format(address=address.contact or thread), code="no_address")


def _check(outgoing: Outgoing) -> None:
    """What WhatsApp would refuse anyway is refused before the network."""
    if len(outgoing.text) > CAN.text_limit:
        raise TooLong(
            f"Pesan {len(outgoing.text)} huruf; WhatsApp menerima paling banyak {CAN.text_limit}.", code="too_long"
        )
    if outgoing.template is not None:
        if outgoing.files:
            raise Refused("Templat tidak dapat membawa berkas. Kirim berkasnya setelah warga menjawab.", code="files")
        return
    if not outgoing.text.strip() and not outgoing.files:
        raise Refused("Pesan kosong.", code="empty")
    for file in outgoing.files:
        _, limit, _ = _shown_as(file)
        if len(file.content) > limit:
            raise Refused(f"{file.name} lebih besar dari {limit // MEGABYTE} MB, batas WhatsApp.", code="too_large")
        if not file.content:
            raise Refused(f"{file.name} kosong.", code="empty_file")


def _shown_as(file: OutgoingFile) -> tuple[str, int, bool]:
    return _AS.get(file.media_type.partition(";")[0].strip().lower(), _DOCUMENT)


def _parts(outgoing: Outgoing, uploads: list[str]) -> list[Fields]:
    """The messages to send, in order. Words stand under the first file where they may, else before it."""
    if outgoing.template is not None:
        return [_template(outgoing.template)]
    text, files = outgoing.text, list(zip(outgoing.files, uploads, strict=True))
    captioned = bool(files) and _shown_as(files[0][0])[2] and len(text) <= CAPTION_LIMIT
    said = [{"type": "text", "text": {"body": text, "preview_url": False}}] if text.strip() and not captioned else []
    return said + [_file(file, id, text if captioned and at == 0 else "") for at, (file, id) in enumerate(files)]


def _file(file: OutgoingFile, media_id: str, caption: str) -> Fields:
    kind, _, _ = _shown_as(file)
    held: Fields = {"id": media_id}
    if caption.strip():
        held["caption"] = caption
    if kind == "document":
        held["filename"] = file.name
    return {"type": kind, kind: held}


def _template(use: TemplateUse) -> Fields:
    """Values by place ({{1}}) or by name ({{nama}}), as the template was made."""
    values: list[Fields] = [
        {"type": "text", "text": value} | ({} if name.isdigit() else {"parameter_name": name})
        for name, value in use.values.items()
    ]
    held: Fields = {"name": use.name, "language": {"code": use.language}}
    if values:
        held["components"] = [{"type": "body", "parameters": values}]
    return {"type": "template", "template": held}
