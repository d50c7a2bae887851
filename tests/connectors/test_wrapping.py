"""Payloads within other people's envelopes: found wherever they lie, each once, and what is torn costs itself alone."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.reading import Unreadable, load
from omnichannel.connectors.wrapping import DEPTH, opened
from tests.effort import STEEP, growth

MARK = {"tanda": 1}


def here(thing: dict[str, Any]) -> list[Any] | None:
    return [thing] if "tanda" in thing else None


@pytest.mark.parametrize("payload", [
    MARK, [MARK], {"body": MARK}, {"body": json.dumps(MARK), "headers": {"a": "b"}}, [{"json": {"body": MARK}}],
    {"Records": [{"body": json.dumps({"body": json.dumps(MARK)})}]},
    {"body": base64.b64encode(json.dumps(MARK).encode()).decode(), "isBase64Encoded": True},
    {"message": {"data": base64.urlsafe_b64encode(json.dumps(MARK).encode()).decode(), "messageId": "1"}},
    {"body": MARK, "rawBody": json.dumps(MARK)},
])  # fmt: skip
def test_a_payload_is_found_once_in_whatever_it_was_wrapped(payload: object) -> None:
    assert opened(payload, here) == [MARK]


def test_two_examples_in_one_file_are_two() -> None:
    assert opened({"satu": {"tanda": 1}, "dua": {"tanda": 2}}, here) == [{"tanda": 1}, {"tanda": 2}]


def test_what_does_not_open_beside_what_does_stays_in_its_place() -> None:
    assert opened([MARK, 7, "teks", None], here) == [MARK, 7, "teks", None]
    assert opened([7, "teks"], here) is None
    assert opened([], here) is None


def test_nothing_is_looked_for_without_end() -> None:
    deep: Any = MARK
    for _ in range(DEPTH + 1):
        deep = {"body": deep}
    assert opened(deep, here) is None


@pytest.mark.parametrize(("body", "values"), [
    (b'{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
    (b'{\n "a": 1\n}\n\n{\n "a": 2\n}', [{"a": 1}, {"a": 2}]),
    (b'\x1e{"a": 1}\n\x1e{"a": 2}\n', [{"a": 1}, {"a": 2}]),
    (b'{"a": 1},\r\n{"a": 2}', [{"a": 1}, {"a": 2}]),
    (b'{"a": 1}\n{"a": \n{"a": 3}', [{"a": 1}, '{"a":', {"a": 3}]),
    (b'{"a": 1}\n{"torn\n{"torn', [{"a": 1}, '{"torn', '{"torn']),
    ('\ufeff{"a": 1}\n{"a": 2}'.encode(), [{"a": 1}, {"a": 2}]),
])  # fmt: skip
def test_values_one_after_another_are_a_list(body: bytes, values: list[object]) -> None:
    assert load(body) == values


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": ', b"7 8", b'"a" {"b": 1}', b"salah\n{}", b"[" * 100_000])
def test_what_does_not_begin_with_a_whole_value_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        load(body)


@pytest.mark.parametrize("torn", [b"[\n", b'{"a\n'])
def test_a_torrent_of_torn_values_is_read_in_proportion(torn: bytes) -> None:
    assert growth(lambda size: load(b"{}\n" + torn * size), 20_000) < STEEP


@given(st.binary(max_size=200))
def test_no_bytes_are_an_exception_of_another_kind(body: bytes) -> None:
    try:
        load(b'{"a": 1}\n' + body)
    except Unreadable:
        pytest.fail("the first value is whole")
