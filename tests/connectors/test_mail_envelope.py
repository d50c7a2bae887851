"""Who wrote, when, about what, in which thread: read from headers as programs write them."""

from datetime import UTC, datetime

import pytest

from omnichannel.connectors.mail.parse import parse
from omnichannel.domain.message import Event, EventType
from tests.connectors.letters import OURS, letter


def read(raw: bytes) -> Event:
    return parse(raw, ours=OURS)


@pytest.mark.parametrize(
    ("raw", "id_", "name"),
    [
        ("Siti Aminah <Siti@Warga.Example>", "siti@warga.example", "Siti Aminah"),
        ('"Aminah, Siti" <siti@warga.example>', "siti@warga.example", "Aminah, Siti"),
        ("siti@warga.example (Siti Aminah)", "siti@warga.example", "Siti Aminah"),
        ("siti@warga.example", "siti@warga.example", None),
        ("<siti@warga.example>", "siti@warga.example", None),
        ("=?utf-8?B?U2l0aSDDiQ==?= <siti@warga.example>", "siti@warga.example", "Siti É"),
        ("=?utf-8?q?Aminah=2C_Siti?= <siti@warga.example>", "siti@warga.example", "Aminah, Siti"),
        ('"=?utf-8?q?Siti?=" <siti@warga.example>', "siti@warga.example", "Siti"),
        ("=?utf-8?B?U2l0aSA8c2l0aUB3YXJnYS5leGFtcGxlPg==?=", "siti@warga.example", "Siti"),
        ("Siti Aminah siti@warga.example", "siti@warga.example", "Siti Aminah"),
        ("Siti <siti@warga.example", "siti@warga.example", "Siti"),
        ("Siti < siti @ warga.example >", "siti@warga.example", "Siti"),
        ('"Siti <siti@warga.example>', "siti@warga.example", "Siti"),
        ("Siti [RT 03] <siti@warga.example>", "siti@warga.example", "Siti [RT 03]"),
        ("Siti <mailto:siti@warga.example>", "siti@warga.example", "Siti"),
        ("Siti <siti@warga.example>, Budi <budi@warga.example>", "siti@warga.example", "Siti"),
        ("Warga RT 3: siti@warga.example, budi@warga.example;", "siti@warga.example", None),
        ("'siti@warga.example' <siti@warga.example>", "siti@warga.example", "siti@warga.example"),
        ('Citra \\"Ibu\\" <c@warga.example>', "c@warga.example", 'Citra "Ibu'),
        ("Siti É <siti@warga.example>", "siti@warga.example", "Siti É"),
    ],
)
def test_the_writer(raw: str, id_: str, name: str | None) -> None:
    author = read(letter("x", f"From: {raw}")).author

    assert (author.id, author.address) == (id_, id_)
    assert (author.name or "").rstrip('"') == (name or "")


def test_a_writer_without_an_address_stays_one_contact() -> None:
    first = read(letter("satu", "From: Siti Aminah"))
    again = read(letter("dua", "From: Siti  Aminah"))
    other = read(letter("tiga", "From: Budi"))

    assert first.author.id == again.author.id != other.author.id
    assert first.author.name == "Siti Aminah"
    assert first.author.address is None


@pytest.mark.parametrize("sender", ["From: ", "From: <>", "From: undisclosed-recipients:;", "X-From: x", "From: ,,,"])
def test_an_empty_from_falls_back_to_who_else_is_named(sender: str) -> None:
    named = read(letter("x", sender, "From:", "Reply-To: Siti <siti@warga.example>"))
    nobody, somebody = read(letter("x", sender, "From:")), read(letter("y", sender, "From:"))

    assert named.author.id == "siti@warga.example"
    assert nobody.author.id != somebody.author.id


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("=?utf-8?B?SmFsYW4gw6k=?=", "Jalan é"),
        ("=?utf-8?Q?Jalan_=C3=A9?= rusak", "Jalan é rusak"),
        ("=?utf-8?Q?Jalan_=C3?=\r\n =?utf-8?Q?=A9_rusak?=", "Jalan é rusak"),
        ("=?utf-8?B?SmFsYW4gw6\r\n k=?=", "Jalan é"),
        ("=?utf-8?Q?Jalan rusak?=", "Jalan rusak"),
        ("=?UTF-8*id?q?Jalan?=", "Jalan"),
        ("=?us-ascii?Q?Jalan_=C3=A9?=", "Jalan é"),
        ("=?gb2312?B?uf4=?=", "哈"),
        ("=?iso-8859-1?Q?Jalan_=C3=A9?=", "Jalan é"),
        ("=?x-tak-ada?Q?Jalan?=", "Jalan"),
        ("=?utf-8?B?SmFsYW4=", "Jalan"),
        ("=?utf-8?Q?=3D=3Futf-8=3FQ=3FJalan=3F=3D?=", "Jalan"),
        ("=?utf-8?X?Jalan?=", "=?utf-8?X?Jalan?="),
        ("Re:=?utf-8?Q?Jalan?=rusak", "Re:Jalanrusak"),
        ("=?utf-8?B?????=", ""),
        ("Jalan\tporos\r\n  rusak", "Jalan poros rusak"),
        ("Jalan é", "Jalan é"),
        ("satu = dua ? tiga", "satu = dua ? tiga"),
    ],
)
def test_the_subject(raw: str, subject: str) -> None:
    assert (read(letter("x", f"Subject: {raw}")).subject or "") == subject


