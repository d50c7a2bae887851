"""Objections (keberatan) to the PPID's superior, and the dispute that may follow.

UU 14/2008: Pasal 35 ayat (1) names the seven grounds, Pasal 36 gives thirty working days to file and thirty to answer,
Pasal 37 ayat (2) fourteen to go to the Komisi Informasi.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from omnichannel.domain.calendar import in_words
from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.deadline import Clock, Clocks
from omnichannel.domain.errors import Invalid

SERIES = "keberatan"  # the name of its numbers in the registers


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason of Pasal 35 ayat (1). `after_due`: it can exist only once our time has run out."""

    letter: str
    title: str
    after_due: bool = False

    @property
    def article(self) -> str:
        return f"UU 14/2008 Pasal 35 ayat (1) huruf {self.letter}"


GROUNDS: Mapping[str, Ground] = {
    one.letter: one
    for one in (
        Ground("a", "permintaan ditolak dengan alasan pengecualian Pasal 17"),
        Ground("b", "informasi berkala tidak disediakan"),
        Ground("c", "permintaan tidak ditanggapi", after_due=True),
        Ground("d", "permintaan ditanggapi tidak sebagaimana yang diminta"),
        Ground("e", "permintaan tidak dipenuhi"),
        Ground("f", "biaya yang dikenakan tidak wajar"),
        Ground("g", "informasi disampaikan melebihi waktu yang diatur", after_due=True),
    )
}


class ObjectionState(StrEnum):
    """open: the superior owes an answer · answered · too_late: filed after its thirty days · withdrawn · disputed."""

    OPEN = "open"
    ANSWERED = "answered"
    TOO_LATE = "too_late"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"


class Verdict(StrEnum):
    """What the superior decided."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"


VERDICTS: Mapping[Verdict, str] = {
    Verdict.UPHELD: "keberatan diterima",
    Verdict.PARTLY: "keberatan diterima sebagian",
    Verdict.REJECTED: "keberatan ditolak, putusan PPID dikuatkan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One objection in its own register. `found_on` is the day on which its reason came to be, `due` the superior's last
    day; `clocks` is the explained ladder. `proxy` is who files for the applicant, empty where they do it themselves."""

    id: int
    case_id: int
    number: str
    state: ObjectionState
    grounds: tuple[str, ...]
    story: str
    proxy: str
    received_at: datetime
    found_on: date
    due: date
    provisional: bool
    calendar_version: str
    clocks: dict[str, Any]
    verdict: Verdict | None = None
    answer: str = ""
    superior: str = ""
    superior_post: str = ""
    answered_at: datetime | None = None
    response: str = ""
    disputed_at: datetime | None = None
    dispute_number: str = ""
    dispute_due: date | None = None
    version: int = 1

    def overdue(self, today: date) -> bool:
        """Computed, never stored."""
        return self.state is ObjectionState.OPEN and today > self.due


def reason_found(case: Case, letters: tuple[str, ...], clocks: Clocks, today: date) -> date:
    """The day on which the reason came to be: that of our answer, or the last day of our time where no answer came.

    Invalid where there is no reason yet: nothing answered, and time left.
    """
    for letter in letters:
        if letter not in GROUNDS:
            raise Invalid("Pilih alasan keberatan dari daftar (UU 14/2008 Pasal 35 ayat (1)).")
    if not letters:
        raise Invalid("Pilih paling sedikit satu alasan keberatan (UU 14/2008 Pasal 35 ayat (1)).")
    if "a" in letters and case.outcome not in (Outcome.REFUSED, Outcome.PARTLY):
        raise Invalid("Permohonan ini tidak ditolak dengan alasan Pasal 17; pilih alasan keberatan yang lain.")
    if case.closed_at is not None:
        answered = clocks.calendar.day(case.closed_at)
        if "g" in letters and answered <= case.due:
            raise Invalid("Jawaban disampaikan dalam batas waktunya; pilih alasan keberatan yang lain.")
        return answered
    if today > case.due:
        return case.due
    if "b" in letters:
        return today
    raise Invalid(
        f"Batas jawaban kami {in_words(case.due)} dan belum lewat. Keberatan dapat diajukan sesudah jawaban, atau sesudah hari itu."
    )


def filing_window(found_on: date, clocks: Clocks) -> Clock:
    """Until when the objection may be filed: thirty working days from the day its reason was found (Pasal 36 ayat (1))."""
    noon = datetime(found_on.year, found_on.month, found_on.day, 12, tzinfo=clocks.calendar.zone)
    return clocks.objection_window(noon)


def dispute_window(objection: Objection, clocks: Clocks) -> Clock:
    """Until when the dispute may be filed: fourteen working days from the superior's answer, or from the end of the thirty
    days where none came (Pasal 37 ayat (2); Perki 1/2013 Pasal 13)."""
    start = objection.answered_at
    if start is None:
        due = objection.due
        start = datetime(due.year, due.month, due.day, 12, tzinfo=clocks.calendar.zone)
    return clocks.for_case("dispute", start).main
