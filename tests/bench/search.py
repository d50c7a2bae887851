"""How fast a search is over years of conversations: `python -m tests.bench.search [CONVERSATIONS] [FOLDER]`.

Three messages a conversation; 334,000 of them are a million messages. A SQLite file that is there already is used again.
"""

import asyncio
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from omnichannel.domain.screens import Page
from omnichannel.domain.search import Hit, Piece, Sought
from omnichannel.domain.terms import asked_terms
from omnichannel.domain.work import Scope, Work
from omnichannel.store import indexing
from omnichannel.store.bell import LocalBell
from omnichannel.store.clock import SystemClock
from omnichannel.store.database import open_store
from tests.bench.seed import seed

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


async def measure(path: Path, count: int, *, made: bool) -> None:
    store = open_store(f"sqlite:///{path}", LocalBell(), SystemClock())
    await store.open()
    if not made:
        await store.migrate()
        began = time.perf_counter()
        seed(path, count)
        print(f"{count * 3:,} messages written in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        await store.write(lambda work: indexing.fill(work.connection))  # type: ignore[attr-defined]
        print(f"indexed in {time.perf_counter() - began:.0f} s", flush=True)
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


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 334_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2] if len(sys.argv) > 2 else folder) / "search.db"
        asyncio.run(measure(path, count, made=path.exists()))
        print(f"{path.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
