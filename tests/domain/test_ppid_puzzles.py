"""More dates of requests, objections and disputes, each counted by hand from the decree; [..] are days that do not count."""

from dataclasses import replace
from datetime import date

import pytest

from omnichannel.domain.calendar import WorkingCalendar, YearDays
from omnichannel.domain.deadline import Clocks
from omnichannel.domain.objection import filing_window
from omnichannel.domain.ppid import Request
from omnichannel.domain.ppid_clock import count, extended, may_lapse
from tests.domain.decree import WITA, at, clocks, decreed
from tests.domain.test_ppid_clock import BOTH, CLOCKS, COMPLETE, PLAIN, REASON, STOPS, asked


def changed(add: str = "", drop: str = "") -> Clocks:
    """The same law on a calendar that a later decree has changed by one day."""

    def year(number: int) -> YearDays:
        found = decreed(number)
        off = dict(found.off)
        if add and date.fromisoformat(add).year == number:
            off[date.fromisoformat(add)] = "Cuti bersama tambahan"
        if drop:
            off.pop(date.fromisoformat(drop), None)
        return replace(found, off=off)

    return clocks(WorkingCalendar(year, WITA))


# Mon 30 Nov 2026, asked back on Wed 2 Dec, answered on Mon 7 Dec: 1=1 2=2 [3-7] 8=3 9=4 10=5 11=6 [12 13] 14=7 15=8 16=9 17=10.
WINTER = asked("2026-11-30T09:00", "2026-12-02T10:00/2026-12-07T08:00")


def longer() -> Request:
    """Extended in the last minute of the tenth day."""
    return extended(WINTER, REASON, CLOCKS, STOPS, at("2026-12-17T23:59"))


def test_a_wait_then_an_extension_on_the_last_day_over_christmas() -> None:
    assert count(WINTER, CLOCKS, STOPS, at("2026-12-10T09:00")).due == date(2026, 12, 17)
    # 18=1 21=2 22=3 23=4 [24 25 26 27] 28=5 29=6 30=7.
    assert count(longer(), CLOCKS, STOPS, at("2026-12-18T09:00")).due == date(2026, 12, 30)


def test_a_day_more_of_cuti_bersama_moves_the_extension_and_a_day_less_takes_it_back() -> None:
    # Monday the 28th becomes cuti bersama: 18=1 21=2 22=3 23=4 [24-28] 29=5 30=6 31=7.
    more = count(longer(), changed(add="2026-12-28"), STOPS, at("2026-12-18T09:00"))
    # The 24th becomes a working day: 18=1 21=2 22=3 23=4 24=5 [25 26 27] 28=6 29=7.
    less = count(longer(), changed(drop="2026-12-24"), STOPS, at("2026-12-18T09:00"))

    assert more.due == date(2026, 12, 31)
    assert less.due == date(2026, 12, 29)
    assert len({more.calendar_version, less.calendar_version, CLOCKS.calendar.version}) == 3


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Friday 20 Feb, one minute before midnight in WITA: 23-27=1-5, 2-6=6-10.
        ("2026-02-20T15:59Z", "2026-03-06"),
        # A minute later it is Saturday; Monday is the first day all the same.
        ("2026-02-20T16:00Z", "2026-03-06"),
        # Sunday 23.59 in WITA, and a minute later Monday, which is then day zero: 24-27=1-4, 2-6=5-9, 9=10.
        ("2026-02-22T15:59Z", "2026-03-06"),
        ("2026-02-22T16:00Z", "2026-03-09"),
        # Friday 23.30 on a clock in WIB is Saturday in WITA.
        ("2026-02-20T23:30+07:00", "2026-03-06"),
        # On cuti bersama, 24 Dec: [25-27] 28-31=1-4 [1 2 3] 4=5 [5 Isra Mikraj] 6-8=6-8 11=9 12=10.
        ("2026-12-24T10:00", "2027-01-12"),
        # On Idul Fitri, 21 March: [22 23 24] 25-27=1-3, 30-2=4-7 [3 4 5] 6-8=8-10.
        ("2026-03-21T10:00", "2026-04-08"),
        # In the last second of the year in WITA, and in its first: [1 2 3] 4=1 [5] 6-8=2-4 11-15=5-9 18=10, both.
        ("2026-12-31T15:59:59Z", "2027-01-18"),
        ("2026-12-31T16:00:00Z", "2027-01-18"),
    ],
)
def test_the_day_of_receipt_is_the_offices_own(received: str, due: str) -> None:
    assert count(asked(received), CLOCKS, PLAIN, at("2027-02-01T09:00")).due == date.fromisoformat(due)


