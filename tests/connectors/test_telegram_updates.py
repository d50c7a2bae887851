"""What Telegram's updates mean, kind by kind, and that no shape of them is an exception."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.telegram import build
from omnichannel.connectors.telegram.updates import events
from omnichannel.domain.channel import Channel, Surface
from omnichannel.domain.message import Auto, Event, EventType
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw

OWN = 4242


def read(kind: str, item: object, own: int | None = OWN) -> Event:
    found = events(json.dumps({"update_id": 1, kind: item}).encode(), own)
    assert len(found) == 1
    return found[0]


CITIZEN = {"id": 7, "is_bot": False, "first_name": "Warga", "last_name": "A", "username": "warga_a"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Warga"}
GROUP = {"id": -1007, "type": "supergroup", "title": "RT 07"}
CHANNEL = {"id": -1009, "type": "channel", "title": "Humas"}


def a_message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1_790_000_000, "chat": PRIVATE, "from": CITIZEN, **fields}


def test_whose_words_they_are() -> None:
    bot_user = {"id": OWN, "is_bot": True, "first_name": "Humas"}
    other_bot = {"id": 99, "is_bot": True, "first_name": "Gim"}
    assert read("message", a_message(**{"from": bot_user}, text="x")).type is EventType.ECHO
    assert read("message", a_message(**{"from": bot_user}, text="x"), own=None).type is EventType.ECHO
    assert read("message", a_message(via_bot=bot_user, text="x")).type is EventType.ECHO
    assert read("message", a_message(via_bot=other_bot, text="x")).type is EventType.INCOMING
    assert read("message", a_message(**{"from": other_bot}, chat=GROUP, text="x")).auto is Auto.AUTO_REPLY
    assert read("channel_post", {"message_id": 9, "date": 1, "chat": CHANNEL, "text": "x"}).type is EventType.ECHO
    forwarded = a_message(chat=GROUP, sender_chat=CHANNEL, is_automatic_forward=True, text="x")
    assert read("message", forwarded).type is EventType.ECHO
    in_our_name = a_message(chat=GROUP, sender_chat=GROUP, text="x")
    assert read("message", in_our_name).author.name == "RT 07"
    owner = {"id": 1, "is_bot": False, "first_name": "Kepala"}
    assert (
        read("business_message", a_message(business_connection_id="b", **{"from": owner}, text="x")).type
        is EventType.ECHO
    )
    theirs = read("business_message", a_message(business_connection_id="b", text="x"))
    assert (theirs.type, theirs.conversation) == (EventType.INCOMING, "7@b")


def test_groups_and_channels_are_public_and_the_rest_is_not() -> None:
    assert read("message", a_message(text="x")).surface is Surface.DIRECT
    assert read("message", a_message(chat=GROUP, text="x")).surface is Surface.PUBLIC
    topic = read("message", a_message(chat=GROUP, is_topic_message=True, message_thread_id=45, text="x"))
    assert (topic.surface, topic.conversation) == (Surface.PUBLIC, "-1007/45")
    monitored = {**GROUP, "is_direct_messages": True}
    direct = read(
        "message", a_message(chat=monitored, direct_messages_topic={"topic_id": 9, "user": CITIZEN}, text="x")
    )
    assert (direct.surface, direct.conversation) == (Surface.DIRECT, "-1007=9")


def test_two_edits_are_two_events() -> None:
    first = read("edited_message", a_message(text="satu", edit_date=1_790_000_100))
    second = read("edited_message", a_message(text="dua", edit_date=1_790_000_200))

    assert first.external_id == "7:5#edited#2026-09-21T14:15:00Z"
    assert second.external_id != first.external_id
    assert (first.type, first.target, first.text) == (EventType.EDITED, "7:5", "satu")
    assert first.sent_at == datetime(2026, 9, 21, 14, 15, tzinfo=UTC)


def test_every_message_that_was_deleted_is_withdrawn() -> None:
    found = events(
        json.dumps(
            {"deleted_business_messages": {"business_connection_id": "b", "chat": PRIVATE, "message_ids": [5, 6]}}
        ).encode(),
        OWN,
    )

    assert [(one.type, one.target) for one in found] == [(EventType.WITHDRAWN, "7:5"), (EventType.WITHDRAWN, "7:6")]
    assert len({one.external_id for one in found}) == 2


FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 3}


@pytest.mark.parametrize(
    ("held", "media_type", "text"),
    [
        ({"photo": [{**FILE, "width": 1, "height": 1}]}, "image/jpeg", ""),
        ({"document": {**FILE, "mime_type": "application/pdf", "file_name": "a.pdf"}}, "application/pdf", ""),
        ({"animation": {**FILE, "mime_type": "video/mp4"}, "document": FILE}, "video/mp4", ""),
        ({"video": FILE}, "video/mp4", ""),
        ({"audio": FILE}, "audio/mpeg", ""),
        ({"voice": {**FILE, "mime_type": "audio/ogg"}}, "audio/ogg", ""),
        ({"video_note": FILE}, "video/mp4", ""),
        ({"sticker": {**FILE, "emoji": "🙏"}}, "image/webp", "🙏"),
        ({"sticker": {**FILE, "is_video": True}}, "video/webm", ""),
        ({"paid_media": {"paid_media": [{"type": "photo", "photo": [FILE]}]}}, "image/jpeg", ""),
    ],
)
def test_every_kind_of_file_is_an_attachment(held: dict[str, Any], media_type: str, text: str) -> None:
    event = read("message", a_message(**held))

    assert event.type is EventType.INCOMING
    assert [one.media_type for one in event.attachments] == [media_type]
    assert (event.attachments[0].id, event.attachments[0].size) == ("f", 3)
    assert event.text == text


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ({"contact": {"phone_number": "+62811", "first_name": "Budi"}}, "Kontak: Budi, +62811"),
        ({"dice": {"emoji": "🎲", "value": 4}}, "🎲 4"),
        ({"venue": {"title": "Pasar", "address": "Jl. A", "location": {"latitude": 0.5, "longitude": 117.5}}}, "Pasar, Jl. A"),
        ({"poll": {"question": "Setuju?", "options": [{"text": "Ya"}, {"text": "Tidak"}]}}, "Setuju?\n• Ya\n• Tidak"),
        ({"checklist": {"title": "Tugas", "tasks": [{"id": 1, "text": "satu"}]}}, "Tugas\n☐ satu"),
        ({"story": {"chat": {"id": 8, "type": "private", "first_name": "Budi"}, "id": 3}}, "[Cerita Telegram dari Budi]"),
        ({"web_app_data": {"data": "isi", "button_text": "Kirim"}}, "isi"),
        ({"gift": {"text": "untuk petugas"}}, "untuk petugas"),
        (
            {"rich_message": {"blocks": [{"type": "paragraph", "text": ["Yth. ", {"type": "bold", "text": "Humas"}]},
                                         {"type": "list", "items": [{"label": "1. ", "blocks": [{"text": "jalan"}]}]}]}},
            "Yth. Humas\n1. \njalan",
        ),
    ],
)  # fmt: skip
def test_what_is_said_without_text_is_put_in_words(held: dict[str, Any], text: str) -> None:
    event = read("message", a_message(**held))

    assert (event.type, event.text) == (EventType.INCOMING, text)


def test_a_place_is_a_place() -> None:
    event = read("message", a_message(location={"latitude": 0.4858, "longitude": 117.5411}))

    assert event.location is not None
    assert (event.location.lat, event.location.lon) == (0.4858, 117.5411)


def test_a_citizens_own_contact_tells_their_number() -> None:
    own = {"phone_number": "081200000000", "first_name": "Warga", "user_id": 7}
    assert read("message", a_message(contact=own)).author.phone == "+6281200000000"
    assert read("message", a_message(contact={**own, "user_id": 8})).author.phone is None


def test_an_answer_names_what_it_answers() -> None:
    before = {"message_id": 3, "date": 1, "chat": PRIVATE, "text": "Di mana lokasinya?"}
    plain = read("message", a_message(text="di Sangatta", reply_to_message=before))
    assert (plain.reply_to, plain.quoted) == ("7:3", "Di mana lokasinya?")
    part = read(
        "message", a_message(text="di sini", reply_to_message=before, quote={"text": "lokasinya", "position": 8})
    )
    assert part.quoted == "lokasinya"
    opener = {"message_id": 45, "date": 1, "chat": GROUP, "forum_topic_created": {"name": "PJU"}}
    topic = read(
        "message", a_message(chat=GROUP, text="x", reply_to_message=opener, message_thread_id=45, is_topic_message=True)
    )
    assert topic.reply_to is None


def test_a_button_pressed_is_a_message() -> None:
    under = {"message_id": 3, "date": 1, "chat": PRIVATE}
    event = read("callback_query", {"id": "77", "from": CITIZEN, "message": under, "data": "setuju"})

    assert (event.type, event.text, event.conversation, event.target) == (EventType.INCOMING, "setuju", "7", "7:3")


@pytest.mark.parametrize("kind", [
    "business_connection", "inline_query", "chosen_inline_result", "shipping_query", "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot",
    "subscription", "stopped_message_generation",
])  # fmt: skip
def test_news_that_is_no_message_is_a_notice(kind: str) -> None:
    event = read(kind, {"id": "x1", "from": CITIZEN, "user": CITIZEN, "chat": PRIVATE, "date": 1_790_000_000})

    assert (event.type, event.problem) == (EventType.NOTICE, None)
    assert event.text


@pytest.mark.parametrize("held", [
    {"new_chat_members": [CITIZEN]}, {"left_chat_member": CITIZEN}, {"migrate_to_chat_id": -1008},
    {"pinned_message": {"message_id": 1}}, {"forum_topic_created": {"name": "x"}}, {"video_chat_started": {}, "new_chat_title": "y"},
])  # fmt: skip
def test_service_messages_are_notices(held: dict[str, Any]) -> None:
    event = read("message", a_message(chat=GROUP, **held))

    assert (event.type, event.external_id) == (EventType.NOTICE, "-1007:5")


def test_an_unknown_content_is_kept_as_it_came() -> None:
    event = read("message", a_message(hologram={"shape": "kubus"}))

    assert (event.type, event.problem, event.external_id) == (EventType.UNKNOWN, None, "7:5")
    assert "kubus" in event.text


def test_an_unknown_update_is_kept_with_whoever_it_names() -> None:
    event = read("telepathy", {"from": CITIZEN, "chat": PRIVATE, "text": "dengar?"})

    assert (event.type, event.problem, event.conversation, event.text) == (EventType.UNKNOWN, None, "7", "dengar?")


def test_a_new_field_beside_a_known_kind_costs_nothing() -> None:
    body = json.dumps({"update_id": 1, "message": a_message(text="x"), "priority": True, "trace": {"a": 1}}).encode()

    assert [one.type for one in events(body, OWN)] == [EventType.INCOMING]


def test_the_whole_answer_of_get_updates_is_read() -> None:
    body = json.dumps({"ok": True, "result": [{"message": a_message(text="x")}, 7, {"update_id": 3}]}).encode()

    found = events(body, OWN)

    assert [one.type for one in found] == [EventType.INCOMING, EventType.UNKNOWN, EventType.UNKNOWN]
    assert len({one.external_id for one in found}) == 3
    assert [bool(one.problem) for one in found] == [False, True, True]


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b"{}", b'{"update_id": 1}', b"[" * 100_000,
    b'{"message": null}', b'{"message": []}', b'{"message": {"message_id": 1}}',
    b'{"message": {"message_id": true, "chat": {"id": 7}}}', b'{"message": {"message_id": "satu", "chat": {"id": 7}}}',
    b'{"message": {"message_id": 1, "chat": {"id": 7}, "text": 5}}', b'{"ok": false, "result": null}',
    b'{"message": {"message_id": 1, "chat": {"id": 7}, "caption": ["a"]}}', b'{"message": ' + b"9" * 5000 + b"}",
])  # fmt: skip
def test_what_cannot_be_read_is_one_unknown_with_its_problem(body: bytes) -> None:
    (event,) = events(body, OWN)

    assert event.type is EventType.UNKNOWN
    assert event.problem
    assert events(body, OWN)[0].external_id == event.external_id


def test_odd_text_survives() -> None:
    half = json.dumps({"message": a_message(text="a\ud83d b\u0000c")}).encode()
    whole = json.dumps({"message": a_message(text="😀", date=1e400)}).encode()
    long = json.dumps({"message": a_message(text="x" * 10_000_000)}).encode()

    assert events(half, OWN)[0].text == "a\ufffd bc"
    assert (events(whole, OWN)[0].text, events(whole, OWN)[0].sent_at) == ("😀", None)
    assert len(events(long, OWN)[0].text) == 10_000_000


def test_parsing_needs_no_credentials() -> None:
    connector = build(Account("parse", Channel.TELEGRAM))

    assert connector.parse(Raw(json.dumps({"message": a_message(text="x")}).encode()))[0].text == "x"


_KEYS = st.sampled_from([
    "message", "edited_message", "business_message", "message_reaction", "callback_query", "my_chat_member", "poll", "chat",
    "from", "id", "type", "message_id", "date", "text", "photo", "file_id", "reply_to_message", "sender_chat", "quote",
    "location", "latitude", "longitude", "contact", "rich_message", "blocks", "old_reaction", "new_reaction", "emoji",
    "user", "message_ids", "new_chat_member", "status", "result", "forward_origin", "data", "edit_date",
])  # fmt: skip
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["private", "channel"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=8),
    max_leaves=30,
)


@given(st.dictionaries(_KEYS, _JSON, min_size=1, max_size=4))
def test_no_shape_of_json_is_an_exception(update: dict[str, Any]) -> None:
    body = json.dumps(update).encode()

    found = events(body, OWN)

    for event in found:
        json.dumps(event.as_json(), ensure_ascii=False).encode()
        assert event.external_id
        assert event.sent_at is None or event.sent_at.tzinfo is UTC
    assert [one.external_id for one in events(body, OWN)] == [one.external_id for one in found]
