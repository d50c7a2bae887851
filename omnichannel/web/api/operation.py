"""One operation: its address, its question, its answer, declared once; the route and the OpenAPI document both come from it."""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from omnichannel.domain.errors import Invalid, Misshapen
from omnichannel.domain.house import House
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action
from omnichannel.domain.tokens import Token
from omnichannel.web import guard
from omnichannel.web.api.asked import Asked, Nothing
from omnichannel.web.keys import TOKEN, house

ROOT = "/api/v1"
JSON = "application/json"
MULTIPART = "multipart/form-data"
LARGEST = 512 * 1024  # bytes of a JSON body; files come as a form
PATTERNS = {"number": "[A-Za-z0-9][A-Za-z0-9._-]{1,59}"}
ID = "\\d{1,15}"
Q = TypeVar("Q", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, known and read."""

    request: web.Request
    parts: House
    staff: Staff
    token: Token
    query: Any
    body: Any

    def id(self, name: str) -> int:
        """A number of the address."""
        return int(self.request.match_info[name])


Handler = Callable[[Call], Awaitable[BaseModel | web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`key`: the caller names the act in `Idempotency-Key`, and twice the same is one act. `files`: the body may also be a
    form with files. `answer` None: bytes."""

    method: str
    path: str
    name: str
    summary: str
    tag: str
    action: Action
    handler: Handler
    answer: type[BaseModel] | None
    query: type[Asked] = Nothing
    body: type[Asked] | None = None
    key: bool = False
    files: bool = False
    status: int = 200
    says: Sequence[int] = ()  # what it may refuse with beyond what every operation may


def route(one: Operation) -> web.RouteDef:
    """The route, guarded by the token and the policy."""

    async def handle(request: web.Request) -> web.StreamResponse:
        query = _query(request, one.query)
        body = await _body(request, one.body, one.files) if one.body is not None else None
        call = Call(request, house(request), guard.staff(request), request[TOKEN], query, body)
        answer = await one.handler(call)
        if isinstance(answer, web.StreamResponse):
            return answer
        return web.Response(text=answer.model_dump_json(), status=one.status, content_type=JSON)

    handle.__qualname__ = handle.__name__ = one.name
    return web.route(one.method, _pattern(one.path), guard.allow(handle, one.action, bearer=True))


def _pattern(path: str) -> str:
    return ROOT + re.sub(r"{(\w+)}", lambda found: f"{{{found[1]}:{PATTERNS.get(found[1], ID)}}}", path)


def _query(request: web.Request, shape: type[Q]) -> Q:
    given = request.query
    twice = next((name for name in given if len(given.getall(name)) > 1), None)
    if twice is not None:
        raise Misshapen("Alamat ini tidak dapat dibaca.", [(f"query.{twice}", "stands there more than once")])
    return _fit(shape, dict(given), "query")


async def _body(request: web.Request, shape: type[Q], files: bool) -> Q:
    if files and request.content_type == MULTIPART:
        fields = await guard.fields(request)
        plain = {name: value for name, value in fields.items() if isinstance(value, str)}
        return _fit(shape, plain, "body")
    if request.content_type != JSON:
        raise web.HTTPUnsupportedMediaType
    raw = bytearray()
    async for piece in request.content.iter_chunked(64 * 1024):
        raw += piece
        if len(raw) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=len(raw))
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Invalid("Isi permintaan ini bukan JSON yang utuh.") from error
    return _fit(shape, given, "body")


def _fit(shape: type[Q], given: Any, where: str) -> Q:
    """Misshapen, naming every field that does not fit."""
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        wrong = [
            (".".join([where, *(str(step) for step in one["loc"])]), str(one["msg"]))
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise Misshapen("Ada isian yang tidak sesuai.", wrong) from error
