"""How we prove who we are: OAuth 1.0a, whose keys never expire, or OAuth 2.0, whose tokens live two hours.

Own lines for the signature of RFC 5849, because oauthlib writes keys and tokens into its debug log.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import logging
import os
import secrets
import time
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlsplit

from omnichannel.connectors.http import Http
from omnichannel.connectors.reading import word
from omnichannel.connectors.x.words import NO_KEYS
from omnichannel.domain.errors import AccountBroken, TryLater
from omnichannel.domain.office import Account, Secret

log = logging.getLogger(__name__)

LAPSED = (
    "Izin OAuth 2.0 akun X sudah berakhir. Hubungkan lagi akunnya, lalu isi ACCESS_TOKEN dan REFRESH_TOKEN yang baru."
)


class Keys(Protocol):
    """One account's proof."""

    def header(self, method: str, url: str) -> str:
        """What goes into Authorization. AccountBroken when something is missing."""
        ...

    async def renew(self, http: Http, stale: str) -> bool:
        """Get newer ones than those in the header `stale`; False where there are none to get."""
        ...


class Signing:
    """OAuth 1.0a user context: HMAC-SHA1 over method, address and query (RFC 5849, section 3.4)."""

    def __init__(self, account: Account) -> None:
        names = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_SECRET")
        self._held = [account.secrets.get(name) for name in names]

    def header(self, method: str, url: str) -> str:
        held = [one.reveal() for one in self._held if one is not None]
        if len(held) != 4 or not all(held):
            raise AccountBroken(NO_KEYS, code="no_keys")
        return sign(method, url, *held, nonce=secrets.token_hex(16), at=int(time.time()))

    async def renew(self, http: Http, stale: str) -> bool:
        return False


def sign(method: str, url: str, key: str, secret: str, token: str, token_secret: str, *, nonce: str, at: int) -> str:
    """The Authorization header of one request whose body is no form."""
    where = urlsplit(url)
    ours = {
        "oauth_consumer_key": key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(at),
        "oauth_token": token,
        "oauth_version": "1.0",
    }
    query = parse_qsl(where.query, keep_blank_values=True)
    pairs = sorted((_coded(name), _coded(value)) for name, value in [*query, *ours.items()])
    normal = "&".join(f"{name}={value}" for name, value in pairs)
    usual = {"http": 80, "https": 443}.get(where.scheme)
    host = (where.hostname or "") if where.port in (None, usual) else f"{where.hostname}:{where.port}"
    base = "&".join(map(_coded, (method.upper(), f"{where.scheme}://{host}{where.path}", normal)))
    mac = hmac.new(f"{_coded(secret)}&{_coded(token_secret)}".encode(), base.encode(), hashlib.sha1).digest()
    ours["oauth_signature"] = base64.b64encode(mac).decode()
    return "OAuth " + ", ".join(f'{name}="{_coded(value)}"' for name, value in sorted(ours.items()))


def _coded(text: str) -> str:
    return quote(text, safe="~")


class Bearer:
    """OAuth 2.0 user context. Each refresh gives a new refresh token and ends the old one, so the newest pair must
    outlive us: it is written to `token_file` (readable by us alone). Without that option it lives in memory, and after
    a restart the account must be connected again; a warning says so."""

    def __init__(self, account: Account) -> None:
        file = account.text("token_file")
        self._file = Path(file) if file else None
        self._client = account.text("client_id")
        self._client_secret = account.secrets.get("CLIENT_SECRET")
        self._access, self._refresh = account.secrets.get("ACCESS_TOKEN"), account.secrets.get("REFRESH_TOKEN")
        self._one_at_a_time = asyncio.Lock()
        self._adopt()

    def header(self, method: str, url: str) -> str:
        return f"Bearer {self._access.reveal()}" if self._access else "Bearer"

    async def renew(self, http: Http, stale: str) -> bool:
        """One refresh at a time: whoever waited finds the new token already there."""
        async with self._one_at_a_time:
            if self.header("", "") != stale:
                return True
            self._adopt()
            if self.header("", "") != stale:
                return True
            if self._refresh is None or not self._client:
                return False
            await self._exchange(http, self._refresh)
            return True

    async def _exchange(self, http: Http, refresh: Secret) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": refresh.reveal(), "client_id": self._client}
        headers = {}
        if self._client_secret is not None:
            pair = f"{quote(self._client)}:{quote(self._client_secret.reveal())}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        answer = await http.ask("POST", "/2/oauth2/token", data=form, headers=headers)
        said = answer.json()
        access = word(said, "access_token")
        if answer.status in (400, 401, 403):
            raise AccountBroken(LAPSED, code="refresh")
        if not answer.ok or access is None:
            raise TryLater(f"X belum memberi token baru ({answer.status}).", after=answer.wish())
        self._access, self._refresh = Secret(access), Secret(word(said, "refresh_token") or refresh.reveal())
        self._keep()

    def _adopt(self) -> None:
        """Take the pair in the file: another process, or we before a restart, may have renewed it."""
        if self._file is None:
            return
        with contextlib.suppress(OSError, ValueError):
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            access, refresh = word(kept, "access_token"), word(kept, "refresh_token")
            if access and refresh:
                self._access, self._refresh = Secret(access), Secret(refresh)

    def _keep(self) -> None:
        if self._file is None:
            log.warning("x: new refresh token is kept in memory only; set token_file")
            return
        held = {"access_token": self._access, "refresh_token": self._refresh}
        text = json.dumps({name: one.reveal() for name, one in held.items() if one is not None})
        fresh = self._file.with_name(f"{self._file.name}.new")
        try:
            # Written whole beside it, then put in its place: a crash leaves the old pair or the new one.
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self._file)
        except OSError as error:
            log.warning("x: token_file cannot be written", extra={"error": str(error)})


def keys_of(account: Account) -> Keys:
    """OAuth 2.0 where a client id is configured, else OAuth 1.0a."""
    return Bearer(account) if account.text("client_id") else Signing(account)
