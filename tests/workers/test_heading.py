"""The post above a public thread is asked for once, and a thread without one goes on all the same."""

from collections import deque
from dataclasses import replace

from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import AccountBroken, TryLater
from omnichannel.domain.house import House
from omnichannel.domain.message import EventType
from omnichannel.domain.posts import Post
from omnichannel.inbox.receive import Intake
from omnichannel.workers import heading
from tests.build import ACCOUNT, an_incoming
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, wrote

POST = Post("Pemeliharaan lampu jalan minggu ini", "https://mainan.example/9_1", "image")


class HeadingPlug(Plug):
    """One that may be asked for posts: each answer is a post, nothing, or an error."""

    def __init__(self, account: str = ACCOUNT) -> None:
        super().__init__(account)
        self.posts: deque[Post | Exception | None] = deque()
        self.asked: list[str] = []

    async def heading(self, thread: str) -> Post | None:
        self.asked.append(thread)
        answer = self.posts.popleft() if self.posts else POST
        if isinstance(answer, Exception):
            raise answer
        return answer


async def comments(house: House, plug: Plug, text: str = "Lampunya mati", **facts: object) -> None:
    await wrote(house, plug, text, conversation="9_1", surface=Surface.PUBLIC, **facts)


async def known(house: House) -> Post | None:
    return await house.store.read(lambda work: work.posts.get(ACCOUNT, "9_1"))


async def told(house: House) -> int:
    happened = await house.store.read(lambda work: work.screens.happened(0, 100))
    return sum(one.verb == "post_known" for one in happened)


async def test_the_first_comment_has_the_post_asked_for_and_the_screens_hear_of_it(build: Build) -> None:
    plug = HeadingPlug()
    house = build(plug)
    await comments(house, plug)
    await comments(house, plug, "Masih mati")

    assert not await heading.turn(house, "satu")
    await comments(house, plug, "Terima kasih")
    await heading.turn(house, "satu")

    assert plug.asked == ["9_1"]
    assert await known(house) == POST
    assert await told(house) == 1


async def test_private_words_and_the_post_itself_ask_for_nothing(build: Build) -> None:
    plug = HeadingPlug()
    house = build(plug)
    await wrote(house, plug, "Halo", conversation="5001")
    ours = replace(
        an_incoming("Pengumuman", external_id="9_1", conversation="9_1", surface=Surface.PUBLIC), type=EventType.ECHO
    )
    await Intake(house.store, house.files, house.clock).take_in(plug, [plug.raw(ours)])
    await comments(house, plug)

    await heading.turn(house, "satu")

    assert plug.asked == []


async def test_what_a_webhook_tells_of_the_post_is_kept_until_more_is_known(build: Build) -> None:
    plug = HeadingPlug()
    house = build(plug)
    plug.posts.append(Post("Pengumuman"))
    await comments(house, plug, extra={"permalink": "https://mainan.example/lama"})
    assert await known(house) == Post(link="https://mainan.example/lama")

    await heading.turn(house, "satu")

    assert await known(house) == Post("Pengumuman", "https://mainan.example/lama")


async def test_trouble_is_waited_out_and_no_right_is_asked_again_a_few_days_only(
    build: Build, clock: HandClock
) -> None:
    plug = HeadingPlug()
    house = build(plug)
    plug.posts.extend([TryLater("ramai"), *[AccountBroken("tanpa izin")] * 20])
    await comments(house, plug)

    for _ in range(12):
        await heading.turn(house, "satu")
        clock.advance(2 * heading.A_DAY)

    assert len(plug.asked) == 6
    assert await known(house) is None
    assert await told(house) == 0


async def test_a_thread_without_a_post_is_not_asked_twice(build: Build) -> None:
    plug = HeadingPlug()
    house = build(plug)
    plug.posts.append(None)
    await comments(house, plug)
    await heading.turn(house, "satu")
    await comments(house, plug, "Lagi")
    await heading.turn(house, "satu")

    assert plug.asked == ["9_1"]
    assert await known(house) is None
