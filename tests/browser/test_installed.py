"""The desk as an app: a push shows itself and leads to its conversation, a cut line has a page, nothing of a citizen is kept."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from omnichannel.domain.pushing import Cause, Words
from tests.browser.test_desk_live import sitting
from tests.web.afternoon import Afternoon, an_afternoon

# Until the browser has shown one; the test's own patience ends it.
SHOWN = """async () => {
  const held = await navigator.serviceWorker.ready;
  for (;;) {
    const all = await held.getNotifications();
    if (all.length) return all.map((one) => [one.title, one.body, one.data.open]);
    await new Promise((go) => setTimeout(go, 50));
  }
}"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path, told=False) as found:
        await found.says("Warga A", "tg-humas", "Lampu jalan mati")
        await found.says("Warga B", "tg-humas", "Sampah menumpuk")
        yield found


async def test_a_push_is_shown_and_opens_its_conversation_and_no_words_are_kept(
    chromium: Browser, desk: Afternoon
) -> None:
    a, b = desk.talks["Warga A"], desk.talks["Warga B"]
    async with sitting(chromium, desk, expected="ERR_") as page:
        context = page.context
        await context.grant_permissions(["notifications"], origin=desk.address)
        await page.goto(f"{desk.address}/kotak/semua/{a}")
        await page.evaluate("navigator.serviceWorker.ready.then((held) => held.active.state)")
        await page.wait_for_function("navigator.serviceWorker.controller !== null")

        devtools = await context.new_cdp_session(page)
        found: asyncio.Queue[str] = asyncio.Queue()

        def heard(event: dict[str, list[dict[str, str]]]) -> None:
            for one in event["registrations"]:
                found.put_nowait(one["registrationId"])

        devtools.on("ServiceWorker.workerRegistrationUpdated", heard)
        await devtools.send("ServiceWorker.enable")
        number = await asyncio.wait_for(found.get(), 60)
        said = Words(Cause.MINE, "Pesan baru di percakapan Anda", f"Percakapan {b}", f"/kotak/semua/{b}", f"mine:{b}")
        await devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": desk.address, "registrationId": number, "data": said.payload().decode()},
        )
        assert await page.evaluate(SHOWN) == [[said.title, said.body, said.open]]

        (worker,) = context.service_workers
        await worker.evaluate(
            "self.registration.getNotifications().then(([one]) =>"
            " self.dispatchEvent(new NotificationEvent('notificationclick', {notification: one})))"
        )
        await expect(page.locator(".talk h2")).to_have_text("Warga B")
        assert page.url.endswith(f"/kotak/semua/{b}")

        kept = await page.evaluate(
            "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))"
            ".then((all) => all.flat().map((one) => new URL(one.url).pathname))"
        )
        assert kept
        assert [one for one in kept if not one.startswith("/static/") and one not in ("/luring", "/tampilan.css")] == []
        await context.set_offline(True)
        await page.goto(f"{desk.address}/kotak/semua/{a}")
        await expect(page.locator("h1")).to_have_text("Tidak ada sambungan")
        assert "Lampu" not in await page.content()
        await context.set_offline(False)
        await page.get_by_role("link", name="Coba lagi").click()
        await expect(page.locator(".talk h2")).to_have_text("Warga A")
