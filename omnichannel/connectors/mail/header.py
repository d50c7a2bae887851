"""Header values: encoded words, parameters, Message-IDs and dates, read tolerantly."""

import binascii
import hashlib
import re
import urllib.parse
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from omnichannel.connectors.mail import charset, transfer

# Spaces inside the encoded text and a missing end are errors that many programs make.
_ENCODED_WORD = re.compile(r"=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]*)?\?([bBqQ])\?(.*?)(?:\?=|\Z)", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[A-Za-z0-9_.:+-]+(?:\*[A-Za-z0-9-]*)?\?[bBqQ]\?)")
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PARAMETER = re.compile(r""";\s*([^\s=;"*]+)(\*\d+)?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)("?)|([^;]*))""", re.DOTALL)
LONGEST = 64_000  # no program writes a longer header; beyond it only an attack on our patience goes on
_ID = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Parameters:
    """`text/plain; charset=utf-8` taken apart; value and names in lower case."""

    value: str
    named: dict[str, str] = field(default_factory=dict)


def decoded(raw: bytes | None, hint: str | None = None) -> str:
    """A header as a person reads it: encoded words decoded, one line, no control characters."""
    if not raw:
        return ""
    text = charset.decode(raw[:LONGEST], None, hint)
    if "=?" in text:
        text = words(text, hint)
    return _CONTROL.sub("", _SPACES.sub(" ", text)).strip()


def charset_of(raw: bytes | None) -> str | None:
    """The charset of a header's first encoded word."""
    found = _ENCODED_WORD.search(raw[:LONGEST].decode("latin-1")) if raw and b"=?" in raw else None
    return found.group(1).lower() if found else None


def words(text: str, hint: str | None = None) -> str:
    """Decode RFC 2047 words, also glued, cut off, folded inside, and words within words."""
    for _ in range(3):
        joined = _BETWEEN_WORDS.sub(r"\1", text)
        after = _decode_runs(joined, hint)
        if after == text or "=?" not in after:
            return after
        text = after
    return text


def _decode_runs(text: str, hint: str | None) -> str:
    """Neighbours in one charset are joined as bytes first: senders cut in the middle of a character."""
    out: list[str] = []
    run: list[bytes] = []
    label = ""
    at = 0
    for word in _ENCODED_WORD.finditer(text):
        if word.start() > at or (run and word.group(1).lower() != label):
            out.append(charset.decode(b"".join(run), label, hint))
            out.append(text[at : word.start()])
            run = []
        label = word.group(1).lower()
        run.append(_word_bytes(word.group(2), word.group(3)))
        at = word.end()
    if run:
        out.append(charset.decode(b"".join(run), label, hint))
    out.append(text[at:])
    return "".join(out)


def _word_bytes(kind: str, body: str) -> bytes:
    data = body.encode("utf-8", "surrogateescape")
    if kind in "bB":
        return transfer.base64(data)
    return binascii.a2b_qp(data.replace(b"\r", b"").replace(b"\n", b""), header=True)


def parameters(raw: bytes) -> Parameters:
    """The value and its named parameters, RFC 2231 continuations and charsets included."""
    if not raw:
        return Parameters("")
    text = charset.decode(raw[:LONGEST])
    value, _, _ = text.partition(";")
    value = _SPACES.sub("", value).lower().strip("\"'<>")
    if ";" not in text:
        return Parameters(value)
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(text, len(text.partition(";")[0])):
        name, number, starred, quoted, _, bare = found.groups()
        content = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None and "\\" in quoted else quoted
        content = bare.strip() if content is None else content
        if number is None and starred is None:
            plain.setdefault(name.lower(), content)
        else:
            pieces.setdefault(name.lower(), []).append((int((number or "*0")[1:6]), starred is not None, content))
    for name, parts in pieces.items():
        plain[name] = _continued(parts)
    return Parameters(value, plain)


