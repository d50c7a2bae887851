"""facebook-sdk's GraphAPI with its one `request` made asynchronous: every method that ends in it becomes awaitable.

Awaitable: get_object(s), get_connections, put_object, put_comment, put_like, put_photo, delete_object, delete_request,
search, debug_access_token, extend_access_token, get_access_token_from_code. Not to be used, for they read the result
themselves: get_permissions, get_version, get_all_connections (`pages` does that), get_app_access_token.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import aiohttp
import facebook

from omnichannel.connectors.graph import refusals
from omnichannel.connectors.graph.refusals import Codes
from omnichannel.connectors.http import PATIENCE, Answer, Http
from omnichannel.connectors.reading import part, parts, word
from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused
from omnichannel.domain.office import Secret

PUBLIC_SERVER = "https://graph.facebook.com"
# The current version: https://developers.facebook.com/docs/graph-api/changelog (2026-11-22). A version lives two years.
VERSION = "v26.0"
# What an answer tells of our use: https://developers.facebook.com/docs/graph-api/overview/rate-limiting (2026-11-22).
USAGE = ("x-app-usage", "x-page-usage", "x-business-use-case-usage", "x-ad-account-usage")
PAGES = 50


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for a multipart call."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


class _NoTransport:
    """The SDK's own session, which we never let speak: it would block the loop and put the token into a URL."""

    def request(self, *args: object, **call: object) -> None:
        raise NotImplementedError("this method of facebook-sdk does not go through our transport")


