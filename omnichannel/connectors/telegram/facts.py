"""What is known of the Bot API without speaking to it."""

import json

# Captions of 0-1024 characters: https://core.telegram.org/bots/api#sendphoto (2026-11-22).
CAPTION_LIMIT = 1024
PUBLIC_SERVER = "https://api.telegram.org"

# Bots can download files of up to 20 MB: https://core.telegram.org/bots/api#getfile (2026-11-22).
DOWNLOAD_LIMIT = 20 * 1024 * 1024


def bot_id(token: str) -> int | None:
    """Our own id, which the token begins with: receiving need not wait for the network."""
    number = token.partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 20 else None


def as_json(thing: object) -> bytes:
    """One update as the ledger keeps it; ASCII, so that half a surrogate pair survives."""
    return json.dumps(thing, separators=(",", ":")).encode()
