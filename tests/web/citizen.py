"""A citizen's browser before the public pages, with the office's own configuration behind them."""

import io
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from omnichannel.connectors.catalogue import forms
from omnichannel.domain.case import Case
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.house import House
from omnichannel.domain.ports import Bell, Store
from omnichannel.domain.work import Message
from omnichannel.inbox import track
from omnichannel.web import server
from tests.desk import a_house
from tests.house import HandClock

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
VALUES = re.compile(r'<dd class="num">([^<]+)</dd>')
LAMP = "Lampu jalan di depan pasar Sangatta Utara mati sejak tiga malam, gelap sekali."
COMPLAINT = {"isi": LAMP, "setuju": "ya"}
REQUEST = {
    "isi": "Mohon salinan dokumen pelaksanaan anggaran Dinas Pekerjaan Umum tahun 2025.",
    "tujuan": "Penelitian skripsi",
    "cara": "salinan_digital",
    "salinan": "surel",
    "pemohon": "perorangan",
    "nama": "Warga Uji",
    "alamat": "Jalan Contoh 1, Sangatta Utara",
    "surel": "warga@contoh.id",
    "setuju": "ya",
}
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\x00" * 64 + b"\xff\xd9"


@dataclass
class Page:
    """What the browser was shown."""

    status: int
    text: str
    size: int
    headers: Mapping[str, str]

    @property
    def noted(self) -> list[str]:
        """The numbers and the code that a citizen is asked to keep, in the order of the page."""
        return VALUES.findall(self.text)


class Citizen:
    """One browser."""

    def __init__(self, client: "TestClient[web.Request, web.Application]", clock: HandClock) -> None:
        self.client, self._clock = client, clock

    async def get(self, path: str, **headers: str) -> Page:
        return await _page(await self.client.get(path, headers=headers))

    async def hidden(self, path: str) -> dict[str, str]:
        """Open the form and read it for a while."""
        page = await self.get(path)
        assert page.status == 200, page.text
        self._clock.advance(timedelta(seconds=40))
        return dict(HIDDEN.findall(page.text.partition("<footer")[0]))

    async def post(
        self, path: str, fields: Mapping[str, str], *files: tuple[str, bytes], headers: Mapping[str, str] | None = None
    ) -> Page:
        form = FormData(quote_fields=False, default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        for name, content in files:
            form.add_field("berkas", io.BytesIO(content), filename=name, content_type="application/x-lie")
        return await _page(await self.client.post(path, data=form, headers=headers))

    async def send(self, form: str, fields: Mapping[str, str], *files: tuple[str, bytes]) -> Page:
        """Open, fill in, send."""
        return await self.post(f"/publik/{form}", await self.hidden(f"/publik/{form}") | dict(fields), *files)

    async def look(self, number: str, code: str) -> Page:
        """Track."""
        hidden = await self.hidden("/publik/lacak")
        return await self.post("/publik/lacak", hidden | {"nomor": number, "kode": code})


async def _page(answer: Any) -> Page:
    body = await answer.read()
    return Page(answer.status, body.decode(), len(body), answer.headers)


@dataclass
class Hall:
    """The public pages, open, and what stands behind them."""

    house: House
    clock: HandClock
    server: TestServer
    browsers: list[Citizen]

    async def citizen(self) -> Citizen:
        made = Citizen(TestClient(self.server), self.clock)
        self.browsers.append(made)
        return made

    async def thread(self, number: str) -> Conversation:
        found = await self.house.store.read(lambda work: track.find(work, ACCOUNT, number))
        assert found is not None
        return found[0]

    async def messages(self, number: str) -> list[Message]:
        where = (await self.thread(number)).id
        return await self.house.store.read(lambda work: work.messages.thread(where))

    async def cases(self, number: str) -> list[Case]:
        where = (await self.thread(number)).id
        return await self.house.store.read(lambda work: work.cases.of_conversation(where))

    async def verbs(self, number: str) -> list[str]:
        where = (await self.thread(number)).id
        found = await self.house.store.read(lambda work: work.screens.history(where, 100))
        return [one.verb for one in found]


@asynccontextmanager
async def a_hall(store: Store, folder: Path, clock: HandClock, bell: Bell, **office: Any) -> AsyncIterator[Hall]:
    house = a_house(store, folder, clock=clock, bell=bell, connectors=[forms()], **office)
    hall = Hall(house, clock, TestServer(server.build(house)), [])
    await hall.server.start_server()
    try:
        yield hall
    finally:
        for browser in hall.browsers:
            await browser.client.session.close()
        await hall.server.close()
