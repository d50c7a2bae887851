"""Who hears what, in which order, and what happens to a reader that stalls."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.work import Happening
from omnichannel.web.hub import BUFFER_LIMIT, PATIENCE, Client, Tail, audible, frame, summary

NOW = datetime(2026, 12, 17, 6, 5, tzinfo=UTC)


def a_happening(id: int = 1, conversation: int | None = 7, thing: str = "message", **rest: str | None) -> Happening:
    return Happening(id, NOW, "citizen:1", None, thing, 3, "received", conversation, **rest)


def a_staff(role: Role = Role.AGENT, unit: str | None = None, disabled: bool = False) -> Staff:
    return Staff(id=1, login="p", name="P", role=role, unit=unit, disabled_at=NOW if disabled else None)


def a_conversation(unit: str | None = "dishub") -> Conversation:
    return Conversation(
        id=7,
        account="tg",
        channel=Channel.TELEGRAM,
        surface=Surface.DIRECT,
        external_id="1",
        contact_id=1,
        state=ConversationState.OPEN,
        last_at=NOW,
        created_at=NOW,
        unit=unit,
    )


def test_a_number_that_is_committed_late_is_told_once() -> None:
    tail = Tail(10)

    first = tail.take([a_happening(12)], NOW)
    asked_from = tail.after
    second = tail.take([a_happening(11), a_happening(12)], NOW + timedelta(seconds=1))
    third = tail.take([a_happening(11), a_happening(12)], NOW + timedelta(seconds=2))

    assert [row.id for row in first] == [12]
    assert asked_from == 10
    assert [row.id for row in second] == [11]
    assert third == []
    assert tail.after == 12


def test_a_number_that_never_comes_is_waited_for_only_so_long() -> None:
    tail = Tail(10)
    tail.take([a_happening(12)], NOW)

    tail.take([], NOW + PATIENCE)

    assert tail.after == 12


def test_a_wide_hole_is_not_remembered_number_by_number() -> None:
    tail = Tail(0)

    tail.take([a_happening(10_000_000)], NOW)

    assert tail.after >= 10_000_000 - 1000


@given(st.permutations(range(1, 12)), st.lists(st.integers(0, 11), max_size=5))
def test_in_whatever_order_transactions_commit_each_is_told_exactly_once(order: list[int], cuts: list[int]) -> None:
    tail, told, committed = Tail(0), [], []
    for turn, id in enumerate(order):
        committed.append(id)
        if turn in cuts or turn == len(order) - 1:
            rows = [a_happening(one) for one in sorted(committed) if one > tail.after]
            told += [row.id for row in tail.take(rows, NOW)]

    assert sorted(told) == list(range(1, 12))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.UNIT])
def test_an_officer_of_the_whole_house_hears_every_conversation(role: Role) -> None:
    assert audible(a_staff(role), a_happening(), None)


def test_a_unit_officer_hears_their_own_unit_only() -> None:
    officer = a_staff(Role.UNIT, "dishub")

    assert audible(officer, a_happening(), a_conversation("dishub"))
    assert not audible(officer, a_happening(), a_conversation("pdam"))
    assert not audible(officer, a_happening(), a_conversation(None))
    assert not audible(officer, a_happening(), None)


def test_a_unit_officer_without_a_unit_hears_nothing() -> None:
    officer = a_staff(Role.UNIT, None)

    assert not audible(officer, a_happening(), a_conversation(None))
    assert not audible(officer, a_happening(before=None, after=None), a_conversation(None))


def test_what_is_taken_from_a_unit_leaves_its_list() -> None:
    moved = a_happening(before="dishub", after="pdam")

    assert audible(a_staff(Role.UNIT, "dishub"), moved, a_conversation("pdam"))
    assert not audible(a_staff(Role.UNIT, "bpbd"), moved, a_conversation("pdam"))


def test_a_disabled_login_hears_nothing() -> None:
    for happening in (a_happening(), a_happening(conversation=None, thing="account")):
        assert not audible(a_staff(disabled=True), happening, a_conversation())
    assert not audible(a_staff(Role.UNIT, "dishub", disabled=True), a_happening(before="dishub"), None)


def test_news_of_logins_goes_to_those_who_manage_them() -> None:
    login = a_happening(conversation=None, thing="staff")

    assert audible(a_staff(Role.ADMINISTRATOR), login, None)
    assert not audible(a_staff(Role.AGENT), login, None)


def test_a_unit_officer_hears_of_accounts_but_not_of_things_nobody_placed() -> None:
    officer = a_staff(Role.UNIT, "dishub")

    assert audible(officer, a_happening(conversation=None, thing="account"), None)
    assert not audible(officer, a_happening(conversation=None, thing="something"), None)


def test_an_event_carries_numbers_and_a_verb_but_nobodys_words() -> None:
    told = summary(a_happening(5, before="rahasia", after="rahasia", why="rahasia"))

    event = frame("changed", told, 5)

    head, data = event.plain.decode().split("data: ")
    assert head == "id: 5\nevent: changed\n"
    assert json.loads(data) == {"seq": 5, "conversation": 7, "verb": "received", "thing": "message", "thing_id": 3}
    assert "rahasia" not in data


def test_a_chunk_says_its_own_length() -> None:
    event = frame("ping", {"seq": 1})

    size, _, rest = event.chunk.partition(b"\r\n")

    assert int(size, 16) == len(event.plain)
    assert rest == event.plain + b"\r\n"


async def test_a_reader_that_stalls_is_cut_before_it_fills_our_memory() -> None:
    arrived = asyncio.Event()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.sleep(0)

    class Deaf(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            transport.pause_reading()

    loop = asyncio.get_running_loop()
    writers: list[asyncio.StreamWriter] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        arrived.set()

    server = await asyncio.start_server(keep, "127.0.0.1", 0)
    transport, _ = await loop.create_connection(Deaf, *server.sockets[0].getsockname()[:2])
    await arrived.wait()
    client = Client(a_staff(), "hash", writers[0].transport, chunked=True)
    event = frame("changed", {"filler": "x" * 60_000}, 1)

    pushed = 0
    while client.push(event):
        pushed += 1
        assert pushed < 1000

    assert client.gone.is_set()
    assert writers[0].transport.is_closing()
    assert pushed * len(event.chunk) >= BUFFER_LIMIT
    transport.close()
    server.close()
    await server.wait_closed()
