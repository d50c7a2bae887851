"""Events in any order and by anybody: each ends where it belongs, and nothing said is lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.errors import Unsure
from omnichannel.domain.message import Attachment, Author, Auto, Delivery, Event, EventType, Location, Problem, Sent
from omnichannel.domain.outbox import say
from omnichannel.domain.work import Direction, Job, Message, Work
from omnichannel.inbox import afterwards, deliver
from omnichannel.inbox.receive import Intake
from omnichannel.inbox.triage import resolve
from omnichannel.store.database import SqlStore
from omnichannel.store.files import DiskFiles
from tests.build import ACCOUNT, NOON, a_number, a_staff, an_incoming
from tests.house import HandClock
from tests.inbox.conftest import Tell, history, said, talk, verbs
from tests.plug import OPEN, Plug

MINUTE = timedelta(minutes=1)
STRANGER = Author(id="orang-lain", name="Orang Lain")


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


async def jobs(store: SqlStore, queue: str, at=NOON) -> list[Job]:
    return await store.write(lambda work: work.jobs.claim(queue, "uji", at, timedelta(seconds=1), 100))


async def retried(store: SqlStore, clock: HandClock) -> list[bool]:
    """What a worker does a moment later with what came too early."""
    at = clock.advance(timedelta(seconds=5))
    return [
        await store.write(partial(afterwards.settle, body=job.body, now=at)) for job in await jobs(store, "later", at)
    ]


# ---------------------------------------------------------------- a citizen writes


async def test_a_word_of_the_citizen_opens_wakes_and_marks_unread(
    quick_store: SqlStore, tell: Tell, clock: HandClock
) -> None:
    await tell(an_incoming("pertama"))
    first = await talk(quick_store)
    staff = await quick_store.write(a_staff)
    await quick_store.write(lambda work: resolve(work, staff, first.id, now=clock.now()))

    await tell(an_incoming("kedua", sent_at=NOON + MINUTE))

    found = await talk(quick_store)
    assert (found.state, found.unread, found.preview) == (ConversationState.OPEN, 1, "kedua")
    assert found.snoozed_until is None
    assert len(await jobs(quick_store, "route")) == 2


async def test_the_platforms_time_counts_and_never_lies_in_the_future(quick_store: SqlStore, tell: Tell) -> None:
    await tell(
        an_incoming("dulu", sent_at=NOON - timedelta(hours=30)),
        an_incoming("nanti", sent_at=NOON + timedelta(days=3)),
        an_incoming("entah", sent_at=None),
    )

    assert [(one.text, one.sent_at) for one in await said(quick_store)] == [
        ("dulu", NOON - timedelta(hours=30)),
        ("nanti", NOON),
        ("entah", NOON),
    ]


async def test_an_old_message_that_comes_late_changes_neither_window_nor_preview(
    quick_store: SqlStore, tell: Tell
) -> None:
    await tell(an_incoming("terbaru", sent_at=NOON))
    await tell(an_incoming("terlambat", sent_at=NOON - timedelta(hours=5)))

    found = await talk(quick_store)
    assert (found.preview, found.last_in_at, found.unread) == ("terbaru", NOON, 2)
    assert [one.text for one in await said(quick_store)] == ["terlambat", "terbaru"]


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"attachments": (Attachment("image/jpeg"),)}, "Foto"),
        ({"attachments": (Attachment("application/pdf", name="surat.pdf"),)}, "Berkas surat.pdf"),
        ({"location": Location(0.5, 117.5)}, "Lokasi"),
        ({"subject": "Permohonan data"}, "Permohonan data"),
        ({}, "Pesan tanpa teks"),
    ],
)
async def test_a_message_without_words_says_what_came(
    quick_store: SqlStore, tell: Tell, facts: dict[str, object], shown: str
) -> None:
    await tell(an_incoming("  ", **facts))

    assert (await talk(quick_store)).preview == shown


async def test_an_unknown_kind_is_shown_and_unread(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming("[stiker]", type=EventType.UNKNOWN))

    (message,) = await said(quick_store)
    assert message.unknown
    assert (await talk(quick_store)).unread == 1


# ---------------------------------------------------------------- threads


async def test_a_stranger_in_a_direct_thread_gets_a_conversation_of_their_own(
    quick_store: SqlStore, tell: Tell
) -> None:
    await tell(an_incoming("urusan saya"))

    await tell(an_incoming("saya ikut baca", author=STRANGER), an_incoming("masih saya", author=STRANGER))

    assert [one.text for one in await said(quick_store)] == ["urusan saya"]
    theirs = await talk(quick_store, "utas-1#orang-lain")
    assert [one.text for one in await said(quick_store, "utas-1#orang-lain")] == ["saya ikut baca", "masih saya"]
    assert theirs.contact_id != (await talk(quick_store)).contact_id


async def test_in_a_public_thread_everybody_writes(quick_store: SqlStore, tell: Tell) -> None:
    await tell(an_incoming("satu", surface=Surface.PUBLIC), an_incoming("dua", surface=Surface.PUBLIC, author=STRANGER))

    messages = await said(quick_store, surface=Surface.PUBLIC)
    assert [one.text for one in messages] == ["satu", "dua"]
    assert len({one.contact_id for one in messages}) == 2


def a_mail(text: str, own: str, **facts: object) -> Event:
    facts.setdefault("conversation", own)
    return an_incoming(text, message_id=own, **facts)


async def test_a_mail_finds_its_thread_by_what_it_answers(quick_store: SqlStore, tell: Tell) -> None:
    await tell(a_mail("pertama", "a@x"))

    await tell(a_mail("lewat in-reply-to", "b@x", reply_to="a@x"))
    await tell(a_mail("lewat references", "c@x", references=("hilang@x", "b@x", "juga-hilang@x")))
    await tell(a_mail("tidak kenal siapa pun", "d@x", reply_to="asing@y"))

    assert [one.text for one in await said(quick_store, "a@x")] == ["pertama", "lewat in-reply-to", "lewat references"]
    assert [one.text for one in await said(quick_store, "d@x")] == ["tidak kenal siapa pun"]


async def test_a_stranger_who_answers_a_forwarded_mail_never_enters_the_thread(
    quick_store: SqlStore, tell: Tell
) -> None:
    await tell(a_mail("rahasia saya", "a@x"))

    await tell(a_mail("saya dapat terusannya", "b@x", reply_to="a@x", conversation="a@x", author=STRANGER))

    assert [one.text for one in await said(quick_store, "a@x")] == ["rahasia saya"]


async def test_our_own_token_is_proof_enough_whatever_the_headers_say(quick_store: SqlStore, tell: Tell) -> None:
    await tell(a_mail("pertama", "a@x"))
    token = (await talk(quick_store, "a@x")).token

    await tell(a_mail("dari alamat saya yang lain", "z@y", token=token, author=STRANGER))
    await tell(a_mail("token karangan", "w@y", token="deadbeef", author=STRANGER))

    assert [one.text for one in await said(quick_store, "a@x")] == ["pertama", "dari alamat saya yang lain"]
    assert [one.text for one in await said(quick_store, "w@y")] == ["token karangan"]


async def test_a_token_of_another_account_opens_nothing(
    quick_store: SqlStore, tell: Tell, clock: HandClock, tmp_path: Path
) -> None:
    await tell(a_mail("pertama", "a@x"))
    token = (await talk(quick_store, "a@x")).token
    other = Plug("surel-lain")
    intake = Intake(quick_store, DiskFiles(tmp_path), clock)

    await intake.take_in(other, [other.raw(a_mail("di kotak lain", "q@x", token=token))])

    assert len(await said(quick_store, "a@x")) == 1


async def test_an_empty_message_id_matches_nothing(quick_store: SqlStore, tell: Tell) -> None:
    await tell(a_mail("satu", "", conversation="utas-a", references=("",)))
    await tell(a_mail("dua", "", conversation="utas-b", references=("",), reply_to=""))

    assert len(await said(quick_store, "utas-a")) == 1
    assert len(await said(quick_store, "utas-b")) == 1


# ---------------------------------------------------------------- albums


def parts_of(album: str, count: int, caption_at: int | None = None) -> list[Event]:
    return [
        an_incoming(
            "Jalan rusak parah" if number == caption_at else "",
            album=album,
            attachments=(Attachment("image/jpeg", name=f"{number}.jpg", id=f"f{number}"),),
        )
        for number in range(count)
    ]


async def test_ten_parts_in_ten_webhooks_at_once_are_one_message_with_ten_files(
    quick_store: SqlStore, tell: Tell
) -> None:
    parts = parts_of("album-1", 10, caption_at=6)

    await asyncio.gather(*(tell(part) for part in parts))
    await asyncio.gather(*(tell(part) for part in parts))

    (message,) = await said(quick_store)
    assert len(message.files) == 10
    assert {file.name for file in message.files} == {f"{number}.jpg" for number in range(10)}
    assert message.text == "Jalan rusak parah"
    found = await talk(quick_store)
    assert (found.unread, found.preview) == (1, "Jalan rusak parah")
    assert len(await jobs(quick_store, "fetch")) == 10


async def test_a_caption_that_comes_after_the_photo_was_judged_is_judged_too(quick_store: SqlStore, tell: Tell) -> None:
    first, second = parts_of("album-1", 2, caption_at=1)
    await tell(first)
    (job,) = await jobs(quick_store, "route")
    await quick_store.write(lambda work: work.jobs.done(job))

    await tell(second)

    assert len(await jobs(quick_store, "route")) == 1


async def test_two_albums_and_two_citizens_do_not_mix(quick_store: SqlStore, tell: Tell) -> None:
    theirs = [replace(part, author=STRANGER, conversation="utas-2") for part in parts_of("album-1", 2)]

    await tell(*parts_of("album-1", 2), *parts_of("album-2", 3), *theirs)

    assert [len(one.files) for one in await said(quick_store)] == [2, 3]
    assert [len(one.files) for one in await said(quick_store, "utas-2")] == [2]


async def test_an_edited_caption_of_a_later_part_changes_the_album(quick_store: SqlStore, tell: Tell) -> None:
    parts = parts_of("album-1", 3, caption_at=1)
    await tell(*parts)

    await tell(
        about(parts[1].external_id, EventType.EDITED, text="Jembatan rusak", album="album-1", sent_at=NOON + MINUTE)
    )

    (message,) = await said(quick_store)
    assert message.text == "Jembatan rusak"


# ---------------------------------------------------------------- edits


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


# ---------------------------------------------------------------- reactions and withdrawals


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


# ---------------------------------------------------------------- receipts


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


# ---------------------------------------------------------------- echoes


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


# ---------------------------------------------------------------- machine mail


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
