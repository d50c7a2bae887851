"""Addresses of posts on X, and a post written down by hand in the API's own shape."""

import json
import re
from datetime import datetime
from urllib.parse import urlsplit

from omnichannel.domain.abilities import Link
from omnichannel.domain.message import iso
from omnichannel.domain.ports import Raw

HOSTS = {"x.com", "twitter.com", "mobile.twitter.com", "mobile.x.com", "m.twitter.com", "fixupx.com", "vxtwitter.com"}
POST = re.compile(r"/(?:(?:i/(?:web/)?|(?P<handle>[A-Za-z0-9_]{1,15})/)status(?:es)?)/(?P<number>[0-9]{1,19})(?:/.*)?")
HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")


def link(url: str) -> Link | None:
    """The post behind an address, whatever is hung onto it; None: it is no post's."""
    try:
        where = urlsplit(url if "://" in url else f"https://{url}")
        host = (where.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    found = POST.fullmatch(where.path) if where.scheme in ("http", "https") and host in HOSTS else None
    if found is None:
        return None
    number, handle = found["number"], found["handle"]
    return Link(f"https://x.com/{handle or 'i'}/status/{number}", number, number, handle)


def by_hand(post: Link, author: str, text: str, at: datetime) -> Raw:
    """The same id as the API would give: should it come that way later, it is known. The author's number is not known;
    a name that is a handle stands for it."""
    handle = author.strip().removeprefix("@")
    user = {"id": f"@{handle.lower()}", "name": handle}
    if HANDLE.fullmatch(handle):
        user["username"] = handle
    data = {"id": post.id, "text": _escaped(text), "author_id": user["id"], "created_at": iso(at)}
    held = {"data": {**data, "conversation_id": post.thread}, "includes": {"users": [user]}}
    return Raw(json.dumps(held, separators=(",", ":")).encode())


def _escaped(text: str) -> str:
    """X escapes these three, and our reading undoes it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
