"""WhatsApp webhooks become events: every item of every array, whatever stands beside it."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.whatsapp.people import e164
from omnichannel.connectors.whatsapp.webhook import events
from omnichannel.domain.message import Delivery, Event, EventType
from tests.connectors.rig import RECORDINGS

OWN = "1000000000000001"
METADATA = {"display_phone_number": "628009999999", "phone_number_id": OWN}
TAPES = [one for one in sorted((RECORDINGS / "whatsapp").glob("*.json")) if not one.name.endswith(".events.json")]


def a_message(number: int, **more: Any) -> dict[str, Any]:
    said = {"body": f"pesan {number}"}
    item = {"from": "628000000001", "id": f"wamid.{number}", "timestamp": "1795327500", "type": "text", "text": said}
    return {**item, **more}


def a_change(*messages: object, field: str = "messages", **more: Any) -> dict[str, Any]:
    value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": METADATA}
    return {"field": field, "value": {**value, **({"messages": list(messages)} if messages else {}), **more}}


def a_webhook(*changes: object, entries: int = 1) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": list(changes)}] * entries}


def read(payload: object) -> tuple[Event, ...]:
    return events(json.dumps(payload).encode(), OWN)


def one(*messages: object, **more: Any) -> Event:
    (event,) = read(a_webhook(a_change(*messages, **more)))
    return event


# ---- batches


def a_batch(broken: object) -> dict[str, Any]:
    """3 entries × 3 changes × 5 messages, the 23rd of which is broken."""
    numbers = iter(range(45))
    return {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": str(entry),
                "changes": [
                    a_change(*(broken if n == 22 else a_message(n) for n in [next(numbers) for _ in range(5)]))
                    for _ in range(3)
                ],
            }
            for entry in range(3)
        ],
    }


@pytest.mark.parametrize(
    "broken",
    [None, 7, "teks", [], {}, {"id": "x"}, a_message(22, text=None), a_message(22, text={"body": 5}),
     a_message(22, id=None), a_message(22, **{"from": None}), a_message(22, type="image"),
     a_message(22, type="reaction", reaction={"emoji": "x"})],
    ids=range(12),
)  # fmt: skip
def test_one_broken_item_costs_only_itself(broken: object) -> None:
    found = read(a_batch(broken))

    assert len(found) == 45
    assert [event.problem is not None for event in found].count(True) == 1
    assert found[22].problem
    assert [event.text for event in found if event.problem is None] == [f"pesan {n}" for n in range(45) if n != 22]
    assert len({event.external_id for event in found}) == 45


def test_a_broken_change_or_entry_costs_only_itself() -> None:
    batch = a_webhook(a_change(a_message(1)), None, {"field": "messages"}, a_change(a_message(2)))
    batch["entry"] += ["bukan entry", {"id": "3", "changes": "x"}, {"id": "4", "changes": [a_change(a_message(3))]}]

    found = read(batch)

    assert [event.text for event in found if event.problem is None] == ["pesan 1", "pesan 2", "pesan 3"]
    assert len([event for event in found if event.problem]) == 4


def test_everything_in_one_value_is_read() -> None:
    status = {"id": "wamid.S", "status": "read", "timestamp": "1795327500", "recipient_id": "628000000001"}
    failed = {**status, "id": "wamid.F", "status": "failed"}
    problem = {"code": 131000, "title": "Something went wrong"}

    found = read(a_webhook(a_change(a_message(1), statuses=[status, failed], errors=[problem, 7])))

    assert [event.type for event in found] == [
        EventType.INCOMING, EventType.RECEIPT, EventType.RECEIPT, EventType.NOTICE, EventType.UNKNOWN,
    ]  # fmt: skip


def test_an_empty_batch_is_nothing_and_an_empty_value_is_kept() -> None:
    assert read({"object": "whatsapp_business_account", "entry": []}) == ()
    assert read(a_webhook(a_change(messages=[], statuses=[]))) == ()
    (kept,) = read(a_webhook(a_change()))
    assert kept.type is EventType.UNKNOWN


def test_an_array_that_is_none_is_one_item() -> None:
    assert one(messages=a_message(1)).text == "pesan 1"
    assert one(messages="rusak").problem


@pytest.mark.parametrize(
    "wrapped",
    [
        a_change(a_message(1))["value"],
        a_change(a_message(1)),
        {"id": "2", "changes": [a_change(a_message(1))]},
        a_message(1),
        [a_message(1)],
        {"messages": [a_message(1)]},
        {"contacts": [{"wa_id": "628000000001"}], "messages": [a_message(1)]},
        {"body": a_webhook(a_change(a_message(1)))},
        {"payload": json.dumps(a_webhook(a_change(a_message(1))))},
        [{"json": {"body": a_webhook(a_change(a_message(1)))}}],
        {"a text message": a_webhook(a_change(a_message(1)))},
    ],
    ids=range(11),
)
def test_what_archives_make_of_a_webhook_is_read_all_the_same(wrapped: object) -> None:
    assert [event.text for event in read(wrapped)] == ["pesan 1"]


def test_a_list_of_webhooks_and_bare_statuses_is_read_whole() -> None:
    status = {"id": "wamid.S", "status": "delivered", "recipient_id": "628000000001", "timestamp": 1795327500}
    echo = {**a_message(3), "from": "628009999999", "to": "628000000001"}

    found = read([a_webhook(a_change(a_message(1))), a_webhook(a_change(a_message(2))), status, echo, "sampah"])

    assert [event.type for event in found] == [
        EventType.INCOMING, EventType.INCOMING, EventType.RECEIPT, EventType.ECHO, EventType.UNKNOWN,
    ]  # fmt: skip
    assert found[-1].problem


# ---- people


def test_the_business_scoped_id_is_the_identity_and_the_number_an_attribute() -> None:
    contact = {"profile": {"name": "Siti", "username": "@siti.k"}, "wa_id": "628000000001", "user_id": "ID.9"}

    event = one(a_message(1, from_user_id="ID.9"), contacts=[contact])
    bare = one(a_message(1), contacts=[contact])

    for found in (event, bare):
        assert (found.author.id, found.conversation) == ("ID.9", "ID.9")
        assert (found.author.name, found.author.handle, found.author.phone) == ("Siti", "siti.k", "+628000000001")


@pytest.mark.parametrize("where", ["from_user_id", "from", "contact"])
def test_a_citizen_without_a_number_is_somebody(where: str) -> None:
    message = {key: value for key, value in a_message(1).items() if key != "from"}
    contacts = [{"profile": {"name": "Budi"}, "user_id": "ID.ENT.77"}] if where == "contact" else []
    if where != "contact":
        message[where] = "ID.ENT.77"

    event = one(message, contacts=contacts)

    assert event.author.id == "ID.ENT.77"
    assert event.author.phone is None


def test_the_only_contact_beside_one_sender_is_that_sender() -> None:
    """Brazilian and Mexican numbers differ between `from` and `wa_id`."""
    contact = {"profile": {"name": "Ana"}, "wa_id": "5511987654321"}

    event = one(a_message(1, **{"from": "551187654321"}), contacts=[contact])

    assert (event.author.id, event.author.name) == ("551187654321", "Ana")


def test_a_contact_is_never_given_to_somebody_else() -> None:
    contact = {"profile": {"name": "Siti"}, "wa_id": "628000000001", "user_id": "ID.1"}

    first, second = read(
        a_webhook(a_change(a_message(1), a_message(2, **{"from": "628000000002"}), contacts=[contact]))
    )
    other = one(a_message(3, from_user_id="ID.2"), contacts=[contact])

    assert (first.author.id, first.author.name) == ("ID.1", "Siti")
    assert (second.author.id, second.author.name) == ("628000000002", None)
    assert (other.author.id, other.author.name) == ("ID.2", None)


@pytest.mark.parametrize(
    ("number", "phone"),
    [("628000000001", "+628000000001"), ("+62 800-000-0001", "+628000000001"), ("12345", None), ("", None),
     ("1234567890123456", None), ("ID.4100000000001", None), (None, None)],
)  # fmt: skip
def test_a_number_is_told_with_its_plus_or_not_at_all(number: str | None, phone: str | None) -> None:
    assert e164(number) == phone


def test_a_message_to_another_number_of_ours_is_read_and_says_so() -> None:
    other = {"display_phone_number": "628009999955", "phone_number_id": "5"}

    assert one(a_message(1), metadata=other).extra["phone_number_id"] == "5"
    assert "phone_number_id" not in one(a_message(1)).extra
    assert "phone_number_id" not in events(json.dumps(a_webhook(a_change(a_message(1)))).encode(), None)[0].extra


def test_what_our_own_number_says_is_no_citizens_word() -> None:
    ours = {**a_message(1), "from": "628009999999", "to": "628000000001"}

    for event in (one(ours), one(field="smb_message_echoes", message_echoes=[ours])):
        assert (event.type, event.conversation, event.author.phone) == (
            EventType.ECHO, "628000000001", "+628009999999",
        )  # fmt: skip


# ---- receipts


def test_a_failure_names_nobody_and_is_a_receipt_all_the_same() -> None:
    failed = {"id": "wamid.F", "status": "failed", "timestamp": "1795327500", "errors": [{"code": 131047}]}

    event = one(statuses=[failed])

    assert (event.type, event.target, event.status) == (EventType.RECEIPT, "wamid.F", Delivery.FAILED)
    assert event.error is not None
    assert (event.error.code, event.error.title) == ("131047", "131047")


def test_each_status_of_a_message_is_an_event_of_its_own_however_often_it_comes() -> None:
    statuses = [
        {"id": "wamid.S", "status": told, "timestamp": str(at), "recipient_id": "628000000001"}
        for at, told in enumerate(("read", "delivered", "sent", "delivered", "played"), start=1795327500)
    ]

    found = read(a_webhook(a_change(statuses=statuses)))

    assert [event.external_id.partition("#receipt#")[2] for event in found] == [
        "read", "delivered", "sent", "delivered", "played",
    ]  # fmt: skip
    assert [event.status for event in found][-1] is Delivery.READ


# ---- times


@pytest.mark.parametrize(
    ("stamp", "told"),
    [("1795327500", True), (1795327500, True), ("1795327500000", True), ("", False), ("besok", False), (-5, False),
     (True, False), (None, False), ("9" * 15, False), ({}, False)],
    ids=range(10),
)  # fmt: skip
def test_a_time_is_seconds_or_nothing(stamp: object, told: bool) -> None:
    event = one(a_message(1, timestamp=stamp))

    assert event.text == "pesan 1"
    assert (event.sent_at is not None) is told
    if event.sent_at is not None:
        assert event.sent_at.isoformat() == "2026-11-22T06:05:00+00:00"


# ---- whatever may come

SCRAP = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\udc00\0"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places(thing: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload."""
    inside: list[tuple[Any, Any]] = []
    if isinstance(thing, dict):
        inside = list(thing.items())
    elif isinstance(thing, list):
        inside = list(enumerate(thing))
    return [path, *(place for key, value in inside for place in places(value, (*path, key)))]