class Graph(facebook.GraphAPI):
    """One token's view of the Graph. Refusals come out as our errors, with the SDK's GraphAPIError as their cause."""

    def __init__(
        self,
        token: Secret | None,
        *,
        base: str = PUBLIC_SERVER,
        version: str = VERSION,
        app_secret: Secret | None = None,
        secrets: Iterable[Secret] = (),
        patience: timedelta = PATIENCE,
        codes: Codes | None = None,
    ) -> None:
        self._token: Secret | None = None
        super().__init__(access_token=token.reveal() if token else None, session=_NoTransport())
        self.version = version if version.startswith("v") else f"v{version}"
        self.usage: Mapping[str, str] = {}
        self.codes: Codes = codes or {}
        self._patience = patience
        self._proof = _proof(token, app_secret)
        hidden = [one.reveal() for one in (token, app_secret, self._proof, *secrets) if one is not None]
        bearer = {"Authorization": f"Bearer {token.reveal()}"} if token else {}
        self._http = Http(base, secrets=hidden, headers=bearer)

    @property
    def access_token(self) -> str | None:
        """The SDK's attribute. It is kept as a Secret, so that no dump of this object shows it."""
        return self._token.reveal() if self._token else None

    @access_token.setter
    def access_token(self, token: str | None) -> None:
        self._token = Secret(token) if token else None

    async def close(self) -> None:
        await self._http.close()

    async def request(
        self,
        path: str,
        args: Mapping[str, Any] | None = None,
        post_args: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        method: str | None = None,
    ) -> Any:
        """The SDK's one door, made ours: a GET asks, everything else acts."""
        if post_args is None and not files and method in (None, "GET"):
            return await self.ask(path, args)
        return await self.tell(path, args, post_args=post_args, files=files, method=method or "POST")

    async def ask(
        self,
        path: str,
        args: Mapping[str, Any] | None = None,
        *,
        post_args: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        method: str = "GET",
        patience: timedelta | None = None,
        codes: Codes | None = None,
    ) -> Any:
        """A call that may be repeated (a question, an upload nobody sees). TryLater, Refused, AccountBroken."""
        call = self._call(args, post_args, files)
        answer = await self._http.ask(method, f"/{path}", patience=patience or self._patience, **call)
        return self._result(answer, sending=False, codes=codes)

    async def tell(
        self,
        path: str,
        args: Mapping[str, Any] | None = None,
        *,
        post_args: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        method: str = "POST",
        patience: timedelta | None = None,
        codes: Codes | None = None,
    ) -> Any:
        """A call that changes something. As `ask`; and Unsure where no answer came back."""
        call = self._call(args, post_args, files)
        answer = await self._http.tell(method, f"/{path}", patience=patience or self._patience, **call)
        return self._result(answer, sending=True, codes=codes)

    async def put_object(self, parent_object: str, connection_name: str, **data: Any) -> Any:
        """As the SDK's, which asserts that there is a token: ours says who can mend that."""
        self._must_have_a_token()
        return await super().put_object(parent_object, connection_name, **data)

    async def pages(self, id: str, connection: str, **args: Any) -> AsyncIterator[dict[str, Any]]:
        """Every item of a connection. The SDK's get_all_connections trips over a `next` without a token in it."""
        for _ in range(PAGES):
            page = await self.get_connections(id, connection, **args)
            for item in parts(page, "data"):
                yield item
            after = word(part(part(page, "paging"), "cursors"), "after")
            if after is None or not word(part(page, "paging"), "next"):
                return
            args = {**args, "after": after}

    async def download(self, link: str, *, largest: int, patience: timedelta | None = None) -> Answer:
        """The bytes behind a link of Meta's, which wants the token too; a link that died is the caller's to judge."""
        self._must_have_a_token()
        if self._http.base.startswith("https://") and not link.startswith("https://"):
            raise Refused(
                "Meta memberi tautan berkas tanpa enkripsi; tokennya tidak kami kirim ke sana.", code="no_tls"
            )
        answer = await self._http.ask("GET", link, patience=patience or self._patience, largest=largest)
        if answer.status not in (404, 410) and not answer.ok:
            raise self._refusal(answer, sending=False, codes=None)
        return answer

    def _call(
        self, args: Mapping[str, Any] | None, post_args: Mapping[str, Any] | None, files: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """How a call goes on the wire. JSON keeps nested fields whole, which a form would flatten to their keys."""
        self._must_have_a_token()
        params = {key: _text(value) for key, value in (args or {}).items() if value is not None}
        if self._proof is not None:
            params["appsecret_proof"] = self._proof.reveal()
        call: dict[str, Any] = {"params": params}
        if files:
            call["data"] = _form(post_args or {}, files)
        elif post_args is not None:
            call["json"] = dict(post_args)
        return call

    def _result(self, answer: Answer, *, sending: bool, codes: Codes | None) -> Any:
        self.usage = {name: answer.headers[name] for name in USAGE if name in answer.headers} or self.usage
        said = answer.json()
        failed = isinstance(said, dict) and bool(said.get("error"))
        if answer.ok and said is not None and not failed:
            return said
        raise self._refusal(answer, sending=sending, codes=codes)

    def _refusal(self, answer: Answer, *, sending: bool, codes: Codes | None) -> OmnichannelError:
        # Meta repeats a malformed token in its own message ("Malformed access token …").
        told = replace(answer, body=self._http.veil(answer.body.decode("utf-8", "replace")).encode())
        error = refusals.said(told)
        found = refusals.of(error, told, sending=sending, codes={**self.codes, **(codes or {})})
        found.__cause__ = error
        return found

    def _must_have_a_token(self) -> None:
        if self._token is None:
            raise AccountBroken("Token Meta belum diisi.", code="no_token")


def _proof(token: Secret | None, app_secret: Secret | None) -> Secret | None:
    """https://developers.facebook.com/docs/graph-api/guides/secure-requests (2026-11-22)."""
    if token is None or app_secret is None:
        return None
    return Secret(hmac.new(app_secret.reveal().encode(), token.reveal().encode(), hashlib.sha256).hexdigest())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _form(fields: Mapping[str, Any], files: Mapping[str, Any]) -> aiohttp.FormData:
    # Names stay as they are: quoting would show "surat%20tugas.pdf" to the citizen.
    form = aiohttp.FormData(quote_fields=False)
    for key, value in fields.items():
        form.add_field(key, _text(value))
    for key, file in files.items():
        if isinstance(file, Upload):
            form.add_field(key, file.content, filename=_filename(file.name), content_type=file.media_type)
        else:
            form.add_field(key, file.read(), filename=_filename(str(getattr(file, "name", key))))
    return form


def _filename(name: str) -> str:
    """A name that cannot break out of its header."""
    return "".join("_" if one in '"\\/' or not one.isprintable() else one for one in name)[-120:] or "berkas"
