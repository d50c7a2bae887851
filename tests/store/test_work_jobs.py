"""Jobs, alarms and people on their shelves, on both databases."""

import asyncio
from dataclasses import replace

import pytest

from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import Conflict
from omnichannel.domain.people import Role
from omnichannel.domain.work import Alarm, Job, Work
from omnichannel.store.database import SqlStore
from tests.build import NOON, a_message, a_staff
from tests.store.rows import MINUTE


async def claimed(store: SqlStore, owner: str = "one", at=NOON, limit: int = 10) -> list[Job]:
    return await store.write(lambda work: work.jobs.claim("route", owner, at, MINUTE, limit))


async def test_a_job_is_put_once_claimed_once_and_done(store: SqlStore) -> None:
    def put(work: Work) -> list[bool]:
        return [
            work.jobs.put("route", {"message_id": 7, "näme": "ü"}, key="route:7", run_at=NOON),
            work.jobs.put("route", {"message_id": 8}, key="route:7", run_at=NOON),
            work.jobs.put("route", {}, run_at=NOON + MINUTE),
            work.jobs.put("route", {}, run_at=NOON + MINUTE),
            work.jobs.put("send", {}, run_at=NOON),
        ]

    assert await store.write(put) == [True, False, True, True, True]
    assert await store.read(lambda work: work.jobs.next_at("route")) == NOON
    assert await store.read(lambda work: work.jobs.next_at("nothing")) is None

    (job,) = await claimed(store)

    assert (job.key, dict(job.body), job.attempts, job.owner) == ("route:7", {"message_id": 7, "näme": "ü"}, 1, "one")
    assert await claimed(store, "two") == []
    assert await store.read(lambda work: work.jobs.depths()) == {"route": (3, 0), "send": (1, 0)}
    assert await store.write(lambda work: work.jobs.done(job))
    assert not await store.write(lambda work: work.jobs.done(job))
    assert await store.write(lambda work: work.jobs.put("route", {}, key="route:7", run_at=NOON)), (
        "the key is free again"
    )


async def test_a_late_owner_concludes_nothing(store: SqlStore) -> None:
    await store.write(lambda work: work.jobs.put("route", {}, run_at=NOON))
    (lost,) = await claimed(store, "one")
    assert await store.read(lambda work: work.jobs.next_at("route")) == NOON + MINUTE, "when the lease runs out"
    assert await claimed(store, "two", NOON + MINUTE / 2) == []
    (taken,) = await claimed(store, "two", NOON + MINUTE)

    assert taken.attempts == 2
    assert not await store.write(lambda work: work.jobs.done(lost))
    assert not await store.write(lambda work: work.jobs.retry(lost, NOON, "late"))
    assert not await store.write(lambda work: work.jobs.bury(lost, "late"))
    (again,) = await claimed(store, "two", NOON + MINUTE * 5)
    assert not await store.write(lambda work: work.jobs.done(taken)), "the same owner's earlier attempt is late too"
    assert await store.write(lambda work: work.jobs.done(again))


async def test_a_job_is_tried_again_at_its_time_and_buried_at_last(store: SqlStore) -> None:
    await store.write(lambda work: work.jobs.put("route", {}, key="k", run_at=NOON))
    (job,) = await claimed(store)
    assert await store.write(lambda work: work.jobs.retry(job, NOON + MINUTE * 9, "429"))
    assert await claimed(store, at=NOON + MINUTE * 8) == []
    (job,) = await claimed(store, at=NOON + MINUTE * 9)
    assert (job.attempts, job.error, job.run_at) == (2, "429", NOON + MINUTE * 9)

    assert await store.write(lambda work: work.jobs.bury(job, "gave up"))

    assert await claimed(store, at=NOON + MINUTE * 999) == []
    assert await store.read(lambda work: work.jobs.depths()) == {"route": (0, 1)}
    assert await store.read(lambda work: work.jobs.next_at("route")) is None


async def test_a_claim_given_back_was_no_attempt_and_keeps_its_place(store: SqlStore) -> None:
    def put(work: Work) -> None:
        work.jobs.put("route", {"place": 1}, run_at=NOON)
        work.jobs.put("route", {"place": 2}, run_at=NOON + MINUTE / 2)

    await store.write(put)
    (first,) = await claimed(store, limit=1)

    assert await store.write(lambda work: work.jobs.release(first))
    assert not await store.write(lambda work: work.jobs.release(first)), "given back once"
    again = await claimed(store, "two", NOON + MINUTE)

    assert [(job.body["place"], job.attempts) for job in again] == [(1, 1), (2, 1)]
    assert not await store.write(lambda work: work.jobs.release(first)), "it is another's now"
    assert await store.write(lambda work: work.jobs.done(again[0]))


