"""The commands as people, scripts and monitors call them: exit codes, what is on stdout, what is said on stderr."""

import json
from pathlib import Path

import pytest

from omnichannel.commands.speech import Lang, language
from omnichannel.connectors.catalogue import BUILDERS
from omnichannel.domain.channel import Channel
from tests.commands.commanding import Omnichannel, config, process

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
