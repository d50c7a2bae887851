"""Comments and visitors' posts of a Page, read again after an outage.

https://developers.facebook.com/docs/graph-api/reference/page/feed and …/page-post/comments (2026-11-22): a feed gives at most
100 posts a call, newest first; `filter=stream` gives answers to comments, too. Ranked comments come in no order of time, so
every page of a post that changed is read, up to a limit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from omnichannel.connectors.graph import (
    COMMENT_CODES,
    Asking,
    Item,
    Mark,
    Stretch,
    commented,
    following,
    is_since,
    listed,
)
from omnichannel.connectors.reading import part, parts, word
from omnichannel.domain.errors import Refused
from omnichannel.domain.ports import Raw

POSTS = 100
FEED_PAGES = 5
COMMENTS = 100
COMMENT_PAGES = 20
# People comment under what is new: older posts are left to the webhooks.
LOOK_BACK = timedelta(days=60)
POST_FIELDS = "id,created_time,updated_time,message,from,permalink_url,attachments{type,url,media}"
FIELDS = "id,created_time,message,from,parent{id},permalink_url,attachment{type,url,media},is_hidden"


@dataclass(frozen=True, slots=True)
class Feed:
    """One Page's posts and what stands under them."""

    asking: Asking
    page: str

    async def __call__(self, since: datetime, mark: Mark) -> Stretch:
        said = await self.asking.ask(f"{self.page}/feed", fields=POST_FIELDS, limit=POSTS, after=mark.after)
        posts = listed(said)
        raws = [raw for post in posts if is_since(post, "updated_time", since) for raw in await self._post(post, since)]
        young = any(is_since(post, "created_time", since - LOOK_BACK) for post in posts)
        return Stretch(tuple(raws), following(said) if young and mark.page + 1 < FEED_PAGES else None)

    async def _post(self, post: Item, since: datetime) -> list[Raw]:
        """A visitor's own words, then the comments, oldest first."""
        number = word(post, "id")
        if number is None:
            return []
        raws = []
        if word(part(post, "from"), "id") != self.page and is_since(post, "created_time", since):
            raws.append(self._told(post, {"item": "status", "post_id": number}))
        found = await self._comments(number, since)
        return raws + [self._told(one, self._place(one, number)) for one in found]

    async def _comments(self, post: str, since: datetime) -> list[Item]:
        found: list[Item] = []
        after: str | None = None
        for _ in range(COMMENT_PAGES):
            try:
                said = await self.asking.ask(
                    f"{post}/comments", codes=COMMENT_CODES, fields=FIELDS, filter="stream", order="chronological",
                    limit=COMMENTS, after=after,
                )  # fmt: skip
            except Refused:
                break  # the post went away between two questions
            found += [one for one in listed(said) if is_since(one, "created_time", since) and word(one, "id")]
            after = following(said)
            if after is None:
                break
        return found

    def _place(self, comment: Item, post: str) -> Item:
        parent = word(part(comment, "parent"), "id")
        return {"item": "comment", "comment_id": word(comment, "id"), "post_id": post, "parent_id": parent or post}

    def _told(self, held: Item, place: Item) -> Raw:
        """As the webhook's field `feed` would have told it."""
        value = {**place, "verb": "add", "message": word(held, "message") or "", **_pictures(held)}
        if part(held, "from"):
            value["from"] = held["from"]
        for key in ("created_time", "permalink_url"):
            if word(held, key):
                value[key] = word(held, key)
        return commented("page", self.page, "feed", value)


def _pictures(held: Item) -> Item:
    """A picture or a film beside the words; any other link is for people to open."""
    shown = [part(held, "attachment"), *parts(part(held, "attachments"), "data")]
    found: Item = {}
    for one in shown:
        picture = word(part(part(one, "media"), "image"), "src")
        film = word(part(one, "media"), "source")
        if film:
            found["video"] = film
        elif picture and "photo" in (word(one, "type") or ""):
            found.setdefault("photos", []).append(picture)
        elif word(one, "url"):
            found["link"] = word(one, "url")
    return found
