"""The search field read as a person wrote it: words, "phrases", -without, and filters such as `kanal:wa status:baru`.

What cannot be understood is said, never passed over in silence: it is left out beside words that are understood, and
looked for as words where it stands alone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as clock_time
from typing import Any

from omnichannel.domain.case import Queue
from omnichannel.domain.channel import STANZAS
from omnichannel.domain.label import Label, fold
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.people import Staff
from omnichannel.domain.search import Piece, Sought
from omnichannel.domain.terms import asked_terms, phone_term
from omnichannel.web import labels
from omnichannel.web.asked_words import (
    ALIASES,
    CHANNELS,
    KINDS,
    ME,
    NAMES,
    NO,
    NOBODY,
    STATUS_WORDS,
    STATUSES,
    SURFACE_WORDS,
    SURFACES,
    WORDS,
    YES,
)

LONGEST = 200
TOKEN = re.compile(
    r"(?P<minus>-(?=\S))?(?:(?P<name>[^\W\d_][^\W\d_-]*(?:-[^\W\d_]+)*):(?=[^\s/:]))?"
    r'(?:["“”](?P<phrase>[^"“”]*)(?:["“”]|$)|(?P<word>[^\s"“”]+))'
)
PHONE = re.compile(r"(?<!\S)\+?\d[\d .()-]{6,20}\d(?!\S)")
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the filters' values are looked up in."""

    organisation: Organisation
    accounts: Sequence[str]
    people: Sequence[Staff]
    me: Staff
    zone: tzinfo
    today: date
    say: Say
    labels: Sequence[Label] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and what the field holds without it. `fault`: why it could not be understood."""

    words: str
    rest: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the field means."""

    text: str
    sought: Sought
    chips: tuple[Chip, ...] = ()

    @property
    def place(self) -> str:
        """What `tempat:` says, as it is written; "" where it is not asked."""
        said = (
            token for _, _, token in _tokens(self.text) if ALIASES.get((token["name"] or "").casefold()) == "tempat"
        )
        return ",".join(token["phrase"] or token["word"] or "" for token in said)

    @property
    def faults(self) -> tuple[str, ...]:
        """Each thing that could not be understood, once."""
        return tuple(dict.fromkeys(chip.fault for chip in self.chips if chip.fault))


@dataclass(slots=True)
class _Reading:
    """What has been understood so far."""

    pieces: list[Piece] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    chips: list[Chip] = field(default_factory=list)

    def also(self, name: str, *values: Any) -> None:
        self.found[name] = tuple(dict.fromkeys((*self.found.get(name, ()), *values)))


class _NotUnderstood(ValueError):
    """Its words are for the person who wrote the filter."""


def read(text: str, ground: Ground) -> Asked:
    """The whole field."""
    text = text[:LONGEST]
    reading, strange = _Reading(), []
    for start, end, token in _tokens(text):
        rest = " ".join((text[:start] + " " + text[end:]).split())
        name, value = token["name"], token["phrase"] if token["phrase"] is not None else token["word"]
        if name is None:
            _word(reading, value, phrase=token["phrase"] is not None, without=bool(token["minus"]), rest=rest)
            continue
        try:
            words = _filter(reading, name.casefold(), value, ground)
        except _NotUnderstood as fault:
            strange.append((value, rest))
            reading.chips.append(Chip(f"{name}:{value}", rest, str(fault)))
        else:
            reading.chips.append(Chip(words, rest))
    if not reading.pieces and not reading.found:
        for value, rest in strange:
            _word(reading, value, phrase=False, without=False, rest=rest)
    return Asked(text, Sought(pieces=tuple(reading.pieces), **reading.found), tuple(reading.chips))


def replaced(text: str, name: str, value: str) -> str:
    """The field with this filter's value in place of what it had; "" takes it away."""
    kept, at = [], 0
    for start, end, token in _tokens(text[:LONGEST]):
        if token["name"] is not None and ALIASES.get(token["name"].casefold()) == name:
            kept.append(text[at:start])
            at = end
    spelt = f'"{value}"' if " " in value else value
    kept += [text[at:LONGEST], f" {name}:{spelt}" if value else ""]
    return " ".join("".join(kept).split())


