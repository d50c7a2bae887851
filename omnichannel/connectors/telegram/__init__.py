"""Telegram through a bot: direct chats, groups, topics and business chats; polled or by webhook.

Options: `mode` = "poll" | "webhook" · `base_url` of another Bot API server · `webhook_url`, where given, is registered
with Telegram by `open` · `poll_seconds`, how long one empty poll waits (default 25) · `timeout_seconds`, how
long one call may take (default 30).
Secrets: TOKEN; WEBHOOK_SECRET and, during rotation, WEBHOOK_SECRET_PREVIOUS.
"""

import asyncio
import hmac
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from omnichannel.connectors.reading import whole, word
from omnichannel.connectors.telegram.facts import CAPTION_LIMIT, DOWNLOAD_LIMIT, PUBLIC_SERVER, as_json, bot_id
from omnichannel.connectors.telegram.thread import Thread
from omnichannel.connectors.telegram.updates import events
from omnichannel.domain.channel import Address, Capabilities, Channel, Surface
from omnichannel.domain.errors import AccountBroken, BadSignature, Refused, TryLater
from omnichannel.domain.message import Attachment, Event, Outgoing, Sent
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Batch, Hook, Raw

if TYPE_CHECKING:
    from omnichannel.connectors.telegram.line import Line

# Text 1-4096 characters: https://core.telegram.org/bots/api#sendmessage (2026-11-22).
# Files of up to 50 MB: https://core.telegram.org/bots/api#senddocument (2026-11-22).
# Bots learn nothing of delivery or reading, and may answer at any time whoever wrote to them once.
_CAN = Capabilities(
    text_limit=4096, receipts=False, attachment_limit=50 * 1024 * 1024, edit=True, several=True, caption=CAPTION_LIMIT
)

# A poll that was cut off is held for as long as it was told to wait, at most.
RIVAL_STAYS, BETWEEN_RIVALS = 8, timedelta(seconds=5)

SECRET_HEADER = "x-telegram-bot-api-secret-token"


