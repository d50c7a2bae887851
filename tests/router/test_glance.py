"""Perhaps danger: on top until somebody has looked, and nobody outside is told."""

from dataclasses import replace

import pytest

from omnichannel.domain.case import Kind
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.screens import View
from omnichannel.domain.verdict import Reason
from omnichannel.domain.work import Happening, Message, Scope, Work
from omnichannel.inbox import triage
from omnichannel.inbox.track import view
from omnichannel.router import glance
from omnichannel.router.desk import Desk, conversation_of
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_staff
from tests.desk import a_verdict
from tests.router.conftest import Judge, Write, history, notices, talk

HEARD = Reason("tali jemurannya", 1.2, "perhaps:bunuh diri", 0, 15)
PERHAPS = replace(a_verdict(Kind.OTHER, 0.9), needs_person=True, reasons=(HEARD,))


async def first(store: SqlStore) -> int:
    """The conversation at the top of the unread."""
    page = await store.read(lambda work: work.screens.work_list(View.UNREAD, Scope(), today=NOON.date()))
    return page.rows[0].id


async def open_alarms(store: SqlStore) -> int:
    return len(await store.read(lambda work: work.alarms.open()))


async def read_by_staff(store: SqlStore, message: Message) -> Conversation:
    def story(work: Work) -> Conversation:
        return triage.mark_read(work, a_staff(work), message.conversation_id, now=NOON)

    return await store.write(story)


async def test_it_stands_on_top_with_its_words_and_rings_nobody(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    message = await write("tali jemurannya saya pinjam. maaf", conversation="satu")
    later = await write("jalan rusak", conversation="dua")
    await judge(message, PERHAPS)
    await judge(later, a_verdict())

    seen = await talk(quick_store, "satu")
    told = [one for one in await history(quick_store, message.conversation_id) if one.verb == "perhaps_danger"]

    assert seen.urgent
    assert seen.needs_person
    assert await first(quick_store) == message.conversation_id
    assert [one.why for one in told] == ["“tali jemurannya”"]
    assert await open_alarms(quick_store) == 0
    assert await notices(quick_store, message.conversation_id) == []
    shown = await quick_store.read(lambda work: view(work, message.conversation_id))
    assert shown is not None
    assert not shown.danger


async def test_a_look_ends_it_and_the_same_message_asks_no_second_time(
    quick_store: SqlStore, write: Write, judge: Judge
) -> None:
    message = await write("tali jemurannya saya pinjam. maaf")
    await judge(message, PERHAPS)

    assert not (await read_by_staff(quick_store, message)).urgent

    await judge(message, replace(PERHAPS, p=a_verdict(Kind.OTHER, 0.7).p))
    assert not (await talk(quick_store)).urgent


async def test_a_look_does_not_end_an_alarm(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    message = await write("tolong kebakaran")
    await judge(message, a_verdict(urgent=True))

    assert (await read_by_staff(quick_store, message)).urgent
    shown = await quick_store.read(lambda work: view(work, message.conversation_id))
    assert shown is not None
    assert shown.danger


async def test_danger_that_a_person_confirms_rings_the_alarm_and_sends_the_citizen_to_112(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk
) -> None:
    message = await write("tali jemurannya saya pinjam. maaf")
    await judge(message, PERHAPS)

    await quick_store.write(lambda work: glance.confirm(work, desk, a_staff(work), _of(work, message), NOON))

    assert await open_alarms(quick_store) == 1
    assert (await talk(quick_store)).urgent
    assert len(await notices(quick_store, message.conversation_id)) == 1
    assert await question(quick_store, message) is None


async def test_danger_that_a_person_rules_out_rings_nobody_and_is_asked_no_second_time(
    quick_store: SqlStore, write: Write, judge: Judge, desk: Desk
) -> None:
    message = await write("tali jemurannya saya pinjam. maaf")
    await judge(message, PERHAPS)
    asked = await question(quick_store, message)

    await quick_store.write(lambda work: glance.rule_out(work, a_staff(work), _of(work, message), NOON))
    await judge(message, replace(PERHAPS, p=a_verdict(Kind.OTHER, 0.7).p))

    assert asked is not None
    assert asked.why == "“tali jemurannya”"
    assert await open_alarms(quick_store) == 0
    assert not (await talk(quick_store)).urgent
    assert await question(quick_store, message) is None
    with pytest.raises(Invalid, match="sudah dijawab"):
        await quick_store.write(lambda work: glance.confirm(work, desk, a_staff(work), _of(work, message), NOON))


async def test_the_next_message_may_ask_again(quick_store: SqlStore, write: Write, judge: Judge) -> None:
    message = await write("tali jemurannya saya pinjam. maaf")
    await judge(message, PERHAPS)
    await quick_store.write(lambda work: glance.rule_out(work, a_staff(work), _of(work, message), NOON))
    later = await write("pilnya sudah di gelas")

    await judge(later, PERHAPS)

    asked = await question(quick_store, later)
    assert asked is not None
    assert asked.thing_id == later.id


def _of(work: Work, message: Message) -> Conversation:
    return conversation_of(work, message.conversation_id)


async def question(store: SqlStore, message: Message) -> Happening | None:
    return glance.asked(await history(store, message.conversation_id))
