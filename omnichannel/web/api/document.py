"""The OpenAPI 3.1 document, made from the same declarations and the same models that answer."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from omnichannel import __version__
from omnichannel.web import guard
from omnichannel.web.api import shapes
from omnichannel.web.api.operation import JSON, MULTIPART, PATTERNS, ROOT, Operation

REF = "#/components/schemas/{model}"
PROBLEM = "application/problem+json"
ALWAYS = (401, 403, 422, 500, 503)
WORDS: Mapping[int, str] = {
    400: "The request cannot be read",
    401: "No token, or one that opens nothing",
    403: "The officer behind the token may not do this, or the token only reads",
    404: "There is no such thing",
    409: "Somebody else changed it first, or it is not in a state for this; look and decide again",
    413: "Too large",
    415: "Neither JSON nor a form",
    416: "No such part of the file",
    422: "It cannot be done as asked; `errors` names fields that do not fit",
    500: "A fault of ours; `code` finds it in our log",
    503: "The database is away; `Retry-After` says when to come again",
}
ABOUT = """The citizen desk for other systems of the office. A token acts as one officer and under the same policy:
what they may not see or do, it may not either. Unless a token was made to be given identities whole, NIK, KK, telephone
numbers and addresses are masked. Errors are problem+json (RFC 9457), their words Indonesian."""


def routes(operations: Sequence[Operation]) -> list[web.RouteDef]:
    text = _written(tuple(operations))

    async def document(request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type=JSON, headers={"Cache-Control": "no-cache"})

    return [web.get(f"{ROOT}/openapi.json", guard.allow(document, public=True))]


@cache
def _written(operations: tuple[Operation, ...]) -> str:
    """Made once a process, however many applications it holds: nothing else of an application takes as long."""
    return json.dumps(openapi(operations), ensure_ascii=False)


def openapi(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole document."""
    shown: set[type[BaseModel]] = {one.answer for one in operations if one.answer} | {shapes.Problem}
    told = {one.body for one in operations if one.body is not None}
    schemas, defined = models_json_schema(
        [
            *((model, "serialization") for model in sorted(shown, key=_name)),
            *((one, "validation") for one in sorted(told, key=_name)),
        ],
        ref_template=REF,
    )
    names: dict[Any, Any] = {model: found for (model, _), found in schemas.items()}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(ROOT + one.path, {})[one.method.lower()] = _operation(one, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Omnichannel", "version": __version__, "description": " ".join(ABOUT.split())},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": defined["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "Made at /kelola/token."}},
        },
    }


def _operation(one: Operation, names: Mapping[Any, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": " ".join((one.handler.__doc__ or "").split()),
        "tags": [one.tag],
        "parameters": [*_in_path(one), *_in_query(one), *_headers(one)],
        "responses": {str(one.status): _answer(one, names)}
        | {str(code): _problem(code, names) for code in _codes(one)},
    }
    if one.body is not None:
        content = {JSON: {"schema": names[one.body]}}
        if one.files:
            content[MULTIPART] = {"schema": _form(one.body)}
        said["requestBody"] = {"required": True, "content": content}
    return said


def _codes(one: Operation) -> list[int]:
    read = (400, 413, 415) if one.body is not None else ()
    return sorted({*ALWAYS, *one.says, *read})


def _answer(one: Operation, names: Mapping[Any, Any]) -> dict[str, Any]:
    if one.answer is None:
        binary = {"schema": {"type": "string", "format": "binary"}}
        return {"description": "The bytes", "content": {"application/octet-stream": binary, "*/*": binary}}
    return {"description": one.summary, "content": {JSON: {"schema": names[one.answer]}}}


def _problem(code: int, names: Mapping[Any, Any]) -> dict[str, Any]:
    return {"description": WORDS[code], "content": {PROBLEM: {"schema": names[shapes.Problem]}}}


def _in_path(one: Operation) -> list[dict[str, Any]]:
    found = []
    for name in re.findall(r"{(\w+)}", one.path):
        number = {"type": "integer", "minimum": 1, "maximum": 10**15 - 1}
        schema = {"type": "string", "pattern": f"^{PATTERNS[name]}$"} if name in PATTERNS else number
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return found


def _in_query(one: Operation) -> list[dict[str, Any]]:
    whole = one.query.model_json_schema(ref_template=REF)
    kept = []
    for name, schema in whole.get("properties", {}).items():
        schema = _inlined(schema, whole.get("$defs", {}))
        about = schema.pop("description", None)
        kept.append(
            {"name": name, "in": "query", "required": name in whole.get("required", ()), "schema": schema}
            | ({"description": about} if about else {})
        )
    return kept


def _inlined(schema: dict[str, Any], defined: Mapping[str, Any]) -> dict[str, Any]:
    """An enumeration stands where it is used; an absent question is left out, not null."""
    schema = dict(schema)
    if (ref := schema.pop("$ref", None)) is not None:
        schema = {**defined[ref.rpartition("/")[2]], **schema}
    several = schema.pop("anyOf", None)
    if several is not None:
        schema |= next(one for one in several if one.get("type") != "null")
        schema.pop("default", None)
    return schema


def _headers(one: Operation) -> list[dict[str, Any]]:
    if not one.key:
        return []
    about = "Your own name for this act: the same key again is the same act, not a second one."
    schema = {"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[A-Za-z0-9._-]+$"}
    return [{"name": "Idempotency-Key", "in": "header", "required": True, "schema": schema, "description": about}]


def _form(body: type[BaseModel]) -> dict[str, Any]:
    schema = body.model_json_schema(ref_template=REF)
    for name, one in schema["properties"].items():
        schema["properties"][name] = _inlined(one, {})
    schema["properties"]["files"] = {"type": "array", "items": {"type": "string", "format": "binary"}}
    return schema


def _name(model: type[BaseModel]) -> str:
    return model.__name__
