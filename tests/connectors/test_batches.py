"""A batch of forty-five with one broken item: forty-four are kept, whatever broke and wherever, on every channel."""

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omnichannel.connectors.catalogue import BUILDERS
from omnichannel.domain.message import Event
from omnichannel.domain.ports import Raw
from tests.connectors.rig import Item, batches_of, build, rig_of

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

CHANNEL = {name: channel for channel in BUILDERS for name in batches_of(channel)}


def item(name: str, number: int) -> Item:
    make, _ = batches_of(CHANNEL[name])[name]
    return make(number)


def read(name: str, items: list[Any]) -> tuple[Event, ...]:
    _, wrap = batches_of(CHANNEL[name])[name]
    return build(rig_of(CHANNEL[name]).account()).parse(Raw(json.dumps(wrap(items)).encode()))


def paths(thing: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    return [at, *(path for key, held in inside for path in paths(held, (*at, key)))]


def broken(whole: Item, path: tuple[Any, ...], junk: object) -> Any:
    if not path:
        return junk
    copied: Any = copy.deepcopy(whole)
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = junk
    return copied


@pytest.mark.parametrize("name", sorted(CHANNEL))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_one_broken_item_costs_itself_alone(name: str, data: st.DataObject) -> None:
    items = [item(name, number) for number in range(45)]
    whole = [event.external_id for event in read(name, items)]
    assert len(set(whole)) == 45
    place = data.draw(st.integers(0, 44))
    path = data.draw(st.sampled_from(paths(items[place])))

    found = read(
        name, [*items[:place], broken(items[place], path, data.draw(st.sampled_from(JUNK))), *items[place + 1 :]]
    )

    others = [*whole[:place], *whole[place + 1 :]]
    # The broken one may have been given a neighbour's number: the database's UNIQUE keeps the first of the two.
    mistaken = [event.external_id for event in found]
    if len(mistaken) > len(set(mistaken)):
        mistaken.pop(place)
    assert [name for name in mistaken if name in others] == others
    assert len(found) - len(others) in (0, 1)
    assert all(event.external_id for event in found)


@pytest.mark.parametrize("name", sorted(CHANNEL))
def test_an_item_of_no_shape_is_the_one_in_quarantine(name: str) -> None:
    items: list[Any] = [item(name, number) for number in range(44)]

    found = read(name, [*items[:20], 7, *items[20:]])

    assert [bool(event.problem) for event in found] == [False] * 20 + [True] + [False] * 24


@pytest.mark.parametrize("name", sorted(CHANNEL))
@given(seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_order_and_repetition_change_no_name(name: str, seed: int) -> None:
    dice = random.Random(seed)
    items = [item(name, number) for number in range(45)]
    names = {event.external_id for event in read(name, items)}
    mixed = [*items, *dice.sample(items, 10)]
    dice.shuffle(mixed)

    assert {event.external_id for event in read(name, mixed[:45])} <= names
    assert {event.external_id for one in (mixed[:30], mixed[30:]) for event in read(name, one)} == names
