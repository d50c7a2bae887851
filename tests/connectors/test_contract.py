"""What EVERY connector must do, over the whole catalogue: house.md's contract, line by line."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from omnichannel.connectors.catalogue import BUILDERS
from omnichannel.domain.channel import Address, Channel
from omnichannel.domain.errors import AccountBroken, BadSignature, Refused, TooLong, TryLater, Unsure
from omnichannel.domain.length import length
from omnichannel.domain.message import Event, EventType, Outgoing
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Connector, MediaSource, Polling, Probe, Raw, Webhook
from tests.connectors.rig import Rig, build, golden, recordings, rig_of
from tests.effort import steps

CHANNELS = sorted(BUILDERS)
TAPES = [
    pytest.param(channel, tape, id=f"{channel}-{tape.stem}") for channel in CHANNELS for tape in recordings(channel)
]
TROUBLE = ("flood", "server", "hang", "reset", "bare", "garbage")


@pytest.fixture(params=CHANNELS)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    bench = rig_of(request.param)
    try:
        await bench.start()
        yield bench
    finally:
        await bench.stop()


@pytest.fixture
async def connector(rig: Rig) -> AsyncIterator[Connector]:
    made = build(rig.account(mode="poll"))
    yield made
    await made.close()


@pytest.fixture
async def hasty(rig: Rig) -> AsyncIterator[Connector]:
    """The same account, soon out of patience: for a platform that says nothing at all."""
    made = build(rig.account(mode="poll", timeout_seconds=0.4))
    yield made
    await made.close()


@pytest.fixture
async def hooked(rig: Rig) -> AsyncIterator[Webhook]:
    made = build(rig.account(mode="webhook"))
    if not isinstance(made, Webhook):
        await made.close()
        pytest.skip("this channel has no webhook")
    yield made
    await made.close()


def an_answer(address: Address, text: str = "Baik, kami periksa.") -> Outgoing:
    return Outgoing(key="kunci-1", address=address, text=text)


async def received(rig: Rig, connector: Connector) -> list[Event]:
    """What came in since the start, asked for or (where the platform only tells) delivered."""
    if isinstance(connector, Polling):
        return await polled(connector)
    return [event for raw in rig.delivered for event in connector.parse(raw)]


async def polled(connector: Connector, cursor: str | None = None) -> list[Event]:
    if not isinstance(connector, Polling):
        pytest.skip("this channel cannot be asked")
    return [event for raw in (await connector.poll(cursor)).raws for event in connector.parse(raw)]


# ---- receiving


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_has_recordings(channel: Channel) -> None:
    assert recordings(channel)


@pytest.mark.parametrize(("channel", "tape"), TAPES)
def test_a_recording_parses_to_its_golden_events(channel: Channel, tape: Path) -> None:
    meant = json.loads(golden(tape).read_bytes())

    found = build(rig_of(channel).account()).parse(Raw(tape.read_bytes()))

    assert [event.as_json() for event in found] == meant


@pytest.mark.parametrize(("channel", "tape"), TAPES)
def test_parsing_twice_and_without_credentials_gives_the_same_ids(channel: Channel, tape: Path) -> None:
    connector, raw = build(rig_of(channel).account()), Raw(tape.read_bytes())
    first, second = connector.parse(raw), connector.parse(raw)
    stranger = build(Account("baca", channel)).parse(raw)

    assert [one.external_id for one in first] == [one.external_id for one in second]
    assert [one.external_id for one in first] == [one.external_id for one in stranger]
    assert len({one.external_id for one in first}) == len(first)
    assert all(first_one.external_id for first_one in first)


@pytest.mark.parametrize(("channel", "tape"), TAPES)
def test_all_times_are_aware_utc(channel: Channel, tape: Path) -> None:
    for event in build(rig_of(channel).account()).parse(Raw(tape.read_bytes())):
        assert event.sent_at is None or event.sent_at.tzinfo is UTC


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"{", b"null", b"[]", b"[" * 50_000, b'{"a":' * 50_000])
def test_no_bytes_are_an_exception(channel: Channel, body: bytes) -> None:
    found = build(rig_of(channel).account()).parse(Raw(body))

    assert len(found) == 1
    assert found[0].external_id


@pytest.mark.parametrize(("channel", "tape"), TAPES)
def test_a_torn_recording_is_read_or_unknown_and_never_an_exception(channel: Channel, tape: Path) -> None:
    connector, whole = build(rig_of(channel).account()), tape.read_bytes()

    for cut in range(0, len(whole), max(1, len(whole) // 40)):
        for event in connector.parse(Raw(whole[:cut])):
            assert event.external_id
            assert event.type is not EventType.UNKNOWN or event.problem or event.text


async def test_the_same_cursor_gives_at_least_the_same_batch(rig: Rig, connector: Connector) -> None:
    await rig.a_citizen_writes("satu")
    first = await polled(connector)
    await rig.a_citizen_writes("dua")
    again = await polled(connector)

    assert [one.text for one in first] == ["satu"]
    assert [one.text for one in again] == ["satu", "dua"]
    assert again[0].external_id == first[0].external_id


async def test_a_later_cursor_does_not_give_it_again(rig: Rig, connector: Connector) -> None:
    await rig.a_citizen_writes("satu")
    if not isinstance(connector, Polling):
        pytest.skip("this channel cannot be asked")
    cursor = (await connector.poll(None)).cursor
    await rig.a_citizen_writes("dua")

    assert [one.text for one in await polled(connector, cursor)] == ["dua"]


@pytest.mark.parametrize("kind", TROUBLE)
async def test_polling_waits_out_trouble(rig: Rig, connector: Connector, hasty: Connector, kind: str) -> None:
    rig.fail(kind, times=3)  # an HTTP client may repeat a harmless question once by itself

    with pytest.raises(TryLater) as raised:
        await polled(hasty if kind == "hang" else connector)

    rig.calm()
    assert raised.value.after == (timedelta(seconds=7) if kind == "flood" else None)
    assert await polled(connector) == []


@pytest.mark.parametrize("kind", [kind for kind in TROUBLE if kind != "garbage"])
async def test_fetching_waits_out_trouble(rig: Rig, connector: Connector, hasty: Connector, kind: str) -> None:
    if not isinstance(connector, MediaSource) or not isinstance(hasty, MediaSource):
        pytest.skip("this channel's files come along")
    await rig.a_citizen_sends(b"isi berkas")
    (event,) = await received(rig, connector)
    rig.fail(kind, times=3)

    with pytest.raises(TryLater):
        await (hasty if kind == "hang" else connector).fetch(event.attachments[0])

    rig.calm()
    assert await connector.fetch(event.attachments[0]) == b"isi berkas"


async def test_a_file_that_is_gone_is_refused(rig: Rig, connector: Connector) -> None:
    if not isinstance(connector, MediaSource):
        pytest.skip("this channel's files come along")
    await rig.a_citizen_sends(b"isi berkas")
    (event,) = await received(rig, connector)

    with pytest.raises(Refused):
        await connector.fetch(
            replace(event.attachments[0], id="tidak-ada", url=f"{rig.account().text('base_url')}/tidak-ada")
        )
    with pytest.raises(Refused):
        await connector.fetch(replace(event.attachments[0], id=None, url=None))


# ---- the door


@pytest.mark.parametrize("secret", ["rahasia-baru", "rahasia-lama"])
async def test_a_hook_signed_with_the_secret_or_the_old_one_is_believed(rig: Rig, hooked: Webhook, secret: str) -> None:
    hook = rig.hook(b'{"events": []}', secret)
    assert hook is not None
    hooked.verify(hook)
    assert hooked.greet(hook) is None


async def test_a_flipped_byte_anywhere_in_the_signature_is_not(rig: Rig, hooked: Webhook) -> None:
    hook = rig.hook(b'{"events": []}')
    assert hook is not None
    ((name, signature),) = hook.headers.items()

    for at in range(len(signature)):
        bent = signature[:at] + chr(ord(signature[at]) ^ 1) + signature[at + 1 :]
        with pytest.raises(BadSignature):
            hooked.verify(replace(hook, headers={name: bent}))


@pytest.mark.parametrize("headers", ["none", "empty", "umlaut", "surrogate", "cut", "longer"])
async def test_no_header_of_a_stranger_opens_or_crashes_the_door(rig: Rig, hooked: Webhook, headers: str) -> None:
    hook = rig.hook(b'{"events": []}')
    assert hook is not None
    ((name, signature),) = hook.headers.items()
    given = {
        "none": {}, "empty": {name: ""}, "umlaut": {name: "rähasia"}, "surrogate": {name: "\udce9"},
        "cut": {name: signature[:-1]}, "longer": {name: signature + " "},
    }[headers]  # fmt: skip

    with pytest.raises(BadSignature):
        hooked.verify(replace(hook, headers=given))


async def test_a_flipped_byte_in_a_signed_body_is_not_believed(rig: Rig, hooked: Webhook) -> None:
    hook = rig.hook(b'{"events": []}')
    assert hook is not None
    if not rig.signs_body:
        pytest.skip("this platform signs no body")

    with pytest.raises(BadSignature):
        hooked.verify(replace(hook, body=b'{"events": [ ]}'))


@pytest.mark.parametrize("channel", CHANNELS)
def test_without_a_secret_no_hook_is_believed(channel: Channel) -> None:
    made, hook = build(Account("baca", channel, {"mode": "webhook"})), rig_of(channel).hook(b"{}")
    if not isinstance(made, Webhook) or hook is None:
        pytest.skip("this channel has no webhook")

    for given in (hook, replace(hook, headers={})):
        with pytest.raises(BadSignature):
            made.verify(given)


# ---- sending


async def test_an_answer_reaches_the_citizen_once(rig: Rig, connector: Connector) -> None:
    address = await rig.a_citizen_writes("Lampu mati")

    sent = await connector.send(an_answer(address))

    assert rig.said() == ["Baik, kami periksa."]
    assert sent.external_id
    assert sent.at is None or sent.at.tzinfo is UTC


async def test_a_platform_that_asks_for_patience_is_obeyed(rig: Rig, connector: Connector) -> None:
    address = await rig.a_citizen_writes("Lampu mati")
    rig.fail("flood")

    with pytest.raises(TryLater) as raised:
        await connector.send(an_answer(address))

    assert raised.value.after == timedelta(seconds=7)
    assert rig.said() == []


@pytest.mark.parametrize("kind", ["hang", "reset", "bare", "garbage", "server"])
async def test_silence_after_sending_is_unsure(rig: Rig, connector: Connector, hasty: Connector, kind: str) -> None:
    if kind not in rig.silence:
        pytest.skip("this platform's answer is clear here")
    address = await rig.a_citizen_writes("Lampu mati")
    rig.fail(kind)

    with pytest.raises(Unsure):
        await (hasty if kind == "hang" else connector).send(an_answer(address))


async def test_a_platform_that_was_never_reached_is_try_later(rig: Rig, connector: Connector) -> None:
    address = await rig.a_citizen_writes("Lampu mati")
    await rig.stop()

    with pytest.raises(TryLater):
        await connector.send(an_answer(address))


async def test_trouble_with_our_own_account_is_the_administrators(rig: Rig, connector: Connector) -> None:
    address = await rig.a_citizen_writes("Lampu mati")
    rig.fail("unauthorized", times=3)

    with pytest.raises(AccountBroken):
        await connector.send(an_answer(address))
    with pytest.raises(AccountBroken):
        await connector.open()
    if isinstance(connector, Probe):
        with pytest.raises(AccountBroken):
            await connector.probe()


async def test_trouble_with_this_recipient_is_the_writers(rig: Rig, connector: Connector) -> None:
    address = await rig.a_citizen_writes("Lampu mati")
    rig.fail("blocked")

    with pytest.raises(Refused) as raised:
        await connector.send(an_answer(address))

    assert raised.value.reason


async def test_an_unknown_conversation_is_refused(rig: Rig, connector: Connector) -> None:
    address = await rig.a_citizen_writes("Lampu mati")

    for conversation in ("999999999", "bukan alamat", ""):
        with pytest.raises(Refused):
            await connector.send(an_answer(replace(address, conversation=conversation, contact=conversation)))


async def test_a_too_long_or_empty_text_never_reaches_the_network(rig: Rig, connector: Connector) -> None:
    address = await rig.a_citizen_writes("Lampu mati")
    limit = connector.surfaces[address.surface].text_limit
    await rig.stop()

    with pytest.raises(TooLong):
        await connector.send(an_answer(address, "x" * (limit + 1)))
    for empty in ("", "  \n"):
        with pytest.raises(Refused):
            await connector.send(an_answer(address, empty))


async def test_the_longest_text_is_not_too_long(rig: Rig, connector: Connector) -> None:
    address = await rig.a_citizen_writes("Lampu mati")
    can = connector.surfaces[address.surface]
    text = "é" * (can.text_limit // length("é", can.counts))

    await connector.send(an_answer(address, text))

    assert rig.said() == [text]


# ---- the account


async def test_open_proves_the_account_and_may_be_called_again(connector: Connector) -> None:
    await connector.open()
    await connector.open()

    if isinstance(connector, Probe):
        assert await connector.probe()


async def test_close_twice_is_harmless_and_open_comes_back(rig: Rig, connector: Connector) -> None:
    await connector.open()
    await connector.close()
    await connector.close()

    await connector.open()


async def test_no_secret_in_any_log_line_error_or_repr(
    rig: Rig, connector: Connector, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = await rig.a_citizen_writes("Lampu mati")
    shown = [repr(connector), str(vars(connector)), repr(rig.account())]
    for kind in ("reset", "unauthorized", "blocked", "bare"):
        rig.fail(kind)
        try:
            await connector.send(an_answer(address))
        except (TryLater, Unsure, Refused, AccountBroken) as error:
            shown += [repr(error), str(error), repr(error.__cause__), str(error.__cause__)]
    await connector.open()

    for secret in rig.secrets:
        assert secret not in "".join(shown) + caplog.text


@pytest.mark.parametrize(("channel", "tape"), TAPES)
def test_parsing_is_quick(channel: Channel, tape: Path) -> None:
    """A payload is read inside a request: a slow parse is a slow 200. Counted in calls, about one or two for each byte."""
    connector, raw = build(rig_of(channel).account()), Raw(tape.read_bytes())

    assert steps(lambda: connector.parse(raw)) < 1000 + 6 * len(raw.body)
