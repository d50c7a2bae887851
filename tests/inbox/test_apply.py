"""Events in any order and by anybody: each ends where it belongs, and nothing said is lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import ConversationState
from omnichannel.domain.message import Attachment, Event, EventType, Location
from omnichannel.inbox.receive import Intake
from omnichannel.inbox.triage import resolve
from omnichannel.store.database import SqlStore
from omnichannel.store.files import DiskFiles
from tests.build import NOON, a_staff, an_incoming
from tests.house import HandClock
from tests.inbox.conftest import Tell, said, talk
from tests.inbox.events import MINUTE, STRANGER, jobs, parts_of
from tests.plug import Plug


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
