"""An Instagram professional account behind a Page: direct messages and comments, told by webhook (fields messages,
message_reactions, messaging_postbacks, messaging_seen, comments, live_comments, mentions).

Options and secrets: see `graph/page/connector.py`; `page_id` is that of the Page the account is linked to.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from omnichannel.connectors.graph import (
    LATE_WINDOW,
    MEGABYTE,
    WINDOW,
    Conversations,
    History,
    PageConnector,
    Reading,
    links,
)
from omnichannel.connectors.instagram.changes import change, field_of
from omnichannel.connectors.instagram.history import MediaComments
from omnichannel.connectors.reading import part, word
from omnichannel.domain.abilities import Link
from omnichannel.domain.channel import Capabilities, Channel, Late, Surface
from omnichannel.domain.length import Count
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw

# Messages of up to 1000, images of 8 MB, the rest of 25, of documents PDF alone: …/instagram-messaging/features/
# send-message (of 2026-07-02; it says bytes, an older page characters: what is too long after all, Instagram refuses) and
# …/features/attachment-upload (of 2026-04-01). Comments of up to 2200:
# third-party pages say so, none of Meta's own was found (all seen 2026-11-22).
LIMITS = {
    "image": 8 * MEGABYTE,
    "video": 25 * MEGABYTE,
    "audio": 25 * MEGABYTE,
    "application/pdf": 25 * MEGABYTE,
}
DIRECT = Capabilities(
    caption=0,
    text_limit=1000,
    window=WINDOW,
    late=Late.HUMAN_TAG,
    late_window=LATE_WINDOW,
    receipts=True,
    attachment_limit=25 * MEGABYTE,
    attachment_limits=LIMITS,
    several=True,
    read_marks=True,
    counts=Count.BYTES,
)
PUBLIC = Capabilities(
    text_limit=2200,
    private_reply=True,
    hide=True,
    private=DIRECT,
    private_window=LATE_WINDOW,
    private_notices=True,
    # "You cannot reply to hidden comments": developers.facebook.com, IG Comment, Replies (2026-11).
    answers_hidden=False,
)


class InstagramConnector(PageConnector):
    """One Instagram account of the office."""

    channel: Channel = Channel.INSTAGRAM
    surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: DIRECT, Surface.PUBLIC: PUBLIC}
    replies: ClassVar[str] = "replies"
    # developers.facebook.com/docs/instagram-platform/reference/instagram-media (2026-11)
    posts: ClassVar[str] = "caption,permalink,timestamp,media_type"
    hidden_flag: ClassVar[str] = "hide"
    fields: ClassVar[str] = "name,instagram_business_account{id,username}"
    limits: ClassVar[Mapping[str, int]] = LIMITS
    platform: ClassVar[str | None] = "instagram"
    profile: ClassVar[str] = "name,username"
    _us = ""

    def _reader(self, own: frozenset[str]) -> Reading:
        return Reading(own, change, field_of)

    def _learn(self, page: Any) -> None:
        """Our own id on Instagram: that of the Page is another."""
        self._us = word(part(page, "instagram_business_account"), "id") or word(page, "id") or self._us

    def link(self, url: str) -> Link | None:
        return links.instagram(url)

    def by_hand(self, link: Link, author: str, text: str, at: datetime) -> Raw:
        return links.instagram_by_hand(link, self._us or self._page, author, text, at)

    def _past(self) -> History:
        us, own = self._us or self._page, frozenset({self._page, self._us})
        direct = Conversations(self._asking, self._page, "instagram", "instagram", own, us, deep=False)
        return History(self.account, {"conversations": direct, "comments": MediaComments(self._asking, us)})

    def _named(self, page: Any) -> str:
        handle = word(part(page, "instagram_business_account"), "username") or word(page, "username")
        return f"@{handle}" if handle else word(page, "name") or self._page


def build(account: Account) -> InstagramConnector:
    """The catalogue's builder."""
    return InstagramConnector(account)
