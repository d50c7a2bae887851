"""What every toy platform of Meta's shares: the Graph's manners towards callers, and signed webhooks."""

import hashlib
import hmac
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from omnichannel.toys.base import ToyFile
from omnichannel.toys.serving import Courier, Fault, Faults, Loopback

FORM = web.RequestKey("form", dict[str, ToyFile | str])
Answering = Callable[[web.Request, str], Awaitable[Any]]
MEGABYTES = 120


@dataclass(eq=False)
class Problem(Exception):
    """A refusal as the Graph words it."""

    status: int
    code: int
    message: str
    subcode: int | None = None
    transient: bool = False
    details: str = ""


class GraphServer:
    """A Graph on 127.0.0.1. Any version in the path will do; the token comes as a bearer, never in the address."""

    problems: Mapping[str, Problem] = {}

    def __init__(self, *, token: str, app_secret: str) -> None:
        self.token = token
        self.expires_at: datetime | None = None  # from here on the token is refused
        self.app_secret = app_secret
        self.calls: list[tuple[str, Any]] = []
        self.versions: set[str] = set()
        self.delivered: deque[bytes] = deque(maxlen=1000)
        self.loses_webhooks = False
        self.use = 1
        self.courier = Courier(lambda body: {"X-Hub-Signature-256": self.sign(body)})
        self._faults = Faults()
        self.app = web.Application(client_max_size=MEGABYTES * 1024 * 1024)
        self._server = Loopback(self.app)
        self.get("/{node:debug_token}", "debug_token", self._debug_token)

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

    def sign(self, body: bytes, secret: str | None = None) -> str:
        """The signature header's value."""
        return f"sha256={hmac.new((secret or self.app_secret).encode(), body, hashlib.sha256).hexdigest()}"

    def deliver(self, webhook: dict[str, Any]) -> None:
        """Hand one webhook to whoever listens; letters beyond ASCII are escaped, as Meta does before it signs."""
        if self.loses_webhooks:
            return
        body = json.dumps(webhook).encode()
        self.delivered.append(body)
        self.courier.send(body)

    def fail(self, kind: str, *, times: int = 1, only: str | None = None, seconds: int = 0) -> None:
        """The next `times` calls (of kind `only`) fail: hang, reset, bare, garbage, a key of `problems`, or
        pass, which lets them through to the fault behind it."""
        self._faults.add(Fault(kind, times, only, seconds))

    def calm(self) -> None:
        """Nothing fails any more."""
        self._faults.clear()

    def get(self, path: str, call: str, answer: Answering) -> None:
        """Answer GET /<version><path>, whose first part is `node`."""
        self.app.router.add_get(f"/{{version:v\\d+\\.\\d+}}{path}", self._guarded(call, answer))

    def post(self, path: str, call: str, answer: Answering) -> None:
        """Answer POST /<version><path>."""
        self.app.router.add_post(f"/{{version:v\\d+\\.\\d+}}{path}", self._guarded(call, answer))

    def missing(self, node: str) -> Problem:
        """What the Graph says of an id it does not know, or not to this token."""
        return Problem(400, 100, f"Unsupported request. Object with ID '{node}' does not exist", subcode=33)

    def is_authorized(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    async def struck(self, request: web.Request, call: str) -> web.StreamResponse | None:
        """The fault that hits this call, if one waits for it."""
        fault = self._faults.take(call)
        if fault is None or fault.kind == "pass":
            return None
        return await self._faults.strike(fault, request) or self._refusal(self.problems[fault.kind], fault.seconds)

    def _guarded(self, call: str, answer: Answering) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if request.content_type.startswith("multipart"):
                request[FORM] = await _form(request)
            await request.read()
            self.versions.add(request.match_info["version"])
            said = await request.json() if request.content_type == "application/json" else dict(request.query)
            self.calls.append((call, said))
            struck = await self.struck(request, call)
            if struck is not None:
                return struck
            try:
                self._check(request)
                return web.json_response(await answer(request, request.match_info["node"]), headers=self._usage())
            except Problem as problem:
                return self._refusal(problem)

        return guarded

    def _check(self, request: web.Request) -> None:
        if not self.is_authorized(request):
            raise Problem(401, 190, "Error validating access token")
        if self.expires_at is not None and datetime.now(UTC) >= self.expires_at:
            raise Problem(401, 190, "Error validating access token: Session has expired", subcode=463)
        proof = hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        if request.query.get("appsecret_proof", proof) != proof:
            raise Problem(400, 100, "Invalid appsecret_proof provided in the API argument")

    async def _debug_token(self, request: web.Request, node: str) -> dict[str, Any]:
        """What Meta says of a token; 0 never dies."""
        valid = request.query.get("input_token") == self.token
        until = int(self.expires_at.timestamp()) if self.expires_at else 0
        return {"data": {"is_valid": valid, "type": "PAGE", "expires_at": until if valid else 0}}

    def _usage(self) -> dict[str, str]:
        return {"X-App-Usage": json.dumps({"call_count": self.use, "total_time": 1, "total_cputime": 1})}

    def _refusal(self, problem: Problem, seconds: int = 0) -> web.Response:
        message = problem.message.replace("{token}", self.token)
        told: dict[str, Any] = {"message": message, "type": "OAuthException", "code": problem.code}
        told["fbtrace_id"] = "AToyTrace"
        if problem.subcode is not None:
            told["error_subcode"] = problem.subcode
        if problem.transient:
            told["is_transient"] = True
        if problem.details:
            told["error_data"] = {"messaging_product": "whatsapp", "details": problem.details}
        headers = {"Retry-After": str(seconds)} if seconds else {}
        return web.json_response({"error": told}, status=problem.status, headers=headers)


async def _form(request: web.Request) -> dict[str, ToyFile | str]:
    """A form's fields, its files read and closed."""
    fields: dict[str, ToyFile | str] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[key] = ToyFile(value.filename, value.content_type, value.file.read())
            value.file.close()
        elif isinstance(value, str):
            fields[key] = value
    return fields
