"""What staff wrote down is read from the ledger again, whatever stands there; nothing leaves the house."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.catalogue import ours
from omnichannel.domain.channel import Address, Surface
from omnichannel.domain.counter import WAYS
from omnichannel.domain.errors import Refused
from omnichannel.domain.message import EventType, Outgoing
from omnichannel.domain.ports import Raw

BODY = {
    "id": "kunci:1",
    "at": "2026-11-20T02:30:00Z",
    "kind": "complaint",
    "secret": True,
    "subject": None,
    "text": "Lampu jalan mati.",
    "person": {"name": "Warga Uji", "phone": "+6281200000001", "nik": "6408000000000001"},
    "by": "staff:1",
    "files": [{"name": "surat.pdf", "media_type": "application/pdf", "size": 9, "sha256": "a" * 64}],
}


def read(body: object):
    return ours()["surat"].parse(Raw(json.dumps(body).encode()))


def test_a_record_says_who_when_and_what() -> None:
    (event,) = read(BODY)

    assert (event.external_id, event.text, event.author.id) == ("kunci:1", BODY["text"], "telp:+6281200000001")
    assert event.sent_at is not None
    assert event.sent_at.isoformat() == "2026-11-20T02:30:00+00:00"
    assert event.extra == {"kind": "complaint", "secret": "yes"}
    assert "6408000000000001" not in event.text
    assert event.quoted is not None
    assert "NIK: 6408000000000001" in event.quoted
    assert [one.sha256 for one in event.attachments] == ["a" * 64]


def test_nobody_is_taken_for_another_without_a_number() -> None:
    ids = {read(BODY | {"id": name, "person": {"name": "Warga Uji"}})[0].author.id for name in ("satu", "dua")}

    assert len(ids) == 2


@pytest.mark.parametrize("way", WAYS)
async def test_sending_is_writing_down(way: str) -> None:
    connector = ours()[way]
    there = Address(conversation="kunci:1", surface=Surface.DIRECT, contact="x")

    sent = await connector.send(Outgoing(key="k", address=there, text="Sudah dijelaskan."))

    assert sent.external_id == "catat:k"
    assert all(one.by_hand for one in connector.surfaces.values())
    with pytest.raises(Refused):
        await connector.send(Outgoing(key="k", address=there, text=" "))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*BODY, "x"]), inner, max_size=6),
        max_leaves=12,
    )
)
def test_whatever_stands_in_the_ledger_is_read_or_quarantined(body: object) -> None:
    for event in read(body):
        assert event.type in (EventType.INCOMING, EventType.UNKNOWN)
        assert event.type is EventType.INCOMING or event.problem