def test_raw_bytes_in_a_subject_are_read_by_the_letters_own_charset() -> None:
    raw = letter("道".encode("gbk"), "Subject: \udcb5\udcc0\udcc2\udcb7", "Content-Type: text/plain; charset=gbk")

    assert read(raw).subject == "道路"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mon, 23 Nov 2026 09:15:00 +0800", "2026-11-23T01:15:00"),
        ("Mon, 23 Nov 2026 09:15 +0800 (WITA)", "2026-11-23T01:15:00"),
        ("23 Nov 26 09:15:00 +0800", "2026-11-23T01:15:00"),
        ("Mon Nov 23 09:15:00 2026", "2026-11-23T09:15:00"),
        ("Sen, 23 Nov 2026 09:15:00 WITA", "2026-11-23T01:15:00"),
        ("Senin, 3 Agustus 2026 09:15:00 +0700", "2026-08-03T02:15:00"),
        ("3 Mei 2026 08:00:00 WIB", "2026-05-03T01:00:00"),
        ("2026-11-23T09:15:00+08:00", "2026-11-23T01:15:00"),
        ("2026-11-23 09:15:00", "2026-11-23T09:15:00"),
        ("Mon, 23 Nov 2026 09:15:60 +0000", "2026-11-23T09:15:59"),
        ("Mon, 23 Nov 2026 09:15:00 GMT", "2026-11-23T09:15:00"),
        ("Mon, 23 Nov 2026 09:15:00 +9900", "2026-11-23T09:15:00"),
        ("kemarin sore", None),
        ("", None),
        ("Mon, 32 Nov 2026 25:99:00 +0800", None),
        ("Mon, 01 Jan 1900 00:00:00 +1400", None),
        ("Mon, 01 Jan 9999 23:59:59 -1200", None),
    ],
)
def test_the_time(raw: str, expected: str | None) -> None:
    found = read(letter("x", f"Date: {raw}")).sent_at

    assert found == (None if expected is None else datetime.fromisoformat(expected).replace(tzinfo=UTC))
    assert found is None or found.tzinfo is UTC


def test_ids_come_without_brackets_and_the_thread_is_its_root() -> None:
    event = read(
        letter(
            "x",
            "Message-ID:\r\n <surat-3@warga.example>",
            "In-Reply-To: Surat Anda <surat-2@kutim.example> kemarin",
            "References: <surat-1@warga.example>\r\n\t<surat-2@kutim.example> <surat-1@warga.example>",
        )
    )

    assert event.message_id == "surat-3@warga.example"
    assert event.reply_to == "surat-2@kutim.example"
    assert event.references == ("surat-1@warga.example", "surat-2@kutim.example")
    assert event.conversation == "surat-1@warga.example"


@pytest.mark.parametrize(
    ("headers", "thread"),
    [
        (("References: <>", "In-Reply-To: <akar@x>"), "akar@x"),
        (("References: ", "In-Reply-To: "), "surat-1@warga.example"),
        (("In-Reply-To: akar@x",), "akar@x"),
        (("References: akar@x dua@x",), "akar@x"),
        (("References: <akar@x><dua@x>",), "akar@x"),
        (("References: <akar@\r\n x> <dua@x>",), "akar@x"),
    ],
)
def test_the_thread(headers: tuple[str, ...], thread: str) -> None:
    assert read(letter("x", *headers)).conversation == thread


def test_a_letter_without_any_id_is_its_own_thread() -> None:
    one, two = read(letter("satu", "Message-ID: <>")), read(letter("dua", "Message-ID: "))

    assert one.message_id is None
    assert one.conversation == one.external_id != two.conversation


def test_an_id_longer_than_any_line_still_names_one_thread() -> None:
    one, two = (read(letter(text, f"References: <{'x' * 3000}@y>")) for text in ("satu", "dua"))

    assert one.conversation == two.conversation
    assert len(one.conversation) < 1000


def test_a_reused_message_id_is_another_event() -> None:
    assert read(letter("satu")).external_id != read(letter("dua")).external_id


# ---- ourselves


def test_mail_from_our_own_address_is_an_echo() -> None:
    assert read(letter("x", f"From: Humas <{OURS.upper()}>")).type is EventType.ECHO
    assert read(letter("x", "From: humas+abc@kutim.example")).type is EventType.ECHO
    assert parse(letter("x", f"From: {OURS}")).type is EventType.INCOMING


def test_a_form_that_sends_as_ourselves_speaks_for_the_citizen_it_names() -> None:
    event = read(letter("x", f"From: Formulir <{OURS}>", "Reply-To: Siti <siti@warga.example>"))

    assert event.type is EventType.INCOMING
    assert event.author.id == "siti@warga.example"


@pytest.mark.parametrize(
    "header",
    [
        "To: Humas <humas+a1B2@kutim.example>",
        "Cc: x@y.example, HUMAS+a1B2@KUTIM.example",
        "Delivered-To: humas+a1B2@kutim.example",
        "X-Original-To: humas+a1B2@kutim.example",
        "To: =?utf-8?q?Humas?= <humas+a1B2@kutim.example>",
    ],
)
def test_our_token_is_found_in_the_address_written_to(header: str) -> None:
    assert read(letter("x", header)).token == "a1B2"


def test_somebody_elses_token_is_none_of_ours() -> None:
    for header in (
        "To: lain+a1@kutim.example",
        "To: humas+a1@kutim.example.id",
        f"To: {OURS}",
        "X: humas+a1@kutim.example",
    ):
        assert read(letter("x", header)).token is None
    assert parse(letter("x", "To: humas+a1@kutim.example")).token is None


def test_where_the_writer_wants_the_answer_comes_along() -> None:
    event = read(letter("x", "Reply-To: RT 3 <rt3@warga.example>", f"To: {OURS}, ketua@warga.example"))

    assert event.extra == {"answer_to": "rt3@warga.example", "to": f"{OURS}, ketua@warga.example"}
