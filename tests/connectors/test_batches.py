"""A batch of forty-five with one broken item: forty-four are kept, whatever broke and wherever, on every channel."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.domain.channel import Channel
from omnichannel.domain.message import Event
from omnichannel.domain.ports import Raw
from tests.connectors.rig import build, rig_of

AT, OURS, THEIRS = 1795327500, "1000000000000002", "6100000000000001"
JUNK: tuple[Any, ...] = (
    None,
    7,
    -1.5,
    True,
    "teks",
    "",
    [],
    {},
    [[]],
    {"id": 5},
    {"text": [1]},
    "\ud800",
    "{}",
    "9" * 3000,
)

Item = dict[str, Any]


def thirds(items: list[Item], key: str, field: str | None) -> list[Item]:
    """Three entries; with a field three changes in each."""
    entries: list[Item] = []
    for start in (0, 15, 30):
        if field is None:
            entries.append({"id": OURS, "time": AT, key: items[start : start + 15]})
            continue
        changes = [
            {"field": field, "value": {"metadata": {"phone_number_id": OURS}, key: items[at : at + 5]}}
            for at in range(start, start + 15, 5)
        ]
        entries.append({"id": OURS, "time": AT, "changes": changes})
    return entries


def whatsapp(number: int) -> Item:
    text = {"body": f"pesan {number}"}
    return {"from": "6281200000001", "id": f"wamid.{number}", "timestamp": str(AT), "type": "text", "text": text}


def direct(number: int) -> Item:
    said = {"mid": f"m_{number}", "text": f"pesan {number}"}
    return {"sender": {"id": THEIRS}, "recipient": {"id": OURS}, "timestamp": AT * 1000, "message": said}


def comment(number: int) -> Item:
    value = {"item": "comment", "verb": "add", "comment_id": f"9_{number}", "post_id": f"{OURS}_9", "message": "ya"}
    return {"field": "feed", "value": {**value, "from": {"id": THEIRS}, "created_time": AT}}


def remark(number: int) -> Item:
    return {
        "field": "comments",
        "value": {"id": f"c{number}", "text": "ya", "from": {"id": THEIRS}, "media": {"id": "9"}},
    }


def update(number: int) -> Item:
    chat = {"id": 7, "type": "private"}
    said = {"message_id": number + 1, "from": {"id": 7, "is_bot": False}, "chat": chat, "date": AT, "text": "ya"}
    return {"update_id": number, "message": said}


def post(number: int) -> Item:
    return {
        "id": str(900 + number),
        "text": f"kiriman {number}",
        "author_id": THEIRS,
        "created_at": "2026-11-22T06:05:00Z",
    }


Batch = tuple[Channel, Callable[[int], Item], Callable[[list[Item]], Any]]
BATCHES: dict[str, Batch] = {
    "whatsapp": (Channel.WHATSAPP, whatsapp, lambda items: {"entry": thirds(items, "messages", "messages")}),
    "messenger": (
        Channel.FACEBOOK,
        direct,
        lambda items: {"object": "page", "entry": thirds(items, "messaging", None)},
    ),
    "feed": (Channel.FACEBOOK, comment, lambda items: {"object": "page", "entry": thirds(items, "changes", None)}),
    "instagram": (Channel.INSTAGRAM, direct, lambda items: {"entry": thirds(items, "messaging", None)}),
    "remarks": (Channel.INSTAGRAM, remark, lambda items: {"entry": thirds(items, "changes", None)}),
    "telegram": (Channel.TELEGRAM, update, lambda items: {"ok": True, "result": items}),
    "x": (Channel.X, post, lambda items: {"data": items, "meta": {"result_count": len(items)}}),
}


def read(batch: Batch, items: list[Any]) -> tuple[Event, ...]:
    channel, _, wrap = batch
    return build(rig_of(channel).account()).parse(Raw(json.dumps(wrap(items)).encode()))


def paths(thing: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    return [at, *(path for key, held in inside for path in paths(held, (*at, key)))]


def broken(item: Item, path: tuple[Any, ...], junk: object) -> Any:
    if not path:
        return junk
    copied: Any = copy.deepcopy(item)
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = junk
    return copied


@pytest.mark.parametrize("name", sorted(BATCHES))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_one_broken_item_costs_itself_alone(name: str, data: st.DataObject) -> None:
    batch = BATCHES[name]
    items = [batch[1](number) for number in range(45)]
    whole = [event.external_id for event in read(batch, items)]
    assert len(set(whole)) == 45
    place = data.draw(st.integers(0, 44))
    path = data.draw(st.sampled_from(paths(items[place])))

    found = read(
        batch, [*items[:place], broken(items[place], path, data.draw(st.sampled_from(JUNK))), *items[place + 1 :]]
    )

    others = [*whole[:place], *whole[place + 1 :]]
    assert [event.external_id for event in found if event.external_id in others] == others
    assert len(found) - len(others) in (0, 1)
    assert all(event.external_id for event in found)


@pytest.mark.parametrize("name", sorted(BATCHES))
def test_an_item_of_no_shape_is_the_one_in_quarantine(name: str) -> None:
    batch = BATCHES[name]
    items: list[Any] = [batch[1](number) for number in range(44)]

    found = read(batch, [*items[:20], 7, *items[20:]])

    assert [bool(event.problem) for event in found] == [False] * 20 + [True] + [False] * 24


@pytest.mark.parametrize("name", sorted(BATCHES))
@given(seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_order_and_repetition_change_no_name(name: str, seed: int) -> None:
    batch, dice = BATCHES[name], random.Random(seed)
    items = [batch[1](number) for number in range(45)]
    names = {event.external_id for event in read(batch, items)}
    mixed = [*items, *dice.sample(items, 10)]
    dice.shuffle(mixed)

    assert {event.external_id for event in read(batch, mixed[:45])} <= names
    assert {event.external_id for one in (mixed[:30], mixed[30:]) for event in read(batch, one)} == names
