"""The last look at words that leave the house for everybody to read: stricter than `privacy.mask`, which serves our own screens.

What a citizen hides from a machine by accident (spaces, points, line breaks, HTML, other scripts' digits, a letter O for
a zero) hides nothing here. A number that could be somebody's is dotted out whole: a lost order number does no harm, a
shown NIK does. Dates, times, amounts, coordinates and our own register numbers stay.
"""

import html
import re
import unicodedata

from omnichannel.domain.privacy import DOT, mask

MAIL = "[surel]"
OWN = "[pelapor]"
IDENTITY = 16
FROM_HERE_A_NUMBER = 10  # solid digits: more than any amount or address needs without points
PHONE = range(8, 16)  # E.164 allows 15
SHORTEST_NAME = 4

_COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
_BREAK = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|tr|td|th|h[1-6]))\b[^<>]{0,300}>", re.IGNORECASE)
_SPOKEN = re.compile(r"<\s?(at|et|dot|titik)\s?>", re.IGNORECASE)  # looks like markup, and is a word
_LIKE_SIGNS = {"\ufe6b": "@", "\u3002": ".", "\ufe52": ".", "\uff61": ".", "\u2024": ".", "\u30fc": "-", "\uff70": "-"}
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
# One letter squeezed between digits (0812x3456) hides nothing; N, S, E and W (U, T, B) are those of a place.
_SQUEEZED = r"[^\W\d_nsewutbNSEWUTB]"
_RUN = re.compile(rf"\d(?:(?:[\W_]{{0,40}}|{_SQUEEZED})\d)*")
_SAID_DIGIT = r"(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)"
_SAID_NUMBER = re.compile(rf"\b{_SAID_DIGIT}(?:[\W_]{{1,4}}{_SAID_DIGIT}\b){{7,24}}", re.IGNORECASE)
_SOLID = re.compile(r"\d+")
_LIKE_DIGITS = str.maketrans("OoIl|", "00111")
_TIME = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_CLOCK = rf"{_TIME}(?:\s?[\-–]\s?{_TIME})?"
_DATE = r"(?:[0-3]?\d[/.\-][01]?\d[/.\-](?:19|20)\d\d|(?:19|20)\d\d[/.\-][01]\d[/.\-][0-3]\d)"
_YEAR = r"(?:19|20)\d\d"
_TAME = re.compile(rf"(?:{_DATE}|{_CLOCK}|{_YEAR})")
_DATES = re.compile(rf"(?:(?:{_DATE}|{_YEAR})[\s,;\-–—/()]*(?:{_CLOCK}[\s,;]*)?)+")
_PLACE = re.compile(r"(?<!\d)(?<!\d[.,])-?(?:\d|1[01])[.,]\d{3,8}\W{1,3}(?:9[5-9]|1[0-3]\d|14[01])[.,]\d{3,8}")
_AMOUNT = re.compile(r"(?:\brp|\bidr)\W{0,3}$", re.IGNORECASE)
_REGISTER = re.compile(r"\b[A-Z]{2,6}-(?:19|20)\d\d-\d{4,6}\b")
_CALL = re.compile(
    r"(?:\b(?:h\.?p|w\.?a|whats?app?|telp?(?:epon)?|tlp|tel|telfon|no(?:mor|mer)?|kontak|(?:di)?hub(?:ungi)?|sms|call|phone|cp|ponsel|handphone)\b|\+)"
    r"(?:[\W_]{0,4}(?:saya|kami|ku|hp|wa|telp|telepon|whatsapp|ibu|bapak|aktif|nya|ini|di|ke))*[\W_]{0,6}$",
    re.IGNORECASE,
)
_IDENTITY_LABEL = re.compile(
    r"\b(?:n\W?i\W?k|k\W?k|ktp|npwp|sim|rek(?:ening)?|identitas|induk|kartu\s+keluarga|kependudukan)\b"
    r"(?:[\W_]{0,4}(?:saya|kami|no|nomor|nik|kk|ibu|bapak|anak|istri|suami|atas\s+nama|an))*[\W_]{0,6}$",
    re.IGNORECASE,
)
# How people write the sign and the points of an address, so that machines do not see it.
_OPEN, _SHUT = r"[(\[{<«【/\\_\-]", r"[)\]}>»】/\\_\-]"
_AT = rf"(?:\\?@|\s?{_OPEN}\s?(?:at|et|@)\s?{_SHUT}\s?|\s(?:at|et)\s)"
_TOP = r"(?:com|co|id|net|org|or|go|gov|ac|sch|edu|mil|web|my|biz|desa|info|asia|xyz|io|me|site|online)(?![^\W_])"
_POINT = rf"(?:\.|\s?{_OPEN}\s?(?:dot|titik|\.)\s?{_SHUT}\s?|\s(?:dot|titik)\s|\s{{0,2}}[.,·]\s{{0,2}}(?=(?:[\w\-]{{2,63}}\s{{0,2}}[.,·]\s{{0,2}}){{0,2}}{_TOP})|\s{{1,2}}\.\s{{0,2}})"
_LOCAL = r"[\w.+%'\-]{1,64}"
_ADDRESS = re.compile(
    rf"(?<![\w.+%'\-]){_LOCAL}\s{{0,2}}{_AT}\s{{0,2}}[\w\-]{{1,63}}?(?:{_POINT}[\w\-]{{2,63}}){{1,4}}", re.IGNORECASE
)
_LETTERED = re.compile(
    rf"(?<![\w.+%'\-]){_LOCAL}\s?[(\[{{]a[)\]}}]\s?[\w\-]{{1,63}}(?:{_POINT}[\w\-]{{2,63}}){{0,3}}?{_POINT}{_TOP}",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<!\S)(?:[\w.+\-]\s){2,64}@(?:\s[\w.\-](?!\S)){2,64}")
