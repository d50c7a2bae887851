"""Officers among themselves: one holds it, whoever is named learns of it, and nobody decides on an old page."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.together import LONGEST_WORD, Nudge, NudgeKind, Seen, named
from omnichannel.domain.work import Direction, Work
from omnichannel.inbox import reply, telling, triage
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_conversation, a_staff
from tests.plug import OPEN

MINUTE = timedelta(minutes=1)


def person(number: int, login: str, name: str) -> Staff:
    return Staff(id=number, login=login, name=name, role=Role.AGENT)


RINA, RINI = person(1, "rina", "Rina Wulandari"), person(2, "rini.s", "Rini Sofyan")
BUDI, BUDI_2 = person(3, "budi", "Budi Hartono"), person(4, "bh2", "Budi Santoso")
ALL = [RINA, RINI, BUDI, BUDI_2]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@rina tolong lihat", [RINA]),
        ("tolong @RINA.", [RINA]),
        ("@Rina Wulandari dan @rini.s, ya", [RINA, RINI]),
        ("@Rini saja", [RINI]),
        ("@Budi Santoso, bukan yang lain", [BUDI_2]),
        ("@budi", [BUDI]),  # a login is exact; the first name is two people's
        ("(@bh2)", [BUDI_2]),
        ("@rina @rina @rina", [RINA]),
        ("surat ke rina@kantor.go.id", []),
        ("@rinaldi", []),
        ("@", []),
        ("@@rina", [RINA]),
        ("tanpa siapa pun", []),
    ],
)
def test_a_note_names_whom_it_means(text: str, who: list[Staff]) -> None:
    assert named(text, ALL) == who


@given(st.text(alphabet=st.characters(), max_size=60))
def test_no_text_breaks_the_search_for_names(text: str) -> None:
    assert {one.id for one in named(f"{text}@rina {text}", ALL)} <= {1, 2, 3, 4}


@given(st.text(max_size=40))
def test_a_seal_is_read_or_is_none(text: str) -> None:
    seen = Seen.read(text)

    assert seen is None or seen.seal.split(".")[1] in ("open", "waiting", "resolved")


async def desk(store: SqlStore) -> tuple[Staff, Staff, Conversation]:
    def prepare(work: Work) -> tuple[Staff, Staff, Conversation]:
        rina = a_staff(work, login="rina", name="Rina Wulandari")
        return rina, a_staff(work, login="budi", name="Budi Hartono"), a_conversation(work)

    return await store.write(prepare)


async def news(store: SqlStore, staff: Staff) -> list[Nudge]:
    return await store.read(lambda work: [one for one in work.together.nudges(staff.id) if one.read_at is None])


async def count(store: SqlStore, staff: Staff) -> int:
    return await store.read(lambda work: work.together.count(staff.id))


async def test_of_ten_who_claim_it_at_once_exactly_one_has_it(store: SqlStore) -> None:
    def prepare(work: Work) -> tuple[list[Staff], Conversation]:
        return [a_staff(work, name=f"Petugas {n}") for n in range(10)], a_conversation(work)

    people, made = await store.write(prepare)

    def claim(one: Staff):
        return lambda work: triage.assign(work, one, made.id, one.id, now=NOON, seen=0)

    answers = await asyncio.gather(*(store.write(claim(one)) for one in people), return_exceptions=True)

    holder = await store.read(lambda work: work.conversations.get(made.id))
    assert holder is not None
    winner = next(one for one in people if one.id == holder.assignee_id)
    refused = [one for one in answers if isinstance(one, Conflict)]
    assert len(refused) == 9
    assert all(winner.name in str(one) for one in refused)
    taken = await store.read(lambda work: [one.verb for one in work.screens.history(made.id)])
    assert taken.count("assigned") == 1


async def test_the_former_holder_learns_who_took_over(quick_store: SqlStore) -> None:
    rina, budi, talk = await desk(quick_store)
    await quick_store.write(lambda work: triage.assign(work, rina, talk.id, rina.id, now=NOON, seen=0))

    await quick_store.write(lambda work: triage.assign(work, budi, talk.id, budi.id, now=NOON, seen=rina.id))

    (told,) = await news(quick_store, rina)
    assert (told.kind, told.by, told.words) == (NudgeKind.TAKEOVER, "Budi Hartono", "Budi Hartono")
    assert await news(quick_store, budi) == []


async def test_a_word_goes_along_and_stays_on_top_until_it_is_read(store: SqlStore) -> None:
    rina, budi, talk = await desk(store)

    def give(work: Work) -> None:
        triage.assign(work, rina, talk.id, budi.id, now=NOON, seen=0, word="  Sudah ditelepon, tunggu fotonya. ")

    await store.write(give)
    (told,) = await news(store, budi)
    await store.write(lambda work: telling.read(work, budi, NOON, talk, word=False))
    still = await store.read(lambda work: work.together.handed(talk.id))
    await store.write(lambda work: telling.read(work, budi, NOON, talk))

    assert (told.kind, told.by, told.words) == (
        NudgeKind.HANDOVER,
        "Rina Wulandari",
        "Sudah ditelepon, tunggu fotonya.",
    )
    assert [one.id for one in still] == [told.id]
    assert await store.read(lambda work: work.together.handed(talk.id)) == []
    assert await count(store, budi) == 0
    notes = await store.read(
        lambda work: [one for one in work.messages.thread(talk.id) if one.direction is Direction.NOTE]
    )
    assert [one.text for one in notes] == ["@budi Sudah ditelepon, tunggu fotonya."]


async def test_a_word_without_end_moves_nothing(quick_store: SqlStore) -> None:
    rina, budi, talk = await desk(quick_store)

    with pytest.raises(Invalid):
        await quick_store.write(
            lambda work: triage.assign(work, rina, talk.id, budi.id, now=NOON, seen=0, word="x" * (LONGEST_WORD + 1))
        )

    after = await quick_store.read(lambda work: work.conversations.get(talk.id))
    assert after is not None
    assert after.assignee_id is None


async def test_who_is_named_in_a_note_is_told_once(store: SqlStore) -> None:
    rina, budi, talk = await desk(store)

    for _ in range(2):  # a double click
        await store.write(lambda work: reply.note(work, rina, talk.id, "@budi @rina lihat ini", key="k", now=NOON))

    (told,) = await news(store, budi)
    assert (told.kind, told.by, told.words) == (NudgeKind.MENTION, "Rina Wulandari", "@budi @rina lihat ini")
    assert told.message_id is not None
    assert await news(store, rina) == []
    assert await count(store, budi) == 1


async def test_a_note_to_somebody_who_could_not_read_it_is_not_written(quick_store: SqlStore) -> None:
    def prepare(work: Work):
        far = a_staff(work, login="umi", name="Umi", role=Role.UNIT, unit="pdam")
        return a_staff(work), far, a_conversation(work, unit="dishub")

    rina, _, talk = await quick_store.write(prepare)

    with pytest.raises(Invalid, match="Umi"):
        await quick_store.write(lambda work: reply.note(work, rina, talk.id, "@umi tolong", key="k", now=NOON))

    assert await quick_store.read(lambda work: work.messages.thread(talk.id)) == []


async def test_who_answers_what_nobody_holds_holds_it_and_the_history_says_so(quick_store: SqlStore) -> None:
    rina, budi, talk = await desk(quick_store)

    def answering(who: Staff, key: str):
        return lambda work: reply.reply(work, who, talk.id, "Baik", key=key, capabilities=OPEN, now=NOON)

    await quick_store.write(answering(rina, "a"))
    await quick_store.write(answering(budi, "b"))

    after = await quick_store.read(lambda work: (work.conversations.get(talk.id), work.screens.history(talk.id)))
    assert after[0] is not None
    assert after[0].assignee_id == rina.id
    assert [(one.actor_name, one.after) for one in after[1] if one.verb == "assigned"] == [(rina.name, rina.name)]


async def test_an_answer_beside_a_colleagues_fresh_one_asks_first(quick_store: SqlStore) -> None:
    rina, budi, talk = await desk(quick_store)
    first = await quick_store.write(
        lambda work: reply.reply(work, rina, talk.id, "Sudah", key="a", capabilities=OPEN, now=NOON, answered=0)
    )

    def second(answered: int, key: str):
        return lambda work: reply.reply(
            work, budi, talk.id, "Belum", key=key, capabilities=OPEN, now=NOON, answered=answered
        )

    with pytest.raises(Conflict, match="Rina Wulandari baru saja menjawab"):
        await quick_store.write(second(0, "b"))
    await quick_store.write(second(first.id, "b"))
    await quick_store.write(second(0, "b"))  # the same click again is the same message

    texts = await quick_store.read(lambda work: [one.text for one in work.messages.thread(talk.id)])
    assert texts == ["Sudah", "Belum"]


async def test_a_follower_hears_of_others_and_not_of_themselves(store: SqlStore) -> None:
    rina, budi, talk = await desk(store)
    await store.write(lambda work: reply.note(work, budi, talk.id, "sebelumnya", key="0", now=NOON))
    await store.write(lambda work: telling.follow(work, rina, talk, NOON))
    await store.write(lambda work: telling.follow(work, rina, talk, NOON))
    quiet = await count(store, rina)
    await store.write(lambda work: reply.note(work, rina, talk.id, "sendiri", key="1", now=NOON))
    own = await count(store, rina)

    await store.write(lambda work: reply.note(work, budi, talk.id, "satu", key="2", now=NOON + MINUTE))
    await store.write(lambda work: reply.note(work, budi, talk.id, "dua", key="3", now=NOON + MINUTE))
    (told,) = await news(store, rina)
    heard = await count(store, rina)
    await store.write(lambda work: telling.read(work, rina, NOON, talk))

    assert (quiet, own, heard) == (0, 0, 1)
    assert (told.kind, told.by, told.conversation_id) == (NudgeKind.FOLLOW, "Budi Hartono", talk.id)
    assert await count(store, rina) == 0
    await store.write(lambda work: telling.unfollow(work, rina, talk, NOON))
    await store.write(lambda work: reply.note(work, budi, talk.id, "tiga", key="4", now=NOON + MINUTE))
    assert await count(store, rina) == 0
