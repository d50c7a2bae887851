"""What a killed process held is free at once; what a living one or another machine holds is not."""

import asyncio
import os
import sys
from datetime import timedelta

import pytest

from omnichannel.domain.channel import Channel
from omnichannel.domain.message import Delivery
from omnichannel.domain.outbox import say, send_queue
from omnichannel.domain.work import Message, Work
from omnichannel.inbox import deliver
from omnichannel.store.database import SqlStore
from omnichannel.workers.owners import is_dead, machine, owner_name, release_the_dead
from tests.build import ACCOUNT, NOON, a_conversation, a_staff
from tests.plug import OPEN

LEASE = timedelta(minutes=3)


async def a_dead_number() -> int:
    """The number of a process that has just ended."""
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    return gone.pid


async def test_only_an_ended_process_of_this_machine_is_dead() -> None:
    number = await a_dead_number()

    assert is_dead(f"{machine()}:{number}:0a1b2c3d")
    assert not is_dead(owner_name())
    assert not is_dead(f"{machine()}:{os.getppid()}:0a1b2c3d")
    assert not is_dead(f"tetangga/{machine().partition('/')[2]}:{number}:0a1b2c3d"), "another machine"
    assert not is_dead(f"{machine().partition('/')[0]}/000000000000:{number}:0a1b2c3d"), "a container of the same name"


@pytest.mark.parametrize(
    "owner", ["", "satu", ":::", "{}", "{}:", "{}:12", "{}:-1:x", "{}:0:x", "{}:٣:x", "{}:99999999999999999999:x"]
)
def test_a_name_that_is_none_of_ours_is_never_dead(owner: str) -> None:
    assert not is_dead(owner.format(machine()))


async def test_the_leases_and_claims_of_the_dead_alone_are_free(store: SqlStore) -> None:
    dead, alive, far = f"{machine()}:{await a_dead_number()}:00", owner_name(), "jauh:1:00"

    def taken(work: Work) -> None:
        for account, owner in (("mati", dead), ("hidup", alive), ("jauh", far)):
            work.accounts.ensure(account, Channel.TELEGRAM)
            assert work.accounts.take_lease(account, owner, NOON + LEASE, NOON)
            work.jobs.put(account, {}, run_at=NOON)
            assert work.jobs.claim(account, owner, NOON, LEASE)

    def free(work: Work) -> list[str]:
        accounts = ("mati", "hidup", "jauh")
        leased = [one for one in accounts if work.accounts.take_lease(one, "baru", NOON + LEASE, NOON)]
        return leased + [one for one in accounts if work.jobs.claim(one, "baru", NOON, LEASE)]

    await store.write(taken)

    assert await release_the_dead(store) == 1
    assert await store.write(free) == ["mati", "mati"]
    assert await release_the_dead(store) == 0


async def test_what_a_killed_process_was_sending_becomes_unsure_and_is_not_sent_again(store: SqlStore) -> None:
    dead = f"{machine()}:{await a_dead_number()}:00"

    def sending(work: Work) -> Message:
        work.accounts.ensure(ACCOUNT, Channel.WHATSAPP)
        talk = a_conversation(work, last_in_at=NOON)
        message = say(work, talk, "Halo", key="k1", capabilities=OPEN, now=NOON, staff=a_staff(work))
        (job,) = work.jobs.claim(send_queue(ACCOUNT), dead, NOON, LEASE, 1)
        assert deliver.begin(work, job, NOON) is not None
        return message

    def taken_over(work: Work) -> tuple[object, Delivery | None]:
        (job,) = work.jobs.claim(send_queue(ACCOUNT), "baru", NOON, LEASE, 1)
        to_send = deliver.begin(work, job, NOON)
        found = work.messages.get(message.id)
        return to_send, found.delivery if found else None

    message = await store.write(sending)
    await release_the_dead(store)

    assert await store.write(taken_over) == (None, Delivery.UNSURE)
    assert await store.read(lambda work: work.jobs.depths()) == {}


async def test_a_store_that_is_away_at_the_start_stops_nobody(sqlite_url: str, quick_store: SqlStore) -> None:
    await quick_store.close()

    assert await release_the_dead(quick_store) == 0
