"""One change on a Page becomes an event: comments, visitors' posts, reactions, mentions, reviews.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page (2026-11-22): fields feed, mention, ratings. What the
Page itself says is an echo. `from` is missing where the citizen never met our app: their words count all the same.
"""

from dataclasses import replace

from omnichannel.connectors.facebook import words
from omnichannel.connectors.graph import EMOJI, Item, Place, Scene, file, is_page, party, when
from omnichannel.connectors.reading import Unreadable, clean, digest, glance, part, parts, things, word
from omnichannel.domain.channel import Surface
from omnichannel.domain.message import Attachment, Author, Event, EventType

FEEDS = ("feed", "group_feed", "mention", "mentions", "ratings")
POSTS = {"post", "status", "photo", "video", "share", "link", "album", "note", "event", "milestone", "reel", "story"}
LIKES = {"reaction", "like"}
ADD = {"add", ""}
EDIT = {"edit", "edited", "update", "updated"}
HIDDEN = {"hide": "yes", "unhide": "no"}
REMOVE = {"remove", "removed", "delete", "deleted"}
IDS = ("comment_id", "post_id", "photo_id", "video_id", "share_id", "album_id", "event_id", "open_graph_story_id", "id")


def change(field: str, value: Item, place: Place) -> Event | None:
    """What one change means; None for a field or an item that we do not know. Unreadable: it is known, and broken."""
    if field not in FEEDS:
        return None
    item, verb = word(value, "item") or "", (word(value, "verb") or "").lower()
    if item in LIKES:
        return _reaction(value, verb, place)
    if field == "ratings" and item in ("rating", ""):
        return _said(value, verb, place, _first(value, "open_graph_story_id", "id"), _review(value))
    if item == "comment" or (not item and "comment_id" in value):
        return _said(value, verb, place, _first(value, "comment_id"), _words(value))
    if item in POSTS or (not item and "post_id" in value):
        return _said(value, verb, place, _first(value, *IDS[1:]), _words(value))
    return None


def field_of(value: Item) -> str | None:
    """The field that a stripped value came from."""
    if "comment_id" in value or "post_id" in value:
        return "feed" if "item" in value or "verb" in value or "from" in value or "message" in value else None
    return "ratings" if "open_graph_story_id" in value else None


def _said(value: Item, verb: str, place: Place, number: str | None, text: str) -> Event:
    """A comment, a post or a review: written, changed, hidden or taken away."""
    if number is None:
        raise Unreadable(f"{word(value, 'item') or 'komentar'} tanpa id")
    scene = _scene(value, place, number, changed=verb not in ADD)
    if verb in REMOVE:
        return scene.about(EventType.WITHDRAWN, number, scene.stamp)
    files, links = _files(value)
    text = "\n".join([text, *(link for link in links if link not in text)]) if text or links else ""
    if verb in EDIT:
        # Two edits may come in one second, or without a time of their own: the words tell them apart.
        mark = f"{scene.stamp}:{digest(text)[:8]}"
        return scene.about(EventType.EDITED, number, mark, text=text, attachments=files)
    if verb not in ADD:
        phrase = words.VERBS.get(verb, words.VERB.format(verb=verb))
        told = scene.about(EventType.NOTICE, number, f"{verb}:{scene.stamp}", text=phrase)
        return replace(told, extra={**told.extra, "hidden": HIDDEN[verb]}) if verb in HIDDEN else told
    parent = word(value, "parent_id")
    return scene.event(
        EventType.ECHO if scene.ours else EventType.INCOMING,
        number,
        text=text,
        attachments=files,
        reply_to=parent if parent not in (None, scene.thread, number) else None,
    )


