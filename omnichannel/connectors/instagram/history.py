"""Comments under an Instagram account's media, read again after an outage.

https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-media/comments (of
2025-01-21). Neither a media nor a comment says when something was last said under it, so the comments of every recent media
are read; those under a live video cannot be.
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
from omnichannel.connectors.reading import part, whole, word
from omnichannel.domain.errors import Refused
from omnichannel.domain.ports import Raw

MEDIA = 25
MEDIA_PAGES = 3
COMMENTS = 50
COMMENT_PAGES = 10
LOOK_BACK = timedelta(days=60)
MEDIA_FIELDS = "id,timestamp,comments_count"
OWN_FIELDS = "id,text,timestamp,username,from{id,username}"
FIELDS = f"{OWN_FIELDS},replies.limit(50){{{OWN_FIELDS}}}"


@dataclass(frozen=True, slots=True)
class MediaComments:
    """What stands under the account's media. `us` is the Instagram account's own id."""

    asking: Asking
    us: str

    async def __call__(self, since: datetime, mark: Mark) -> Stretch:
        said = await self.asking.ask(f"{self.us}/media", fields=MEDIA_FIELDS, limit=MEDIA, after=mark.after)
        media = listed(said)
        young = [one for one in media if is_since(one, "timestamp", since - LOOK_BACK)]
        spoken_of = [one for one in young if whole(one, "comments_count") != 0 and word(one, "id")]
        raws = [raw for one in spoken_of for raw in await self._under(str(word(one, "id")), since)]
        return Stretch(tuple(raws), following(said) if young and mark.page + 1 < MEDIA_PAGES else None)

    async def _under(self, media: str, since: datetime) -> list[Raw]:
        found: list[tuple[Item, str | None]] = []
        after: str | None = None
        for _ in range(COMMENT_PAGES):
            try:
                said = await self.asking.ask(
                    f"{media}/comments", codes=COMMENT_CODES, fields=FIELDS, limit=COMMENTS, after=after
                )
            except Refused:
                break  # the media went away between two questions
            for comment in listed(said):
                found.append((comment, None))
                found += [(reply, word(comment, "id")) for reply in listed(part(comment, "replies"))]
            after = following(said)
            if after is None:
                break
        fresh = [(one, parent) for one, parent in found if is_since(one, "timestamp", since) and word(one, "id")]
        fresh.sort(key=lambda pair: word(pair[0], "timestamp") or "")
        return [self._told(one, media, parent) for one, parent in fresh]

    def _told(self, comment: Item, media: str, parent: str | None) -> Raw:
        """As the webhook's field `comments` would have told it, with the time that the webhook leaves out."""
        value: Item = {"id": word(comment, "id"), "text": word(comment, "text") or "", "media": {"id": media}}
        author = part(comment, "from")
        value |= {"from": author} if author else {"username": word(comment, "username")}
        value |= {"parent_id": parent} if parent else {}
        value |= {"created_time": word(comment, "timestamp")} if word(comment, "timestamp") else {}
        return commented("instagram", self.us, "comments", value)
