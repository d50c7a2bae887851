"""WhatsApp through the real facebook-sdk object against the toy Cloud API: hearing, fetching, the account."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from omnichannel.connectors.whatsapp import WhatsAppConnector
from omnichannel.domain.channel import Address, Channel, Late, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TooLong, TryLater, Unsure
from omnichannel.domain.message import Attachment
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import MediaSource, Polling, Probe, Reading, Templates, Webhook
from omnichannel.toys.base import ToyFile
from omnichannel.toys.whatsapp import WhatsAppToy
from tests.connectors.whatsapp_bench import PDF, TOKEN, Hours, an_account, to, told

MEGABYTE = 1024 * 1024


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
async def toy(hours: Hours) -> AsyncIterator[WhatsAppToy]:
    platform = WhatsAppToy(token=TOKEN, app_secret="rahasia", now=hours)
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def office(toy: WhatsAppToy) -> AsyncIterator[WhatsAppConnector]:
    connector = WhatsAppConnector(an_account(toy))
    yield connector
    await connector.close()


# ---- receiving


def test_it_fits_the_sockets_it_should(toy: WhatsAppToy) -> None:
    connector = WhatsAppConnector(Account("baca", Channel.WHATSAPP))

    for socket in (Webhook, MediaSource, Probe, Templates, Reading):
        assert isinstance(connector, socket)
    assert not isinstance(connector, Polling)
    direct = connector.surfaces[Surface.DIRECT]
    assert (direct.text_limit, direct.window, direct.late) == (4096, timedelta(hours=24), Late.TEMPLATE)
    assert direct.receipts


async def test_a_citizens_day_in_events(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    siti = toy.citizen("Siti Toy")
    first = siti.writes("Lampu mati 🌚")
    siti.edits(first, "Lampu jalan mati")
    siti.sends_file(ToyFile("a.ogg", "audio/ogg", b"Ogg"), voice=True)
    siti.shares_place(0.5, 117.5, "Pasar")
    siti.reacts("wamid.X", "👍")
    siti.writes_a_poll()
    siti.withdraws(first)
    siti.changes_number()
    siti.hears_from_the_phone("Sudah, Bu.")

    found = told(toy, office)

    assert [event.type.value for event in found] == [
        "incoming", "edited", "incoming", "incoming", "reaction", "unknown", "withdrawn", "notice", "echo",
    ]  # fmt: skip
    assert found[0].external_id == first["id"] == found[1].target == found[6].target
    assert found[7].extra["moved_to"] == found[8].conversation == siti.id
    assert all(event.problem is None for event in found)


async def test_a_photo_is_fetched_with_a_fresh_link(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    toy.citizen("Siti").sends_file(ToyFile("a.jpg", "image/jpeg", b"JPEG"), "rusak")
    (event,) = told(toy, office)

    assert await office.fetch(event.attachments[0]) == b"JPEG"
    assert event.text == "rusak"


async def test_a_link_that_died_is_asked_for_once_more(
    toy: WhatsAppToy, office: WhatsAppConnector, hours: Hours
) -> None:
    media_id = toy.keep(ToyFile("a.jpg", "image/jpeg", b"JPEG"))
    lifetimes = iter([timedelta(), timedelta(minutes=5)])
    toy.link_lives = lambda: next(lifetimes)

    assert await office.fetch(Attachment("image/jpeg", id=media_id)) == b"JPEG"

    toy.link_lives = timedelta
    with pytest.raises(Refused, match="Minta warga"):
        await office.fetch(Attachment("image/jpeg", id=media_id))


async def test_a_file_that_is_gone_too_large_or_nameless_is_refused(
    toy: WhatsAppToy, office: WhatsAppConnector
) -> None:
    for media_id in ("404", "../1000000000000001", None, ""):
        with pytest.raises(Refused):
            await office.fetch(Attachment("image/jpeg", id=media_id))

    toy.largest_said = 101 * MEGABYTE
    with pytest.raises(Refused, match="100 MB"):
        await office.fetch(Attachment("image/jpeg", id=toy.keep(ToyFile("a.jpg", "image/jpeg", b"JPEG"))))


@pytest.mark.parametrize("kind", ["bare", "reset", "hang", "server", "flood", "transient"])
@pytest.mark.parametrize("only", ["node", "download"])
async def test_fetching_waits_out_trouble_in_either_step(
    toy: WhatsAppToy, office: WhatsAppConnector, kind: str, only: str
) -> None:
    media_id = toy.keep(ToyFile("a.jpg", "image/jpeg", b"JPEG"))
    toy.fail(kind, times=3, only=only)

    with pytest.raises(TryLater):
        await office.fetch(Attachment("image/jpeg", id=media_id))

    toy.calm()
    assert await office.fetch(Attachment("image/jpeg", id=media_id)) == b"JPEG"


# ---- the account


async def test_open_proves_token_and_number(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    await office.open()

    assert await office.probe() == "+628009999999 (Humas Toy)"
    assert toy.versions == {"v26.0"}


@pytest.mark.parametrize(
    "wrong", [{"token": "salah"}, {"phone_number_id": "77"}, {"phone_number_id": ""}, {"token": ""}], ids=range(4)
)
async def test_what_is_wrong_with_our_account_is_the_administrators(toy: WhatsAppToy, wrong: dict[str, Any]) -> None:
    connector = WhatsAppConnector(an_account(toy, **wrong))
    toy.citizen("Siti").writes("halo")

    for call in (
        connector.open(),
        connector.send(to(toy.citizen("Siti"))),
        connector.mark_read("wamid.1", Address("x", Surface.DIRECT, "x")),
    ):
        with pytest.raises(AccountBroken):
            await call

    await connector.close()


async def test_a_secret_of_another_app_is_told_plainly(toy: WhatsAppToy) -> None:
    account = an_account(toy)
    other = replace(account, secrets={**account.secrets, "APP_SECRET": Secret("milik aplikasi lain")})
    connector = WhatsAppConnector(other)

    with pytest.raises(AccountBroken, match="APP_SECRET"):
        await connector.open()
    await connector.close()


async def test_nobody_there_is_try_later_because_nothing_left(toy: WhatsAppToy) -> None:
    connector = WhatsAppConnector(an_account(toy, base_url="http://127.0.0.1:9"))

    for files in ((), (PDF,)):
        with pytest.raises(TryLater):
            await connector.send(to("628000000001", files=files))
    await connector.close()


async def test_too_long_never_reaches_the_network(toy: WhatsAppToy, office: WhatsAppConnector) -> None:
    for text in ("x" * 4097, "🌚" * 4097):
        with pytest.raises(TooLong):
            await office.send(to("628000000001", text))

    assert toy.calls == []


async def test_no_secret_in_any_log_line_or_dump(
    toy: WhatsAppToy, office: WhatsAppConnector, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = [repr(office), str(vars(office)), str(office._posting)]
    for kind in ("reset", "unauthorized", "bare"):
        toy.fail(kind)
        with pytest.raises((Unsure, AccountBroken)) as raised:
            await office.send(to("628000000001"))
        shown += [repr(raised.value), repr(raised.value.__cause__), str(raised.value.__cause__)]

    for secret in (TOKEN, "rahasia", "kata"):
        assert secret not in "".join(shown) + caplog.text
