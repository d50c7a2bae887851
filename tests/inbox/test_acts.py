"""Read marks and hidden comments: asked once, done once, and told where somebody waits for it."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import AccountBroken, Invalid, Refused, TryLater
from omnichannel.domain.message import Author, Delivery, Event, EventType
from omnichannel.domain.outreach import Sight, Veil
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Job, Message, Work
from omnichannel.inbox import acts, veils
from omnichannel.inbox.reply import reply
from omnichannel.inbox.triage import mark_read
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_conversation, a_message, a_staff
from tests.inbox.conftest import Tell

CAN = Capabilities(text_limit=100, hide=True, read_marks=True)
MINUTE = timedelta(minutes=1)


async def waiting(store: SqlStore, at=NOON) -> list[tuple[Job, acts.Act | None]]:
    def story(work: Work) -> list[tuple[Job, acts.Act | None]]:
        jobs = work.jobs.claim(acts.queue_of(ACCOUNT), "uji", at, MINUTE, 10)
        return [(job, acts.begin(work, job, at)) for job in jobs]

    return await store.write(story)


async def read_here(store: SqlStore, can: Capabilities = CAN, times: int = 1) -> Message:
    def story(work: Work) -> Message:
        talk = a_conversation(work, last_in_at=NOON, unread=2, external_id="utas-1")
        a_message(work, conversation=talk)
        return a_message(work, conversation=talk, at=NOON + timedelta(seconds=5))

    last = await store.write(story)
    staff: Staff = await store.write(a_staff)
    for _ in range(times):
        await store.write(
            partial(mark_read, staff=staff, conversation_id=last.conversation_id, now=NOON, capabilities=can)
        )
    return last


async def test_opening_a_conversation_marks_its_last_message_once(quick_store: SqlStore) -> None:
    last = await read_here(quick_store, times=3)

    ((job, act),) = await waiting(quick_store)

    assert act is not None
    assert (act.what, act.external_id, act.address.conversation) == (acts.READ, last.external_id, "utas-1")
    await quick_store.write(lambda work: acts.finished(work, job, act, NOON))
    assert await waiting(quick_store, NOON + MINUTE) == []


async def test_where_the_channel_has_no_marks_nothing_waits(quick_store: SqlStore) -> None:
    await read_here(quick_store, Capabilities(text_limit=100))

    assert await waiting(quick_store) == []


async def test_a_mark_that_cannot_be_set_is_dropped_after_a_few_tries(quick_store: SqlStore) -> None:
    await read_here(quick_store)
    at, tries = NOON, 0
    while (found := await waiting(quick_store, at)) and tries < 10:
        ((job, act),) = found
        assert act is not None
        await quick_store.write(partial(acts.failed, job=job, act=act, error=TryLater("ramai"), now=at))
        at, tries = at + timedelta(hours=1), tries + 1

    assert tries == acts.READ_TRIES


async def a_comment(store: SqlStore) -> tuple[Message, Staff]:
    def story(work: Work) -> tuple[Message, Staff]:
        talk = a_conversation(work, surface=Surface.PUBLIC, channel=Channel.FACEBOOK, external_id="kiriman-1")
        return a_message(work, conversation=talk, external_id="komentar-1", text="NIK 6408012345678901"), a_staff(work)

    return await store.write(story)


async def sight(store: SqlStore, comment: Message) -> Veil | None:
    return await store.read(lambda work: work.outreach.veil_of(comment.id))


async def test_hidden_twice_is_hidden_once_and_shown_again(quick_store: SqlStore) -> None:
    comment, staff = await a_comment(quick_store)
    hide = partial(veils.hide, staff=staff, message_id=comment.id, capabilities=CAN, now=NOON)
    await quick_store.write(hide)
    await quick_store.write(hide)

    ((job, act),) = await waiting(quick_store)
    assert act is not None
    assert (act.what, act.external_id) == (acts.HIDE, "komentar-1")
    await quick_store.write(lambda work: acts.finished(work, job, act, NOON))

    veil = await sight(quick_store, comment)
    assert veil is not None
    assert veil.sight is Sight.HIDDEN
    await quick_store.write(partial(veils.show, staff=staff, message_id=comment.id, capabilities=CAN, now=NOON))
    ((_, back),) = await waiting(quick_store)
    assert back is not None
    assert back.what == acts.SHOW


@pytest.mark.parametrize("arrives", [True, False])
async def test_where_a_hidden_comment_takes_no_answer_the_answer_goes_first_but_not_for_long(
    quick_store: SqlStore, arrives: bool
) -> None:
    comment, staff = await a_comment(quick_store)
    able = replace(CAN, answers_hidden=False)

    def story(work: Work) -> Message:
        said = reply(work, staff, comment.conversation_id, "Terima kasih.", key="k", capabilities=able, now=NOON)
        veils.hide(work, staff, comment.id, capabilities=able, now=NOON, after=said)
        return said

    said = await quick_store.write(story)
    assert [act for _, act in await waiting(quick_store)] == [None]
    if arrives:
        await quick_store.write(lambda work: work.messages.set_delivery(said.id, Delivery.SENT, NOON))

    ((_, act),) = await waiting(quick_store, NOON + (timedelta(seconds=1) if arrives else 3 * MINUTE))

    assert act is not None
    assert act.what == acts.HIDE


async def test_a_change_of_mind_while_it_is_on_the_wire_wins(quick_store: SqlStore) -> None:
    comment, staff = await a_comment(quick_store)
    await quick_store.write(partial(veils.hide, staff=staff, message_id=comment.id, capabilities=CAN, now=NOON))
    ((job, act),) = await waiting(quick_store)
    assert act is not None
    await quick_store.write(partial(veils.show, staff=staff, message_id=comment.id, capabilities=CAN, now=NOON))

    await quick_store.write(lambda work: acts.finished(work, job, act, NOON))

    ((_, next_),) = await waiting(quick_store)
    assert next_ is not None
    assert next_.what == acts.SHOW


@pytest.mark.parametrize("error", [Refused("komentar sudah tidak ada"), RuntimeError("?")])
async def test_what_the_platform_refuses_stands_at_the_comment(quick_store: SqlStore, error: Exception) -> None:
    comment, staff = await a_comment(quick_store)
    hide = partial(veils.hide, staff=staff, message_id=comment.id, capabilities=CAN, now=NOON)
    await quick_store.write(hide)
    ((job, act),) = await waiting(quick_store)
    assert act is not None

    await quick_store.write(lambda work: acts.failed(work, job, act, error, NOON))

    veil = await sight(quick_store, comment)
    assert veil is not None
    assert (veil.sight, bool(veil.error)) == (Sight.SHOWN, True)
    await quick_store.write(hide)
    assert len(await waiting(quick_store)) == 1, "it can be tried again"


async def test_a_broken_account_is_shown_and_the_hiding_waits_for_its_mend(quick_store: SqlStore) -> None:
    comment, staff = await a_comment(quick_store)
    await quick_store.write(lambda work: work.accounts.ensure(ACCOUNT, Channel.FACEBOOK))
    await quick_store.write(partial(veils.hide, staff=staff, message_id=comment.id, capabilities=CAN, now=NOON))
    ((job, act),) = await waiting(quick_store)
    assert act is not None

    await quick_store.write(lambda work: acts.failed(work, job, act, AccountBroken("token mati"), NOON))

    state = await quick_store.read(lambda work: work.accounts.get(ACCOUNT))
    assert state is not None
    assert state.health == "broken"
    assert len(await waiting(quick_store, NOON + timedelta(minutes=6))) == 1


async def test_where_nothing_can_be_hidden_it_says_so(quick_store: SqlStore) -> None:
    comment, staff = await a_comment(quick_store)
    for can in (None, Capabilities(text_limit=100)):
        with pytest.raises(Invalid):
            await quick_store.write(partial(veils.hide, staff=staff, message_id=comment.id, capabilities=can, now=NOON))
    with pytest.raises(Invalid, match="semua orang"):
        await quick_store.write(partial(veils.show, staff=staff, message_id=comment.id, capabilities=CAN, now=NOON))


async def test_hidden_in_the_platforms_own_app_is_known_here(quick_store: SqlStore, tell: Tell) -> None:
    comment, _ = await a_comment(quick_store)

    def told(hidden: str) -> Event:
        return Event(
            type=EventType.NOTICE,
            external_id=f"komentar-1#notice#{hidden}",
            target="komentar-1",
            conversation="kiriman-1",
            surface=Surface.PUBLIC,
            author=Author(id="kami"),
            text="Komentar disembunyikan.",
            extra={"hidden": hidden},
        )

    await tell(told("yes"))
    hidden = await sight(quick_store, comment)
    await tell(told("no"))
    shown = await sight(quick_store, comment)

    assert hidden is not None
    assert shown is not None
    assert (hidden.sight, shown.sight) == (Sight.HIDDEN, Sight.SHOWN)
