"""Open screens hear what they may, once, in order, and without a gap."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from omnichannel.domain.people import Role
from omnichannel.domain.work import MACHINE
from omnichannel.web import guard
from omnichannel.web.hub import BEAT
from omnichannel.web.live import FARTHEST, HUB
from tests.web.front import Client, Front, a_front, csrf

SOON = 30.0  # at once, on whatever machine: a server that waited for its streams would take a minute


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with a_front(tmp_path) as front:
        yield front


class Stream:
    """One open stream, read event by event."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> tuple[str, int | None, dict[str, Any]]:
        """Name, id and data of the next event."""
        async with asyncio.timeout(SOON):
            while True:
                lines = (await self.answer.content.readuntil(b"\n\n")).decode().splitlines()
                fields = dict(line.split(": ", 1) for line in lines if ": " in line)
                if "event" in fields:
                    id = int(fields["id"]) if "id" in fields else None
                    return fields["event"], id, json.loads(fields["data"])

    async def changes(self, many: int) -> list[int]:
        """The ids of the next changes."""
        found: list[int] = []
        while len(found) < many:
            name, id, _ = await self.next()
            if name == "changed" and id is not None:
                found.append(id)
        return found

    async def ended(self) -> bool:
        async with asyncio.timeout(SOON):
            await self.answer.content.read()
        return self.answer.content.at_eof()