def _tokens(text: str) -> list[tuple[int, int, dict[str, str | None]]]:
    """Words in their places; a telephone number written with gaps is one of them."""
    found: list[tuple[int, int, dict[str, str | None]]] = []
    phones = {match.start(): match for match in PHONE.finditer(text) if phone_term(match.group())}
    at = 0
    while match := TOKEN.search(text, at):
        phone = phones.get(match.start())
        at = (phone or match).end()
        found.append((match.start(), at, {**match.groupdict(), "word": phone.group()} if phone else match.groupdict()))
    return found


def _word(reading: _Reading, value: str | None, *, phrase: bool, without: bool, rest: str) -> None:
    value = value or ""
    begun = not phrase and value.endswith("*")
    terms = tuple(asked_terms(value))
    if not terms:
        return
    number = phone_term(value) is not None
    reading.pieces.append(Piece(terms, prefix=begun or number, without=without))
    if phrase or without:
        reading.chips.append(Chip(("−" if without else "") + (f"“{value}”" if phrase else value), rest))


def _filter(reading: _Reading, name: str, value: str | None, ground: Ground) -> str:
    """Understands one filter; returns the words of its chip."""
    known = ALIASES.get(name)
    if known is None:
        raise _NotUnderstood(
            ground.say("Saringan “{nama}:” tidak dikenal. Yang ada: {daftar}", nama=name, daftar=_known_names())
        )
    values = [one for one in re.split(r",", value or "") if one.strip()]
    if not values:
        raise _NotUnderstood(ground.say("Saringan “{nama}:” belum diisi.", nama=known))
    shown = [_READERS[known](reading, one.strip(), ground) for one in values]
    return f"{ground.say(WORDS[known])}: {', '.join(shown)}"


def _known_names() -> str:
    return " ".join(f"{name}:" for name in NAMES)


def _wrong(ground: Ground, name: str, value: str, choices: str) -> _NotUnderstood:
    return _NotUnderstood(
        ground.say(
            "“{nilai}” tidak dikenal untuk {nama}: — pilihannya {pilihan}.", nilai=value, nama=name, pilihan=choices
        )
    )


def _channel(reading: _Reading, value: str, ground: Ground) -> str:
    if value in ground.accounts:
        reading.also("accounts", value)
        return value
    chosen = CHANNELS.get(value.casefold())
    if chosen is None:
        raise _wrong(
            ground, "kanal", value, ", ".join(["wa", "tg", "fb", "ig", "x", "surel", "web", *ground.accounts[:6]])
        )
    reading.also("channels", chosen.value)
    return ground.say(STANZAS[chosen].word)


def _status(reading: _Reading, value: str, ground: Ground) -> str:
    chosen = STATUSES.get(value.casefold())
    if chosen is None:
        raise _wrong(
            ground, "status", value, "baru, menunggu, ditunda, selesai, gagal, belum-dibaca, mendesak, disisihkan"
        )
    reading.also("standings", chosen)
    return ground.say(STATUS_WORDS[chosen])


def _unit(reading: _Reading, value: str, ground: Ground) -> str:
    low = value.casefold()
    for unit in ground.organisation:
        if low in (unit.key.casefold(), unit.name.casefold(), *(alias.casefold() for alias in unit.aliases)):
            reading.also("units", unit.key)
            return labels.unit_short(ground.organisation, unit.key)
    raise _NotUnderstood(
        ground.say("Tidak ada unit bernama “{nilai}”. Tulis singkatannya, misalnya unit:pupr.", nilai=value)
    )


def _kind(reading: _Reading, value: str, ground: Ground) -> str:
    chosen = KINDS.get(value.casefold())
    if chosen is None:
        raise _wrong(ground, "jenis", value, "permohonan, pengaduan, aspirasi, lainnya")
    reading.also("kinds", chosen.value)
    return ground.say(labels.KINDS[chosen])


def _topic(reading: _Reading, value: str, ground: Ground) -> str:
    low = value.casefold()
    for key, word in labels.TOPICS.items():
        if low in (key, word.casefold(), ground.say(word).casefold()):
            reading.also("topics", key)
            return ground.say(word)
    raise _wrong(ground, "topik", value, ", ".join(labels.TOPICS))


def _queue(reading: _Reading, value: str, ground: Ground) -> str:
    low = value.casefold()
    if low not in set(Queue):
        raise _wrong(ground, "antrean", value, ", ".join(Queue))
    reading.also("queues", low)
    return low.upper() if low != Queue.HUMAS else ground.say("Humas")


