"""X through its API v2: posts that name us and direct messages; polled within a budget, or told by webhook.

Options: `user_id`, our account's number (else the access token says it) · `mode` = "poll" | "webhook" · `base_url` ·
`monthly_budget_idr`, rupiah a month after which reading stops; `idr_per_usd` · `client_id` and `token_file`, for
OAuth 2.0 · `poll_seconds` between two polls (default 75) · `timeout_seconds`, how long one call may take (default 30).
A webhook is registered once, in X's developer console: that call wants the app's own token, which we do not hold.
Secrets: CONSUMER_KEY, CONSUMER_SECRET (…_PREVIOUS during rotation), ACCESS_TOKEN, ACCESS_SECRET. With OAuth 2.0:
ACCESS_TOKEN, REFRESH_TOKEN, CLIENT_SECRET where the app has one, and CONSUMER_SECRET for webhooks.
"""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from omnichannel.connectors.http import Http
from omnichannel.connectors.reading import part, word
from omnichannel.connectors.x import links, polling, refusals
from omnichannel.connectors.x.api import PUBLIC_SERVER, Client
from omnichannel.connectors.x.cursor import Cursor
from omnichannel.connectors.x.hooks import Signature
from omnichannel.connectors.x.keys import keys_of
from omnichannel.connectors.x.payload import events
from omnichannel.connectors.x.prices import (
    DM_WRITE,
    IDR_PER_USD,
    POST_READ,
    USER_READ,
    Budget,
    Meter,
    next_month,
    rupiah,
)
from omnichannel.connectors.x.sending import NUMBER, SURFACES, TOLD, check, deliver, deliver_privately, price
from omnichannel.domain.abilities import Link, Spending
from omnichannel.domain.channel import Capabilities, Channel, Surface
from omnichannel.domain.errors import AccountBroken, Refused, TryLater
from omnichannel.domain.message import Attachment, Event, Outgoing, Sent
from omnichannel.domain.office import Account
from omnichannel.domain.ports import Batch, Hook, Raw

# 15 calls to dm_events in 15 minutes (https://docs.x.com/x-api/fundamentals/rate-limits, 2026-11-22): 75 s leave three
# for older pages.
USUAL = 75
# A poll that is not due yet ends before whoever waits for it gives up (workers/polling).
LONGEST_WAIT = 40.0
# X names no size beforehand; so much of one file we hold at once.
DOWNLOAD_LIMIT = 64 * 1024 * 1024
MEDIA = re.compile(r"[0-9]+(_[0-9]+)?", re.ASCII)
OPEN_HOSTS, CLOSED_HOSTS = ("twimg.com",), ("ton.twitter.com", "ton.x.com")
PRIVATE_FILE = re.compile(r"/1\.1/ton/data/dm/([0-9]+)/([0-9]+)/([\w.-]+)", re.ASCII)
GONE = "Berkas ini sudah tidak ada di X. Minta warga mengirimnya lagi."


