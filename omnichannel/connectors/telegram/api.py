"""The Bot API through aiogram's Bot and methods, on our own transport: answers are read here, and nowhere typed.

aiogram parses results into models and fails on shapes it does not know; one such update would stop polling for good
(a message that was sent would look lost). So every call returns plain JSON, and refusals keep their numbers.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from aiogram.utils.token import TokenValidationError
from aiohttp import FormData

from omnichannel.connectors.http import Answer, Http
from omnichannel.connectors.reading import part, whole, word
from omnichannel.connectors.telegram.facts import DOWNLOAD_LIMIT
from omnichannel.domain.errors import AccountBroken


@dataclass(eq=False)
class Rejection(Exception):
    """An answer that is no `ok`, or no answer of the Bot API at all (`description` empty)."""

    status: int
    description: str
    retry_after: timedelta | None
    moved_to: int | None


class Transport(BaseSession):
    """aiogram's session socket over our `Http`: `ask` for what may be repeated, `tell` for what reaches a citizen."""

    def __init__(self, http: Http) -> None:
        super().__init__(api=TelegramAPIServer.from_base(http.base))
        self.http = http

    async def close(self) -> None:
        await self.http.close()

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """One call; `timeout` is its patience in seconds. The result as plain JSON, or Rejection."""
        verb = self.http.tell if method.__api_method__.startswith("send") else self.http.ask
        answer = await verb(
            "POST",
            self.api.api_url(token=bot.token, method=method.__api_method__),
            data=self._form(bot, method),
            patience=timedelta(seconds=timeout or 30),
        )
        return result(answer)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """A file's bytes, whole: they are held to a limit before they are handed on."""
        answer = await self.http.ask("GET", url, headers=headers or {}, largest=DOWNLOAD_LIMIT)
        if not answer.ok:
            raise Rejection(answer.status, "", answer.wish(), None)
        yield answer.body

    def _form(self, bot: Bot, method: TelegramMethod[Any]) -> FormData:
        # Names stay as they are: quoting would show "surat%20tugas.pdf" to the citizen.
        form, files = FormData(quote_fields=False), dict[str, InputFile]()
        for key, value in method.model_dump(warnings=False).items():
            ready = self.prepare_value(value, bot=bot, files=files)
            if ready:
                form.add_field(key, ready)
        for key, file in files.items():
            form.add_field(key, file.read(bot), filename=_filename(file.filename or key))
        return form


def _filename(name: str) -> str:
    """A name that cannot break out of its header."""
    return "".join("_" if one in '"\\/' or not one.isprintable() else one for one in name)[-120:] or "berkas"


def result(answer: Answer) -> Any:
    """The `result` of a Bot API answer. https://core.telegram.org/bots/api#making-requests (2026-11-22)."""
    said = answer.json()
    if isinstance(said, dict) and said.get("ok") is True and answer.ok and "result" in said:
        return said["result"]
    parameters = part(said, "parameters")
    seconds = whole(parameters, "retry_after")
    raise Rejection(
        status=(whole(said, "error_code") or answer.status) if isinstance(said, dict) else answer.status,
        description=word(said, "description") or "",
        retry_after=timedelta(seconds=seconds) if seconds is not None else answer.wish(),
        moved_to=whole(parameters, "migrate_to_chat_id"),
    )


def open_bot(token: str, base: str) -> Bot:
    """A Bot on our transport. AccountBroken when the token cannot be one."""
    try:
        return Bot(token, session=Transport(Http(base, secrets=(token,))))
    except TokenValidationError as error:
        raise AccountBroken(
            "Token bot Telegram belum diisi, atau bentuknya salah. Salin lagi dari @BotFather."
        ) from error
