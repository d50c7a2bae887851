"""The clock of a request: where it starts, where it rests, what an extension adds. Each date counted by hand.

[..] are days that do not count: weekends, holidays, cuti bersama, and the days of waiting where the office's rule says so.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from omnichannel.domain.errors import Conflict, Invalid
from omnichannel.domain.ppid import ClockStart, PpidRules, Request, Wait
from omnichannel.domain.ppid_clock import count, extended, first_end, may_lapse
from tests.domain.decree import CALENDAR, at, clocks

CLOCKS = clocks()
PLAIN = PpidRules()
STOPS = PpidRules(waiting_stops=True)
COMPLETE = PpidRules(clock_starts=ClockStart.COMPLETE)
BOTH = PpidRules(clock_starts=ClockStart.COMPLETE, waiting_stops=True)
REASON = "Dokumennya masih dihimpun dari tiga bidang."


def asked(received: str, *waits: str, complete: str | None = None, extension: bool = False) -> Request:
    """Each wait is "asked/answered", the second part empty while it lasts."""
    stretches = []
    for wait in waits:
        begun, _, ended = wait.partition("/")
        stretches.append(Wait(asked_at=at(begun), answered_at=at(ended) if ended else None))
    return Request(
        case_id=1,
        received_at=at(received),
        complete_at=at(complete) if complete else None,
        waits=tuple(stretches),
        extended_at=at(received) if extension else None,
    )


PUZZLES = [
    # UU 14/2008 knows no stop: Fri 13 Mar 2026 is zero. 16=1 17=2 [18-24] 25=3 26=4 27=5 30=6 31=7, April 1=8 2=9 [3 4 5] 6=10.
    (PLAIN, asked("2026-03-13T09:00", "2026-03-16T10:00/2026-03-26T10:00"), "2026-04-06"),
    # With the stop, asked on the 16th, answered on the 26th: 16=1 [17, 18-24, 25 26] 27=2 30=3 31=4, April 1=5 2=6 [3 4 5]
    # 6=7 7=8 8=9 9=10.
    (STOPS, asked("2026-03-13T09:00", "2026-03-16T10:00/2026-03-26T10:00"), "2026-04-09"),
    # From completeness, Thu 26 Mar: 27=1 30=2 31=3, April 1=4 2=5 [3 4 5] 6=6 7=7 8=8 9=9 10=10.
    (COMPLETE, asked("2026-03-13T09:00", complete="2026-03-26T10:00"), "2026-04-10"),
    # Both: the waiting lies before day zero and takes nothing away.
    (BOTH, asked("2026-03-13T09:00", "2026-03-16T10:00/2026-03-26T10:00", complete="2026-03-26T10:00"), "2026-04-10"),
    # Asked and answered on one day, nothing rests. Mon 2 Feb: 3=1 4=2 5=3 6=4 9=5 10=6 11=7 12=8 13=9 [14 15 16 17] 18=10.
    (STOPS, asked("2026-02-02T08:00", "2026-02-03T09:00/2026-02-03T15:00"), "2026-02-18"),
    # Asked on Friday evening, answered on Monday: 3=1 4=2 5=3 6=4 [7 8 9] 10=5 11=6 12=7 13=8 [14-17] 18=9 19=10.
    (STOPS, asked("2026-02-02T08:00", "2026-02-06T20:00/2026-02-09T08:00"), "2026-02-19"),
    # Tue 3 Mar, a day of waiting, then seven more over Idul Fitri: 4=1 5=2 [6 7 8] 9=3 10=4 11=5 12=6 13=7 16=8 17=9 [18-24]
    # 25=10; 26=1 27=2 30=3 31=4, April 1=5 2=6 [3 4 5] 6=7.
    (STOPS, asked("2026-03-03T08:00", "2026-03-05T09:00/2026-03-06T09:00", extension=True), "2026-04-06"),
    # The turn of the year, complete on Mon 28 Dec: 29=1 30=2 31=3 [1 2 3] 4=4 [5 Isra Mikraj] 6=5 7=6 8=7 [9 10] 11=8 12=9 13=10.
    (COMPLETE, asked("2026-12-21T12:00", complete="2026-12-28T09:00"), "2027-01-13"),
    # On from there: 14=1 15=2 [16 17] 18=3 19=4 20=5 21=6 22=7.
    (COMPLETE, asked("2026-12-21T12:00", complete="2026-12-28T09:00", extension=True), "2027-01-22"),
    # Mon 21 Dec, asked on the 22nd, answered on 4 January: 22=1 [23 - 4, 5 Isra Mikraj] 6=2 7=3 8=4 [9 10] 11=5 12=6 13=7 14=8
    # 15=9 [16 17] 18=10.
    (STOPS, asked("2026-12-21T12:00", "2026-12-22T09:00/2027-01-04T17:00"), "2027-01-18"),
    # Received on a holiday (1 June 2026), asked twice: 2=1 3=2 [4 5, 6 7] 8=3 9=4 [10] 11=5 12=6 [13 14] 15=7 [16 Tahun Baru
    # Islam] 17=8 18=9 19=10.
    (
        STOPS,
        asked("2026-06-01T08:00", "2026-06-03T09:00/2026-06-05T09:00", "2026-06-09T09:00/2026-06-10T09:00"),
        "2026-06-19",
    ),
    # Complete on Friday 23.59 WITA, as a server in UTC knows it: the first puzzle's ten days.
    (COMPLETE, asked("2026-03-10T09:00", complete="2026-03-13T15:59Z"), "2026-04-06"),
    # Two minutes later it is Saturday in WITA; Monday is still the first day.
    (COMPLETE, asked("2026-03-10T09:00", complete="2026-03-13T16:01Z"), "2026-04-06"),
    # Answered on a Saturday: 4=1 5=2 [6, 7, 8] 9=3 10=4 11=5 12=6 13=7 16=8 17=9 [18-24] 25=10.
    (STOPS, asked("2026-03-03T08:00", "2026-03-05T09:00/2026-03-07T09:00"), "2026-03-25"),
    # Still waiting on Fri 27 Mar: 12=1 [13-27] 30=2 31=3, April 1=4 2=5 [3 4 5] 6=6 7=7 8=8 9=9 10=10.
    (STOPS, asked("2026-03-11T08:00", "2026-03-12T09:00/"), "2026-04-10"),
    # Not complete yet though completeness starts the clock: from the receipt, and said to be provisional.
    (COMPLETE, asked("2026-03-13T09:00"), "2026-04-06"),
    # The day of receipt is the last of the year: Thu 31 Dec 2026. [1 2 3] 4=1 [5] 6=2 7=3 8=4 [9 10] 11=5 12=6 13=7 14=8 15=9
    # [16 17] 18=10.
    (PLAIN, asked("2026-12-31T23:59"), "2027-01-18"),
]
NOW = at("2026-03-27T09:00")


@pytest.mark.parametrize(("rules", "request_", "due"), PUZZLES)
def test_each_date_is_as_counted_by_hand(rules: PpidRules, request_: Request, due: str) -> None:
    assert count(request_, CLOCKS, rules, NOW).due == date.fromisoformat(due)


def test_a_day_of_waiting_stands_in_the_ladder_with_its_reason() -> None:
    found = count(asked("2026-03-13T09:00", "2026-03-16T10:00/2026-03-26T10:00"), CLOCKS, STOPS, NOW)

    told = {rung.day: rung.off for rung in found.main.ladder}
    assert told[date(2026, 3, 17)] == told[date(2026, 3, 25)] == "Menunggu pemohon melengkapi"
    assert told[date(2026, 3, 19)] == "Libur nasional"
    assert told[date(2026, 3, 27)] is None
    assert found.calendar_version == CALENDAR.version


def test_what_waits_for_completeness_is_provisional_and_says_why() -> None:
    found = count(asked("2026-02-02T09:00"), CLOCKS, COMPLETE, NOW)

    assert found.provisional
    assert any("belum lengkap" in why for why in found.why_provisional)
    assert not count(asked("2026-02-02T09:00", complete="2026-02-03T09:00"), CLOCKS, COMPLETE, NOW).provisional


def test_an_extension_is_given_until_the_last_minute_of_the_tenth_day_and_once() -> None:
    request = asked("2026-03-13T09:00")
    end = first_end(request, CLOCKS, PLAIN, NOW)

    last = extended(request, REASON, CLOCKS, PLAIN, at("2026-04-06T23:59"))

    assert end == date(2026, 4, 6)
    assert count(last, CLOCKS, PLAIN, NOW).due == date(2026, 4, 15)
    with pytest.raises(Invalid, match="6 April 2026"):
        extended(request, REASON, CLOCKS, PLAIN, at("2026-04-07T00:00"))
    with pytest.raises(Conflict, match="satu kali"):
        extended(last, REASON, CLOCKS, PLAIN, at("2026-04-06T23:59"))
    with pytest.raises(Invalid, match="alasan"):
        extended(request, "  belum  ", CLOCKS, PLAIN, at("2026-03-16T09:00"))


def test_a_request_lapses_only_after_the_citizen_was_asked_and_had_their_time() -> None:
    rules = PpidRules(lapse_after=3)
    request = asked("2026-03-13T09:00", "2026-03-16T10:00/")

    # 17=1 [18-24] 25=2 26=3: from the 27th on.
    assert may_lapse(request, CALENDAR, rules, date(2026, 3, 26)) == date(2026, 3, 27)
    assert may_lapse(asked("2026-03-13T09:00"), CALENDAR, rules, date(2026, 6, 1)) is None
    done = replace(request, complete_at=at("2026-03-17T09:00"))
    assert may_lapse(done, CALENDAR, rules, date(2026, 6, 1)) is None


def test_waiting_never_takes_a_day_away() -> None:
    for rules in (PLAIN, STOPS):
        bare = count(asked("2026-03-02T09:00"), CLOCKS, rules, NOW).due
        for day in range(1, 20):
            begun = at("2026-03-02T10:00") + timedelta(days=day)
            held = Wait(asked_at=begun, answered_at=begun + timedelta(days=3))
            assert count(replace(asked("2026-03-02T09:00"), waits=(held,)), CLOCKS, rules, NOW).due >= bare
