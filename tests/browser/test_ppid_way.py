"""A request for information, walked in a real browser: the citizen completes it on a phone, the PPID decides, the law is told."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from omnichannel.domain.case import Kind, Outcome
from omnichannel.domain.dip import Category, Item
from tests.parts import axe
from tests.parts.browser import DESK
from tests.web.afternoon import Afternoon, an_afternoon
from tests.web.cast import NOW, a_verdict

ASK = "Mohon data penerima bantuan sosial tahun 2025 per desa."


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Afternoon]:
    async with an_afternoon(tmp_path_factory.mktemp("desk"), told=False) as found:
        yield found


async def a_page(chromium: Browser, desk: Afternoon, login: str | None, width: int, *, script: bool = True) -> Page:
    size = {"viewport": {"width": width, "height": 900}, "java_script_enabled": script}
    context = await chromium.new_context(**{**DESK, **size})
    if login is not None:
        await context.add_cookies([{"name": "omni_sid", "value": await desk.token(login), "url": desk.address}])
    return await context.new_page()


async def asked(desk: Afternoon, name: str, text: str = ASK) -> str:
    """A request by chat; its number."""
    await desk.says(
        name, "tg-humas", text, verdict=a_verdict(Kind.INFORMATION_REQUEST, 0.95, topic="bansos", unit="diskominfo")
    )
    cases = await desk.read(lambda work: work.cases.of_conversation(desk.talks[name]))
    return cases[0].number


async def last_words(desk: Afternoon, name: str) -> str:
    return (await desk.read(lambda work: work.messages.thread(desk.talks[name])))[-1].text


async def test_from_a_chat_to_an_answer_with_its_reasons(chromium: Browser, desk: Afternoon) -> None:
    number = await asked(desk, "Warga 1")
    link = re.search(r"/l/\S+", await last_words(desk, "Warga 1"))
    assert link

    # The citizen's cheap phone, without script.
    phone = await a_page(chromium, desk, None, 390, script=False)
    await phone.goto(desk.address + link[0])
    await phone.check("input[name=applicant][value=perorangan]")
    await phone.fill("#purpose", "Penelitian skripsi")
    await phone.fill("#identity", "6408010101900001")
    await phone.fill("#address", "Jalan Contoh 1, Sangatta Utara")
    await phone.fill("#phone", "081200000001")
    await phone.check("input[name=access][value=melihat]")
    await phone.click("button.btn")
    assert "Permohonan Anda sudah lengkap" in await phone.inner_text("main")
    await phone.context.close()

    # The officer's laptop: the form shows what the chosen outcome needs, and no more.
    page = await a_page(chromium, desk, "ppid", 1366)
    await page.goto(f"{desk.address}/ppid/permohonan/{number}")
    assert "belum lengkap" not in await page.inner_text("#isi")
    assert not await page.is_visible("input[name=pasal][value=h]")
    await page.check("input[name=hasil][value=partly]")
    assert await page.is_visible("#putus input[name=pasal][value=h]")
    assert not await page.is_visible("input[name=kepada]")
    await page.click("#uji summary")
    await page.fill("#uji textarea[name=informasi]", "Nama dan NIK penerima bantuan")
    await page.select_option("#uji select[name=dasar]", "h")
    await page.fill("#uji textarea[name=akibat]", "Membuka rahasia pribadi penerima bantuan.")
    await page.fill("#uji input[name=pejabat]", "Pejabat Uji")
    await page.click("#uji button")
    await page.check("input[name=hasil][value=partly]")
    await page.check("#putus input[name=pasal][value=h]")
    await page.fill("#putus textarea[name=hitam]", "Nama dan NIK, karena rahasia pribadi.")
    await page.fill("#putus textarea[name=alasan]", "Jumlah per desa kami berikan.")
    await page.select_option("#putus select[name=bentuk]", "softcopy")
    await page.click("#putus button")
    assert "Dikabulkan sebagian" in await page.inner_text("main")
    await page.context.close()

    (case,) = await desk.read(lambda work: work.cases.of_conversation(desk.talks["Warga 1"]))
    assert case.outcome is Outcome.PARTLY
    told = await last_words(desk, "Warga 1")
    assert "Pasal 17 huruf h" in told
    assert "keberatan" in told


async def test_the_composer_finds_what_is_public_while_staff_write(chromium: Browser, desk: Afternoon) -> None:
    item = Item(id=0, unit="bpkad", category=Category.PERIODIC, title="Ringkasan APBD 2026", updated_at=NOW)
    await desk.write(lambda work: work.catalogue.add(item))
    await asked(desk, "Warga 2", "Boleh minta dokumennya?")
    page = await a_page(chromium, desk, "ppid", 1440)
    await page.goto(f"{desk.address}/kotak/semua/{desk.talks['Warga 2']}")

    await page.locator("#tulis").press_sequentially("Ringkasan APBD 2026 ada di situs kami")
    found = page.locator("[data-dip] a", has_text="Ringkasan APBD 2026")
    await found.wait_for()

    assert await page.input_value("#tulis") == "Ringkasan APBD 2026 ada di situs kami"
    await page.context.close()


@pytest.mark.parametrize("width", [1440, 320])
async def test_axe_finds_nothing_on_the_pages_behind_a_number(chromium: Browser, desk: Afternoon, width: int) -> None:
    number = await asked(desk, f"Warga {width}")
    link = re.search(r"/l/\S+", await last_words(desk, f"Warga {width}"))
    assert link
    async with desk.visitor("ppid") as p:
        await p.post(f"/ppid/permohonan/{number}/unit", {"unit": "dishub", "tanya": "Apakah ada datanya?"})
        (case,) = await desk.read(lambda work: work.cases.of_conversation(desk.talks[f"Warga {width}"]))
        await p.post(
            f"/ppid/permohonan/{number}/putus",
            {"hasil": "not_held", "alasan": "Tidak kami kuasai.", "versi": str(case.version)},
        )
        await p.post(f"/ppid/permohonan/{number}/keberatan", {"pasal": "e", "kasus": "Pernah diumumkan dinas."})
    (objection,) = await desk.read(lambda work: work.objections.of_case(case.id))
    open_ = await asked(desk, f"Warga lain {width}")
    again = re.search(r"/l/\S+", await last_words(desk, f"Warga lain {width}"))
    assert again
    page = await a_page(chromium, desk, "ppid", width)
    found: dict[str, list[str]] = {}
    for address in (
        again[0],
        f"/ppid/permohonan/{number}",
        f"/ppid/permohonan/{open_}",
        f"/ppid/keberatan/{objection.number}",
    ):
        await page.goto(desk.address + address)
        await page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
        found |= {f"{address} {rule}": nodes for rule, nodes in (await axe.faults(page)).items()}
        if await page.evaluate("document.documentElement.scrollWidth") > width:
            found.setdefault(f"{address} scrolls sideways", [])
    await page.context.close()

    assert found == {}
