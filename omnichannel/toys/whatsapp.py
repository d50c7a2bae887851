"""A toy Cloud API on loopback: signed webhooks out, messages and files in, ticks back; citizens with and without number.

toy = WhatsAppToy(token="EAAtoy", app_secret="…", verify_token="…")
base = await toy.start()                       # the connector's base_url
toy.courier.url = "http://127.0.0.1:8080/hooks/wa-humas"
siti = toy.citizen("Siti")
siti.writes("Lampu jalan mati")
toy.fail("flood", seconds=3, only="messages")
toy.transcript(siti.id)                        # what both sides said
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import Chat, Line, ToyFile
from omnichannel.toys.graph import FORM, GraphServer, Problem
from omnichannel.toys.whatsapp_citizen import Citizen
from omnichannel.toys.whatsapp_sending import Sending

# Links to media live five minutes (…/whatsapp/business-phone-numbers/media, 2026-11-22).
LINK_LIVES = timedelta(minutes=5)
PROBLEMS = {
    "flood": Problem(429, 130429, "(#130429) Rate limit hit"),
    "pair": Problem(400, 131056, "(#131056) Pair rate limit hit"),
    "server": Problem(500, 131000, "(#131000) Something went wrong"),
    "unauthorized": Problem(401, 190, "Malformed access token {token}"),
    "blocked": Problem(400, 131026, "(#131026) Message undeliverable"),
    "window": Problem(400, 131047, "(#131047) Re-engagement message"),
    "locked": Problem(403, 131031, "(#131031) Account has been locked"),
    "transient": Problem(503, 2, "Service temporarily unavailable", transient=True),
}


class WhatsAppToy(GraphServer):
    """The platform. `now` is the time it stamps on messages; `receipts` sends ticks for whatever we say."""

    channel: Channel = Channel.WHATSAPP
    problems = PROBLEMS

    def __init__(
        self,
        *,
        token: str = "EAAtoy-token",
        app_secret: str = "toy-app-secret",
        verify_token: str = "toy-verify",
        account: str = "whatsapp",
        receipts: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(token=token, app_secret=app_secret)
        self.account = account
        self.verify_token = verify_token
        self.receipts = receipts
        self.now = now
        self.number_id, self.business_id, self.number = "1000000000000001", "2000000000000002", "628009999999"
        self.files: dict[str, ToyFile] = {}
        self.templates: dict[tuple[str, str], dict[str, Any]] = {}
        self.read: list[str] = []
        self.citizens: dict[str, Citizen] = {}
        self.chat_lines: dict[str, list[Line]] = {}
        self.link_lives: Callable[[], timedelta] = lambda: LINK_LIVES
        self.largest_said: int | None = None
        self._links: dict[str, tuple[str, datetime]] = {}
        self._numbers, self._since = 0, int(now().timestamp())
        self._sending = Sending(self)
        self.post("/{node}/messages", "messages", self._sending.message)
        self.post("/{node}/media", "media", self._take)
        self.get("/{node}/message_templates", "message_templates", self._templates)
        self.get("/{node}", "node", self._node)
        self.app.router.add_get("/cdn/{link}", self._download)

    # ---- the citizens' side

    def citizen(self, name: str, *, with_number: bool = True) -> Citizen:
        """A citizen by name, the same one each time; without a number they are known by their BSUID alone."""
        if name not in self.citizens:
            self.citizens[name] = Citizen(self, name, with_number=with_number)
        return self.citizens[name]

    def chats(self) -> list[Chat]:
        found = [Chat(one.id, one.name, self.transcript(one.id)) for one in self.citizens.values()]
        return sorted((one for one in found if one.lines), key=lambda chat: chat.lines[-1].at, reverse=True)

    async def write(self, chat_id: str | None, name: str, text: str) -> str:
        citizen = self.known(chat_id) or self.citizen(name)
        citizen.writes(text)
        return citizen.id

    async def show(self, chat_id: str | None, name: str, caption: str, photo: ToyFile) -> str:
        citizen = self.known(chat_id) or self.citizen(name)
        citizen.sends_file(photo, caption)
        return citizen.id

    async def correct(self, chat_id: str, text: str) -> None:
        citizen = self.known(chat_id)
        if citizen is not None and citizen.last is not None:
            citizen.edits(citizen.last, text)

    def known(self, name: str | None) -> Citizen | None:
        """A citizen by BSUID or by number."""
        bare = (name or "").lstrip("+")
        return next((one for one in self.citizens.values() if bare and bare in (one.id, one.number)), None)

    def transcript(self, chat_id: str) -> list[Line]:
        return list(self.chat_lines.get(chat_id, ()))

    def add_template(self, name: str, text: str, *, language: str = "id", status: str = "APPROVED") -> None:
        """A template with its words; {{1}} … stand where values go."""
        components = [{"type": "BODY", "text": text}]
        self.templates[name, language] = {
            "id": self.serial(), "name": name, "language": language, "status": status, "category": "UTILITY",
            "components": components,
        }  # fmt: skip

    async def greet(self) -> tuple[int, str]:
        """Meta's handshake with whoever listens at the courier's address: the status, and what was answered."""
        asked = {"hub.mode": "subscribe", "hub.verify_token": self.verify_token, "hub.challenge": "1158201444"}
        async with aiohttp.ClientSession() as session, session.get(self.courier.url or "", params=asked) as answer:
            return answer.status, await answer.text()

    # ---- what goes out

    def tell(self, *items: dict[str, Any], key: str = "messages", field: str = "messages", **more: Any) -> None:
        """One webhook with these items in one change."""
        self.deliver(self.webhook([(field, {key: list(items), **more})]))

    def webhook(self, changes: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
        """The envelope around some changes."""
        metadata = {"display_phone_number": self.number, "phone_number_id": self.number_id}
        told = [
            {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
            for field, value in changes
        ]
        return {"object": "whatsapp_business_account", "entry": [{"id": self.business_id, "changes": told}]}

    def tick(self, wamid: str, citizen: Citizen, status: str, **more: Any) -> None:
        """A receipt for a message of ours."""
        item = {"id": wamid, "status": status, "timestamp": str(int(self.now().timestamp())), **more}
        item |= {"recipient_user_id": citizen.id} | ({"recipient_id": citizen.number} if citizen.number else {})
        self.tell(item, key="statuses")

    def serial(self) -> str:
        """A number never given before, by an earlier run neither."""
        self._numbers += 1
        return f"{self._since}{self._numbers:06d}"

    def wamid(self) -> str:
        return f"wamid.{self.serial()}"

    def keep(self, file: ToyFile) -> str:
        """A file on the platform; returns its media id."""
        media_id = self.serial()
        self.files[media_id] = file
        return media_id

    # ---- the office's side

    async def _take(self, request: web.Request, node: str) -> dict[str, Any]:
        if node != self.number_id:
            raise self.missing(node)
        fields = request.get(FORM, {})
        file = fields.get("file")
        if not isinstance(file, ToyFile) or fields.get("messaging_product") != "whatsapp":
            raise Problem(400, 100, "(#100) Invalid parameter")
        return {"id": self.keep(file)}

    async def _templates(self, request: web.Request, node: str) -> dict[str, Any]:
        """Two a page, so that whoever reads only the first page is found out."""
        if node != self.business_id:
            raise self.missing(node)
        start, every = int(request.query.get("after", "0")), list(self.templates.values())
        page: dict[str, Any] = {"data": every[start : start + 2], "paging": {"cursors": {"after": str(start + 2)}}}
        if start + 2 < len(every):
            page["paging"]["next"] = f"{self.base}/next?after={start + 2}"
        return page

    async def _node(self, request: web.Request, node: str) -> dict[str, Any]:
        if node == self.number_id:
            return {"id": node, "display_phone_number": f"+{self.number}", "verified_name": "Humas Toy"}
        file = self.files.get(node)
        if file is None:
            raise self.missing(node)
        link = self.serial()
        self._links[link] = (node, self.now() + self.link_lives())
        told = {"messaging_product": "whatsapp", "id": node, "url": f"{self.base}/cdn/{link}"}
        return {**told, "mime_type": file.media_type, "file_size": self.largest_said or len(file.content)}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        struck = await self.struck(request, "download")
        if struck is not None:
            return struck
        media_id, until = self._links.get(request.match_info["link"], ("", self.now()))
        if not self.is_authorized(request):
            return web.Response(status=401)
        if self.now() >= until or media_id not in self.files:
            return web.Response(status=404, text="URL signature expired")
        return web.Response(body=self.files[media_id].content)
