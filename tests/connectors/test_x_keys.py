"""Who we are to X: signatures, tokens that run out, keys of somebody else."""

import asyncio
import json
from pathlib import Path

import pytest
from tweepy.asynchronous.client import OAuthClient

from omnichannel.connectors.x import build
from omnichannel.connectors.x.keys import sign
from omnichannel.domain.errors import AccountBroken
from omnichannel.domain.office import Account
from tests.connectors.rigs.x import Rig
from tests.connectors.x_bench import an_oauth2_account, asked, rig, x

__all__ = ["rig", "x"]


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
