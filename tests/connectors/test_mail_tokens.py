"""A mailbox by token: XOAUTH2 and OAUTHBEARER at both servers, renewed before it dies, and told when the grant is gone."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from omnichannel.connectors.mail import MailConnector
from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.errors import AccountBroken, TryLater
from omnichannel.domain.message import Outgoing
from omnichannel.domain.office import Account, Secret
from omnichannel.settings.load import load
from omnichannel.toys.mail import MailToy
from omnichannel.toys.mail_tokens import TokenShop
from tests.connectors.mailroom import texts

SITI = Address("siti@warga.example", Surface.DIRECT, "siti@warga.example")
ANSWER = Outgoing(key="k1", address=SITI, text="Sudah kami catat.")


@pytest.fixture(params=[("XOAUTH2",), ("OAUTHBEARER",), ("XOAUTH2", "OAUTHBEARER")], ids="+".join)
async def toy(request: pytest.FixtureRequest) -> AsyncIterator[MailToy]:
    made = MailToy()
    made.gate.mechanisms = request.param
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def shop(toy: MailToy) -> AsyncIterator[TokenShop]:
    made = TokenShop(toy.gate)
    made.url = await made.start()
    yield made
    await made.stop()


def secret(**secrets: str) -> dict[str, Secret]:
    return {key: Secret(value) for key, value in secrets.items()}


def connect(toy: MailToy, secrets: dict[str, Secret], **options: Any) -> MailConnector:
    own = {"address": toy.address, "imap_url": toy.imap_url, "smtp_url": toy.smtp_url, "login": "token"}
    own |= {"poll_seconds": 0, "timeout_seconds": 5} | options
    return MailConnector(Account("surel", Channel.MAIL, own, {"USER": Secret(toy.user), **secrets}))


def renewed(toy: MailToy, shop: TokenShop, **options: Any) -> MailConnector:
    secrets = secret(REFRESH_TOKEN="segar-0", CLIENT_SECRET="rahasia-aplikasi")
    return connect(toy, secrets, token_url=shop.url, client_id="aplikasi", **options)


async def test_letters_come_in_and_go_out_with_a_renewed_token(toy: MailToy, shop: TokenShop) -> None:
    toy.citizen("Siti").writes("Lampu mati")
    office = renewed(toy, shop, scope="imap smtp")

    await office.open()
    found, _ = await texts(office)
    await office.send(ANSWER)

    assert found == ["Lampu mati"]
    assert len(toy.sent) == 1
    assert shop.asked == [
        {
            "grant_type": "refresh_token", "refresh_token": "segar-0", "client_id": "aplikasi",
            "client_secret": "rahasia-aplikasi", "scope": "imap smtp",
        }
    ]  # fmt: skip
    await office.close()


async def test_a_token_given_is_used_as_it_is(toy: MailToy) -> None:
    toy.gate.alive.add("akses-tetap")
    office = connect(toy, secret(ACCESS_TOKEN="akses-tetap"))
    await office.open()
    await office.close()

    stale = connect(toy, secret(ACCESS_TOKEN="akses-mati"))
    with pytest.raises(AccountBroken, match="menolak token") as raised:
        await stale.open()
    assert "akses-mati" not in str(raised.value)
    await stale.close()


async def test_a_token_that_the_server_ended_early_is_renewed_once(toy: MailToy, shop: TokenShop) -> None:
    office = renewed(toy, shop)
    await office.open()
    toy.gate.alive.clear()
    toy.drop_links()

    await office.send(ANSWER)

    assert len(toy.sent) == 1
    assert [one["refresh_token"] for one in shop.asked] == ["segar-0", "segar-1"]
    await office.close()


async def test_a_server_that_refuses_every_token_is_not_asked_for_ever(toy: MailToy, shop: TokenShop) -> None:
    office = renewed(toy, shop)
    toy.gate.user = "orang-lain@kutim.example"

    with pytest.raises(AccountBroken, match="menolak token"):
        await office.open()

    assert len(shop.asked) == 2
    await office.close()


async def test_a_grant_that_was_taken_back_is_the_administrators(toy: MailToy, shop: TokenShop) -> None:
    shop.refresh = "yang-lain"
    office = renewed(toy, shop)

    with pytest.raises(AccountBroken, match="Hubungkan lagi"):
        await office.poll(None)

    await office.close()


async def test_a_token_server_that_is_away_is_waited_for(toy: MailToy, shop: TokenShop) -> None:
    shop.away = 1
    office = renewed(toy, shop)

    with pytest.raises(TryLater) as raised:
        await office.send(ANSWER)
    assert raised.value.after is not None
    assert raised.value.after.total_seconds() == 7

    await office.send(ANSWER)
    assert len(toy.sent) == 1
    await office.close()


async def test_the_newest_pair_outlives_us(toy: MailToy, shop: TokenShop, tmp_path: Path) -> None:
    file = tmp_path / "surel.json"
    first = renewed(toy, shop, token_file=str(file))
    await first.open()
    await first.close()

    second = renewed(toy, shop, token_file=str(file))
    await second.open()
    await second.close()

    assert len(shop.asked) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["refresh_token"] == "segar-1"


async def test_a_torn_token_file_is_no_token(toy: MailToy, shop: TokenShop, tmp_path: Path) -> None:
    file = tmp_path / "surel.json"
    file.write_text('{"access_token": "akses-')
    office = renewed(toy, shop, token_file=str(file))

    await office.open()

    assert len(shop.asked) == 1
    await office.close()


async def test_no_token_shows_in_what_the_connector_says_of_itself(toy: MailToy, shop: TokenShop) -> None:
    office = renewed(toy, shop)
    await office.open()

    assert "akses-1" not in repr(vars(office))
    assert "segar" not in repr(vars(office))
    await office.close()


@pytest.mark.parametrize(
    ("lines", "secrets"),
    [
        ('login = "token"\ntoken_url = "https://oauth2.example/token"\nclient_id = "a"', {"REFRESH_TOKEN": "s"}),
        ('login = "token"', {"ACCESS_TOKEN": "a"}),
        ('plus_address = "yes"\npoll_seconds = 10', {"PASSWORD": "p"}),
    ],
)
def test_the_configuration_asks_only_for_the_secrets_of_its_way_in(
    tmp_path: Path, lines: str, secrets: dict[str, str]
) -> None:
    head = '[[account]]\nname = "surel"\nchannel = "mail"\naddress = "a@example.go.id"\n'
    urls = 'imap_url = "imaps://m.example:993"\nsmtp_url = "smtp://m.example:587"\n'
    file = tmp_path / "omnichannel.toml"
    file.write_text(f"{head}{urls}{lines}\n")
    environment = {f"OMNI_SUREL_{key}": value for key, value in {"USER": "u", **secrets}.items()}

    (account,) = load(file, environment).accounts

    assert account.channel is Channel.MAIL
    with pytest.raises(Exception, match="OMNI_SUREL_"):
        load(file, {"OMNI_SUREL_USER": "u"})
