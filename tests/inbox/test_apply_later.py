"""What comes after a message (edits, reactions, receipts, echoes), in any order: nothing said is lost."""

from datetime import timedelta
from functools import partial

import pytest

from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import Unsure
from omnichannel.domain.message import Author, Auto, Delivery, Event, EventType, Location, Problem, Sent
from omnichannel.domain.outbox import say
from omnichannel.domain.work import Direction, Job, Message, Work
from omnichannel.inbox import afterwards, deliver
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_number, a_staff, an_incoming
from tests.house import HandClock
from tests.inbox.conftest import Tell, history, said, talk, verbs
from tests.inbox.events import MINUTE, STRANGER, jobs, parts_of
from tests.plug import OPEN


def about(target: str, type: EventType, **facts: object) -> Event:
    """An event about a message that is (or will be) there."""
    return an_incoming(
        str(facts.pop("text", "")), type=type, target=target, external_id=f"{target}#{type}#{a_number()}", **facts
    )


async def sending(store: SqlStore, text: str = "Sudah kami teruskan.") -> tuple[Message, Job]:
    """A message of ours that was claimed and whose answer has not come."""

    def story(work: Work) -> tuple[Message, Job]:
        conversation = work.conversations.find(ACCOUNT, "utas-1", Surface.DIRECT)
        assert conversation is not None
        staff = a_staff(work)
        made = say(work, conversation, text, key=f"k{a_number()}", capabilities=OPEN, now=NOON, staff=staff)
        (job,) = work.jobs.claim(f"send:{ACCOUNT}", "pengirim", NOON, timedelta(minutes=3), 1)
        assert deliver.begin(work, job, NOON) is not None
        return made, job

    return await store.write(story)


async def retried(store: SqlStore, clock: HandClock) -> list[bool]:
    """What a worker does a moment later with what came too early."""
    at = clock.advance(timedelta(seconds=5))
    return [
        await store.write(partial(afterwards.settle, body=job.body, now=at)) for job in await jobs(store, "later", at)
    ]


async def test_a_live_location_shows_the_newest_point_and_only_real_steps_are_told(
    quick_store: SqlStore, tell: Tell
) -> None:
    shared = an_incoming("", location=Location(0.4831, 117.5061))
    await tell(shared)
    for n, place in enumerate([(0.5100, 117.5300), (0.51001, 117.53001), (0.5100, 117.5300)], start=1):
        moved = {"location": Location(*place), "sent_at": NOON + n * MINUTE}
        await tell(about(shared.external_id, EventType.EDITED, **moved))
    old = {"location": Location(0.1, 117.1), "sent_at": NOON - MINUTE}
    await tell(about(shared.external_id, EventType.EDITED, **old))

    (message,) = await said(quick_store)
    assert message.location == Location(0.5100, 117.5300)
    assert message.edited_at is None, "no word of it was changed"
    told = [(one.before, one.after) for one in await history(quick_store) if one.verb == "place_moved"]
    assert told == [("0.483100, 117.506100", "0.510000, 117.530000")]
    assert len(await jobs(quick_store, "route")) == 1


async def test_an_edited_caption_of_a_later_part_changes_the_album(quick_store: SqlStore, tell: Tell) -> None:
    parts = parts_of("album-1", 3, caption_at=1)
    await tell(*parts)

    await tell(
        about(parts[1].external_id, EventType.EDITED, text="Jembatan rusak", album="album-1", sent_at=NOON + MINUTE)
    )

    (message,) = await said(quick_store)
    assert message.text == "Jembatan rusak"


async def test_an_edit_keeps_the_old_words_and_is_judged_anew(
    quick_store: SqlStore, tell: Tell, clock: HandClock
) -> None:
    clock.advance(MINUTE)
    await tell(an_incoming("jalan rusk", external_id="m1"))
    (job,) = await jobs(quick_store, "route", clock.now())
    await quick_store.write(lambda work: work.jobs.done(job))

    await tell(about("m1", EventType.EDITED, text="jalan rusak", sent_at=NOON + MINUTE))

    (message,) = await said(quick_store)
    assert (message.text, message.edited_at) == ("jalan rusak", NOON + MINUTE)
    assert [text for _, text in await quick_store.read(lambda work: work.messages.versions(message.id))] == [
        "jalan rusk"
    ]
    assert (await talk(quick_store)).preview == "jalan rusak"
    assert len(await jobs(quick_store, "route", clock.now())) == 1


async def test_an_older_edit_that_comes_after_a_newer_changes_nothing(
    quick_store: SqlStore, tell: Tell, clock: HandClock
) -> None:
    clock.advance(3 * MINUTE)
    await tell(an_incoming("satu", external_id="m1"))

    await tell(about("m1", EventType.EDITED, text="tiga", sent_at=NOON + 2 * MINUTE))
    await tell(about("m1", EventType.EDITED, text="dua", sent_at=NOON + MINUTE))

    assert [one.text for one in await said(quick_store)] == ["tiga"]


