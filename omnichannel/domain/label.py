"""An office's own labels: what it wants to find again across kinds and units (a flood, a feast, a campaign), in its own words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from omnichannel.domain.errors import Invalid

LONGEST = 40
MOST = 100  # labels of an office
MOST_ON = 20  # labels of one conversation
SHOWN = 2  # in a row of the list; the others are counted
# The search field parts values at commas and words at quotes: a name must be writable there.
UNFIT = re.compile(r"[,\"“”\x00-\x1f\x7f]")


class Tone(StrEnum):
    """The colour of a label's mark. Red, amber, violet and paper yellow mean something else on this desk; the word stands
    beside the mark always."""

    SLATE = "abu"
    BLUE = "biru"
    TEAL = "toska"
    GREEN = "hijau"
    BROWN = "cokelat"
    PINK = "merah-muda"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name and a colour. Removed, it is shown nowhere; where it stood is kept, so that it can come back."""

    id: int
    name: str
    folded: str
    tone: Tone = Tone.SLATE
    made_by: str
    made_at: datetime
    removed_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Spread:
    """On how many conversations it stands."""

    running: int = 0
    resolved: int = 0

    @property
    def all(self) -> int:
        return self.running + self.resolved


class Labels(Protocol):
    """The office's labels; which conversation bears which stands on the conversation."""

    def all(self) -> Sequence[Label]:
        """Those in use, by name."""
        ...

    def removed(self) -> Sequence[Label]:
        """The last removed first."""
        ...

    def get(self, label_id: int) -> Label | None:
        """Removed ones too."""
        ...

    def add(self, label: Label) -> Label:
        """Its id is given here. Conflict where the name is in use."""
        ...

    def save(self, before: Label, after: Label) -> Label:
        """Conflict when somebody was faster, or the name is in use."""
        ...

    def spread(self) -> Mapping[int, Spread]:
        """By label; one that stands nowhere is not in it."""
        ...


def fold(name: str) -> str:
    """As names are compared and looked up."""
    return " ".join(name.casefold().split())


def named(name: str) -> str:
    """A name as it may be kept. Invalid, in words for the writer."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST:
        raise Invalid(f"Beri label ini nama, paling panjang {LONGEST} huruf.")
    if UNFIT.search(tidy) or not re.search(r"\w", tidy):
        raise Invalid("Nama label memuat huruf atau angka, tanpa koma dan tanda kutip.")
    return tidy


def borne(ids: Iterable[int], known: Sequence[Label]) -> list[Label]:
    """Those of the known labels that are among the ids, in the known order."""
    wanted = frozenset(ids)
    return [one for one in known if one.id in wanted] if wanted else []


def united(*those: Iterable[int]) -> tuple[int, ...]:
    """Every id once, in order."""
    return tuple(sorted({one for ids in those for one in ids}))