def _reaction(value: Item, verb: str, place: Place) -> Event:
    """On a comment, else on the post; a like of the Page itself has neither, and is only news."""
    target = _first(value, "comment_id", "post_id", "parent_id", *IDS[2:])
    if target is None:
        scene = _scene(value, place, "page", changed=False)
        phrase = words.UNLIKED if verb in REMOVE else words.LIKED
        return scene.event(EventType.NOTICE, f"like:{scene.author.id}#notice#{verb}:{scene.stamp}", text=phrase)
    scene = _scene(value, place, target, changed=False)
    named = (word(value, "reaction_type") or "like").lower()
    emoji = "" if verb in REMOVE else EMOJI.get(named, named)
    mark = f"{emoji or '-'}:{scene.author.id}:{scene.stamp}"
    return scene.about(EventType.REACTION, target, mark, text=emoji)


def _scene(value: Item, place: Place, number: str, *, changed: bool) -> Scene:
    """Who, under which post, when. What is said of a comment later has a time of its own, if anywhere on the envelope."""
    author = _author(value)
    written = when(value, "created_time", "timestamp")
    own_time = when(value, "edited_time", "updated_time") or place.at
    return Scene(
        # Nobody is named: still somebody's words, and an answer can stand under them.
        author=author if author.id else Author(id=f"komentar:{number}"),
        # Old payloads name no post: the parent is the nearest there is.
        thread=_first(value, "post_id") or word(part(value, "post"), "id") or _first(value, "parent_id") or number,
        at=(own_time or written) if changed else (written or place.at),
        surface=Surface.PUBLIC,
        ours=author.id in place.own,
        extra=_facts(value),
    )


def _author(value: Item) -> Author:
    found = party(value, "from")
    if found.id:
        return found
    for id, name in (("sender_id", "sender_name"), ("reviewer_id", "reviewer_name"), ("user_id", "user_name")):
        known = word(value, id)
        if known:
            return Author(id=known, name=word(value, name))
    return found


def _facts(value: Item) -> dict[str, str]:
    facts = {
        "item": word(value, "item"),
        "permalink": word(part(value, "post"), "permalink_url") or word(value, "permalink_url"),
        "hidden": "yes" if value.get("is_hidden") is True else None,
        "draft": "yes" if word(value, "published") == "0" else None,
    }
    return {key: found for key, found in facts.items() if found}


def _words(value: Item) -> str:
    text = value.get("message")
    if text is not None and not isinstance(text, str):
        raise Unreadable(f"message: teks, bukan {type(text).__name__}")
    return clean(text or "") or word(value, "story") or word(value, "title") or ""


def _review(value: Item) -> str:
    stars, advice = word(value, "rating"), (word(value, "recommendation_type") or "").lower()
    text = value.get("review_text")
    if text is not None and not isinstance(text, str):
        raise Unreadable(f"review_text: teks, bukan {type(text).__name__}")
    said = [words.ADVICE.get(advice), words.STARS.format(stars=stars) if stars else None, clean(text or "")]
    return "\n".join(filter(None, said)) or glance(value)


def _files(value: Item) -> tuple[tuple[Attachment, ...], list[str]]:
    """Pictures and films that lie at Meta, and links that are for people to open."""
    pictures = [*_links(value, "photo"), *(one for one in things(value, "photos") if isinstance(one, str))]
    films = _links(value, "video")
    films += [link for one in parts(value, "videos") for link in _links(one, "url")]
    if word(value, "item") == "video":
        films += _links(value, "link")
    elif word(value, "item") == "photo":
        pictures += _links(value, "link")
    found = dict.fromkeys(pictures, "image/jpeg") | dict.fromkeys(films, "video/mp4")
    files = tuple(file(link, kind) for link, kind in found.items() if not is_page(link))
    pages = [link for link in [*found, *_links(value, "link")] if is_page(link) or link not in found]
    return files, list(dict.fromkeys(pages))


def _links(value: Item, key: str) -> list[str]:
    found = word(value, key)
    return [found] if found and found.startswith(("https://", "http://")) else []


def _first(value: Item, *keys: str) -> str | None:
    return next((found for key in keys if (found := word(value, key))), None)
