"""Telegram through a bot: direct chats, groups, topics and business chats; polled or by webhook.

Options: `mode` = "poll" | "webhook" · `base_url` of another Bot API server · `webhook_url`, where given, is registered
with Telegram by `open` · `poll_seconds`, how long one empty poll waits (default 25) · `timeout_seconds`, how
long one call may take (default 30).
Secrets: TOKEN; WEBHOOK_SECRET and, during rotation, WEBHOOK_SECRET_PREVIOUS.
"""

import hmac
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import Any

from aiogram import Bot
from aiogram.methods import DeleteWebhook, GetFile, GetMe, GetUpdates, GetWebhookInfo, SetWebhook
from aiogram.methods.base import TelegramMethod

from omnichannel.connectors.reading import whole, word
from omnichannel.connectors.telegram import refusals
from omnichannel.connectors.telegram.api import DOWNLOAD_LIMIT, PUBLIC_SERVER, Rejection, as_json, bot_id, open_bot
from omnichannel.connectors.telegram.sending import deliver
from omnichannel.connectors.telegram.updates import ALLOWED, events
from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import AccountBroken, BadSignature, Refused, TryLater
from omnichannel.domain.message import Attachment, Event, Outgoing, Sent
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Batch, Hook, Raw

# Text 1-4096 characters: https://core.telegram.org/bots/api#sendmessage (2026-11-22).
# Files of up to 50 MB: https://core.telegram.org/bots/api#senddocument (2026-11-22).
# Bots learn nothing of delivery or reading, and may answer at any time whoever wrote to them once.
_CAN = Capabilities(text_limit=4096, receipts=False, attachment_limit=50 * 1024 * 1024, edit=True)

# A poll that was cut off is held for as long as it was told to wait, at most.
RIVAL_STAYS, BETWEEN_RIVALS = 8, timedelta(seconds=5)

SECRET_HEADER = "x-telegram-bot-api-secret-token"


class TelegramConnector:
    """One bot."""

    channel: Channel = Channel.TELEGRAM
    surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: _CAN, Surface.PUBLIC: _CAN}

    def __init__(self, account: Account) -> None:
        self.account = account.name
        self._mode = account.text("mode", "poll")
        self._base = account.text("base_url", PUBLIC_SERVER).rstrip("/")
        self._webhook_url = account.text("webhook_url")
        self._wait = int(account.options.get("poll_seconds", 25))
        self._patience = int(account.options.get("timeout_seconds", 30))
        self._token = account.secrets.get("TOKEN")
        keys = ("WEBHOOK_SECRET", "WEBHOOK_SECRET_PREVIOUS")
        self._hook_secrets = [account.secrets[key] for key in keys if account.secret(key)]
        self._own = bot_id(self._token.reveal()) if self._token else None
        self._bot: Bot | None = None

    async def open(self) -> None:
        """Prove the token, then point Telegram to where we listen. Harmless when called again."""
        await self.probe()
        try:
            await self._listen()
        except Refused as refused:
            raise AccountBroken(f"{refused.reason} Periksa public_url: Telegram hanya menerima https.") from refused

    async def _listen(self) -> None:
        hook = await self._ask(GetWebhookInfo())
        if self._mode == "poll":
            if word(hook, "url"):
                # What waits at Telegram stays: a change of mode must not cost a citizen's message.
                await self._ask(DeleteWebhook(drop_pending_updates=False))
        elif self._webhook_url:
            # Telegram never shows the secret it holds, so it is told anew each time.
            await self._ask(
                SetWebhook(
                    url=self._webhook_url,
                    secret_token=self._hook_secrets[0].reveal() if self._hook_secrets else None,
                    allowed_updates=list(ALLOWED),
                    drop_pending_updates=False,
                )
            )

    async def close(self) -> None:
        bot, self._bot = self._bot, None
        if bot is not None:
            await bot.session.close()

    async def probe(self) -> str:
        """The bot's name, as Telegram knows it."""
        me = await self._ask(GetMe())
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
        return await deliver(self._call, outgoing, _CAN)

    async def fetch(self, attachment: Attachment) -> bytes:
        """A file of a citizen's message. Its link lives an hour (#getfile), so a fresh one is asked for each time."""
        if attachment.id is None:
            raise Refused("Lampiran ini tidak punya tanda berkas di Telegram.", code="no_file_id")
        if attachment.size is not None and attachment.size > DOWNLOAD_LIMIT:
            raise Refused(
                "Berkas lebih besar dari 20 MB; Telegram tidak memberikannya kepada bot. "
                "Minta warga mengirim lewat kanal lain.",
                code="too_large",
            )
        found = await self._ask(GetFile(file_id=attachment.id))
        path = word(found, "file_path")
        if path is None:
            raise Refused("Telegram tidak memberi tautan untuk berkas ini.", code="no_file_path")
        bot = self._open_bot()
        link = bot.session.api.file_url(bot.token, path)
        content: bytes = await self._asked(_whole_file(bot, link))
        return content

    def _open_bot(self) -> Bot:
        if self._bot is None:
            if self._token is None:
                raise AccountBroken("Token bot Telegram belum diisi.", code="no_token")
            self._bot = open_bot(self._token.reveal(), self._base)
        return self._bot

    async def _call(self, method: TelegramMethod[Any]) -> Any:
        return await self._open_bot()(method, request_timeout=self._patience)

    async def _ask(self, method: TelegramMethod[Any], patience: int | None = None) -> Any:
        return await self._asked(self._open_bot()(method, request_timeout=patience or self._patience))

    async def _asked(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except Rejection as rejection:
            raise refusals.of_asking(rejection) from rejection


class PolledTelegram(TelegramConnector):
    """A bot that asks; with a webhook it is told, and must not ask (Telegram answers 409)."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._shared = 0

    async def poll(self, cursor: str | None) -> Batch:
        """Updates from `cursor` on. Telegram forgets only what lies before the offset of a later poll."""
        offset = int(cursor) if cursor and cursor.lstrip("-").isdigit() else None
        ask = GetUpdates(offset=offset, limit=100, timeout=self._wait, allowed_updates=list(ALLOWED))
        try:
            updates = await self._ask(ask, patience=self._wait + self._patience)
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


async def _whole_file(bot: Bot, link: str) -> bytes:
    try:
        return b"".join([chunk async for chunk in bot.session.stream_content(link)])
    except Rejection as rejection:
        if rejection.status == 404:
            raise Refused("Berkas ini sudah tidak ada di Telegram.", code="404") from rejection
        raise


def build(account: Account) -> TelegramConnector:
    """The catalogue's builder."""
    return TelegramConnector(account) if account.text("mode", "poll") == "webhook" else PolledTelegram(account)