async def test_all_that_a_dead_owner_held_goes_back_to_its_place(store: SqlStore) -> None:
    def held(work: Work) -> list[Job]:
        work.accounts.ensure("tg", Channel.TELEGRAM)
        work.accounts.ensure("wa", Channel.WHATSAPP)
        work.accounts.take_lease("tg", "dead", NOON + MINUTE, NOON)
        work.accounts.take_lease("wa", "alive", NOON + MINUTE, NOON)
        for place in range(4):
            work.jobs.put("route", {"place": place}, run_at=NOON + MINUTE * place / 10)
        late = NOON + MINUTE
        work.jobs.claim("route", "dead", late, MINUTE, 2)
        buried, alive = work.jobs.claim("route", "alive", late, MINUTE, 2)
        work.jobs.bury(buried, "broken")
        return [alive]

    (alive,) = await store.write(held)
    assert await store.read(lambda work: (work.accounts.owners(), work.jobs.owners())) == (
        {"dead", "alive"}, {"dead", "alive"})  # fmt: skip

    assert await store.write(lambda work: work.jobs.release_from("dead", "send")) == 0
    freed = await store.write(
        lambda work: (work.accounts.release_from("dead"), work.jobs.release_from("dead", "route"))
    )

    assert freed == (1, 2)
    assert await store.write(lambda work: (work.accounts.release_from("dead"), work.jobs.release_from("dead"))) == (
        0,
        0,
    )
    again = await claimed(store, "two", NOON + MINUTE)
    assert [(job.body["place"], job.attempts) for job in again] == [(0, 2), (1, 2)]
    assert await store.write(lambda work: work.jobs.done(alive)), "nothing was taken from who lives"
    assert await store.write(lambda work: work.accounts.take_lease("tg", "two", NOON + MINUTE, NOON))
    assert not await store.write(lambda work: work.accounts.take_lease("wa", "two", NOON + MINUTE, NOON))


async def test_after_a_clock_was_set_back_everything_that_waits_is_due_but_what_is_in_hand(store: SqlStore) -> None:
    """A machine that began eight hours fast: what it queued then would have waited for eight hours."""
    fast = NOON + MINUTE * 480

    def planned(work: Work) -> None:
        for queue, at in (("route", fast), ("route", NOON), ("send", fast), ("remind", fast)):
            work.jobs.put(queue, {}, run_at=at)
        work.jobs.put("held", {}, run_at=NOON)
        work.jobs.put("lost", {}, run_at=NOON)
        assert work.jobs.claim("held", "alive", NOON, MINUTE)
        assert work.jobs.claim("lost", "dead", fast, MINUTE)

    await store.write(planned)

    assert await store.write(lambda work: work.jobs.hasten(NOON, but="remind")) == 3
    assert await store.write(lambda work: work.jobs.hasten(NOON, but="remind")) == 0
    due = {queue: await store.read(lambda work, queue=queue: work.jobs.next_at(queue)) for queue in ("send", "lost")}  # type: ignore[misc]
    assert due == {"send": NOON, "lost": NOON}
    assert len(await claimed(store)) == 2
    assert await store.read(lambda work: work.jobs.next_at("remind")) == fast
    assert await store.read(lambda work: work.jobs.next_at("held")) == NOON + MINUTE


async def test_a_lease_of_a_clock_that_was_fast_keeps_no_account_silent(store: SqlStore) -> None:
    def story(work: Work) -> list[bool]:
        work.accounts.ensure("tg", Channel.TELEGRAM)
        fast = NOON + MINUTE * 480
        take = work.accounts.take_lease
        return [
            take("tg", "fast", fast + MINUTE, fast),
            take("tg", "right", NOON + MINUTE, NOON),
            take("tg", "other", NOON + MINUTE, NOON),
        ]

    assert await store.write(story) == [True, True, False]


async def test_many_workers_take_every_job_once(store: SqlStore) -> None:
    def put(work: Work) -> None:
        for place in range(100):
            work.jobs.put("route", {"place": place}, run_at=NOON)

    await store.write(put)
    done: list[int] = []

    async def worker(name: str) -> None:
        while jobs := await claimed(store, name, limit=7):
            for job in jobs:
                assert await store.write(lambda work, job=job: work.jobs.done(job))  # type: ignore[misc]
                done.append(job.body["place"])

    await asyncio.gather(*(worker(f"worker {place}") for place in range(4)))

    assert sorted(done) == list(range(100))