class XConnector:
    """One account of the office on X."""

    channel: Channel = Channel.X
    surfaces: Mapping[Surface, Capabilities] = TOLD

    def __init__(self, account: Account) -> None:
        self.account = account.name
        self._base = account.text("base_url", PUBLIC_SERVER).rstrip("/")
        hidden = [account.secret(key) for key in account.secrets]
        self._http = Http(self._base, secrets=hidden)
        self._patience = timedelta(seconds=float(account.options.get("timeout_seconds", 30)))
        self._oauth2 = bool(account.text("client_id"))
        self._client = Client(self._http, keys_of(account), self._patience)
        self._signature = Signature(account)
        self._own = account.text("user_id") or _in_token(account.secret("ACCESS_TOKEN"))
        self._loose = 0  # spent since the last cursor, in millionths of a dollar

    async def open(self) -> None:
        await self.probe()

    async def close(self) -> None:
        await self._http.close()

    async def probe(self) -> str:
        """Our own name there."""
        said = part(await self._client.get_me(user_auth=True), "data")
        number = word(said, "id")
        if number is None:
            raise TryLater("Jawaban X tentang akun kita tidak dapat dibaca. Periksa base_url.")
        if self._own and self._own != number:
            raise AccountBroken(f"Kunci ini milik akun X {number}, bukan {self._own}. Periksa user_id.", code="user_id")
        self._own = number
        return f"@{word(said, 'username') or number}"

    def greet(self, hook: Hook) -> str | None:
        return self._signature.greet(hook)

    def verify(self, hook: Hook) -> None:
        self._signature.verify(hook)

    def link(self, url: str) -> Link | None:
        return links.link(url)

    def by_hand(self, link: Link, author: str, text: str, at: datetime) -> Raw:
        return links.by_hand(link, author, text, at)

    async def look_up(self, link: Link, cursor: str | None) -> Raw | None:
        """One post, which is charged like any reading."""
        said = await self._client.get_tweet(
            link.id, expansions=polling.POST_EXPANSIONS, tweet_fields=polling.POST_FIELDS,
            user_fields=polling.USER_FIELDS, media_fields=polling.MEDIA_FIELDS, user_auth=True,
        )  # fmt: skip
        self._loose += POST_READ + USER_READ
        if not part(said, "data"):
            raise Refused(
                "X tidak menampilkan kiriman ini: sudah dihapus, terkunci, atau bukan untuk umum.", code="gone"
            )
        return Raw(json.dumps(said, separators=(",", ":")).encode())

    def parse(self, raw: Raw) -> tuple[Event, ...]:
        return events(raw.body, self._own or None)

    async def send(self, outgoing: Outgoing) -> Sent:
        check(outgoing)
        sent = await deliver(self._client, outgoing, self._own or None)
        self._loose += price(outgoing)
        return sent

    async def answer_privately(self, external_id: str, text: str, *, key: str, author: str = "") -> Sent:
        """A direct message to whoever wrote the post."""
        sent = await deliver_privately(self._client, text, author)
        self._loose += DM_WRITE
        return sent

    async def fetch(self, attachment: Attachment) -> bytes:
        """A picture or a film. Those of direct messages are given to us alone, so they want our proof."""
        if attachment.id is None or not MEDIA.fullmatch(attachment.id) or attachment.url is None:
            raise Refused("Lampiran ini tidak punya tautan berkas di X.", code="no_link")
        link, is_closed = self._link(attachment.url)
        if is_closed:
            answer = await self._client.signed("GET", link, largest=DOWNLOAD_LIMIT)
        else:
            answer = await self._http.ask("GET", link, patience=self._patience, largest=DOWNLOAD_LIMIT)
        if answer.ok:
            return answer.body
        if answer.status in (403, 404, 410):
            raise Refused(GONE, code=str(answer.status))
        raise refusals.of(answer, sending=False)

    def _link(self, url: str) -> tuple[str, bool]:
        """Where the bytes are, and whether our proof goes there: to X's own hosts alone, whatever a payload says."""
        where, ours = urlsplit(url), urlsplit(self._base)
        host = where.hostname or ""
        private = PRIVATE_FILE.fullmatch(where.path)
        if host in CLOSED_HOSTS or (where.netloc == ours.netloc and private is not None):
            if self._oauth2 and private is not None:
                # https://docs.x.com/x-api/direct-messages/media/introduction (2026-11-22)
                return f"{self._base}/2/dm_conversations/media/{'/'.join(private.groups())}", True
            return url, True
        if where.netloc == ours.netloc or any(host == one or host.endswith(f".{one}") for one in OPEN_HOSTS):
            return url, False
        raise Refused("Tautan lampiran ini bukan milik X.", code="foreign_link")


