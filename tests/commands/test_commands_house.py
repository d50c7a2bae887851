"""Commands that keep a house in order: staff, the doctor, replay, the service."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omnichannel.app import open_records
from omnichannel.connectors.catalogue import BUILDERS
from omnichannel.domain.channel import Channel
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw
from omnichannel.inbox.receive import Intake
from omnichannel.settings.load import load
from omnichannel.store.clock import SystemClock
from omnichannel.store.files import DiskFiles
from omnichannel.toys.sandbox import SandboxToy
from tests.commands.commanding import Omnichannel, config, process

SECRET = "rahasia-panjang-sekali-42"


TOKEN = "123456789:AAE-rahasia_token_bot_yang_panjang_"


def test_staff_come_change_and_go(omnichannel: Omnichannel) -> None:
    made = omnichannel(
        "staff",
        "add",
        "Siti",
        "--name",
        "Siti",
        "--role",
        "administrator",
        "--password-stdin",
        stdin=b"satu-dua-tiga\n",
    )
    twice = omnichannel("staff", "add", "siti", "--name", "S", "--role", "agent", "--password-stdin", stdin=b"x" * 12)
    short = omnichannel("staff", "add", "budi", "--name", "B", "--role", "agent", "--password-stdin", stdin=b"pendek\n")
    unit = omnichannel(
        "staff", "add", "budi", "--name", "B", "--role", "unit", "--unit", "64.08.04", "--password-stdin",
        stdin=b"satu-dua-tiga",
    )  # fmt: skip
    reset = omnichannel("staff", "reset", "SITI", "--password-stdin", stdin=b"empat-lima-enam\n")
    nobody = omnichannel("staff", "disable", "entah")
    gone = omnichannel("staff", "disable", "budi")
    listed = omnichannel("staff", "list")

    codes = [said.code for said in (made, twice, short, unit, reset, nobody, gone, listed)]
    assert codes == [0, 1, 2, 0, 0, 1, 0, 0]
    assert made.lines == [{"login": "siti", "name": "Siti", "role": "administrator", "unit": None, "disabled": False}]
    assert [(one["login"], one["unit"], one["disabled"]) for one in listed.lines] == [
        ("budi", "kec-sangatta-utara", True),
        ("siti", None, False),
    ]
    assert "empat-lima" not in reset.out + reset.err


async def test_the_doctor_finds_what_is_wrong_and_says_how_to_mend_it(omnichannel: Omnichannel, tmp_path: Path) -> None:
    toy = SandboxToy(secret=SECRET)
    base = await toy.start()
    accounts = f"""
        [[account]]
        name = "coba"
        channel = "sandbox"
        base_url = "{base}"
        [[account]]
        name = "lain"
        channel = "sandbox"
        base_url = "{base}"
        [[account]]
        name = "tg"
        channel = "telegram"
        mode = "webhook"
        base_url = "http://127.0.0.1:9"
        """
    config(tmp_path, accounts)
    os.environ |= {"OMNI_COBA_SECRET": SECRET, "OMNI_LAIN_SECRET": f"salah-{SECRET}", "OMNI_TG_TOKEN": TOKEN}
    os.environ["OMNI_TG_WEBHOOK_SECRET"] = SECRET
    try:
        before = await asyncio.to_thread(omnichannel, "check")
        migrated = await asyncio.to_thread(omnichannel, "migrate")
        after = await asyncio.to_thread(omnichannel, "check")
    finally:
        for name in [name for name in os.environ if name.startswith("OMNI_")]:
            del os.environ[name]
        await toy.stop()

    assert (before.code, migrated.code, after.code) == (1, 0, 1)
    assert [one["check"] for one in before.lines if not one["ok"]] == ["database", "webhook", "account", "account"]
    bad = [one for one in after.lines if not one["ok"]]
    assert [one["check"] for one in bad] == ["webhook", "account", "account"]
    assert all(one["mend"] for one in bad)
    assert "OMNI_LAIN_" in bad[1]["mend"]
    assert any(one["check"] == "account" and one["ok"] and "coba" in one["found"] for one in after.lines)
    everything = "".join(said.out + said.err for said in (before, migrated, after))
    assert SECRET not in everything
    assert TOKEN not in everything


def test_a_healthy_house_passes(omnichannel: Omnichannel) -> None:
    omnichannel("migrate")

    said = omnichannel("check")

    assert said.code == 0, said.err
    assert {one["check"] for one in said.lines} >= {"config", "database", "disk", "clock", "webhook"}


def test_looking_makes_no_database(omnichannel: Omnichannel, tmp_path: Path) -> None:
    said = omnichannel("check")

    assert said.code == 1
    assert "omnichannel migrate" in next(one["mend"] for one in said.lines if one["check"] == "database")
    assert not list(tmp_path.iterdir())


async def test_replay_adds_nothing_twice_and_tells_what_is_still_unreadable(
    omnichannel: Omnichannel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(tmp_path, '[[account]]\nname = "coba"\nchannel = "sandbox"\nbase_url = "http://127.0.0.1:9"\n')
    monkeypatch.setenv("OMNI_COBA_SECRET", SECRET)
    good = {"events": [{"type": "incoming", "id": "m1", "thread": "t1", "from": {"id": "c1"}, "text": "halo"}]}
    connector = BUILDERS[Channel.SANDBOX](Account("coba", Channel.SANDBOX))
    async with open_records(load()) as records:
        intake = Intake(records.store, DiskFiles(tmp_path / "files"), SystemClock())
        await intake.take_in(connector, [Raw(json.dumps(good).encode()), Raw(b"{")])
    await connector.close()

    everything = await asyncio.to_thread(omnichannel, "replay")
    held = await asyncio.to_thread(omnichannel, "replay", "--quarantined", "--account", "coba")
    one = await asyncio.to_thread(omnichannel, "replay", "--id", "1")
    none = await asyncio.to_thread(omnichannel, "replay", "--id", "99")
    nobody = await asyncio.to_thread(omnichannel, "replay", "--account", "entah")

    assert [said.code for said in (everything, held, one, none, nobody)] == [1, 1, 0, 1, 1]
    assert everything.lines == [
        {"id": 1, "account": "coba", "new": 0, "known": 1, "quarantined": 0},
        {"id": 2, "account": "coba", "new": 0, "known": 0, "quarantined": 1},
    ]
    assert [line["id"] for line in held.lines] == [2]
    assert [line["id"] for line in one.lines] == [1]


def test_a_taken_port_is_said_plainly(omnichannel: Omnichannel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        served = omnichannel("serve", "--port", port)
        shown = omnichannel("demo", "--port", port)

    assert (served.code, shown.code) == (1, 1)
    assert port in served.err
    assert port in shown.err
    assert "Traceback" not in served.err + shown.err


def test_the_demo_never_enters_a_real_office(omnichannel: Omnichannel, tmp_path: Path) -> None:
    omnichannel("migrate")
    before = (tmp_path / "data" / "omnichannel.db").read_bytes()

    said = omnichannel("demo", "--port", "0", "--data", "data")

    assert (said.code, said.out) == (2, "")
    assert "data" in said.err
    assert (tmp_path / "data" / "omnichannel.db").read_bytes() == before


@pytest.mark.real
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_stops_cleanly_within_five_seconds(tmp_path: Path, number: signal.Signals) -> None:
    with process(tmp_path, "serve", "--port", "0") as running:
        assert running.stderr is not None
        address = ""
        while "http://" not in address:
            address = running.stderr.readline().decode()
            assert address, "it stopped before it was ready"
        host, _, port = address.split("http://")[1].split(" ")[0].strip(".\n").partition(":")
        # Somebody is still connected when the signal comes.
        with socket.create_connection((host, int(port))) as reader:
            reader.sendall(b"GET /login HTTP/1.1\r\nHost: desk\r\nConnection: keep-alive\r\n\r\n")
            assert reader.recv(15).startswith(b"HTTP/1.1 200")

            began = time.monotonic()
            running.send_signal(number)
            _, errors = running.communicate(timeout=100)
            took = time.monotonic() - began

    assert running.returncode == 0, errors.decode()
    assert took < 30  # whoever waited for the reader would take a minute
    assert b"Traceback" not in errors


def test_a_new_password_puts_out_whoever_is_in(omnichannel: Omnichannel, tmp_path: Path) -> None:
    added = ("staff", "add", "siti", "--name", "Siti", "--role", "agent", "--password-stdin")
    assert omnichannel(*added, stdin=b"satu-dua-tiga\n").code == 0
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    (database,) = tmp_path.rglob("*.db")
    with closing(sqlite3.connect(database)) as held, held:
        held.execute("INSERT INTO sessions VALUES ('hash', 1, 'csrf', ?, ?, ?)", (now, now, now + 10**12))

    assert omnichannel("staff", "reset", "siti", "--password-stdin", stdin=b"empat-lima-enam\n").code == 0

    with closing(sqlite3.connect(database)) as held:
        assert held.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
