"""Answers under posts on Facebook and Instagram, and what citizens of the toy platforms do there."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.errors import Refused, TooLong, Unsure
from omnichannel.domain.message import EventType, Outgoing
from omnichannel.domain.ports import Hiding, PrivateReply
from omnichannel.toys.meta import MetaToy
from tests.connectors.meta_bench import PHOTO, Bench, a_comment, under


@pytest.fixture(params=[Channel.FACEBOOK, Channel.INSTAGRAM])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    made = Bench(request.param)
    await made.start()
    yield made
    await made.stop()


# ---- under a post


async def test_an_answer_stands_under_the_comment(bench: Bench) -> None:
    comment = a_comment(bench)

    sent = await bench.connector.send(under(comment))

    assert bench.said(comment.post) == ["Terima kasih."]
    assert bench.toy.comments[sent.external_id].parent == comment.id
    echo = bench.connector.parse(bench.rig.delivered[-1])[0]
    assert (echo.type, echo.external_id, echo.conversation) == (EventType.ECHO, sent.external_id, comment.post)


@pytest.mark.parametrize("reply_to", [None, "post"])
async def test_where_no_comment_is_named_it_stands_under_the_post(bench: Bench, reply_to: str | None) -> None:
    comment = a_comment(bench)

    sent = await bench.connector.send(under(comment, reply_to=comment.post if reply_to else None))

    assert bench.toy.comments[sent.external_id].parent is None


async def test_a_comment_that_is_gone_refuses_the_message_and_not_the_account(bench: Bench) -> None:
    comment = a_comment(bench)
    bench.siti.removes_comment(comment)

    with pytest.raises(Refused, match="sudah tidak ada"):
        await bench.connector.send(under(comment))
    with pytest.raises(Refused):
        await bench.connector.hide(comment.id)


async def test_a_comment_bears_no_file_and_no_book(bench: Bench) -> None:
    comment = a_comment(bench)
    limit = bench.connector.surfaces[Surface.PUBLIC].text_limit

    with pytest.raises(Refused):
        await bench.connector.send(under(comment, files=(PHOTO,)))
    with pytest.raises(TooLong):
        await bench.connector.send(under(comment, "x" * (limit + 1)))
    await bench.connector.send(under(comment, "é" * limit))

    assert len(bench.toy.calls) == 1


@pytest.mark.parametrize("kind", ["hang", "reset", "bare", "garbage"])
async def test_silence_after_a_comment_is_unsure(bench: Bench, kind: str) -> None:
    comment = a_comment(bench)
    bench.toy.fail(kind)

    with pytest.raises(Unsure):
        await bench.connector.send(under(comment))


@pytest.mark.parametrize("place", ["../me", "a/b", "a?b=c", "a b", "", ".", "..", "é", "x" * 300])
async def test_no_address_leads_elsewhere_in_the_graph(bench: Bench, place: str) -> None:
    comment = a_comment(bench)
    public = Outgoing(key="k", address=Address(place, Surface.PUBLIC, ""), text="x")

    for outgoing in (public, under(comment, reply_to=place) if place else public):
        with pytest.raises(Refused):
            await bench.connector.send(outgoing)
    with pytest.raises(Refused):
        await bench.connector.hide(place)

    assert bench.toy.calls == []


async def test_a_comment_may_be_answered_privately_once(bench: Bench) -> None:
    assert isinstance(bench.connector, PrivateReply)
    comment = a_comment(bench)

    sent = await bench.connector.answer_privately(comment.id, "Boleh minta alamatnya?", key="k")

    assert sent.external_id
    assert bench.said() == ["Boleh minta alamatnya?"]
    with pytest.raises(Refused, match="sekali"):
        await bench.connector.answer_privately(comment.id, "Halo lagi", key="k2")


async def test_a_week_old_comment_is_answered_in_public_only(bench: Bench) -> None:
    comment = a_comment(bench)
    bench.clock.at += timedelta(days=7)

    with pytest.raises(Refused, match="7 hari"):
        await bench.connector.answer_privately(comment.id, "Halo", key="k")
    await bench.connector.send(under(comment))


async def test_a_comment_is_hidden_and_shown_again(bench: Bench) -> None:
    assert isinstance(bench.connector, Hiding)
    comment = a_comment(bench)

    await bench.connector.hide(comment.id)
    await bench.connector.hide(comment.id)
    assert bench.toy.comments[comment.id].hidden
    await bench.connector.show(comment.id)

    assert not bench.toy.comments[comment.id].hidden


# ---- the toys themselves


async def test_whatever_a_citizen_does_is_heard_as_it_was_meant(bench: Bench) -> None:
    toy: MetaToy = bench.toy
    first = bench.siti.writes("Lampu mati")
    bench.siti.edits(first, "Lampu jalan mati")
    bench.siti.reacts("m_1", "👍")
    bench.siti.reacts("m_1", "")
    bench.siti.presses("Lapor", "LAPOR")
    bench.siti.shares_place(0.5, 117.5, "Sangatta")
    bench.siti.hears_from_the_app("Sebentar")
    bench.siti.withdraws(first)
    comment = a_comment(bench)
    bench.siti.edits_comment(comment, "Kapan air mengalir?")

    events = [event for raw in bench.rig.delivered for event in bench.connector.parse(raw)]

    edits = [EventType.EDITED] if toy.object == "page" else []
    assert [event.type for event in events] == [
        EventType.INCOMING, EventType.EDITED, EventType.REACTION, EventType.REACTION, EventType.INCOMING,
        EventType.INCOMING, EventType.ECHO, EventType.WITHDRAWN, EventType.INCOMING, *edits,
    ]  # fmt: skip
    assert all(event.conversation in (bench.siti.id, comment.post) for event in events)
    assert len({event.external_id for event in events}) == len(events)


async def test_a_citizens_page_may_write_into_both_kinds_of_thread(bench: Bench) -> None:
    chat = await bench.toy.write(None, "Warga Baru", "Halo")
    comment = a_comment(bench)
    await bench.toy.write(bench.siti.thread(comment.post), "", "Ada kabar?")
    await bench.toy.correct(chat, "Halo, Pak")

    texts = {found.id: [line.text for line in found.lines] for found in bench.toy.chats()}
    assert texts == {chat: ["Halo, Pak"], bench.siti.thread(comment.post): ["Kapan mengalir?", "Ada kabar?"]}
    assert json.loads(bench.toy.delivered[0])["object"] == bench.toy.object


async def test_some_citizens_of_a_demo_speak_in_public(bench: Bench) -> None:
    bench.toy.commenting = 3

    chats = [await bench.toy.write(None, f"Warga {letter}", "Halo") for letter in "BCDEF"]

    assert ["@" in chat for chat in chats] == [False, True, False, False, True]
    events = [event for raw in bench.rig.delivered for event in bench.connector.parse(raw)]
    assert len({event.conversation for event in events}) == 5
