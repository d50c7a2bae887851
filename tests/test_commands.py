"""The commands as people, scripts and monitors call them: exit codes, what is on stdout, what is said on stderr."""

import asyncio
import io
import json
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from omnichannel.__main__ import run
from omnichannel.app import open_records
from omnichannel.commands.speech import Lang, language
from omnichannel.connectors.catalogue import BUILDERS
from omnichannel.domain.channel import Channel
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw
from omnichannel.inbox.receive import Intake
from omnichannel.settings.load import load
from omnichannel.store.clock import SystemClock
from omnichannel.store.files import DiskFiles
from omnichannel.toys.sandbox import SandboxToy

SECRET = "rahasia-panjang-sekali-42"
TOKEN = "123456789:AAE-rahasia_token_bot_yang_panjang_"


@dataclass
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Omnichannel = Callable[..., Said]


@pytest.fixture
def omnichannel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Omnichannel]:
    """Runs one command in an empty folder, as in a process of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("OMNI_")]:
        monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def call(*arguments: str, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run(arguments)
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode(), err.decode())

    yield call
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)


@contextmanager
def process(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The command in a process of its own, in Indonesian whatever the machine speaks; gone at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMNI_", "LC_", "LANG"))}
    with subprocess.Popen(
        [sys.executable, "-m", "omnichannel", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def config(folder: Path, text: str) -> Path:
    file = folder / "config" / "omnichannel.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


# ---- wrong usage and help


COMMANDS = ("serve", "migrate", "demo", "check", "parse", "classify", "deadline", "replay")


@pytest.mark.parametrize("name", [*COMMANDS, "staff add", "staff list", "staff disable", "staff reset"])
def test_every_command_explains_itself_with_an_example(omnichannel: Omnichannel, name: str) -> None:
    said = omnichannel(*name.split(), "--help")

    assert said.code == 0
    assert said.out.count(f"omnichannel {name}") >= 2, "the usage line and an example"
    assert "--config" in said.out
    assert "--lang" in said.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("tidak-ada",),
        ("deadline",),
        ("deadline", "complaint"),
        ("deadline", "complaint", "2026-12-17", "--tidak-ada"),
        ("deadline", "petition", "2026-12-17"),
        ("deadline", "complaint", "kemarin"),
        ("deadline", "complaint", "2026-12-17", "--extended"),
        ("deadline", "complaint", "9999-12-31"),
        ("parse",),
        ("parse", "telegram"),
        ("parse", "web", "update.json"),
        ("parse", "tidak-ada", "update.json"),
        ("classify", "tidak-ada.jsonl"),
        ("classify", "."),
        ("serve", "--roles", "web,kopi"),
        ("serve", "--port", "70000"),
        ("staff",),
        ("staff", "add", "siti"),
        ("staff", "add", "siti", "--name", "Siti", "--role", "bupati", "--password-stdin"),
        ("staff", "add", "siti", "--name", "Siti", "--role", "agent"),
        ("staff", "add", "dua kata", "--name", "Siti", "--role", "agent", "--password-stdin"),
        ("staff", "add", "siti", "--name", " ", "--role", "agent", "--password-stdin"),
        ("staff", "add", "siti", "--name", "Siti", "--role", "unit", "--password-stdin"),
        ("staff", "add", "siti", "--name", "Siti", "--role", "unit", "--unit", "narnia", "--password-stdin"),
        ("check", "--config", "tidak-ada.toml"),
        ("demo", "--port", "-1"),
    ],
)
def test_wrong_usage_is_exit_2_with_nothing_on_stdout(omnichannel: Omnichannel, arguments: tuple[str, ...]) -> None:
    said = omnichannel(*arguments, stdin=b"kata-sandi-yang-cukup\n")

    assert (said.code, said.out) == (2, "")
    assert said.err.strip()
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("[servr]\nport = 1", "servr", "unknown key"),
        ("[server]\nport = 'delapan'", "server.port", "a whole number"),
        ("[server\n", "(syntax)", "valid TOML"),
        ("[[account]]\nname = 'a'\nchannel = 'pigeon'", "account #1.channel", "one of"),
        ("[[account]]\nname = 'tg-humas'\nchannel = 'telegram'", "OMNI_TG_HUMAS_TOKEN", "the TOKEN of account"),
    ],
)
def test_bad_configuration_names_file_and_key(
    omnichannel: Omnichannel, tmp_path: Path, text: str, key: str, expected: str
) -> None:
    file = config(tmp_path, text)

    said = omnichannel("check")

    assert (said.code, said.out) == (2, "")
    assert f"{key}: {expected}" in said.err
    assert str(file.relative_to(tmp_path)) in said.err


def test_the_language_follows_the_option_then_the_locale() -> None:
    assert language(["check"], {}) is Lang.ID
    assert language(["check"], {"LANG": "C.UTF-8"}) is Lang.ID
    assert language(["check"], {"LANG": "en_US.UTF-8"}) is Lang.EN
    assert language(["check"], {"LANG": "en_US.UTF-8", "LC_ALL": "id_ID.UTF-8"}) is Lang.ID
    assert language(["check", "--lang", "en"], {}) is Lang.EN
    assert language(["--lang=id", "check"], {"LANG": "en_US"}) is Lang.ID
    assert language(["staff", "add", "--", "--lang=en"], {}) is Lang.ID


# ---- deadline


def test_deadline_prints_the_clocks_as_one_json_line(omnichannel: Omnichannel) -> None:
    said = omnichannel("deadline", "information_request", "2026-12-17T14:05", "--json")

    (line,) = said.lines
    assert said.code == 0
    assert (line["kind"], line["received"], line["due"]) == (
        "information_request",
        "2026-12-17T14:05:00+08:00",
        "2027-01-06",
    )
    assert line["provisional"] in (True, False)
    main = line["clocks"][0]
    assert set(main) >= {"name", "starts", "days", "due", "basis", "valid_from", "ladder"}
    assert main["ladder"][0] == {"date": "2026-12-17", "n": 0, "off": None}
    assert main["ladder"][-1] == {"date": "2027-01-06", "n": 10, "off": None}
    assert next(rung for rung in main["ladder"] if rung["date"] == "2026-12-24")["off"]


def test_a_time_with_an_offset_is_that_moment_and_one_without_is_local(omnichannel: Omnichannel) -> None:
    late = omnichannel("deadline", "complaint", "2026-12-17T23:30:00Z", "--json").lines[0]
    local = omnichannel("deadline", "complaint", "2026-12-18T07:30", "--json").lines[0]

    assert late == local


def test_deadline_explains_each_day_to_people(omnichannel: Omnichannel) -> None:
    said = omnichannel("deadline", "information_request", "2026-12-17T14:05", "--extended")

    assert said.code == 0
    assert "UU 14/2008" in said.out
    assert "Kamis" in said.out
    assert "akhir pekan" in said.out
    assert "{" not in said.out


# ---- classify


def test_classify_answers_each_line_in_its_place(omnichannel: Omnichannel) -> None:
    lines = [
        b'{"id": 1, "text": "Lampu jalan di Teluk Lingga mati sudah seminggu, tolong diperbaiki"}',
        b"bukan json",
        b"",
        b'{"id": "dua"}',
        b'["id", "text"]',
        b'{"id": 3, "text": "\xff"}',
        b'{"id": 4, "text": "minta salinan APBD", "channel": "mail"}\r',
        b"[" * 100_000,
        b'{"id": 5, "text": ""}',
        b'{"id": 6, "text": "pecahan \\ud83d emoji"}',
    ]

    said = omnichannel("classify", stdin=b"\xef\xbb\xbf" + b"\n".join(lines) + b"\n\n")

    assert said.code == 1
    assert [line["id"] for line in said.lines] == [1, None, None, None, None, None, 4, None, 5, 6]
    assert all(line["error"] for line in said.lines if line["id"] is None)
    first = said.lines[0]
    assert sum(first["p"].values()) == pytest.approx(1)
    assert first["kind"] == max(first["p"], key=first["p"].get)
    assert len(first["topics"]) == len(first["units"]) == 3


def test_classify_reads_a_file_and_is_content_when_every_line_is_good(omnichannel: Omnichannel, tmp_path: Path) -> None:
    (tmp_path / "pesan.jsonl").write_text('{"id": "a", "text": "halo"}\n', encoding="utf-8")

    said = omnichannel("classify", "pesan.jsonl")

    assert said.code == 0
    assert [line["id"] for line in said.lines] == ["a"]


@pytest.mark.real
def test_classify_answers_a_line_before_the_next_one_comes(tmp_path: Path) -> None:
    with process(tmp_path, "classify") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b'{"id": 1, "text": "halo"}\n')
        running.stdin.flush()
        first = json.loads(running.stdout.readline())
        _, errors = running.communicate()

    assert first["id"] == 1
    assert (running.returncode, errors) == (0, b"")


# ---- parse

UPDATE = {
    "update_id": 10,
    "message": {
        "message_id": 5,
        "date": 1795000000,
        "chat": {"id": 77, "type": "private", "first_name": "Siti"},
        "from": {"id": 77, "is_bot": False, "first_name": "Siti"},
        "text": "Lampu mati",
    },
}


def test_one_unreadable_file_does_not_stop_the_others(omnichannel: Omnichannel, tmp_path: Path) -> None:
    (tmp_path / "baik.json").write_text(json.dumps(UPDATE), encoding="utf-8")
    (tmp_path / "rusak.json").write_bytes(b'{"update_id": 1, "mess')

    said = omnichannel("parse", "telegram", "tidak-ada.json", "rusak.json", ".", "baik.json")

    assert said.code == 1
    assert [line["file"] for line in said.lines] == ["tidak-ada.json", "rusak.json", ".", "baik.json"]
    assert [line["error"] is None for line in said.lines] == [False, False, False, True]
    (event,) = said.lines[3]["events"]
    assert (event["type"], event["external_id"], event["text"]) == ("incoming", "77:5", "Lampu mati")


def test_parse_reads_stdin(omnichannel: Omnichannel) -> None:
    batch = {"events": [{"type": "incoming", "id": "m1", "thread": "t1", "from": {"id": "c1"}, "text": "halo"}]}

    said = omnichannel("parse", "sandbox", "-", stdin=json.dumps(batch).encode())

    assert said.code == 0
    assert said.lines[0]["file"] == "-"
    assert said.lines[0]["events"][0]["external_id"] == "m1"


@pytest.mark.parametrize("channel", sorted(BUILDERS))
def test_every_channel_is_parsed_without_any_configuration(omnichannel: Omnichannel, channel: Channel) -> None:
    said = omnichannel("parse", channel.value, "-", stdin=b"\x00\xff bukan apa-apa")

    assert said.code in (0, 1)
    assert len(said.lines) == 1
    assert "Traceback" not in said.err


# ---- the house


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


# ---- the service


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
            _, errors = running.communicate(timeout=20)
            took = time.monotonic() - began

    assert running.returncode == 0, errors.decode()
    assert took < 5
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
