"""How fast a search is over years of conversations: `python -m tests.bench.search [CONVERSATIONS] [FOLDER | --postgres]`.

Three messages a conversation; 334,000 of them are a million messages. A SQLite file that is there already is used again;
`--postgres` starts a server of its own.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from omnichannel.domain.screens import Page
from omnichannel.domain.search import Hit, Piece, Sought
from omnichannel.domain.terms import asked_terms
from omnichannel.domain.work import Scope, Work
from omnichannel.store import indexing
from omnichannel.store.bell import LocalBell
from omnichannel.store.clock import SystemClock
from omnichannel.store.database import SqlStore, open_store
from tests.bench.seed import statements
from tests.parts.postgres import Postgres
from tests.store.throughput import a_server

ROUNDS = 60


def sought(text: str, **filters: object) -> Sought:
    return Sought(pieces=tuple(Piece(tuple(asked_terms(one))) for one in text.split()), **filters)  # type: ignore[arg-type]


def questions(count: int) -> dict[str, Sought]:
    rare = str(count * 2 // 3)
    return {
        "a common word": sought("lampu"),
        "two common words": sought("lampu seminggu"),
        "a rare word": sought(rare),
        "a common and a rare word": sought(f"lampu {rare}"),
        "a phrase": Sought(pieces=(Piece(("teluk", "lingga")),)),
        "a word that nobody wrote": sought("zebra"),
        "a beginning": sought("sem"),
        "a citizen's whole name": Sought(pieces=(Piece(("warga", rare)),)),
        "a common word, a channel": sought("lampu", channels=("sandbox",)),
        "a common word, a unit that has none": sought("lampu", units=("pupr",)),
        "filters alone": Sought(channels=("sandbox",), files=False),
    }


def _first(asked: Sought, work: Work) -> Page[Hit]:
    return work.search.find(asked, Scope())


async def measure(url: str, count: int, *, made: bool = False) -> None:
    store = open_store(url, LocalBell(), SystemClock())
    await store.open()
    if not made:
        await store.migrate()
        await write(
            store, "messages written", lambda work: [work.connection.exec_driver_sql(one) for one in statements(count)]
        )
        await write(store, "indexed", lambda work: indexing.fill(work.connection))
    for name, asked in questions(count).items():
        took, first = [], 0
        for _ in range(ROUNDS):
            began = time.perf_counter()
            page = await store.read(partial(_first, asked))
            took.append((time.perf_counter() - began) * 1000)
            first = len(page.rows)
        took.sort()
        p50, p95 = took[ROUNDS // 2], took[ROUNDS * 95 // 100]
        print(f"{name:38} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  {first} conversations on the first page", flush=True)
    await store.close()


async def write(store: SqlStore, name: str, story: Callable[[Any], object]) -> None:
    began = time.perf_counter()
    await store.write(story)
    print(f"{name} in {time.perf_counter() - began:.0f} s", flush=True)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 334_000
    if "--postgres" in sys.argv[1:]:
        with a_server() as server:
            asyncio.run(on_postgres(server, count))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2] if len(sys.argv) > 2 else folder) / "search.db"
        asyncio.run(measure(f"sqlite:///{path}", count, made=path.exists()))
        print(f"{path.stat().st_size / 1e6:,.0f} MB")


async def on_postgres(server: Postgres, count: int) -> None:
    await measure(await server.fresh(), count)


if __name__ == "__main__":
    main()
