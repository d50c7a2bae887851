"""Bytes to text when the label lies: nothing is ever lost, nothing ever raises."""

import codecs
import re

# Labels that mean less than the bytes sent under them: each is read with the wider set that holds it.
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "euc-cn": "gb18030", "hz-gb-2312": "hz", "big5": "cp950", "x-x-big5": "cp950", "big-5": "cp950",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949",
    "iso-2022-jp": "iso2022_jp_2", "iso-2022-jp-1": "iso2022_jp_2", "cp50220": "iso2022_jp_2",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8", "utf-8-mac": "utf-8",
    "windows-874": "cp874", "tis-620": "cp874", "iso-8859-11": "cp874", "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic", "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "iso-8859-9": "cp1254", "latin-9": "iso-8859-15", "ansi": "cp1252",
    "x-ansi": "cp1252", "windows1252": "cp1252", "unicode": "utf-16", "ucs-2": "utf-16", "iso-10646-ucs-2": "utf-16",
}  # fmt: skip

# These labels are put on anything; the bytes themselves decide between UTF-8 and Windows' Western set.
_SAYS_NOTHING = frozenset({
    "", "ascii", "us-ascii", "ansi_x3.4-1968", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "iso_8859-1", "cp1252",
    "windows-1252", "unknown", "unknown-8bit", "x-unknown", "default", "none", "binary", "8bit", "7bit", "default_charset",
    "x-user-defined", "user-defined", "utf-8", "utf8",
})  # fmt: skip

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MULTIBYTE = frozenset({
    "gb18030", "cp950", "cp932", "cp949", "euc_jp", "big5hkscs", "gbk", "euc_kr", "big5", "johab",
})  # fmt: skip
_TELLING = 10  # bytes beyond ASCII from which on a text tells in which script it is
_CODE_PAGE = re.compile(r"^(?:x-)?(?:cp|win|windows|ibm|ms|microsoft-cp)[-_]?(\d{3,4})$")  # "win-1251", "cp-850", …
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\([BJI]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


def _western(error: UnicodeError) -> tuple[str, int]:
    """One byte that does not fit is read as Windows-1252, or as itself where that set has a hole."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    try:
        return byte.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return byte.decode("latin-1"), error.start + 1


codecs.register_error("omnichannel-western", _western)


def decode(data: bytes, label: str | None = None, hint: str | None = None) -> str:
    """The text of `data`: by its byte-order mark, its label, the message's other label, UTF-8, Windows-1252.

    The result holds no NUL, no lone surrogate and no other character that a database refuses.
    """
    if data.isascii() and b"\x1b" not in data and _is_plain(label):
        return clean(data.decode("ascii"))
    for bom, name in _BOMS:
        if data.startswith(bom):
            return clean(data[len(bom) :].decode(name, "omnichannel-western" if name == "utf-8" else "replace"))
    wanted = _known(label)
    if wanted is None or _is_plain(label):
        return clean(_unlabelled(data, _known(hint) if not _is_plain(hint) else None))
    return clean(_labelled(data, wanted))


def clean(text: str) -> str:
    """Without what neither a screen nor PostgreSQL can hold; every line ends in a line feed."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNPRINTABLE.sub("", text)


def known(label: str | None) -> bool:
    """Whether a charset of this name exists at all."""
    return _known(label) is not None


def _normal(label: str | None) -> str:
    return (label or "").strip().strip("\"'<>;, ").lower().replace(" ", "")


def _is_plain(label: str | None) -> bool:
    return _normal(label) in _SAYS_NOTHING


def _known(label: str | None) -> str | None:
    """Python's name of the set; None for one that nobody defined."""
    name = _normal(label)
    name = _WIDER.get(name, name)
    if not name or len(name) > 40 or not name.isascii():
        return None
    found = _codec(name) or _codec(name.removeprefix("x-")) or _codec(_CODE_PAGE.sub(r"cp\1", name))
    if found is None:
        return None
    # "rot13", "hex" and their like are codecs too, but no character sets.
    return found.name if found._is_text_encoding and found.name not in {"idna", "punycode", "undefined"} else None


def _codec(name: str) -> codecs.CodecInfo | None:
    try:
        return codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None


def _unlabelled(data: bytes, hint: str | None) -> str:
    if _ISO_2022_JP.search(data):
        try:
            return data.decode("iso2022_jp_2")
        except UnicodeDecodeError:
            pass
    try:
        # A short word of two-byte letters may fit UTF-8 by chance; then the hint is right.
        if hint not in _MULTIBYTE or _looks_like_utf8(data, hint):
            return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if hint is not None and not hint.startswith(("utf-7", "utf-16", "utf-32")):
        try:
            return data.decode(hint)
        except UnicodeError:
            pass
    return data.decode(_eastern(data) or "utf-8", "omnichannel-western")


def _eastern(data: bytes) -> str | None:
    """A set for text that is hardly Western: more letters beyond ASCII than within, as no Latin writing has."""
    beyond = [byte for byte in data if byte >= 0x80]
    if len(beyond) < _TELLING or len(beyond) < 2 * sum(bytes([byte]).isalpha() for byte in data if byte < 0x80):
        return None
    try:
        if sum("\u4e00" <= one <= "\u9fff" for one in data.decode("gb18030")) * 3 > len(beyond):
            return "gb18030"
    except UnicodeDecodeError:
        pass
    letters = [byte for byte in beyond if byte >= 0xC0]
    if len(letters) * 10 < len(beyond) * 9:
        return None
    # Most letters are small ones: KOI8-R keeps them in the lower half, Windows in the upper.
    return "cp1251" if sum(byte >= 0xE0 for byte in letters) * 2 >= len(letters) else "koi8-r"


def _labelled(data: bytes, name: str) -> str:
    if name.startswith(("utf-16", "utf-32")):
        # Such text is half NULs; without a single one the label is a lie.
        return _wide(data, name) if b"\x00" in data or not data.isascii() else data.decode("ascii")
    try:
        text = data.decode(name)
    except UnicodeError:
        text = None
    if text is not None and not _looks_like_utf8(data, name):
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return text if text is not None else data.decode(name, "omnichannel-western")
    except (UnicodeError, LookupError, RuntimeError):
        return data.decode("utf-8", "omnichannel-western")


def _wide(data: bytes, name: str) -> str:
    """UTF-16 or 32, whose byte order may be missing: the half that is mostly NUL is the high one."""
    if name in {"utf-16", "utf-32"}:
        step = 2 if name == "utf-16" else 4
        name += "-be" if data[0::step].count(0) > data[step - 1 :: step].count(0) else "-le"
    text = data.decode(name, "replace")
    if text.count("\ufffd") * 10 > len(text):
        return data.replace(b"\x00", b"").decode("utf-8", "omnichannel-western")
    return text


def _looks_like_utf8(data: bytes, name: str) -> bool:
    """UTF-8 sent under a single-byte label: the bytes fit UTF-8 to the last one, which chance hardly does."""
    if name.startswith(("utf", "iso2022", "hz")) or data.isascii():
        return False
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    # Two or three bytes of a Chinese word may fit by chance; a longer run hardly.
    return name not in _MULTIBYTE or sum(not character.isascii() for character in text) >= 4
