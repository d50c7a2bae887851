"""A small office for drills that need no town: a sandbox account and a Telegram bot, both told by webhook."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from omnichannel.toys.sandbox import SandboxToy
from omnichannel.toys.telegram import TelegramToy
from tests.drills.books import Books
from tests.drills.platforms import a_complaint
from tests.drills.service import Officer, Service
from tests.parts.ports import free_port

HOOK_SECRET = "rahasia-hook"
CONFIG = """
[server]
port = {port}
[store]
data_dir = "{data}"
[[account]]
name = "coba"
channel = "sandbox"
base_url = "{sandbox}"
[[account]]
name = "tgh"
channel = "telegram"
mode = "webhook"
base_url = "{telegram}"
"""


@dataclass
class Small:
    """The office, its platforms, its books and an officer who is logged in."""

    service: Service
    sandbox: SandboxToy
    telegram: TelegramToy
    books: Books
    officer: Officer
    http: aiohttp.ClientSession

    def signed(self, body: bytes) -> dict[str, str]:
        return {"X-Sandbox-Signature": self.sandbox.sign(body), "Content-Type": "application/json"}

    def told(self) -> dict[str, str]:
        return {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET, "Content-Type": "application/json"}

    async def post(self, body: bytes, headers: Mapping[str, str] | None = None, account: str = "coba") -> int:
        """A webhook as the platform sends it; the status."""
        given = self.signed(body) if headers is None else headers
        async with self.http.post(f"{self.service.url}/hooks/{account}", data=body, headers=given) as answer:
            await answer.read()
            return answer.status


def an_item(number: int, text: str = "", **more: Any) -> dict[str, Any]:
    """A citizen's message in the sandbox's words; the same number is the same message."""
    return {
        "type": "incoming",
        "id": f"b{number}",
        "thread": f"u{number}",
        "surface": "direct",
        "from": {"id": f"warga-{number}", "name": f"Warga {number}"},
        "at": "2026-11-17T06:00:00Z",
        "text": text or a_complaint(str(number)),
        **more,
    }


def a_body(*items: object) -> bytes:
    return json.dumps({"events": items}).encode()


async def until(true: Callable[[], bool], patience: float = 30) -> None:
    """Wait for something on the other side; fails loudly when it never comes."""
    for _ in range(int(patience * 20)):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


@asynccontextmanager
async def small(
    folder: Path, *, url: str | None = None, data: Path | None = None, sandbox: SandboxToy | None = None, **extra: str
) -> AsyncIterator[Small]:
    """Started; the sandbox's courier and Telegram's know the way to our hooks. `extra` is further environment."""
    port = free_port()
    toy = sandbox or SandboxToy(account="coba", receipts=False)
    telegram = TelegramToy(token="1002:hooked", account="tgh")
    async with AsyncExitStack() as stack:
        for one in (toy, telegram):
            await one.start()
            stack.push_async_callback(one.stop)
        toy.courier.url = f"http://127.0.0.1:{port}/hooks/coba"
        place, config = data or folder / "data", folder / "omnichannel.toml"
        config.write_text(CONFIG.format(port=port, data=place, sandbox=toy.base, telegram=telegram.base))
        address = url or f"sqlite:///{place / 'omnichannel.db'}"
        environment = {
            "OMNI_COBA_SECRET": toy.secret,
            "OMNI_TGH_TOKEN": telegram.token,
            "OMNI_TGH_WEBHOOK_SECRET": HOOK_SECRET,
            "OMNI_DATABASE_URL": address,
        }
        service = Service(config, environment | extra, port)
        await service.hire()
        await stack.enter_async_context(service)
        books, officer = Books(address), Officer(service.url)
        stack.push_async_callback(books.close)
        stack.push_async_callback(officer.close)
        await officer.login()
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)))
        yield Small(service, toy, telegram, books, officer, http)
