"""The office's own file: what is left out has its default, what is wrong is named."""

import tomllib
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from omnichannel.domain.case import Queue
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import BadConfig
from omnichannel.domain.office import FIELDS, Account, Office, RoutingMode
from omnichannel.settings.load import REPLY_TABLES
from omnichannel.settings.office import NOTICES, SECTIONS, load_office, load_server
from omnichannel.settings.rows import Row
from omnichannel.settings.source import Source

WITA = timezone(timedelta(hours=8), "WITA")
ACCOUNTS = (Account("tg-humas", Channel.TELEGRAM),)


def replies() -> dict[str, Any]:
    table, _ = Source(None, {}).table("replies.toml")
    return {key: dict(value) if isinstance(value, dict) else list(value) for key, value in table.items()}


def office(text: str = "", said: dict[str, Any] | None = None) -> Office:
    return load_office(
        Row(tomllib.loads(text), "omnichannel.toml", "", SECTIONS),
        Row(replies() if said is None else said, "replies.toml", "", REPLY_TABLES),
        public_url="https://meja.contoh.id",
        zone=WITA,
        zone_name="WITA",
        accounts=ACCOUNTS,
    )


def refused(text: str = "", said: dict[str, Any] | None = None) -> BadConfig:
    with pytest.raises(BadConfig) as caught:
        office(text, said)
    return caught.value


def test_an_empty_file_is_an_office_that_works() -> None:
    found = office()

    assert found.routing_mode is RoutingMode.THRESHOLD
    assert (found.sure, found.lapor_way, found.alarm_repeat_minutes) == (0.80, "sheet", 3)
    assert found.number(Queue.PPID, 2026, 1) == "PPID-2026-000001"
    assert set(found.notices) == set(NOTICES)


def test_the_example_file_says_the_defaults() -> None:
    """Whoever copies it changes nothing by copying."""
    example = Path(__file__).parents[2] / "config" / "omnichannel.example.toml"

    assert office(example.read_text(encoding="utf-8")) == office()
    assert load_server(Row(tomllib.loads(example.read_text()), "x", "", SECTIONS)) == load_server(
        Row({}, "x", "", SECTIONS)
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[kantor]\n", "kantor"),
        ("[office]\nnama = 'x'\n", "office.nama"),
        ("[office]\nname = ''\n", "office.name"),
        ("[office]\nname = 3\n", "office.name"),
        ("office = 3\n", "office"),
        ("[office]\naccent_hue = 361\n", "office.accent_hue"),
        ("[office]\naccent_hue = true\n", "office.accent_hue"),
        ("[office]\nsession_hours = 0\n", "office.session_hours"),
        ("[routing]\nmode = 'auto'\n", "routing.mode"),
        ("[routing]\nsure = 0.49\n", "routing.sure"),
        ("[routing]\nsure = 1.01\n", "routing.sure"),
        ("[routing]\nsure = nan\n", "routing.sure"),
        ("[routing]\nsure = true\n", "routing.sure"),
        ("[routing]\nsure = '0.8'\n", "routing.sure"),
        ("[lapor]\nway = 'pos'\n", "lapor.way"),
        ("[lapor]\nconsent = 'no'\n", "lapor.consent"),
        ("[alarm]\nrepeat_minutes = 0\n", "alarm.repeat_minutes"),
        ("[alarm]\ncontact = 'x'\n", "alarm.contact"),
        ("[[alarm.contact]]\naccount = 'lain'\naddress = '1'\nname = 'Piket'\n", "alarm.contact #1.account"),
        ("[[alarm.contact]]\naccount = 'tg-humas'\nname = 'Piket'\n", "alarm.contact #1.address"),
        ("[[alarm.contact]]\naccount = 'tg-humas'\naddress = 1\nname = 'x'\n", "alarm.contact #1.address"),
    ],
)
def test_what_is_wrong_is_named(text: str, key: str) -> None:
    error = refused(text)

    assert (error.file, error.key) == ("omnichannel.toml", key)


