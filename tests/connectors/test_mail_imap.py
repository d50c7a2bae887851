"""Mail in, against the toy post office and a real Dovecot: by UID, promptly, and never marking anything."""

import asyncio
import logging
import time

import pytest

from omnichannel.connectors.mail import MailConnector
from omnichannel.connectors.mail import imap as mail_imap
from omnichannel.domain.channel import Channel
from omnichannel.domain.errors import AccountBroken, TryLater
from omnichannel.domain.message import EventType
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw
from omnichannel.toys.mail import MailToy
from tests.connectors.letters import letter
from tests.connectors.mailroom import Make, connect, texts, toy

__all__ = ["connect", "toy"]  # fixtures

SOON, LONG = 60, 200  # seconds: at once, on whatever machine; and as long as nobody waits by chance


async def test_letters_come_oldest_first_and_only_behind_the_cursor(toy: MailToy, connect: Make) -> None:
    connector, siti = connect(toy), toy.citizen("Siti")
    siti.writes("satu")
    siti.writes("dua")

    first, cursor = await texts(connector)
    siti.writes("tiga")
    second, later = await texts(connector, cursor)

    assert (first, second) == (["satu", "dua"], ["tiga"])
    assert (cursor, later) == ("1:2", "1:3")
    assert await texts(connector, later) == ([], "1:3")
    assert await texts(connector, cursor) == (["tiga"], "1:3")


async def test_bytes_arrive_as_they_were_sent(toy: MailToy, connect: Make) -> None:
    raw = letter(b"baris\n.titik\r\n\x00\xff (kurung) {3}\r\n" + b"x" * 5000)
    toy.deliver(raw)

    (found,) = (await connect(toy).poll(None)).raws

    assert found.body == raw
    assert found.headers == {"uid": "1:1"}


async def test_nothing_is_ever_marked(toy: MailToy, connect: Make) -> None:
    toy.citizen("Siti").writes("satu")
    connector = connect(toy)

    _, cursor = await texts(connector)
    await connector.poll(cursor)

    assert toy.marked == []
    assert toy.inbox.letters[0].flags == set()


async def test_a_mailbox_numbered_anew_is_read_from_the_start_and_said_so(
    toy: MailToy, connect: Make, caplog: pytest.LogCaptureFixture
) -> None:
    connector = connect(toy)
    toy.citizen("Siti").writes("satu")
    before = await connector.poll(None)
    await connector.close()
    toy.renumber()
    toy.citizen("Siti").writes("dua")
    caplog.set_level(logging.WARNING)

    after = await connector.poll(before.cursor)

    assert after.cursor == "2:2"
    ids = [[event.external_id for raw in batch.raws for event in connector.parse(raw)] for batch in (before, after)]
    assert ids[1][0] == ids[0][0]
    assert "renumbered" in caplog.text


@pytest.mark.parametrize("cursor", ["", "1", "1:", "abc", "9:9", "1:-5", ":"])
async def test_a_cursor_that_is_none_begins_at_the_start(toy: MailToy, connect: Make, cursor: str) -> None:
    toy.citizen("Siti").writes("satu")

    assert (await texts(connect(toy), cursor))[0] == ["satu"]


async def test_the_past_is_skipped_when_asked(toy: MailToy, connect: Make) -> None:
    siti, connector = toy.citizen("Siti"), connect(toy, since="now")
    siti.writes("lama")

    nothing, cursor = await texts(connector)
    siti.writes("baru")

    assert nothing == []
    assert await texts(connector, cursor) == (["baru"], "1:2")


async def test_an_empty_mailbox_begins_before_its_first_letter(toy: MailToy, connect: Make) -> None:
    assert await texts(connect(toy, since="now")) == ([], "1:0")
    connector = connect(toy)
    assert await texts(connector) == ([], "1:0")
    toy.citizen("Siti").writes("satu")

    assert (await texts(connector, "1:0"))[0] == ["satu"]


async def test_many_letters_come_in_batches(toy: MailToy, connect: Make) -> None:
    for number in range(250):
        toy.deliver(letter(f"surat {number}"))
    connector, cursor, found = connect(toy), None, []

    sizes = []
    for _ in range(3):
        some, cursor = await texts(connector, cursor)
        sizes.append(len(some))
        found += some

    assert sizes == [100, 100, 50]
    assert found == [f"surat {number}" for number in range(250)]


async def test_heavy_letters_come_few_at_a_time(toy: MailToy, connect: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_imap, "BYTES_AT_ONCE", 1000)
    for size in (400, 400, 5000, 10):
        toy.deliver(letter("x" * size))
    connector, cursor = connect(toy), None

    sizes = []
    for _ in range(4):
        some, cursor = await texts(connector, cursor)
        sizes.append([len(text) for text in some])

    assert sizes == [[400], [400], [5000], [10]]


async def test_a_letter_deleted_meanwhile_stops_nothing(toy: MailToy, connect: Make) -> None:
    for number in range(120):
        toy.deliver(letter(f"surat {number}"))
    connector = connect(toy)
    _, cursor = await texts(connector)
    del toy.inbox.letters[100:115]

    assert await texts(connector, cursor) == ([f"surat {number}" for number in range(115, 120)], "1:120")


