"""The yearly report counts each request once where it belongs, and what nobody wrote has room to be written."""

from dataclasses import replace
from datetime import UTC, date, datetime

from omnichannel.domain.annual import FIGURES, Annual, Counted, counted, report, year_of
from omnichannel.domain.case import Case, Outcome
from omnichannel.domain.letter import LetterRules
from omnichannel.domain.objection import ObjectionState, Verdict
from omnichannel.domain.ppid import PpidRules
from omnichannel.printing.printer import OfficePrinter
from tests.domain.decree import clocks
from tests.matters import a_case, a_matter, a_request, an_objection
from tests.printing.test_letter import text_of

TODAY = date(2026, 3, 31)
CALENDAR = clocks().calendar


def one(
    outcome: Outcome | None = None, *, closed: datetime | None = None, due: date = date(2026, 3, 10), **facts: object
) -> Counted:
    case: Case = replace(a_case(outcome), received_at=datetime(2026, 2, 24, 2, tzinfo=UTC), due=due, closed_at=closed)
    request = a_request(received_at=case.received_at, **facts)
    decision = a_matter(outcome).decision if outcome in (Outcome.PARTLY, Outcome.REFUSED, Outcome.GRANTED) else None
    return counted(case, request, decision, CALENDAR, PpidRules(), TODAY)


def test_working_days_until_the_answer_are_counted_from_receipt() -> None:
    # Tue 24 Feb 2026 is day zero: 25=1 26=2 27=3 [28 1] 2 Mar=4 3=5.
    found = one(Outcome.GRANTED, closed=datetime(2026, 3, 3, 2, tzinfo=UTC))

    assert (found.days, found.late, found.month) == (5, False, 2)


def test_late_is_after_the_last_day_answered_or_not() -> None:
    assert one(Outcome.GRANTED, closed=datetime(2026, 3, 11, 2, tzinfo=UTC)).late
    assert not one(Outcome.GRANTED, closed=datetime(2026, 3, 10, 15, tzinfo=UTC)).late
    assert one().late
    assert not one(due=TODAY).late


def test_every_request_is_counted_where_it_belongs_and_the_average_is_of_answers_alone() -> None:
    found = Annual(2026)
    in_time, late = datetime(2026, 3, 3, 2, tzinfo=UTC), datetime(2026, 3, 11, 2, tzinfo=UTC)
    found.take(one(Outcome.GRANTED, closed=in_time))  # 5 days
    found.take(one(Outcome.REFUSED, closed=late))  # 4=6 5=7 6=8 [7 8] 9=9 10=10 11=11
    found.take(one(Outcome.WITHDRAWN, closed=in_time))
    found.take(one(extended_at=in_time))
    found.take(replace(one(Outcome.GRANTED, closed=in_time), voided=True, outcome=None))

    counts = {key: found.counts[key] for key in FIGURES if found.counts[key]}
    assert counts == {
        "masuk": 4, "dikabulkan": 1, "ditolak": 1, "dicabut": 1, "berjalan": 1, "tepat-waktu": 1, "terlambat": 1, "lewat": 1,
        "diperpanjang": 1, "dibatalkan": 1, "perorangan": 4, "pasal-17-h": 1, "pasal-17-j": 1,
    }  # fmt: skip
    assert found.average == 8.0
    assert found.months == {2: 4}


def test_objections_are_counted_by_verdict_ground_and_dispute() -> None:
    found = Annual(2026)
    found.take_objection(an_objection())
    found.take_objection(an_objection(verdict=Verdict.REJECTED, grounds=("g",), state=ObjectionState.DISPUTED))
    found.take_objection(an_objection(verdict=None, grounds=("c",), state=ObjectionState.TOO_LATE))

    assert found.counts["keberatan"] == 3
    assert (found.counts["keberatan-sebagian"], found.counts["keberatan-ditolak"], found.counts["sengketa"]) == (
        1,
        1,
        1,
    )
    assert (found.counts["pasal-35-a"], found.counts["pasal-35-g"], found.counts["keberatan-lewat"]) == (1, 1, 1)


def test_the_report_on_paper_says_the_figures_and_what_was_written() -> None:
    found = Annual(2026)
    found.take(one(Outcome.REFUSED, closed=datetime(2026, 3, 3, 2, tzinfo=UTC)))
    found.take_objection(an_objection())

    letter = report(found, {"kendala": "Jaringan di kecamatan."}, LetterRules(), "Dinas Contoh", TODAY)
    text = text_of(OfficePrinter(LetterRules()).letter(letter))

    assert letter.field("Ditolak") == "1"
    assert letter.field("Waktu rata-rata sampai dijawab") == "5,0 hari kerja"
    assert letter.field("Menurut bulan") == "Februari 1"
    assert "TAHUN 2026" in text
    assert "Jaringan di kecamatan." in text
    assert "Pasal 17 huruf h: mengungkap rahasia pribadi" in text
    assert "PRATINJAU" not in text
    assert "Kepada Yth." not in text


def test_an_empty_year_is_a_report_too() -> None:
    letter = report(Annual(2020), {}, LetterRules(), "Dinas Contoh", TODAY)

    assert letter.field("Waktu rata-rata sampai dijawab") == "belum ada jawaban"
    assert OfficePrinter(LetterRules()).letter(letter).startswith(b"%PDF-")


def test_until_april_the_report_is_about_last_year() -> None:
    assert (year_of(date(2027, 3, 31)), year_of(date(2027, 4, 1))) == (2026, 2027)
