"""Addresses of public posts: what they lead to, and what staff copied by hand reads like what the platform would tell."""

import json
from datetime import UTC, datetime

import pytest

from omnichannel.connectors.facebook import FacebookConnector
from omnichannel.connectors.instagram import InstagramConnector
from omnichannel.connectors.x import PolledX
from omnichannel.domain.abilities import Pasting
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.errors import Refused, TryLater
from omnichannel.domain.message import EventType
from omnichannel.domain.ports import Raw
from tests.connectors.rig import build, rig_of
from tests.connectors.rigs.x import Rig
from tests.connectors.x_bench import asked, rig, x

__all__ = ["rig", "x"]

AT = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
NUMBER = "1990000000000000001"


def office(channel: Channel) -> Pasting:
    made = build(rig_of(channel).account(base_url="http://127.0.0.1:9"))
    assert isinstance(made, Pasting)
    return made


@pytest.mark.parametrize(
    ("channel", "url", "id", "thread"),
    [
        (Channel.X, f"https://x.com/siti_1/status/{NUMBER}", NUMBER, NUMBER),
        (Channel.X, f"https://twitter.com/siti_1/status/{NUMBER}?s=20&t=abc#m", NUMBER, NUMBER),
        (Channel.X, f"x.com/i/web/status/{NUMBER}", NUMBER, NUMBER),
        (Channel.X, f"https://mobile.twitter.com/siti_1/statuses/{NUMBER}/photo/1", NUMBER, NUMBER),
        (Channel.FACEBOOK, "https://www.facebook.com/infosangatta/posts/pfbid02AbC", "pfbid02AbC", "pfbid02AbC"),
        (Channel.FACEBOOK, "https://m.facebook.com/story.php?story_fbid=77&id=5", "77", "77"),
        (Channel.FACEBOOK, "https://facebook.com/groups/123/posts/456/", "456", "456"),
        (Channel.FACEBOOK, "https://www.facebook.com/a/posts/9?comment_id=8", "9_8", "9"),
        (Channel.FACEBOOK, "https://www.facebook.com/a/posts/9?comment_id=8&reply_comment_id=7", "9_7", "9"),
        (Channel.FACEBOOK, "https://www.facebook.com/a/videos/judul-panjang/31", "31", "31"),
        (Channel.FACEBOOK, "https://www.facebook.com/photo/?fbid=12&set=a.1", "12", "12"),
        (Channel.INSTAGRAM, "https://www.instagram.com/p/DAbc_-12345/", "ig:DAbc_-12345", "ig:DAbc_-12345"),
        (Channel.INSTAGRAM, "https://instagram.com/siti/reel/DAbc12345/?igsh=x", "ig:DAbc12345", "ig:DAbc12345"),
        (Channel.INSTAGRAM, "https://www.instagram.com/p/DAbc12345/c/178900/", "178900", "ig:DAbc12345"),
    ],
)
def test_an_address_leads_to_one_post(channel: Channel, url: str, id: str, thread: str) -> None:
    found = office(channel).link(url)

    assert found is not None
    assert (found.id, found.thread) == (id, thread)


@pytest.mark.parametrize("channel", [Channel.X, Channel.FACEBOOK, Channel.INSTAGRAM])
@pytest.mark.parametrize(
    "url",
    [
        "", "bukan tautan", "https://", "https://x.com/", "https://x.com/siti_1", "https://x.com/siti/status/abc",
        "https://jahat.example/siti/status/123", "https://x.com.jahat.example/a/status/1", "javascript:alert(1)",
        "ftp://x.com/a/status/1", "https://facebook.com/", "https://instagram.com/siti/", "https://[::1", "//\x00",
        "https://x.com/a/status/" + "9" * 40, "https://facebook.com/a/posts/../../x?comment_id=<script>",
    ],
)  # fmt: skip
def test_what_is_no_post_of_theirs_leads_nowhere(channel: Channel, url: str) -> None:
    found = office(channel).link(url)

    assert found is None or "<" not in found.id


@pytest.mark.parametrize(
    ("channel", "url"),
    [
        (Channel.X, f"https://x.com/i/status/{NUMBER}"),
        (Channel.FACEBOOK, "https://www.facebook.com/a/posts/9?comment_id=8"),
        (Channel.FACEBOOK, "https://www.facebook.com/infosangatta/posts/pfbid02AbC"),
        (Channel.INSTAGRAM, "https://www.instagram.com/p/DAbc12345/"),
    ],
)
@pytest.mark.parametrize("author", ["@Siti_1", "Ibu Siti & <Ani>", "🌾"])
def test_what_was_copied_by_hand_reads_like_any_post(channel: Channel, url: str, author: str) -> None:
    connector = office(channel)
    link = connector.link(url)
    assert link is not None
    text = "Jalan rusak <parah> & gelap &lt; 3 bulan\nTolong 🙏"

    (event,) = build(rig_of(channel).account(base_url="http://127.0.0.1:9")).parse(
        connector.by_hand(link, author, text, AT)
    )

    assert (event.type, event.surface, event.text) == (EventType.INCOMING, Surface.PUBLIC, text)
    assert (event.external_id, event.conversation, event.sent_at) == (link.id, link.thread, AT)
    assert author.removeprefix("@") in (event.author.name, event.author.handle)
    assert event.problem is None


async def test_x_gives_a_post_by_its_address_under_the_same_id(rig: Rig, x: PolledX) -> None:
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    rig.toy.posts[-1]["text"] = "lampu mati, tanpa menyebut siapa pun"
    link = x.link(f"https://x.com/siti/status/{post['id']}")
    assert link is not None

    raw = await x.look_up(link, None)

    assert raw is not None
    (event,) = x.parse(raw)
    assert (event.external_id, event.author.name) == (post["id"], "Siti")
    (by_hand,) = x.parse(x.by_hand(link, "@siti", "lampu mati", AT))
    assert by_hand.external_id == event.external_id


async def test_a_post_that_is_gone_is_refused_in_words(rig: Rig, x: PolledX) -> None:
    link = x.link(f"https://x.com/siti/status/{NUMBER}")
    assert link is not None

    with pytest.raises(Refused, match="tidak menampilkan"):
        await x.look_up(link, None)


async def test_a_look_up_is_paid_for_and_stops_with_the_money(rig: Rig) -> None:
    connector = build(rig.account(monthly_budget_idr=300))
    assert isinstance(connector, PolledX)
    post = rig.toy.citizen("Siti").mentions("lampu mati")
    link = connector.link(f"https://x.com/siti/status/{post['id']}")
    assert link is not None

    await connector.look_up(link, None)
    spent = connector.spending(None, AT).spent
    await connector.look_up(link, None)
    with pytest.raises(TryLater, match="Anggaran"):
        await connector.look_up(link, None)

    assert spent == 262
    assert len(asked(rig.toy, "tweet")) == 2
    assert connector.spending(None, AT).opens is not None
    await connector.close()


def test_meta_gives_no_post_by_its_address() -> None:
    for kind in (FacebookConnector, InstagramConnector):
        assert issubclass(kind, Pasting)


def test_a_payload_by_hand_is_json() -> None:
    connector = office(Channel.X)
    link = connector.link(f"https://x.com/i/status/{NUMBER}")
    assert link is not None
    raw = connector.by_hand(link, "Siti", "\ud83d", AT)

    assert isinstance(raw, Raw)
    assert json.loads(raw.body)["data"]["id"] == NUMBER
