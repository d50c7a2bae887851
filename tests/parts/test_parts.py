"""The fixtures themselves: what they promise to every other test."""

import asyncio
import imaplib
import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import asyncpg
import pytest
import redis.asyncio as redis_library
from playwright.async_api import Page

from tests.parts import axe
from tests.parts.dovecot import Dovecot
from tests.parts.ports import free_port, wait_for_port
from tests.parts.postgres import Postgres
from tests.parts.redis import Redis
from tests.parts.smtp import SmtpSink
from tests.parts.spread import LONGEST


def a_mail(subject: str = "Jalan rusak") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "warga@contoh.example", "desa@contoh.example", subject
    mail.set_content("Mohon diperbaiki.")
    return mail


async def test_a_fresh_database_is_empty_and_like_no_other(postgres: Postgres, postgres_url: str) -> None:
    template_url = await postgres.fresh()
    template = await asyncpg.connect(template_url)
    await template.execute("CREATE TABLE warga (nama text); INSERT INTO warga VALUES ('Siti')")
    await template.close()

    copy_url = await postgres.fresh(template=template_url.rpartition("/")[2])

    copy, empty = await asyncpg.connect(copy_url), await asyncpg.connect(postgres_url)
    assert await copy.fetchval("SELECT nama FROM warga") == "Siti"
    assert await empty.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert await empty.fetchval("SHOW server_encoding") == "UTF8"
    await empty.close()
    await postgres.drop(template_url)
    await postgres.drop(copy_url)  # `copy` is still connected: a leaked pool must not hold a run up
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(copy_url)


async def test_postgres_dies_and_comes_back_with_what_was_committed(postgres: Postgres, postgres_url: str) -> None:
    link = await asyncpg.connect(postgres_url)
    await link.execute("CREATE TABLE laporan (nomor int); INSERT INTO laporan VALUES (7)")

    postgres.stop()
    try:
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
            await link.fetchval("SELECT 1")
        with pytest.raises(OSError):  # noqa: PT011 - refused, whatever the system calls it
            await asyncpg.connect(postgres_url)
    finally:
        postgres.start()

    again = await asyncpg.connect(postgres_url)
    assert await again.fetchval("SELECT nomor FROM laporan") == 7
    await again.close()


@pytest.mark.parametrize("turn", [1, 2])
async def test_redis_is_empty_for_every_test(redis_url: str, turn: int) -> None:
    async with redis_library.from_url(redis_url) as client:
        assert await client.dbsize() == 0

        await client.set("sisa", turn)

        assert await client.get("sisa") == str(turn).encode()


async def test_redis_goes_and_comes_back_on_its_port(redis: Redis) -> None:
    redis.stop()
    try:
        async with redis_library.from_url(redis.url, retry=None) as client:
            with pytest.raises(redis_library.ConnectionError):
                await client.ping()
    finally:
        redis.start()

    async with redis_library.from_url(redis.url) as client:
        assert await client.ping()


def test_a_delivered_mail_lies_unread_byte_for_byte_in_its_own_mailbox(dovecot: Dovecot) -> None:
    raw = b"From: a@b\r\nSubject: =?broken\r\nX: \xff\xfe\r\n\r\nisi tanpa \x00 ampun"[:-8] + b"\r\n"
    neighbour = dovecot.another()

    dovecot.deliver(dovecot.user, raw)
    dovecot.deliver(dovecot.user, b"Subject: arsip\r\n\r\n", folder="Arsip")

    with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=5) as link:
        link.login(dovecot.user, dovecot.password)
        link.select()
        assert link.uid("SEARCH", "UNSEEN") == ("OK", [b"1"])
        (_, fetched), _ = link.uid("FETCH", "1", "(BODY.PEEK[])")[1]
        assert fetched == raw.replace(b"\x00", b"")
        assert link.select("Arsip") == ("OK", [b"1"])
    with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=5) as link:
        link.login(neighbour, dovecot.password)
        assert link.select() == ("OK", [b"0"])


def test_a_wrong_password_is_refused(dovecot: Dovecot) -> None:
    with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=5) as link, pytest.raises(imaplib.IMAP4.error):
        link.login(dovecot.user, "salah")


def test_a_forgotten_mailbox_has_a_new_uidvalidity(dovecot: Dovecot) -> None:
    def validity() -> object:
        with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=5) as link:
            link.login(dovecot.user, dovecot.password)
            link.select()
            return link.response("UIDVALIDITY")[1][0]

    dovecot.deliver(dovecot.user, bytes(a_mail()))
    before = validity()
    dovecot.forget(dovecot.user)

    assert before is not None
    assert validity() not in {before, None}


def test_a_cut_ends_open_sessions_and_leaves_the_server(dovecot: Dovecot) -> None:
    link = imaplib.IMAP4(dovecot.host, dovecot.port, timeout=5)
    link.login(dovecot.user, dovecot.password)

    dovecot.cut()

    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        link.noop()
    link.shutdown()
    dovecot.deliver(dovecot.user, bytes(a_mail()))


