"""The toy post office is one that real mail programs can use: the standard library's and imap-tools' own clients."""

import asyncio
import imaplib
import smtplib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted

from omnichannel.domain.channel import Channel
from omnichannel.toys.base import Toy, ToyFile
from omnichannel.toys.mail import MailToy


@pytest.fixture
async def toy() -> AsyncIterator[MailToy]:
    made = MailToy()
    await made.start()
    yield made
    await made.stop()


def port(url: str) -> int:
    return int(url.rpartition(":")[2])


def read_all(toy: MailToy) -> list[Any]:
    box = MailBoxUnencrypted("127.0.0.1", port(toy.imap_url), timeout=5).login(toy.user, toy.password)
    with box:
        return list(box.fetch(mark_seen=False))


def send(toy: MailToy, text: str, to: str, *headers: str) -> None:
    with smtplib.SMTP("127.0.0.1", port(toy.smtp_url), timeout=5) as link:
        link.login(toy.user, toy.password)
        head = "\r\n".join(["From: x", f"To: {to}", "Message-ID: <jawaban@kutim.example>", "Subject: Re: s", *headers])
        link.sendmail(toy.address, [to], f"{head}\r\n\r\n{text}\r\n")


async def test_it_is_a_toy_like_every_other(toy: MailToy) -> None:
    as_toy: Toy = toy
    chat = await as_toy.write(None, "Siti Aminah", "Lampu mati")

    assert as_toy.channel is Channel.MAIL
    assert [(one.id, one.name, one.lines[0].text) for one in as_toy.chats()] == [(chat, "Siti Aminah", "Lampu mati")]


async def test_a_mail_program_reads_what_citizens_write(toy: MailToy) -> None:
    photo = ToyFile("lubang.jpg", "image/jpeg", b"\xff\xd8")
    toy.citizen("Siti Aminah", "siti@warga.example").writes("Lampu mati", subject="Lampu jalan é", attachments=(photo,))

    (found,) = await asyncio.to_thread(read_all, toy)

    assert (found.from_, found.subject, found.text.strip()) == ("siti@warga.example", "Lampu jalan é", "Lampu mati")
    assert [(one.filename, one.payload) for one in found.attachments] == [("lubang.jpg", b"\xff\xd8")]
    assert found.uid == "1"


async def test_a_letter_of_the_office_reaches_the_citizen_and_the_next_one_answers_it(toy: MailToy) -> None:
    siti = toy.citizen("Siti", "siti@warga.example")
    first = siti.writes("Lampu mati")

    await asyncio.to_thread(send, toy, "Sudah diperiksa.\r\n.titik", "siti@warga.example")
    siti.writes("Terima kasih")
    (_, answer) = await asyncio.to_thread(read_all, toy)

    assert [(line.mine, line.text) for line in siti.lines] == [
        (True, "Lampu mati"), (False, "Sudah diperiksa.\n.titik"), (True, "Terima kasih"),
    ]  # fmt: skip
    assert answer.headers["in-reply-to"] == ("<jawaban@kutim.example>",)
    assert answer.headers["references"] == (f"<{first}> <jawaban@kutim.example>",)
    assert "> Sudah diperiksa." in answer.text


async def test_a_citizen_who_is_gone_sends_it_back(toy: MailToy) -> None:
    toy.citizen("Siti", "siti@warga.example").gone = True

    await asyncio.to_thread(send, toy, "Halo", "siti@warga.example")
    (found,) = await asyncio.to_thread(read_all, toy)

    assert found.from_ == "MAILER-DAEMON@warga.example"
    assert b"jawaban@kutim.example" in found.obj.as_bytes()


async def test_idle_tells_of_a_letter_at_once(toy: MailToy) -> None:
    def listen() -> list[bytes]:
        with MailBoxUnencrypted("127.0.0.1", port(toy.imap_url), timeout=5).login(toy.user, toy.password) as box:
            # Later than our IDLE arrives there: on a busy machine the letter came first, and then it is no news.
            loop.call_soon_threadsafe(loop.call_later, 0.3, lambda: toy.citizen("Siti").writes("Halo"))
            return box.idle.wait(timeout=5)

    loop = asyncio.get_running_loop()

    assert await asyncio.to_thread(listen) == [b"* 1 EXISTS"]


async def test_flags_status_and_append_work(toy: MailToy) -> None:
    def use() -> tuple[dict[str, int], list[str], bytes]:
        box = MailBoxUnencrypted("127.0.0.1", port(toy.imap_url), timeout=5).login(toy.user, toy.password)
        with box:
            box.client.append("INBOX", "", "", b'Subject: "kutip" {3}\r\n\r\nisi\r\n')
            box.flag(["1"], "\\Seen", True)
            return box.folder.status("INBOX"), box.uids("UNSEEN"), toy.inbox.letters[1].raw

    toy.citizen("Siti").writes("Halo")
    status, unseen, appended = await asyncio.to_thread(use)

    assert (status["MESSAGES"], status["UIDNEXT"], status["UNSEEN"]) == (2, 3, 1)
    assert unseen == ["2"]
    assert appended == b'Subject: "kutip" {3}\r\n\r\nisi\r\n'
    assert toy.marked


async def test_a_wrong_password_opens_neither_door(toy: MailToy) -> None:
    def knock() -> None:
        with imaplib.IMAP4("127.0.0.1", port(toy.imap_url), timeout=5) as link, pytest.raises(imaplib.IMAP4.error):
            link.login(toy.user, "salah")
        with smtplib.SMTP("127.0.0.1", port(toy.smtp_url), timeout=5) as link:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                link.login(toy.user, "salah")
            assert link.mail("x@y.example")[0] == 530

    await asyncio.to_thread(knock)


async def test_the_port_stays_when_it_comes_back(toy: MailToy) -> None:
    before = (toy.imap_url, toy.smtp_url)

    await toy.stop()
    await toy.start()

    assert (toy.imap_url, toy.smtp_url) == before
    assert await asyncio.to_thread(read_all, toy) == []
