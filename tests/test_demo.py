"""The demo: ready within half a minute, both sides alive, every list of the desk with something in it."""

import asyncio
import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from omnichannel.demo.plan import Act, Do, acts, office_hours, slots
from omnichannel.settings.load import load_legal_clocks
from omnichannel.settings.source import Source
from omnichannel.toys.citizens import history
from tests.effort import queued

CLOCKS = load_legal_clocks(Source(None, {}))
CALENDAR = CLOCKS.calendar
UNTIL = datetime(2026, 11, 20, 14, 5, tzinfo=CALENDAR.zone)
READY_WITHIN = 30


def month(seed: int = 1) -> list[Act]:
    return acts(history(["a", "b"], UNTIL, seed=seed, a_day=4), CLOCKS, UNTIL, Random(seed))


# ---- the plan of the month


@pytest.mark.parametrize("seed", range(5))
def test_nothing_of_the_past_happens_in_the_future_or_out_of_order(seed: int) -> None:
    planned = month(seed)

    assert planned == sorted(planned, key=lambda act: act.at)
    assert all(act.at < UNTIL for act in planned)
    assert {act.do for act in planned} == set(Do), "the month has everything in it"


@pytest.mark.parametrize("seed", range(5))
def test_in_one_stretch_no_citizen_answers_what_staff_did_in_it(seed: int) -> None:
    planned = month(seed)

    stretches = slots(planned)

    assert [act for stretch in stretches for act in stretch] == planned
    for stretch in stretches:
        touched: set[int] = set()
        for act in stretch:
            assert act.do is not Do.HEAR or act.past.thread not in touched
            touched.add(act.past.thread)


def test_most_old_matters_are_finished_and_a_few_are_left() -> None:
    planned = month()
    begun = {act.past.thread: act.past for act in reversed(planned) if act.do is Do.HEAR}
    closed = {act.past.thread for act in planned if act.do is Do.CLOSE}

    old = [thread for thread, past in begun.items() if past.at < UNTIL - timedelta(days=15)]
    left = [thread for thread in old if thread not in closed]
    assert 0 < len(left) < len(old) / 4


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-11-20T10:15", "2026-11-20T10:15"),
        ("2026-11-20T05:15", "2026-11-20T08:15"),
        ("2026-11-20T22:15", "2026-11-23T08:15"),  # a Friday evening becomes Monday
        ("2026-12-24T10:00", "2026-12-28T10:00"),  # cuti bersama and Christmas, then a weekend
    ],
)
def test_staff_decide_when_the_office_is_open(at: str, then: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=CALENDAR.zone)

    assert office_hours(moment, CALENDAR).replace(tzinfo=None) == datetime.fromisoformat(then)


# ---- the whole thing, as a visitor starts it


@dataclass
class Demo:
    """A running demo."""

    process: "subprocess.Popen[bytes]"
    stage: dict[str, Any]
    folder: Path
    seconds: float  # until it was ready, less what it waited for a processor

    def stop(self) -> int:
        """As a person does, with Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=100)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Look into its database from outside."""
        address = f"file:{self.folder / 'omnichannel.db'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as database:
            return database.execute(statement).fetchall()


