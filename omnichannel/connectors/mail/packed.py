"""Text inside wrappings: signed messages, PGP armour, flowed lines, invitations."""

import re
from collections.abc import Iterator

_DATA_OID = bytes.fromhex("06092a864886f70d010701")
_CONSTRUCTED_OCTETS, _OCTETS, _EXPLICIT = 0x24, 0x04, 0xA0
_CLEARSIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n((?:[A-Za-z-]+:[^\n]*\n)*)[ \t]*\n(.*?)"
    r"^(-----BEGIN PGP SIGNATURE-----.*?(?:^-----END PGP SIGNATURE-----[ \t]*$|\Z))",
    re.MULTILINE | re.DOTALL,
)
_TAG = re.compile(r"<<|<[^<>]{1,200}>")
_INVITE = {
    "SUMMARY": "Acara", "DTSTART": "Mulai", "DTEND": "Selesai", "LOCATION": "Tempat", "ORGANIZER": "Penyelenggara",
    "STATUS": "Status", "DESCRIPTION": "Keterangan", "COMMENT": "Catatan",
}  # fmt: skip


def signed_content(data: bytes) -> bytes | None:
    """The mail inside an opaque S/MIME signature (`smime.p7m`), None when it is encrypted or cut off.

    Only unwrapped, not verified: CMS SignedData → EncapsulatedContentInfo → OCTET STRING, in DER or BER.
    """
    at = data.find(_DATA_OID)
    if at < 0:
        return None
    at += len(_DATA_OID)
    if data[at : at + 1] != bytes([_EXPLICIT]):
        return None
    _, start, end = _element(data, at)
    chunks = b"".join(_octets(data, start, end))
    return chunks or None


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, where its content begins, where it ends); an indefinite length ends where the data does."""
    tag, length = data[at], data[at + 1] if at + 1 < len(data) else 0
    if length < 0x80:
        return tag, at + 2, min(at + 2 + length, len(data))
    width = length & 0x7F
    if width == 0:
        return tag, at + 2, len(data)
    size = int.from_bytes(data[at + 2 : at + 2 + width], "big")
    return tag, at + 2 + width, min(at + 2 + width + size, len(data))


def _octets(data: bytes, at: int, end: int) -> Iterator[bytes]:
    """The pieces of a (constructed) OCTET STRING in order, stopping at the end-of-contents mark."""
    while at + 1 < end and data[at] in (_OCTETS, _CONSTRUCTED_OCTETS):
        tag, start, stop = _element(data, at)
        if tag == _OCTETS:
            yield data[start : min(stop, end)]
            at = stop
        else:
            at = start  # go inside; its pieces follow one after another


def without_armour(text: str) -> tuple[str, str]:
    """(the text that was signed, the armour and signature around it)."""
    if "-----BEGIN PGP SIGNED MESSAGE-----" not in text:
        return text, ""
    aside: list[str] = []

    def open_(found: re.Match[str]) -> str:
        aside.extend(piece.strip() for piece in (found.group(1), found.group(3)) if piece.strip())
        return re.sub(r"^- ", "", found.group(2), flags=re.MULTILINE)

    return _CLEARSIGNED.sub(open_, text), "\n".join(aside)


def unflowed(text: str, *, delete_space: bool) -> str:
    """RFC 3676: a line that ends in a space goes on in the next one of the same quote depth."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        if bare.startswith(" "):
            bare = bare[1:]
        if open_depth == depth and bare != "-- ":
            out[-1] = (out[-1][:-1] if delete_space else out[-1]) + bare
        else:
            out.append(">" * depth + (" " if depth else "") + bare)
        open_depth = depth if bare.endswith(" ") and bare != "-- " else None
    return "\n".join(out)


def enriched(text: str) -> str:
    """text/enriched without its commands: `<bold>awas</bold>`; `<<` is a written `<`."""
    text = re.sub(r"<param>.*?</param>", "", text, flags=re.IGNORECASE | re.DOTALL)
    return _TAG.sub(lambda found: "<" if found.group() == "<<" else "", text)


def invitation(text: str) -> str:
    """An iCalendar file in words: what, when, where."""
    unfolded = re.sub(r"\n[ \t]", "", text)
    out: list[str] = []
    for line in unfolded.split("\n"):
        name, _, value = line.partition(":")
        label = _INVITE.get(name.partition(";")[0].upper())
        if label and value.strip():
            value = re.sub(r"\\([nN])", "\n", value)
            out.append(f"{label}: " + re.sub(r"\\(.)", r"\1", value).strip())
    return "\n".join(dict.fromkeys(out))
