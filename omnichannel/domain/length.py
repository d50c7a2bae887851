"""How long a text is by a platform's own measure, and how a long one is cut into several messages.

Most platforms count letters; Instagram counts bytes, X weighs.
"""

import re
import unicodedata
from enum import StrEnum

# X: https://developer.x.com/en/docs/counting-characters and twitter-text's configuration v3 (2026-11-22).
LINK = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))  # these weigh one, every other code point two
# What X turns into a t.co link: an address, or a bare name under one of the usual endings.
LINKS = re.compile(
    r"https?://[^\s<>\"]+|(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:com|net|org|info|biz|edu|gov|co|id|io|me|tv|app|dev|xyz|my|sg|asia)(?![\w-])(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_SIGN = "[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_ONE = f"{_SIGN}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[#*0-9]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE})*")

# Where a long text is best cut, best first: between paragraphs, lines, sentences, words.
SEAMS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))
SHORTEST = 0.4  # of the limit: a seam before this would make crumbs


class Count(StrEnum):
    """What a platform's limit counts."""

    LETTERS = "letters"
    BYTES = "bytes"
    WEIGHT = "weight"


def length(text: str, counts: Count = Count.LETTERS) -> int:
    """By that measure."""
    if counts is Count.WEIGHT:
        return weight(text)
    return len(text.encode("utf-8", "replace")) if counts is Count.BYTES else len(text)


def weight(text: str) -> int:
    """X's: most letters weigh 1, others 2, a link 23 and an emoji 2."""
    text = unicodedata.normalize("NFC", text)
    links = len(LINKS.findall(text))
    rest = LINKS.sub("", text)
    emoji = len(EMOJI.findall(rest))
    rest = EMOJI.sub("", rest)
    return LINK * links + 2 * emoji + sum(1 if _is_light(ord(one)) else 2 for one in rest)


def cut(text: str, limit: int, counts: Count = Count.LETTERS) -> tuple[str, ...]:
    """The text in pieces that each fit, cut where a reader would pause; one piece where it fits whole."""
    pieces, rest = [], text.strip()
    while length(rest, counts) > limit:
        most = _fitting(rest, limit, counts)
        at = _seam(rest, most)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return (*pieces, rest) if rest or not pieces else tuple(pieces)


def _is_light(point: int) -> bool:
    return any(start <= point <= end for start, end in LIGHT)


def _fitting(text: str, limit: int, counts: Count) -> int:
    """How many of its first characters fit; at least one, so that cutting always ends."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle], counts) <= limit else (low, middle - 1)
    return low


def _seam(text: str, most: int) -> int:
    """The last good place to cut within the first `most` characters."""
    for seam in SEAMS:
        ends = [match.end() for match in seam.finditer(text, 0, most + 1) if match.start() <= most]
        if ends and ends[-1] >= most * SHORTEST:
            return ends[-1]
    return most
