"""A letter of the PPID as data: what stands on it, part by part. Nothing here knows how it is drawn.

Who composes a letter is `letter_forms`; who draws it fits `ports.Printer`. A letter is kept with its content, so that what
was sent can be read field by field for ever, whatever becomes of the rows behind it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

SERIES = "surat"  # the name of their numbers in the registers
MONTHS_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


class LetterKind(StrEnum):
    """The five letters of the law's forms."""

    RECEIPT = "receipt"
    NOTICE = "notice"
    EXTENSION = "extension"
    REFUSAL = "refusal"
    OBJECTION = "objection"


LETTERS: Mapping[LetterKind, str] = {
    LetterKind.RECEIPT: "Tanda bukti penerimaan permohonan",
    LetterKind.NOTICE: "Pemberitahuan tertulis",
    LetterKind.EXTENSION: "Pemberitahuan perpanjangan",
    LetterKind.REFUSAL: "Surat penolakan permohonan",
    LetterKind.OBJECTION: "Tanggapan atas keberatan",
}
# As a number names it: 012/TBP/PPID/XII/2026.
CODES: Mapping[LetterKind, str] = {
    LetterKind.RECEIPT: "TBP",
    LetterKind.NOTICE: "PT",
    LetterKind.EXTENSION: "PJ",
    LetterKind.REFUSAL: "PN",
    LetterKind.OBJECTION: "TK",
}


class ReceiptAt(StrEnum):
    """When the receipt leaves by itself: never, with the number, or once nothing lacks."""

    NEVER = "never"
    RECEIVED = "received"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRules:
    """`[letters]` of the configuration. `arms` is the path of a picture, `fonts` of fonts for scripts that ours lacks."""

    head: tuple[str, ...] = ()
    address: str = ""
    arms: str = ""
    place: str = "Sangatta"
    signer: str = ""
    signer_post: str = "Pejabat Pengelola Informasi dan Dokumentasi"
    signer_id: str = ""
    number: str = "{n:03d}/{code}/PPID/{month}/{year}"
    receipt: ReceiptAt = ReceiptAt.NEVER
    link_days: int = 30
    fonts: tuple[str, ...] = ()

    def numbered(self, kind: LetterKind, day: date, sequence: int) -> str:
        """012/TBP/PPID/XII/2026."""
        month = MONTHS_ROMAN[day.month - 1]
        return self.number.format(n=sequence, code=CODES[kind], month=month, year=day.year)


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that begins a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """The form's lines: what is asked, and what stands there. An empty value is drawn as a line to write on."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Boxes of the form: ticked or not, and what each says."""

    rows: tuple[tuple[bool, str], ...]


Block = Words | Heading | Fields | Choices
BLOCKS: Mapping[str, type] = {
    "words": Words,
    "heading": Heading,
    "fields": Fields,
    "choices": Choices,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: post, name (empty: a line to write on), and the number below it."""

    post: str
    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything that stands on one letter. `number` is empty in a preview: it is drawn when the letter is made."""

    kind: LetterKind
    title: str
    number: str
    place: str
    day: date
    to: tuple[str, ...]
    body: tuple[Block, ...]
    signatures: tuple[Signature, ...]
    head: tuple[str, ...]
    address: str = ""
    foot: str = ""
    report: bool = False  # a report: nobody's letter, so it has neither number nor addressee

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        body = [{"is": _name(block)} | asdict(block) for block in self.body]
        return asdict(self) | {"kind": self.kind.value, "day": self.day.isoformat(), "body": body}

    def field(self, name: str) -> str:
        """What stands in that line of the form; KeyError where the form has none."""
        for block in self.body:
            if isinstance(block, Fields):
                for label, value in block.rows:
                    if label == name:
                        return value
        raise KeyError(name)

    @property
    def ticked(self) -> tuple[str, ...]:
        """Every choice that is ticked."""
        return tuple(text for block in self.body if isinstance(block, Choices) for ticked, text in block.rows if ticked)


def read_letter(kept: Mapping[str, Any]) -> Letter:
    """A letter as it was kept."""
    given = dict(kept)
    given |= {
        "kind": LetterKind(given["kind"]),
        "day": date.fromisoformat(given["day"]),
        "body": tuple(_block(one) for one in given["body"]),
        "signatures": tuple(Signature(**one) for one in given["signatures"]),
        "to": tuple(given["to"]),
        "head": tuple(given["head"]),
    }
    return Letter(**given)


def _name(block: Block) -> str:
    return next(name for name, kind in BLOCKS.items() if isinstance(block, kind))


def _block(kept: Mapping[str, Any]) -> Block:
    match kept["is"]:
        case "words":
            return Words(kept["text"])
        case "heading":
            return Heading(kept["text"])
        case "fields":
            return Fields(tuple((label, value) for label, value in kept["rows"]))
        case "choices":
            return Choices(tuple((ticked, text) for ticked, text in kept["rows"]))
    raise ValueError(f"a letter has no part {kept['is']!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLetter:
    """A letter that was made: its number, its content, and the hash of its PDF among our files. It never changes."""

    id: int
    case_id: int
    objection_id: int | None
    kind: LetterKind
    number: str
    content: dict[str, Any] = field(repr=False)
    sha256: str
    size: int
    made_by: str
    made_at: datetime

    @property
    def letter(self) -> Letter:
        """What stands on it."""
        return read_letter(self.content)

    @property
    def file_name(self) -> str:
        """As whoever receives it sees it: tanda-bukti-penerimaan-permohonan-012-TBP-PPID-XII-2026.pdf."""
        number = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in self.number)
        return f"{LETTERS[self.kind].lower().replace(' ', '-')}-{number}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A copy of a document with parts blacked out: drawn anew, so that nothing is under the black. `original` is the hash of
    the document itself, which stays with us; `reason` is why, as the notice says it."""

    id: int
    case_id: int
    name: str
    original: str
    sha256: str
    size: int
    pages: int
    regions: int
    reason: str
    made_by: str
    made_at: datetime

    @property
    def file_name(self) -> str:
        """As whoever receives it sees it."""
        stem = self.name.rpartition(".")[0] or self.name
        return f"{stem[:120]}-dihitamkan.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """One file that went to the citizen: with a message, or as a link that opens for a while. Of a link only the hash of its
    token is kept."""

    id: int
    case_id: int
    name: str
    sha256: str
    size: int
    at: datetime
    by: str
    message_id: int | None = None
    token_hash: str | None = None
    until: datetime | None = None
    opened_at: datetime | None = None


class Letters(Protocol):
    """What the PPID wrote and released, and what of it went out."""

    def next_number(self, year: int) -> int:
        """The next of their series; it goes back with a story that fails, so none is used twice nor skipped."""
        ...

    def add(self, letter: KeptLetter, year: int, sequence: int) -> KeptLetter:
        """Its id is given here."""
        ...

    def get(self, letter_id: int) -> KeptLetter | None: ...
    def of_case(self, case_id: int) -> list[KeptLetter]:
        """Oldest first."""
        ...

    def add_release(self, release: Release) -> Release:
        """Its id is given here."""
        ...

    def release(self, release_id: int) -> Release | None: ...
    def releases(self, case_id: int) -> list[Release]: ...
    def add_handing(self, handing: Handing) -> Handing:
        """Its id is given here."""
        ...

    def handings(self, case_id: int) -> list[Handing]: ...
    def handing(self, token_hash: str) -> Handing | None: ...
    def opened(self, handing_id: int, at: datetime) -> bool:
        """True for the first time."""
        ...


def numbered(letter: Letter, number: str) -> Letter:
    """The letter with the number that was drawn for it."""
    return replace(letter, number=number)
