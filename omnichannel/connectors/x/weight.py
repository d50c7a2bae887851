"""How long a post is by X's own measure: 280, where most letters weigh 1, others 2, a link 23 and an emoji 2.

https://developer.x.com/en/docs/counting-characters and twitter-text's configuration v3 (2026-11-22).
"""

import re
import unicodedata

POST_LIMIT = 280
LINK = 23
# Code points that weigh one; every other weighs two.
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

# What X turns into a t.co link: an address, or a bare name under one of the usual endings.
LINKS = re.compile(
    r"https?://[^\s<>\"]+|(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:com|net|org|info|biz|edu|gov|co|id|io|me|tv|app|dev|xyz|my|sg|asia)(?![\w-])(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_SIGN = "[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_ONE = f"{_SIGN}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[#*0-9]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE})*")


def weight(text: str) -> int:
    """The weighted length."""
    text = unicodedata.normalize("NFC", text)
    links = len(LINKS.findall(text))
    rest = LINKS.sub("", text)
    emoji = len(EMOJI.findall(rest))
    rest = EMOJI.sub("", rest)
    return LINK * links + 2 * emoji + sum(_heavy(ord(one)) for one in rest)


def has_link(text: str) -> bool:
    """Whether X would charge this as a post with a link."""
    return LINKS.search(text) is not None


def _heavy(point: int) -> int:
    return 1 if any(start <= point <= end for start, end in LIGHT) else 2
