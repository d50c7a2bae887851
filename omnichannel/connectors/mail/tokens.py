"""Logging in with a token instead of a password: XOAUTH2, and OAUTHBEARER (RFC 7628) where a server knows only that.

Google and Microsoft let no password in any more (https://support.google.com/a/answer/14114704 and https://learn.microsoft.com/
exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth, 2026-11-22). A token
lives about an hour and is renewed at the `token_url` with the refresh token (RFC 6749, section 6).
"""

import asyncio
import contextlib
import json
import logging
import os
import time
from datetime import timedelta
from pathlib import Path

from omnichannel.connectors.http import Http
from omnichannel.connectors.reading import whole, word
from omnichannel.domain.errors import AccountBroken, TryLater
from omnichannel.domain.office import Account, Secret

log = logging.getLogger(__name__)

# A token that dies while a letter is on its way would be refused in the middle.
EARLY = timedelta(minutes=2)
USUAL_LIFE = 3600
LAPSED = "Token surel tidak dapat diperbarui: izinnya dicabut atau kedaluwarsa. Hubungkan lagi kotak surel ini."
REFUSED = "token"  # the code of an AccountBroken that a newer token may mend
GRANT_LOST = {"invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope"}


class Tokens:
    """One account's access token. Given as a secret it is used until the server refuses it; with `token_url` it is renewed
    before it dies. The newest pair stands in `token_file` where one is named (readable by us alone): some servers end a
    refresh token with its use."""

    def __init__(self, account: Account) -> None:
        self._by_token = account.text("login") == "token"
        self._access = account.secrets.get("ACCESS_TOKEN")
        self._refresh = account.secrets.get("REFRESH_TOKEN")
        self._client, self._scope = account.text("client_id"), account.text("scope")
        self._client_secret = account.secrets.get("CLIENT_SECRET")
        self._url = account.text("token_url")
        file = account.text("token_file")
        self._file = Path(file) if file else None
        self._dies = float("inf") if self._access and not self._url else 0.0
        self._one_at_a_time = asyncio.Lock()
        hidden = [one.reveal() for one in account.secrets.values()]
        self._http = Http(self._url, secrets=hidden)
        self._adopt()

    @property
    def used(self) -> bool:
        """Whether this account logs in by token at all."""
        return self._by_token

    async def close(self) -> None:
        await self._http.close()

    async def current(self) -> Secret:
        """A token that still lives a while. TryLater, AccountBroken."""
        async with self._one_at_a_time:
            if self._access is None or time.time() >= self._dies:
                self._adopt()
            if self._access is None or time.time() >= self._dies:
                await self._renew()
            assert self._access is not None
            return self._access

    def refused(self) -> bool:
        """The server let the token in no more, whatever we believed of its life. True: another one may be had."""
        if not self._url or self._refresh is None:
            return False
        self._dies = 0.0
        return True

    async def _renew(self) -> None:
        if not self._url or self._refresh is None:
            raise AccountBroken(LAPSED, code="token")
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh.reveal(), "client_id": self._client}
        if self._client_secret is not None:
            form["client_secret"] = self._client_secret.reveal()
        form |= {"scope": self._scope} if self._scope else {}
        answer = await self._http.ask("POST", self._url, data={key: value for key, value in form.items() if value})
        said = answer.json()
        if answer.status in (400, 401, 403) and (answer.status != 400 or (word(said, "error") or "") in GRANT_LOST):
            raise AccountBroken(LAPSED, code=word(said, "error") or str(answer.status))
        access = word(said, "access_token")
        if not answer.ok or access is None:
            raise TryLater(f"Server token surel belum memberi token baru ({answer.status}).", after=answer.wish())
        life = whole(said, "expires_in") or USUAL_LIFE
        self._access, self._dies = Secret(access), time.time() + max(life - EARLY.total_seconds(), life / 2)
        renewed = word(said, "refresh_token")
        if renewed:
            self._refresh = Secret(renewed)
        self._keep()

    def _adopt(self) -> None:
        """Take the pair in the file: another process, or we before a restart, may have renewed it."""
        if self._file is None:
            return
        with contextlib.suppress(OSError, ValueError):
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            access, refresh = word(kept, "access_token"), word(kept, "refresh_token")
            self._refresh = Secret(refresh) if refresh else self._refresh
            if access:
                self._access = Secret(access)
                self._dies = float(whole(kept, "expires_at") or 0) if self._url else float("inf")

    def _keep(self) -> None:
        if self._file is None:
            return
        held = {"access_token": self._access, "refresh_token": self._refresh}
        pair = {key: one.reveal() for key, one in held.items() if one is not None} | {"expires_at": int(self._dies)}
        fresh = self._file.with_name(f"{self._file.name}.new")
        try:
            # Written whole beside it, then put in its place: a crash leaves the old pair or the new one.
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                json.dump(pair, out)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self._file)
        except OSError as error:
            log.warning("mail: token_file cannot be written", extra={"error": str(error)})


def xoauth2(user: str, token: str) -> str:
    """The first and only answer of XOAUTH2 (https://developers.google.com/workspace/gmail/imap/xoauth2-protocol, 2026-11-22)."""
    return f"user={user}\1auth=Bearer {token}\1\1"


def oauthbearer(user: str, token: str) -> str:
    """The same by the standard: RFC 7628, section 3.1."""
    return f"n,a={_gs2(user)},\1auth=Bearer {token}\1\1"


def _gs2(name: str) -> str:
    """RFC 5801, section 4: a comma and an equals sign would end the name."""
    return name.replace("=", "=3D").replace(",", "=2C")
