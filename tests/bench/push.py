"""Live push: a hundred browsers are open, messages come in, and every browser hears of each."""

import asyncio
import json
import time

from tests.bench.load import a_request
from tests.bench.stand import Stand
from tests.drills.service import Officer, Service

BROWSERS, MESSAGES, EVERY = 100, 200, 0.04


async def measure_push(stand: Stand) -> tuple[float, float, int]:
    """(p50, p95) in seconds from a webhook's first byte to a browser that hears of it, and how many did not hear."""
    folder = stand.folder / "push"
    folder.mkdir()
    service = stand.service(folder, roles="web")
    await service.hire()
    async with service:
        officer = Officer(service.url)
        try:
            await officer.login()
            return await _pushed(officer, service)
        finally:
            await officer.close()


async def _pushed(officer: Officer, service: Service) -> tuple[float, float, int]:
    heard: list[list[float]] = [[] for _ in range(BROWSERS)]
    hello = asyncio.Semaphore(0)
    listeners = [asyncio.create_task(_listen(officer, one, hello)) for one in heard]
    for _ in range(BROWSERS):
        await hello.acquire()
    sent = await _sent(service)
    await asyncio.sleep(1)
    for one in listeners:
        one.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    # One sender, one message at a time: the n-th that a browser hears is the n-th that was sent.
    waits = sorted(at - began for one in heard for at, began in zip(one, sent, strict=False))
    return waits[len(waits) // 2], waits[int(len(waits) * 0.95)], MESSAGES * BROWSERS - len(waits)


async def _sent(service: Service) -> list[float]:
    """The moment in which each message left."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    moments = []
    for number in range(MESSAGES):
        moments.append(time.perf_counter())
        writer.write(a_request("bench", "/hooks/coba", number))
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        await reader.readexactly(len("ok"))
        await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - moments[-1])))
    writer.close()
    await writer.wait_closed()
    return moments


async def _listen(officer: Officer, heard: list[float], hello: asyncio.Semaphore) -> None:
    async with officer.live() as answer:
        async for line in answer.content:
            if line.startswith(b"event: hello"):
                hello.release()
            elif line.startswith(b"data:") and json.loads(line[5:]).get("verb") == "wrote":
                heard.append(time.perf_counter())
