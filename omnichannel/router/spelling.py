"""One word made plain: slang, regional words, doubled letters, digits for letters, clitics, typing slips.

Only words that we do not know are mended, and only towards words that we do know: a stemmer was measured to hurt.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

SUFFIXES = ("nya", "kah", "lah", "pun", "mu", "ku", "e")
LETTERS = str.maketrans("4013578", "aoiests")
# Spoken and regional prefixes -> the written one: Javanese ke-, Sundanese ka-, Banjar ta-, ba- and ma-.
PREFIXES = (
    ("ke", "ter"),
    ("ka", "ter"),
    ("ta", "ter"),
    ("te", "ter"),
    ("ba", "ber"),
    ("ma", "me"),
    ("nge", "me"),
    ("nge", ""),
)
_LONG_RUN = re.compile(r"(.)\1{2,}")
_PAIR = re.compile(r"([a-z])\1")
_DOUBLED = re.compile(r"([a-z]{2,})2(nya|an|kan|lah|in)?")
_COUNTED = re.compile(r"(\d+)([a-z]{1,})")
_VOWELS = str.maketrans("", "", "aeiou")
REPAIRED_FROM = 6  # letters; shorter words lie too near to one another
SURE_FROM = 7  # letters from which a swap or a neighbouring key is believed, not only a vowel or a letter left out
SKELETON_FROM = 4
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Letters whose keys touch: along a row, and down to the next row on either side.
NEIGHBOURS = frozenset(
    {row[at : at + 2] for row in _KEYBOARD for at in range(len(row) - 1)}
    | {
        upper[at] + lower[below]
        for upper, lower in pairwise(_KEYBOARD)
        for at in range(len(upper))
        for below in (at - 1, at)
        if 0 <= below < len(lower)
    }
)
MEMORY = 40_000  # words remembered before the memo is emptied; a long-running process must not grow with its citizens


class Spelling:
    """Turns one typed word into the plain words it stands for; remembers what it worked out."""

    def __init__(self, slang: Mapping[str, str], known: Iterable[str], vocabulary: Iterable[str]) -> None:
        """`vocabulary`: the words cues look for; `known`: common words that must not be bent towards them."""
        self._slang = {word: tuple(plain.split()) for word, plain in slang.items()}
        self._vocabulary = frozenset(vocabulary)
        meant = {word for words in self._slang.values() for word in words}
        self._known = self._vocabulary | frozenset(known) | meant
        self._skeletons = _skeletons(self._vocabulary | meant)
        self._gaps = _gaps(word for word in self._vocabulary if len(word) >= REPAIRED_FROM)
        self._memo: dict[str, tuple[str, ...]] = {}

    def knows(self, word: str) -> bool:
        """Whether that plain word is one of ours; what is unknown throughout may be another language."""
        return word in self._known

    def joins(self, word: str) -> bool:
        """Whether cues look for that word; `di perbaiki` is then meant as one."""
        return word in self._vocabulary

    def plain(self, word: str) -> tuple[str, ...]:
        """The plain words for one lower-case word; the word itself when nothing better is known."""
        found = self._memo.get(word)
        if found is None:
            found = self._work_out(word)
            if len(self._memo) >= MEMORY:
                self._memo.clear()
            self._memo[word] = found
        return found

    def _work_out(self, word: str) -> tuple[str, ...]:
        if word.isdigit():
            return ("#",)
        if (sure := self._look_up(word)) is not None:
            return sure
        if len(word) > 40:
            return (word,)
        for way in (
            self._with_digits,
            self._with_hyphen,
            self._drawn_out,
            self._with_suffix,
            self._colloquial,
            self._spoken_prefix,
        ):
            if (found := way(word)) is not None:
                return found
        return self._without_vowels(word) or self._one_slip(word) or (_LONG_RUN.sub(r"\1", word),)

    def _look_up(self, word: str) -> tuple[str, ...] | None:
        if word in self._slang:
            return self._slang[word]
        return (word,) if word in self._known else None

    def _with_digits(self, word: str) -> tuple[str, ...] | None:
        """jalan2 · t0long · 4ku · 3bulan."""
        if word.isalpha():
            return None
        if doubled := _DOUBLED.fullmatch(word):
            twice = f"{doubled[1]}-{doubled[1]}"
            return (twice,) if twice in self._known else self.plain(doubled[1])
        if counted := _COUNTED.fullmatch(word):
            rest = self._look_up(counted[2]) or self._drawn_out(counted[2])
            if rest is not None and (len(counted[2]) > 1 or counted[2] in self._slang):
                as_letters = self._look_up(word.translate(LETTERS)) if len(counted[1]) == 1 else None
                return as_letters or ("#", *rest)
        letters = word.translate(LETTERS)
        if letters.isalpha() and sum(map(str.isdigit, word)) * 2 <= len(word):
            return self._look_up(letters) or self._with_suffix(letters)
        return None

    def _with_hyphen(self, word: str) -> tuple[str, ...] | None:
        """jalan-jalan · berhari-hari · e-ktp · sayur-mayur."""
        if "-" not in word:
            return None
        if (joined := self._look_up(word.replace("-", ""))) is not None:
            return joined
        parts = [part for part in word.split("-") if part]
        if len(parts) == 2 and (parts[1].startswith(parts[0]) or parts[0].endswith(parts[1])):
            return self.plain(parts[0])
        return tuple(plain for part in parts for plain in self.plain(part)) or (word,)

    def _drawn_out(self, word: str) -> tuple[str, ...] | None:
        """tolongggg · bangeeet · parahh."""
        short = _LONG_RUN.sub(r"\1", word)
        if short != word:
            return self._look_up(short) or self._look_up(_LONG_RUN.sub(r"\1\1", word)) or self.plain(short)
        single = _PAIR.sub(r"\1", word)
        return self._look_up(single) if single != word and len(single) >= 3 else None

    def _with_suffix(self, word: str) -> tuple[str, ...] | None:
        """jalannya · kapankah · tolonglah; the bare word must be known."""
        for suffix in SUFFIXES:
            bare = word.removesuffix(suffix)
            if bare != word and len(bare) >= 3 and (found := self._look_up(bare)) is not None:
                return found
        return None

    def _colloquial(self, word: str) -> tuple[str, ...] | None:
        """benerin, pasangin, dibersihin: the spoken -in for -kan or -i."""
        if not word.endswith("in") or len(word) < 6:
            return None
        for ending in ("kan", "i", ""):
            if (found := self._look_up(word[:-2] + ending)) is not None:
                return found
        return None

    def _spoken_prefix(self, word: str) -> tuple[str, ...] | None:
        """kejebak, tajabak, katabrak: ter-. nabrak, ngancam: me-. balubang: ber-. Only towards words cues look for."""
        for spoken, plain in PREFIXES:
            rest = word.removeprefix(spoken)
            if rest == word or len(rest) < 4:
                continue
            for form in (plain + rest, plain + rest.removesuffix("an"), plain + rest.removesuffix("in")):
                if form in self._vocabulary:
                    return (form,)
        if word[0] in "nm" and "me" + word in self._vocabulary:
            return ("me" + word,)
        return None

    def _without_vowels(self, word: str) -> tuple[str, ...]:
        """tlong · banjr · kcelakaan: vowels dropped, and only one word it can stand for."""
        if len(word) < SKELETON_FROM or not word.isalpha():
            return ()
        fits = [full for full in self._skeletons.get(word.translate(_VOWELS), ()) if _lies_within(word, full)]
        return (fits[0],) if len(fits) == 1 else ()

    def _one_slip(self, word: str) -> tuple[str, ...]:
        """kebakaram · kecelkaan: one letter missed, added, swapped, or struck on the key beside it."""
        if len(word) < REPAIRED_FROM or not word.isalpha():
            return ()
        near = set(self._gaps.get(word, ()))
        for at in range(1, len(word)):
            near.update(self._gaps.get(word[:at] + word[at + 1 :], ()))
        fits = sorted(full for full in near if one_slip_apart(word, full))
        return (fits[0],) if len(fits) == 1 else ()


def one_slip_apart(typed: str, meant: str) -> bool:
    """Whether a finger could have turned `meant` into `typed`; dipecah is not dipecat, for t does not lie beside h."""
    if typed[0] != meant[0] or abs(len(typed) - len(meant)) > 1:
        return False
    same = next((at for at, (one, two) in enumerate(zip(typed, meant, strict=False)) if one != two), None)
    if same is None:
        return len(typed) != len(meant)
    if len(typed) < len(meant):
        return typed[same:] == meant[same + 1 :]
    pair = {typed[same], meant[same]} if len(typed) == len(meant) else set()
    if pair and pair <= set("aiueo") and typed[same + 1 :] == meant[same + 1 :]:
        return True
    if len(typed) < SURE_FROM:
        return False
    if len(typed) > len(meant):
        return typed[same + 1 :] == meant[same:]
    if typed[same + 1 :] == meant[same + 1 :]:
        return any(pair <= set(keys) for keys in NEIGHBOURS)
    return typed[same : same + 2] == meant[same : same + 2][::-1] and typed[same + 2 :] == meant[same + 2 :]


def _skeletons(words: Iterable[str]) -> dict[str, list[str]]:
    bones: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) > SKELETON_FROM and word.isalpha() and len(bone := word.translate(_VOWELS)) >= 3:
            bones.setdefault(bone, []).append(word)
    return bones


def _gaps(words: Iterable[str]) -> dict[str, list[str]]:
    """Each word under itself and under every form with one letter left out."""
    forms: dict[str, list[str]] = {}
    for word in sorted(words):
        for form in {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}:
            forms.setdefault(form, []).append(word)
    return forms


def _lies_within(short: str, full: str) -> bool:
    """Whether `short` is `full` with vowels left out, the first letter kept."""
    if not len(short) < len(full) or short[0] != full[0]:
        return False
    letters = iter(full)
    return all(letter in letters for letter in short)
