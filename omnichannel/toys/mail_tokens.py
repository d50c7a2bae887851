"""The post office's gate for those who come with a token: a token server, and what IMAP and SMTP make of a token."""

import base64
import binascii
import json
import re
from dataclasses import dataclass, field

from aiohttp import web

from omnichannel.toys.serving import Loopback

XOAUTH2 = re.compile(r"user=(?P<user>[^\x01]*)\x01auth=Bearer (?P<token>[^\x01]*)\x01\x01")
OAUTHBEARER = re.compile(r"n,a=(?P<user>[^,]*),\x01(?:[a-z]+=[^\x01]*\x01)*auth=Bearer (?P<token>[^\x01]*)\x01\x01")
SHAPES = {"XOAUTH2": XOAUTH2, "OAUTHBEARER": OAUTHBEARER}
# What a client must answer to a refusal that comes as a challenge: RFC 7628 wants one ^A, XOAUTH2 nothing.
LAST_WORD = {"XOAUTH2": b"", "OAUTHBEARER": b"\1"}


@dataclass(slots=True)
class Gate:
    """Which tokens open. Without mechanisms only passwords do."""

    user: str
    mechanisms: tuple[str, ...] = ()
    alive: set[str] = field(default_factory=set)

    def lets_in(self, mechanism: str, answer: str) -> bool:
        shape = SHAPES.get(mechanism) if mechanism in self.mechanisms else None
        found = shape.fullmatch(_decoded(answer)) if shape else None
        return found is not None and found["token"] in self.alive and found["user"].replace("=3D", "=") == self.user

    def challenge(self) -> str:
        """Why not, as both mechanisms say it."""
        return base64.b64encode(json.dumps({"status": "401", "schemes": "bearer"}).encode()).decode()

    def ends_well(self, mechanism: str, line: bytes) -> bool:
        """Whether a client ended a refused login as its mechanism wants."""
        return _decoded(line.decode("latin-1").strip()).encode() == LAST_WORD[mechanism]


class TokenShop:
    """Renews tokens. With `once` a refresh token ends with its use, as some servers do."""

    def __init__(self, gate: Gate, *, refresh: str = "segar-0", client_id: str = "aplikasi", once: bool = True) -> None:
        self.gate = gate
        self.refresh, self.client_id, self.once = refresh, client_id, once
        self.asked: list[dict[str, str]] = []
        self.url = ""
        self.life = 3600
        self.away = 0
        app = web.Application()
        app.router.add_post("/token", self._renew)
        self._server = Loopback(app)

    async def start(self) -> str:
        """Listen; returns the token_url."""
        return f"{await self._server.start()}/token"

    async def stop(self) -> None:
        await self._server.stop()

    async def _renew(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.asked.append(form)
        if self.away:
            self.away -= 1
            return web.Response(status=503, text="overloaded", headers={"Retry-After": "7"})
        if form.get("grant_type") != "refresh_token" or form.get("client_id") != self.client_id:
            return web.json_response({"error": "invalid_client"}, status=401)
        if form.get("refresh_token") != self.refresh:
            return web.json_response({"error": "invalid_grant"}, status=400)
        number = len(self.asked)
        told: dict[str, object] = {"access_token": f"akses-{number}", "token_type": "Bearer", "expires_in": self.life}
        self.gate.alive.add(f"akses-{number}")
        if self.once:
            self.refresh = f"segar-{number}"
            told["refresh_token"] = self.refresh
        return web.json_response(told)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeError):
        return "?"
