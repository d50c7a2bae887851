"""What a mail may belong to where its headers lead nowhere, and what is said in a group but not to us."""

import json
from typing import Any

import pytest

from omnichannel.connectors.telegram.updates import events as telegram
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Event
from omnichannel.domain.work import Work
from omnichannel.inbox.receive import Intake
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, a_case, an_incoming
from tests.inbox.conftest import history, said, talk
from tests.plug import Plug

SITI, BUDI = Author(id="siti@a.example", name="Siti"), Author(id="budi@b.example", name="Budi")


def mail(text: str, author: Author, subject: str = "Lampu", **facts: Any) -> Event:
    own = {"author": author, "conversation": text, "external_id": text, "message_id": f"{text}@x", "subject": subject}
    return an_incoming(text, **(own | facts))


async def with_a_case(store: SqlStore, intake: Intake, plug: Plug) -> str:
    """Siti's mail has a number; returns it."""
    await intake.take_in(plug, [plug.raw(mail("satu", SITI))])
    conversation = await talk(store, "satu")

    def story(work: Work) -> str:
        return a_case(work, conversation=conversation).number

    return await store.write(story)


async def test_her_own_number_in_a_subject_leads_the_citizen_back(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    number = await with_a_case(store, intake, plug)

    await intake.take_in(plug, [plug.raw(mail("dua", SITI, f"Tanya {number.lower()} lagi"))])

    assert [message.text for message in await said(store, "satu")] == ["satu", "dua"]


async def test_a_strangers_mail_with_her_number_stays_by_itself_and_says_what_it_may_be(
    store: SqlStore, intake: Intake
) -> None:
    plug = Plug()
    number = await with_a_case(store, intake, plug)

    await intake.take_in(plug, [plug.raw(mail("dua", BUDI, f"Re: {number}"))])

    assert [message.text for message in await said(store, "satu")] == ["satu"]
    assert [(one.verb, one.why) for one in await history(store, "dua") if one.verb == "maybe_part_of"] == [
        ("maybe_part_of", number)
    ]


async def test_somebody_else_who_answers_our_thread_stays_by_himself_and_says_so(
    store: SqlStore, intake: Intake
) -> None:
    plug = Plug()
    await intake.take_in(plug, [plug.raw(mail("satu", SITI))])

    await intake.take_in(plug, [plug.raw(mail("dua", BUDI, reply_to="satu@x", references=("satu@x",)))])

    assert [one.why for one in await history(store, "dua") if one.verb == "maybe_part_of"] == ["Siti"]


@pytest.mark.parametrize(
    "subject", ["", "Lampu", "LAP-2026-999999", "LAP-2026-", "A" * 5000, "LAP-20260-1 x-2026-000001"]
)
async def test_a_subject_that_names_nothing_is_a_subject(store: SqlStore, intake: Intake, subject: str) -> None:
    plug = Plug()
    await with_a_case(store, intake, plug)

    received = await intake.take_in(plug, [plug.raw(mail("dua", BUDI, subject))])

    assert (received.new, received.quarantined) == (1, 0)
    assert "maybe_part_of" not in [one.verb for one in await history(store, "dua")]


# ---- groups

GROUP = {"id": -1007, "type": "supergroup", "title": "RT 5"}
BOT = {"id": 99, "is_bot": True, "username": "humas_bot", "first_name": "Humas"}
IBU = {"id": 7, "is_bot": False, "first_name": "Siti"}


def in_the_group(number: int, **held: Any) -> tuple[Event, ...]:
    item = {"message_id": number, "date": 1_790_000_000 + number, "chat": GROUP, "from": IBU, **held}
    return telegram(json.dumps({"update_id": number, "message": item}).encode(), 99)


TALK: list[dict[str, Any]] = [
    {"text": "Besok arisan ya"},
    {"text": "Setuju", "reply_to_message": {"message_id": 1, "chat": GROUP, "from": IBU}},
]
TO_US: list[dict[str, Any]] = [
    {"text": "@humas_bot lampu mati"},
    {"text": "/lapor lampu mati", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]},
    {"text": "Masih mati", "reply_to_message": {"message_id": 1, "chat": GROUP, "from": BOT}},
    {"text": "Kapan?", "message_thread_id": 5, "reply_to_message": {"message_id": 5, "is_automatic_forward": True}},
    {"text": "Topik kita", "message_thread_id": 8, "is_topic_message": True},
    {"caption": "lampunya @humas_bot", "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
]


async def jobs(store: SqlStore) -> int:
    depths = await store.read(lambda work: work.jobs.depths())
    return depths.get("route", (0, 0))[0]


@pytest.mark.parametrize("held", TALK)
async def test_a_groups_own_talk_is_kept_and_no_machine_looks_at_it(
    store: SqlStore, intake: Intake, held: dict[str, Any]
) -> None:
    plug = Plug()
    await intake.take_in(plug, [plug.raw(*in_the_group(3, **held))])

    found = await talk(store, "-1007", Surface.PUBLIC)
    assert [message.text for message in await said(store, "-1007", Surface.PUBLIC)] == [held["text"]]
    assert (found.unread, found.state, await jobs(store)) == (0, "resolved", 0)


@pytest.mark.parametrize("held", TO_US)
async def test_what_is_said_to_the_bot_opens_the_thread(store: SqlStore, intake: Intake, held: dict[str, Any]) -> None:
    plug = Plug()
    await intake.take_in(plug, [plug.raw(*in_the_group(3, **TALK[0]))])
    (event,) = in_the_group(4, **held)
    await intake.take_in(plug, [plug.raw(event)])

    found = await talk(store, event.conversation, Surface.PUBLIC)
    assert (found.unread, found.state, await jobs(store)) == (1, "open", 1)


async def test_a_private_chat_is_always_to_us(store: SqlStore, intake: Intake) -> None:
    plug = Plug()
    item = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": 7, "type": "private"}, "from": IBU, "text": "Halo"}

    await intake.take_in(plug, [plug.raw(*telegram(json.dumps({"update_id": 1, "message": item}).encode(), 99))])

    assert (await talk(store, "7")).unread == 1
    assert plug.account == ACCOUNT
