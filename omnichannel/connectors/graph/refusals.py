"""What the Graph's error codes mean, and who can mend them.

Codes common to all of Meta: https://developers.facebook.com/docs/graph-api/guides/error-handling (2026-11-22). Each
product adds its own table; a key is a code, or a (code, subcode) that goes first. Messages are prose and may change:
they are shown, and decide only where Meta gives two troubles one code.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

import facebook

from omnichannel.connectors.http import Answer, judge
from omnichannel.connectors.reading import part, parts, whole, word
from omnichannel.domain.errors import (
    AccountBroken,
    OmnichannelError,
    Refused,
    TooLong,
    TryLater,
    Unsure,
    WindowClosed,
)

SHOWN = 200


class Who(Enum):
    """Who can mend it."""

    ACCOUNT = "administrator"
    LATER = "time"
    REFUSED = "writer"
    WINDOW = "citizen"
    LONG = "shorten"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means to staff; `after` is how long to wait where the answer itself does not say."""

    who: Who
    words: str
    after: timedelta | None = None


Codes = Mapping[int | tuple[int, int], Meaning]

_TOKEN = Meaning(
    Who.ACCOUNT, "Meta menolak token akun ini: kedaluwarsa, dicabut, atau salah. Buat token baru, lalu perbarui."
)
_RIGHTS = Meaning(Who.ACCOUNT, "Token akun ini tidak punya izin untuk tindakan itu. Periksa izin aplikasi di Meta.")
_BLOCKED = Meaning(Who.ACCOUNT, "Meta membatasi akun ini karena melanggar kebijakan. Lihat Business Support Home.")
_WAIT = Meaning(Who.LATER, "Meta meminta kita menunggu: terlalu banyak panggilan.")
_TROUBLED = Meaning(Who.LATER, "Server Meta sedang terganggu.")
_PROOF = Meaning(Who.ACCOUNT, "APP_SECRET bukan milik aplikasi yang membuat token ini. Periksa keduanya.")

COMMON: Codes = {
    0: _TOKEN,
    102: _TOKEN,
    190: _TOKEN,
    3: _RIGHTS,
    10: _RIGHTS,
    **dict.fromkeys(range(200, 300), _RIGHTS),
    368: _BLOCKED,
    1: _TROUBLED,
    2: _TROUBLED,
    4: _WAIT,
    17: _WAIT,
    32: _WAIT,
    341: _WAIT,
    613: _WAIT,
    # Business use cases: https://developers.facebook.com/docs/graph-api/overview/rate-limiting (2026-11-22).
    **dict.fromkeys(range(80000, 80015), _WAIT),
}


def said(answer: Answer) -> facebook.GraphAPIError:
    """The SDK's error of an answer, whatever the answer is."""
    body = answer.json()
    if isinstance(body, dict) and body.get("error"):
        return facebook.GraphAPIError(body)
    return facebook.GraphAPIError({"error": {"message": f"HTTP {answer.status}", "type": "Transport", "code": None}})


def of(error: facebook.GraphAPIError, answer: Answer, *, sending: bool, codes: Codes) -> OmnichannelError:
    """Our error for an answer that is no success."""
    told = part(error.result, "error")
    code, subcode = _number(told, "code"), _number(told, "error_subcode")
    if code is None:
        return _bare(answer, sending=sending)
    meaning = _meaning(code, subcode, told, codes)
    if meaning is None:
        return _unknown(code, told, answer, sending=sending)
    return _raised(meaning, code, answer)


def _meaning(code: int, subcode: int | None, told: Mapping[str, object], codes: Codes) -> Meaning | None:
    if code == 100 and "appsecret_proof" in (word(told, "message") or ""):
        return _PROOF
    if subcode is not None:
        found = codes.get((code, subcode)) or COMMON.get((code, subcode))
        if found is not None:
            return found
    return codes.get(code) or COMMON.get(code)


def _raised(meaning: Meaning, code: int, answer: Answer) -> OmnichannelError:
    if meaning.who is Who.LATER:
        return TryLater(meaning.words, after=answer.wish() or _regain(answer) or meaning.after)
    kinds = {Who.ACCOUNT: AccountBroken, Who.WINDOW: WindowClosed, Who.LONG: TooLong}
    return kinds.get(meaning.who, Refused)(meaning.words, code=str(code))


def _unknown(code: int, told: Mapping[str, object], answer: Answer, *, sending: bool) -> OmnichannelError:
    """A code of the future. What Meta calls transient is; what it blames on itself may have happened all the same."""
    if told.get("is_transient") is True or answer.status == 429:
        return TryLater(_WAIT.words, after=answer.wish() or _regain(answer))
    if answer.status == 401:
        return AccountBroken(_TOKEN.words, code=str(code))
    if answer.status >= 500:
        if sending:
            return Unsure(f"Server Meta terganggu ({code}) setelah pesan berangkat. Periksa di kanalnya.")
        return TryLater(f"Server Meta terganggu ({code}).", after=answer.wish())
    return Refused(f"Meta menolak ({code}): {in_words(told)}", code=str(code))


def _bare(answer: Answer, *, sending: bool) -> OmnichannelError:
    """No code at all: a proxy spoke, or an answer was torn."""
    if answer.ok:
        if sending:
            return Unsure("Meta menjawab dengan sesuatu yang tidak terbaca. Periksa di kanalnya apakah pesan sampai.")
        return TryLater("Jawaban Meta tidak dapat dibaca.")
    if answer.status == 403 and not sending:
        # Without a code of the Graph it is a gate in between, and a question can wait for it.
        return TryLater("Sebuah gerbang di depan server Meta menolak (403).")
    return judge(answer, sending=sending) or TryLater("Jawaban Meta tidak dapat dibaca.")


def in_words(told: Mapping[str, object]) -> str:
    """The most telling of what Meta says about an error."""
    data = told.get("error_data")
    details = word(data, "details") if isinstance(data, Mapping) else word(told, "error_data")
    texts = (details, word(told, "error_user_msg"), word(told, "message"), word(told, "title"))
    return next((one for one in texts if one), "tanpa keterangan")[:SHOWN]


def _regain(answer: Answer) -> timedelta | None:
    """How long until a business use case may call again; Meta counts in minutes (same page as the 80000s)."""
    try:
        use = json.loads(answer.headers.get("x-business-use-case-usage", ""))
    except ValueError:
        return None
    minutes = [
        whole(one, "estimated_time_to_regain_access") or 0
        for business in (use if isinstance(use, dict) else {})
        for one in parts(use, business)
    ]
    return timedelta(minutes=min(max(minutes), 24 * 60)) if any(minutes) else None


def _number(told: Mapping[str, object], key: str) -> int | None:
    """A code, which some gateways write as text."""
    text = word(told, key) or ""
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 12 else None