def _surface(reading: _Reading, value: str, ground: Ground) -> str:
    chosen = SURFACES.get(value.casefold())
    if chosen is None:
        raise _wrong(ground, "jalur", value, "komentar, langsung")
    reading.also("surfaces", chosen.value)
    return ground.say(SURFACE_WORDS[chosen])


def _staff(reading: _Reading, value: str, ground: Ground) -> str:
    low = value.casefold()
    if low in ME:
        reading.also("staff", ground.me.id)
        return ground.say("saya")
    if low in NOBODY:
        reading.found["nobody"] = True
        return ground.say("belum ada")
    those = [one for one in ground.people if low in (one.login.casefold(), one.name.casefold())]
    those = those or [one for one in ground.people if one.name.casefold().startswith(low)]
    if not those:
        raise _NotUnderstood(ground.say("Tidak ada petugas bernama “{nilai}”. Ada juga petugas:saya.", nilai=value))
    reading.also("staff", *(one.id for one in those))
    return ", ".join(one.name for one in those)


def _name(reading: _Reading, value: str, ground: Ground) -> str:
    terms = tuple(asked_terms(value))
    if terms:
        reading.also("names", Piece(terms, prefix=True))
    return value


def _number(reading: _Reading, value: str, ground: Ground) -> str:
    reading.also("numbers", value)
    return value.upper()


def _nik(reading: _Reading, value: str, ground: Ground) -> str:
    digits = "".join(filter(str.isdecimal, value))
    if len(digits) < 4 or not digits.isascii():
        raise _NotUnderstood(ground.say("nik: dicari dengan empat angka terakhirnya."))
    reading.also("tails", digits[-4:])
    return f"…{digits[-4:]}"


def _label(reading: _Reading, value: str, ground: Ground) -> str:
    low = fold(value)
    found = next((one for one in ground.labels if one.folded == low), None)
    if found is None:
        raise _NotUnderstood(ground.say("Tidak ada label bernama “{nilai}”.", nilai=value))
    reading.also("labels", found.id)
    return found.name


def _place(reading: _Reading, value: str, ground: Ground) -> str:
    low = value.casefold()
    those = [
        unit
        for unit in ground.organisation
        if unit.level.area and unit.code and low in (unit.name.casefold(), *(one.casefold() for one in unit.aliases))
    ]
    if not those:
        raise _NotUnderstood(ground.say("Tidak ada desa atau kecamatan bernama “{nilai}”.", nilai=value))
    reading.also("places", *(unit.code for unit in those))
    return those[0].name


def _since(reading: _Reading, value: str, ground: Ground) -> str:
    day = _day(value, ground)
    reading.found["since"] = _midnight(day, ground.zone)
    return day.isoformat()


def _until(reading: _Reading, value: str, ground: Ground) -> str:
    day = _day(value, ground)
    reading.found["until"] = _midnight(day, ground.zone)
    return day.isoformat()


def _day(value: str, ground: Ground) -> date:
    low = value.casefold()
    near = {"hari-ini": 0, "today": 0, "kemarin": 1, "yesterday": 1}
    if low in near:
        return ground.today - timedelta(days=near[low])
    match = DAY.fullmatch(low)
    try:
        if match is None or not match[0].isascii():
            raise ValueError(value)
        day = date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        _midnight(day, ground.zone)
    except (ValueError, OverflowError):
        raise _NotUnderstood(
            ground.say("“{nilai}” bukan tanggal. Tulis 2026, 2026-03, 2026-03-15, hari-ini, atau kemarin.", nilai=value)
        ) from None
    return day


def _midnight(day: date, zone: tzinfo) -> datetime:
    if not 1971 <= day.year <= 9000:
        raise ValueError(day)
    return datetime.combine(day, clock_time(), zone)


def _files(reading: _Reading, value: str, ground: Ground) -> str:
    low = value.casefold()
    if low not in YES + NO:
        raise _wrong(ground, "lampiran", value, "ada, tidak")
    reading.found["files"] = low in YES
    return ground.say("ada" if low in YES else "tidak ada")


_READERS: Mapping[str, Callable[[_Reading, str, Ground], str]] = {
    "kanal": _channel, "status": _status, "unit": _unit, "jenis": _kind, "topik": _topic, "antrean": _queue,
    "jalur": _surface, "petugas": _staff, "warga": _name, "nomor": _number, "nik": _nik, "tempat": _place,
    "dari": _since, "sebelum": _until, "lampiran": _files, "label": _label,
}  # fmt: skip