class TelegramConnector:
    """One bot."""

    channel: Channel = Channel.TELEGRAM
    surfaces: Mapping[Surface, Capabilities] = {
        Surface.DIRECT: replace(_CAN, read_marks=True),
        Surface.PUBLIC: replace(_CAN, several=False),
    }

    def __init__(self, account: Account) -> None:
        self.account = account.name
        self._mode = account.text("mode", "poll")
        self._base = account.text("base_url", PUBLIC_SERVER).rstrip("/")
        self._webhook_url = account.text("webhook_url")
        self._wait = int(account.options.get("poll_seconds", 25))
        self._patience = math.ceil(float(account.options.get("timeout_seconds", 30)))  # aiogram counts whole seconds
        self._token = account.secrets.get("TOKEN")
        keys = ("WEBHOOK_SECRET", "WEBHOOK_SECRET_PREVIOUS")
        self._hook_secrets = [account.secrets[key] for key in keys if account.secret(key)]
        self._own = bot_id(self._token.reveal()) if self._token else None
        self._line: Line | None = None

    async def open(self) -> None:
        """Prove the token, then point Telegram to where we listen. Harmless when called again."""
        await self.probe()
        try:
            await self._listen()
        except Refused as refused:
            raise AccountBroken(f"{refused.reason} Periksa public_url: Telegram hanya menerima https.") from refused

    async def _listen(self) -> None:
        line = await self._open_line()
        hook = await line.hook()
        if self._mode == "poll":
            if word(hook, "url"):
                await line.unhook()
        elif self._webhook_url:
            await line.hook_up(self._webhook_url, self._hook_secrets[0].reveal() if self._hook_secrets else None)

    async def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def probe(self) -> str:
        """The bot's name, as Telegram knows it."""
        me = await (await self._open_line()).me()
        number = whole(me, "id")
        if number is None:
            raise TryLater("Jawaban getMe tidak dapat dibaca. Periksa base_url.")
        self._own = number
        return f"@{word(me, 'username') or number}"

    def greet(self, hook: Hook) -> str | None:
        """Telegram has no handshake."""
        return None

    def verify(self, hook: Hook) -> None:
        """Compare on bytes: a header that is no ASCII must be a wrong secret, not a crash."""
        given = hook.headers.get(SECRET_HEADER, "").encode("utf-8", "backslashreplace")
        fits = [hmac.compare_digest(given, secret.reveal().encode()) for secret in self._hook_secrets]
        if not any(fits):
            raise BadSignature(f"{SECRET_HEADER} does not match")

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        return events(raw.body, self._own)

    async def send(self, outgoing: Outgoing) -> Sent:
        return await (await self._open_line()).say(outgoing, _CAN)

    async def mark_read(self, external_id: str, address: Address) -> None:
        """Only in a business chat, and only where the business gave us the right; elsewhere Telegram has no such call
        (https://core.telegram.org/bots/api#readbusinessmessage, 2026-11-22)."""
        thread, number = Thread.of(address.conversation), external_id.rpartition(":")[2]
        if thread.business is None or not isinstance(thread.chat, int) or not number.isdecimal():
            return
        await (await self._open_line()).read(thread.business, thread.chat, int(number))

    async def fetch(self, attachment: Attachment) -> bytes:
        """A file of a citizen's message."""
        if attachment.id is None:
            raise Refused("Lampiran ini tidak punya tanda berkas di Telegram.", code="no_file_id")
        if attachment.size is not None and attachment.size > DOWNLOAD_LIMIT:
            raise Refused(
                "Berkas lebih besar dari 20 MB; Telegram tidak memberikannya kepada bot. "
                "Minta warga mengirim lewat kanal lain.",
                code="too_large",
            )
        return await (await self._open_line()).file(attachment.id)

    async def _open_line(self) -> "Line":
        """aiogram is imported on a thread of its own: after a restart hooks are answered while it is still loading."""
        if self._token is None:
            raise AccountBroken("Token bot Telegram belum diisi.", code="no_token")
        if self._line is None:
            await asyncio.to_thread(import_module, "omnichannel.connectors.telegram.line")
        return self._opened(self._token)

    def _opened(self, token: Secret) -> "Line":
        from omnichannel.connectors.telegram.line import Line

        if self._line is None:
            self._line = Line(token.reveal(), self._base, self._patience)
        return self._line


class PolledTelegram(TelegramConnector):
    """A bot that asks; with a webhook it is told, and must not ask (Telegram answers 409)."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._shared = 0

    async def poll(self, cursor: str | None) -> Batch:
        """Updates from `cursor` on. Telegram forgets only what lies before the offset of a later poll."""
        offset = int(cursor) if cursor and cursor.lstrip("-").isdigit() else None
        try:
            updates = await (await self._open_line()).updates(offset, self._wait)
        except AccountBroken as broken:
            self._bear(broken)
            raise
        self._shared = 0
        if not isinstance(updates, list):
            raise TryLater("Jawaban getUpdates tidak dapat dibaca.")
        numbers = [number for one in updates if (number := whole(one, "update_id")) is not None]
        after = str(max(numbers) + 1) if numbers else cursor
        return Batch(tuple(Raw(as_json(one)) for one in updates), after)

    def _bear(self, broken: AccountBroken) -> None:
        """After a restart Telegram may still hold our last long poll: only a rival that stays is somebody else."""
        if broken.code != "shared":
            return
        self._shared += 1
        if self._shared < RIVAL_STAYS:
            raise TryLater(
                "Telegram masih menunggu pengambilan pesan yang sebelumnya selesai.", BETWEEN_RIVALS
            ) from broken


def build(account: Account) -> TelegramConnector:
    """The catalogue's builder."""
    return TelegramConnector(account) if account.text("mode", "poll") == "webhook" else PolledTelegram(account)