@contextmanager
def playing(folder: Path) -> Iterator[Demo]:
    """A demo of its own process, on a free port; gone at the end whatever happened."""
    data = folder / "data"
    began = time.monotonic()
    command = [sys.executable, "-m", "omnichannel", "demo", "--port", "0", "--data", str(data)]
    with (
        (folder / "stderr").open("wb") as errors,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, (folder / "stderr").read_text()
            took = time.monotonic() - began - queued(process.pid)
            yield Demo(process, json.loads(line), data, took)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with playing(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.mark.real
def test_the_demo_is_ready_in_half_a_minute_and_says_where(demo: Demo) -> None:
    assert demo.seconds < READY_WITHIN
    assert set(demo.stage) == {"url", "toys", "logins"}
    assert set(demo.stage["logins"][0]) == {"role", "login", "password"}
    assert {one["role"] for one in demo.stage["logins"]} == {
        "agent", "ppid", "unit", "lapor", "supervisor", "administrator", "auditor",
    }  # fmt: skip
    assert demo.stage["toys"]
    assert all(url.startswith(f"{demo.stage['url']}/mainan/") for url in demo.stage["toys"].values())


@pytest.mark.real
def test_every_list_has_something_in_it(demo: Demo) -> None:
    assert demo.ask("SELECT count(*) FROM messages WHERE direction = 'in'")[0][0] > 150
    assert {"failed", "unsure", "sent", "delivered"} <= {
        row[0] for row in demo.ask("SELECT DISTINCT delivery FROM messages WHERE direction = 'out'")
    }
    assert demo.ask("SELECT count(*) FROM conversations WHERE snoozed_until IS NOT NULL") == [(1,)]
    assert demo.ask("SELECT count(*) FROM quarantine") == [(1,)]
    assert {row[0] for row in demo.ask("SELECT DISTINCT state FROM conversations")} == {"open", "waiting", "resolved"}
    states = {(row[0], row[1]) for row in demo.ask("SELECT DISTINCT queue, state FROM cases")}
    assert {
        ("lapor", "open"),
        ("lapor", "forwarded"),
        ("lapor", "answered"),
        ("ppid", "open"),
        ("ppid", "closed"),
    } <= states
    today = datetime.now(CALENDAR.zone).date()
    running = "state IN ('open', 'forwarded')"
    assert demo.ask(f"SELECT count(*) FROM cases WHERE {running} AND due < '{today}'")[0][0] > 0
    assert demo.ask(f"SELECT count(*) FROM cases WHERE {running} AND due >= '{today}'")[0][0] > 5
    verbs = {row[0] for row in demo.ask("SELECT DISTINCT verb FROM events")}
    assert {
        "alarm",
        "alarm_acknowledged",
        "reclassified",
        "confirmed",
        "forwarded",
        "lapor_status",
        "noted",
        "resolved",
    } <= verbs


@pytest.mark.real
def test_a_visitor_finds_every_letter_an_objection_and_requests_that_ended_every_way(demo: Demo) -> None:
    letters = demo.ask("SELECT kind, count(*) FROM letters GROUP BY kind")
    assert {kind for kind, _ in letters} == {"receipt", "notice", "extension", "refusal", "objection"}
    assert {row[0] for row in demo.ask("SELECT DISTINCT outcome FROM cases WHERE kind = 'information_request'")} >= {
        "granted", "partly", "refused", "not_held",
    }  # fmt: skip
    assert {row[0] for row in demo.ask("SELECT DISTINCT state FROM objections")} >= {"open", "answered"}
    sent = "SELECT count(*) FROM handings h JOIN messages m ON m.id = h.message_id WHERE m.delivery IN ('sent', 'delivered', 'read')"
    assert demo.ask(sent)[0][0] >= 8
    numbers = [row[0] for row in demo.ask("SELECT number FROM letters ORDER BY id")]
    assert [int(one[:3]) for one in numbers] == list(range(1, len(numbers) + 1))
    assert demo.ask("SELECT count(*) FROM cases WHERE title LIKE 'nomor laporannya%'") == [(0,)]
    assert demo.ask("SELECT count(*) FROM messages WHERE delivery = 'queued' AND text LIKE '%112%'") == [(0,)]


@pytest.mark.real
async def test_a_visitor_writes_as_a_citizen_and_the_desk_has_it(demo: Demo) -> None:
    url = demo.stage["url"]
    words = f"Lampu jalan mati di depan kantor desa Singa Gembara nomor {time.monotonic_ns()}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        for page in demo.stage["toys"].values():
            async with session.get(page) as shown:
                assert shown.status == 200
                body = await shown.text()
            form = {"csrf": csrf(body), "warga": "", "nama": "Warga Baru", "teks": f"{words} {urlsplit(page).path}"}
            async with session.post(page, data=form, headers={"Origin": url}) as sent:
                assert sent.status == 200
                assert words in await text_of_thread(session, sent.url, await sent.text())
        async with session.get(f"{url}/login") as shown:
            body = await shown.text()
        one = demo.stage["logins"][0]
        form = {"csrf": csrf(body), "login": one["login"], "password": one["password"]}
        async with session.post(f"{url}/login", data=form, headers={"Origin": url}) as inside:
            assert inside.status == 200
            assert "/kotak/" in str(inside.url)

    found = 0
    for _ in range(600):
        found = demo.ask(f"SELECT count(*) FROM messages WHERE text LIKE '%{words}%'")[0][0]
        if found == len(demo.stage["toys"]):
            break
        await asyncio.sleep(0.2)
    assert found == len(demo.stage["toys"])


@pytest.mark.real
async def test_citizens_go_on_writing_and_are_answered_by_the_machine(demo: Demo) -> None:
    counting = (
        "SELECT sum(direction = 'in'), sum(direction = 'out' AND delivery IN ('sent', 'delivered')) FROM messages"
    )
    before = demo.ask(counting)[0]
    after = before
    for _ in range(450):
        after = demo.ask(counting)[0]
        if after[0] > before[0] and after[1] > before[1]:
            return
        await asyncio.sleep(0.4)
    pytest.fail(f"nothing new within three minutes: {before} and {after}")


@pytest.mark.real
def test_it_stops_at_ctrl_c_and_goes_on_from_the_same_folder(tmp_path: Path) -> None:
    counting = "SELECT count(*) FROM messages WHERE direction = 'in'"
    with playing(tmp_path) as first:
        began = time.monotonic()
        assert first.stop() == 0, (tmp_path / "stderr").read_text()
        assert time.monotonic() - began < 30
        before = first.ask(counting)[0][0]

    now = before
    with playing(tmp_path) as second:
        for _ in range(450):
            now = second.ask(counting)[0][0]
            if now >= before + 3:
                break
            time.sleep(0.4)
        assert second.stop() == 0

    assert now >= before + 3, "the citizens of a second run are heard"
    assert "Traceback" not in (tmp_path / "stderr").read_text()


@pytest.mark.real
def test_the_installed_wheel_plays_judges_and_counts_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    line = b'{"id": 1, "text": "lampu jalan mati di Teluk Lingga"}\n'
    judged = subprocess.run([installed, "classify"], input=line, cwd=tmp_path, capture_output=True, check=True)
    asked = [str(installed), "deadline", "complaint", "2026-12-17", "--json"]
    counted = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=True)
    with subprocess.Popen([installed, "demo", "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            stage = json.loads(process.stdout.readline())
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=100)
        finally:
            process.kill()

    assert json.loads(judged.stdout)["unit"]
    assert json.loads(counted.stdout)["due"]
    assert stage["url"].startswith("http://127.0.0.1:")
    assert code == 0
    assert not list(tmp_path.iterdir()), "the demo leaves nothing behind"


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    assert found is not None, "the page has a form with its token"
    return found.group(1)


async def text_of_thread(session: aiohttp.ClientSession, page: Any, body: str) -> str:
    """What the frame inside the citizen's page shows."""
    found = re.search(r'<iframe[^>]* src="([^"]+)"', body)
    assert found is not None
    async with session.get(page.join(page.__class__(found.group(1).replace("&amp;", "&"), encoded=True))) as shown:
        return await shown.text()
