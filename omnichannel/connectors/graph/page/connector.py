"""A Page, or the Instagram account behind one, as a connector: told by webhook, answering through the Graph.

Options: `page_id` · `base_url` and `graph_version` of another Graph · `timeout_seconds`, how long one call may take
(default 30). Secrets: TOKEN (the Page's own, so that it does not expire); APP_SECRET and VERIFY_TOKEN, each with …_PREVIOUS
during rotation. Calls are proved with APP_SECRET: token and secret must belong to the same app.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urljoin

from omnichannel.connectors.graph import expiry
from omnichannel.connectors.graph.api import PUBLIC_SERVER, VERSION, Graph
from omnichannel.connectors.graph.hooks import Signature
from omnichannel.connectors.graph.page.asking import GAP, Asking
from omnichannel.connectors.graph.page.codes import CODES, FILE_CODES, PROFILE_CODES
from omnichannel.connectors.graph.page.history import History
from omnichannel.connectors.graph.page.sending import Posting, address_of
from omnichannel.connectors.graph.page.webhook import Reading
from omnichannel.connectors.http import Answer, Http, judge
from omnichannel.connectors.reading import clean, moment, part, parts, word
from omnichannel.domain.abilities import Link
from omnichannel.domain.channel import Address, Capabilities, Channel, Surface
from omnichannel.domain.errors import Refused, TryLater
from omnichannel.domain.message import Attachment, Author, Event, Outgoing, Sent
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Batch, Hook, Raw
from omnichannel.domain.posts import Post

# Messenger takes files of up to 25 MB (…/messenger-platform/send-messages, 2026-11-22); films under a post are larger.
DOWNLOAD_LIMIT = 100 * 1024 * 1024
HOPS = 3
THREAD = re.compile(r"[0-9]{1,30}(_[0-9]{1,30})?")
# IG Media, field media_type (developers.facebook.com/docs/instagram-platform/reference/instagram-media, 2026-11).
KINDS = {"IMAGE": "image", "VIDEO": "video", "CAROUSEL_ALBUM": "album"}
GONE = "Tautan berkas ini sudah mati di Meta. Minta warga mengirimnya lagi."
NO_LINK = "Lampiran ini tidak punya tautan yang dapat diambil."


class PageConnector:
    """What both channels do alike; the attributes below are a channel's own."""

    channel: Channel
    surfaces: Mapping[Surface, Capabilities] = {}
    replies: ClassVar[str] = "comments"
    hidden_flag: ClassVar[str] = "is_hidden"
    fields: ClassVar[str] = "name,username"
    limits: ClassVar[Mapping[str, int]] = {}
    platform: ClassVar[str | None] = None
    profile: ClassVar[str] = "name"
    posts: ClassVar[str] = ""

    def __init__(self, account: Account) -> None:
        self.account = account.name
        self._page = account.text("page_id")
        self._patience = timedelta(seconds=float(account.options.get("timeout_seconds", 30)))
        self._signature = Signature(account)
        hidden = ("VERIFY_TOKEN", "VERIFY_TOKEN_PREVIOUS", "APP_SECRET_PREVIOUS")
        self._graph = Graph(
            account.secrets.get("TOKEN"),
            base=account.text("base_url", PUBLIC_SERVER),
            version=account.text("graph_version", VERSION),
            app_secret=account.secrets.get("APP_SECRET"),
            secrets=[account.secrets[key] for key in hidden if key in account.secrets],
            patience=self._patience,
            codes=CODES,
        )
        # Files lie on a public network of Meta's: our token does not go there.
        self._files = Http(account.text("base_url", PUBLIC_SERVER))
        self._posting = Posting(
            self._graph, self._page, self.surfaces, self.replies, self.limits, self._patience, self.platform
        )
        self._reading = self._reader(frozenset({self._page} if self._page else ()))
        self._asking = Asking(
            self._graph, timedelta(seconds=float(account.options.get("gap_seconds", GAP.total_seconds())))
        )
        self._history: History | None = None

    def _reader(self, own: frozenset[str]) -> Reading:
        """How this channel reads its webhooks."""
        raise NotImplementedError

    async def open(self) -> None:
        await self.probe()

    async def close(self) -> None:
        await self._graph.close()
        await self._files.close()

    async def probe(self) -> str:
        """Our own name there."""
        path = f"{self._graph.version}/{quote(self._page or 'me', safe='')}"
        found = await self._graph.ask(path, {"fields": self.fields})
        if word(found, "id") is None and word(found, "name") is None:
            raise TryLater("Jawaban Meta tentang halaman kita tidak dapat dibaca. Periksa base_url.")
        self._learn(found)
        return self._named(found)

    def _learn(self, page: Any) -> None:
        """What else the Graph says of us."""

    async def missed(self, since: datetime, cursor: str | None) -> Batch:
        """What was said since then, page by page; see `page/history.py`."""
        if self._history is None:
            await self.probe()
            self._history = self._past()
        return await self._history.missed(since, cursor)

    def _past(self) -> History:
        """Where this channel reads what was said while nobody listened."""
        raise NotImplementedError

    async def name_of(self, contact: str) -> Author | None:
        """A citizen's name. Meta tells it of whoever wrote to us, where the app has the right to ask."""
        if not contact.isascii() or not contact.isdigit():
            return None
        found = await self._asking.ask(contact, codes=PROFILE_CODES, fields=self.profile)
        name, handle = word(found, "name"), word(found, "username")
        return Author(id=contact, name=name, handle=handle) if name or handle else None

    async def heading(self, thread: str) -> Post | None:
        """The post or medium that a thread of comments stands under."""
        if not THREAD.fullmatch(thread):
            return None
        found = await self._asking.ask(thread, codes=PROFILE_CODES, fields=self.posts)
        text = word(found, "message") or word(found, "caption") or word(found, "story") or ""
        link = word(found, "permalink_url") or word(found, "permalink")
        if link is not None and not link.startswith("https://"):
            link = None  # what stands in an officer's page leads to a page of Meta's, or nowhere
        kind = KINDS.get((word(found, "media_type") or "").upper(), "")
        at = moment(word(found, "created_time") or word(found, "timestamp"))
        return Post(clean(text), link, kind, at) if text or link else None

    async def expires(self) -> datetime | None:
        """When our token dies."""
        return await expiry.expires(self._graph)

    async def look_up(self, link: Link, cursor: str | None) -> Raw | None:
        """The Graph gives no post of other people's by its address."""
        return None

    def _named(self, page: Any) -> str:
        handle = word(page, "username")
        return f"@{handle}" if handle else word(page, "name") or self._page

    def greet(self, hook: Hook) -> str | None:
        return self._signature.greet(hook)

    def verify(self, hook: Hook) -> None:
        self._signature.verify(hook)

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        return self._reading.events(raw.body)

    async def send(self, outgoing: Outgoing) -> Sent:
        return await self._posting.deliver(outgoing)

    async def mark_read(self, external_id: str, address: Address) -> None:
        """The thread's "seen", for everything the citizen has written there so far."""
        await self._posting.mark_seen(address)

    async def answer_privately(self, external_id: str, text: str, *, key: str, author: str = "") -> Sent:
        return await self._posting.answer_privately(external_id, text, key)

    async def hide(self, external_id: str) -> None:
        await self._posting.hide(external_id, self.hidden_flag, hidden=True)

    async def show(self, external_id: str) -> None:
        await self._posting.hide(external_id, self.hidden_flag, hidden=False)

    async def fetch(self, attachment: Attachment) -> bytes:
        """A citizen's file behind its link; where that has died, behind the one that the Graph gives for its message."""
        for link in dict.fromkeys((attachment.url, None)):
            wanted = link or await self._renewed(attachment)
            found = await self._behind(wanted)
            if found is not None:
                return found
        raise Refused(GONE, code="gone")

    async def _renewed(self, attachment: Attachment) -> str:
        """A fresh link. Refused: the file has no id (under a post), or is gone with its message."""
        message, _, place = (attachment.id or "").rpartition("/")
        if not message or not place.isdigit():
            raise Refused(GONE if attachment.url else NO_LINK, code="gone")
        path = f"{self._graph.version}/{quote(address_of(message), safe='')}/attachments"
        found = parts(await self._graph.ask(path, codes=FILE_CODES), "data")[int(place) :][:1]
        links = [word(file, "file_url") for file in found]
        links += [word(part(file, key), "url") for file in found for key in ("image_data", "video_data")]
        link = next((one for one in links if one), None)
        if link is None:
            raise Refused(GONE, code="gone")
        return link

    async def _behind(self, link: str) -> bytes | None:
        """The bytes, None where the link has died."""
        for _ in range(HOPS):
            answer = await self._download(link)
            if 300 <= answer.status < 400 and "location" in answer.headers:
                link = urljoin(link, answer.headers["location"])
                continue
            if answer.status in (401, 403, 404, 410):
                return None
            error = judge(answer, sending=False)
            if error is not None:
                raise error
            return answer.body
        return None

    async def _download(self, link: str) -> Answer:
        wanted = ("https://",) if self._files.base.startswith("https://") else ("https://", "http://")
        if not link.startswith(wanted):
            raise Refused(NO_LINK, code="no_link")
        return await self._files.ask("GET", link, patience=3 * self._patience, largest=DOWNLOAD_LIMIT)
