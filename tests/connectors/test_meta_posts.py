"""The post above its comments, as the Graph tells it to whoever asks."""

from collections.abc import AsyncIterator

import pytest

from omnichannel.domain.abilities import Heading
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import AccountBroken, Refused
from tests.connectors.meta_bench import Bench, a_comment


@pytest.fixture(params=[Channel.FACEBOOK, Channel.INSTAGRAM])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    made = Bench(request.param)
    await made.start()
    yield made
    await made.stop()


async def test_a_comments_thread_names_the_post_that_may_be_asked_for(bench: Bench) -> None:
    comment = a_comment(bench)
    (event,) = bench.connector.parse(bench.rig.delivered[-1])
    assert isinstance(bench.connector, Heading)

    post = await bench.connector.heading(event.conversation)

    assert post is not None
    assert post.text == bench.toy.posts[comment.post]
    assert (post.link or "").startswith("https://mainan.example/")
    assert post.at is not None
    assert post.kind == ("image" if bench.connector.channel is Channel.INSTAGRAM else "")


async def test_a_post_that_is_gone_and_a_thread_that_is_none_say_so(bench: Bench) -> None:
    with pytest.raises(Refused):
        await bench.connector.heading("123456789")

    before = len(bench.asked("node"))
    assert await bench.connector.heading("../me") is None
    assert await bench.connector.heading("pesan-1") is None
    assert len(bench.asked("node")) == before


async def test_without_the_right_to_read_posts_the_account_says_so(bench: Bench) -> None:
    comment = a_comment(bench)
    bench.toy.reading.no_right.add("post")

    with pytest.raises(AccountBroken):
        await bench.connector.heading(comment.post)
