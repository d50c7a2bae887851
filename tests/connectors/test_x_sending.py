"""Answering on X, with pictures and films, and whom X refuses."""

from typing import Any

import pytest
import tweepy

from omnichannel.connectors.x import PolledX
from omnichannel.domain.channel import Address, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TooLong
from omnichannel.domain.message import Outgoing
from tests.connectors.rigs.x import Rig
from tests.connectors.x_bench import a_reply, asked, rig, x

__all__ = ["rig", "x"]


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


# ---- in private


async def test_the_author_of_a_post_is_answered_directly(rig: Rig, x: PolledX) -> None:
    siti = rig.toy.citizen("Siti")
    post = siti.mentions("lampu mati")

    sent = await x.answer_privately(post["id"], "Boleh minta alamat?", key="k", author=post["author_id"])

    assert sent.thread == siti.thread
    assert rig.said() == ["Boleh minta alamat?"]


@pytest.mark.parametrize("author", ["", "siti", "../me", "1" * 30])
async def test_nobody_is_written_to_by_a_name_that_is_none(rig: Rig, x: PolledX, author: str) -> None:
    with pytest.raises(Refused):
        await x.answer_privately("1", "Halo", key="k", author=author)
    with pytest.raises(TooLong):
        await x.answer_privately("1", "x" * 10_001, key="k", author="15")

    assert rig.toy.calls == []
