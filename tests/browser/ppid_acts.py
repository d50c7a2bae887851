"""What people do on the way of a request, each act on the page that an officer or a citizen would use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.ppid_town import NUMBER, Citizen, Town, text_of

ADDRESS = "Jalan Contoh 1, Sangatta Utara"
TYPED = {
    "purpose": "Penelitian skripsi",
    "name": "Rahmi Contoh",
    "identity": "6408010101900001",
    "address": ADDRESS,
    "phone": "081200000001",
    "mail": "rahmi@contoh.id",
}
CONTACT = "081200000001, rahmi@contoh.id"


@dataclass(frozen=True)
class Proof:
    """A consequence test as it is typed."""

    information: str = "Nama dan NIK penerima"
    basis: str = "h"
    consequence: str = "Membuka rahasia pribadi penerima."
    period: str = "Selama data masih dipakai"
    approver: str = "Pejabat Penetap"
    post: str = "Sekretaris Daerah"


async def asks(citizen: Citizen, words: str) -> str:
    """A request in the citizen's own words; its number, as their channel told them."""
    said = citizen.says(words)
    assert hasattr(said, "__await__")
    await said
    found = NUMBER.search(await citizen.hears("nomor pendaftaran"))
    assert found is not None
    return found[0]


async def link(citizen: Citizen) -> str:
    """The way into the form that completes it: the newest that came."""
    await citizen.hears("/l/")
    found = [re.search(r"http\S+/l/\S+", one.text) for one in citizen.lines()]
    return [one[0] for one in found if one is not None][-1]


async def completes(
    town: Town,
    citizen: Citizen,
    *,
    applicant: str = "perorangan",
    access: str = "salinan_digital",
    delivery: str = "surel",
    ktp: Path | None = None,
    skip: Sequence[str] = (),
) -> str:
    """On the phone, by the link; what the page then says."""
    phone = town.phone.pages[0]
    await phone.goto(await link(citizen))
    for name, value in TYPED.items():
        if name not in skip and await phone.locator(f"#{name}").count():
            await phone.fill(f"#{name}", value)
    for name, value in {"applicant": applicant, "access": access, "delivery": delivery}.items():
        choice = phone.locator(f"input[name={name}][value={value}]")
        if await choice.count():
            await choice.check()
    if ktp is not None:
        await phone.set_input_files("#ktp", str(ktp))
    await phone.click("button.btn:visible")
    return await phone.inner_text("main")


async def proves(town: Town, number: str, proof: Proof) -> None:
    page = await town.sheet(number)
    await page.click("#uji summary")
    await page.fill("#uji textarea[name=informasi]", proof.information)
    await page.select_option("#uji select[name=dasar]", proof.basis)
    await page.fill("#uji textarea[name=akibat]", proof.consequence)
    await page.fill("#uji input[name=jangka]", proof.period)
    await page.fill("#uji input[name=pejabat]", proof.approver)
    await page.fill("#uji input[name=jabatan]", proof.post)
    await page.click("#uji button")
    await expect(page.locator("#uji .proofs")).to_contain_text(proof.information)


async def decides(town: Town, number: str, outcome: str, *, grounds: Sequence[str] = (), **typed: str) -> Page:
    """The ruling by its form; the page as it then is. `bentuk` is chosen, everything else written."""
    page = await town.sheet(number)
    await page.check(f"#putus input[name=hasil][value={outcome}]")
    for letter in grounds:
        await page.check(f"#putus input[name=pasal][value={letter}]")
    if form := typed.pop("bentuk", ""):
        await page.select_option("#putus select[name=bentuk]", form)
    for name, value in typed.items():
        await page.fill(f"#putus [name={name}]", value)
    await page.click("#putus button.main")
    return page


async def extends(town: Town, number: str, reason: str) -> Page:
    page = await town.sheet(number)
    await page.click("#perpanjang summary")
    await page.fill("#perpanjang textarea[name=alasan]", reason)
    await page.click("#perpanjang button")
    return page


async def objects(town: Town, citizen: Citizen, number: str, letters: str, story: str) -> str:
    """The citizen's own form, with the code that came with the number; what the page then says."""
    code = re.search(r"Kode rahasia (\S+)", await citizen.hears("Kode rahasia"))
    assert code is not None
    phone = town.phone.pages[0]
    await phone.goto(f"{town.url}/publik/keberatan?nomor={number}")
    await phone.fill("#kode", code[1])
    for letter in letters:
        await phone.check(f"input[name=alasan][value={letter}]")
    await phone.fill("#isi", story)
    await phone.click("button.btn:visible")
    return await phone.inner_text("main")


async def answers(town: Town, objection: str, verdict: str, words: str, name: str) -> Page:
    """The superior's answer, as the officer writes it down."""
    page = town.desk.pages[0]
    await page.goto(f"{town.url}/ppid/keberatan/{objection}")
    await page.check(f"#tanggapan input[name=hasil][value={verdict}]")
    await page.fill("#tanggapan textarea[name=tanggapan]", words)
    await page.fill("#tanggapan input[name=nama]", name)
    await page.click("#tanggapan button.main")
    return page


async def disputes(town: Town, objection: str, day: str, register: str) -> Page:
    page = town.desk.pages[0]
    await page.goto(f"{town.url}/ppid/keberatan/{objection}")
    await page.fill("#sengketa input[name=tanggal]", day)
    await page.fill("#sengketa input[name=nomor]", register)
    await page.click("#sengketa button")
    return page


def differs(pdf: bytes, fields: dict[str, str], ticked: Sequence[str], says: Sequence[str] = ()) -> list[str]:
    """What a letter does not say as it should: every field with its value, the ticked boxes and no other, the sentences."""
    text = text_of(pdf)
    found = [f"{label}: {value}" for label, value in fields.items() if f"{label} : {value}" not in text]
    found += [f"[x] {one}" for one in ticked if f"[x] {one}" not in text]
    found += [one for one in says if one not in text]
    boxes = text.count("[x]")
    return found if boxes == len(ticked) and not found else [*found, f"{boxes} boxes ticked", text]
