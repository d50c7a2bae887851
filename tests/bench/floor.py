"""The floor under the webhook door: aiohttp, the signature, one INSERT, group commit, and nothing else.

python -m tests.bench.floor FILE PORT
"""

import asyncio
import hmac
import json
import sqlite3
import sys
import threading

from aiohttp import web

from tests.bench.load import SECRET

Row = tuple[str, str, str, bytes]


class Group:
    """One writer thread: what arrived while the last commit ran shares the next one."""

    def __init__(self, path: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._piled: list[tuple[asyncio.Future[None], Row]] = []
        self._knock = threading.Event()
        self._link = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 4000"):
            self._link.execute(f"PRAGMA {pragma}")
        self._link.execute(
            "CREATE TABLE event (id INTEGER PRIMARY KEY, ext TEXT UNIQUE, who TEXT, text TEXT, raw BLOB)"
        )
        threading.Thread(target=self._write, daemon=True).start()

    def put(self, row: Row) -> asyncio.Future[None]:
        answer: asyncio.Future[None] = self._loop.create_future()
        self._piled.append((answer, row))
        self._knock.set()
        return answer

    def _write(self) -> None:
        while True:
            self._knock.wait()
            self._knock.clear()
            batch, self._piled = self._piled, []
            if not batch:
                continue
            self._link.execute("BEGIN IMMEDIATE")
            rows = [row for _, row in batch]
            self._link.executemany("INSERT INTO event (ext, who, text, raw) VALUES (?, ?, ?, ?)", rows)
            self._link.execute("COMMIT")
            self._loop.call_soon_threadsafe(self._tell, [answer for answer, _ in batch])

    @staticmethod
    def _tell(answers: list[asyncio.Future[None]]) -> None:
        for answer in answers:
            if not answer.done():
                answer.set_result(None)


async def serve(path: str, port: int) -> None:
    """Until killed."""
    group = Group(path)
    secret = SECRET.encode()

    async def hook(request: web.Request) -> web.Response:
        body = await request.read()
        good = "sha256=" + hmac.digest(secret, body, "sha256").hex()
        if not hmac.compare_digest(good, request.headers.get("X-Sandbox-Signature", "")):
            return web.Response(status=403)
        item = json.loads(body)["events"][0]
        await group.put((item["id"], item["from"]["id"], item["text"], body))
        return web.Response(text="ok")

    application = web.Application()
    application.router.add_post("/hooks/{account}", hook)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
