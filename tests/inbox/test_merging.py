"""Threads of one citizen shown as one, and single again; messages taken out, and put back. What was received stays true."""

from dataclasses import replace
from functools import partial

import pytest

from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.joins import ContactLink
from omnichannel.domain.people import Contact, Staff
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.inbox import kin, merging, reply, telling
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_case, a_contact, a_conversation, a_message, a_staff, an_incoming
from tests.inbox.conftest import Tell, said, talk
from tests.plug import OPEN


async def of(store: SqlStore, number: int) -> Conversation:
    found = await store.read(lambda work: work.conversations.get(number))
    assert found is not None
    return found


async def two(store: SqlStore, tell: Tell) -> tuple[Staff, Conversation, Conversation]:
    """One citizen who writes in two threads."""
    await tell(an_incoming(text="satu", conversation="utas-1"))
    await tell(an_incoming(text="dua", conversation="utas-2"))
    return await store.write(a_staff), await talk(store, "utas-1"), await talk(store, "utas-2")


async def seen(store: SqlStore, one: Conversation) -> list[str]:
    def question(work: Work) -> list[str]:
        now = work.conversations.get(one.id)
        assert now is not None
        messages = [m for each in merging.group(work, now) for m in work.messages.thread(each.id)]
        return [m.text for m in sorted(messages, key=lambda m: m.id)]

    return await store.read(question)


async def test_merged_both_are_read_as_one_and_the_list_has_one_row(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)

    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))

    main, side = await of(quick_store, first.id), await of(quick_store, second.id)
    assert await seen(quick_store, main) == await seen(quick_store, side) == ["satu", "dua"]
    assert (main.unread, main.preview, main.state) == (2, "dua", ConversationState.OPEN)
    assert (side.unread, side.state) == (0, ConversationState.RESOLVED)


async def test_a_new_word_lands_in_its_own_thread_and_lifts_the_main_row(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)
    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))

    await tell(an_incoming(text="tiga", conversation="utas-2"))

    main, side = await of(quick_store, first.id), await of(quick_store, second.id)
    assert [one.text for one in await said(quick_store, "utas-2")] == ["dua", "tiga"]
    assert (main.unread, main.preview) == (3, "tiga")
    assert (side.unread, side.state) == (0, ConversationState.RESOLVED)
    assert side.last_in_at is not None  # its own reply window is its own


async def test_an_answer_in_either_thread_answers_the_one_row(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)
    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))

    sent = await quick_store.write(
        lambda work: reply.reply(work, staff, second.id, "Baik", key="k", capabilities=OPEN, now=NOON)
    )

    main = await of(quick_store, first.id)
    assert sent.conversation_id == second.id
    assert (main.unread, main.state, main.preview, main.assignee_id) == (0, ConversationState.WAITING, "Baik", staff.id)


async def test_merging_reads_nothing_for_anybody(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)
    await quick_store.write(
        lambda work: reply.reply(work, staff, second.id, "Baik", key="k", capabilities=OPEN, now=NOON)
    )

    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))

    assert (await of(quick_store, first.id)).unread == 1


async def test_who_follows_the_main_thread_hears_of_the_others(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)
    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))
    await quick_store.write(lambda work: telling.follow(work, staff, first, NOON))

    await tell(an_incoming(text="tiga", conversation="utas-2"))

    assert await quick_store.read(lambda work: work.together.count(staff.id)) == 1


async def test_a_colleagues_fresh_answer_in_the_other_thread_is_read_first(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)
    budi = await quick_store.write(partial(a_staff, name="Budi"))
    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))
    await quick_store.write(
        lambda work: reply.reply(work, budi, second.id, "Sudah", key="b", capabilities=OPEN, now=NOON)
    )

    with pytest.raises(Conflict, match="Budi"):
        await quick_store.write(
            lambda work: reply.reply(work, staff, first.id, "Sudah", key="a", capabilities=OPEN, now=NOON, answered=0)
        )