def test_a_duty_contact_is_read() -> None:
    (found,) = office("[[alarm.contact]]\naccount='tg-humas'\naddress='123'\nname='Piket'\n").alarm_contacts

    assert (found.account, found.address, found.name) == ("tg-humas", "123", "Piket")


@pytest.mark.parametrize(
    "pattern",
    [
        "PPID-{n}",
        "PPID-{year}",
        "PPID",
        "{year}-{x}",
        "{year:",
        "{0}",
        "{year}/{n}",
        "PPID {year} {n}",
        "{year}{n}{",
        "{n.x}-{year}",
        "-{year}-{n}",
        "{year!r:>80}-{n}",
        "{year}-{n:.0e}",
    ],
)
def test_a_number_that_does_not_tell_cases_apart_or_fits_no_address_is_refused(pattern: str) -> None:
    assert refused(f"[office.number]\nppid = {pattern!r}\n").key == "office.number.ppid"


def test_two_registers_do_not_share_their_numbers() -> None:
    assert refused("[office.number]\nlapor = 'PPID-{year}-{n:06d}'\n").key == "office.number.lapor"


def test_an_office_may_number_in_its_own_way() -> None:
    found = office("[office.number]\nppid = '{n:04d}.PPID.{year}'\n")

    assert found.number(Queue.PPID, 2026, 7) == "0007.PPID.2026"


@pytest.mark.parametrize("name", NOTICES)
def test_a_missing_notice_is_found_at_start(name: str) -> None:
    said = replies()
    del said["notice"][name]

    error = refused(said=said)

    assert (error.file, error.key) == ("replies.toml", f"notice.{name}")


@pytest.mark.parametrize(
    "text",
    [
        "{nomer}",
        "{}",
        "{0}",
        "{nomor",
        "nomor}",
        "{nomor.x}",
        "{nomor[0]}",
        "{nomor:{lebar}}",
        "{nomor:d}",
        " ",
        "{{nomor}",
    ],
)
def test_a_misspelt_field_is_found_at_start_and_not_by_a_citizen(text: str) -> None:
    said = replies()
    said["notice"]["terima_pengaduan"] = text

    assert refused(said=said).key == "notice.terima_pengaduan"
    canned = replies() | {"reply": [{"key": "uji", "title": "Uji", "text": text}]}
    assert refused(said=canned).key == "reply #1.text"


def test_braces_that_are_meant_are_doubled() -> None:
    said = replies()
    said["notice"]["darurat"] = "Tulis {{112}}"

    assert office(said=said).notice("darurat") == "Tulis {112}"


@pytest.mark.parametrize(
    "rows",
    [
        [{"key": "a b", "title": "x", "text": "x"}],
        [{"key": "A", "title": "x", "text": "x"}],
        [{"key": "sama", "title": "x", "text": "x"}, {"key": "sama", "title": "y", "text": "y"}],
        [{"key": "ok", "text": "x"}],
        [{"key": "ok", "title": "x", "text": "x", "lain": 1}],
        ["x"],
    ],
)
def test_a_canned_reply_has_a_key_of_its_own_a_title_and_a_text(rows: list[Any]) -> None:
    assert refused(said=replies() | {"reply": rows}).file == "replies.toml"


def test_the_carried_replies_use_known_fields_only() -> None:
    for reply in office().replies:
        reply.text.format(**dict.fromkeys(FIELDS, "x"))


# ---------------------------------------------------------------- server


def server(text: str = ""):
    return load_server(Row(tomllib.loads(text), "omnichannel.toml", "", SECTIONS))


def test_the_public_address_is_where_we_listen_unless_told() -> None:
    assert server().public_url == "http://127.0.0.1:8080"
    assert server("[server]\nport = 9\nhost = '::1'\n").port == 9
    assert server("[server]\npublic_url = 'https://meja.contoh.id/'\n").public_url == "https://meja.contoh.id"


@pytest.mark.parametrize("text", ["port = 0", "port = 65536", "port = '80'", "public_url = 'meja'", "publik = 'x'"])
def test_a_server_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(BadConfig, match="server"):
        server(f"[server]\n{text}\n")
