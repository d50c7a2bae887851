"""One answer out: a public reply under the citizen's post, or a direct message, with its pictures or film."""

import re
from dataclasses import replace
from typing import Any

from omnichannel.connectors.reading import part, word
from omnichannel.connectors.x import uploading
from omnichannel.connectors.x.api import Client
from omnichannel.connectors.x.prices import DM_WRITE, POST_WRITE, POST_WRITE_WITH_LINK
from omnichannel.connectors.x.weight import POST_LIMIT, has_link, weight
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.errors import Refused, TooLong, Unsure
from omnichannel.domain.length import Count
from omnichannel.domain.message import Outgoing, Sent

# Direct messages hold 10,000 characters (tweepy's page of create_direct_message, 2026-11-22). Only webhooks tell that one
# was read. There is no window: a post may be answered for ever once its author named us, a message as long as its
# reader lets us write. X lets its API edit nothing.
FILES = {kind: uploading.LIMITS[what] for kind, what in uploading.KINDS.items()}
ALONE = frozenset(kind for kind, what in uploading.KINDS.items() if what != "image")
DIRECT = Capabilities(
    text_limit=10_000, attachment_limit=uploading.LARGEST, attachment_limits=FILES, attachments_most=1
)
# A post weighs 280 at most (`weight`). Its author may be written to directly where they take messages from us,
# which most do not: an officer may try, no notice goes that way. The same words twice are refused, to whomever they go
# ("duplicate content", 403: https://developer.x.com/en/support/x-api/error-troubleshooting, 2026-11-22).
PUBLIC = Capabilities(
    text_limit=POST_LIMIT,
    attachment_limit=uploading.LARGEST,
    attachment_limits=FILES,
    attachments_most=uploading.PHOTOS,
    attachments_alone=ALONE,
    counts=Count.WEIGHT,
    private_reply=True,
    private=DIRECT,
    repeats=False,
)
SURFACES = {Surface.DIRECT: DIRECT, Surface.PUBLIC: PUBLIC}
TOLD = {Surface.DIRECT: replace(DIRECT, receipts=True), Surface.PUBLIC: PUBLIC}

NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
TWO = re.compile(r"([0-9]{1,19})[-:]([0-9]{1,19})", re.ASCII)


def check(outgoing: Outgoing) -> None:
    """What X would refuse anyway is refused before the network."""
    if not outgoing.text.strip() and not outgoing.files:
        raise Refused("Pesan kosong.", code="empty")
    uploading.check(outgoing.files, outgoing.address.surface)
    if outgoing.address.surface is Surface.PUBLIC:
        heavy = weight(outgoing.text)
        if heavy > POST_LIMIT:
            raise TooLong(f"Bobot kiriman {heavy} dari {POST_LIMIT} (tautan 23, emoji 2).", code="too_long")
    else:
        _fits_direct(outgoing.text)


def price(outgoing: Outgoing) -> int:
    """What it costs, in millionths of a dollar."""
    if outgoing.address.surface is Surface.DIRECT:
        return DM_WRITE
    return POST_WRITE_WITH_LINK if has_link(outgoing.text) else POST_WRITE


async def deliver(client: Client, outgoing: Outgoing, own: str | None) -> Sent:
    """Send it; the id is the one that echoes and receipts name. Where it goes is clear before anything is uploaded."""
    public = outgoing.address.surface is Surface.PUBLIC
    where = {"in_reply_to_tweet_id": _answered(outgoing)} if public else _reader(outgoing, own)
    text = outgoing.text if outgoing.text.strip() else None
    media = await uploading.upload(client, outgoing.files, outgoing.address.surface)
    if public:
        said: Any = await client.create_tweet(text=text, media_ids=media or None, **where)
        number = word(part(said, "data"), "id")
    else:
        said = await client.create_direct_message(text=text, media_id=media[0] if media else None, **where)
        number = word(part(said, "data"), "dm_event_id")
    if number is None:
        raise Unsure("X menerima kiriman tanpa menyebut nomornya. Periksa di X.")
    return Sent(external_id=number)


async def deliver_privately(client: Client, text: str, author: str) -> Sent:
    """A direct message to the author of a post. Refused by X where they take none from us."""
    if not NUMBER.fullmatch(author):
        raise Refused("Penulis kiriman ini tidak dikenal X.", code="no_author")
    _fits_direct(text)
    said: Any = part(await client.create_direct_message(text=text, participant_id=author), "data")
    number = word(said, "dm_event_id")
    if number is None:
        raise Unsure("X menerima kiriman tanpa menyebut nomornya. Periksa di X.")
    return Sent(external_id=number, thread=word(said, "dm_conversation_id"))


def _fits_direct(text: str) -> None:
    if len(text) > DIRECT.text_limit:
        raise TooLong(f"Pesan {len(text)} huruf; X menerima paling banyak {DIRECT.text_limit}.", code="too_long")


def _answered(outgoing: Outgoing) -> str:
    """The post we answer: the citizen's last one where it is known, else the first of the thread."""
    for name in (outgoing.reply_to, outgoing.address.conversation):
        if name and NUMBER.fullmatch(name):
            return name
    raise Refused("Kiriman yang akan dibalas tidak dikenal.", code="no_post")


def _reader(outgoing: Outgoing, own: str | None) -> dict[str, str]:
    """A conversation of two is reached by its citizen, a group by its id."""
    thread = outgoing.address.conversation.partition("#")[0]
    two, contact = TWO.fullmatch(thread), outgoing.address.contact
    if two is not None:
        others = [number for number in two.groups() if number != own]
        return {"participant_id": contact if contact in others else others[0]}
    if NUMBER.fullmatch(thread):
        return {"dm_conversation_id": thread}
    raise Refused("Percakapan ini tidak dikenal X.", code="no_conversation")
