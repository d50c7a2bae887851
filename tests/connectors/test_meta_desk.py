"""What the desk asks of Messenger and Instagram beside words: a person's tag at once, a read mark, the thread's name."""

from collections.abc import AsyncIterator

import pytest

from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.errors import Refused
from omnichannel.domain.ports import Hiding, PrivateReply, Reading
from tests.connectors.meta_bench import RIGS, Bench, a_comment, to


@pytest.fixture(params=list(RIGS))
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    made = Bench(request.param)
    await made.start()
    yield made
    await made.stop()


async def test_a_late_answer_bears_the_tag_at_the_first_call(bench: Bench) -> None:
    bench.siti.writes("Halo")

    await bench.connector.send(to(bench.siti, "Maaf menunggu", late=True))

    assert [(one["messaging_type"], one.get("tag")) for one in bench.asked("messages")] == [
        ("MESSAGE_TAG", "HUMAN_AGENT")
    ]


async def test_a_machine_never_passes_for_a_person(bench: Bench) -> None:
    bench.siti.writes("Halo")

    await bench.connector.send(to(bench.siti, "Kabar", late=True, automatic=True))

    assert [one.get("tag") for one in bench.asked("messages")] == [None]


async def test_a_thread_is_marked_as_seen(bench: Bench) -> None:
    assert isinstance(bench.connector, Reading)
    bench.siti.writes("Halo")
    address = Address(bench.siti.id, Surface.DIRECT, bench.siti.id)

    await bench.connector.mark_read("m_1", address)
    await bench.connector.mark_read("m_1", address)

    assert bench.toy.acted == [(bench.siti.id, "mark_seen")] * 2
    with pytest.raises(Refused):
        await bench.connector.mark_read("m_1", Address("6100000000009999", Surface.DIRECT, "x"))


async def test_a_private_answer_names_the_thread_that_it_opened(bench: Bench) -> None:
    assert isinstance(bench.connector, PrivateReply)

    sent = await bench.connector.answer_privately(a_comment(bench).id, "Boleh minta alamat?", key="k")

    assert sent.thread == bench.siti.id


async def test_what_the_platform_tells_of_a_hidden_comment_says_so(bench: Bench) -> None:
    assert isinstance(bench.connector, Hiding)
    comment = a_comment(bench)
    if bench.toy.channel is not Channel.FACEBOOK:
        pytest.skip("Instagram tells nobody")

    await bench.connector.hide(comment.id)
    await bench.connector.show(comment.id)

    events = [event for raw in bench.rig.delivered for event in bench.connector.parse(raw)]
    assert [one.extra["hidden"] for one in events if one.target == comment.id] == ["yes", "no"]