async def test_parted_each_stands_as_before_with_what_was_said_since(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)
    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))
    await tell(an_incoming(text="tiga", conversation="utas-2"))

    await quick_store.write(lambda work: merging.unmerge(work, staff, second.id, NOON))

    main, side = await of(quick_store, first.id), await of(quick_store, second.id)
    assert (await seen(quick_store, main), await seen(quick_store, side)) == (["satu"], ["dua", "tiga"])
    assert (main.preview, side.preview) == ("satu", "tiga")
    assert (side.state, side.unread) == (ConversationState.OPEN, 1)
    with pytest.raises(NotFound):
        await quick_store.write(lambda work: merging.unmerge(work, staff, second.id, NOON))


async def test_a_running_case_keeps_its_clock_in_the_lists(store: SqlStore) -> None:
    def prepare(work: Work) -> tuple[Staff, Conversation, Conversation]:
        citizen = a_contact(work)
        first, second = a_conversation(work, contact=citizen), a_conversation(work, contact=citizen)
        case = a_case(work, conversation=second)
        second = work.conversations.save(second, replace(second, due=case.due.isoformat(), case_id=case.id))
        return a_staff(work), first, second

    staff, first, second = await store.write(prepare)
    before = await store.read(lambda work: work.cases.of_conversation(second.id))

    await store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))

    side = await of(store, second.id)
    assert side.state is ConversationState.WAITING
    assert side.due == second.due
    assert await store.read(lambda work: work.cases.of_conversation(second.id)) == before


async def test_only_one_citizens_private_threads_of_one_unit_become_one(quick_store: SqlStore) -> None:
    def prepare(work: Work) -> tuple[Staff, list[Conversation]]:
        citizen = a_contact(work)
        mine = a_conversation(work, contact=citizen, unit="dishub")
        stranger = a_conversation(work, unit="dishub")
        public = a_conversation(work, contact=citizen, surface=Surface.PUBLIC, unit="dishub")
        other_unit = a_conversation(work, contact=citizen, unit="pdam")
        return a_staff(work), [mine, stranger, public, other_unit]

    staff, (mine, *others) = await quick_store.write(prepare)

    for other in (mine, *others):
        with pytest.raises(Invalid):
            await quick_store.write(
                partial(merging.merge, staff=staff, conversation_id=other.id, into_id=mine.id, now=NOON)
            )


async def test_what_goes_to_another_unit_is_shown_with_the_rest_no_more(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)
    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))

    def passed(work: Work) -> None:
        now = work.conversations.get(second.id)
        assert now is not None
        work.conversations.save(now, replace(now, unit="pdam"))

    await quick_store.write(passed)

    assert await seen(quick_store, first) == ["satu"]


async def test_three_threads_merge_into_one_whatever_the_order(quick_store: SqlStore, tell: Tell) -> None:
    staff, first, second = await two(quick_store, tell)
    await tell(an_incoming(text="tiga", conversation="utas-3"))
    third = await talk(quick_store, "utas-3")
    await quick_store.write(lambda work: merging.merge(work, staff, third.id, second.id, NOON))

    await quick_store.write(lambda work: merging.merge(work, staff, second.id, first.id, NOON))

    assert await seen(quick_store, third) == ["satu", "dua", "tiga"]
    with pytest.raises(Conflict):
        await quick_store.write(lambda work: merging.merge(work, staff, third.id, first.id, NOON))


async def split_two(store: SqlStore, tell: Tell) -> tuple[Staff, Conversation, list[Message], Conversation]:
    for text in ("lampu", "sampah", "sampah lagi"):
        await tell(an_incoming(text=text))
    staff, origin, messages = await store.write(a_staff), await talk(store), await said(store)
    made = await store.write(lambda work: merging.split(work, staff, origin.id, [one.id for one in messages[1:]], NOON))
    return staff, origin, messages, made


async def test_chosen_messages_get_a_thread_of_their_own_with_the_same_address(
    quick_store: SqlStore, tell: Tell
) -> None:
    _, origin, _, made = await split_two(quick_store, tell)

    assert [one.text for one in await said(quick_store)] == ["lampu"]
    assert await seen(quick_store, made) == ["sampah", "sampah lagi"]
    assert made.address("x") == origin.address("x")
    assert (made.needs_person, made.unread, made.preview) == (True, 2, "sampah lagi")
    assert (await of(quick_store, origin.id)).preview == "lampu"


