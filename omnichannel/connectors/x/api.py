"""tweepy's AsyncClient with its one `request` made ours: any base URL, pooled connections, patience, our errors.

Every method of tweepy's that ends in `request` works unchanged: get_me, get_users_mentions, get_direct_message_events,
create_tweet, create_direct_message … Their own transport opens a session a call, waits for ever, knows one host, and
trips over an error page that is no JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from tweepy.asynchronous import AsyncClient

from omnichannel.connectors.http import PATIENCE, Answer, Http
from omnichannel.connectors.x import refusals
from omnichannel.connectors.x.keys import Keys

PUBLIC_SERVER = "https://api.x.com"


@dataclass(frozen=True, slots=True)
class Said:
    """What tweepy awaits of a response."""

    body: dict[str, Any] = field(repr=False)

    async def json(self) -> dict[str, Any]:
        return self.body


class Client(AsyncClient):
    """One account's view of the API. Every call gives plain JSON, or raises one of our errors."""

    def __init__(self, http: Http, keys: Keys, patience: timedelta = PATIENCE) -> None:
        super().__init__(return_type=dict)
        self._http = http
        self._keys = keys
        self._patience = patience

    async def request(
        self,
        method: str,
        route: str,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        user_auth: bool = False,
    ) -> Said:
        """tweepy's door. A GET asks and may be repeated; anything else tells, and may leave us unsure."""
        query = urlencode({key: _text(value) for key, value in (params or {}).items()}, quote_via=quote)
        url = f"{self._http.base}{route}{'?' if query else ''}{query}"
        sending = method != "GET"
        answer = await self.signed(method, url, sending=sending, **({} if json is None else {"json": json}))
        said = answer.json()
        if not answer.ok or not isinstance(said, dict):
            raise refusals.of(self.veiled(answer), sending=sending)
        return Said(said)

    def address(self, route: str) -> str:
        """A route of the API, for what tweepy has no method for."""
        return f"{self._http.base}{route}"

    def veiled(self, answer: Answer) -> Answer:
        """The answer without any of our secrets."""
        return replace(answer, body=self._http.veil(answer.body.decode("utf-8", "replace")).encode())

    async def signed(self, method: str, url: str, *, sending: bool = False, **call: Any) -> Answer:
        """One call with our proof; once more with a new token where the old one has run out (a 401 did nothing)."""
        verb = self._http.tell if sending else self._http.ask
        proof = self._keys.header(method, url)
        answer = await verb(method, url, headers={"Authorization": proof}, patience=self._patience, **call)
        if answer.status == 401 and await self._keys.renew(self._http, proof):
            proof = self._keys.header(method, url)
            answer = await verb(method, url, headers={"Authorization": proof}, patience=self._patience, **call)
        return answer


def _text(value: Any) -> str:
    """As the API writes them: true, not True."""
    return str(value).lower() if isinstance(value, bool) else str(value)
