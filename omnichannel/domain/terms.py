"""The words by which a text is found again: the same for what is kept and for what is asked, on every database.

Small letters without accents; "-nya" falls away, for "lampunya" is asked as "lampu". Numbers that name a person are kept
as little as finding needs (UU 27/2022): of a NIK or KK the last four digits, a telephone number in its one long form.
"""

import re
import unicodedata

LONGEST_TEXT = 100_000
LONGEST_TERM = 40
IDENTITY = 16  # digits of a NIK or KK, Perpres 62/2019 Pasal 1
TAIL = 4
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"(?<!\w)\+?\d(?:[ .\-]?\d){7,30}(?!\w)")
_PHONE = re.compile(r"\+\d{8,15}|08\d{6,13}|628\d{6,12}")


def terms(text: str) -> list[str]:
    """Every term of a text that is kept, in its order."""
    return _terms(text[:LONGEST_TEXT], tails=True)


def asked_terms(text: str) -> list[str]:
    """The terms of words that somebody looks for."""
    return _terms(text[:LONGEST_TEXT], tails=False)


def term(word: str) -> str:
    """One word as it is kept; "" for what is none."""
    found = _WORD.search(_plain(word))
    return _stem(found.group()) if found else ""


def phone_term(text: str) -> str | None:
    """`0812-3456` as people say it is `62812…` as platforms send it; None for what is no telephone number."""
    digits = re.sub(r"[ .\-()]", "", text)
    if not _PHONE.fullmatch(digits):
        return None
    return "62" + digits[1:] if digits.startswith("0") else digits.removeprefix("+")


def _terms(text: str, *, tails: bool) -> list[str]:
    plain = _plain(text)
    found: list[str] = []
    done = 0
    for match in _DIGITS.finditer(plain):
        named = _named(match.group(), tails=tails)
        if named:
            found += [_stem(word) for word in _WORD.findall(plain[done : match.start()])]
            found += named
            done = match.end()
    return found + [_stem(word) for word in _WORD.findall(plain[done:])]


def _named(run: str, *, tails: bool) -> list[str]:
    """What is kept of a run of digits that names a person; nothing for any other number."""
    digits = "".join(filter(str.isdigit, run))
    if len(digits) >= IDENTITY:
        return [digits[-TAIL:]]
    phone = phone_term(run)
    if phone is None:
        return []
    return [phone, digits[-TAIL:]] if tails else [phone]


def _plain(text: str) -> str:
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def _stem(word: str) -> str:
    """-nya alone: taking more away would make one of "masalah" and "masa"."""
    if len(word) >= 7 and word.endswith("nya"):
        word = word[:-3]
    return word[:LONGEST_TERM]
