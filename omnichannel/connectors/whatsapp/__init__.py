"""WhatsApp through Meta's Cloud API, told by webhook.

Options: `phone_number_id`, our number at Meta · `business_id`, the WhatsApp Business Account that holds the templates ·
`base_url` and `graph_version` of another Graph · `timeout_seconds`, how long one call may take (default 30).
Secrets: TOKEN (a system user's, so that it does not expire); APP_SECRET and VERIFY_TOKEN, each with …_PREVIOUS during
rotation. Calls are proved with APP_SECRET: token and secret must belong to the same app.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

from omnichannel.connectors.graph import PUBLIC_SERVER, VERSION, Graph, Signature, token_expires
from omnichannel.connectors.reading import size, word
from omnichannel.connectors.whatsapp.codes import CODES, MEDIA_CODES
from omnichannel.connectors.whatsapp.sending import CAN, Posting
from omnichannel.connectors.whatsapp.templates import template
from omnichannel.connectors.whatsapp.webhook import events
from omnichannel.domain.channel import Address, Capabilities, Channel, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TryLater
from omnichannel.domain.message import Attachment, Event, Outgoing, Sent, Template
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Hook, Raw

# Citizens may send up to 100 MB (…/whatsapp/business-phone-numbers/media, 2026-11-22).
DOWNLOAD_LIMIT = 100 * 1024 * 1024
GONE = "Berkas ini sudah tidak ada di WhatsApp (disimpan 7 hari). Minta warga mengirimnya lagi."


class WhatsAppConnector:
    """One telephone number of the office."""

    channel: Channel = Channel.WHATSAPP
    surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: CAN, Surface.PUBLIC: CAN}

    def __init__(self, account: Account) -> None:
        self.account = account.name
        self._number = account.text("phone_number_id")
        self._business = account.text("business_id")
        self._patience = timedelta(seconds=float(account.options.get("timeout_seconds", 30)))
        self._signature = Signature(account)
        hidden = ("VERIFY_TOKEN", "VERIFY_TOKEN_PREVIOUS", "APP_SECRET_PREVIOUS")
        self._graph = Graph(
            account.secrets.get("TOKEN"),
            base=account.text("base_url", PUBLIC_SERVER),
            version=account.text("graph_version", VERSION),
            app_secret=account.secrets.get("APP_SECRET"),
            secrets=[account.secrets[key] for key in hidden if key in account.secrets],
            patience=self._patience,
            codes=CODES,
        )
        self._posting = Posting(self._graph, self._number, self._patience)

    async def open(self) -> None:
        await self.probe()

    async def close(self) -> None:
        await self._graph.close()

    async def probe(self) -> str:
        """Our number and the name that citizens see."""
        fields = "display_phone_number,verified_name,quality_rating"
        number = await self._graph.get_object(self._ours(), fields=fields)
        if word(number, "id") is None and word(number, "display_phone_number") is None:
            raise TryLater("Jawaban Meta tentang nomor kita tidak dapat dibaca. Periksa base_url.")
        name = word(number, "verified_name")
        return f"{word(number, 'display_phone_number') or self._number}{f' ({name})' if name else ''}"

    async def expires(self) -> datetime | None:
        """When our token dies."""
        return await token_expires(self._graph)

    def greet(self, hook: Hook) -> str | None:
        return self._signature.greet(hook)

    def verify(self, hook: Hook) -> None:
        self._signature.verify(hook)

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        return events(raw.body, self._number or None)

    async def send(self, outgoing: Outgoing) -> Sent:
        return await self._posting.deliver(outgoing)

    async def mark_read(self, external_id: str, address: Address) -> None:
        """Two blue ticks at the citizen's, for this message and those before it."""
        told = {"messaging_product": "whatsapp", "status": "read", "message_id": external_id}
        await self._graph.ask(self._path("messages"), post_args=told, method="POST")

    async def fetch(self, attachment: Attachment) -> bytes:
        """A citizen's file, in two steps: its id gives a link, and the link lives five minutes (same page as above)."""
        if attachment.id is None:
            raise Refused("Lampiran ini tidak punya tanda berkas di WhatsApp.", code="no_file_id")
        for _ in range(2):
            link = await self._link(attachment.id)
            answer = await self._graph.download(link, largest=DOWNLOAD_LIMIT, patience=3 * self._patience)
            if answer.ok:
                return answer.body
        raise Refused(GONE, code="gone")

    async def templates(self) -> tuple[Template, ...]:
        """The templates of our business account, whatever their state."""
        if not self._business:
            raise AccountBroken("business_id akun WhatsApp ini belum diisi; templatnya tidak dapat dibaca.")
        fields = "name,language,status,category,components,rejected_reason"
        pages = self._graph.pages(self._business, "message_templates", fields=fields, limit=100)
        return tuple([template(item) async for item in pages])

    async def _link(self, media_id: str) -> str:
        path = f"{self._graph.version}/{quote(media_id, safe='')}"
        found = await self._graph.ask(path, codes=MEDIA_CODES)
        if (size(found, "file_size") or 0) > DOWNLOAD_LIMIT:
            raise Refused(f"Berkas lebih besar dari {DOWNLOAD_LIMIT // 1024 // 1024} MB.", code="too_large")
        link = word(found, "url")
        if link is None:
            raise TryLater("WhatsApp belum memberi tautan untuk berkas ini.")
        return link

    def _ours(self) -> str:
        if not self._number:
            raise AccountBroken("phone_number_id akun WhatsApp ini belum diisi.", code="no_number")
        return self._number

    def _path(self, connection: str) -> str:
        return f"{self._graph.version}/{self._ours()}/{connection}"


def build(account: Account) -> WhatsAppConnector:
    """The catalogue's builder."""
    return WhatsAppConnector(account)