def _continued(parts: list[tuple[int, bool, str]]) -> str:
    """RFC 2231: `name*0*=utf-8'id'Surat%20; name*1="lain.pdf"`."""
    label = "utf-8"
    out: list[bytes] = []
    for position, (_, encoded, content) in enumerate(sorted(parts, key=lambda part: part[0])):
        if encoded and position == 0 and content.count("'") >= 2:
            label, _, content = content.split("'", 2)
        out.append(urllib.parse.unquote_to_bytes(content) if encoded else content.encode("utf-8", "surrogateescape"))
    return charset.decode(b"".join(out), label or "utf-8")


def file_name(part_disposition: Parameters, part_type: Parameters) -> str | None:
    """The name a sender gave a file, without path, control or direction characters; None when there is none."""
    name = part_disposition.named.get("filename") or part_type.named.get("name") or ""
    return safe_name(words(name) if "=?" in name else name)


def safe_name(name: str) -> str | None:
    """A name that is only a name. A right-to-left mark, for one, would show `gpj.exe` as `exe.jpg`."""
    name = _CONTROL.sub("", _SPACES.sub(" ", name)).replace("\\", "/").rsplit("/", 1)[-1].strip(" .\"'")
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = stem[: 190 - len(ending)] + dot + ending if dot and len(ending) <= 10 else name[:200]
    return name or None


def ids(raw: bytes | None) -> tuple[str, ...]:
    """Message-IDs without angle brackets, each once, in their order. An empty one is none."""
    if not raw:
        return ()
    text = charset.decode(raw[:LONGEST])
    found = _ID.findall(text)
    if not found:
        tokens = text.replace("<", " ").replace(">", " ").split()
        found = tokens if len(tokens) == 1 else [token for token in tokens if "@" in token]
    cleaned = (_CONTROL.sub("", _SPACES.sub("", one)).strip("<>") for one in found)
    return tuple(dict.fromkeys(_short_id(one) for one in cleaned if one))


def _short_id(one: str) -> str:
    """RFC 5322 allows a line of 998; what is longer still names the same thread under a hash of it."""
    return one if len(one) <= 998 else "panjang:" + hashlib.sha256(one.encode("utf-8", "replace")).hexdigest()


# Mail programs set to Indonesian write names that no standard knows; so do some clocks.
_INDONESIAN = {
    "minggu": "sun", "senin": "mon", "selasa": "tue", "rabu": "wed", "kamis": "thu", "jumat": "fri", "sabtu": "sat",
    "min": "sun", "sen": "mon", "sel": "tue", "rab": "wed", "kam": "thu", "jum": "fri", "sab": "sat", "jum'at": "fri",
    "januari": "jan", "februari": "feb", "pebruari": "feb", "maret": "mar", "april": "apr", "mei": "may", "juni": "jun",
    "juli": "jul", "agustus": "aug", "agu": "aug", "agt": "aug", "agst": "aug", "ags": "aug", "september": "sep",
    "oktober": "oct", "okt": "oct", "november": "nov", "nopember": "nov", "nop": "nov", "desember": "dec", "des": "dec",
    "wib": "+0700", "wita": "+0800", "wit": "+0900",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z']+")
_EARLIEST, _LATEST = 1980, 2100


def moment(raw: bytes | None) -> datetime | None:
    """A Date header as aware UTC; None for what is no date. Without a zone it is taken as UTC."""
    if not raw:
        return None
    text = _WORD.sub(lambda word: _INDONESIAN.get(word.group().lower(), word.group()), decoded(raw[:200]))
    return _rfc_date(text) or _iso_date(text)


def _rfc_date(text: str) -> datetime | None:
    try:
        fields = parsedate_tz(text)
        if fields is None:
            return None
        offset = timedelta(seconds=fields[9] or 0)
        zone = timezone(offset) if abs(offset) < timedelta(hours=24) else UTC
        return _believable(datetime(*fields[:5], min(fields[5], 59), tzinfo=zone))
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _iso_date(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return _believable(found if found.tzinfo else found.replace(tzinfo=UTC))


def _believable(when: datetime) -> datetime | None:
    return when.astimezone(UTC) if _EARLIEST <= when.year <= _LATEST else None
