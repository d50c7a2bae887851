"""One HTTP session per connector: what the network did becomes one of our errors, and no secret reaches a log.

Two verbs, because the same silence means two things. `ask` may be repeated, so whatever goes wrong is TryLater. `tell`
changes something at the platform: before a connection stands it is TryLater, afterwards only a person may repeat it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused, TryLater, Unsure

CONNECT = timedelta(seconds=10)
PATIENCE = timedelta(seconds=30)
LARGEST = 64 * 1024 * 1024
# Idle connections are let go sooner than servers close them: a request written into a dying one would end as Unsure.
IDLE = timedelta(seconds=10)

_NEVER_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform said."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The JSON value, None when the body is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def wish(self) -> timedelta | None:
        """Retry-After, in seconds or as an HTTP date."""
        return retry_after(self.headers)


class Http:
    """A session made when first used, and made anew after `close`. `base` may hold a path, never a query.

    `alone`: every call on a connection of its own. What a gateway says a second time then reaches nobody; on a kept
    connection it would be read as the answer to the next call.
    """

    def __init__(
        self, base: str, *, secrets: Iterable[str] = (), headers: Mapping[str, str] | None = None, alone: bool = False
    ) -> None:
        self.base = base.rstrip("/")
        self._alone = alone
        self._secrets = tuple(one for one in secrets if one)
        self._headers = dict(headers or {})
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let go of every connection; harmless when called twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def ask(
        self, method: str, path: str, *, patience: timedelta = PATIENCE, largest: int = LARGEST, **call: Any
    ) -> Answer:
        """A request that changes nothing (or nothing worse when repeated). TryLater."""
        try:
            return await self._request(method, path, patience, largest, call)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TryLater(self.veil(f"Server kanal tidak menjawab ({_name(error)}).")) from _bare(error)

    async def tell(
        self, method: str, path: str, *, patience: timedelta = PATIENCE, largest: int = LARGEST, **call: Any
    ) -> Answer:
        """A request that changes something there. TryLater when it never left, Unsure when no answer came back."""
        try:
            return await self._request(method, path, patience, largest, call)
        except _NEVER_CONNECTED as error:
            raise TryLater(self.veil(f"Server kanal tidak dapat dihubungi ({_name(error)}).")) from _bare(error)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unsure(
                self.veil(f"Pesan berangkat, tetapi jawaban tidak datang ({_name(error)}). Periksa di kanalnya.")
            ) from _bare(error)

    def veil(self, text: str) -> str:
        """The text without any of our secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "•••")
        return text

    async def _request(self, method: str, path: str, patience: timedelta, largest: int, call: dict[str, Any]) -> Answer:
        # Connecting ends well before the whole does, so that a call cut off by the whole has certainly left.
        connect = min(CONNECT, patience / 2).total_seconds()
        limit = aiohttp.ClientTimeout(total=patience.total_seconds(), connect=connect, sock_connect=connect)
        url = path if "://" in path else f"{self.base}{path}"
        async with self._open().request(method, url, timeout=limit, allow_redirects=False, **call) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(65536):
                body += chunk
                if len(body) > largest:
                    raise Refused(f"Berkas lebih besar dari {largest // 1024 // 1024} MB.", code="too_large")
            return Answer(response.status, {key.lower(): value for key, value in response.headers.items()}, bytes(body))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True)
                if self._alone
                else aiohttp.TCPConnector(keepalive_timeout=IDLE.total_seconds()),
                # "close" would have a second answer spoil the first: what follows it is then an error of the line.
                headers=self._headers | ({"Connection": "keep-alive"} if self._alone else {}),
                # A session of one account carries no cookies, and never the proxy password of somebody's shell.
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def judge(answer: Answer, *, sending: bool) -> OmnichannelError | None:
    """The error that a bare status speaks of, None for success. A platform's own codes, where it has them, go first."""
    if answer.ok:
        return None
    if answer.status == 429:
        return TryLater("Kanal meminta kita menunggu.", after=answer.wish())
    if answer.status in (401, 403, 407):
        return AccountBroken("Kanal menolak kunci kita. Perbarui tokennya.", code=str(answer.status))
    if answer.status >= 500 or answer.status == 408:
        if sending:
            return Unsure(f"Server kanal terganggu ({answer.status}) setelah pesan berangkat. Periksa di kanalnya.")
        return TryLater(f"Server kanal terganggu ({answer.status}).", after=answer.wish())
    if answer.status < 400:
        return AccountBroken(f"Alamat kanal mengalihkan ({answer.status}). Periksa base_url.", code=str(answer.status))
    return Refused(f"Kanal menolak ({answer.status}).", code=str(answer.status))


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """RFC 9110, section 10.2.3: whole seconds, or a date."""
    wish = headers.get("retry-after", "").strip()
    if wish.isascii() and wish.isdigit():
        return timedelta(seconds=min(int(wish[:9]), 86_400))
    try:
        at = parsedate_to_datetime(wish)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - datetime.now(UTC), timedelta())


def _name(error: BaseException) -> str:
    return type(error).__name__


def _bare(error: BaseException) -> BaseException | None:
    """The cause worth keeping: an address that could not be parsed holds the token, and stays out of tracebacks."""
    return None if isinstance(error, aiohttp.InvalidURL) else error
