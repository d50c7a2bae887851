"""A mail without a thread is joined to where it belongs, with one click, and taken back with one."""

import pytest

from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.guesses import Guess
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.inbox import joining
from omnichannel.inbox.receive import Intake
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_case, a_staff
from tests.inbox.conftest import said, talk
from tests.inbox.test_belonging import BUDI, SITI, mail
from tests.plug import Plug


async def two(store: SqlStore, intake: Intake) -> tuple[Staff, Conversation, Conversation]:
    """Siti's thread, and Budi's mail that answers it."""
    plug = Plug()
    await intake.take_in(plug, [plug.raw(mail("satu", SITI))])
    await intake.take_in(plug, [plug.raw(mail("dua", BUDI, reply_to="satu@x", references=("satu@x",)))])
    return await store.write(a_staff), await talk(store, "satu"), await talk(store, "dua")


async def texts(store: SqlStore, thread: str) -> list[str]:
    return [one.text for one in await said(store, thread)]


async def test_it_waits_in_the_tray_once(store: SqlStore, intake: Intake) -> None:
    _, siti, budi = await two(store, intake)

    def again(work: Work) -> tuple[list[Guess], int]:
        work.guesses.add(Guess(budi.id, siti.id, "Siti", NOON))
        return work.guesses.open(), work.guesses.count()

    (guess,), count = await store.write(again)
    assert (guess.conversation_id, guess.other_id, guess.why, count) == (budi.id, siti.id, "Siti", 1)


async def test_joined_and_taken_back_everything_lies_where_it_lay(store: SqlStore, intake: Intake) -> None:
    staff, siti, budi = await two(store, intake)

    await store.write(lambda work: joining.join(work, staff, budi.id, siti.id, NOON))

    assert (await texts(store, "satu"), await texts(store, "dua")) == (["satu", "dua"], [])
    joined, shell = await talk(store, "satu"), await talk(store, "dua")
    assert (joined.unread, joined.preview, joined.state) == (2, "dua", ConversationState.OPEN)
    assert (shell.unread, shell.state) == (0, ConversationState.RESOLVED)
    assert await store.read(lambda work: work.guesses.count()) == 0

    await store.write(lambda work: joining.part(work, staff, budi.id, NOON))

    assert (await texts(store, "satu"), await texts(store, "dua")) == (["satu"], ["dua"])
    back, alone = await talk(store, "satu"), await talk(store, "dua")
    assert (back.preview, alone.preview, alone.unread) == ("satu", "dua", 1)
    assert (alone.state, await store.read(lambda work: work.guesses.count())) == (ConversationState.OPEN, 1)


async def test_what_came_since_stays_where_it_came(store: SqlStore, intake: Intake) -> None:
    staff, siti, budi = await two(store, intake)
    await store.write(lambda work: joining.join(work, staff, budi.id, siti.id, NOON))
    plug = Plug()
    await intake.take_in(plug, [plug.raw(mail("tiga", SITI, reply_to="dua@x", references=("dua@x",)))])

    await store.write(lambda work: joining.part(work, staff, budi.id, NOON))

    assert (await texts(store, "satu"), await texts(store, "dua")) == (["satu", "tiga"], ["dua"])


async def test_one_decision_is_enough(store: SqlStore, intake: Intake) -> None:
    staff, siti, budi = await two(store, intake)
    await store.write(lambda work: joining.keep_apart(work, staff, budi.id, NOON))

    with pytest.raises(Conflict):
        await store.write(lambda work: joining.join(work, staff, budi.id, siti.id, NOON))
    with pytest.raises(Conflict):
        await store.write(lambda work: joining.keep_apart(work, staff, budi.id, NOON))
    with pytest.raises(NotFound):
        await store.write(lambda work: joining.part(work, staff, budi.id, NOON))
    with pytest.raises(NotFound):
        await store.write(lambda work: joining.join(work, staff, siti.id, budi.id, NOON))


async def test_a_mail_with_a_number_of_its_own_is_not_swallowed(store: SqlStore, intake: Intake) -> None:
    staff, siti, budi = await two(store, intake)
    number = await store.write(lambda work: a_case(work, conversation=budi).number)

    with pytest.raises(Invalid, match=number):
        await store.write(lambda work: joining.join(work, staff, budi.id, siti.id, NOON))

    assert await texts(store, "dua") == ["dua"]
