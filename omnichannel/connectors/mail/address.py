"""Who wrote, and to whom: addresses as mail programs write them, groups and missing brackets included."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from omnichannel.connectors.mail import charset, header
from omnichannel.domain.message import Author

_ANGLE = re.compile(r"<([^<>]*)>?")
_BARE = re.compile(r"[^\s<>()\[\]:;,\"']{1,128}@[^\s<>()\[\]:;,\"']{1,255}")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+|\"[^\"\r\n]+\"@[^\s@<>\"(),:;\[\]\\]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address; either may be missing."""

    name: str | None
    address: str | None


def mailboxes(raw: bytes | None, hint: str | None = None) -> list[Mailbox]:
    """Every mailbox of an address header, in its order."""
    if not raw:
        return []
    text = re.sub(r"[\r\n\t]+", " ", charset.decode(raw[: header.LONGEST], None, hint))
    found = (_mailbox(piece, hint) for piece in _split(text))
    return [one for one in found if one.name or one.address]


def _split(text: str) -> list[str]:
    """Cut at commas and semicolons that stand outside quotes, comments and brackets; drop a group's name."""
    if "," not in text and ";" not in text and ":" not in text:
        return [text]
    pieces: list[str] = []
    piece: list[str] = []
    quoted = escaped = angled = False
    depth = 0
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\" and quoted:
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif not quoted and character == "(":
            depth += 1
        elif not quoted and character == ")" and depth:
            depth -= 1
        elif not quoted and not depth:
            if character in "<>":
                angled = character == "<"
            elif character in ",;" and not angled:
                pieces.append("".join(piece))
                piece = []
                continue
            elif character == ":" and not angled:
                piece = []  # "Forum RT: budi@…, ani@…;" names a group, nobody's address
                continue
        piece.append(character)
    # An unclosed quote or comment swallowed the rest: then every comma counts.
    if quoted or depth:
        return text.replace(";", ",").split(",")
    return [*pieces, "".join(piece)]


def _mailbox(text: str, hint: str | None) -> Mailbox:
    angle = list(_ANGLE.finditer(text))
    if angle and angle[-1].group(1).strip():
        name = text[: angle[-1].start()] + text[angle[-1].end() :]
        address = _tidy(header.words(angle[-1].group(1), hint))
        return Mailbox(_name(name, hint) or (None if address else _name(angle[-1].group(1), hint)), address)
    text = _ANGLE.sub(" ", text) if angle else text
    bare = _BARE.search(text)
    if bare is None or "=?" in bare.group():
        decoded = header.words(text, hint)
        bare = _BARE.search(decoded)
        if bare is None:
            return Mailbox(_name(text, hint), None)
        text = decoded
    return Mailbox(_name(text.replace(bare.group(), " ", 1), hint), _tidy(bare.group()))


def _name(text: str, hint: str | None) -> str | None:
    text = header.decoded(text.encode("utf-8", "replace"), hint) if text else ""
    text = re.sub(r'\\(["\\])', r"\1", text).strip().removeprefix('""').strip()
    for _ in range(3):
        if not (len(text) > 1 and text[0] in "\"'(" and text[-1] == {"(": ")"}.get(text[0], text[0])):
            break
        text = text[1:-1].strip()
    return text.strip(' "<>,;') or None


def _tidy(address: str) -> str | None:
    address = re.sub(r"\s+", "", address).strip("<>,;'").removeprefix("mailto:").removeprefix("smtp:").rstrip(".")
    return address.lower() if "@" in address.strip("@") and len(address) <= 320 else None


def valid(address: str) -> bool:
    """Whether mail can be sent there: one address, nothing that could slip in another header or recipient."""
    return (
        len(address) <= 254
        and address.isprintable()
        and _ADDRESS.fullmatch(address) is not None
        and not address.startswith((".", "-"))
        and ".." not in address.rpartition("@")[2]
    )


def author(candidates: Iterable[Mailbox], fallback: str) -> Author:
    """The first with an address; else the first with a name; else somebody known by this one mail only.

    Without an address the id is a hash of the name, so that the same nameless sender stays the same contact.
    """
    known = list(candidates)
    for one in known:
        if one.address:
            return Author(id=one.address, name=one.name, address=one.address)
    for one in known:
        if one.name:
            return Author(id="nama:" + _hash(one.name.casefold()), name=one.name)
    return Author(id="surat:" + fallback[:16])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