class PolledX(XConnector):
    """An account that asks, within its budget."""

    surfaces: Mapping[Surface, Capabilities] = SURFACES

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        wanted = account.options.get("monthly_budget_idr")
        self._budget = Budget(
            None if wanted is None else int(wanted), int(account.options.get("idr_per_usd", IDR_PER_USD))
        )
        self._usual = timedelta(seconds=int(account.options.get("poll_seconds", USUAL)))
        self._due = 0.0
        self._offered: tuple[str, int] | None = None

    def spending(self, cursor: str | None, now: datetime) -> Spending:
        meter = Cursor.load(cursor).meter.at(now).plus(self._loose)
        opens = next_month(now) if self._budget.gone(meter) else None
        return Spending(
            self._budget.in_rupiah(meter.spent), self._budget.rupiah, self._budget.pace(self._usual, meter, now), opens
        )

    async def look_up(self, link: Link, cursor: str | None) -> Raw | None:
        now = datetime.now(UTC)
        self._must_afford(Cursor.load(cursor).meter.at(now).plus(self._loose), now)
        return await super().look_up(link, cursor)

    async def poll(self, cursor: str | None) -> Batch:
        """What is new on both lists. Waits until it is due; once the budget is gone, only the next month helps."""
        now = datetime.now(UTC)
        if self._offered is not None:
            text, booked = self._offered
            self._loose -= booked if text == cursor else 0
            self._offered = None
        held = Cursor.load(cursor)
        meter = held.meter.at(now)
        self._must_afford(meter.plus(self._loose), now)
        if not await self._is_due():
            return Batch((), cursor)
        return await self._read(replace(held, meter=meter.plus(self._loose)), self._loose, now)

    async def _read(self, held: Cursor, booked: int, now: datetime) -> Batch:
        own, meter = await self._who(held.meter)
        public = await polling.walk(
            held.mentions, meter, polling.mentions(self._client, own), polling.price_of_mentions
        )
        if public.trouble is not None and not public.raws:
            raise public.trouble
        private = await polling.walk(
            held.messages, public.meter, polling.messages(self._client), polling.price_of_messages
        )
        raws = public.raws + private.raws
        trouble = public.trouble or private.trouble
        if trouble is not None and not raws:
            raise trouble
        self._due = 0.0 if trouble else time.monotonic() + self._pace(private.meter, now)
        text = Cursor(public.tape, private.tape, private.meter).dump()
        self._offered = (text, booked)
        return Batch(raws, text)

    def _pace(self, meter: Meter, now: datetime) -> float:
        return self._budget.pace(self._usual, meter, now).total_seconds()

    async def _is_due(self) -> bool:
        wait = self._due - time.monotonic()
        await asyncio.sleep(min(max(wait, 0.0), LONGEST_WAIT))
        return wait <= LONGEST_WAIT

    async def _who(self, meter: Meter) -> tuple[str, Meter]:
        """Our own id: asking costs, so it is asked once."""
        if not self._own:
            await self.probe()
            meter = meter.read([(f"u{self._own}", USER_READ)])
        if not NUMBER.fullmatch(self._own):
            raise AccountBroken(
                "user_id harus berupa angka. Lihat profil aplikasi di konsol pengembang X.", code="user_id"
            )
        return self._own, meter

    def _must_afford(self, meter: Meter, now: datetime) -> None:
        if self._budget.gone(meter):
            spent, whole = self._budget.in_rupiah(meter.spent), self._budget.rupiah or 0
            opens = next_month(now)
            raise TryLater(
                f"Anggaran X bulan ini habis: {rupiah(spent)} dari {rupiah(whole)}. Pesan baru diambil lagi pada "
                f"{opens:%d-%m-%Y}, atau setelah monthly_budget_idr dinaikkan. Membalas masih dapat.",
                after=opens - now,
            )


def _in_token(token: str) -> str:
    """An OAuth 1.0a access token begins with its owner's id."""
    number, dash, _ = token.partition("-")
    return number if dash and NUMBER.fullmatch(number) else ""


def build(account: Account) -> XConnector:
    """The catalogue's builder."""
    return XConnector(account) if account.text("mode", "poll") == "webhook" else PolledX(account)
