"""Mail in, against a real Dovecot: what the toy post office could only imitate."""

import asyncio
import time

import pytest

from omnichannel.connectors.mail import MailConnector
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import AccountBroken, TryLater
from omnichannel.domain.office import Account, Secret
from tests.connectors.letters import letter
from tests.connectors.mailroom import Make, connect, texts
from tests.parts.dovecot import Dovecot

__all__ = ["connect"]  # a fixture


async def test_dovecot_gives_what_was_delivered_and_what_comes(dovecot: Dovecot, connect: Make) -> None:
    await asyncio.to_thread(dovecot.deliver, dovecot.user, letter("satu"))
    connector = connect(dovecot, poll_seconds=200)
    found, cursor = await texts(connector)
    waiting = asyncio.create_task(texts(connector, cursor))
    await asyncio.sleep(0.3)
    began = time.monotonic()

    await asyncio.to_thread(dovecot.deliver, dovecot.user, letter("dua"))

    assert found == ["satu"]
    assert (await waiting)[0] == ["dua"]
    assert time.monotonic() - began < 100


async def test_dovecot_cut_off_in_the_middle_of_listening(dovecot: Dovecot, connect: Make) -> None:
    connector = connect(dovecot, poll_seconds=200)
    _, cursor = await texts(connect(dovecot))
    waiting = asyncio.create_task(connector.poll(cursor))
    await asyncio.sleep(0.5)

    await asyncio.to_thread(dovecot.cut)
    with pytest.raises(TryLater):
        await asyncio.wait_for(waiting, 10)

    await asyncio.to_thread(dovecot.deliver, dovecot.user, letter("sesudahnya"))
    assert (await texts(connector, cursor))[0] == ["sesudahnya"]


async def test_dovecot_with_a_mailbox_born_again(dovecot: Dovecot, connect: Make) -> None:
    await asyncio.to_thread(dovecot.deliver, dovecot.user, letter("satu"))
    connector = connect(dovecot)
    _, cursor = await texts(connector)
    await connector.close()
    await asyncio.to_thread(dovecot.forget, dovecot.user)
    await asyncio.to_thread(dovecot.deliver, dovecot.user, letter("dua"))

    assert (await texts(connector, cursor))[0] == ["dua"]


async def test_dovecot_refuses_a_wrong_password_and_a_missing_folder(dovecot: Dovecot, connect: Make) -> None:
    with pytest.raises(AccountBroken, match="Folder"):
        await connect(dovecot, folder="Tidak Ada").poll(None)
    dovecot_account = Account(
        "surel", Channel.MAIL, {"imap_url": dovecot.url}, {"USER": Secret(dovecot.user), "PASSWORD": Secret("salah")}
    )
    connector = MailConnector(dovecot_account)
    with pytest.raises(AccountBroken, match="kata sandi"):
        await connector.poll(None)
    await connector.close()


async def test_dovecot_reads_another_folder_and_leaves_every_letter_unread(dovecot: Dovecot, connect: Make) -> None:
    await asyncio.to_thread(dovecot.deliver, dovecot.user, letter("di arsip"), "Arsip")
    connector = connect(dovecot, folder="Arsip")

    assert (await texts(connector))[0] == ["di arsip"]
    assert (await texts(connector))[0] == ["di arsip"]


async def test_dovecot_and_a_letter_of_ten_megabytes(dovecot: Dovecot, connect: Make) -> None:
    raw = letter(b"".join(b"%09d abcdefghijklmnop\r\n" % number for number in range(350_000)))
    await asyncio.to_thread(dovecot.deliver, dovecot.user, raw)

    (found,) = (await connect(dovecot, timeout_seconds=30).poll(None)).raws

    assert found.body == raw
