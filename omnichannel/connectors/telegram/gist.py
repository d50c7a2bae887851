"""What a piece of news is about, in a line: the names, titles and words inside it, whatever kind it is."""

from collections.abc import Iterator

from omnichannel.connectors.reading import clean, word

LONGEST = 400
DEPTH = 5
# Words of a person's, in the order a person would read them; what else an object holds is the machine's.
_WORDS = (
    "title", "name", "text", "caption", "question", "query", "description", "prize_description", "bio", "total_amount",
    "currency", "invoice_payload", "paid_media_payload", "url", "phone_number", "email", "state", "city", "street_line1",
    "street_line2", "post_code",
)  # fmt: skip
_INSIDE = (
    "users", "user", "options", "tasks", "winners", "traveler", "watcher", "source", "gift", "shipping_address",
    "order_info", "suggested_post_message",
)  # fmt: skip


def with_gist(phrase: str, held: object) -> str:
    """“Nama grup diganti: RT 07.”; the phrase alone where there is nothing to add."""
    told = ", ".join(dict.fromkeys(one.strip() for one in _gist(held, 0) if one.strip()))
    told = told if len(told) <= LONGEST else f"{told[:LONGEST]}…"
    return f"{phrase.removesuffix('.')}: {told.removesuffix('.')}." if told else phrase


def _gist(held: object, depth: int) -> Iterator[str]:
    if isinstance(held, str):
        yield clean(held)
    elif isinstance(held, list) and depth < DEPTH:
        for one in held:
            yield from _gist(one, depth + 1)
    elif isinstance(held, dict) and depth < DEPTH:
        yield " ".join(filter(None, (word(held, "first_name"), word(held, "last_name"))))
        for key in _WORDS:
            yield word(held, key) or ""
        for key in _INSIDE:
            yield from _gist(held.get(key), depth + 1)
