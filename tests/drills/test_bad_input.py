"""What nobody should send, sent to the running service: it says no, or keeps it, and lives on.

Each drill prints its figures: what was sent, kept, refused.
"""

import asyncio
import gzip
import io
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.drills.small import HOOK_SECRET, Small, a_body, an_item, small

pytestmark = [pytest.mark.drill]

MB = 1024 * 1024


@pytest.fixture(scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Small]:
    """One service for all of these: whatever was sent to it before, it must still work."""
    async with small(tmp_path_factory.mktemp("office")) as made:
        yield made


@pytest.fixture(autouse=True)
async def still_well(office: Small) -> AsyncIterator[None]:
    """After each drill an honest message is taken in at once."""
    yield
    number = random.getrandbits(40)
    began = time.monotonic()
    assert await office.post(a_body(an_item(number))) == 200
    assert time.monotonic() - began < 2
    assert await office.books.number("SELECT count(*) FROM messages WHERE external_id = :id", id=f"b{number}") == 1
    assert await office.books.broken_links() == 0


async def hooks(office: Small, account: str, result: str) -> int:
    metrics = await office.service.metrics()
    return int(metrics.get(f'omnichannel_webhooks_total{{account="{account}",result="{result}"}}', 0))


async def entries(office: Small) -> int:
    return await office.books.number("SELECT count(*) FROM ledger")


async def test_forged_hooks_are_refused_counted_and_not_kept(office: Small) -> None:
    body = a_body(an_item(1))
    good = office.sandbox.sign(body)
    forged = [
        {},
        {"X-Sandbox-Signature": ""},
        {"X-Sandbox-Signature": good[:-1]},
        {"X-Sandbox-Signature": good.upper()},
        {"X-Sandbox-Signature": good.replace("sha256=", "sha1=")},
        {"X-Sandbox-Signature": "sha256=" + "0" * 64},
        {"X-Sandbox-Signature": "sha256=\u00ff\u00fe"},
        {"X-Sandbox-Signature": office.sandbox.sign(body + b" ")},
        {"X-Hub-Signature-256": good},
        {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET},
    ]
    before, kept = await hooks(office, "coba", "bad_signature"), await entries(office)

    said = Counter([await office.post(body, headers) for headers in forged])
    said.update([await office.post(body, {"X-Telegram-Bot-Api-Secret-Token": "salah"}, account="tgh")])

    counted = await hooks(office, "coba", "bad_signature") - before
    print(f"\nforged: sent {len(forged) + 1}, answers {dict(said)}, counted {counted} on coba, kept 0")
    assert said == {403: len(forged) + 1}
    assert counted == len(forged)
    assert await entries(office) == kept


async def test_a_body_cut_anywhere_or_of_any_bytes_is_kept_in_quarantine_and_shown(office: Small) -> None:
    chance = random.Random(7)
    whole = a_body(an_item(2), an_item(3, "dengan berkas", files=[{"id": "f1", "media_type": "image/jpeg"}]))
    cut = [whole[:at] for at in sorted(chance.sample(range(len(whole)), 40))]
    deep = [b"[" * 100_000, b'{"events":' * 20_000, b'{"events":[' + b"[" * 50_000 + b"]" * 50_000 + b"]}"]
    odd = [
        b"\xff\xfe" + whole,
        whole.replace(b"b2", b"\x00\x01"),
        b'{"events": [{"type": "incoming", "id": "\\ud800", "thread": "u", "from": {"id": "x"}, "text": "\\udfff"}]}',
        b'{"events": [' + b"1e999999," * 50 + b'NaN, -Infinity, ""]}',
        b'{"events": [{"type": 5, "id": [], "thread": {}, "from": "x", "text": 7}]}',
        b'{"events": {"0": {}}}',
        b"events=1&a=b",
        chance.randbytes(50_000),
    ]
    bodies = cut + deep + odd
    readable = 1  # half a pair of surrogates is a bad letter in a good message
    kept = await entries(office)

    said = Counter([await office.post(body) for body in bodies])

    held = await office.books.number("SELECT count(DISTINCT entry_id) FROM quarantine")
    items = await office.books.quarantined()
    status, page = await office.officer.get("/kelola/kanal")
    code, lines, complaint = await office.service.run("replay", "--quarantined")
    print(
        f"\nmalformed: sent {len(bodies)}, answers {dict(said)}, kept {await entries(office) - kept}, "
        f"held {held} bodies ({items} items); replay read {len(lines)} again, exit {code}"
    )
    assert said == {200: len(bodies)}
    assert await entries(office) - kept == len(bodies)
    assert held == len(bodies) - readable
    assert status == 200
    assert str(items) in page
    assert (code, len(lines)) == (1, held), complaint
    assert await office.books.quarantined() == items, "what cannot be read stays, and is not doubled"

    assert await office.post(whole) == 200
    assert await office.books.number("SELECT count(*) FROM messages WHERE external_id IN ('b2', 'b3')") == 2


