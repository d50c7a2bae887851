"""What a server's refusal asks of us: "greylisted, try again in 300 seconds"."""

import re
from datetime import timedelta

_WISH = re.compile(
    r"(?:again|retry|later|wait|coba|tunggu|greylist\w*|graylist\w*|delay)\D{0,40}?(\d{1,6})\s*(s|m|h|d[ei]|j)",
    re.IGNORECASE,
)
_UNITS = {"s": 1, "d": 1, "m": 60, "h": 3600, "j": 3600}
_LONGEST = timedelta(hours=24)


def wish(text: str) -> timedelta | None:
    """The wait that a reply names in seconds, minutes or hours; None when it names none."""
    found = _WISH.search(text)
    if found is None:
        return None
    return min(timedelta(seconds=int(found.group(1)) * _UNITS[found.group(2)[0].lower()]), _LONGEST)
