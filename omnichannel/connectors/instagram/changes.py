"""One change on an Instagram account becomes an event: comments, comments on a live video, mentions.

https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram (2026-11-22). A comment bears no time of its own:
the envelope's is the nearest there is. A mention names neither author nor words.
"""

from dataclasses import replace

from omnichannel.connectors.graph import Item, Place, Scene, party, when
from omnichannel.connectors.reading import Unreadable, clean, digest, glance, part, word
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Author, Event, EventType

COMMENTS = ("comments", "live_comments")
MENTIONED_IN_COMMENT = "Akun kita disebut dalam sebuah komentar. Buka unggahannya di Instagram untuk membacanya."
MENTIONED = "Akun kita disebut dalam sebuah unggahan. Buka di Instagram untuk membacanya."
INSIGHTS = "Angka kunjungan story: {numbers}"
EDIT = {"edit", "edited", "update"}
REMOVE = {"remove", "removed", "delete", "deleted"}
HIDE = {"hide": "Komentar disembunyikan.", "unhide": "Komentar ditampilkan kembali."}


def change(field: str, value: Item, place: Place) -> Event | None:
    """What one change means; None for a field that we do not know. Unreadable: it is known, and broken."""
    if field in COMMENTS:
        return _comment(field, value, place)
    if field in ("mentions", "mention"):
        return _mention(value, place)
    if field == "story_insights":
        return _insights(value, place)
    return None


def field_of(value: Item) -> str | None:
    """The field that a stripped value came from."""
    if ("id" in value or "comment_id" in value) and "text" in value and ("media" in value or "from" in value):
        return "comments"
    if "media_id" in value:
        return "story_insights" if "impressions" in value or "reach" in value else "mentions"
    return None


def _comment(field: str, value: Item, place: Place) -> Event:
    number = word(value, "id") or word(value, "comment_id")
    if number is None:
        raise Unreadable("komentar tanpa id")
    text = value.get("text", value.get("message"))
    if text is not None and not isinstance(text, str):
        raise Unreadable(f"text: teks, bukan {type(text).__name__}")
    text, verb = clean(text or ""), (word(value, "verb") or "").lower()
    scene = _scene(field, value, place, number)
    if verb in REMOVE:
        return scene.about(EventType.WITHDRAWN, number, scene.stamp)
    if verb in EDIT:
        return scene.about(EventType.EDITED, number, f"{scene.stamp}:{digest(text)[:8]}", text=text)
    if verb in HIDE:
        told = scene.about(EventType.NOTICE, number, f"{verb}:{scene.stamp}", text=HIDE[verb])
        return replace(told, extra={**told.extra, "hidden": "yes" if verb == "hide" else "no"})
    kind = EventType.ECHO if scene.ours else EventType.INCOMING
    return scene.event(kind, number, text=text, reply_to=word(value, "parent_id"))


def _scene(field: str, value: Item, place: Place, number: str) -> Scene:
    author, media = party(value, "from"), part(value, "media")
    us = word(part(value, "from"), "self_ig_scoped_id")
    facts = {
        "surface": word(media, "media_product_type"),
        "ad": word(media, "ad_id"),
        "live": "yes" if field == "live_comments" else None,
    }
    return Scene(
        author=author if author.id else Author(id=f"komentar:{number}", handle=word(value, "username")),
        thread=word(media, "id") or word(value, "media_id") or number,
        at=when(value, "created_time", "timestamp") or place.at,
        surface=Surface.PUBLIC,
        # Only our own comments bear our Instagram-scoped id (…/instagram-platform/webhooks/examples, 2026-11-22).
        ours=author.id in place.own or us is not None,
        extra={key: found for key, found in facts.items() if found},
    )


def _mention(value: Item, place: Place) -> Event:
    """Its name is not the comment's: the comment itself may come, too, and that one has the words."""
    comment, media = word(value, "comment_id"), word(value, "media_id")
    number = comment or media
    if number is None:
        raise Unreadable("mentions tanpa media_id dan comment_id")
    author = party(value, "from")
    scene = Scene(
        author=author if author.id else Author(id=f"sebutan:{number}"),
        thread=media or number,
        at=when(value, "created_time", "timestamp") or place.at,
        surface=Surface.PUBLIC,
        extra={"mention": number},
    )
    text = word(value, "text") or (MENTIONED_IN_COMMENT if comment else MENTIONED)
    return scene.event(EventType.INCOMING, f"mention:{number}", text=text, reply_to=comment)


def _insights(value: Item, place: Place) -> Event:
    number = word(value, "media_id") or "story"
    numbers = ", ".join(f"{key} {found}" for key in value if key != "media_id" and (found := word(value, key)))
    scene = Scene(author=Author(id=""), thread=number, at=place.at, surface=Surface.PUBLIC)
    text = INSIGHTS.format(numbers=numbers or glance(value))
    return scene.about(EventType.NOTICE, number, f"insights:{scene.stamp}:{digest(value)[:8]}", text=text)
