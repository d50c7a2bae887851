"""What the database says, asked with plain SQL, apart from the code under test."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
BUSY = "SELECT count(*) FROM jobs WHERE NOT dead AND queue NOT IN ('remind', 'alarm', 'learn', 'lapor-names')"
TWICE = (
    "SELECT count(*) FROM (SELECT text FROM messages WHERE direction = 'in' "
    "GROUP BY account, text HAVING count(*) > 1) AS twice"
)


class Books:
    """One question a method."""

    def __init__(self, url: str) -> None:
        kind, _, rest = url.partition(":")
        # A fresh connection each time: the drills stop the server under us.
        self._engine = create_async_engine(f"{DRIVERS[kind]}:{rest}", poolclass=sa.NullPool)

    async def close(self) -> None:
        await self._engine.dispose()

    async def ask(self, question: str, **values: Any) -> list[Any]:
        async with self._engine.connect() as connection:
            return list(await connection.execute(sa.text(question), values))

    async def number(self, question: str, **values: Any) -> int:
        return int((await self.ask(question, **values))[0][0])

    async def kept(self) -> Counter[str]:
        """Citizens' messages by account."""
        rows = await self.ask("SELECT account, count(*) FROM messages WHERE direction = 'in' GROUP BY account")
        return Counter({str(account): int(n) for account, n in rows})

    async def doubled(self) -> int:
        """Texts that stand there more than once; the drills write each once."""
        return await self.number(TWICE)

    async def deliveries(self) -> Counter[str]:
        rows = await self.ask("SELECT delivery, count(*) FROM messages WHERE direction = 'out' GROUP BY delivery")
        return Counter({str(state): int(n) for state, n in rows})

    async def busy(self) -> int:
        """Jobs that wait for nothing but time to do them."""
        return await self.number(BUSY)

    async def quarantined(self) -> int:
        return await self.number("SELECT count(*) FROM quarantine")

    async def broken_links(self) -> int:
        """Receipts whose `previous` is not the chain of the one before on their account."""
        heads: dict[str, str | None] = {}
        broken = 0
        for account, previous, chain in await self.ask("SELECT account, previous, chain FROM ledger ORDER BY id"):
            broken += previous != heads.get(account)
            heads[account] = chain
        return broken

    async def gaps(self) -> int:
        """Register numbers that were skipped or used twice."""
        rows = await self.ask(
            "SELECT queue, year, count(*), min(sequence), max(sequence) FROM cases GROUP BY queue, year"
        )
        return sum(1 for _, _, count, first, last in rows if (first, last) != (1, count))

    async def busy_but(self, *queues: str) -> int:
        """The same without the jobs of slow rounds."""
        named = ", ".join(f"'{queue}'" for queue in queues)
        return await self.number(f"{BUSY} AND queue NOT IN ({named})")

    async def hasten(self, queue: str) -> None:
        """What waits in that queue is due now: the drill has no minutes to wait."""
        async with self._engine.begin() as connection:
            await connection.execute(
                sa.text("UPDATE jobs SET ready_at = 0 WHERE queue = :queue AND owner IS NULL"), {"queue": queue}
            )
