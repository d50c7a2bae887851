"""The platform behind `connectors/sandbox`: signed batches out, answers in, receipts back, and every fault on command."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import Chat, Line, ToyFile
from omnichannel.toys.serving import Courier, Fault, Faults, Loopback

# kind → status, code, and what the platform says.
PROBLEMS = {
    "flood": (429, "flood", "Terlalu banyak pesan."),
    "server": (500, "", ""),
    "unauthorized": (401, "account", "Kunci tidak dikenal."),
    "blocked": (403, "blocked", "Warga memblokir akun ini."),
    "chat_not_found": (404, "unknown_thread", "Percakapan tidak ditemukan."),
}


class SandboxToy:
    """The platform. Citizens are known by name; a thread has its citizen's id."""

    channel: Channel = Channel.SANDBOX

    def __init__(
        self,
        *,
        secret: str = "sandbox-secret",
        account: str = "sandbox",
        receipts: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.secret = secret
        self.account = account
        self.receipts = receipts
        self.now = now
        self.expires_at: datetime | None = None  # from here on our own secret is refused
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.files: dict[str, ToyFile] = {}
        self.courier = Courier(lambda body: {"X-Sandbox-Signature": self.sign(body)})
        self._chats: dict[str, Chat] = {}
        self._events: list[dict[str, Any]] = []
        self._keys: dict[str, dict[str, Any]] = {}
        self._numbers = 0
        self._faults = Faults()
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_get("/me", self._guarded(self._me))
        app.router.add_get("/events", self._guarded(self._after))
        app.router.add_get("/files/{id}", self._guarded(self._file))
        app.router.add_post("/send", self._guarded(self._send))
        self._server = Loopback(app)

    async def start(self) -> str:
        """Listen; returns the base_url."""
        self.courier.start()
        return await self._server.start()

    async def stop(self) -> None:
        self._faults.end()
        await self.courier.stop()
        await self._server.stop()

    @property
    def base(self) -> str:
        """Where it listens."""
        return self._server.base

    def sign(self, body: bytes) -> str:
        return f"sha256={hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()}"

    def fail(self, kind: str, *, times: int = 1, only: str | None = None, seconds: int = 1) -> None:
        """The next `times` calls (of path `only`) fail: hang, reset, bare, garbage, or a key of PROBLEMS."""
        self._faults.add(Fault(kind, times, only, seconds))

    def calm(self) -> None:
        """Nothing fails any more."""
        self._faults.clear()

    # ---- the citizens' side

    def chats(self) -> list[Chat]:
        found = [Chat(one.id, one.name, list(one.lines)) for one in self._chats.values() if one.lines]
        return sorted(found, key=lambda chat: chat.lines[-1].at, reverse=True)

    async def write(self, chat_id: str | None, name: str, text: str) -> str:
        chat = self._chats.get(chat_id or "") or self._chat(name)
        self.says(chat.id, text)
        return chat.id

    async def show(self, chat_id: str | None, name: str, caption: str, photo: ToyFile) -> str:
        chat = self._chats.get(chat_id or "") or self._chat(name)
        self.says(chat.id, caption, photo)
        return chat.id

    async def correct(self, chat_id: str, text: str) -> None:
        lines = self._chats[chat_id].lines
        at = max(number for number, line in enumerate(lines) if line.mine)
        lines[at] = Line(True, text, lines[at].at, lines[at].files, lines[at].id)
        self.tell(self.event(chat_id, "edited", target=lines[at].id, text=text))

    def says(self, chat_id: str, text: str, *files: ToyFile, **more: Any) -> dict[str, Any]:
        """A citizen's message; `more` are further fields of the event."""
        chat = self._chats[chat_id]
        described = [
            {"id": self.keep(one), "name": one.name, "media_type": one.media_type, "size": len(one.content)}
            for one in files
        ]
        event = self.event(chat_id, "incoming", id=self._number("m"), text=text, files=described, **more)
        chat.lines.append(Line(True, text, self.now(), tuple(one.name for one in files), event["id"]))
        self.tell(event)
        return event

    def event(self, chat_id: str, type: str, **fields: Any) -> dict[str, Any]:
        """An event in a citizen's thread, not yet told."""
        chat = self._chats[chat_id]
        at = self.now().isoformat()
        return {"type": type, "thread": chat_id, "from": {"id": chat.id, "name": chat.name}, "at": at, **fields}

    def tell(self, *events: dict[str, Any]) -> None:
        """One batch of events, by webhook where one is set, and for whoever asks."""
        self._events += events
        if self.courier.url is not None:
            self.courier.send(json.dumps({"events": events}).encode())

    def citizen(self, name: str) -> str:
        """The thread of a citizen by name, made when new."""
        return self._chat(name).id

    def keep(self, file: ToyFile) -> str:
        file_id = self._number("f")
        self.files[file_id] = file
        return file_id

    def transcript(self, chat_id: str) -> list[Line]:
        return list(self._chats[chat_id].lines)

    def _chat(self, name: str) -> Chat:
        known = next((one for one in self._chats.values() if one.name == name), None)
        if known is None:
            known = Chat(self._number("c"), name)
            self._chats[known.id] = known
        return known

    def _number(self, letter: str) -> str:
        self._numbers += 1
        return f"{letter}{self._numbers}"

    # ---- the office's side

    def _guarded(self, handler: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            await request.read()
            path = request.path.split("/")[1]
            fault = self._faults.take(path)
            if fault is not None:
                return await self._faults.strike(fault, request) or _problem(*PROBLEMS[fault.kind], fault.seconds)
            expired = self.expires_at is not None and self.now() >= self.expires_at
            if expired or request.headers.get("Authorization") != f"Bearer {self.secret}":
                return _problem(*PROBLEMS["unauthorized"])
            answer: web.StreamResponse = await handler(request)
            return answer

        return guarded

    async def _me(self, request: web.Request) -> web.StreamResponse:
        until = {"expires_at": self.expires_at.isoformat()} if self.expires_at else {}
        return web.json_response({"name": "humas_sandbox", **until})

    async def _after(self, request: web.Request) -> web.StreamResponse:
        after = request.query.get("after", "")
        start = int(after) if after.isdigit() else 0
        return web.json_response(
            {"events": self._events[start : start + 100], "cursor": str(min(start + 100, len(self._events)))}
        )

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self.files.get(request.match_info["id"])
        return web.Response(body=file.content) if file else _problem(404, "gone", "Berkas sudah tidak ada.")

    async def _send(self, request: web.Request) -> web.StreamResponse:
        letter = await request.json()
        self.calls.append(("send", letter))
        if letter["key"] in self._keys:
            return web.json_response(self._keys[letter["key"]])
        chat = self._chats.get(letter["thread"])
        if chat is None:
            return _problem(*PROBLEMS["chat_not_found"])
        number = self._number("s")
        files = [ToyFile(one["name"], one["media_type"], base64.b64decode(one["content"])) for one in letter["files"]]
        chat.lines.append(Line(False, letter["text"], self.now(), tuple(one.name for one in files), number))
        self._keys[letter["key"]] = {"id": number, "at": self.now().isoformat()}
        if self.receipts:
            self.tell(self.event(chat.id, "receipt", target=number, status="delivered"))
        return web.json_response(self._keys[letter["key"]])


def _problem(status: int, code: str, title: str, seconds: int = 0) -> web.Response:
    headers = {"Retry-After": str(seconds)} if status == 429 else {}
    body = {"error": {"code": code, "title": title}} if code else {}
    return web.json_response(body, status=status, headers=headers)
