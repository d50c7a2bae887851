"""Contacts, conversations and messages: what every story stands on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import Conflict
from omnichannel.domain.message import Attachment, Author, Auto, Delivery, Location
from omnichannel.domain.work import MACHINE, Actor, Direction, FileState, Work
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_contact, a_conversation, a_message, a_staff

MINUTE = timedelta(minutes=1)


async def test_a_contact_is_their_opaque_id_and_the_rest_is_what_we_heard_last(store: SqlStore) -> None:
    def story(work: Work):
        first = work.contacts.meet(
            ACCOUNT, Channel.WHATSAPP, Author(id="BSUID.1", name="Warga A", phone="+62811"), NOON
        )
        silent = work.contacts.meet(ACCOUNT, Channel.WHATSAPP, Author(id="BSUID.1"), NOON + MINUTE)
        renamed = work.contacts.meet(ACCOUNT, Channel.WHATSAPP, Author(id="BSUID.1", name="Warga B", handle="b"), NOON)
        other = work.contacts.meet("x-pemkab", Channel.X, Author(id="BSUID.1", name="Warga A"), NOON)
        return first, silent, renamed, other, work.contacts.get(first.id), work.contacts.get(10**6)

    first, silent, renamed, other, kept, nobody = await store.write(story)

    assert silent == first
    assert renamed == replace(first, name="Warga B", handle="b") == kept
    assert (renamed.phone, renamed.label) == ("+62811", "Warga B")
    assert other.id != first.id
    assert nobody is None


async def test_a_conversation_is_found_by_thread_and_surface_and_by_its_token(store: SqlStore) -> None:
    def story(work: Work):
        direct = a_conversation(work, external_id="utas")
        public = a_conversation(work, external_id="utas", surface=Surface.PUBLIC)
        return (direct, public,
                work.conversations.find(ACCOUNT, "utas", Surface.DIRECT),
                work.conversations.by_token(public.token or ""),
                work.conversations.find(ACCOUNT, "another", Surface.DIRECT),
                work.conversations.by_token(""))  # fmt: skip

    direct, public, found, by_token, missing, tokenless = await store.write(story)

    assert found == direct
    assert by_token == public
    assert missing is None
    assert tokenless is None
    assert direct.token != public.token


async def test_everything_saved_comes_back(store: SqlStore) -> None:
    def story(work: Work):
        staff = a_staff(work, unit="dishub")
        before = a_conversation(work, subject="Jalan rusak")
        after = replace(
            before, state=ConversationState.WAITING, last_at=NOON + MINUTE, last_in_at=NOON, preview="Kapan diperbaiki?",
            unread=3, failed=1, assignee_id=staff.id, unit="dishub", kind="complaint", queue="lapor", topic="pju",
            confidence=0.92, needs_person=True, urgent=True, subject="Jalan", snoozed_until=NOON + MINUTE * 5,
            due="2026-12-03", case_id=None,
        )  # fmt: skip
        saved = work.conversations.save(before, after)
        return after, saved, work.conversations.get(before.id)

    after, saved, read = await store.write(story)

    assert saved == replace(after, version=after.version + 1)
    assert read == saved


async def test_the_slower_of_two_hears_who_was_faster(store: SqlStore) -> None:
    def story(work: Work):
        return a_conversation(work)

    before = await store.write(story)

    def faster(work: Work):
        work.conversations.save(before, replace(before, unread=1))
        work.note(Actor("staff:7", "Sari"), "assigned", "conversation", before.id, at=NOON, conversation_id=before.id)

    await store.write(faster)
    with pytest.raises(Conflict, match="Sari"):
        await store.write(lambda work: work.conversations.save(before, replace(before, unread=2)))

    kept = await store.read(lambda work: work.conversations.get(before.id))
    assert kept is not None
    assert kept.unread == 1


async def test_the_same_thread_cannot_be_opened_twice(store: SqlStore) -> None:
    await store.write(lambda work: a_conversation(work, external_id="utas"))

    with pytest.raises(Conflict):
        await store.write(lambda work: a_conversation(work, external_id="utas"))


async def test_snoozed_conversations_wake_when_their_moment_has_come(store: SqlStore) -> None:
    def story(work: Work) -> list[int]:
        return [a_conversation(work, snoozed_until=NOON + MINUTE * place).id for place in (3, 1, 2)]

    late, early, middle = await store.write(story)

    def woken(work: Work, minutes: float) -> list[int]:
        return [one.id for one in work.conversations.wake(NOON + MINUTE * minutes)]

    assert await store.read(lambda work: woken(work, 0.5)) == []
    assert await store.read(lambda work: woken(work, 2)) == [early, middle]
    assert await store.read(lambda work: woken(work, 9)) == [early, middle, late]


async def test_mail_finds_its_thread_by_message_id_and_never_by_an_empty_one(store: SqlStore) -> None:
    def story(work: Work):
        old = a_conversation(work, account="mail", at=NOON)
        new = a_conversation(work, account="mail", at=NOON + MINUTE)
        other = a_conversation(work, account="mail-ppid", at=NOON)
        a_message(work, conversation=old, message_id="1@warga.example")
        a_message(work, conversation=new, message_id="2@kami.example", direction=Direction.OUT)
        a_message(work, conversation=other, message_id="1@warga.example")
        a_message(work, conversation=new, message_id="")
        a_message(work, conversation=new, message_id=None)
        return old, new

    old, new = await store.write(story)

    def found(work: Work, *ids: str) -> list[int]:
        return [one.id for one in work.conversations.by_message_ids("mail", ids)]

    assert await store.read(lambda work: found(work, "1@warga.example", "2@kami.example")) == [new.id, old.id]
    assert await store.read(lambda work: found(work, "1@warga.example")) == [old.id]
    assert await store.read(lambda work: found(work, "", " ", "unknown")) == []
    assert await store.read(lambda work: found(work)) == []


async def test_a_message_keeps_everything_it_came_with(store: SqlStore) -> None:
    def story(work: Work):
        conversation = a_conversation(work)
        staff = a_staff(work)
        entry = work.ledger.append(ACCOUNT, b"{}", {}, NOON)
        return a_message(
            work, conversation=conversation, text="Balasan", direction=Direction.OUT, staff_id=staff.id, quoted="> apa",
            html="<p>Balasan</p>", subject="Re: Jalan", message_id="9@kami", reply_to="1@warga",
            references=("0@warga", "1@warga"), auto=Auto.AUTO_REPLY, automatic=True, location=Location(0.5, 117.5),
            delivery=Delivery.QUEUED, album="al", client_key="klik-1", unknown=True, ledger_id=entry.id,
        )  # fmt: skip

    made = await store.write(story)
    read = await store.read(lambda work: work.messages.get(made.id))

    assert read == made
    assert read == await store.read(lambda work: work.messages.by_external(ACCOUNT, made.external_id))
    assert read == await store.read(lambda work: work.messages.by_client_key("klik-1"))
    assert read == await store.read(lambda work: work.messages.by_album(made.conversation_id, "al"))
    assert await store.read(lambda work: work.messages.by_album(made.conversation_id, "")) is None
    assert await store.read(lambda work: work.messages.by_client_key("klik-2")) is None


async def test_one_click_that_arrives_twice_is_one_message(store: SqlStore) -> None:
    conversation = await store.write(a_conversation)
    await store.write(lambda work: a_message(work, conversation=conversation, client_key="klik", text="sekali"))

    with pytest.raises(Conflict):
        await store.write(lambda work: a_message(work, conversation=conversation, client_key="klik", text="dua kali"))

    thread = await store.read(lambda work: work.messages.thread(conversation.id))
    assert [message.text for message in thread] == ["sekali"]


async def test_a_story_may_catch_that_conflict_and_go_on(store: SqlStore) -> None:
    def story(work: Work):
        conversation = a_conversation(work)
        first = a_message(work, conversation=conversation, client_key="klik")
        try:
            a_message(work, conversation=conversation, client_key="klik")
        except Conflict:
            work.note(MACHINE, "repeated", "message", first.id, at=NOON)
        return first

    first = await store.write(story)

    assert await store.read(lambda work: work.screens.last_happening()) == 1
    assert await store.read(lambda work: work.messages.by_client_key("klik")) == first


async def test_a_thread_reads_by_platform_time_then_arrival_and_pages_both_ways(store: SqlStore) -> None:
    def story(work: Work):
        conversation = a_conversation(work)
        other = a_conversation(work)
        a_message(work, conversation=other, text="elsewhere")
        minutes = [5, 1, 1, 9, 3]
        made = [a_message(work, conversation=conversation, text=f"{at}.{place}", at=NOON + MINUTE * at)
                for place, at in enumerate(minutes)]  # fmt: skip
        return conversation, made

    conversation, made = await store.write(story)

    def texts(work: Work, **page: int) -> list[str]:
        return [message.text for message in work.messages.thread(conversation.id, **page)]

    assert await store.read(texts) == ["1.1", "1.2", "3.4", "5.0", "9.3"]
    assert await store.read(lambda work: texts(work, limit=2)) == ["5.0", "9.3"]
    assert await store.read(lambda work: texts(work, limit=2, before_id=made[0].id)) == ["1.2", "3.4"]
    assert await store.read(lambda work: texts(work, limit=2, before_id=made[2].id)) == ["1.1"]
    assert await store.read(lambda work: texts(work, before_id=made[1].id)) == []
    # What came in after: also the late one whose platform time is earlier.
    assert await store.read(lambda work: texts(work, after_id=made[2].id)) == ["3.4", "9.3"]
    assert await store.read(lambda work: texts(work, after_id=made[4].id)) == []


async def test_a_thread_costs_three_statements_however_long(quick_store: SqlStore) -> None:
    def story(work: Work):
        conversation = a_conversation(work)
        for place in range(60):
            message = a_message(work, conversation=conversation, at=NOON + MINUTE * place)
            work.messages.add_files(message.id, [Attachment("image/jpeg", id="a"), Attachment("image/jpeg", id="b")])
            work.messages.react(message.id, "warga", "👍", NOON)
        return conversation.id

    conversation_id = await quick_store.write(story)
    statements: list[str] = []

    def question(work: Work):
        driver = work.connection.connection.driver_connection  # type: ignore[attr-defined]
        driver.set_trace_callback(statements.append)  # below both hands, so that each statement is seen
        try:
            return work.messages.thread(conversation_id, limit=50)
        finally:
            driver.set_trace_callback(None)

    thread = await quick_store.read(question)

    assert len(statements) == 3
    assert len(thread) == 50
    assert all(len(message.files) == 2 and message.reactions == (("warga", "👍"),) for message in thread)


async def test_files_wait_until_they_are_kept_or_lost(store: SqlStore) -> None:
    def story(work: Work):
        message = a_message(work)
        waiting = work.messages.add_files(message.id, [Attachment("image/jpeg", name="a.jpg", id="1", url="https://x")])
        more = work.messages.add_files(
            message.id, [Attachment("text/plain", sha256="0" * 64, size=5), Attachment("video/mp4", size=10**40)]
        )
        work.messages.file_kept(waiting[0].id, "f" * 64, 123, "image/png")
        work.messages.file_lost(more[1].id, "tautan sudah mati")
        return message.id, waiting[0], more

    message_id, waiting, more = await store.write(story)
    message = await store.read(lambda work: work.messages.get(message_id))

    assert waiting.state is FileState.WAITING
    assert more[0].state is FileState.KEPT
    assert message is not None
    first, second, third = message.files
    assert (first.state, first.sha256, first.size, first.media_type, first.remote_id, first.name) == (
        FileState.KEPT, "f" * 64, 123, "image/png", "1", "a.jpg")  # fmt: skip
    assert second == more[0]
    assert (third.state, third.error, third.size) == (FileState.LOST, "tautan sudah mati", None)
    assert await store.read(lambda work: work.messages.file(first.id)) == first
    assert await store.read(lambda work: work.messages.file(10**6)) is None


async def test_an_edit_keeps_what_was_said_before(store: SqlStore) -> None:
    def story(work: Work):
        message = a_message(work, text="satu")
        work.messages.set_text(message.id, "dua", NOON + MINUTE)
        work.messages.set_text(message.id, "dua", NOON + MINUTE * 2)
        work.messages.set_text(message.id, "tiga", NOON + MINUTE * 3)
        work.messages.append_text(message.id, "empat")
        work.messages.append_text(message.id, "")
        work.messages.set_withdrawn(message.id, NOON + MINUTE * 9)
        work.messages.set_text(10**6, "nobody's", NOON)
        return message.id

    message_id = await store.write(story)
    message = await store.read(lambda work: work.messages.get(message_id))

    assert message is not None
    assert message.text == "tiga\nempat"
    assert message.edited_at == NOON + MINUTE * 3
    assert message.withdrawn_at == NOON + MINUTE * 9
    assert await store.read(lambda work: work.messages.versions(message_id)) == [
        (NOON + MINUTE, "satu"),
        (NOON + MINUTE * 3, "dua"),
    ]


async def test_a_reaction_is_one_a_person_and_can_be_taken_back(store: SqlStore) -> None:
    def story(work: Work):
        message = a_message(work)
        work.messages.react(message.id, "a", "👍", NOON)
        work.messages.react(message.id, "b", "😡", NOON + MINUTE)
        work.messages.react(message.id, "a", "🙏", NOON + MINUTE * 2)
        work.messages.react(message.id, "b", None, NOON)
        work.messages.react(message.id, "c", "", NOON)
        return message.id

    message_id = await store.write(story)
    message = await store.read(lambda work: work.messages.get(message_id))

    assert message is not None
    assert message.reactions == (("a", "🙏"),)


async def test_a_delivery_takes_the_platforms_id_unless_another_message_has_it(store: SqlStore) -> None:
    def story(work: Work):
        conversation = a_conversation(work)
        a_message(work, conversation=conversation, external_id="wamid.1")
        return a_message(work, conversation=conversation, direction=Direction.OUT, delivery=Delivery.SENDING)

    ours = await store.write(story)
    await store.write(lambda work: work.messages.set_delivery(ours.id, Delivery.SENT, NOON, None, "wamid.2", "m@kami"))
    await store.write(lambda work: work.messages.set_delivery(ours.id, Delivery.FAILED, NOON + MINUTE, "jendela"))
    with pytest.raises(Conflict):
        await store.write(
            lambda work: work.messages.set_delivery(ours.id, Delivery.SENT, NOON, external_id="wamid.1")
        )  # fmt: skip

    kept = await store.read(lambda work: work.messages.by_external(ACCOUNT, "wamid.2"))
    assert kept == replace(
        ours, external_id="wamid.2", message_id="m@kami", delivery=Delivery.FAILED, error="jendela",
        delivered_at=NOON + MINUTE,
    )  # fmt: skip


async def test_the_mail_trail_is_the_thread_in_order(store: SqlStore) -> None:
    def story(work: Work):
        conversation = a_conversation(work)
        for place, name in ((2, "b"), (1, "a"), (3, None), (4, "c")):
            a_message(work, conversation=conversation, message_id=name, at=NOON + MINUTE * place)
        return conversation.id

    conversation_id = await store.write(story)

    assert await store.read(lambda work: work.messages.mail_trail(conversation_id)) == ["a", "b", "c"]


async def test_a_contact_met_in_any_alphabet(store: SqlStore) -> None:
    names = ["Ny. Ayu\u200d", "ᬳᬓ᭄ᬱᬭ", "محمد", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "a" * 5000, "İSTANBUL"]
    met = await store.write(lambda work: [a_contact(work, name=name) for name in names])

    kept = await store.read(lambda work: [work.contacts.get(one.id) for one in met])

    assert kept == met
