"""X beside its toy: the real tweepy on our transport, reading, and the door of its webhooks."""

import json
from dataclasses import replace

import pytest

from omnichannel.connectors.x import PolledX, XConnector, build
from omnichannel.connectors.x.cursor import Cursor, Tape
from omnichannel.domain.channel import Surface
from omnichannel.domain.errors import AccountBroken, BadSignature, Refused
from omnichannel.domain.message import Attachment, Event, EventType, Outgoing
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Hook
from omnichannel.toys.base import ToyFile
from tests.connectors.rigs.x import Rig, address_of
from tests.connectors.x_bench import an_oauth2_account, read, rig, x

__all__ = ["rig", "x"]


# ---- reading


async def test_mentions_and_messages_come_with_their_people_and_pictures(rig: Rig, x: PolledX) -> None:
    siti, budi = rig.toy.citizen("Siti"), rig.toy.citizen("Budi")
    siti.mentions("jalan rusak", ToyFile("j.jpg", "image/jpeg", b"gambar"))
    budi.messages("NIK saya salah")

    (public, private), _ = await read(x)

    assert (public.surface, public.author.name, public.text) == (Surface.PUBLIC, "Siti", "@humas_toy jalan rusak")
    assert (private.surface, private.author.handle) == (Surface.DIRECT, budi.user["username"])
    assert await x.fetch(public.attachments[0]) == b"gambar"


async def test_a_backlog_of_many_pages_is_read_whole_and_once(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    wanted = {siti.messages(f"pesan {number}")["id"] for number in range(730)}
    wanted |= {siti.mentions(f"kiriman {number}")["id"] for number in range(450)}
    found: list[str] = []
    cursor: str | None = None
    for _ in range(6):
        events, cursor = await read(x, cursor)
        found += [event.external_id for event in events]

    assert set(found) == wanted
    assert len(found) == len(wanted)


async def test_what_is_written_while_a_backlog_is_read_is_not_lost(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    for number in range(350):
        siti.messages(f"lama {number}")
    events, cursor = await read(x)
    siti.messages("baru")
    texts = [event.text for event in events]
    for _ in range(3):
        events, cursor = await read(x, cursor)
        texts += [event.text for event in events]

    assert "baru" in texts
    assert {f"lama {number}" for number in range(350)} <= set(texts)


async def test_a_page_name_that_ran_out_starts_the_walk_anew(rig: Rig, x: PolledX) -> None:
    rig.toy.citizen("Siti").messages("halo")
    stale = Cursor(messages=Tape(newest="9", token="basi")).dump()

    events, _ = await read(x, stale)

    assert [event.text for event in events] == ["halo"]


async def test_messages_that_cannot_be_read_do_not_hold_the_mentions_back(rig: Rig, x: PolledX) -> None:
    rig.toy.citizen("Siti").mentions("lampu mati")
    rig.toy.fail("permissions", times=9, only="dm_events")

    events, cursor = await read(x)

    assert [event.text for event in events] == ["@humas_toy lampu mati"]
    with pytest.raises(AccountBroken, match="Izin aplikasi"):
        await x.poll(cursor)


async def test_our_own_answers_come_back_as_echoes_with_the_same_id(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    siti.messages("halo")
    sent = await x.send(Outgoing(key="k", address=address_of(siti), text="Baik."))

    events, _ = await read(x)

    assert [event.external_id for event in events if event.type is EventType.ECHO] == [sent.external_id]


async def test_an_edited_post_is_an_edit_of_what_was_read(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    siti.mentions("lampu mti")
    (first,), cursor = await read(x)
    siti.corrects("lampu mati")

    (second,), _ = await read(x, cursor)

    assert (second.type, second.target, second.text) == (EventType.EDITED, first.external_id, "@humas_toy lampu mati")


# ---- files


@pytest.mark.parametrize("url", ["https://jahat.example/a.jpg", "http://169.254.169.254/", "ftp://x", "bukan tautan"])
async def test_a_link_that_is_not_xs_is_never_followed(x: PolledX, url: str) -> None:
    with pytest.raises(Refused, match="bukan milik X"):
        await x.fetch(Attachment("image/jpeg", id="3_1", url=url))


async def test_a_private_picture_is_fetched_with_our_proof_only(rig: Rig, x: PolledX) -> None:
    rig.toy.bearers["berlaku"] = "segar"
    rig.toy.citizen("Siti").messages("foto", ToyFile("k.jpg", "image/jpeg", b"rahasia"))
    (event,), _ = await read(x)
    modern = build(an_oauth2_account(rig, access="berlaku"))

    assert await x.fetch(event.attachments[0]) == b"rahasia"
    assert await modern.fetch(event.attachments[0]) == b"rahasia"
    await modern.close()


# ---- the door


def test_a_challenge_is_answered_with_the_newest_secret(rig: Rig) -> None:
    hooked = build(rig.account(mode="webhook"))
    assert type(hooked) is XConnector

    answer = hooked.greet(Hook("GET", {}, {"crc_token": "tantangan"}, b""))

    assert answer is not None
    assert json.loads(answer) == {"response_token": rig.toy.sign(b"tantangan", "rahasia-baru")}
    assert hooked.greet(Hook("POST", {}, {"crc_token": "x"}, b"")) is None
    assert hooked.greet(Hook("GET", {}, {}, b"")) is None


def test_without_a_secret_no_challenge_is_answered() -> None:
    with pytest.raises(BadSignature):
        build(Account("x", Rig().account().channel)).greet(Hook("GET", {}, {"crc_token": "x"}, b""))


async def test_what_the_toy_posts_is_what_polling_reads(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    siti.mentions("lampu mati", ToyFile("l.jpg", "image/jpeg", b"x"))
    siti.messages("halo")
    told = [event for raw in rig.delivered for event in x.parse(raw)]
    polled, _ = await read(x)

    def plain(event: Event) -> Event:
        files = tuple(replace(one, id=None) for one in event.attachments)
        at = event.sent_at.replace(microsecond=0) if event.sent_at else None
        return replace(event, attachments=files, sent_at=at)

    assert [plain(one) for one in told] == [plain(one) for one in polled]


def test_only_a_webhook_hears_that_a_message_was_read(rig: Rig) -> None:
    assert build(rig.account(mode="webhook")).surfaces[Surface.DIRECT].receipts
    assert not build(rig.account(mode="poll")).surfaces[Surface.DIRECT].receipts
