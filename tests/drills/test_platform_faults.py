"""The platforms fail in every way while answers go out: waited out, told to a person, or shown to the administrator.

Each drill prints its figures: how many answers, what became of them, and how long we waited where we were asked to.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from omnichannel.toys.sandbox import SandboxToy
from omnichannel.toys.telegram import TelegramToy
from tests.drills.platforms import a_complaint
from tests.drills.small import Small, small, until

pytestmark = [pytest.mark.drill]

Toy = SandboxToy | TelegramToy
SAYS = {"coba": "send", "tgh": "sendMessage"}
STRUCK = {"coba": 0, "tgh": 1}  # whether the toy notes a call that it then fails


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Small]:
    async with small(tmp_path) as made:
        yield made


@pytest.fixture(params=["coba", "tgh"])
def account(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def toy_of(office: Small, account: str) -> Toy:
    return office.sandbox if account == "coba" else office.telegram


def handed(office: Small, account: str) -> int:
    return sum(call == SAYS[account] for call, _ in toy_of(office, account).calls)


async def a_conversation(office: Small, account: str, name: str) -> tuple[str, int]:
    """A citizen wrote and has our receipt; the toy's thread and our number of it."""
    if account == "tgh":
        await until(lambda: office.telegram.courier.url is not None, 60)
    before = handed(office, account)
    thread = await toy_of(office, account).write(None, name, a_complaint(name))
    await until(lambda: handed(office, account) > before)
    await states(office, account, sent=1)
    number = await office.books.number("SELECT max(id) FROM conversations WHERE account = :a", a=account)
    return thread, number


async def states(office: Small, account: str, patience: float = 30, **expected: int) -> None:
    """Until at least so many of our messages stand in these states."""
    until_then = time.monotonic() + patience
    question = "SELECT delivery, count(*) FROM messages WHERE direction = 'out' AND account = :a GROUP BY delivery"
    while True:
        found = {str(state): int(n) for state, n in await office.books.ask(question, a=account)}
        if all(found.get(state, 0) >= n for state, n in expected.items()):
            return
        assert time.monotonic() < until_then, (found, expected)
        await asyncio.sleep(0.1)


async def error_of(office: Small, key: str) -> str:
    rows = await office.books.ask("SELECT error FROM messages WHERE client_key = :key", key=key)
    return str(rows[0][0])


async def test_a_flood_warning_is_obeyed_by_the_whole_account(office: Small, account: str) -> None:
    toy = toy_of(office, account)
    _, number = await a_conversation(office, account, "Siti")
    before = handed(office, account)
    toy.fail("flood", times=1, only=SAYS[account], seconds=4)

    began = time.monotonic()
    for one in range(3):
        await office.officer.reply(number, f"Jawaban {one}", f"banjir-{one}")
    await asyncio.sleep(max(0.0, 3.5 - (time.monotonic() - began)))
    meanwhile = handed(office, account) - before - STRUCK[account]
    await states(office, account, sent=4)
    took = time.monotonic() - began

    print(f"\n{account}: asked to wait 4 s; handed over meanwhile {meanwhile}; 3 of 3 sent after {took:.1f} s")
    assert meanwhile == 0
    assert 4 <= took < 15
    assert [line.text for line in last_lines(toy)] == ["Jawaban 0", "Jawaban 1", "Jawaban 2"]


def last_lines(toy: Toy) -> list[Any]:
    return [line for chat in toy.chats() for line in chat.lines if not line.mine][-3:]


@pytest.mark.parametrize("kind", ["server", "bare", "reset", "garbage"])
async def test_an_answer_that_never_came_is_unsure_once_and_never_sent_again(
    office: Small, account: str, kind: str
) -> None:
    toy = toy_of(office, account)
    _, number = await a_conversation(office, account, "Siti")
    before = handed(office, account)
    toy.fail(kind, times=1, only=SAYS[account])

    await office.officer.reply(number, "Petugas berangkat.", "hilang-1")
    await states(office, account, unsure=1)
    await asyncio.sleep(3)
    again = handed(office, account) - before - STRUCK[account]
    _, page = await office.officer.get(f"/kotak/gagal-kirim/{number}")

    print(
        f"\n{account} {kind}: 1 answer, lost; handed over again {again} times; unsure: {await error_of(office, 'hilang-1')}"
    )
    assert again == 0
    assert "Petugas berangkat." in page
    assert "/sudah-sampai" in page, "a person may settle it"
    assert "/kirim-ulang" in page, "or send it again"


async def test_a_rejected_login_shows_a_banner_and_everything_leaves_once_it_is_mended(
    office: Small, account: str
) -> None:
    toy = toy_of(office, account)
    _, number = await a_conversation(office, account, "Siti")
    toy.fail("unauthorized", times=1, only=SAYS[account])

    for one in range(3):
        await office.officer.reply(number, f"Jawaban {one}", f"putus-{one}")
    status, page = "", ""
    for _ in range(100):
        _, page = await office.officer.get("/kelola/kanal")
        rows = await office.books.ask("SELECT health FROM accounts WHERE account = :a", a=account)
        status = str(rows[0][0])
        if status == "broken":
            break
        await asyncio.sleep(0.1)
    _, page = await office.officer.get("/kelola/kanal")
    banner = 'class="notice danger"' in page and account in page
    # Mended: a restart with the right token, which here the toy has had all along.
    assert await office.service.stop() == 0
    await office.service.start()
    began = time.monotonic()
    await states(office, account, sent=4, patience=60)
    took = time.monotonic() - began
    rows = await office.books.ask("SELECT health FROM accounts WHERE account = :a", a=account)

    print(
        f"\n{account} 401: state {status}, banner {banner}; 3 of 3 sent {took:.1f} s after the mend, state {rows[0][0]}"
    )
    assert status == "broken"
    assert banner
    assert rows[0][0] == "well"
    assert [line.text for line in last_lines(toy)] == ["Jawaban 0", "Jawaban 1", "Jawaban 2"]


async def test_a_citizen_who_blocked_us_is_told_in_words_and_stops_nobody(office: Small, account: str) -> None:
    toy = toy_of(office, account)
    _, first = await a_conversation(office, account, "Siti")
    _, second = await a_conversation(office, account, "Budi")
    toy.fail("blocked", times=1, only=SAYS[account])

    await office.officer.reply(first, "Untuk Siti", "blokir-1")
    await states(office, account, failed=1)
    await office.officer.reply(second, "Untuk Budi", "blokir-2")
    await states(office, account, failed=1, sent=3)
    words = await error_of(office, "blokir-1")
    _, page = await office.officer.get(f"/kotak/gagal-kirim/{first}")

    print(f"\n{account} blocked: 2 answers, 1 failed with {words!r}, 1 sent")
    assert "blokir" in words.lower()
    assert words in page


async def test_a_platform_that_hangs_holds_up_its_own_account_alone(office: Small) -> None:
    _, silent = await a_conversation(office, "coba", "Siti")
    _, other = await a_conversation(office, "tgh", "Budi")
    office.sandbox.fail("hang", times=1, only="send")

    await office.officer.reply(silent, "Untuk Siti", "diam-1")
    began = time.monotonic()
    await office.officer.reply(other, "Untuk Budi", "diam-2")
    await states(office, "tgh", sent=2, patience=5)
    took = time.monotonic() - began
    await states(office, "coba", unsure=1, patience=60)

    print(
        f"\nhang: the other account's answer left after {took:.2f} s; the silent one is unsure after {time.monotonic() - began:.0f} s"
    )
    assert took < 5