def put(thing: Any, path: tuple[Any, ...], scrap: Any) -> Any:
    if not path:
        return scrap
    holder = thing
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = scrap
    return thing


PAYLOADS = [json.loads(tape.read_bytes()) for tape in TAPES]


@given(data=st.data())
def test_no_scrap_in_any_place_of_a_payload_is_an_exception(data: st.DataObject) -> None:
    payload = copy.deepcopy(data.draw(st.sampled_from(PAYLOADS)))
    for _ in range(data.draw(st.integers(1, 3))):
        payload = put(payload, data.draw(st.sampled_from(places(payload))), data.draw(SCRAP))

    for event in read(payload):
        assert event.external_id
        assert event.type is not EventType.UNKNOWN or event.problem or event.text
        assert event.sent_at is None or event.sent_at.utcoffset() is not None
        json.dumps(event.as_json(), ensure_ascii=False).encode()


@given(scrap=SCRAP, at=st.integers(0, 44))
def test_whatever_one_message_is_its_forty_four_neighbours_are_read(scrap: object, at: int) -> None:
    batch = [a_message(n) if n != at else scrap for n in range(45)]

    found = read(a_webhook(*(a_change(*batch[start : start + 5]) for start in range(0, 45, 5))))

    assert len(found) == 45
    assert [event.text for n, event in enumerate(found) if n != at] == [f"pesan {n}" for n in range(45) if n != at]


@given(st.binary(max_size=200))
def test_no_bytes_are_an_exception(body: bytes) -> None:
    for event in events(body, None):
        assert event.external_id
