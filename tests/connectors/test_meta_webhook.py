"""Webhooks of Facebook Pages and Instagram accounts become events: every item of every array, whatever stands beside it."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors import facebook, instagram
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.message import Delivery, Event, EventType
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw
from tests.connectors.rig import recordings

PAGE, CITIZEN, AT = "1000000000000002", "6100000000000001", 1795327500
POST = f"{PAGE}_700100"
READ = {
    Channel.FACEBOOK: facebook.build(Account("fb", Channel.FACEBOOK, {"page_id": PAGE})),
    Channel.INSTAGRAM: instagram.build(Account("ig", Channel.INSTAGRAM, {"page_id": PAGE})),
}
BOTH = pytest.mark.parametrize("channel", sorted(READ))
TAPES = [tape for channel in READ for tape in recordings(channel)]


def a_message(number: int, **more: Any) -> dict[str, Any]:
    said = {"mid": f"m_{number}", "text": f"pesan {number}", **more}
    parties = {"sender": {"id": CITIZEN}, "recipient": {"id": PAGE}}
    return {**parties, "timestamp": AT * 1000 + number, "message": said}


def an_item(**held: Any) -> dict[str, Any]:
    return {"sender": {"id": CITIZEN}, "recipient": {"id": PAGE}, "timestamp": AT * 1000, **held}


def a_comment(number: int, **more: Any) -> dict[str, Any]:
    value = {"item": "comment", "verb": "add", "comment_id": f"700100_{number}", "post_id": POST, "parent_id": POST}
    said = {"from": {"id": CITIZEN, "name": "Sari"}, "message": f"komentar {number}", "created_time": AT}
    return {"field": "feed", "value": {**value, **said, **more}}


def a_webhook(*items: object, key: str = "messaging") -> dict[str, Any]:
    return {"object": "page", "entry": [{"id": PAGE, "time": AT * 1000, key: list(items)}]}


def read(payload: object, channel: Channel = Channel.FACEBOOK) -> tuple[Event, ...]:
    return READ[channel].parse(Raw(json.dumps(payload).encode()))


def one(item: object, channel: Channel = Channel.FACEBOOK, key: str = "messaging") -> Event:
    (event,) = read(a_webhook(item, key=key), channel)
    return event


def changed(**more: Any) -> Event:
    return one(a_comment(1, **more), key="changes")


# ---- batches


BROKEN: list[object] = [
    None, 7, "teks", [], {}, {"id": "x"}, a_message(22, text=7), a_message(22, mid=None), an_item(message=None),
    an_item(message="teks"), an_item(reaction={"emoji": "x"}), an_item(read={}), an_item(), an_item(postback={}),
    an_item(delivery={"mids": [None]}), an_item(message_edit={"text": "x"}), {"message": {"mid": "m", "text": "x"}},
    a_message(22, attachments="x", text=None),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_one_broken_item_costs_only_itself(channel: Channel, broken: object) -> None:
    """3 entries × 3 arrays × 5 items, the 23rd of which is broken."""
    numbers = iter(range(45))
    fives = [[broken if n == 22 else a_message(n) for n in [next(numbers) for _ in range(5)]] for _ in range(9)]
    # The third array of an entry is a change's: Meta's test button sends direct messages so, with a list for its value.
    entries = [
        {"id": PAGE, "messaging": fives[at], "standby": fives[at + 1], "changes": [{"field": "messages", "value": fives[at + 2]}]}
        for at in (0, 3, 6)
    ]  # fmt: skip

    found = read({"object": "page", "entry": entries}, channel)

    assert len(found) == 45
    assert [event.problem is not None for event in found].count(True) == 1
    assert found[22].problem
    assert [event.text for event in found if event.problem is None] == [f"pesan {n}" for n in range(45) if n != 22]
    assert len({event.external_id for event in found}) == 45


def test_a_broken_comment_costs_only_itself() -> None:
    broken = [a_comment(2, comment_id=None), a_comment(3, message=["x"]), {"field": "feed"}, None, "x"]

    found = read(a_webhook(a_comment(1), *broken, a_comment(4), key="changes"))

    assert [event.text for event in found if event.problem is None] == ["komentar 1", "komentar 4"]
    assert len([event for event in found if event.problem]) == 5


def test_everything_in_one_entry_is_read() -> None:
    entry = {"id": PAGE, "time": AT, "messaging": [a_message(1)], "standby": [a_message(2)], "changes": [a_comment(3)]}

    found = read({"object": "page", "entry": [entry, {**entry, "messaging": [], "standby": None, "changes": []}]})

    assert [event.text for event in found] == ["pesan 1", "pesan 2", "komentar 3"]
    assert [event.extra.get("standby") for event in found] == [None, "yes", None]


@BOTH
@pytest.mark.parametrize(
    "wrapped",
    [
        a_message(1),
        [a_message(1)],
        {"id": PAGE, "messaging": [a_message(1)]},
        {"messaging": a_message(1)},
        {"field": "messages", "value": a_message(1)},
        a_webhook({"field": "messages", "value": a_message(1)}, key="changes"),
        {"body": a_webhook(a_message(1))},
        [{"json": {"body": json.dumps(a_webhook(a_message(1)))}}],
        {"object": "page", "entry": {"id": PAGE, "messaging": [a_message(1)]}},
    ],
    ids=range(9),
)
def test_what_archives_make_of_a_webhook_is_read_all_the_same(channel: Channel, wrapped: object) -> None:
    assert [event.text for event in read(wrapped, channel)] == ["pesan 1"]


def test_a_page_of_the_same_app_that_is_not_ours_says_so() -> None:
    (event,) = read({"object": "page", "entry": [{"id": "42", "messaging": [a_message(1)]}]})

    assert event.extra["page"] == "42"


# ---- direct messages


@pytest.mark.parametrize("stamp", [AT * 1000, str(AT * 1000), AT, str(AT)], ids=range(4))
def test_times_are_read_in_milliseconds_and_in_seconds(stamp: object) -> None:
    assert one({**a_message(1), "timestamp": stamp}).sent_at == datetime.fromtimestamp(AT, UTC)


def test_a_time_in_words_of_the_graph_is_read() -> None:
    assert changed(created_time="2026-11-22T13:05:00+0700").sent_at == datetime(2026, 11, 22, 6, 5, tzinfo=UTC)


def test_a_like_of_the_page_itself_is_news() -> None:
    value = {"item": "like", "verb": "add", "from": {"id": CITIZEN}, "created_time": AT}

    assert one({"field": "feed", "value": value}, key="changes").type is EventType.NOTICE


@pytest.mark.parametrize("stamp", [None, "kemarin", -1, True, 10**30, {}, "²"], ids=range(7))
def test_a_nonsense_time_leaves_the_envelopes(stamp: object) -> None:
    assert one({**a_message(1), "timestamp": stamp}).sent_at == datetime.fromtimestamp(AT, UTC)


@BOTH
def test_our_own_words_are_an_echo_in_the_citizens_thread(channel: Channel) -> None:
    ours = {**a_message(1), "sender": {"id": PAGE}, "recipient": {"id": CITIZEN}}
    marked = {**a_message(2, is_echo=True, metadata="kunci-7"), "sender": {"id": "lain"}, "recipient": {"id": CITIZEN}}

    for item in (ours, marked):
        event = one(item, channel)
        assert (event.type, event.conversation) == (EventType.ECHO, CITIZEN)
    assert one(marked, channel).extra["key"] == "kunci-7"


def test_a_link_that_a_citizen_shares_is_shown_and_never_fetched() -> None:
    shared = {"type": "fallback", "title": "Berita", "payload": {"url": "http://169.254.169.254/token"}}

    event = one(a_message(1, text=None, attachments=[shared]))

    assert event.text == "Berita\nhttp://169.254.169.254/token"
    assert event.attachments == ()


def test_a_sticker_that_comes_twice_is_one_file() -> None:
    payload = {"url": "https://scontent.example.fbcdn.net/s.png", "sticker_id": 11}
    attachments = [{"type": "sticker", "payload": payload}, {"type": "image", "payload": payload}]

    event = one(a_message(1, text=None, attachments=attachments))

    assert len(event.attachments) == 1
    assert event.extra["sticker"] == "11"


@BOTH
def test_a_receipt_for_each_message_that_is_named(channel: Channel) -> None:
    found = read(a_webhook(an_item(delivery={"mids": ["m_1", "m_2"], "watermark": AT * 1000})), channel)

    assert [(event.target, event.status) for event in found] == [
        ("m_1", Delivery.DELIVERED),
        ("m_2", Delivery.DELIVERED),
    ]


@BOTH
def test_a_watermark_without_names_is_one_receipt_of_the_thread(channel: Channel) -> None:
    event = one(an_item(read={"watermark": AT * 1000}), channel)

    assert (event.type, event.status, event.target) == (EventType.RECEIPT, Delivery.READ, None)
    assert event.extra["watermark"] == "2026-11-22T06:05:00Z"


@BOTH
def test_an_edit_without_its_new_words_wipes_nothing(channel: Channel) -> None:
    assert one(an_item(message_edit={"mid": "m_1", "text": None, "num_edit": 1}), channel).type is EventType.NOTICE
    edited = one(an_item(message_edit={"mid": "m_1", "text": "baru", "num_edit": 1}), channel)
    assert (edited.type, edited.target, edited.text) == (EventType.EDITED, "m_1", "baru")


@BOTH
def test_an_unknown_kind_is_kept_in_its_thread(channel: Channel) -> None:
    event = one(an_item(hologram={"tinggi": 3}), channel)

    assert (event.type, event.conversation, event.author.id) == (EventType.UNKNOWN, CITIZEN, CITIZEN)
    assert event.problem is None
    assert "tinggi" in event.text


def test_two_times_the_same_button_are_two_events() -> None:
    button = {"title": "Mulai", "payload": "GET_STARTED"}
    first, second = an_item(postback=button), {**an_item(postback=button), "timestamp": AT * 1000 + 1}

    found = read(a_webhook(first, second, first))

    assert [event.text for event in found] == ["Mulai\nGET_STARTED"] * 3
    assert len({event.external_id for event in found}) == 2


# ---- under posts


def test_a_comment_is_public_and_lies_under_its_post() -> None:
    event = changed()

    assert (event.type, event.surface, event.conversation) == (EventType.INCOMING, Surface.PUBLIC, POST)
    assert (event.author.id, event.author.name, event.reply_to) == (CITIZEN, "Sari", None)
    assert changed(parent_id="700100_9").reply_to == "700100_9"


def test_what_the_page_itself_says_is_no_citizens_word() -> None:
    assert changed(**{"from": {"id": PAGE, "name": "Humas"}}).type is EventType.ECHO
    assert changed(item="status", **{"from": {"id": PAGE}}).type is EventType.ECHO
    assert changed(item="status").type is EventType.INCOMING


def test_a_comment_without_a_name_is_still_somebodys() -> None:
    event = changed(**{"from": None})

    assert event.type is EventType.INCOMING
    assert event.author.id == "komentar:700100_1"


@pytest.mark.parametrize(
    ("verb", "type"),
    [("add", EventType.INCOMING), ("edited", EventType.EDITED), ("remove", EventType.WITHDRAWN),
     ("hide", EventType.NOTICE), ("unhide", EventType.NOTICE), ("memutar", EventType.NOTICE)],
)  # fmt: skip
def test_what_happens_to_a_comment_names_the_comment(verb: str, type: EventType) -> None:
    event = changed(verb=verb)

    assert event.type is type
    assert event.target == (None if verb == "add" else "700100_1")
    assert event.external_id == "700100_1" or event.external_id.startswith(f"700100_1#{type}#")


def test_two_edits_of_a_comment_are_two_events() -> None:
    found = read(
        a_webhook(*(a_comment(1, verb="edited", message=text) for text in ("satu", "dua", "dua")), key="changes")
    )

    assert len({event.external_id for event in found}) == 2


@pytest.mark.parametrize(("named", "emoji"), [("like", "👍"), ("care", "🤗"), ("angry", "😡"), ("baru", "baru")])
def test_a_reaction_shows_its_emoji_and_is_taken_back_empty(named: str, emoji: str) -> None:
    put = changed(item="reaction", reaction_type=named)
    gone = changed(item="reaction", reaction_type=named, verb="remove")

    assert (put.type, put.target, put.text) == (EventType.REACTION, "700100_1", emoji)
    assert (gone.type, gone.text) == (EventType.REACTION, "")
    assert put.external_id != gone.external_id


def test_a_visitors_link_is_words_and_a_visitors_photo_is_a_file() -> None:
    photo, link = "https://scontent.example.fbcdn.net/a.jpg", "http://10.0.0.1/rahasia"

    assert [file.url for file in changed(item="photo", link=photo).attachments] == [photo]
    shared = changed(item="share", link=link)
    assert (shared.attachments, link in shared.text) == ((), True)


def test_an_instagram_mention_does_not_stand_in_for_the_comment() -> None:
    comment = {"id": "17", "text": "@humas tolong", "from": {"id": CITIZEN, "username": "sari"}, "media": {"id": "18"}}
    mention = {"comment_id": "17", "media_id": "18"}
    told = [{"field": "mentions", "value": mention}, {"field": "comments", "value": comment}]

    found = read(a_webhook(*told, key="changes"), Channel.INSTAGRAM)

    assert [event.type for event in found] == [EventType.INCOMING, EventType.INCOMING]
    assert len({event.external_id for event in found}) == 2
    assert found[1].author.handle == "sari"


def test_our_own_instagram_comment_is_an_echo() -> None:
    base = {"id": "17", "text": "Baik.", "media": {"id": "18"}}
    for author in ({"id": PAGE}, {"id": "9", "self_ig_scoped_id": "5"}):
        event = one({"field": "comments", "value": {**base, "from": author}}, Channel.INSTAGRAM, key="changes")
        assert event.type is EventType.ECHO


# ---- whatever comes

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["\ud800", "\0", CITIZEN, PAGE, "add"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def _places(thing: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    return [path] + [place for key, value in inner for place in _places(value, (*path, key))]


@given(st.data())
def test_no_payload_with_anything_anywhere_is_an_exception(data: st.DataObject) -> None:
    tape = data.draw(st.sampled_from(TAPES))
    payload = json.loads(tape.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from([one for one in _places(payload) if one]))
        holder = payload
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = copy.deepcopy(data.draw(JUNK))
    body = json.dumps(payload).encode()

    for connector in READ.values():
        found = connector.parse(Raw(body))
        assert [event.external_id for event in found] == [event.external_id for event in connector.parse(Raw(body))]
        for event in found:
            json.dumps(event.as_json(), ensure_ascii=False).encode()
            assert event.external_id
            assert event.sent_at is None or event.sent_at.tzinfo is UTC