async def test_a_truncated_update_of_telegram_is_kept_and_the_next_one_arrives(office: Small) -> None:
    update = json.dumps(
        {
            "update_id": 5,
            "message": {
                "message_id": 9,
                "date": 1_795_000_000,
                "chat": {"id": 77, "type": "private", "first_name": "Siti"},
                "from": {"id": 77, "is_bot": False, "first_name": "Siti"},
                "text": "Lampu mati",
            },
        }
    ).encode()
    cuts = [update[:at] for at in range(0, len(update), 7)]
    kept = await entries(office)

    said = Counter([await office.post(body, office.told(), account="tgh") for body in cuts])

    held = await office.books.number("SELECT count(*) FROM quarantine WHERE account = 'tgh'")
    print(
        f"\ntruncated updates: sent {len(cuts)}, answers {dict(said)}, kept {await entries(office) - kept}, held {held}"
    )
    assert said == {200: len(cuts)}
    assert held == len(cuts)
    assert await office.post(update, office.told(), account="tgh") == 200
    assert await office.books.number("SELECT count(*) FROM messages WHERE account = 'tgh'") == 1


async def test_fifty_megabytes_are_refused_at_once_and_memory_stays_flat(office: Small) -> None:
    body = b"x" * (50 * MB)
    headers = office.signed(body)

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 65536):
            yield body[at : at + 65536]

    async def sent(data: object, **more: str) -> tuple[int, float]:
        began = time.monotonic()
        try:
            async with office.http.post(
                f"{office.service.url}/hooks/coba", data=data, headers=headers | more
            ) as answer:
                return answer.status, time.monotonic() - began
        except aiohttp.ClientConnectionError:
            return 413, time.monotonic() - began  # the door was shut while the body was still coming

    packed = gzip.compress(body)
    await sent(io.BytesIO(body))
    before = office.service.memory()
    answers = [await sent(io.BytesIO(body)) for _ in range(5)]
    answers += [await sent(pieces()) for _ in range(5)]
    answers += [await sent(packed, **{"Content-Encoding": "gzip"}) for _ in range(5)]
    grown = (office.service.memory() - before) / MB
    slowest = max(seconds for _, seconds in answers)
    print(
        f"\n50 MB: sent {len(answers)}, answers {dict(Counter(s for s, _ in answers))}, slowest {slowest:.2f} s, RSS {grown:+.0f} MB"
    )
    assert {status for status, _ in answers} == {413}
    assert slowest < 5
    assert grown < 40


async def test_an_account_that_nobody_configured_is_404_whatever_its_name(office: Small) -> None:
    names = ["tidak-ada", "COBA", "coba%00", "..%2f..%2fetc", "%F0%9F%92%A1", "x" * 4000, "coba/", "coba%20"]
    body = a_body(an_item(4))

    said = Counter([await office.post(body, account=name) for name in names])

    print(f"\nunknown accounts: sent {len(names)}, answers {dict(said)}")
    assert said == {404: len(names)}


async def test_five_hundred_half_requests_keep_nobody_waiting(office: Small) -> None:
    halves = [
        b"POST /hooks/coba HTTP/1.1\r\nHost: x\r\nX-Sand",
        b'POST /hooks/coba HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"events"',
        b"GET /login HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ]
    before = office.service.memory()
    links = []
    for number in range(500):
        reader, writer = await asyncio.open_connection("127.0.0.1", office.service.port)
        writer.write(halves[number % len(halves)])
        links.append((reader, writer))

    seconds = []
    for number in range(100):
        began = time.monotonic()
        assert await office.post(a_body(an_item(10_000 + number))) == 200
        seconds.append(time.monotonic() - began)
    grown = (office.service.memory() - before) / MB
    for _, writer in links:
        writer.close()

    print(
        f"\nhalf requests: {len(links)} held open; meanwhile 100 honest ones, median {sorted(seconds)[50] * 1000:.1f} ms, "
        f"slowest {max(seconds) * 1000:.1f} ms, RSS {grown:+.0f} MB"
    )
    assert max(seconds) < 2
    assert grown < 60


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ("[server]\nprot = 8080\n", "server.prot"),
        ('[[account]]\nname = "a"\nchannel = "telegraf"\n', "channel"),
        ('[[account]]\nname = "a"\nchannel = "sandbox"\n', "account #1.base_url"),
        ("[server\n", "omnichannel.toml"),
    ],
)
async def test_a_wrong_key_stops_the_start_and_is_named(office: Small, tmp_path: Path, lines: str, named: str) -> None:
    wrong = tmp_path / "omnichannel.toml"
    wrong.write_text(lines)
    process = await asyncio.create_subprocess_exec(
        *office.service.command(wrong, "serve"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )

    _, said = await asyncio.wait_for(process.communicate(), 30)

    print(f"\nwrong config: exit {process.returncode}: {said.decode().strip()}")
    assert process.returncode == 2
    assert "omnichannel.toml" in said.decode()
    assert named in said.decode()
    assert "Traceback" not in said.decode()
