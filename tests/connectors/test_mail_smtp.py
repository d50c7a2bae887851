"""Mail out: threads that hold together, headers nobody can slip into, and a fault told for what it is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from omnichannel.connectors.mail import MailConnector
from omnichannel.connectors.mail.patience import wish
from omnichannel.connectors.mail.settings import Post, Shelter, post_of
from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TooLong, TryLater, Unsure
from omnichannel.domain.message import Auto, EventType, Outgoing, OutgoingFile
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Raw
from omnichannel.toys.mail import MailToy
from tests.parts.smtp import SmtpSink

OURS = "humas@kutim.example"
SITI = Address("surat-1@warga.example", Surface.DIRECT, "siti@warga.example")


def an_account(**options: Any) -> Account:
    secrets = {"USER": Secret("petugas"), "PASSWORD": Secret("rahasia-uji")}
    return Account("surel", Channel.MAIL, {"address": OURS, "timeout_seconds": 1, **options}, secrets)


def an_answer(text: str = "Baik, kami periksa.", **more: Any) -> Outgoing:
    return Outgoing(key="kunci-1", address=more.pop("address", SITI), text=text, **more)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


@pytest.fixture
async def connector(smtp_sink: SmtpSink) -> AsyncIterator[MailConnector]:
    made = MailConnector(an_account(smtp_url=smtp_sink.url))
    yield made
    await made.close()


@pytest.fixture
async def toy() -> AsyncIterator[MailToy]:
    made = MailToy()
    await made.start()
    yield made
    await made.stop()


def on_toy(toy: MailToy, **options: Any) -> MailConnector:
    own: dict[str, Any] = {"address": toy.address, "imap_url": toy.imap_url, "smtp_url": toy.smtp_url}
    secrets = {"USER": Secret(toy.user), "PASSWORD": Secret(toy.password)}
    return MailConnector(
        Account("surel", Channel.MAIL, {**own, "timeout_seconds": 1, "poll_seconds": 0, **options}, secrets)
    )


# ---- the letter


async def test_an_answer_arrives_in_its_thread(connector: MailConnector, smtp_sink: SmtpSink) -> None:
    trail = ("surat-1@warga.example", "balasan-1@kutim.example")

    sent = await connector.send(an_answer(subject="Re: Lampu é", reply_to="surat-2@warga.example", references=trail))

    (arrived,) = smtp_sink.messages
    letter = read(arrived.raw)
    assert (arrived.sender, arrived.recipients) == (OURS, ("siti@warga.example",))
    assert smtp_sink.logins == ["petugas"]
    assert letter["From"] == OURS
    assert letter["To"] == "siti@warga.example"
    assert letter["Subject"] == "Re: Lampu é"
    assert letter["In-Reply-To"] == "<surat-2@warga.example>"
    assert letter["References"].split() == [f"<{one}>" for one in (*trail, "surat-2@warga.example")]
    assert letter["Message-ID"] == f"<{sent.external_id}>"
    assert sent.message_id == sent.external_id == "kunci-1.surel@kutim.example"
    assert letter.get_content() == "Baik, kami periksa.\r\n"
    assert letter["Auto-Submitted"] is None


@pytest.mark.parametrize(
    "text", ["satu\ndua\n\n.\n..titik\nFrom kami\n", "é" * 5000, "x" * 5000, "a\r\nb\rc", "道\u2028路 \ud83d"]
)
async def test_a_text_arrives_as_it_was_written(connector: MailConnector, smtp_sink: SmtpSink, text: str) -> None:
    await connector.send(an_answer(text))

    arrived = str(read(smtp_sink.messages[0].raw).get_content()).replace("\r\n", "\n")
    expected = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ud83d", "?")
    assert arrived.rstrip("\n") == expected.rstrip("\n")


# ---- what is refused before the network


@pytest.mark.parametrize(
    "contact",
    ["", "siti", "@warga.example", "siti@", "a@b@c.example", "siti@warga.example\r\nBcc: x@y.example", "siti@warga.example, x@y.example",
     "<siti@warga.example>", "nama:0123", "surat:0123", "siti @warga.example", "x" * 300 + "@y.example", "siti@-..example", "é@warga.example"],
)  # fmt: skip
async def test_an_address_that_is_none_is_refused(connector: MailConnector, smtp_sink: SmtpSink, contact: str) -> None:
    with pytest.raises(Refused):
        await connector.send(an_answer(address=replace(SITI, contact=contact)))

    assert smtp_sink.messages == []


async def test_a_domain_beyond_ascii_is_written_as_servers_read_it(
    connector: MailConnector, smtp_sink: SmtpSink
) -> None:
    await connector.send(an_answer(address=replace(SITI, contact="siti@désa.example")))

    assert smtp_sink.messages[0].recipients == ("siti@xn--dsa-bma.example",)


async def test_an_empty_a_long_and_a_heavy_letter_are_refused(connector: MailConnector) -> None:
    big = OutgoingFile("peta.zip", "application/zip", bytes(25_000_000))

    with pytest.raises(Refused):
        await connector.send(an_answer(" \n"))
    with pytest.raises(TooLong):
        await connector.send(an_answer("x" * 200_001))
    with pytest.raises(Refused, match="25 MB"):
        await connector.send(an_answer(files=(big,)))


async def test_a_file_alone_is_a_letter(connector: MailConnector, smtp_sink: SmtpSink) -> None:
    await connector.send(an_answer("", files=(OutgoingFile("a.pdf", "application/pdf", b"%PDF"),)))

    assert len(smtp_sink.messages) == 1


# ---- what servers answer


@pytest.mark.parametrize(
    ("at", "answer", "error"),
    [
        ("rcpt", "550 5.1.1 Tidak dikenal", Refused),
        ("rcpt", "553 5.1.3 Alamat aneh", Refused),
        ("rcpt", "552 5.2.2 Kotak penuh", Refused),
        ("rcpt", "554 5.7.1 Relay access denied", AccountBroken),
        ("rcpt", "550 5.7.1 Authentication required", AccountBroken),
        ("rcpt", "450 4.2.1 Nanti", TryLater),
        ("rcpt", "421 4.3.2 Sibuk", TryLater),
        ("mail", "451 4.3.0 Rusak", TryLater),
        ("mail", "421 4.3.2 Sibuk", TryLater),
        ("mail", "550 5.7.1 Sender rejected", AccountBroken),
        ("mail", "552 5.3.4 Terlalu besar", Refused),
        ("data", "451 4.3.0 Rusak", TryLater),
        ("data", "554 5.7.1 Ditolak sebagai spam", Refused),
        ("data", "552 5.3.4 Terlalu besar", Refused),
    ],
)
async def test_an_answer_of_the_server_is_told_for_what_it_is(
    connector: MailConnector, smtp_sink: SmtpSink, at: Any, answer: str, error: type[Exception]
) -> None:
    smtp_sink.refuse(answer, at=at)

    with pytest.raises(error) as raised:
        await connector.send(an_answer())

    assert raised.type is error


@pytest.mark.parametrize("fault", ["hang", "cut"])
async def test_silence_before_the_text_left_is_try_later(
    connector: MailConnector, smtp_sink: SmtpSink, fault: str
) -> None:
    for step in ("mail", "rcpt"):
        getattr(smtp_sink, fault)(at=step)
        with pytest.raises(TryLater):
            await connector.send(an_answer())
        smtp_sink.accept()

    assert smtp_sink.messages == []


@pytest.mark.parametrize("fault", ["hang", "cut"])
async def test_silence_after_the_text_left_is_unsure(connector: MailConnector, smtp_sink: SmtpSink, fault: str) -> None:
    getattr(smtp_sink, fault)(at="data")

    with pytest.raises(Unsure):
        await connector.send(an_answer())

    assert len(smtp_sink.messages) == 1


async def test_an_answer_that_is_no_smtp_is_unsure_once_the_text_left(toy: MailToy) -> None:
    toy.fail("garbage", only="smtp")

    with pytest.raises(Unsure):
        await on_toy(toy).send(an_answer())


async def test_a_refused_login_is_the_administrators(smtp_sink: SmtpSink) -> None:
    account = an_account(smtp_url=smtp_sink.url)
    connector = MailConnector(replace(account, secrets={**account.secrets, "PASSWORD": Secret("salah-sekali")}))

    with pytest.raises(AccountBroken) as raised:
        await connector.send(an_answer())

    assert "salah-sekali" not in f"{raised.value!r} {raised.value.__cause__!r}"


async def test_a_server_that_is_away_or_not_named(smtp_sink: SmtpSink) -> None:
    connector = MailConnector(an_account(smtp_url=smtp_sink.url))
    await smtp_sink.stop()

    with pytest.raises(TryLater):
        await connector.send(an_answer())
    with pytest.raises(AccountBroken, match="smtp_url"):
        await MailConnector(an_account()).send(an_answer())


async def test_greylisting_is_waited_out(toy: MailToy) -> None:
    toy.fail("flood", seconds=300, only="smtp")

    with pytest.raises(TryLater) as raised:
        await on_toy(toy).send(an_answer())

    assert raised.value.after == timedelta(seconds=300)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.1 Greylisted, please try again in 300 seconds", 300),
        ("4.7.1 <x>: Recipient address rejected: Greylisted for 5 minutes", 300),
        ("Too many messages, retry after 1 hour", 3600),
        ("Coba lagi dalam 10 menit", 600),
        ("Silakan tunggu 2 jam", 7200),
        ("try again in 999999 hours", 86400),
        ("4.7.1 try again later", None),
        ("550 5.1.1 unknown user 42 street", None),
        ("", None),
    ],
)
def test_the_wait_that_a_server_names(text: str, seconds: int | None) -> None:
    assert wish(text) == (None if seconds is None else timedelta(seconds=seconds))


async def test_whoever_stops_sending_leaves_no_link_behind(toy: MailToy) -> None:
    toy.fail("hang", only="smtp")
    sending = asyncio.create_task(on_toy(toy, timeout_seconds=30).send(an_answer()))
    while not toy.sent:  # noqa: ASYNC110 - the toy holds the answer back; there is nothing else to wait for
        await asyncio.sleep(0.01)

    sending.cancel()

    with pytest.raises(asyncio.CancelledError):
        await sending


# ---- both ways


async def test_the_whole_correspondence_stays_one_thread(toy: MailToy) -> None:
    connector, siti = on_toy(toy), toy.citizen("Siti", "siti@warga.example")
    first = siti.writes("Lampu mati", subject="Lampu")
    batch = await connector.poll(None)
    (asked,) = connector.parse(batch.raws[0])

    sent = await connector.send(
        an_answer(subject="Re: Lampu", reply_to=asked.message_id, references=(asked.message_id or "",))
    )
    siti.writes("Sudah nyala, terima kasih")
    (thanks,) = connector.parse((await connector.poll(batch.cursor)).raws[0])

    assert asked.conversation == thanks.conversation == first
    assert thanks.reply_to == sent.external_id
    assert thanks.text == "Sudah nyala, terima kasih"
    assert "Baik, kami periksa." in (thanks.quoted or "")
    await connector.close()


async def test_a_letter_that_comes_back_names_the_one_we_sent(toy: MailToy) -> None:
    connector = on_toy(toy)
    toy.citizen("Siti", "siti@warga.example").gone = True

    sent = await connector.send(an_answer())
    (event,) = connector.parse((await connector.poll(None)).raws[0])

    assert (event.type, event.auto, event.target) == (EventType.INCOMING, Auto.BOUNCE, sent.external_id)
    assert event.error is not None
    assert "siti@warga.example" in event.error.title
    await connector.close()


async def test_our_own_letter_in_the_mailbox_is_an_echo(toy: MailToy) -> None:
    connector = on_toy(toy)
    await connector.send(an_answer())

    (event,) = connector.parse(Raw(toy.sent[0].raw))

    assert event.type is EventType.ECHO
    assert event.message_id == "kunci-1.surel@kutim.example"


# ---- settings


@pytest.mark.parametrize(
    ("url", "host", "port", "shelter"),
    [
        ("smtps://mail.example", "mail.example", 465, Shelter.TLS),
        ("smtp://mail.example", "mail.example", 587, Shelter.STARTTLS),
        ("smtp://mail.example:25/", "mail.example", 25, Shelter.STARTTLS),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Shelter.NONE),
        ("smtp://localhost", "localhost", 587, Shelter.NONE),
        ("smtp://[::1]:25", "::1", 25, Shelter.NONE),
        ("smtp://10.0.0.5", "10.0.0.5", 587, Shelter.STARTTLS),
    ],
)
def test_a_password_never_travels_in_the_open(url: str, host: str, port: int, shelter: Shelter) -> None:
    server = post_of(an_account(smtp_url=url)).smtp

    assert server is not None
    assert (server.host, server.port, server.shelter) == (host, port, shelter)


async def test_a_server_without_starttls_gets_no_password(toy: MailToy) -> None:
    post = post_of(an_account(smtp_url=toy.smtp_url))
    assert isinstance(post, Post)
    assert post.smtp is not None
    connector = on_toy(toy)
    connector._post = replace(connector._post, smtp=replace(post.smtp, shelter=Shelter.STARTTLS))

    with pytest.raises(AccountBroken, match="pengamanan"):
        await connector.send(an_answer())


def test_no_secret_is_in_what_a_connector_shows() -> None:
    connector = MailConnector(an_account(imap_url="imaps://mail.example", smtp_url="smtps://mail.example"))

    assert "rahasia-uji" not in f"{connector!r} {vars(connector)}"
