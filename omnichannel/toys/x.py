"""A toy X on loopback: API v2 with OAuth checked, prices of its own rules, signed webhooks; citizens on the other side.

toy = XToy(consumer_secret="…", access_secret="…")
base = await toy.start()                       # the connector's base_url
siti = toy.citizen("Siti")
siti.mentions("Lampu jalan mati")              # a public post that names us
siti.messages("NIK saya …")                    # a direct message
toy.fail("flood", seconds=3, only="tweets")
toy.transcript(siti.id)                        # what both sides said
"""

import base64
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import Chat, Line, ToyFile
from omnichannel.toys.serving import Courier, Fault, Faults, Loopback
from omnichannel.toys.x_citizen import Citizen
from omnichannel.toys.x_server import Server
from omnichannel.toys.x_uploads import PROBLEMS, Upload

Item = dict[str, Any]
EPOCH = 1_288_834_974_657  # milliseconds since 1970 at which X's ids begin


class XToy:
    """The platform. `now` is the time it stamps on posts."""

    channel: Channel = Channel.X

    def __init__(
        self,
        *,
        account: str = "x",
        user_id: str = "1500000000000000001",
        username: str = "humas_toy",
        consumer_key: str = "toy-consumer",
        consumer_secret: str = "toy-consumer-secret",
        access_token: str = "",
        access_secret: str = "toy-access-secret",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account = account
        self.me: Item = {"id": user_id, "name": "Humas Toy", "username": username}
        self.consumer_key, self.consumer_secret = consumer_key, consumer_secret
        self.access_token = access_token or f"{user_id}-toy-access"
        self.access_secret = access_secret
        self.bearers: dict[str, str] = {}  # access token → refresh token, for OAuth 2.0
        self.now = now
        self.calls: list[tuple[str, Item]] = []
        self.users: dict[str, Item] = {user_id: self.me}
        self.posts: list[Item] = []
        self.events: list[Item] = []
        self.media: dict[str, Item] = {}
        self.files: dict[str, tuple[ToyFile, bool]] = {}
        self.uploads: dict[str, Upload] = {}
        self.sent_files: dict[str, ToyFile] = {}
        self.slow_films, self.film_pause, self.spoils_films = 1, 0, False
        self.citizens: dict[str, Citizen] = {}
        self.chat_lines: dict[str, list[Line]] = {}
        self.delivered: deque[bytes] = deque(maxlen=1000)
        self.courier = Courier(lambda body: {"x-twitter-webhooks-signature": self.sign(body)})
        self.faults = Faults()
        self._last_id = 0
        self._server = Loopback(Server(self).app)

    @property
    def base(self) -> str:
        """Where it listens."""
        return self._server.base

    @property
    def own(self) -> str:
        """The office's user id."""
        return str(self.me["id"])

    async def start(self) -> str:
        """Listen; returns the base_url."""
        self.courier.start()
        return await self._server.start()

    async def stop(self) -> None:
        self.faults.end()
        await self.courier.stop()
        await self._server.stop()

    # ---- the citizens' side

    def citizen(self, name: str) -> Citizen:
        """A citizen by name, the same one each time."""
        if name not in self.citizens:
            number = str(1_600_000_000_000_000_001 + len(self.citizens))
            handle = "".join(one for one in name.lower() if one.isalnum())[:11] or "warga"
            user = {"id": number, "name": name, "username": f"{handle}_{len(self.citizens) + 1}"}
            self.users[number] = user
            self.citizens[name] = Citizen(self, name, user)
        return self.citizens[name]

    def known(self, number: str | None) -> Citizen | None:
        """A citizen by id."""
        return next((one for one in self.citizens.values() if one.id == number), None)

    def chats(self) -> list[Chat]:
        found = [Chat(one.id, one.name, self.transcript(one.id)) for one in self.citizens.values()]
        return sorted((one for one in found if one.lines), key=lambda chat: chat.lines[-1].at, reverse=True)

    def transcript(self, number: str) -> list[Line]:
        return list(self.chat_lines.get(number, ()))

    async def write(self, chat_id: str | None, name: str, text: str) -> str:
        """As they did before; of new citizens every other one writes where all can read."""
        citizen = self.known(chat_id) or self.citizen(name)
        citizen.writes(text)
        return citizen.id

    async def show(self, chat_id: str | None, name: str, caption: str, photo: ToyFile) -> str:
        citizen = self.known(chat_id) or self.citizen(name)
        citizen.writes(caption, photo)
        return citizen.id

    async def correct(self, chat_id: str, text: str) -> None:
        citizen = self.known(chat_id)
        if citizen is not None:
            citizen.corrects(text)

    def fail(self, kind: str, *, times: int = 1, only: str | None = None, seconds: int = 1) -> None:
        """The next `times` calls (of that kind) fail: hang, reset, bare, garbage, or a key of PROBLEMS."""
        if kind not in PROBLEMS and kind not in ("hang", "reset", "bare", "garbage"):
            raise KeyError(kind)
        self.faults.add(Fault(kind, times, only, seconds))

    def calm(self) -> None:
        """Nothing fails any more."""
        self.faults.clear()

    async def greet(self, token: str = "tantangan") -> tuple[int, str]:
        """X's challenge to whoever listens at the courier's address: the status, and what was answered."""
        params = {"crc_token": token}
        async with aiohttp.ClientSession() as session, session.get(self.courier.url or "", params=params) as answer:
            return answer.status, await answer.text()

    # ---- what citizens and the server share

    def number(self) -> str:
        """A new id: it holds the time, and always grows."""
        made = (int(self.now().timestamp() * 1000) - EPOCH) << 22
        self._last_id = max(made, self._last_id + 1)
        return str(self._last_id)

    def line(self, citizen: str, line: Line) -> None:
        self.chat_lines.setdefault(citizen, []).append(line)

    def keep(self, file: ToyFile, *, private: bool) -> str:
        """A file on the platform; returns its media key."""
        number = self.number()
        path = f"/1.1/ton/data/dm/{number}/{number}/{number}.jpg" if private else f"/media/{number}.jpg"
        self.files[path] = (file, private)
        key = f"3_{number}"
        self.media[key] = {"media_key": key, "type": "photo", "url": f"{self.base}{path}"}
        return key

    def tell(self, webhook: Item) -> None:
        """One webhook of the Account Activity API, if anybody listens."""
        body = json.dumps({"for_user_id": self.own, **webhook}).encode()
        self.delivered.append(body)
        if self.courier.url is not None:
            self.courier.send(body)

    def sign(self, body: bytes, secret: str | None = None) -> str:
        """The signature header's value."""
        mac = hmac.new((secret or self.consumer_secret).encode(), body, hashlib.sha256).digest()
        return f"sha256={base64.b64encode(mac).decode()}"
