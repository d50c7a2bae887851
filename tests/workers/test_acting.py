"""Read marks and hidden comments on their way to the platform; and the templates on their way to us."""

from collections import deque
from datetime import timedelta
from functools import partial
from typing import Any

from omnichannel.domain.aside import answer_aside
from omnichannel.domain.channel import Address, Capabilities, Surface
from omnichannel.domain.errors import AccountBroken, TryLater
from omnichannel.domain.message import Sent, Template
from omnichannel.domain.outreach import Sight
from omnichannel.domain.work import Work
from omnichannel.inbox import acts, templates, veils
from omnichannel.inbox.triage import mark_read
from omnichannel.workers import acting, sending, templating
from tests.build import ACCOUNT, a_staff
from tests.house import HandClock
from tests.plug import Plug
from tests.workers.conftest import Build, wrote

CAN = Capabilities(
    text_limit=1000, hide=True, read_marks=True, private_reply=True, private=Capabilities(text_limit=500)
)


class Handy(Plug):
    """One that can do all of it; `answers_to` gives what each call says."""

    def __init__(self) -> None:
        super().__init__(capabilities=CAN)
        self.done: list[tuple[str, ...]] = []
        self.answers_to: deque[Exception | None] = deque()
        self.listed: tuple[Template, ...] = ()

    def _did(self, *what: str) -> None:
        self.done.append(what)
        error = self.answers_to.popleft() if self.answers_to else None
        if error is not None:
            raise error

    async def mark_read(self, external_id: str, address: Address) -> None:
        self._did("read", external_id, address.conversation)

    async def hide(self, external_id: str) -> None:
        self._did("hide", external_id)

    async def show(self, external_id: str) -> None:
        self._did("show", external_id)

    async def answer_privately(self, external_id: str, text: str, *, key: str, author: str = "") -> Sent:
        self._did("private", external_id, text, author)
        return Sent("p-1", thread="psid-9")

    async def templates(self) -> tuple[Template, ...]:
        self._did("templates")
        return self.listed


async def test_a_conversation_that_was_read_is_marked_at_the_platform(build: Build) -> None:
    plug = Handy()
    house = build(plug)
    message = await wrote(house, plug)
    staff = await house.store.write(a_staff)
    read = partial(mark_read, staff=staff, conversation_id=message.conversation_id, now=house.clock.now())

    await house.store.write(partial(read, capabilities=CAN))
    await acting.turn(house, ACCOUNT, "satu")
    await acting.turn(house, ACCOUNT, "satu")

    assert plug.done == [("read", message.external_id, "utas-1")]


async def test_a_comment_is_hidden_after_the_platform_had_no_time(build: Build, clock: HandClock) -> None:
    plug = Handy()
    house = build(plug)
    comment = await wrote(house, plug, surface=Surface.PUBLIC)
    staff = await house.store.write(a_staff)
    plug.answers_to += [TryLater("ramai", timedelta(seconds=30)), RuntimeError("?")]

    async def hide() -> None:
        await house.store.write(
            partial(veils.hide, staff=staff, message_id=comment.id, capabilities=CAN, now=clock.now())
        )

    async def sight() -> Any:
        return await house.store.read(lambda work: work.outreach.veil_of(comment.id))

    await hide()
    await acting.turn(house, ACCOUNT, "satu")
    assert (await sight()).sight is Sight.HIDING
    clock.advance(timedelta(seconds=31))
    await acting.turn(house, ACCOUNT, "satu")
    assert (await sight()).error, "a fault is told where the officer waits"
    await hide()
    await acting.turn(house, ACCOUNT, "satu")

    assert (await sight()).sight is Sight.HIDDEN
    assert [one[0] for one in plug.done] == ["hide"] * 3


async def test_what_a_connector_cannot_do_is_told_and_asked_no_more(build: Build, clock: HandClock) -> None:
    plug = Plug(capabilities=CAN)
    house = build(plug)
    comment = await wrote(house, plug, surface=Surface.PUBLIC)
    staff = await house.store.write(a_staff)
    await house.store.write(partial(veils.hide, staff=staff, message_id=comment.id, capabilities=CAN, now=clock.now()))

    await acting.turn(house, ACCOUNT, "satu")

    veil = await house.store.read(lambda work: work.outreach.veil_of(comment.id))
    assert veil is not None
    assert veil.error
    assert await house.store.read(lambda work: work.jobs.next_at(acts.queue_of(ACCOUNT))) is None


async def test_a_private_answer_goes_by_its_own_way(build: Build) -> None:
    plug = Handy()
    house = build(plug)
    comment = await wrote(house, plug, surface=Surface.PUBLIC)
    now = house.clock.now()

    def story(work: Work) -> int:
        made = answer_aside(work, comment, "Halo", key="k", capabilities=CAN, now=now, staff=a_staff(work))
        return made.conversation_id

    talk = await house.store.write(story)
    await sending.Sender(house, ACCOUNT, "satu").turn()

    assert plug.done == [("private", comment.external_id, "Halo", "warga-1")]
    assert plug.sent == []
    opened = await house.store.read(lambda work: work.conversations.get(talk))
    assert opened is not None
    assert opened.external_id == "psid-9"


async def test_templates_are_fetched_at_once_then_every_few_hours(build: Build, clock: HandClock) -> None:
    plug = Handy()
    plug.listed = (Template("kabar", "id", "approved"),)
    house = build(plug)

    for _ in range(3):
        await templating.turn(house, "satu")
    assert plug.done == [("templates",)]
    plug.listed = ()
    clock.advance(templates.EVERY)
    await templating.turn(house, "satu")

    assert len(plug.done) == 2
    assert await house.store.read(lambda work: work.outreach.templates(ACCOUNT)) == []


async def test_an_order_by_hand_fetches_them_now_and_only_once(build: Build, clock: HandClock) -> None:
    plug = Handy()
    house = build(plug)
    await templating.turn(house, "satu")

    for _ in range(3):
        await house.store.write(lambda work: templates.ask(work, ACCOUNT, clock.now()))
    await templating.turn(house, "satu")

    assert len(plug.done) == 2


async def test_templates_that_cannot_be_fetched_stay_as_they_were(build: Build, clock: HandClock) -> None:
    plug = Handy()
    house = build(plug)
    kept = (Template("kabar", "id", "approved"),)
    await house.store.write(lambda work: templates.keep(work, ACCOUNT, kept, clock.now()))
    plug.answers_to += [TryLater("ramai"), AccountBroken("token"), None]
    plug.listed = kept

    await templating.turn(house, "satu")
    assert len(await house.store.read(lambda work: work.outreach.templates(ACCOUNT))) == 1
    for _ in range(3):
        clock.advance(timedelta(minutes=5))
        await templating.turn(house, "satu")

    assert len(plug.done) == 3
