"""How long the desk's pages take with a thousand and with a hundred thousand conversations behind them."""

import statistics
import time

from tests.bench.seed import seed
from tests.bench.stand import Stand
from tests.drills.service import Officer, Service

LOOKS = 40
PAGES = {
    "list, unread": "/kotak/perlu-dibaca",
    "list, all": "/kotak/semua",
    "list, resolved": "/kotak/selesai",
    "conversation": "/kotak/semua/{id}",
}


async def measure_pages(stand: Stand, count: int) -> dict[str, tuple[float, float]]:
    """Page → (p50, p95) in seconds, asked one after another by one browser."""
    folder = stand.folder / f"pages-{count}"
    folder.mkdir()
    service = stand.service(folder, roles="web")
    await service.hire()
    seed(folder / "data" / "omnichannel.db", count)
    async with service:
        officer = Officer(service.url)
        try:
            await officer.login()
            return {name: await _looked(officer, service, path, count) for name, path in PAGES.items()}
        finally:
            await officer.close()


async def _looked(officer: Officer, service: Service, path: str, count: int) -> tuple[float, float]:
    seconds = []
    for look in range(LOOKS + 5):
        address = path.format(id=count // 10 * 10 - 10 * (look % 50))
        began = time.perf_counter()
        status, page = await officer.get(address)
        seconds.append(time.perf_counter() - began)
        assert status == 200, f"{address}: {status}\n{service.tail()}"
        assert "Warga" in page
    warm = sorted(seconds[5:])
    return statistics.median(warm), warm[int(len(warm) * 0.95)]
