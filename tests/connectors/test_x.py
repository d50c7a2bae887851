"""X beside its toy: the real tweepy on our transport, reading within a budget, answering, and whom X refuses."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tweepy
from tweepy.asynchronous.client import OAuthClient

from omnichannel.connectors.x import PolledX, XConnector, build
from omnichannel.connectors.x.cursor import Cursor, Tape
from omnichannel.connectors.x.keys import sign
from omnichannel.connectors.x.prices import DM_WRITE, POST_WRITE, POST_WRITE_WITH_LINK, Budget, Meter
from omnichannel.domain.channel import Address, Surface
from omnichannel.domain.errors import AccountBroken, BadSignature, Refused, TooLong, TryLater
from omnichannel.domain.message import Attachment, Event, EventType, Outgoing
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Hook
from omnichannel.toys.base import ToyFile
from omnichannel.toys.x import XToy
from tests.connectors.rigs.x import Rig, address_of

NOW = datetime(2026, 11, 16, tzinfo=UTC)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    bench = Rig()
    await bench.start()
    yield bench
    await bench.stop()


@pytest.fixture
async def x(rig: Rig) -> AsyncIterator[PolledX]:
    made = build(rig.account())
    assert isinstance(made, PolledX)
    yield made
    await made.close()


async def read(x: PolledX, cursor: str | None = None) -> tuple[list[Event], str]:
    batch = await x.poll(cursor)
    assert batch.cursor is not None
    return [event for raw in batch.raws for event in x.parse(raw)], batch.cursor


def a_reply(post: dict[str, Any], text: str = "Baik, kami periksa.", **more: Any) -> Outgoing:
    address = Address(post["conversation_id"], Surface.PUBLIC, post["author_id"])
    return Outgoing(key="k", address=address, text=text, reply_to=post["id"], **more)


def asked(toy: XToy, call: str) -> list[dict[str, Any]]:
    return [said for name, said in toy.calls if name == call]


# ---- who we are


def test_our_signature_is_the_one_oauthlib_makes() -> None:
    keys = ("kunci", "rahasia&", "1-tanda", "rahasia +%")
    for url in (
        "https://api.x.com/2/tweets",
        "https://api.x.com:8443/2/users/1/mentions?since_id=7&expansions=a.b%2Cc&x=spasi%20%26%20%C3%A9&kosong=",
        "http://127.0.0.1:80/2/dm_events?a=1&a=0",
    ):
        theirs = OAuthClient(*keys, nonce="n0", timestamp="1790000000").sign(url, "GET")[1]["Authorization"]
        ours = sign("get", url, *keys, nonce="n0", at=1_790_000_000)

        assert sorted(ours.removeprefix("OAuth ").split(", ")) == sorted(theirs.removeprefix("OAuth ").split(", "))


async def test_an_account_whose_keys_are_somebody_elses_is_broken(rig: Rig) -> None:
    stranger = build(rig.account(user_id="77"))

    with pytest.raises(AccountBroken, match="user_id"):
        await stranger.open()
    await stranger.close()


async def test_missing_keys_are_named_before_the_network() -> None:
    with pytest.raises(AccountBroken, match="CONSUMER_KEY"):
        await build(Account("x", Rig().account().channel, {"base_url": "http://127.0.0.1:1"})).open()


def an_oauth2_account(rig: Rig, file: Path | None = None, access: str = "lama") -> Account:
    secrets = {"ACCESS_TOKEN": access, "REFRESH_TOKEN": "segar"}
    options = {**rig.account().options, "client_id": "aplikasi", "user_id": rig.toy.own}
    options |= {"token_file": str(file)} if file else {}
    return Account("x", rig.account().channel, options, {key: Secret(one) for key, one in secrets.items()})


async def test_a_token_that_ran_out_is_renewed_and_the_new_pair_outlives_us(rig: Rig, tmp_path: Path) -> None:
    rig.toy.bearers["berlaku"] = "segar"
    file = tmp_path / "token"
    first = build(an_oauth2_account(rig, file))
    await first.open()
    await first.close()
    again = build(an_oauth2_account(rig, file))
    await again.open()
    await again.close()

    assert len(asked(rig.toy, "refresh")) == 1
    assert json.loads(file.read_text())["access_token"] in rig.toy.bearers
    assert file.stat().st_mode & 0o077 == 0


async def test_many_calls_that_find_the_token_stale_renew_it_once(rig: Rig) -> None:
    rig.toy.bearers["berlaku"] = "segar"
    made = build(an_oauth2_account(rig))
    await asyncio.gather(*(made.probe() for _ in range(8)))
    await made.close()

    assert len(asked(rig.toy, "refresh")) == 1


async def test_a_renewal_that_x_refuses_is_the_administrators(rig: Rig) -> None:
    made = build(an_oauth2_account(rig))

    with pytest.raises(AccountBroken, match="REFRESH_TOKEN"):
        await made.open()
    await made.close()


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


# ---- the budget


async def test_once_the_budget_is_spent_nothing_is_asked_and_words_say_so(rig: Rig) -> None:
    x = build(rig.account(monthly_budget_idr=1))
    assert isinstance(x, PolledX)
    rig.toy.citizen("Siti").messages("halo")
    _, cursor = await read(x)
    calls = len(rig.toy.calls)

    with pytest.raises(TryLater, match="Anggaran X bulan ini habis") as raised:
        await x.poll(cursor)

    assert raised.value.after is not None
    assert raised.value.after > timedelta(0)
    assert len(rig.toy.calls) == calls
    await x.close()


async def test_the_meter_survives_a_restart(rig: Rig, x: PolledX) -> None:
    rig.toy.citizen("Siti").messages("halo")
    _, cursor = await read(x)
    spent = Cursor.load(cursor).meter.spent
    reborn = build(rig.account())
    assert isinstance(reborn, PolledX)
    rig.toy.citizen("Siti").messages("lagi")
    _, later = await read(reborn, cursor)
    await reborn.close()

    assert spent > 0
    assert Cursor.load(later).meter.spent > spent


async def test_what_was_read_today_is_not_paid_for_again(rig: Rig, x: PolledX) -> None:
    rig.toy.citizen("Siti").messages("halo")
    _, first = await read(x)
    _, second = await read(x, first)

    assert Cursor.load(second).meter.spent == Cursor.load(first).meter.spent


async def test_answers_cost_what_they_hold(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    post = siti.mentions("lampu mati")
    siti.messages("halo")
    _, cursor = await read(x)
    before = Cursor.load(cursor).meter.spent
    await x.send(a_reply(post))
    await x.send(a_reply(post, "Baca https://contoh.go.id"))
    await x.send(Outgoing(key="k", address=address_of(siti), text="Baik."))
    _, unsaved = await read(x, cursor)
    _, saved = await read(x, cursor)
    _, later = await read(x, saved)

    writes, echo = POST_WRITE + POST_WRITE_WITH_LINK + DM_WRITE, 10_000  # the poll reads our own message, too
    name = 10_000  # and our own name beside it
    assert Cursor.load(unsaved).meter.spent == before + writes + echo + name
    assert Cursor.load(saved).meter.spent == Cursor.load(later).meter.spent == Cursor.load(unsaved).meter.spent


def test_a_new_month_opens_the_budget_again() -> None:
    spent = Meter(month="2026-11", spent=9, day="2026-11-15", paid=("d1",))

    assert spent.at(NOW) == Meter("2026-11", 9, "2026-11-16", ())
    assert spent.at(NOW + timedelta(days=20)).spent == 0


def test_polling_slows_down_as_the_money_runs_ahead_of_the_month() -> None:
    usual, budget = timedelta(seconds=75), Budget(rupiah=17_500, idr_per_usd=17_500)

    assert budget.pace(usual, Meter(spent=400_000), NOW) == usual
    assert budget.pace(usual, Meter(spent=750_000), NOW) == usual * 2
    assert budget.pace(usual, Meter(spent=999_999), NOW) == timedelta(minutes=30)
    assert Budget().pace(usual, Meter(spent=10**12), NOW) == usual


@pytest.mark.parametrize("text", ["", "{", "[]", '{"meter": 5, "mentions": {"known": "x"}}', '{"meter":{"spent":-5}}'])
def test_a_cursor_of_nonsense_is_a_fresh_start(text: str) -> None:
    held = Cursor.load(text)

    assert (held.mentions.known, held.meter.spent) == (None, 0)
    assert Cursor.load(held.dump()) == held


# ---- answering


async def test_a_public_answer_stands_under_the_citizens_post(rig: Rig, x: PolledX) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")

    await x.send(a_reply(post, "@siti_1 Baik, kami periksa."))

    assert asked(rig.toy, "tweets")[0]["reply"] == {"in_reply_to_tweet_id": post["id"]}
    assert rig.said() == ["@siti_1 Baik, kami periksa."]


async def test_a_post_that_weighs_too_much_never_leaves(rig: Rig, x: PolledX) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")

    with pytest.raises(TooLong):
        await x.send(a_reply(post, "日" * 141))
    await x.send(a_reply(post, "日" * 140))

    assert len(asked(rig.toy, "tweets")) == 1


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("unmentioned", Refused, "menyebut"),
        ("duplicate", Refused, "Ubah sedikit"),
        ("blocked", Refused, "tidak menerima pesan langsung"),
        ("credits", AccountBroken, "Kredit X habis"),
        ("cap", AccountBroken, "Kredit X habis"),
        ("permissions", AccountBroken, "Izin aplikasi X"),
        ("unauthorized", AccountBroken, "menolak kunci"),
    ],
)
async def test_a_refusal_says_who_can_mend_it(rig: Rig, x: PolledX, kind: str, error: Any, words: str) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    rig.toy.fail(kind)

    with pytest.raises(error, match=words) as raised:
        await x.send(a_reply(post))

    assert isinstance(raised.value.__cause__, tweepy.HTTPException)
    assert rig.said() == []


async def test_credits_that_ran_out_stop_the_reading_too(rig: Rig, x: PolledX) -> None:
    rig.toy.fail("credits")

    with pytest.raises(AccountBroken, match="Kredit X habis"):
        await x.poll(None)


async def test_the_same_words_twice_under_one_post_are_refused_in_words(rig: Rig, x: PolledX) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    await x.send(a_reply(post))

    with pytest.raises(Refused, match="Ubah sedikit"):
        await x.send(a_reply(post))


async def test_an_answer_reaches_the_citizen_of_an_encrypted_thread(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    thread = Address(f"{siti.id}:{rig.toy.own}", Surface.DIRECT, siti.id)

    await x.send(Outgoing(key="k", address=thread, text="Kami membaca di pesan biasa."))

    assert rig.said() == ["Kami membaca di pesan biasa."]


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