async def test_an_alarm_is_open_until_somebody_acknowledges(store: SqlStore) -> None:
    def raised(work: Work, conversation_id: int, message_id: int) -> Alarm | None:
        return work.alarms.raise_(conversation_id=conversation_id, message_id=message_id, at=NOON, text="Kebakaran!",
                                  place="Teluk Lingga", sender="Warga A", channel=Channel.WHATSAPP)  # fmt: skip

    def story(work: Work):
        message = a_message(work)
        first = raised(work, message.conversation_id, message.id)
        return message, first, raised(work, message.conversation_id, message.id)

    message, alarm, again = await store.write(story)
    assert alarm is not None
    assert again is None, "one open alarm a conversation"
    await store.write(lambda work: work.alarms.told(alarm.id, NOON + MINUTE))
    await store.write(lambda work: work.alarms.told(alarm.id, NOON + MINUTE * 2))

    told = replace(alarm, told=2, told_at=NOON + MINUTE * 2)
    assert await store.read(lambda work: work.alarms.open()) == [told]
    assert await store.write(lambda work: work.alarms.acknowledge(alarm.id, "staff:3", NOON))
    assert not await store.write(lambda work: work.alarms.acknowledge(alarm.id, "staff:4", NOON))
    assert await store.read(lambda work: work.alarms.open()) == []
    assert await store.read(lambda work: work.alarms.get(alarm.id)) == replace(
        told, acknowledged_at=NOON, acknowledged_by="staff:3"
    )
    assert await store.write(lambda work: raised(work, message.conversation_id, message.id)) is not None


async def test_staff_log_in_under_any_case_and_only_once(store: SqlStore) -> None:
    made = await store.write(lambda work: a_staff(work, login="Sari", name="Sari", role=Role.PPID, unit="dishub"))

    with pytest.raises(Conflict):
        await store.write(lambda work: a_staff(work, login="sARI "))

    found = await store.read(lambda work: work.people.by_login(" SARI"))
    assert found is not None
    assert found[0] == made
    await store.write(lambda work: work.people.set_password(made.id, "new"))
    await store.write(lambda work: work.people.set_lang(made.id, "en"))
    found = await store.read(lambda work: work.people.by_login("sari"))
    assert found == (replace(made, lang="en"), "new")
    assert await store.read(lambda work: work.people.get(made.id)) == replace(made, lang="en")
    assert await store.read(lambda work: work.people.get(10**6)) is None
    assert await store.read(lambda work: work.people.by_login("nobody")) is None
    assert [one.login for one in await store.read(lambda work: work.people.all())] == ["sari"]


async def test_a_session_ends_with_its_login(store: SqlStore) -> None:
    def story(work: Work):
        staff = a_staff(work)
        for name in ("a", "b", "c"):
            work.people.open_session(f"hash {name}", staff.id, "csrf", NOON, NOON + MINUTE)
        work.people.touch_session("hash a", NOON + MINUTE, NOON + MINUTE * 9)
        work.people.close_session("hash b")
        return staff

    staff = await store.write(story)
    session = await store.read(lambda work: work.people.session("hash a"))

    assert session is not None
    assert (session.staff, session.csrf, session.created_at, session.seen_at, session.expires_at) == (
        staff, "csrf", NOON, NOON + MINUTE, NOON + MINUTE * 9)  # fmt: skip
    assert await store.read(lambda work: work.people.session("hash b")) is None
    # Whoever logs in anew sweeps out their own dead sessions.
    await store.write(
        lambda work: work.people.open_session("hash d", staff.id, "x", NOON + MINUTE * 5, NOON + MINUTE * 9)
    )
    assert await store.read(lambda work: work.people.session("hash c")) is None

    await store.write(lambda work: work.people.disable(staff.id, NOON))
    assert await store.read(lambda work: work.people.session("hash a")) is None
    disabled = await store.read(lambda work: work.people.get(staff.id))
    assert disabled is not None
    assert disabled.disabled_at == NOON


async def test_all_sessions_of_one_person_end_and_nobody_elses(store: SqlStore) -> None:
    def story(work: Work) -> tuple[int, int]:
        staff, other = a_staff(work), a_staff(work)
        for name, who in (("a", staff), ("b", staff), ("c", other)):
            work.people.open_session(f"hash {name}", who.id, "csrf", NOON, NOON + MINUTE)
        return work.people.close_sessions(staff.id), work.people.close_sessions(staff.id)

    assert await store.write(story) == (2, 0)

    def left(work: Work) -> list[str]:
        return [name for name in "abc" if work.people.session(f"hash {name}") is not None]

    assert await store.read(left) == ["c"]


async def test_failed_logins_count_since_the_last_success(store: SqlStore) -> None:
    def story(work: Work) -> list[int]:
        note, failed = work.people.note_login, work.people.failed_logins
        for minute, ok in ((0, False), (1, False), (2, True), (3, False), (4, False)):
            note("Sari", ok, NOON + MINUTE * minute)
        note("budi", False, NOON)
        return [failed("sari", NOON), failed("SARI", NOON + MINUTE * 4), failed("budi", NOON), failed("x", NOON)]

    assert await store.write(story) == [2, 1, 1, 0]
