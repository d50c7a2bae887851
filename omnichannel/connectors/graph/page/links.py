"""Addresses of posts and comments on Facebook and Instagram. The Graph gives neither by its address, so they are written
down by hand, in a webhook's own shape."""

import re
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from omnichannel.connectors.graph.page.history import commented
from omnichannel.connectors.graph.page.scene import Item
from omnichannel.domain.abilities import Link
from omnichannel.domain.message import iso
from omnichannel.domain.ports import Raw

FACEBOOK = {"facebook.com", "m.facebook.com", "web.facebook.com", "mbasic.facebook.com", "fb.com"}
INSTAGRAM = {"instagram.com", "m.instagram.com"}
ID = r"[A-Za-z0-9_.-]{1,200}"
FACEBOOK_POST = re.compile(
    rf"/(?:(?P<owner>{ID})/)?(?:posts|videos|photos|reel|permalink|share/[pvr])/(?:{ID}/)*?(?P<post>{ID})/?"
)
GROUP_POST = re.compile(rf"/groups/(?P<owner>{ID})/(?:posts|permalink)/(?P<post>{ID})/?")
INSTAGRAM_POST = re.compile(
    rf"/(?:(?P<owner>{ID})/)?(?:p|reel|reels|tv)/(?P<post>[A-Za-z0-9_-]{{5,60}})(?:/c/(?P<comment>[0-9]+))?(?:/.*)?"
)
# Who wrote it is known by name alone; such an id is nobody's at Meta.
MADE_UP = "tautan:"


def facebook(url: str) -> Link | None:
    """A post, or a comment under one (`comment_id`); None: it is neither."""
    found = _split(url, FACEBOOK)
    if found is None:
        return None
    path, query = found
    shape = GROUP_POST.fullmatch(path) or FACEBOOK_POST.fullmatch(path)
    post = shape["post"] if shape else next((query[key] for key in ("story_fbid", "fbid", "v") if key in query), None)
    if post is None or not re.fullmatch(ID, post):
        return None
    comment = query.get("reply_comment_id") or query.get("comment_id")
    own = f"{post}_{comment}" if comment and re.fullmatch(ID, comment) else post
    return Link(url, own, post, shape["owner"] if shape else None)


def instagram(url: str) -> Link | None:
    """A media, or a comment under one."""
    found = _split(url, INSTAGRAM)
    shape = INSTAGRAM_POST.fullmatch(found[0]) if found else None
    if shape is None:
        return None
    return Link(url, shape["comment"] or f"ig:{shape['post']}", f"ig:{shape['post']}", shape["owner"])


def facebook_by_hand(link: Link, page: str, author: str, text: str, at: datetime) -> Raw:
    """As the field `feed` tells it."""
    value: Item = {"item": "status" if link.id == link.thread else "comment", "verb": "add", "post_id": link.thread}
    value |= {"message": text, "created_time": int(at.timestamp()), "from": _person(author), "permalink_url": link.url}
    value |= {"comment_id": link.id, "parent_id": link.thread} if link.id != link.thread else {}
    return commented("page", page, "feed", value)


def instagram_by_hand(link: Link, us: str, author: str, text: str, at: datetime) -> Raw:
    """As the field `comments` tells it."""
    person = _person(author)
    value: Item = {"id": link.id, "text": text, "media": {"id": link.thread}, "created_time": iso(at)}
    value["from"] = {"id": person["id"], "username": person["name"]}
    return commented("instagram", us, "comments", value)


def _person(author: str) -> Item:
    name = author.strip().removeprefix("@")
    return {"id": f"{MADE_UP}{name.casefold()}", "name": name}


def _split(url: str, hosts: set[str]) -> tuple[str, dict[str, str]] | None:
    """Path and query of an address on one of these hosts."""
    try:
        where = urlsplit(url if "://" in url else f"https://{url}")
        host = (where.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if where.scheme not in ("http", "https") or host not in hosts:
        return None
    return where.path, {key: values[0] for key, values in parse_qs(where.query).items()}