async def test_new_words_go_to_the_thread_and_an_answer_to_where_it_answers(quick_store: SqlStore, tell: Tell) -> None:
    _, _, messages, made = await split_two(quick_store, tell)

    await tell(an_incoming(text="baru"))
    await tell(an_incoming(text="soal sampah itu", reply_to=messages[1].external_id))
    await tell(an_incoming(text="soal lampu", reply_to=messages[0].external_id))

    assert [one.text for one in await said(quick_store)] == ["lampu", "baru", "soal lampu"]
    assert await seen(quick_store, made) == ["sampah", "sampah lagi", "soal sampah itu"]


async def test_a_split_is_undone_with_all_that_was_said_since(quick_store: SqlStore, tell: Tell) -> None:
    staff, origin, messages, made = await split_two(quick_store, tell)
    await tell(an_incoming(text="soal sampah itu", reply_to=messages[1].external_id))

    await quick_store.write(lambda work: merging.unsplit(work, staff, made.id, NOON))

    assert sorted(one.text for one in await said(quick_store)) == ["lampu", "sampah", "sampah lagi", "soal sampah itu"]
    assert await seen(quick_store, made) == []
    await tell(an_incoming(text="dan ini", reply_to=messages[1].external_id))
    assert len(await said(quick_store)) == 5
    with pytest.raises(NotFound):
        await quick_store.write(lambda work: merging.unsplit(work, staff, made.id, NOON))
    assert origin.id == messages[0].conversation_id


async def test_what_would_break_a_case_or_empty_a_thread_is_not_split(store: SqlStore) -> None:
    def prepare(work: Work) -> tuple[Staff, Conversation, list[Message]]:
        made = a_conversation(work)
        messages = [a_message(work, conversation=made, text=text) for text in ("a", "b")]
        a_case(work, conversation=made)
        stranger = a_message(work, conversation=a_conversation(work))
        return a_staff(work), made, [*messages, stranger]

    staff, made, (opener, second, stranger) = await store.write(prepare)
    case = await store.read(lambda work: work.cases.of_conversation(made.id)[0])
    first = opener if case.message_id == opener.id else second

    for chosen, kind in (
        ([], Invalid),
        ([first.id], Invalid),
        ([opener.id, second.id], Invalid),
        ([stranger.id], Conflict),
    ):
        with pytest.raises(kind):
            await store.write(
                partial(merging.split, staff=staff, conversation_id=made.id, message_ids=chosen, now=NOON)
            )


async def test_a_split_with_a_case_of_its_own_is_merged_instead(quick_store: SqlStore, tell: Tell) -> None:
    staff, origin, _, made = await split_two(quick_store, tell)
    await quick_store.write(lambda work: a_case(work, conversation=made))

    with pytest.raises(Invalid, match="sudah bernomor"):
        await quick_store.write(lambda work: merging.unsplit(work, staff, made.id, NOON))
    await quick_store.write(lambda work: merging.merge(work, staff, made.id, origin.id, NOON))

    assert await seen(quick_store, origin) == ["lampu", "sampah", "sampah lagi"]


async def people(store: SqlStore) -> dict[int, int | None]:
    return await store.read(
        lambda work: {n: one.person_id for n in range(1, 20) if (one := work.contacts.get(n)) is not None}
    )


async def kindred(store: SqlStore) -> tuple[Staff, list[Contact]]:
    def prepare(work: Work) -> tuple[Staff, list[Contact]]:
        found = [
            a_contact(work, id="wa", name="Siti", phone="+6281255500011"),
            a_contact(work, id="web", name="Siti Aminah", phone="081255500011", address="siti@contoh.id"),
            a_contact(work, id="mail", name=None, address="SITI@contoh.id"),
            a_contact(work, id="far", name="Siti"),
        ]
        for one in found:
            a_message(work, conversation=a_conversation(work, contact=one), direction=Direction.IN)
        return a_staff(work), found

    return await store.write(prepare)


