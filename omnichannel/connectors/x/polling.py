"""Reads the mentions and the direct messages since the cursor, page by page, each item with what it needs to be read."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from omnichannel.connectors.reading import part, parts, things, word
from omnichannel.connectors.x.api import Client
from omnichannel.connectors.x.cursor import Tape
from omnichannel.connectors.x.people import identity
from omnichannel.connectors.x.prices import DM_EVENT_READ, MEDIA_READ, OWNED_READ, POST_READ, USER_READ, Meter
from omnichannel.domain.errors import AccountBroken, OmnichannelError
from omnichannel.domain.ports import Raw

# Pages one poll reads of each list: dm_events allows 15 calls in 15 minutes
# (https://docs.x.com/x-api/fundamentals/rate-limits, 2026-11-22). A longer backlog goes on with the next poll.
PAGES = 3
PAGE = 100
# Direct messages have no since_id: every poll reads its first page again, and an item's first reading of a day costs.
FIRST_LOOK = 10

POST_FIELDS = [
    "attachments", "author_id", "conversation_id", "created_at", "edit_history_tweet_ids", "entities", "geo",
    "in_reply_to_user_id", "note_tweet", "referenced_tweets",
]  # fmt: skip
USER_FIELDS = ["name", "username"]
MEDIA_FIELDS = ["type", "url", "preview_image_url", "variants"]
POST_EXPANSIONS = ["author_id", "referenced_tweets.id", "attachments.media_keys"]
DM_FIELDS = [
    "attachments", "created_at", "dm_conversation_id", "event_type", "id", "participant_ids", "referenced_tweets",
    "sender_id", "text",
]  # fmt: skip
DM_EXPANSIONS = ["sender_id", "participant_ids", "attachments.media_keys", "referenced_tweets.id"]

Page = dict[str, Any]
Ask = Callable[[Tape], Awaitable[Page]]
Priced = Callable[[Page], list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Read:
    """What one list gave, oldest first; `trouble` is what stopped us after the pages that are here."""

    raws: tuple[Raw, ...]
    tape: Tape
    meter: Meter
    trouble: OmnichannelError | None = None


def mentions(client: Client, own: str) -> Ask:
    """Posts that name us, newer than the last one known."""

    async def ask(tape: Tape) -> Page:
        said: Page = await client.get_users_mentions(
            own, since_id=tape.known, pagination_token=tape.token, max_results=PAGE, expansions=POST_EXPANSIONS,
            tweet_fields=POST_FIELDS, user_fields=USER_FIELDS, media_fields=MEDIA_FIELDS, user_auth=True,
        )  # fmt: skip
        return said

    return ask


def messages(client: Client) -> Ask:
    """Direct messages, newest first, as far back as X keeps them (30 days)."""

    async def ask(tape: Tape) -> Page:
        look = FIRST_LOOK if tape.known and not tape.token else PAGE
        said: Page = await client.get_direct_message_events(
            pagination_token=tape.token, max_results=look, expansions=DM_EXPANSIONS, dm_event_fields=DM_FIELDS,
            tweet_fields=["author_id", "text"], user_fields=USER_FIELDS, media_fields=MEDIA_FIELDS, user_auth=True,
        )  # fmt: skip
        return said

    return ask


async def walk(tape: Tape, meter: Meter, ask: Ask, priced: Priced) -> Read:
    """Page after page until what is known, the end, or enough for one poll."""
    found: list[Raw] = []
    for _ in range(PAGES):
        try:
            said = await ask(tape)
        except OmnichannelError as error:
            if tape.token is not None and isinstance(error, AccountBroken) and error.code == "400":
                tape = Tape(tape.known)  # the page's name has run out: the walk starts over
                continue
            return Read(tuple(reversed(found)), tape, meter, error)
        meter = meter.read(priced(said))
        items = things(said, "data")
        fresh = [one for one in items if _after(one, tape.known)]
        found += [_raw(one, said) for one in fresh]
        newest = _newest([tape.newest, tape.known, *map(identity, fresh)])
        token = word(part(said, "meta"), "next_token")
        if token is None or len(fresh) < len(items):
            return Read(tuple(reversed(found)), Tape(known=newest), meter)
        tape = Tape(known=tape.known, newest=newest, token=token)
    return Read(tuple(reversed(found)), tape, meter)


def price_of_mentions(said: Page) -> list[tuple[str, int]]:
    """Owned reads: one price for all that comes."""
    return _priced(said, {"data": OWNED_READ, "users": OWNED_READ, "tweets": OWNED_READ, "media": OWNED_READ})


def price_of_messages(said: Page) -> list[tuple[str, int]]:
    return _priced(said, {"data": DM_EVENT_READ, "users": USER_READ, "tweets": POST_READ, "media": MEDIA_READ})


def _priced(said: Page, prices: dict[str, int]) -> list[tuple[str, int]]:
    everything = {"data": parts(said, "data")} | {
        kind: parts(part(said, "includes"), kind) for kind in ("users", "tweets", "media")
    }
    return [
        (f"{kind[0]}{identity(one) or word(one, 'media_key')}", prices[kind])
        for kind, listed in everything.items()
        for one in listed
    ]


def _after(item: object, known: str | None) -> bool:
    """Whether this is newer than what is known: ids grow with time. What has no number is never passed over."""
    number = identity(item)
    if known is None or number is None or not (number.isascii() and number.isdigit()):
        return True
    return int(number) > int(known)


def _newest(numbers: list[str | None]) -> str | None:
    known = [one for one in numbers if one and one.isascii() and one.isdigit() and len(one) < 25]
    return max(known, key=int, default=None)


def _raw(item: object, said: Page) -> Raw:
    """One item as the API would give it alone: with its own people, pictures and posts, and nobody else's."""
    named = _names(item)
    includes = part(said, "includes")
    beside = {
        kind: [one for one in parts(includes, kind) if (identity(one) or word(one, "media_key")) in named]
        for kind in ("users", "media", "tweets")
    }
    held = {"data": item, "includes": {kind: listed for kind, listed in beside.items() if listed}}
    return Raw(json.dumps(held, separators=(",", ":")).encode())


def _names(item: object) -> set[str | None]:
    """Every id an item speaks of."""
    named = {word(item, key) for key in ("author_id", "sender_id", "in_reply_to_user_id")}
    named |= {word({"_": one}, "_") for one in things(item, "participant_ids")}
    named |= {identity(one) for one in parts(item, "referenced_tweets")}
    named |= {word({"_": one}, "_") for one in things(part(item, "attachments"), "media_keys")}
    return named - {None}
