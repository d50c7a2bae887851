"""The line to Telegram's server: everything that is asked and said goes through aiogram here.

Only this module's importers pay for aiogram, whose types take seconds to build: hooks are verified and read without it.
"""

from collections.abc import Awaitable
from typing import Any

from aiogram import Bot
from aiogram.methods import DeleteWebhook, GetFile, GetMe, GetUpdates, GetWebhookInfo, ReadBusinessMessage, SetWebhook
from aiogram.methods.base import TelegramMethod

from omnichannel.connectors.reading import word
from omnichannel.connectors.telegram import refusals
from omnichannel.connectors.telegram.api import Rejection, open_bot
from omnichannel.connectors.telegram.sending import deliver
from omnichannel.connectors.telegram.updates import ALLOWED
from omnichannel.domain.channel import Capabilities
from omnichannel.domain.errors import Refused
from omnichannel.domain.message import Outgoing, Sent


class Line:
    """One bot's. `patience` is how many seconds one call may take."""

    def __init__(self, token: str, base: str, patience: int) -> None:
        """AccountBroken when the token cannot be one."""
        self._bot = open_bot(token, base)
        self._patience = patience

    async def close(self) -> None:
        await self._bot.session.close()

    async def me(self) -> Any:
        return await self._ask(GetMe())

    async def hook(self) -> Any:
        """Where Telegram delivers to."""
        return await self._ask(GetWebhookInfo())

    async def unhook(self) -> None:
        """Deliver nowhere. What waits at Telegram stays: a change of mode must not cost a citizen's message."""
        await self._ask(DeleteWebhook(drop_pending_updates=False))

    async def hook_up(self, url: str, secret: str | None) -> None:
        """Deliver there. Telegram never shows the secret it holds, so it is told anew each time."""
        await self._ask(
            SetWebhook(url=url, secret_token=secret, allowed_updates=list(ALLOWED), drop_pending_updates=False)
        )

    async def updates(self, offset: int | None, wait: int) -> Any:
        """Up to 100 from `offset` on; when there are none, what comes within `wait` seconds."""
        ask = GetUpdates(offset=offset, limit=100, timeout=wait, allowed_updates=list(ALLOWED))
        return await self._ask(ask, patience=wait + self._patience)

    async def file(self, file_id: str) -> bytes:
        """A file's bytes. Its link lives an hour (#getfile), so a fresh one is asked for each time."""
        path = word(await self._ask(GetFile(file_id=file_id)), "file_path")
        if path is None:
            raise Refused("Telegram tidak memberi tautan untuk berkas ini.", code="no_file_path")
        link = self._bot.session.api.file_url(self._bot.token, path)
        content: bytes = await self._asked(_whole_file(self._bot, link))
        return content

    async def read(self, business: str, chat: int, message: int) -> None:
        """The customer of a business account sees that it was read (#readbusinessmessage)."""
        await self._ask(ReadBusinessMessage(business_connection_id=business, chat_id=chat, message_id=message))

    async def say(self, outgoing: Outgoing, can: Capabilities) -> Sent:
        return await deliver(self._call, outgoing, can)

    async def _call(self, method: TelegramMethod[Any]) -> Any:
        return await self._bot(method, request_timeout=self._patience)

    async def _ask(self, method: TelegramMethod[Any], patience: int | None = None) -> Any:
        return await self._asked(self._bot(method, request_timeout=patience or self._patience))

    async def _asked(self, call: Awaitable[Any]) -> Any:
        try:
            return await call
        except Rejection as rejection:
            raise refusals.of_asking(rejection) from rejection


async def _whole_file(bot: Bot, link: str) -> bytes:
    try:
        return b"".join([chunk async for chunk in bot.session.stream_content(link)])
    except Rejection as rejection:
        if rejection.status == 404:
            raise Refused("Berkas ini sudah tidak ada di Telegram.", code="404") from rejection
        raise
