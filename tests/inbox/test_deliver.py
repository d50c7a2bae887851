"""On its way: claimed once, never sent blindly again, in order, and every answer of the platform has its place."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from omnichannel.domain.channel import Channel, Health
from omnichannel.domain.errors import AccountBroken, Refused, TryLater, Unsure
from omnichannel.domain.message import Delivery, Outgoing, Sent
from omnichannel.domain.outbox import mark, queue_urgent, say
from omnichannel.domain.work import Job, Message, Work
from omnichannel.inbox import deliver
from omnichannel.store.database import SqlStore
from tests.build import ACCOUNT, NOON, a_conversation, a_message, a_number, a_staff
from tests.plug import OPEN

QUEUE = f"send:{ACCOUNT}"
LEASE = timedelta(minutes=3)


async def queued(store: SqlStore, text: str = "Halo", **conversation) -> Message:
    def story(work: Work) -> Message:
        work.accounts.ensure(ACCOUNT, Channel.WHATSAPP)
        made = a_conversation(work, last_in_at=NOON, **conversation)
        key = f"k{a_number()}"
        return say(work, made, text, key=key, capabilities=OPEN, now=NOON, staff=a_staff(work))

    return await store.write(story)


async def claim(store: SqlStore, at: datetime = NOON, owner: str = "satu", queue: str = QUEUE) -> Job | None:
    jobs = await store.write(lambda work: work.jobs.claim(queue, owner, at, LEASE, 1))
    return jobs[0] if jobs else None


async def begun(store: SqlStore, at: datetime = NOON, owner: str = "satu") -> tuple[Job, Outgoing]:
    job = await claim(store, at, owner)
    assert job is not None
    found = await store.write(lambda work: deliver.begin(work, job, at))
    assert found is not None
    return job, found[0]


async def state(store: SqlStore, message: Message) -> tuple[Delivery | None, int]:
    """Its delivery, and the count of its conversation."""

    def question(work: Work) -> tuple[Delivery | None, int]:
        current, talk = work.messages.get(message.id), work.conversations.get(message.conversation_id)
        assert current is not None
        assert talk is not None
        return current.delivery, talk.failed

    return await store.read(question)


async def verbs(store: SqlStore, message: Message) -> list[str]:
    happenings = await store.read(lambda work: work.screens.history(message.conversation_id))
    return [one.verb for one in reversed(happenings)]


# ---------------------------------------------------------------- a crash


async def test_a_crash_between_claim_and_answer_is_unsure_exactly_once(store: SqlStore) -> None:
    message = await queued(store)
    await begun(store, owner="mati")

    assert await claim(store, NOON + timedelta(minutes=1), "dua") is None, "the lease of the dead still runs"
    again = await claim(store, NOON + LEASE, "dua")
    assert again is not None
    assert await store.write(lambda work: deliver.begin(work, again, NOON + LEASE)) is None

    assert await state(store, message) == (Delivery.UNSURE, 1)
    assert await claim(store, NOON + 10 * LEASE, "tiga") is None
    assert (await verbs(store, message)).count("unsure") == 1


async def test_a_late_answer_after_the_lease_was_lost_is_still_believed(store: SqlStore) -> None:
    message = await queued(store)
    job, _ = await begun(store, owner="lambat")
    second = await claim(store, NOON + LEASE, "dua")
    assert second is not None
    await store.write(lambda work: deliver.begin(work, second, NOON + LEASE))
    assert await state(store, message) == (Delivery.UNSURE, 1)

    await store.write(lambda work: deliver.sent(work, job, Sent("p-1"), NOON + LEASE))

    assert await state(store, message) == (Delivery.SENT, 0)


async def test_a_late_refusal_is_surer_than_unsure(quick_store: SqlStore) -> None:
    message = await queued(quick_store)
    job, _ = await begun(quick_store, owner="lambat")
    second = await claim(quick_store, NOON + LEASE, "dua")
    assert second is not None
    await quick_store.write(lambda work: deliver.begin(work, second, NOON + LEASE))

    await quick_store.write(lambda work: deliver.failed(work, job, Refused("diblokir"), NOON + LEASE))

    assert await state(quick_store, message) == (Delivery.FAILED, 1)


async def test_a_late_try_later_does_not_send_what_somebody_else_judged(quick_store: SqlStore) -> None:
    message = await queued(quick_store)
    job, _ = await begun(quick_store, owner="lambat")
    second = await claim(quick_store, NOON + LEASE, "dua")
    assert second is not None
    await quick_store.write(lambda work: deliver.begin(work, second, NOON + LEASE))

    await quick_store.write(lambda work: deliver.failed(work, job, TryLater("ramai"), NOON + LEASE))

    assert await state(quick_store, message) == (Delivery.UNSURE, 1)
    assert await claim(quick_store, NOON + 10 * LEASE) is None


async def test_who_begins_without_holding_the_lease_judges_nothing(quick_store: SqlStore) -> None:
    """A slow owner comes back to a job that another has taken and is sending now."""
    message = await queued(quick_store)
    late = await claim(quick_store, owner="lambat")
    assert late is not None
    await begun(quick_store, NOON + LEASE, "dua")

    assert await quick_store.write(lambda work: deliver.begin(work, late, NOON + LEASE)) is None

    assert await state(quick_store, message) == (Delivery.SENDING, 0)


# ---------------------------------------------------------------- what the platform says


async def test_sent_is_sent_once_and_counted(quick_store: SqlStore) -> None:
    message = await queued(quick_store)
    job, _ = await begun(quick_store)

    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1", NOON, "surat@x"), NOON))

    found = await quick_store.read(lambda work: work.messages.by_external(ACCOUNT, "p-1"))
    assert found is not None
    assert (found.id, found.delivery, found.message_id) == (message.id, Delivery.SENT, "surat@x")
    assert await claim(quick_store, NOON + LEASE) is None


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (Refused("diblokir"), Delivery.FAILED),
        (Unsure("putus"), Delivery.UNSURE),
        (RuntimeError("cacat"), Delivery.UNSURE),
        (TryLater("ramai"), Delivery.QUEUED),
        (AccountBroken("token mati"), Delivery.QUEUED),
    ],
)
async def test_each_error_has_its_state(quick_store: SqlStore, error: Exception, after: Delivery) -> None:
    message = await queued(quick_store)
    job, _ = await begun(quick_store)

    await quick_store.write(lambda work: deliver.failed(work, job, error, NOON))

    assert (await state(quick_store, message))[0] is after
    assert (await claim(quick_store) is not None) is (after is Delivery.QUEUED)


async def test_two_messages_to_one_citizen_keep_their_order_after_try_later(store: SqlStore) -> None:
    first = await queued(store, "satu")

    def second(work: Work) -> Message:
        talk = work.conversations.get(first.conversation_id)
        assert talk is not None
        at = NOON + timedelta(seconds=1)
        return say(work, talk, "dua", key="kedua", capabilities=OPEN, now=at, staff=a_staff(work))

    await store.write(second)
    job, outgoing = await begun(store)
    assert outgoing.text == "satu"
    rest = await store.write(lambda work: deliver.failed(work, job, TryLater("ramai", timedelta(seconds=30)), NOON))

    assert rest == timedelta(seconds=30)
    _, again = await begun(store, NOON + timedelta(minutes=1))
    assert again.text == "satu"


async def test_patience_grows_and_ends_with_a_word_to_the_writer(quick_store: SqlStore) -> None:
    message = await queued(quick_store)
    at, rests = NOON, []
    while (await state(quick_store, message))[0] is Delivery.QUEUED:
        job, _ = await begun(quick_store, at)
        rest = await quick_store.write(partial(deliver.failed, job=job, error=TryLater("x"), now=at))
        rests.append(rest)
        at += rest or timedelta(0)
        assert len(rests) < 100

    assert rests[0] == timedelta(seconds=5)
    assert max(one for one in rests if one) == deliver.RETRY_LONGEST
    assert rests[-1] is None
    assert at - NOON >= deliver.GIVE_UP
    assert await state(quick_store, message) == (Delivery.FAILED, 1)


async def test_a_message_that_only_waited_behind_others_is_not_given_up(quick_store: SqlStore) -> None:
    """Being claimed and given back is no try; what counts is how long it has been waiting."""
    message = await queued(quick_store)
    for _ in range(60):
        job = await claim(quick_store)
        assert job is not None
        assert await quick_store.write(partial(lambda work, job: work.jobs.release(job), job=job))

    job, _ = await begun(quick_store)
    rest = await quick_store.write(lambda work: deliver.failed(work, job, TryLater("ramai"), NOON))

    assert rest == deliver.RETRY_FIRST, "patience begins with the first try"
    assert (await state(quick_store, message))[0] is Delivery.QUEUED


async def test_what_waited_days_for_the_account_is_first_tried_before_it_fails(quick_store: SqlStore) -> None:
    """A token that died on Friday and was mended on Monday: a flood warning at the first try failed the whole outbox."""
    message = await queued(quick_store)
    at = NOON
    for _ in range(50):
        job, _ = await begun(quick_store, at)
        await quick_store.write(partial(deliver.failed, job=job, error=AccountBroken("token mati"), now=at))
        at += timedelta(hours=1)

    tries = 0
    while (await state(quick_store, message))[0] is Delivery.QUEUED:
        job, _ = await begun(quick_store, at)
        await quick_store.write(partial(deliver.failed, job=job, error=TryLater("ramai"), now=at))
        tries += 1

    assert tries == deliver.TRIES
    assert await state(quick_store, message) == (Delivery.FAILED, 1)


async def test_a_broken_account_rests_keeps_the_message_and_is_shown(quick_store: SqlStore) -> None:
    message = await queued(quick_store)
    job, _ = await begun(quick_store)

    rest = await quick_store.write(lambda work: deliver.failed(work, job, AccountBroken("token mati"), NOON))

    shown = await quick_store.read(lambda work: work.accounts.get(ACCOUNT))
    assert rest == deliver.RETRY_LONGEST
    assert shown is not None
    assert (shown.health, shown.error) == (Health.BROKEN, "Kirim: token mati")
    assert (await state(quick_store, message))[0] is Delivery.QUEUED

    job, _ = await begun(quick_store, NOON + timedelta(minutes=10))
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1"), NOON))
    mended = await quick_store.read(lambda work: work.accounts.get(ACCOUNT))
    assert mended is not None
    assert (mended.health, mended.error) == (Health.WELL, None)


async def test_a_receipt_that_was_faster_than_the_answer_is_not_taken_back(quick_store: SqlStore) -> None:
    message = await queued(quick_store)
    job, _ = await begun(quick_store)

    def read_already(work: Work) -> None:
        current = work.messages.get(message.id)
        assert current is not None
        mark(work, current, Delivery.READ, NOON)

    await quick_store.write(read_already)
    await quick_store.write(lambda work: deliver.sent(work, job, Sent("p-1"), NOON))
    await quick_store.write(lambda work: deliver.failed(work, job, Unsure("putus"), NOON))

    assert await state(quick_store, message) == (Delivery.READ, 0)


async def test_an_urgent_word_passes_all_others_of_its_account(quick_store: SqlStore) -> None:
    await queued(quick_store, "biasa")

    def urgent(work: Work) -> None:
        message = a_message(work, text="darurat", direction="out", delivery=Delivery.QUEUED)  # type: ignore[arg-type]
        queue_urgent(work, message, NOON)

    await quick_store.write(urgent)

    job = await claim(quick_store, queue=f"send-first:{ACCOUNT}")
    assert job is not None


# ---------------------------------------------------------------- mail


async def test_a_mail_carries_its_thread(quick_store: SqlStore) -> None:
    def story(work: Work) -> None:
        talk = a_conversation(work, subject="Permohonan data", last_in_at=NOON)
        for number in range(40):
            a_message(work, conversation=talk, message_id=f"m{number}@x", at=NOON + timedelta(seconds=number))
        say(work, talk, "Jawab", key="k", capabilities=OPEN, now=NOON + timedelta(minutes=2), staff=a_staff(work))

    await quick_store.write(story)
    _, outgoing = await begun(quick_store, NOON + timedelta(minutes=3))

    assert outgoing.subject == "Re: Permohonan data"
    assert outgoing.reply_to == "m39@x"
    assert len(outgoing.references) == deliver.TRAIL
    assert outgoing.references[0] == "m0@x"
    assert outgoing.references[-1] == "m39@x"
    assert outgoing.token
    assert not outgoing.automatic


@pytest.mark.parametrize("subject", ["Re: Data", "RE: Data", "re: Data"])
async def test_a_subject_that_answers_already_is_left_alone(quick_store: SqlStore, subject: str) -> None:
    await queued(quick_store, subject=subject)

    assert (await begun(quick_store))[1].subject == subject


# ---------------------------------------------------------------- an account that is gone


async def test_a_message_of_an_account_that_is_gone_is_told_to_its_writer(quick_store: SqlStore) -> None:
    message = await queued(quick_store)
    job = await claim(quick_store)
    assert job is not None

    await quick_store.write(lambda work: deliver.orphaned(work, job, NOON))

    assert await state(quick_store, message) == (Delivery.FAILED, 1)
    assert await claim(quick_store, NOON + LEASE) is None