_JOINED = re.compile(rf"{_LOCAL}@[\w][\w.\-]{{0,100}}")
_PROVIDER = re.compile(
    rf"{_LOCAL}\s{{0,2}}{_AT}\s{{0,2}}(?:gmail|yahoo|ymail|outlook|hotmail|icloud|proton|rocketmail)\b(?:{_POINT}{_TOP}){{0,2}}",
    re.IGNORECASE,
)
# "Nama: …" is a field of a form: the line, up to the next field. "nama saya …" goes on as a sentence.
_FIELD = re.compile(
    r"(?P<before>\bnama(?:\s+(?:saya|lengkap|pelapor|pengirim|kami))?\s*[:=]\s*)[^\W\d_][^\n,;(/|:\d]{0,60}?"
    r"(?=\s*(?:[\n,;(/|\d:]|\b(?:nik|no|hp|wa|telp|alamat|kk|umur|warga|email|surel)\b|[.](?:\s|$)|$))",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?P<before>\b[Nn]ama\s+saya\s+(?:adalah\s+|ialah\s+)?)(?:[A-Z][\w'’.\-]*(?:\s+[A-Z][\w'’.\-]*){0,4}|[a-z]+)"
)
_MYSELF = r"(?:(?:nama\s+)?saya(?:\s+(?:adalah|bernama))?|perkenalkan|nama(?:\s*[:=])?|atas\s+nama|a\.?\s?n\.?|an\.|dari|dengan|ini|ttd\.?|hormat|salam|pelapor(?:\s*[:=])?|~|-{1,2})"


def scrub(text: str) -> str:
    """The words without anybody's number or address. Looking twice changes nothing."""
    text = _plain(text)
    for pattern in (_SPACED, _ADDRESS, _PROVIDER, _LETTERED, _JOINED):
        text = pattern.sub(MAIL, text)
    text = _SAID_NUMBER.sub(DOT * 8, text)
    for _ in range(4):
        after = mask(_dotted(text))
        if after == text:
            break
        text = after
    return text


def without_names(text: str, names: tuple[str, ...]) -> str:
    """The reporter's own name, handle or any part of it that introduces them, is not for everybody to read."""
    for name in sorted(set(filter(None, names)), key=len, reverse=True):
        parts = [part for part in re.split(r"[\W_]+", name) if part]
        if sum(map(len, parts)) >= SHORTEST_NAME:
            whole = r"[\W_]{0,3}".join(map(re.escape, parts))
            text = re.sub(rf"(?<!\w)@?{whole}(?!\w)", OWN, text, flags=re.IGNORECASE)
        own = "|".join(re.escape(part) for part in parts if len(part) > 1 and not part.isdigit())
        if own:
            introduced = rf"(?P<before>(?<!\w){_MYSELF}[\s,]*)(?:(?:{own})(?!\w)[\s.]?)+"
            text = re.sub(introduced, rf"\g<before>{OWN} ", text, flags=re.IGNORECASE).replace(f"{OWN} ,", f"{OWN},")
    for pattern in (_FIELD, _SAID):
        text = pattern.sub(lambda found: f"{found['before']}{OWN}", text)
    return re.sub(rf"{re.escape(OWN)} +(?=[.,;)\n]|$)", OWN, text)