async def send(sink: SmtpSink, mail: EmailMessage, password: str | None = None) -> None:
    await aiosmtplib.send(
        mail,
        hostname=sink.host,
        port=sink.port,
        start_tls=False,
        username=sink.user if password else None,
        password=password,
        timeout=0.5,
    )


async def test_the_sink_keeps_what_it_took(smtp_sink: SmtpSink) -> None:
    await send(smtp_sink, a_mail("Terima kasih"), password=smtp_sink.password)

    (taken,) = smtp_sink.messages
    assert taken.sender == "warga@contoh.example"
    assert taken.recipients == ("desa@contoh.example",)
    assert b"Subject: Terima kasih\r\n" in taken.raw
    assert smtp_sink.logins == [smtp_sink.user]


async def test_the_sink_refuses_a_wrong_password(smtp_sink: SmtpSink) -> None:
    with pytest.raises(aiosmtplib.SMTPAuthenticationError):
        await send(smtp_sink, a_mail(), password="salah")

    assert smtp_sink.messages == []


async def test_the_sink_refuses_hangs_and_cuts_when_told(smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse("550 5.1.1 Tidak dikenal")
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await send(smtp_sink, a_mail())

    smtp_sink.refuse("421 4.3.2 Sibuk", at="mail")
    with pytest.raises(aiosmtplib.SMTPResponseException, match="Sibuk"):
        await send(smtp_sink, a_mail())
    assert smtp_sink.messages == []

    smtp_sink.accept()
    smtp_sink.hang(at="data")
    with pytest.raises(aiosmtplib.SMTPReadTimeoutError):
        await send(smtp_sink, a_mail("Sampai atau tidak?"))
    assert len(smtp_sink.messages) == 1

    smtp_sink.accept()
    smtp_sink.cut(at="data")
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(smtp_sink, a_mail())
    assert len(smtp_sink.messages) == 2

    smtp_sink.accept()
    await send(smtp_sink, a_mail())
    assert len(smtp_sink.messages) == 3


async def test_the_sink_stops_with_a_client_still_hanging(smtp_sink: SmtpSink) -> None:
    smtp_sink.hang(at="rcpt")
    sending = asyncio.create_task(send(smtp_sink, a_mail()))
    await asyncio.sleep(0.05)

    await smtp_sink.stop()

    with pytest.raises(aiosmtplib.SMTPException):
        await sending
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(smtp_sink, a_mail())
    port = smtp_sink.port
    await smtp_sink.start()
    assert smtp_sink.port == port


async def test_a_page_sits_at_an_indonesian_desk(page: Page) -> None:
    await page.set_content("<title>Kotak masuk</title><button onclick=\"this.textContent='Terkirim'\">Kirim</button>")

    await page.click("button")

    assert await page.inner_text("button") == "Terkirim"
    assert await page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "id-ID",
        "Asia/Makassar",
    ]


async def test_axe_tells_what_breaks_which_rule(page: Page) -> None:
    pale = "<p style='color: #bbb; background: #fff'>Hampir tak terbaca</p>"
    await page.set_content(f"<html lang=id><title>Uji</title><main><h1>Uji</h1>{pale}<img src='data:,'></main></html>")

    found = await axe.faults(page)

    assert found.keys() == {"color-contrast", "image-alt"}
    assert "Hampir tak terbaca" in found["color-contrast"][0]


def test_a_port_that_nobody_opens_says_why() -> None:
    with pytest.raises(RuntimeError, match="alamat sudah dipakai"):
        wait_for_port(free_port(), alive=lambda: False, log=lambda: "alamat sudah dipakai")


@pytest.mark.real
@pytest.mark.parametrize(("ci", "processes", "expected"), [("true", "2", 1), ("", "0", 0)])
def test_a_missing_part_is_listed_and_fails_in_ci(tmp_path: Path, ci: str, processes: str, expected: int) -> None:
    checkout = Path(__file__).parents[2]
    environment = {**os.environ, "CI": ci, "PATH": str(tmp_path)}
    select = [str(checkout / "tests/parts/test_parts.py"), "-k", "redis_goes or nobody_opens"]

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", processes, *select],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 passed, 1 skipped" in run.stdout
    assert "redis: apt-get install redis-server" in run.stdout
    assert run.returncode == expected


def test_the_files_that_go_first_are_there() -> None:
    checkout = Path(__file__).parents[2]

    assert [one for one in LONGEST if not (checkout / one).is_file()] == []


@pytest.mark.real
def test_the_unit_run_starts_no_outside_process() -> None:
    checkout = Path(__file__).parents[2]

    select = ["--collect-only", "-m", "not real and not browser", str(checkout / "tests/parts/test_parts.py")]

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *select],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "test_the_sink_keeps_what_it_took" in run.stdout
    assert "redis_is_empty" not in run.stdout
    assert "test_a_page_sits" not in run.stdout
