"""How many messages a second the store takes in, each with all that receiving one does.

python -m tests.store.throughput              a SQLite file in a temporary folder
python -m tests.store.throughput --postgres   a PostgreSQL of its own
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.message import Author
from omnichannel.domain.work import Actor, Direction, Work
from omnichannel.store.bell import LocalBell
from omnichannel.store.clock import SystemClock
from omnichannel.store.database import open_store
from tests.parts.postgres import Postgres, programs

MESSAGES, WRITERS, CITIZENS = 6000, 64, 500
ACCOUNT = "wa-humas"


def receiving(place: int) -> Callable[[Work], None]:
    """Receipt, dedupe, contact, conversation, message, the list's row, history, and the job that routes it."""
    at = datetime.now(UTC)
    citizen = Author(id=f"warga-{place % CITIZENS}", name=f"Warga {place % CITIZENS}")
    thread = f"utas-{place % CITIZENS}"

    def story(work: Work) -> None:
        entry = work.ledger.append(ACCOUNT, b'{"text": "lampu jalan mati sejak kemarin"}', {"x-signature": "-"}, at)
        if not work.ledger.first_time(ACCOUNT, f"pesan-{place}", entry.id, 0, "incoming"):
            return
        contact = work.contacts.meet(ACCOUNT, Channel.WHATSAPP, citizen, at)
        found = work.conversations.find(ACCOUNT, thread, Surface.DIRECT)
        now = found or work.conversations.add(account=ACCOUNT, channel=Channel.WHATSAPP, surface=Surface.DIRECT,
                                              external_id=thread, contact_id=contact.id, at=at)  # fmt: skip
        message = work.messages.add(conversation_id=now.id, account=ACCOUNT, external_id=f"pesan-{place}",
                                    direction=Direction.IN, text="Lampu jalan mati sejak kemarin.", sent_at=at,
                                    arrived_at=at, contact_id=contact.id, ledger_id=entry.id)  # fmt: skip
        work.conversations.save(
            now, replace(now, last_at=at, last_in_at=at, preview=message.text, unread=now.unread + 1)
        )
        work.note(Actor(f"citizen:{contact.id}", contact.label), "received", "message", message.id, at=at,
                  conversation_id=now.id)  # fmt: skip
        work.accounts.count(ACCOUNT, received=1, in_at=at)
        work.jobs.put("route", {"message_id": message.id}, key=f"route:{message.id}", run_at=at)
        work.ring("route")

    return story


async def measure(url: str) -> None:
    store = open_store(url, LocalBell(), SystemClock())
    await store.open()
    await store.migrate()
    await store.write(lambda work: work.accounts.ensure(ACCOUNT, Channel.WHATSAPP))
    places, waits = iter(range(MESSAGES)), []

    async def writer() -> None:
        for place in places:
            began = time.perf_counter()
            await store.write(receiving(place))
            waits.append(time.perf_counter() - began)

    began, processor = time.perf_counter(), time.process_time()
    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    took, burnt = time.perf_counter() - began, time.process_time() - processor
    await store.close()
    waits.sort()
    print(
        f"{MESSAGES / took:,.0f} messages/s with {WRITERS} writers, p50 {waits[len(waits) // 2] * 1e3:.1f} ms, "
        f"p99 {waits[len(waits) * 99 // 100] * 1e3:.1f} ms, {burnt / MESSAGES * 1e3:.3f} ms of processor a message"
    )


@contextmanager
def a_server():
    folder = programs()
    if folder is None:
        sys.exit("PostgreSQL is not on this machine")
    server = Postgres(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.remove()


async def on_postgres(server: Postgres) -> None:
    await measure(await server.fresh())


def main() -> None:
    if "--postgres" in sys.argv[1:]:
        with a_server() as server:
            asyncio.run(on_postgres(server))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(f"sqlite:///{Path(folder) / 'omnichannel.db'}"))


if __name__ == "__main__":
    main()