def _plain(text: str) -> str:
    """Without markup and invisible signs; digits of every script as our own."""
    for _ in range(2):
        text = html.unescape(text)
    text = _SPOKEN.sub(lambda found: f"({found[1]})", text.replace("%40", "@").replace("%2e", ".").replace("%2E", "."))
    text = _TAG.sub("", _BREAK.sub("\n", _COMMENT.sub("", text)))
    kept: list[str] = []
    for place, sign in enumerate(text):
        kind = unicodedata.category(sign)
        if sign == "\u200d" and 0 < place < len(text) - 1 and unicodedata.category(text[place + 1]) == "So":
            kept.append(sign)  # joins the parts of one picture
        elif sign in _LIKE_SIGNS:
            kept.append(_LIKE_SIGNS[sign])  # a letter to Unicode, a dash to whoever looks for one
        elif kind == "Cf" or sign in "\ufe0e\ufe0f\u20e3" or (kind in ("Mn", "Me") and kept and kept[-1].isdigit()):
            continue
        elif not sign.isascii() and (digit := unicodedata.digit(sign, None)) is not None:
            kept.append(str(digit))
        elif "\uff01" <= sign <= "\uff5e" or "\U0001d400" <= sign <= "\U0001d7ff":
            kept.append(unicodedata.normalize("NFKC", sign))
        else:
            kept.append(sign)
    return "".join(kept)


def _dotted(text: str) -> str:
    """Every number that may be somebody's, dotted out. Places are found in a shadow of the same length."""
    shadow = _shadow(text)
    kept = [span for pattern in (_PLACE, _REGISTER) for span in (one.span() for one in pattern.finditer(shadow))]
    for start, end in kept:
        shadow = f"{shadow[:start]}{'x' * (end - start)}{shadow[end:]}"
    signs = list(text)
    for run in _RUN.finditer(shadow):
        for start, end in _somebodys(shadow, run):
            for place in range(start, end):
                if shadow[place].isdigit():
                    signs[place] = DOT
    return "".join(signs)


def _shadow(text: str) -> str:
    """Letters that stand for digits among digits (O812) as digits."""

    def read(found: re.Match[str]) -> str:
        word = found.group()
        return word.translate(_LIKE_DIGITS) if sum(map(str.isdigit, word)) >= 2 else word

    return re.sub(r"(?<![^\W\dOoIl_])[\dOoIl|]{2,}(?![^\W\dOoIl_])", read, text)


def _somebodys(text: str, run: re.Match[str]) -> list[tuple[int, int]]:
    """The parts of one run of digits that are dotted out."""
    start, end = run.span()
    digits = sum(map(str.isdigit, run.group()))
    before = text[max(0, start - 60) : start]
    if _DATES.fullmatch(run.group()):
        return []
    if _AMOUNT.search(before) and digits < IDENTITY:
        return []
    if digits == IDENTITY or (_IDENTITY_LABEL.search(before) and digits >= PHONE.start):
        return [(start, end)]
    start, end = _without_tame_ends(text, start, end)
    digits = sum(map(str.isdigit, text[start:end]))
    if digits >= IDENTITY:
        return [(start, end)]
    found = [one.span() for one in _SOLID.finditer(text, start, end) if len(one.group()) >= FROM_HERE_A_NUMBER]
    if _CALL.search(text[max(0, start - 60) : start]) and digits in PHONE:
        return [(start, end)]
    return found + _phones(text, start, end)


def _without_tame_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """Dates and times beside a number, apart from it by a space, are not part of it."""
    while (found := re.compile(rf"{_TAME.pattern}[,;]?\s+").match(text, start, end)) is not None:
        start = found.end()
    while (found := re.compile(rf"\s+{_TAME.pattern}\Z").search(text[start:end])) is not None:
        end = start + found.start()
    return start, end


def _phones(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """From each group that begins as a phone number does, to the end of the run when that makes one."""
    found = []
    for group in _SOLID.finditer(text, start, end):
        digits = "".join(filter(str.isdigit, text[group.start() : end]))
        abroad = text[max(0, group.start() - 1) : group.start()] == "+"
        digits = digits.removeprefix("00") if digits.startswith("0062") else digits
        if len(digits) in PHONE and (abroad or re.match(r"0[2-9]\d{7}|628\d{6}|62[2-7]\d{6}|8[1-9]\d{8}", digits)):
            found.append((group.start(), end))
            break
    return found
