"""What X's JSON means, shape by shape, and that no shape of it is an exception."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.connectors.x.payload import events
from omnichannel.connectors.x.weight import has_link, weight
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Event, EventType
from tests.connectors.rig import RECORDINGS

OWN, WARGA, OTHER = "1500000000000000001", "1600000000000000011", "1600000000000000012"


def read(thing: Any, own: str | None = OWN) -> list[Event]:
    return list(events(json.dumps(thing).encode(), own))


def a_post(number: str = "1990000000000000001", **fields: Any) -> dict[str, Any]:
    return {"id": number, "text": "@humas lampu mati", "author_id": WARGA, **fields}


def a_message(sender: str = WARGA, **fields: Any) -> dict[str, Any]:
    thread = f"{OWN}-{sender if sender != OWN else WARGA}"
    return {"id": "5", "event_type": "MessageCreate", "text": "halo", "sender_id": sender, "dm_conversation_id": thread} | fields  # fmt: skip


def an_old_message(sender: str = WARGA, recipient: str = OWN, **said: Any) -> dict[str, Any]:
    made = {"target": {"recipient_id": recipient}, "sender_id": sender, "message_data": {"text": "halo", **said}}
    return {"type": "message_create", "id": "7", "created_timestamp": "1795152000123", "message_create": made}


# ---- posts


def test_the_same_post_is_read_from_every_wrapping() -> None:
    for thing in (a_post(), {"data": a_post()}, {"data": [a_post()]}, [{"data": a_post()}], [a_post()]):
        (event,) = read(thing)

        assert (event.type, event.external_id, event.text) == (
            EventType.INCOMING,
            "1990000000000000001",
            "@humas lampu mati",
        )
        assert (event.surface, event.author.id) == (Surface.PUBLIC, WARGA)


def test_a_big_number_keeps_its_last_digits() -> None:
    (event,) = read({"id": 1990000000000000100, "id_str": "1990000000000000123", "text": "x", "user": {"id_str": "9"}})

    assert event.external_id == "1990000000000000123"
    assert read({"id": 1990000000000000123, "text": "x", "author_id": 8})[0].external_id == "1990000000000000123"


def test_both_ways_of_writing_a_time_are_the_same_moment() -> None:
    new, old = "2026-11-20T02:15:30.000Z", "Fri Nov 20 09:15:30 +0700 2026"

    assert {read(a_post(created_at=said))[0].sent_at for said in (new, old)} == {
        datetime(2026, 11, 20, 2, 15, 30, tzinfo=UTC)
    }
    for nonsense in ("kemarin", "", 7.5, None, "Fri Nov 99 09:15:30 +0700 2026", "9" * 30):
        assert read(a_post(created_at=nonsense))[0].text


def test_escaped_letters_are_unescaped_once() -> None:
    assert read(a_post(text="A &amp; B &lt;3 &amp;lt;"))[0].text == "A & B <3 &lt;"


def test_a_long_post_is_read_whole() -> None:
    long = "x" * 900
    assert read(a_post(text="x…", note_tweet={"text": long}))[0].text == long
    assert read(a_post(text="x…", extended_tweet={"full_text": long}))[0].text == long
    assert read({"id_str": "1", "full_text": long, "user": {"id_str": "9"}})[0].text == long


def test_an_answer_names_what_it_answers_and_stays_in_its_thread() -> None:
    referred = [{"type": "replied_to", "id": "11"}]
    (new,) = read(a_post(referenced_tweets=referred, conversation_id="10"))
    (old,) = read(a_post(in_reply_to_status_id_str="11"))

    assert (new.reply_to, new.conversation) == ("11", "10")
    assert (old.reply_to, old.conversation) == ("11", "11")


def test_a_new_version_is_an_edit_of_the_first() -> None:
    (event,) = read(a_post("13", edit_history_tweet_ids=["11", "12", "13"], created_at="2026-11-20T02:15:30Z"))

    assert (event.type, event.target) == (EventType.EDITED, "11")
    assert event.external_id == "11#edited#2026-11-20T02:15:30Z"
    assert read(a_post("11", edit_history_tweet_ids=["11"]))[0].type is EventType.INCOMING


def test_what_somebody_passes_on_is_not_their_own_words() -> None:
    (event,) = read(a_post("13", referenced_tweets=[{"type": "retweeted", "id": "9"}]))

    assert (event.type, event.target) == (EventType.NOTICE, "9")


# ---- whose words they are


def test_our_own_posts_and_messages_are_echoes() -> None:
    assert read(a_post(author_id=OWN))[0].type is EventType.ECHO
    assert read(a_message(OWN))[0].type is EventType.ECHO
    assert read({"direct_message_events": [an_old_message(OWN, WARGA)]})[0].type is EventType.ECHO


def test_without_a_configuration_the_webhook_says_who_we_are() -> None:
    told = {"for_user_id": OWN, "tweet_create_events": [{"id_str": "1", "text": "x", "user": {"id_str": OWN}}]}
    assert read(told, own=None)[0].type is EventType.ECHO
    streamed = {"data": {"event_uuid": "1", "filter": {"user_id": OWN}, "event_type": "post.create", "payload": a_post(author_id=OWN)}}  # fmt: skip
    assert read(streamed, own=None)[0].type is EventType.ECHO


def test_whoever_is_in_every_conversation_is_us() -> None:
    said = [a_message(), a_message(OTHER, id="6"), a_message(OWN, id="8")]

    assert [one.type for one in read({"data": said}, own=None)] == [
        EventType.INCOMING,
        EventType.INCOMING,
        EventType.ECHO,
    ]
    assert read({"data": said[:1]}, own=None)[0].type is EventType.INCOMING


# ---- messages


def test_both_versions_of_a_message_are_one_conversation() -> None:
    (new,) = read(a_message())
    (old,) = read({"for_user_id": OWN, "direct_message_events": [an_old_message()]})

    assert new.conversation == old.conversation == f"{OWN}-{WARGA}"
    assert old.sent_at == datetime(2026, 11, 20, 5, 20, 0, 123000, tzinfo=UTC)
    assert new.surface is old.surface is Surface.DIRECT


def test_a_shorter_number_is_the_smaller_one() -> None:
    (event,) = read({"direct_message_events": [an_old_message("99", "1500")]}, own="1500")

    assert event.conversation == "99-1500"


def test_an_encrypted_message_is_shown_as_one() -> None:
    (event,) = read({"data": {"event_uuid": "1", "event_type": "chat.received", "payload": {"id": "a", "sender_id": WARGA, "conversation_id": "b:c"}}})  # fmt: skip

    assert event.type is EventType.UNKNOWN
    assert "tidak dapat dibaca di sini" in event.text
    assert event.problem is None


def test_a_message_with_several_in_it_gives_all_of_them() -> None:
    payload = {"direct_message_events": [an_old_message(), {**an_old_message(), "id": "8"}], "users": {}}
    found = read({"data": {"event_uuid": "1", "event_type": "dm.received", "payload": payload}})

    assert [one.external_id for one in found] == ["7", "8"]


@pytest.mark.parametrize("kind", ["telepathy_events", "grok_reply_events"])
def test_an_array_of_the_future_is_kept(kind: str) -> None:
    (event,) = read({"for_user_id": OWN, kind: [{"id": "1", "thought": "apa"}]})

    assert event.type is EventType.UNKNOWN
    assert "apa" in event.text


# ---- no shape is an exception

TAPES = [one for one in (RECORDINGS / "x").glob("*.json") if not one.name.endswith(".events.json")]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(thing: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = thing.items() if isinstance(thing, dict) else enumerate(thing) if isinstance(thing, list) else ()
    return [path, *(one for key, value in inside for one in places(value, (*path, key)))]


def with_at(thing: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(thing) if isinstance(thing, dict) else list(thing)
    copy[path[0]] = with_at(copy[path[0]], path[1:], value)
    return copy


@given(data=st.data())
def test_any_value_in_any_place_costs_its_item_alone(data: st.DataObject) -> None:
    whole = json.loads(data.draw(st.sampled_from(TAPES)).read_bytes())
    path = data.draw(st.sampled_from(places(whole)))
    bent = with_at(whole, path, data.draw(ANYTHING))

    for event in events(json.dumps(bent).encode(), OWN):
        assert event.external_id
        assert event.sent_at is None or event.sent_at.tzinfo is UTC
        json.dumps(event.as_json()).encode()


@given(thing=ANYTHING)
def test_any_json_at_all_is_events(thing: Any) -> None:
    for event in events(json.dumps(thing).encode(), OWN):
        assert event.external_id


# ---- X's own measure


@pytest.mark.parametrize(
    ("text", "heavy"),
    [
        ("halo", 4),
        ("é" * 10, 10),
        ("e\u0301", 1),
        ("日本", 4),
        ("lihat https://kutaitimurkab.go.id/pengumuman/2026/panjang/sekali?x=1", 6 + 23),
        ("lihat kutaitimurkab.go.id ya", 6 + 23 + 3),
        ("selesai.Terima kasih", 20),
        ("surat@contoh.go.id", 18),
        ("👍", 2),
        ("👨\u200d👩\u200d👧", 2),
        ("👍🏽", 2),
        ("🇮🇩", 2),
        ("❤️", 2),
    ],
)
def test_a_post_weighs_what_x_says(text: str, heavy: int) -> None:
    assert weight(text) == heavy


def test_a_link_makes_a_post_dearer() -> None:
    assert has_link("baca https://contoh.go.id")
    assert has_link("baca contoh.go.id.")
    assert not has_link("pukul 10.30, Rp10.000,00. Selesai.")