def test_two_waits_of_which_one_still_runs() -> None:
    # Mon 9 Nov: 10=1 [11 12] 13=2 [14 15] 16=3 [17 18 19 20, 21 22] 23=4 24=5 25=6 26=7 27=8 [28 29] 30=9 1=10.
    request = asked("2026-11-09T09:00", "2026-11-10T09:00/2026-11-12T17:00", "2026-11-16T08:00/")

    assert count(request, CLOCKS, STOPS, at("2026-11-20T09:00")).due == date(2026, 12, 1)
    # The next working day that they keep silent moves it by one; a weekend by none.
    assert count(request, CLOCKS, STOPS, at("2026-11-22T09:00")).due == date(2026, 12, 1)
    assert count(request, CLOCKS, STOPS, at("2026-11-23T09:00")).due == date(2026, 12, 2)


def test_both_rules_together_over_the_turn_of_the_year() -> None:
    # Complete on Tue 29 Dec, then asked once more on the 30th, answered on Thu 7 Jan: 30=1 [31-7] 8=2 11-15=3-7 18-20=8-10.
    request = asked("2026-12-21T09:00", "2026-12-30T09:00/2027-01-07T10:00", complete="2026-12-29T23:59")

    assert count(request, CLOCKS, BOTH, at("2027-01-08T09:00")).due == date(2027, 1, 20)
    # Seven more: 21 22=1 2 25-29=3-7.
    more = replace(request, extended_at=at("2027-01-20T10:00"))
    assert count(more, CLOCKS, BOTH, at("2027-01-21T09:00")).due == date(2027, 1, 29)


def test_completeness_on_a_holiday_starts_on_that_day() -> None:
    # Good Friday, 3 April 2026: [4 5] 6-10=1-5 13-17=6-10.
    assert count(asked("2026-03-30T09:00", complete="2026-04-03T20:00"), CLOCKS, COMPLETE, at("2026-04-06T09:00")).due == (
        date(2026, 4, 17)
    )  # fmt: skip


def test_the_superiors_thirty_days_over_idul_fitri_of_2027() -> None:
    # Mon 22 Feb: 23-26=1-4 1-5=5-9 [6 7 8 Nyepi 9 10 11 Idul Fitri 12 13 14 15] 16-19=10-13 22-24=14-16 [25 26 27 28] 29-31=17-19
    # 1 2=20 21 [3 4] 5-9=22-26 [10 11] 12-15=27-30.
    found = CLOCKS.for_case("objection", at("2027-02-22T23:59"))

    assert found.due == date(2027, 4, 15)
    assert found.provisional, "the days of Idul Fitri are still an estimate"


def test_the_windows_of_objection_and_dispute_over_the_turn_of_the_year() -> None:
    # Refused on Thu 24 Dec: 28-31=1-4 4=5 6-8=6-8 11-15=9-13 18-22=14-18 25-29=19-23 1-4=24-27 [5 cuti 6 7] 8-10=28-30.
    assert filing_window(date(2026, 12, 24), CLOCKS).due == date(2027, 2, 10)
    # Answered on Wed 30 Dec: 31=1 4=2 6-8=3-5 11-15=6-10 18-21=11-14.
    assert CLOCKS.for_case("dispute", at("2026-12-30T16:00")).main.due == date(2027, 1, 21)


def test_whoever_was_asked_again_gets_their_time_again() -> None:
    # First asked on Mon 7 Dec: 8-11=1-4 14-18=5-9 21=10: from the 22nd. Asked again on the 21st: 22 23=1 2 [24-27] 28-31=3-6 4=7
    # [5] 6-8=8-10: from the 9th of January.
    request = asked("2026-12-07T09:00", "2026-12-07T09:05/")
    calendar, today = CLOCKS.calendar, date(2026, 12, 22)

    assert may_lapse(request, calendar, PLAIN, today) == date(2026, 12, 22)
    again = may_lapse(request, calendar, PLAIN, today, asked_again=at("2026-12-21T15:00"))
    assert again == date(2027, 1, 9)
