"""A template leaves when the reply window has shut, once, and its state follows the platform's news."""

from datetime import timedelta
from functools import partial

import pytest

from omnichannel.domain.channel import Capabilities, Late
from omnichannel.domain.errors import Invalid, NotFound, WindowClosed
from omnichannel.domain.message import Author, Event, EventType, Template
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import deliver, templates
from omnichannel.inbox.reply import resend
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON
from tests.inbox.answers import DAY, a_talk, claimed
from tests.inbox.conftest import Tell

CAN = Capabilities(text_limit=4096, window=DAY, late=Late.TEMPLATE)
LATER = NOON + 2 * DAY
NEWS = Template("kabar", "id", "approved", "utility", "Kabar {{1}}: {{2}}.")
HELD = Template("tunda", "id", "rejected", "utility", "Halo", why="INVALID_FORMAT")


async def using(store: SqlStore, key: str = "k-1", name: str = "kabar", now=LATER, can=CAN, **values: str) -> Message:
    staff, talk = await a_talk(store)
    given = values or {"1": "LAP-2026-000001", "2": "selesai"}
    await store.write(lambda work: templates.keep(work, ACCOUNT, (NEWS, HELD), NOON))
    use = partial(templates.use, staff=staff, conversation_id=talk.id, name=name, language="id", values=given)
    once = partial(use, key=key, capabilities=can, now=now)
    first = await store.write(once)
    assert (await store.write(once)).id == first.id, "a double click is one message"
    return first


async def test_it_leaves_once_as_the_citizen_reads_it(quick_store: SqlStore) -> None:
    made = await using(quick_store)

    assert made.text == "Kabar LAP-2026-000001: selesai."
    (job,) = await claimed(quick_store, LATER)
    begun = await quick_store.write(lambda work: deliver.begin(work, job, LATER))
    assert begun is not None
    assert begun[0].template is not None
    assert dict(begun[0].template.values) == {"1": "LAP-2026-000001", "2": "selesai"}
    assert begun[0].text == made.text


async def test_while_the_window_is_open_ordinary_words_are_asked_for(quick_store: SqlStore) -> None:
    with pytest.raises(WindowClosed):
        await using(quick_store, now=NOON + timedelta(hours=1))
    with pytest.raises(WindowClosed):
        await using(quick_store, can=Capabilities(text_limit=100, window=DAY, late=Late.REFUSED))


async def test_one_that_may_not_be_sent_stays(quick_store: SqlStore) -> None:
    with pytest.raises(Invalid, match="ditolak"):
        await using(quick_store, name="tunda")
    with pytest.raises(NotFound):
        await using(quick_store, name="tidak-ada")
    with pytest.raises(Invalid, match="kosong"):
        await using(quick_store, **{"1": "a", "2": " "})
    assert await claimed(quick_store, LATER) == []


async def test_a_failed_template_can_be_sent_again_while_the_window_is_shut(quick_store: SqlStore) -> None:
    made = await using(quick_store)
    (job,) = await claimed(quick_store, LATER)
    await quick_store.write(lambda work: deliver.begin(work, job, LATER))
    await quick_store.write(lambda work: deliver.failed(work, job, RuntimeError("?"), LATER))
    staff, _ = await a_talk(quick_store)

    await quick_store.write(partial(resend, staff=staff, message_id=made.id, capabilities=CAN, now=LATER))

    assert len(await claimed(quick_store, LATER)) == 1


def news(state: str, name: str = "kabar", why: str = "") -> Event:
    told = {"template": name, "language": "id", "state": state, "why": why}
    return Event(
        type=EventType.NOTICE,
        external_id=f"{name}#notice#{state}",
        conversation="",
        author=Author(id=""),
        text="Status templat berubah",
        extra=told,
    )


async def states(store: SqlStore) -> dict[str, tuple[str, str]]:
    kept = await store.read(lambda work: work.outreach.templates(ACCOUNT))
    return {one.template.name: (one.template.state, one.template.why) for one in kept}


async def test_the_platforms_news_changes_the_kept_state(quick_store: SqlStore, tell: Tell) -> None:
    await quick_store.write(lambda work: templates.keep(work, ACCOUNT, (NEWS, HELD), NOON))

    await tell(news("paused", why="SECOND_PAUSE"), news("approved", "tunda"))

    assert await states(quick_store) == {"kabar": ("paused", "SECOND_PAUSE"), "tunda": ("approved", "")}


async def test_news_of_one_never_seen_has_the_list_fetched(quick_store: SqlStore, tell: Tell) -> None:
    await tell(news("approved", "baru"))

    def waiting(work: Work) -> object:
        return work.jobs.next_at(templates.QUEUE)

    assert await quick_store.read(waiting) is not None
    assert await states(quick_store) == {"baru": ("approved", "")}


async def test_what_the_platform_lists_no_more_is_gone(quick_store: SqlStore) -> None:
    await quick_store.write(lambda work: templates.keep(work, ACCOUNT, (NEWS, HELD), NOON))
    await quick_store.write(lambda work: templates.keep(work, ACCOUNT, (HELD,), NOON))

    assert list(await states(quick_store)) == ["tunda"]
