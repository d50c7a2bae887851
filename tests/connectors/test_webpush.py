"""Web Push: what the standard's own example says, what a push service checks, and what its answers mean."""

import stat
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from omnichannel.connectors.webpush import WebPusher, signing_key
from omnichannel.connectors.webpush.seal import CURVE, packed, point_of, reader, seal, unpacked
from omnichannel.connectors.webpush.vapid import from_secret, kept_in
from omnichannel.domain.errors import BadConfig, Refused, TryLater
from omnichannel.domain.office import Secret
from omnichannel.domain.pushing import Cause, Gone, Push, Words
from omnichannel.toys.push import Browser, PushToy

SAID = Words(Cause.MINE, "Pesan baru di percakapan Anda", "LAP-2026-000123", "/kotak/semua/7", "mine:7")


@pytest.fixture
async def toy() -> AsyncIterator[PushToy]:
    toy = PushToy()
    await toy.start()
    yield toy
    await toy.stop()


@pytest.fixture
async def pusher(toy: PushToy, tmp_path: Path) -> AsyncIterator[WebPusher]:
    made = WebPusher(lambda: kept_in(tmp_path), contact="mailto:uji@example.id", services=[toy.address])
    yield made
    await made.close()


def push(browser: Browser, payload: bytes = SAID.payload()) -> Push:
    return Push(browser.endpoint, browser.p256dh, browser.secret, payload, timedelta(hours=1), True, SAID.tag)


def test_the_example_of_rfc_8291_comes_out_to_the_byte() -> None:
    ours = ec.derive_private_key(int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE)
    browser = reader(
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    text = b"When I grow up, I want to be a watermelon"

    sealed = seal(text, browser, ours=ours, salt=unpacked("DGv6ra1nlYgDCS1FRnbzlw"))

    assert packed(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_only_the_browser_opens_it_and_the_service_knows_who_signed(toy: PushToy, pusher: WebPusher) -> None:
    toy.signer = pusher.key()
    browser, other = toy.browser(), toy.browser()

    await pusher.send(push(browser))

    assert toy.refused == []
    assert browser.got == [
        {"cause": "mine", "title": SAID.title, "body": "LAP-2026-000123", "open": "/kotak/semua/7", "tag": "mine:7"}
    ]
    assert other.got == []
    assert browser.headers[0]["TTL"] == "3600"
    assert browser.headers[0]["Urgency"] == "high"
    assert len(browser.headers[0]["Topic"]) <= 32


async def test_no_two_sealed_messages_are_alike(toy: PushToy) -> None:
    browser = toy.browser()
    one = seal(b"sama", reader(browser.p256dh, browser.secret))

    assert one != seal(b"sama", reader(browser.p256dh, browser.secret))


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_is_gone_is_said_to_be_gone(toy: PushToy, pusher: WebPusher, status: int) -> None:
    toy.answers = [(status, {})]

    with pytest.raises(Gone):
        await pusher.send(push(toy.browser()))


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [(429, {"Retry-After": "120"}, timedelta(seconds=120)), (500, {}, None), (503, {"Retry-After": "x"}, None)],
)
async def test_a_busy_service_is_asked_later(
    toy: PushToy, pusher: WebPusher, status: int, headers: dict[str, str], after: timedelta | None
) -> None:
    toy.answers = [(status, headers)]

    with pytest.raises(TryLater) as later:
        await pusher.send(push(toy.browser()))

    assert later.value.after == after


async def test_a_service_that_is_not_there_is_asked_later(toy: PushToy, pusher: WebPusher) -> None:
    browser = toy.browser()
    await toy.stop()

    with pytest.raises(TryLater):
        await pusher.send(push(browser))


@pytest.mark.parametrize("status", [301, 400, 401, 403, 413])
async def test_a_refusal_is_for_good(toy: PushToy, pusher: WebPusher, status: int) -> None:
    toy.answers = [(status, {})]

    with pytest.raises(Refused):
        await pusher.send(push(toy.browser()))


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", ""), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"), ("B" * 87, "BTBZMqHH6r4Tts7J_aSIgg"), ("ö", "x"), ("BCVx", "é")],
)
async def test_broken_keys_never_leave_the_house(toy: PushToy, pusher: WebPusher, p256dh: str, auth: str) -> None:
    with pytest.raises(Refused):
        await pusher.send(Push(f"{toy.address}/p/x", p256dh, auth, b"{}", timedelta(hours=1), False, "t"))

    assert toy.asked == 0


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAA", True),
        ("https://web.push.apple.com/QGu", True),
        ("https://wns2-sg2p.notify.windows.com/w/?token=x", True),
        ("https://FCM.googleapis.com/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com.jahat.example/x", False),
        ("https://jahat.example/fcm.googleapis.com", False),
        ("https://x@fcm.googleapis.com/x", False),
        ("https://127.0.0.1:5432/", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("https://notify.windows.com.evil/", False),
        ("https://[kacau", False),
        ("https://fcm.googleapis.com/x\r\nHost: lain", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_no_officer_makes_us_call_an_address_of_their_choice(tmp_path: Path, endpoint: str, known: bool) -> None:
    pusher = WebPusher(lambda: kept_in(tmp_path), contact="mailto:uji@example.id")

    assert pusher.accepts(endpoint) is known


def test_the_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    first, again = kept_in(folder), kept_in(folder)

    assert point_of(first.public_key()) == point_of(again.public_key())
    assert stat.S_IMODE((folder / "push.key").stat().st_mode) == 0o600
    assert [one.name for one in folder.iterdir()] == ["push.key"]


def test_the_environment_overrides_the_kept_key(tmp_path: Path) -> None:
    given = Secret("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")

    made = signing_key(given, tmp_path)

    assert packed(point_of(made.public_key())).startswith("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "bukan kunci", "AAAA", "yfWPiYE", "A" * 43])
def test_a_key_that_is_none_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(BadConfig) as error:
        from_secret(text)

    assert not text or text not in str(error.value)
