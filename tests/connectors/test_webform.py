"""The public forms as a channel: of the contract of every connector, all that speaks of no outside platform."""

import json
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from omnichannel.app import every_connector
from omnichannel.connectors.catalogue import forms
from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.errors import BadConfig, Refused, TooLong
from omnichannel.domain.message import EventType, Outgoing
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw
from omnichannel.domain.stated import Stated, from_extra
from tests.connectors.rig import recordings
from tests.desk import carried

TAPES = [pytest.param(tape, id=tape.stem) for tape in recordings(Channel.WEB)]
HERE = Address("WEB-4F7K2-M9QXT", Surface.DIRECT, "kode:ab")


def an_answer(text: str = "Baik, kami periksa.", address: Address = HERE) -> Outgoing:
    return Outgoing(key="kunci-1", address=address, text=text)


def test_there_are_recordings() -> None:
    assert len(TAPES) >= 5


@pytest.mark.parametrize("tape", TAPES)
def test_a_recording_parses_to_its_golden_events(tape: Path) -> None:
    golden = json.loads(tape.with_name(f"{tape.name}.events.json").read_bytes())

    found = forms().parse(Raw(tape.read_bytes()))

    assert [event.as_json() for event in found] == golden
    assert all(event.sent_at is None or event.sent_at.tzinfo is UTC for event in found)
    assert [one.external_id for one in found] == [one.external_id for one in forms().parse(Raw(tape.read_bytes()))]


@pytest.mark.parametrize("tape", TAPES)
def test_a_torn_recording_is_unknown_and_never_an_exception(tape: Path) -> None:
    whole = tape.read_bytes()

    for cut in range(0, len(whole) - 1, 7):
        (event,) = forms().parse(Raw(whole[:cut]))
        assert (event.type, bool(event.problem), bool(event.external_id)) == (EventType.UNKNOWN, True, True)


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\xff\xfe", b"{", b"null", b"[]", b"7", b"[" * 50_000, b'{"a":' * 50_000, b"{}", b'{"id":"a","thread":1}',
     b'{"id":"a","thread":"t","holder":"h","text":7}', b'{"id":"a","thread":"t","holder":"h","files":[{"sha256":"../x"}]}'],
)  # fmt: skip
def test_no_bytes_are_an_exception(body: bytes) -> None:
    (event,) = forms().parse(Raw(body))

    assert event.type is EventType.UNKNOWN
    assert event.problem
    assert event.external_id


def test_what_the_citizen_stated_travels_with_the_event() -> None:
    (tape,) = [one for one in recordings(Channel.WEB) if one.stem == "complaint"]

    (event,) = forms().parse(Raw(tape.read_bytes()))

    said = from_extra(event.extra)
    assert said == Stated(kind=said.kind, secret=True, doubts=("too_fast",))
    assert said.kind is not None
    assert said.kind.value == "complaint"


async def test_an_answer_is_ours_at_once_and_bears_our_name() -> None:
    sent = await forms().send(an_answer())

    assert sent.external_id == "web:kunci-1"


async def test_a_too_long_or_empty_text_and_a_foreign_address_are_refused() -> None:
    limit = forms().surfaces[Surface.DIRECT].text_limit
    await forms().send(an_answer("é" * limit))

    with pytest.raises(TooLong):
        await forms().send(an_answer("x" * (limit + 1)))
    for empty in ("", "  \n"):
        with pytest.raises(Refused):
            await forms().send(an_answer(empty))
    for conversation in ("999999999", "bukan alamat", "", "WEB-4F7K2-M9QXT-lebih"):
        with pytest.raises(Refused):
            await forms().send(an_answer(address=Address(conversation, Surface.DIRECT, "kode:ab")))


async def test_open_and_close_twice_are_harmless() -> None:
    connector = forms()
    for _ in range(2):
        await connector.open()
        await connector.close()


def test_the_forms_are_there_with_no_account_and_their_name_is_nobody_elses() -> None:
    config = carried()
    assert list(every_connector(config)) == ["web", "sp4n", "tatap-muka", "telepon", "surat"]

    taken = replace(config, accounts=(Account("web", Channel.SANDBOX),))
    with pytest.raises(BadConfig):
        every_connector(taken)
