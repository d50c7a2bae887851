"""One public post becomes one event, whether v2 or v1.1 wrote it down."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from omnichannel.connectors.reading import Unreadable, clean, glance, moment, part, parts, things, unix, word
from omnichannel.connectors.x.media import of_entities, of_keys, place
from omnichannel.connectors.x.people import Cast, Item, bare, identity, person
from omnichannel.connectors.x.words import SHARED
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Event, EventType, iso

QUOTED = 1000
WORDS = ("text", "full_text", "note_tweet", "extended_tweet", "author_id", "user", "edit_history_tweet_ids")


def is_post(item: object) -> bool:
    """Whether this looks like a post at all: an id, and something of what only posts have."""
    return isinstance(item, dict) and identity(item) is not None and any(key in item for key in WORDS)


def post(item: Item, cast: Cast) -> Event:
    """A citizen's post, our own, a new version of one, or one that was passed on."""
    number = identity(item)
    if number is None:
        raise Unreadable("id: teks")
    event = _base(item, number, cast)
    passed_on = _referred(item, "retweeted")
    if passed_on is not None:
        return replace(
            event, type=EventType.NOTICE, external_id=f"{passed_on}#notice#retweet:{number}", target=passed_on,
            message_id=None, text=SHARED, attachments=(), quoted=None,
        )  # fmt: skip
    ours = cast.ours(event.author.id or None)
    if ours:
        # What we answer next is the citizen's last post, never our own: only theirs carry the mark that says so.
        event = replace(event, message_id=None)
    versions = _versions(item)
    if len(versions) > 1 and number != versions[0]:
        first = versions[0]
        mark = iso(event.sent_at) if event.sent_at else number
        return replace(
            event, type=EventType.EDITED, external_id=f"{first}#edited#{mark}", target=first,
            extra={"version": number} | ({"ours": "yes"} if ours else {}),
        )  # fmt: skip
    return replace(event, type=EventType.ECHO) if ours else event


def words(item: Item) -> str:
    """The whole text: long posts keep it beside the short one. Only &, < and > are escaped, once."""
    longer = part(item, "note_tweet") or part(item, "extended_tweet")
    said = word(longer, "text") or word(longer, "full_text") or word(item, "full_text") or word(item, "text") or ""
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def when(item: object, key: str = "created_at") -> datetime | None:
    """ISO 8601, Twitter's old "Sun Nov 22 03:04:05 +0000 2026", or milliseconds."""
    said = word(item, key)
    if said is None:
        return None
    if said.isascii() and said.isdigit():
        return unix(int(said[:17]) / 1000)
    try:
        return moment(said) or datetime.strptime(said, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def author_of(item: object, cast: Cast) -> Author:
    """v1.1 carries the whole user in the post, v2 an id and the user beside it."""
    user = bare(part(item, "user"))
    return person(user) if identity(user) else cast.person(word(item, "author_id"))


def _base(item: Item, number: str, cast: Cast) -> Event:
    answered, quoted = _referred(item, "replied_to"), _referred(item, "quoted")
    return Event(
        type=EventType.INCOMING,
        external_id=number,
        # v1.1 does not name the thread: the post answered is the nearest thing to it.
        conversation=word(item, "conversation_id") or answered or next(iter(_versions(item)), number),
        surface=Surface.PUBLIC,
        author=author_of(item, cast),
        sent_at=when(item),
        message_id=number,
        reply_to=answered,
        text=words(item),
        quoted=_said(item, quoted, cast) or _said(item, answered, cast),
        attachments=of_keys(item, cast.media) or of_entities(item, part(item, "extended_tweet")),
        location=place(item),
    )


def _referred(item: Item, kind: str) -> str | None:
    """The id of the post that this one answers, quotes or passes on."""
    for one in parts(item, "referenced_tweets"):
        if word(one, "type") == kind:
            return identity(one)
    if kind == "replied_to":
        return word(item, "in_reply_to_status_id_str") or word(item, "in_reply_to_status_id")
    if kind == "quoted":
        whole = identity(part(item, "quoted_status"))
        return whole or word(item, "quoted_status_id_str") or word(item, "quoted_status_id")
    return identity(part(item, "retweeted_status"))


def _said(item: Item, number: str | None, cast: Cast) -> str | None:
    """The words of another post that came along."""
    held: Any = part(item, "quoted_status")
    if identity(held) != number:
        held = cast.posts.get(number or "", {})
    return words(held)[:QUOTED] or None


def _versions(item: Item) -> list[str]:
    """Every id this post has had, the first first."""
    listed = things(item, "edit_history_tweet_ids") or things(part(item, "edit_history"), "edit_tweet_ids")
    return [number for one in listed if (number := word({"_": one}, "_"))]


def unknown(item: Item, cast: Cast, mark: str, conversation: str = "") -> Event:
    """A kind nobody knows yet, kept with its best raw text."""
    author = author_of(item, cast)
    return Event(
        type=EventType.UNKNOWN,
        external_id=f"{mark}#unknown",
        conversation=conversation or author.id,
        author=author,
        sent_at=when(item) or when(item, "created_timestamp"),
        text=clean(glance(item)),
    )
