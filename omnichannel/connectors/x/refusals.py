"""What X's refusals mean, and who can mend them.

Shapes: a problem {"title", "detail", "type", "status"}, or {"errors": [{"code", "message"} or problems]}
(https://docs.x.com/x-api/fundamentals/response-codes-and-errors, 2026-11-22).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import tweepy

from omnichannel.connectors.http import Answer
from omnichannel.connectors.reading import parts, whole, word
from omnichannel.connectors.x import words
from omnichannel.domain.errors import AccountBroken, OmnichannelError, Refused, TooLong, TryLater, Unsure

LIMITS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal, read: everything it says in small letters, and its numbers."""

    said: str
    shown: str
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Response:
    """What tweepy's exceptions want of a response."""

    status: int
    reason: str


class PaymentRequired(tweepy.HTTPException):
    """402: the prepaid credits are used up. tweepy 4.17 knows no such answer."""


_KINDS = {
    400: tweepy.BadRequest,
    401: tweepy.Unauthorized,
    402: PaymentRequired,
    403: tweepy.Forbidden,
    404: tweepy.NotFound,
    429: tweepy.TooManyRequests,
}


def of(answer: Answer, *, sending: bool) -> OmnichannelError:
    """Our error for an answer that is no success, with tweepy's as its cause."""
    told = read(answer.json())
    found = _ours(answer, told) or (_of_sending(answer, told) if sending else _of_asking(answer, told))
    kind = _KINDS.get(answer.status) or (tweepy.TwitterServerError if answer.status >= 500 else tweepy.HTTPException)
    listed = [{"code": code, "message": told.shown} for code in told.codes] or [{"message": told.shown}]
    found.__cause__ = kind(_Response(answer.status, ""), response_json={"errors": listed})
    return found


def of_upload(answer: Answer) -> OmnichannelError:
    """As of sending, but nobody has seen anything yet: it may simply be done again."""
    found = of(answer, sending=True)
    if isinstance(found, Unsure):
        return TryLater(f"Server X terganggu saat mengunggah ({answer.status}).", after=answer.wish())
    return found


def read(said: Any) -> Told:
    """Every word of a refusal, whatever its shape."""
    errors = [said, *parts(said, "errors")] if isinstance(said, dict) else []
    keys = ("title", "detail", "message", "type", "reason", "error", "error_description")
    texts = [text for one in errors for key in keys if (text := word(one, key))]
    shown = next(
        (text for one in reversed(errors) for key in ("detail", "message", "title") if (text := word(one, key))), ""
    )
    codes = frozenset(code for one in errors if (code := whole(one, "code")) is not None)
    return Told(" ".join(texts).lower(), shown[:300], codes)


def patience(headers: Mapping[str, str]) -> timedelta | None:
    """How long until the limit we hit is lifted, by X's own clock: ours may be wrong by more than the wait."""
    resets = [
        reset
        for name in LIMITS
        if (reset := _number(headers.get(f"{name}-reset"))) is not None
        and (name == LIMITS[0] or _number(headers.get(f"{name}-remaining")) == 0)
    ]
    if not resets:
        return None
    return min(max(timedelta(seconds=max(resets) - _now(headers)), timedelta(seconds=1)), DAY)


def _ours(answer: Answer, told: Told) -> OmnichannelError | None:
    """What speaks of our own account or of time, whatever we asked."""
    if answer.status == 429:
        if words.USAGE_CAP in told.said:
            return AccountBroken(words.NO_CREDITS, code="usage_capped")
        return TryLater(words.WAIT, after=patience(answer.headers) or answer.wish())
    if answer.status == 402:
        return AccountBroken(words.NO_CREDITS, code="402")
    ours = next((text for sign, text in words.OUR_TROUBLE if sign in told.said), None)
    if ours is not None:
        return AccountBroken(ours, code=str(answer.status))
    if answer.status == 401 or told.codes & words.OUR_CODES:
        return AccountBroken(words.BAD_KEYS, code="401")
    if 300 <= answer.status < 400:
        return AccountBroken(words.MOVED, code=str(answer.status))
    return None


def _of_asking(answer: Answer, told: Told) -> OmnichannelError:
    """Nothing was changed, so trouble at their side is only a delay."""
    if answer.status >= 500 or answer.status == 408 or answer.ok:
        return TryLater(f"Server X terganggu ({answer.status}).", after=answer.wish())
    if answer.status == 403:
        return AccountBroken(f"X tidak mengizinkan akun ini membaca: {told.shown or 403}", code="403")
    if answer.status in (400, 404):
        return AccountBroken(f"X tidak mengenali permintaan kita: {told.shown or answer.status}. Periksa user_id.", code=str(answer.status))  # fmt: skip
    return TryLater(f"X menjawab {answer.status}.", after=answer.wish())


def _of_sending(answer: Answer, told: Told) -> OmnichannelError:
    """A 5xx may come after the words went out: their word is needed, and it did not come."""
    if answer.ok or answer.status >= 500 or answer.status == 408:
        return Unsure(f"X tidak memberi jawaban yang jelas ({answer.status}). Periksa di X apakah kiriman terbit.")
    if told.codes & {185, 344} or "daily limit" in told.said:
        return TryLater(words.TOO_MANY, after=timedelta(hours=1))
    if 186 in told.codes or "too long" in told.said:
        return TooLong("Kiriman lebih panjang daripada yang diizinkan X.", code=str(answer.status))
    known = next((words.CODES[code] for code in sorted(told.codes) if code in words.CODES), None)
    known = known or next((text for sign, text in words.REFUSALS if sign in told.said), None)
    if known is None and answer.status == 404:
        known = words.GONE
    return Refused(known or f"X menolak: {told.shown or answer.status}", code=str(answer.status))


def _number(text: str | None) -> int | None:
    return int(text[:15]) if text and text.isascii() and text.isdigit() else None


def _now(headers: Mapping[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (ValueError, TypeError):
        return time.time()