async def test_an_edit_that_overtakes_its_message_is_the_message_and_the_original_is_not_lost(
    quick_store: SqlStore, tell: Tell, clock: HandClock
) -> None:
    clock.advance(3 * MINUTE)

    await tell(about("m1", EventType.EDITED, text="kedua", sent_at=NOON + 2 * MINUTE))
    await tell(about("m1", EventType.EDITED, text="pertama", sent_at=NOON + MINUTE))
    received = await tell(an_incoming("asli", external_id="m1", sent_at=NOON))

    assert received.new == 1
    assert [one.text for one in await said(quick_store)] == ["kedua"]
    assert (await talk(quick_store)).unread == 1
    late = next(one for one in await history(quick_store) if one.verb == "late_original")
    assert (late.before, late.after) == ("asli", NOON.isoformat())
    again = await tell(an_incoming("asli", external_id="m1", sent_at=NOON))
    assert again.known == 1
    assert len(await said(quick_store)) == 1


async def test_an_edit_without_new_words_leaves_no_version(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming("sama", external_id="m1"))

    await tell(about("m1", EventType.EDITED, text="sama"))

    (message,) = await said(quick_store)
    assert message.edited_at is None
    assert "edited" not in await verbs(quick_store)


async def test_a_reaction_comes_changes_and_goes(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming(external_id="m1"))

    async def felt(emoji: str) -> tuple[tuple[str, str], ...]:
        await tell(about("m1", EventType.REACTION, text=emoji))
        return (await said(quick_store))[0].reactions

    assert await felt("👍") == (("warga-1", "👍"),)
    assert await felt("❤") == (("warga-1", "❤"),)
    assert await felt("") == ()


async def test_a_withdrawn_message_is_marked_and_its_words_are_kept(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming("saya tarik lagi", external_id="m1"))

    await tell(about("m1", EventType.WITHDRAWN), about("m1", EventType.WITHDRAWN))

    (message,) = await said(quick_store)
    assert message.text == "saya tarik lagi"
    assert message.withdrawn_at == NOON
    assert (await verbs(quick_store)).count("withdrawn") == 1


@pytest.mark.parametrize("type", [EventType.REACTION, EventType.WITHDRAWN])
async def test_what_is_said_of_a_message_before_it_comes_waits_for_it(
    quick_store: SqlStore, tell: Tell, clock: HandClock, type: EventType
) -> None:
    await tell(about("m1", type, text="👍"))
    assert await retried(quick_store, clock) == [False]

    await tell(an_incoming(external_id="m1"))
    clock.advance(MINUTE)
    assert await retried(quick_store, clock) == [True]

    (message,) = await said(quick_store)
    assert (message.withdrawn_at is not None) is (type is EventType.WITHDRAWN)
    assert bool(message.reactions) is (type is EventType.REACTION)


async def test_a_receipt_that_overtakes_the_answer_of_our_own_call_is_not_lost(
    quick_store: SqlStore, tell: Tell, clock: HandClock
) -> None:
    await tell(an_incoming())
    message, job = await sending(quick_store)

    await tell(about("p-1", EventType.RECEIPT, status=Delivery.DELIVERED))
    assert await retried(quick_store, clock) == [False]
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1"), clock.now()))
    clock.advance(MINUTE)
    assert await retried(quick_store, clock) == [True]

    (ours,) = [one for one in await said(quick_store) if one.id == message.id]
    assert ours.delivery is Delivery.DELIVERED


async def test_a_receipt_for_a_citizens_own_message_does_nothing(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming(external_id="m1"))

    await tell(about("m1", EventType.RECEIPT, status=Delivery.FAILED))

    assert (await said(quick_store))[0].delivery is None
    assert (await talk(quick_store)).failed == 0


async def test_a_failure_told_by_receipt_says_why(quick_store: SqlStore, tell: Tell, clock: HandClock) -> None:
    await tell(an_incoming())
    message, job = await sending(quick_store)
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1"), NOON))

    await tell(about("p-1", EventType.RECEIPT, status=Delivery.FAILED, error=Problem("131026", "Tidak terkirim")))

    found = next(one for one in await said(quick_store) if one.id == message.id)
    assert (found.delivery, found.error) == (Delivery.FAILED, "Tidak terkirim (131026)")
    assert (await talk(quick_store)).failed == 1


def an_echo(text: str, external_id: str, **facts: object) -> Event:
    return an_incoming(
        text, type=EventType.ECHO, external_id=external_id, author=Author(id="kami", name="Humas"), **facts
    )


async def test_an_echo_of_what_was_recorded_adds_nothing(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming())
    _, job = await sending(quick_store)
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1"), NOON))

    await tell(an_echo("Sudah kami teruskan.", "p-1"))

    assert len(await said(quick_store)) == 2


