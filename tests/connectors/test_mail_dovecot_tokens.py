"""Mail in by token, against a real Dovecot that asks a token server of ours about every token."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from omnichannel.connectors.mail import MailConnector
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import AccountBroken
from omnichannel.domain.office import Account, Secret
from omnichannel.toys.mail_tokens import Gate, TokenShop
from omnichannel.toys.serving import Loopback
from tests.connectors.letters import letter
from tests.connectors.mailroom import texts
from tests.parts import dovecot as dovecots
from tests.parts.dovecot import Dovecot

ASKS = """
introspection_url = {url}/introspect
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""
PASSDB = """
passdb {{
  driver=oauth2
  mechanisms={mechanism}
  args={file}
}}
passdb {{"""


class Introspection:
    """Says of a token whether it lives, and whose it is (RFC 7662)."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.asked = 0
        app = web.Application()
        app.router.add_post("/introspect", self._say)
        self.server = Loopback(app)

    async def _say(self, request: web.Request) -> web.Response:
        self.asked += 1
        alive = str((await request.post()).get("token", "")) in self.gate.alive
        return web.json_response({"active": "true", "username": self.gate.user} if alive else {"active": "false"})


@pytest.fixture(params=["xoauth2", "oauthbearer"])
async def office(request: pytest.FixtureRequest, dovecot: Dovecot) -> AsyncIterator[tuple[Dovecot, TokenShop]]:
    """A Dovecot of its own: the shared one knows no tokens. `dovecot` is asked for so that a machine without it skips."""
    program = dovecots.program()
    assert program is not None
    own = Dovecot(program)
    gate = Gate(own.user)
    introspection, shop = Introspection(gate), TokenShop(gate)
    url = await introspection.server.start()
    asks, config = own.folder / "oauth2.conf.ext", own.folder / "dovecot.conf"
    asks.write_text(ASKS.format(url=url), encoding="utf-8")
    text = config.read_text(encoding="utf-8").replace(
        "mechanisms=plain login", f"mechanisms=plain login {request.param}"
    )
    config.write_text(
        text.replace("\npassdb {", PASSDB.format(file=asks, mechanism=request.param), 1), encoding="utf-8"
    )
    await asyncio.to_thread(own.start)
    shop.url = await shop.start()
    yield own, shop
    await asyncio.to_thread(own.stop)
    own.remove()
    await shop.stop()
    await introspection.server.stop()
    assert introspection.asked


def connect(server: Dovecot, shop: TokenShop) -> MailConnector:
    options: dict[str, str | int | bool] = {
        "address": server.user,
        "imap_url": server.url,
        "login": "token",
        "poll_seconds": 0,
        "timeout_seconds": 10,
    }
    options |= {"token_url": shop.url, "client_id": shop.client_id}
    secrets = {"USER": Secret(server.user), "REFRESH_TOKEN": Secret(shop.refresh)}
    return MailConnector(Account("surel", Channel.MAIL, options, secrets))


async def test_dovecot_lets_a_renewed_token_in(office: tuple[Dovecot, TokenShop]) -> None:
    server, shop = office
    await asyncio.to_thread(server.deliver, server.user, letter("satu"))
    connector = connect(server, shop)

    found, cursor = await texts(connector)
    shop.gate.alive.clear()
    await asyncio.to_thread(server.cut)
    await asyncio.to_thread(server.deliver, server.user, letter("dua"))
    again = connect(server, shop)
    later, _ = await texts(again, cursor)

    assert (found, later) == (["satu"], ["dua"])
    await connector.close()
    await again.close()


async def test_dovecot_refuses_a_token_that_died(office: tuple[Dovecot, TokenShop]) -> None:
    server, _ = office
    options: dict[str, str | int | bool] = {
        "address": server.user,
        "imap_url": server.url,
        "login": "token",
        "timeout_seconds": 10,
    }
    secrets = {"USER": Secret(server.user), "ACCESS_TOKEN": Secret("akses-mati")}
    connector = MailConnector(Account("surel", Channel.MAIL, options, secrets))

    with pytest.raises(AccountBroken, match="menolak token"):
        await connector.poll(None)

    await connector.close()
