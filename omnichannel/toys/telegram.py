"""A toy Bot API on loopback: polling with real offsets, or a webhook with its secret; citizens on the other side.

toy = TelegramToy(token="42:toy")
base = await toy.start()                       # the connector's base_url
siti = toy.citizen("Siti")
await siti.writes("Lampu jalan mati")
toy.fail("flood", seconds=3, only="sendMessage")
toy.transcript(siti.chat)                      # what both sides said
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import Chat, Line, ToyFile
from omnichannel.toys.serving import Courier, Fault, Faults, Loopback
from omnichannel.toys.telegram_citizen import Citizen
from omnichannel.toys.telegram_sending import METHODS, Problem, Sending

# Reactions and membership news come only to a bot that asks for them.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
PROBLEMS = {
    "flood": Problem(429, "Too Many Requests: retry after {seconds}", "retry_after"),
    "server": Problem(500, "Internal Server Error"),
    "unauthorized": Problem(401, "Unauthorized"),
    "blocked": Problem(403, "Forbidden: bot was blocked by the user"),
    "chat_not_found": Problem(400, "Bad Request: chat not found"),
    "conflict": Problem(409, "Conflict: terminated by other getUpdates request"),
    "migrate": Problem(400, "Bad Request: group chat was upgraded to a supergroup chat", "migrate_to_chat_id"),
}


@dataclass(slots=True)
class Room:
    """One chat on the toy: a private one or a group."""

    chat: dict[str, Any]
    lines: list[Line] = field(default_factory=list)
    blocked: bool = False
    written: bool = False


class TelegramToy:
    """The platform. `now` is the time it stamps on messages."""

    channel: Channel = Channel.TELEGRAM

    def __init__(
        self,
        *,
        token: str = "4242:toy-token",
        account: str = "telegram",
        username: str = "humas_toy_bot",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.token = token
        self.account = account
        self.me = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Humas", "username": username}
        self.now = now
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.rooms: dict[int, Room] = {}
        self.files: dict[str, ToyFile] = {}
        self.secret = ""
        self.courier = Courier(lambda body: {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {})
        self._citizens: dict[str, Citizen] = {}
        self._updates: list[dict[str, Any]] = []
        self._allowed: list[str] = []
        self._faults = Faults()
        self._poller = 0
        self._news = asyncio.Condition()
        self._next = {"update": 1, "message": 1, "person": 700001, "group": 900001}
        self._sending = Sending(self)
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._server = Loopback(app)

    async def start(self) -> str:
        """Listen; returns the base_url."""
        self.courier.start()
        return await self._server.start()

    async def stop(self) -> None:
        self._faults.end()
        await self.courier.stop()
        async with self._news:
            self._poller += 1
            self._news.notify_all()
        await self._server.stop()

    # ---- the citizens' side

    def citizen(self, name: str) -> Citizen:
        """A citizen by name, the same one each time."""
        if name not in self._citizens:
            person = self.number("person")
            first, _, last = name.partition(" ")
            user = {"id": person, "is_bot": False, "first_name": first, "language_code": "id"}
            user |= {"last_name": last} if last else {}
            self.rooms[person] = Room(
                {**{key: user[key] for key in user if "name" in key}, "id": person, "type": "private"}
            )
            self._citizens[name] = Citizen(self, name, user)
        return self._citizens[name]

    def group(self, title: str) -> int:
        """A group with the bot in it; returns its chat id."""
        chat = -self.number("group")
        self.rooms[chat] = Room({"id": chat, "type": "supergroup", "title": title}, written=True)
        return chat

    def chats(self) -> list[Chat]:
        found = [
            Chat(str(number), room.chat.get("title") or self._name(number), list(room.lines))
            for number, room in self.rooms.items()
            if room.lines
        ]
        return sorted(found, key=lambda chat: chat.lines[-1].at, reverse=True)

    async def write(self, chat_id: str | None, name: str, text: str) -> str:
        citizen = self._known(chat_id) or self.citizen(name)
        await citizen.writes(text)
        return str(citizen.chat)

    async def show(self, chat_id: str | None, name: str, caption: str, photo: ToyFile) -> str:
        citizen = self._known(chat_id) or self.citizen(name)
        await citizen.sends_photo(photo, caption)
        return str(citizen.chat)

    async def correct(self, chat_id: str, text: str) -> None:
        citizen = self._known(chat_id)
        if citizen is not None and citizen.last is not None:
            await citizen.edits(citizen.last, text)

    def _known(self, chat_id: str | None) -> Citizen | None:
        return next((one for one in self._citizens.values() if str(one.chat) == chat_id), None)

    def transcript(self, chat: int) -> list[Line]:
        return list(self.rooms[chat].lines)

    def fail(self, kind: str, *, times: int = 1, only: str | None = None, seconds: int = 1) -> None:
        """The next `times` calls (of method `only`) fail: hang, reset, bare, garbage, or a key of PROBLEMS."""
        self._faults.add(Fault(kind, times, only, seconds))

    def calm(self) -> None:
        """Nothing fails any more."""
        self._faults.clear()

    def _name(self, chat: int) -> str:
        return next((one.name for one in self._citizens.values() if one.chat == chat), str(chat))

    # ---- what citizens and the server share

    def number(self, of: str) -> int:
        self._next[of] += 1
        return self._next[of] - 1

    def keep(self, file: ToyFile) -> str:
        """A file on the platform; returns its file_id."""
        file_id = f"file{len(self.files) + 1}"
        self.files[file_id] = file
        return file_id

    async def tell(self, kind: str, item: dict[str, Any]) -> dict[str, Any]:
        """An update for the bot, unless it never asked for this kind."""
        update = {"update_id": self.number("update"), kind: item}
        if (kind in self._allowed) if self._allowed else (kind not in ON_REQUEST):
            async with self._news:
                if self.courier.url is None:
                    self._updates.append(update)
                else:
                    self.courier.send(json.dumps(update).encode())
                self._news.notify_all()
        return update

    async def again(self, update: dict[str, Any]) -> None:
        """The same update once more: a repeat, or one of a test's own making."""
        async with self._news:
            self._updates.append(update)
            self._news.notify_all()

    @property
    def base(self) -> str:
        """Where it listens."""
        return self._server.base

    @property
    def pending(self) -> int:
        """Updates not yet acknowledged by a later offset."""
        return len(self._updates)

    # ---- the bot's side

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fields = await _fields(request)
        self.calls.append((method, {key: one for key, one in fields.items() if isinstance(one, str)}))
        fault = self._faults.take(method)
        if fault is not None:
            struck = await self._faults.strike(fault, request)
            return struck or self._problem(PROBLEMS[fault.kind], fault.seconds)
        if request.match_info["token"] != self.token:
            return self._problem(PROBLEMS["unauthorized"])
        try:
            return web.json_response({"ok": True, "result": await self._call(method, fields)})
        except Problem as problem:
            return self._problem(problem)

    def _problem(self, problem: Problem, seconds: int = 0) -> web.Response:
        body: dict[str, Any] = {"ok": False, "error_code": problem.code}
        body["description"] = problem.description.format(seconds=seconds)
        if problem.parameter:
            body["parameters"] = {problem.parameter: seconds}
        return web.json_response(body, status=problem.code)

    async def _call(self, method: str, fields: dict[str, Any]) -> Any:
        if method == "getMe":
            return self.me
        if method == "getUpdates":
            return await self._get_updates(fields)
        if method == "setWebhook":
            return await self._set_webhook(fields)
        if method == "deleteWebhook":
            self.courier.url = None
            return True
        if method == "getWebhookInfo":
            return {
                "url": self.courier.url or "",
                "has_custom_certificate": False,
                "pending_update_count": self.pending,
            }
        if method == "getFile":
            return self._get_file(fields)
        if method == "readBusinessMessage":
            if int(fields.get("message_id", 0)) <= 0 or not fields.get("business_connection_id"):
                raise Problem(400, "Bad Request: BUSINESS_CONNECTION_INVALID")
            return True
        if method in METHODS:
            return self._sending.call(method, fields)
        raise Problem(404, "Not Found: method not found")

    async def _get_updates(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        """Acknowledge what lies before the offset, then wait for news; a second poller throws out the first."""
        if self.courier.url is not None:
            raise Problem(409, "Conflict: can't use getUpdates method while webhook is active")
        if "allowed_updates" in fields:
            self._allowed = json.loads(fields["allowed_updates"])
        offset, limit = int(fields.get("offset", 0)), int(fields.get("limit", 100))
        deadline = asyncio.get_running_loop().time() + int(fields.get("timeout", 0))
        async with self._news:
            self._poller += 1
            me = self._poller
            self._news.notify_all()
            self._updates = (
                self._updates[offset:] if offset < 0 else [u for u in self._updates if u["update_id"] >= offset]
            )
            while not self._updates:
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    break
                try:
                    await asyncio.wait_for(self._news.wait(), left)
                except TimeoutError:
                    break
                if self._poller != me:
                    raise PROBLEMS["conflict"]
            return self._updates[:limit]

    async def _set_webhook(self, fields: dict[str, Any]) -> bool:
        self.secret = fields.get("secret_token", "")
        self._allowed = json.loads(fields.get("allowed_updates", "[]"))
        self.courier.url = fields.get("url") or None
        waiting, self._updates = self._updates, []
        for update in waiting if self.courier.url else ():
            self.courier.send(json.dumps(update).encode())
        return True

    def _get_file(self, fields: dict[str, Any]) -> dict[str, Any]:
        file = self.files.get(fields.get("file_id", ""))
        if file is None:
            raise Problem(400, "Bad Request: invalid file_id")
        if len(file.content) > 20 * 1024 * 1024:
            raise Problem(400, "Bad Request: file is too big")
        file_id = fields["file_id"]
        return {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_size": len(file.content),
            "file_path": f"documents/{file_id}",
        }

    async def _download(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.take("download")
        if fault is not None:
            return await self._faults.strike(fault, request) or web.Response(status=PROBLEMS[fault.kind].code)
        file = self.files.get(request.match_info["path"].rpartition("/")[2])
        if file is None or request.match_info["token"] != self.token:
            return web.Response(status=404)
        return web.Response(body=file.content)


async def _fields(request: web.Request) -> dict[str, Any]:
    """A call's fields from the query, a form, a multipart form or JSON: the Bot API takes all four."""
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        said = await request.json()
        return fields | {key: one if isinstance(one, str) else json.dumps(one) for key, one in said.items()}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[key] = ToyFile(value.filename, value.content_type, value.file.read())
        else:
            fields[key] = value
    return fields