@asynccontextmanager
async def opened(client: Client, **query: str) -> AsyncIterator[Stream]:
    headers = {"Last-Event-ID": query.pop("last")} if "last" in query else {}
    async with client.get("/live", params=query, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        stream = Stream(answer)
        name, _, _ = await stream.next()
        assert name == "hello"
        yield stream


async def note(front: Front, verb: str = "noted", conversation: int | None = None, thing: str = "thing") -> int:
    now = front.clock.now()
    return await front.house.store.write(
        lambda work: work.note(MACHINE, verb, thing, 1, at=now, conversation_id=conversation)
    )


async def test_a_message_reaches_an_open_screen_without_its_words(front: Front) -> None:
    client = await front.signed_in()

    async with opened(client) as stream:
        conversation = await front.incoming("rahasia warga")
        name, id, data = await stream.next()

    assert name == "changed"
    assert data["seq"] == id
    assert data["conversation"] == conversation.id
    assert "rahasia" not in json.dumps(data)


async def test_every_screen_hears_each_change_once_and_in_order(front: Front) -> None:
    client = await front.signed_in()

    async with opened(client) as one, opened(client) as two:
        ids = [await note(front) for _ in range(20)]
        heard = [await one.changes(20), await two.changes(20)]

    assert heard == [ids, ids]


async def test_a_unit_officer_hears_their_unit_and_not_the_neighbours(front: Front) -> None:
    officer = await front.signed_in(Role.UNIT, "dishub")
    theirs = await front.place(await front.incoming("lampu", "t1"), "dishub")
    other = await front.place(await front.incoming("air", "t2"), "pdam")
    await settled(front)

    async with opened(officer) as stream:
        await note(front, conversation=other.id)
        await note(front, thing="staff")
        mine = await note(front, conversation=theirs.id)
        _, id, data = await stream.next()

    assert (id, data["conversation"]) == (mine, theirs.id)


async def settled(front: Front) -> None:
    """Wait until the reader has told everything that is in the table."""
    last = await front.house.store.read(lambda work: work.screens.last_happening())
    async with asyncio.timeout(SOON):
        while front.server.app[HUB].last < last:  # noqa: ASYNC110 - the hub has no bell of its own, nor needs one
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("way", ["header", "query"])
async def test_a_screen_that_comes_back_hears_what_it_missed(front: Front, way: str) -> None:
    client = await front.signed_in()
    ids = [await note(front) for _ in range(450)]
    await settled(front)
    where = {"last": str(ids[9])} if way == "header" else {"after": str(ids[9])}

    async with opened(client, **where) as stream:
        late = await note(front)
        heard = await stream.changes(441)

    assert heard == [*ids[10:], late]


async def test_changes_while_catching_up_are_told_exactly_once(front: Front) -> None:
    client = await front.signed_in()
    first = [await note(front) for _ in range(250)]

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(many_notes(front, 150))
        async with opened(client, after="0") as stream:
            heard = await stream.changes(250 + 150)

    assert sorted(heard) == sorted(set(heard))
    assert heard[-1] == max(writing.result())
    assert set(first) <= set(heard)


async def many_notes(front: Front, many: int) -> list[int]:
    return [await note(front) for _ in range(many)]


async def test_a_screen_too_far_behind_is_told_to_load_anew(front: Front) -> None:
    client = await front.signed_in()
    now = front.clock.now()

    def story(work):
        for _ in range(FARTHEST + 50):
            work.note(MACHINE, "noted", "thing", 1, at=now)

    await front.house.store.write(story)
    await settled(front)

    async with opened(client, after="1") as stream:
        name, id, data = await stream.next()

    assert name == "stale"
    assert data["seq"] == id == front.server.app[HUB].last


async def test_the_gap_is_fetched_page_by_page_and_filtered(front: Front) -> None:
    agent, officer = await front.signed_in(), await front.signed_in(Role.UNIT, "dishub")
    ids = [await note(front) for _ in range(450)]

    told: list[int] = []
    after, more = 0, True
    while more:
        page = await (await agent.get(f"/live/gap?after={after}")).json()
        told += [one["seq"] for one in page["events"]]
        after, more = page["seq"], page["more"]
    unit = await (await officer.get(f"/live/gap?after={ids[0]}")).json()

    assert [id for id in told if id in set(ids)] == ids
    assert told == sorted(told)
    assert unit["events"] == []


@pytest.mark.parametrize("after", ["", "-1", "1.5", "abc", "1e3", "9" * 40, "١"])
async def test_a_number_that_is_none_is_refused(front: Front, after: str) -> None:
    client = await front.signed_in()

    answer = await client.get("/live/gap", params={"after": after})

    assert answer.status == 422


async def test_every_fifteen_seconds_there_is_a_sign_of_life(front: Front) -> None:
    client = await front.signed_in()

    async with opened(client) as stream:
        front.clock.go(BEAT)
        id = await note(front)
        first, second = await stream.next(), await stream.next()

    assert [first[0], second[0]] == ["changed", "ping"]
    assert second[2] == {"seq": id}


async def test_a_session_that_was_revoked_is_hung_up_at_the_next_beat(front: Front) -> None:
    client = await front.signed_in()
    token = client.session.cookie_jar.filter_cookies(front.server.make_url("/"))[guard.SESSION_COOKIE].value

    async with opened(client) as stream:
        hashed = guard.token_hash(token)
        await front.house.store.write(lambda work: work.people.close_session(hashed))
        front.clock.go(BEAT)
        front.house.bell.ring("screens")
        name, _, data = await stream.next()

        assert (name, data) == ("bye", {"why": "session"})
        assert await stream.ended()
    assert (await client.get("/live")).status == 401


async def test_a_session_that_ran_out_is_hung_up_too(front: Front) -> None:
    client = await front.signed_in()

    async with opened(client) as stream:
        front.clock.go(timedelta(hours=front.house.office.session_hours, seconds=1))
        front.house.bell.ring("screens")
        name, _, _ = await stream.next()

    assert name == "bye"


async def test_logging_out_ends_the_stream_at_once(front: Front) -> None:
    client = await front.signed_in()

    async with opened(client) as stream:
        await client.post("/logout", data={"csrf": await csrf(client)}, allow_redirects=False)
        names = [(await stream.next())[0]]

        assert names == ["bye"]
        assert await stream.ended()


async def test_a_role_taken_away_is_felt_at_the_next_beat(front: Front) -> None:
    person = await front.staff("sementara")
    client = await front.client()
    client.session.cookie_jar.update_cookies(
        {guard.SESSION_COOKIE: await front.session(person)}, front.server.make_url("/")
    )

    async with opened(client) as stream:
        await front.house.store.write(lambda work: work.people.disable(person.id, front.clock.now()))
        front.clock.go(BEAT)
        front.house.bell.ring("screens")
        names = {(await stream.next())[0]}

    assert names == {"bye"}


async def test_a_stranger_hears_nothing(front: Front) -> None:
    client = await front.client()

    answer = await client.get("/live")

    assert answer.status == 401
    assert answer.headers["X-Login"].startswith("/login")


async def test_while_the_database_is_away_streams_stay_open_and_go_on_after(front: Front) -> None:
    client = await front.signed_in()

    async with opened(client) as stream:
        front.gate.shut = True
        front.house.bell.ring("screens")
        await asyncio.sleep(0.05)
        front.gate.shut = False
        id = await note(front)

        assert await stream.changes(1) == [id]


async def test_an_old_proxy_that_speaks_http_1_0_gets_a_plain_stream(front: Front) -> None:
    client = await front.signed_in()
    token = client.session.cookie_jar.filter_cookies(front.server.make_url("/"))[guard.SESSION_COOKIE].value
    reader, writer = await asyncio.open_connection(front.server.host, front.server.port)
    writer.write(b"GET /live HTTP/1.0\r\nCookie: omni_sid=" + token.encode() + b"\r\n\r\n")

    async with asyncio.timeout(SOON):
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readuntil(b"event: hello\n")
        await reader.readuntil(b"\n\n")
        id = await note(front)
        event = await reader.readuntil(b"\n\n")

    assert b"chunked" not in head.lower()
    assert event.startswith(f"id: {id}\nevent: changed\n".encode())
    writer.close()
    await writer.wait_closed()


async def test_stopping_says_goodbye_and_does_not_wait_for_streams(tmp_path: Path) -> None:
    async with a_front(tmp_path) as front:
        client = await front.signed_in()
        async with opened(client) as stream:
            async with asyncio.timeout(SOON):
                closing = asyncio.create_task(front.server.close())
                name, _, data = await stream.next()
                await closing

    assert (name, data) == ("bye", {"why": "stopping"})


async def test_streams_are_counted_while_they_are_open(front: Front) -> None:
    client = await front.signed_in()

    async with opened(client), opened(client):
        await asyncio.sleep(0)
        during = await (await client.get("/metrics")).text()

    assert "omnichannel_live_clients 2.0" in during


async def test_a_hundred_screens_hear_a_change(front: Front) -> None:
    client = await front.signed_in()
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=client.session.cookie_jar
    ) as many:
        answers = [await many.get(front.server.make_url("/live")) for _ in range(100)]
        streams = [Stream(answer) for answer in answers]
        for stream in streams:
            assert (await stream.next())[0] == "hello"

        id = await note(front)
        heard = await asyncio.gather(*(stream.changes(1) for stream in streams))

        assert heard == [[id]] * 100
        for answer in answers:
            answer.close()