@pytest.mark.parametrize("words", ["Sudah kami teruskan.", "Sudah  kami\nteruskan. "])
async def test_an_echo_that_overtakes_the_answer_is_our_message_and_not_another(
    quick_store: SqlStore, tell: Tell, words: str
) -> None:
    await tell(an_incoming())
    message, job = await sending(quick_store)

    await tell(an_echo(words, "p-1"))
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1"), NOON))

    ours = [one for one in await said(quick_store) if one.direction is Direction.OUT]
    assert [(one.id, one.external_id, one.delivery) for one in ours] == [(message.id, "p-1", Delivery.SENT)]


async def test_an_echo_proves_that_an_unsure_message_arrived(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming())
    message, job = await sending(quick_store)
    await quick_store.write(lambda work: deliver.failed(work, job, Unsure("putus"), NOON))
    assert (await talk(quick_store)).failed == 1

    await tell(an_echo("Sudah kami teruskan.", "p-9"))

    found = next(one for one in await said(quick_store) if one.id == message.id)
    assert (found.delivery, found.external_id) == (Delivery.SENT, "p-9")
    assert (await talk(quick_store)).failed == 0


async def test_an_answer_after_an_echo_in_other_words_still_settles_our_message(
    quick_store: SqlStore, tell: Tell
) -> None:
    await tell(an_incoming())
    message, job = await sending(quick_store)

    await tell(an_echo("Sudah kami … (dipendekkan)", "p-1"))
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1"), NOON))

    found = next(one for one in await said(quick_store) if one.id == message.id)
    assert found.delivery is Delivery.SENT
    assert await quick_store.read(lambda work: work.jobs.depths().get(f"send:{ACCOUNT}")) is None


async def test_a_colleagues_answer_in_the_platforms_app_is_shown_and_names_nobody_after_us(
    quick_store: SqlStore, tell: Tell
) -> None:
    await tell(an_echo("Halo, kami mulai dulu", "p-1", conversation="utas-9"))

    (message,) = await said(quick_store, "utas-9")
    found = await talk(quick_store, "utas-9")
    contact = await quick_store.read(lambda work: work.contacts.get(found.contact_id))
    assert (message.direction, message.delivery) == (Direction.OUT, Delivery.SENT)
    assert contact is not None
    assert contact.name is None
    assert (found.unread, found.last_in_at) == (0, None)


@pytest.mark.parametrize("auto", Auto)
async def test_mail_of_machines_is_kept_and_never_routed(quick_store: SqlStore, tell: Tell, auto: Auto) -> None:
    await tell(an_incoming("Saya sedang cuti", auto=auto, subject="Otomatis"))

    assert len(await said(quick_store)) == 1
    assert await jobs(quick_store, "route") == []
    assert (await talk(quick_store)).unread == (1 if auto is Auto.LIST else 0), "a list may carry a citizen's words"


async def test_a_bounce_marks_our_mail_failed_and_lies_in_its_thread(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming("Mohon data", message_id="a@x"))
    message, job = await sending(quick_store)
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("surat-1", message_id="kami-1@kutim"), NOON))

    await tell(
        an_incoming(
            "Undelivered",
            auto=Auto.BOUNCE,
            target="kami-1@kutim",
            author=Author(id="mailer-daemon@x"),
            conversation="b@x",
            message_id="b@x",
            error=Problem("5.1.1", "User unknown"),
        )
    )

    found = next(one for one in await said(quick_store) if one.id == message.id)
    assert (found.delivery, found.error) == (Delivery.FAILED, "User unknown")
    assert (await talk(quick_store)).failed == 1
    assert [one.auto for one in await said(quick_store)][-1] is Auto.BOUNCE
    assert await said(quick_store, "b@x") == []


async def test_a_forged_bounce_of_a_citizens_own_mail_marks_nothing(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming("Mohon data", message_id="a@x"))

    await tell(an_incoming("Undelivered", auto=Auto.BOUNCE, target="a@x", author=STRANGER, conversation="b@x"))

    assert (await talk(quick_store)).failed == 0


async def test_a_notice_of_the_platform_is_a_line_of_the_history(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming())

    await tell(an_incoming("Nomor berganti", type=EventType.NOTICE))
    await tell(an_incoming("Di utas yang tak dikenal", type=EventType.NOTICE, conversation="entah"))

    assert (await verbs(quick_store))[-1] == "notice"
    assert (await talk(quick_store)).unread == 1


async def test_an_edit_of_our_own_unknown_post_is_no_citizens_message(quick_store: SqlStore, tell: Tell) -> None:
    await tell(about("kiriman-lama", EventType.EDITED, text="Jadwal baru terlampir.", extra={"ours": "yes"}))

    (message,) = await said(quick_store)
    assert message.direction is Direction.OUT
    assert await jobs(quick_store, "route") == []
