"""The door of Meta's webhooks: the handshake, the signature, the envelope."""

import json

import pytest

from omnichannel.connectors.graph import Signature, entries
from omnichannel.connectors.reading import Unreadable
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import BadSignature
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook


def an_account(**secrets: str) -> Account:
    return Account("wa", Channel.WHATSAPP, {}, {key: Secret(value) for key, value in secrets.items()})


def a_handshake(**query: str) -> Hook:
    asked = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": "kata"}
    return Hook("GET", {}, {**asked, **query}, b"")


def test_the_challenge_is_given_back_to_who_knows_the_word() -> None:
    door = Signature(an_account(VERIFY_TOKEN="kata", VERIFY_TOKEN_PREVIOUS="kata lama"))

    assert door.greet(a_handshake()) == "42"
    assert door.greet(a_handshake(**{"hub.verify_token": "kata lama"})) == "42"
    for wrong in ("salah", "", "kätä", "\udce9"):
        with pytest.raises(BadSignature):
            door.greet(a_handshake(**{"hub.verify_token": wrong}))


def test_without_a_word_nobody_is_greeted() -> None:
    for given in ("", "None"):
        with pytest.raises(BadSignature):
            Signature(an_account()).greet(a_handshake(**{"hub.verify_token": given}))
        with pytest.raises(BadSignature):
            Signature(an_account(VERIFY_TOKEN="")).greet(a_handshake(**{"hub.verify_token": given}))


def test_what_is_no_handshake_is_not_greeted() -> None:
    door = Signature(an_account(VERIFY_TOKEN="kata"))

    assert door.greet(a_handshake(**{"hub.mode": "unsubscribe"})) is None
    assert door.greet(Hook("GET", {}, {}, b"")) is None
    assert door.greet(Hook("POST", {}, a_handshake().query, b"{}")) is None


def test_the_signature_is_the_known_one_over_the_raw_bytes() -> None:
    door = Signature(an_account(APP_SECRET="key"))
    # RFC-style check value: HMAC-SHA256("key", "The quick brown fox jumps over the lazy dog").
    signed = "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    body = b"The quick brown fox jumps over the lazy dog"

    door.verify(Hook("POST", {"x-hub-signature-256": signed}, {}, body))

    for bent in (signed.upper(), signed.removeprefix("sha256="), f"{signed} ", "", "sha1=" + signed[7:]):
        with pytest.raises(BadSignature):
            door.verify(Hook("POST", {"x-hub-signature-256": bent}, {}, body))
    with pytest.raises(BadSignature):
        door.verify(Hook("POST", {"x-hub-signature-256": signed}, {}, body + b"."))
    with pytest.raises(BadSignature):
        door.verify(Hook("POST", {"x-hub-signature": signed}, {}, body))


# ---- the envelope

ENTRY = {"id": "1", "changes": []}


@pytest.mark.parametrize(
    "wrapped",
    [
        {"object": "page", "entry": [ENTRY]},
        {"entry": ENTRY},
        ENTRY,
        [ENTRY],
        [{"entry": [ENTRY]}],
        {"body": {"entry": [ENTRY]}},
        {"body": json.dumps({"entry": [ENTRY]}), "rawBody": json.dumps({"entry": [ENTRY]})},
        {"Records": [{"Sns": {"Message": json.dumps({"entry": [ENTRY]})}}]},
        json.dumps({"entry": [ENTRY]}),
    ],
)
def test_an_envelope_is_opened_however_it_is_wrapped(wrapped: object) -> None:
    assert entries(json.dumps(wrapped).encode(), lambda thing: None) == [ENTRY]


def test_a_change_alone_and_a_channels_own_shapes_become_entries() -> None:
    change = {"field": "feed", "value": {}}

    assert entries(json.dumps(change).encode(), lambda thing: None) == [{"changes": [change]}]
    assert entries(b'{"pesan": 1}', lambda thing: ENTRY if "pesan" in thing else None) == [ENTRY]
    assert entries(json.dumps([{"entry": [ENTRY]}, 7]).encode(), lambda thing: None) == [ENTRY, 7]


@pytest.mark.parametrize(
    "body", [b"", b"7", b"{}", b"[]", b'{"entry": 7}', b'"{"', b'{"a": {"b": "{c"}}', b"[[[[[[[[1]]]]]]]]"]
)
def test_what_is_no_envelope_says_so(body: bytes) -> None:
    with pytest.raises(Unreadable):
        entries(body, lambda thing: None)