async def test_what_speaks_for_one_citizen_is_named_and_a_name_alone_says_nothing(store: SqlStore) -> None:
    _, (wa, web, mail, far) = await kindred(store)

    def asked(work: Work) -> list[list[tuple[int, tuple[str, ...]]]]:
        return [[(one.contact.id, one.why) for one in kin.suggestions(work, each)] for each in (wa, web, mail, far)]

    assert await store.read(asked) == [
        [(web.id, (kin.PHONE,))],
        [(wa.id, (kin.PHONE,)), (mail.id, (kin.MAIL,))],
        [(web.id, (kin.MAIL,))],
        [],
    ]


async def test_the_same_name_in_the_same_village_is_a_reason(quick_store: SqlStore) -> None:
    def prepare(work: Work) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = [a_contact(work, id=id, name="Budi  Hartono" if id == "a" else "budi hartono") for id in "abc"]
        for one, village in zip(found, ("64.08.04.1001", "64.08.04.1001", "64.08.09.2001"), strict=True):
            case = a_case(work, conversation=a_conversation(work, contact=one))
            work.cases.save(case, replace(case, desa=village))
        return kin.reasons(work, found[0], found[1]), kin.reasons(work, found[0], found[2])

    assert await quick_store.write(prepare) == ((kin.PLACE,), ())


async def test_links_are_taken_back_one_by_one_to_exactly_what_was(store: SqlStore) -> None:
    staff, (wa, web, mail, far) = await kindred(store)
    stages = [await people(store)]
    for one, other in ((wa, web), (mail, far), (web, mail)):
        await store.write(partial(kin.link, staff=staff, contact_id=one.id, other_id=other.id, now=NOON))
        stages.append(await people(store))

    assert len(set(stages[-1].values())) == 1

    def undo(work: Work) -> None:
        newest = max((link for one in (wa, mail) if (link := latest(work, one.id))), key=lambda link: link.id)
        kin.unlink(work, staff, newest.id, newest.contact_id, NOON)

    for stage in reversed(stages[:-1]):
        await store.write(undo)
        assert await people(store) == stage


def latest(work: Work, contact_id: int) -> ContactLink | None:
    contact = work.contacts.get(contact_id)
    return kin.latest(work, contact) if contact else None


async def test_an_earlier_link_waits_for_the_later_and_merged_threads_for_both(quick_store: SqlStore) -> None:
    staff, (wa, web, mail, _) = await kindred(quick_store)
    await quick_store.write(lambda work: kin.link(work, staff, wa.id, web.id, NOON))
    linked = await quick_store.read(lambda work: work.contacts.get(wa.id))
    assert linked is not None
    first = await quick_store.read(lambda work: kin.latest(work, linked))
    assert first is not None
    await quick_store.write(lambda work: kin.link(work, staff, web.id, mail.id, NOON))

    with pytest.raises(Invalid, match="sesudahnya"):
        await quick_store.write(lambda work: kin.unlink(work, staff, first.id, wa.id, NOON))

    def merged(work: Work) -> int:
        a, b = work.joins.threads([wa.id])[0], work.joins.threads([mail.id])[0]
        merging.merge(work, staff, b.id, a.id, NOON)
        newest = kin.latest(work, linked)
        assert newest is not None
        return newest.id

    newest = await quick_store.write(merged)
    with pytest.raises(Invalid, match="masih digabung"):
        await quick_store.write(lambda work: kin.unlink(work, staff, newest, wa.id, NOON))


async def test_who_is_said_to_be_another_is_not_suggested_again(quick_store: SqlStore) -> None:
    staff, (wa, web, *_) = await kindred(quick_store)

    await quick_store.write(lambda work: kin.keep_apart(work, staff, wa.id, web.id, NOON))

    assert await quick_store.read(lambda work: kin.suggestions(work, wa)) == []
    assert wa.id not in [one.contact.id for one in await quick_store.read(lambda work: kin.suggestions(work, web))]