async def test_a_letter_the_server_cannot_give_is_told_about_and_the_rest_goes_on(toy: MailToy, connect: Make) -> None:
    for number in range(3):
        toy.deliver(letter(f"surat {number}"))
    toy.spoil(2)
    connector = connect(toy)

    batch = await connector.poll(None)
    events = [event for raw in batch.raws for event in connector.parse(raw)]

    assert [event.text for event in events] == ["surat 0", "", "surat 2"]
    assert events[1].type is EventType.UNKNOWN
    assert "UID 2" in (events[1].problem or "")
    assert events[1].external_id
    assert batch.cursor == "1:3"


async def test_news_ends_the_listening_at_once(toy: MailToy, connect: Make) -> None:
    connector = connect(toy, poll_seconds=LONG)
    waiting = asyncio.create_task(texts(connector, "1:0"))
    await toy.listened()
    began = time.monotonic()

    toy.citizen("Siti").writes("cepat")

    assert await waiting == (["cepat"], "1:1")
    assert time.monotonic() - began < SOON


async def test_a_letter_between_looking_and_listening_is_not_waited_for(toy: MailToy, connect: Make) -> None:
    toy.deliver_at_idle(letter("di sela-sela"))
    connector = connect(toy, poll_seconds=LONG)
    began = time.monotonic()

    assert (await texts(connector, "1:0"))[0] == ["di sela-sela"]
    assert time.monotonic() - began < SOON


async def test_a_server_without_idle_is_asked_again(
    toy: MailToy, connect: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_imap, "_BETWEEN_NOOPS", 0.05)
    toy.without_idle()
    connector = connect(toy, poll_seconds=LONG)
    waiting = asyncio.create_task(texts(connector))
    await asyncio.sleep(0.2)

    toy.citizen("Siti").writes("akhirnya")

    assert await asyncio.wait_for(waiting, SOON) == (["akhirnya"], "1:1")


async def test_an_empty_listening_ends_in_time_with_the_same_cursor(toy: MailToy, connect: Make) -> None:
    began = time.monotonic()

    assert await texts(connect(toy, poll_seconds=0.3), "1:0") == ([], "1:0")
    assert 0.25 < time.monotonic() - began < SOON


async def test_a_cut_link_is_try_later_and_the_next_poll_comes_back(toy: MailToy, connect: Make) -> None:
    connector = connect(toy, poll_seconds=LONG)
    waiting = asyncio.create_task(connector.poll("1:0"))
    await toy.listened()

    toy.drop_links()
    with pytest.raises(TryLater):
        await asyncio.wait_for(waiting, SOON)

    toy.citizen("Siti").writes("lagi")
    assert (await texts(connector, "1:0"))[0] == ["lagi"]


async def test_whoever_gives_up_waiting_may_ask_again_at_once(toy: MailToy, connect: Make) -> None:
    connector = connect(toy, poll_seconds=LONG)
    waiting = asyncio.create_task(connector.poll("1:0"))
    await toy.listened()

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    toy.citizen("Siti").writes("masih ada")

    assert (await asyncio.wait_for(texts(connector, "1:0"), SOON))[0] == ["masih ada"]


async def test_closing_ends_the_listening_at_once(toy: MailToy, connect: Make) -> None:
    connector = connect(toy, poll_seconds=LONG)
    waiting = asyncio.create_task(connector.poll("1:0"))
    await toy.listened()
    began = time.monotonic()

    await connector.close()
    await connector.close()

    with pytest.raises(TryLater):
        await asyncio.wait_for(waiting, SOON)
    assert time.monotonic() - began < SOON
    assert await texts(connect(toy), "1:0") == ([], "1:0")


async def test_a_silent_server_does_not_hold_us(toy: MailToy, connect: Make) -> None:
    toy.fail("hang")

    with pytest.raises(TryLater):
        await asyncio.wait_for(connect(toy, timeout_seconds=0.3).poll(None), SOON)


@pytest.mark.parametrize("options", [{"folder": "Tidak Ada"}, {"folder": "Arsip é"}])
async def test_a_missing_folder_is_the_administrators(toy: MailToy, connect: Make, options: dict[str, str]) -> None:
    with pytest.raises(AccountBroken, match="Folder"):
        await connect(toy, **options).open()


async def test_a_refused_login_is_the_administrators_and_a_busy_one_is_not(toy: MailToy, connect: Make) -> None:
    toy.fail("unauthorized")
    with pytest.raises(AccountBroken, match="kata sandi"):
        await connect(toy).poll(None)

    toy.fail("crowded")
    with pytest.raises(TryLater):
        await connect(toy).poll(None)


async def test_without_an_address_of_the_server_the_administrator_is_told() -> None:
    connector = MailConnector(Account("surel", Channel.MAIL))

    with pytest.raises(AccountBroken, match="imap_url"):
        await connector.open()

    await connector.close()


async def test_a_server_that_is_away_is_try_later(toy: MailToy, connect: Make) -> None:
    await toy.stop()

    with pytest.raises(TryLater):
        await connect(toy).poll(None)


async def test_a_password_beyond_ascii_is_sent_whole(connect: Make) -> None:
    toy = MailToy(password='sandi "é" \\ 道')
    await toy.start()
    toy.citizen("Siti").writes("satu")

    assert (await texts(connect(toy)))[0] == ["satu"]
    await toy.stop()


def test_a_problem_of_the_server_has_one_name_each_letter() -> None:
    connector = MailConnector(Account("surel", Channel.MAIL, {"address": "humas@kutim.example"}))
    raws = [Raw(b"", {"uid": f"1:{uid}", "problem": "rusak"}) for uid in (7, 7, 8)]

    names = [connector.parse(raw)[0].external_id for raw in raws]

    assert names[0] == names[1] != names[2]
