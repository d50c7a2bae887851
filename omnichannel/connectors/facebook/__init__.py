"""A Facebook Page: Messenger, comments and visitors' posts, told by webhook (fields messages, message_echoes,
message_edits, message_reactions, message_deliveries, message_reads, messaging_postbacks, feed, mention, ratings).

Options and secrets: see `graph/page/connector.py`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from omnichannel.connectors.facebook.feed import change, field_of
from omnichannel.connectors.facebook.history import Feed
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
from omnichannel.domain.abilities import Link
from omnichannel.domain.channel import Capabilities, Channel, Late, Surface
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Raw

# Messages of up to 2000 characters and files of 25 MB: …/messenger-platform/reference/send-api and …/send-messages;
# comments of up to 8000: third-party pages say so, none of Meta's own was found; a longer one the Page refuses
# (all 2026-11-22).
DIRECT = Capabilities(
    caption=0,
    text_limit=2000,
    window=WINDOW,
    late=Late.HUMAN_TAG,
    late_window=LATE_WINDOW,
    receipts=True,
    attachment_limit=25 * MEGABYTE,
    several=True,
    read_marks=True,
)
PUBLIC = Capabilities(
    text_limit=8000, private_reply=True, hide=True, private=DIRECT, private_window=LATE_WINDOW, private_notices=True
)


class FacebookConnector(PageConnector):
    """One Page of the office."""

    channel: Channel = Channel.FACEBOOK
    surfaces: Mapping[Surface, Capabilities] = {Surface.DIRECT: DIRECT, Surface.PUBLIC: PUBLIC}
    # developers.facebook.com/docs/graph-api/reference/post (2026-11)
    posts: ClassVar[str] = "message,story,permalink_url,created_time"
    limits: ClassVar[Mapping[str, int]] = dict.fromkeys(("image", "video", "audio", "file"), 25 * MEGABYTE)

    def _reader(self, own: frozenset[str]) -> Reading:
        return Reading(own, change, field_of, self._page or None)

    def link(self, url: str) -> Link | None:
        return links.facebook(url)

    def by_hand(self, link: Link, author: str, text: str, at: datetime) -> Raw:
        return links.facebook_by_hand(link, self._page, author, text, at)

    def _past(self) -> History:
        page, own = self._page or "me", frozenset({self._page})
        direct = Conversations(self._asking, page, "messenger", "page", own, self._page)
        return History(self.account, {"conversations": direct, "feed": Feed(self._asking, page)})


def build(account: Account) -> FacebookConnector:
    """The catalogue's builder."""
    return FacebookConnector(account)
