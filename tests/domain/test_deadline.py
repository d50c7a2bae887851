from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.deadline import KINDS, Clocks, Rule, received_at
from omnichannel.domain.errors import Invalid
from tests.domain.decree import CALENDAR, WITA, at, clocks
from tests.effort import steps

CLOCKS = clocks()

# Each counted by hand on the decree's calendar; [..] are days that do not count.
PUZZLES = [
    # Fri 13 Mar 2026 is zero. 16=1 17=2 [18-24 Nyepi, Idul Fitri] 25=3 26=4 27=5 30=6 31=7, April 1=8 2=9 [3 4 5] 6=10.
    ("information_request", "2026-03-13T23:59", {}, "2026-04-06"),
    # The same minute as a server in UTC knows it.
    ("information_request", "2026-03-13T15:59Z", {}, "2026-04-06"),
    # 00.01 UTC on Friday is 08.01 WITA on Friday.
    ("information_request", "2026-03-13T00:01Z", {}, "2026-04-06"),
    # Thu 12 Mar, 23.59 WITA: 13=1 16=2 17=3 [18-24] 25=4 26=5 27=6 30=7 31=8, April 1=9 2=10.
    ("information_request", "2026-03-12T15:59Z", {}, "2026-04-02"),
    # Two minutes later it is Friday in WITA, though still Thursday in UTC: as the first.
    ("information_request", "2026-03-12T16:01Z", {}, "2026-04-06"),
    # On from 6 April: 7=1 8=2 9=3 10=4 [11 12] 13=5 14=6 15=7.
    ("information_request", "2026-03-13T23:59", {"extended": True}, "2026-04-15"),
    # Tue 3 Mar: 4=1 5=2 6=3 9=4 10=5 11=6 12=7 13=8 16=9 17=10, the last day before the long holidays.
    ("information_request", "2026-03-03T08:00", {}, "2026-03-17"),
    # The seven more begin behind them: [18-24] 25=1 26=2 27=3 30=4 31=5, April 1=6 2=7, the last day before [3 4 5].
    ("information_request", "2026-03-03T08:00", {"extended": True}, "2026-04-02"),
    # Fri 15 Aug 2025: [16 17, 18 cuti] 19=1 20=2 21=3 22=4 25=5 26=6 27=7 28=8 29=9, September 1=10.
    ("information_request", "2025-08-15T16:00", {}, "2025-09-01"),
    # On: 2=1 3=2 4=3 [5 Maulid 6 7] 8=4 9=5 10=6 11=7.
    ("information_request", "2025-08-15T16:00", {"extended": True}, "2025-09-11"),
    # Fri 9 May 2025: [10 11, 12 Waisak 13] 14=1 15=2 16=3 19=4 20=5 21=6 22=7 23=8 26=9 27=10.
    ("information_request", "2025-05-09T09:00", {}, "2025-05-27"),
    # Mon 21 Dec 2026: 22=1 23=2 [24 cuti 25 26 27] 28=3 29=4 30=5 31=6 [1 Jan 2 3] 4=7 [5 Isra Mikraj] 6=8 7=9 8=10.
    ("information_request", "2026-12-21T12:00", {}, "2027-01-08"),
    # New Year's Day itself, Thu 1 Jan 2026: 2=1 5=2 6=3 7=4 8=5 9=6 12=7 13=8 14=9 15=10.
    ("information_request", "2026-01-01T00:00", {}, "2026-01-15"),
    # Fri 5 Mar 2027: [6 7, 8-12 Nyepi, Idul Fitri, 13 14, 15] 16=1 17=2 18=3 19=4 22=5 23=6 24=7 [25 26 27 28] 29=8 30=9 31=10.
    ("information_request", "2027-03-05T12:00", {}, "2027-03-31"),
    # Thu 27 Mar 2025: [28 - 7 April] 8=1 9=2 10=3 11=4 14=5 15=6 16=7 17=8 [18 19 20] 21=9 22=10 23=11 24=12 25=13 28=14.
    ("complaint", "2025-03-27T10:00", {}, "2025-04-28"),
    # Wed 23 Dec 2026: [24-27] 28=1 29=2 30=3 31=4 [1 2 3] 4=5 [5] 6=6 7=7 8=8 11=9 12=10 13=11 14=12 15=13 18=14.
    ("complaint", "2026-12-23T23:59", {}, "2027-01-18"),
    # Fri 2 Jan 2026: 5-9=1-5 12-15=6-9 [16] 19-23=10-14 26-30=15-19, February 2-6=20-24 9-13=25-29 [16 17] 18-20=30-32
    # 23-27=33-37, March 2-6=38-42 9-13=43-47 16=48 17=49 [18-24] 25-27=50-52 30=53 31=54, April 1=55 2=56 [3] 6-9=57-60.
    ("complaint", "2026-01-02T07:30", {"supervision": True}, "2026-04-09"),
    # Idul Fitri itself, Mon 31 Mar 2025: [1 - 7 April] 8=1 9=2 10=3 11=4 [12 13] 14=5.
    ("aspiration", "2025-03-31T06:00", {}, "2025-04-14"),
    # Sun 8 Jun 2025: [9 cuti] 10=1 11=2 12=3 13=4 [14 15] 16=5.
    ("aspiration", "2025-06-08T20:00", {}, "2025-06-16"),
    # Fri 13 Feb 2026: [14 15, 16 17 Imlek] 18=1 19=2 20=3 [21 22] 23=4 24=5.
    ("aspiration", "2026-02-13T17:00", {}, "2026-02-24"),
    # Fri 23 May 2025: [24 25] 26=1 27=2 28=3 [29 30 31, 1 June] 2=4 3=5.
    ("aspiration", "2025-05-23T11:00", {}, "2025-06-03"),
    # Tue 26 May 2026: [27 28 Idul Adha] 29=1 [30 31, 1 June] 2=2 3=3 4=4 5=5.
    ("aspiration", "2026-05-26T11:00", {}, "2026-06-05"),
    # Mon 2 Feb 2026: 3-6=1-4 9-13=5-9 [16 17] 18-20=10-12 23-27=13-17, March 2-6=18-22 9-13=23-27 16=28 17=29 [18-24] 25=30.
    ("objection", "2026-02-02T09:00", {}, "2026-03-25"),
    # Mon 4 May 2026: 5-8=1-4 11-13=5-7 [14 15 16 17] 18-22=8-12 25=13 26=14.
    ("dispute", "2026-05-04T09:00", {}, "2026-05-26"),
    # A day later the fourteenth falls behind Idul Adha: 6-8=1-3 11-13=4-6 18-22=7-11 25=12 26=13 [27 28] 29=14.
    ("dispute", "2026-05-05T09:00", {}, "2026-05-29"),
]


@pytest.mark.parametrize(("kind", "received", "flags", "due"), PUZZLES)
def test_a_puzzle_counted_by_hand(kind: str, received: str, flags: dict[str, bool], due: str) -> None:
    extended, supervision = flags.get("extended", False), flags.get("supervision", False)
    found = CLOCKS.for_case(kind, at(received), extended=extended, supervision=supervision)

    assert found.due.isoformat() == due
    assert found.main.ladder[-1].off is None


def test_every_clock_of_a_complaint() -> None:
    # Thu 27 Mar 2025, as above: 10 April is the 3rd, 14 April the 5th, 28 April the 14th working day.
    found = CLOCKS.for_case("complaint", at("2025-03-27T10:00"))

    dues = {clock.name: clock.due.isoformat() for clock in found.clocks}
    # The reply, as if we answered on 28 April: 29=1 30=2 [1 May] 2=3 5=4 6=5 7=6 8=7 9=8 [10-13] 14=9 15=10.
    assert dues == {"verify": "2025-04-10", "follow_up": "2025-04-14", "finish": "2025-04-28", "reply": "2025-05-15"}
    assert found.main.name == "finish"


def test_the_reporters_reply_runs_from_the_answer_once_it_is_given() -> None:
    # Wed 17 Dec 2025: 18=1 19=2 22=3 23=4 24=5 [25-28] 29=6 30=7 31=8 [1 Jan] 2=9 5=10.
    found = CLOCKS.for_case("complaint", at("2025-12-10T10:00"), answered=at("2025-12-17T10:00")).clock("reply")
    waiting = CLOCKS.for_case("complaint", at("2025-12-10T10:00")).clock("reply")

    assert found is not None
    assert found.due == date(2026, 1, 5)
    assert found.note is None
    assert waiting is not None
    assert waiting.note == "Dihitung seolah dijawab pada hari terakhir."
    assert found.due < waiting.due


def test_the_citizens_own_time_to_object() -> None:
    # Mon 18 May 2026: 19-22=1-4 25=5 26=6 [27 28] 29=7 [1 June] 2-5=8-11 8-12=12-16 15=17 [16] 17=18 18=19 19=20
    # 22-26=21-25 29=26 30=27, July 1=28 2=29 3=30.
    window = CLOCKS.objection_window(at("2026-05-18T09:00"))

    assert window.due == date(2026, 7, 3)
    assert window.rule.basis == "UU 14/2008 Pasal 36 ayat (1)"
    assert CLOCKS.for_case("objection", at("2026-05-18T09:00")).clock("filing") is None


def test_an_extension_keeps_the_ten_days_and_explains_its_own_seven() -> None:
    found = CLOCKS.for_case("information_request", at("2026-03-13T23:59"), extended=True)

    answer, extension = found.clock("answer"), found.main
    assert answer is not None
    assert (answer.due, extension.day_zero, extension.due) == (date(2026, 4, 6), date(2026, 4, 6), date(2026, 4, 15))
    assert extension.rule.starts == "end of answer"


def test_a_request_carries_lapors_shorter_clock_beside_the_laws() -> None:
    # As the first puzzle: the 5th working day is 27 March.
    found = CLOCKS.for_case("information_request", at("2026-03-13T23:59")).clock("lapor_answer")

    assert found is not None
    assert (found.due, found.rule.track) == (date(2026, 3, 27), "lapor")


def test_the_ladder_explains_each_day() -> None:
    ladder = CLOCKS.for_case("aspiration", at("2026-05-23T11:00")).main.ladder

    # Sat 23 May 2026 is zero; 25=1 26=2 [27 28] 29=3 [30 31, 1 June] 2=4 3=5.
    assert [(rung.day.day, rung.n, rung.off) for rung in ladder] == [
        (23, 0, "Sabtu"),
        (24, None, "Minggu"),
        (25, 1, None),
        (26, 2, None),
        (27, None, "Libur nasional"),
        (28, None, "Cuti bersama"),
        (29, 3, None),
        (30, None, "Sabtu"),
        (31, None, "Libur nasional"),
        (1, None, "Libur nasional"),
        (2, 4, None),
        (3, 5, None),
    ]


def test_the_printed_shape_is_the_promised_one() -> None:
    printed = CLOCKS.for_case("dispute", at("2026-05-04T01:00Z")).as_json()

    assert {"kind", "received", "due", "provisional", "clocks"} <= printed.keys()
    assert printed["received"] == "2026-05-04T09:00:00+08:00"
    clock = printed["clocks"][0]
    promised = {"name", "starts", "days", "due", "basis", "valid_from", "ladder"}
    assert promised <= clock.keys()
    assert clock["ladder"][0] == {"date": "2026-05-04", "n": 0, "off": None}
    assert clock["ladder"][5] == {"date": "2026-05-09", "n": None, "off": "Sabtu"}
    assert printed["due"] == clock["due"] == clock["ladder"][-1]["date"]


@pytest.mark.parametrize(
    ("received", "why"),
    [
        ("2026-03-13T12:00", []),
        ("2027-03-05T12:00", ["10 Maret 2027", "11 Maret 2027"]),
        # Thu 25 Feb 2027, five days: 26=1, March 1=2 2=3 3=4 4=5; Idul Fitri on the 10th is out of reach.
        ("2027-02-25T12:00", []),
        # Tue 21 Dec 2027: 22=1 23=2 [24-26] 27=3 28=4 29=5: ends within the year.
        ("2027-12-21T12:00", []),
        # Mon 27 Dec 2027: 28=1 29=2 30=3 31=4, and into a year without a list.
        ("2027-12-27T12:00", ["tahun 2028"]),
    ],
)
def test_a_date_that_may_move_says_why(received: str, why: list[str]) -> None:
    found = CLOCKS.for_case("aspiration", at(received))

    assert found.provisional == bool(why)
    assert len(found.why_provisional) == len(why)
    assert all(part in sentence for part, sentence in zip(why, found.why_provisional, strict=True))
    assert found.as_json()["why_provisional"] == list(found.why_provisional)


def test_what_begins_at_a_doubtful_end_is_doubtful_too() -> None:
    # Wed 24 Feb 2027: 25=1 26=2, March 1-5=3-7 [8-15] 16=8 17=9 18=10; the seven more see no estimate themselves.
    found = CLOCKS.for_case("information_request", at("2027-02-24T12:00"), extended=True)

    assert found.main.day_zero == date(2027, 3, 18)
    assert CALENDAR.doubts(found.main.day_zero, found.main.due) == ()
    assert len(found.why_provisional) == 2


A_RULE = Rule(
    kind="complaint",
    name="finish",
    title="Penyelesaian",
    track="lapor",
    starts="receipt",
    days=14,
    basis="lama",
    valid_from=date(2019, 1, 1),
    main=True,
)


def test_the_rule_in_force_on_the_day_of_receipt_serves_the_case() -> None:
    newer = replace(A_RULE, days=10, basis="baru", valid_from=date(2026, 5, 5))
    both = Clocks([newer, A_RULE], CALENDAR)

    old, new = both.for_case("complaint", at("2026-05-04T23:59")), both.for_case("complaint", at("2026-05-05T00:00"))

    assert (old.main.rule.days, new.main.rule.days) == (14, 10)
    # 4 May: as the dispute's 14 days. 5 May: 6-8=1-3 11-13=4-6 18=7 19=8 20=9 21=10.
    assert (old.due, new.due) == (date(2026, 5, 26), date(2026, 5, 21))


def test_a_case_older_than_every_rule_is_counted_by_the_oldest_and_says_so() -> None:
    newer = replace(A_RULE, days=10, valid_from=date(2026, 5, 5))
    found = Clocks([newer, A_RULE], CALENDAR).for_case("complaint", at("1995-03-01"))

    assert found.main.rule.days == 14
    assert found.main.note is not None
    assert found.main.note.startswith("Diterima sebelum")
    assert Clocks([A_RULE], CALENDAR).for_case("complaint", at("2019-01-01")).main.note is None


def test_a_clock_may_wait_for_another_wherever_it_stands_in_the_file() -> None:
    third = replace(A_RULE, name="c", starts="end of b", days=1, main=False)
    second = replace(A_RULE, name="b", starts="end of finish", days=1, main=False)
    found = Clocks([third, second, A_RULE], CALENDAR).for_case("complaint", at("2026-05-04T09:00"))

    # 26 May is the fourteenth; [27 28] 29 the next, [30 31, 1 June] 2 June the one after.
    assert [clock.due for clock in found.clocks] == [date(2026, 6, 2), date(2026, 5, 29), date(2026, 5, 26)]


def test_a_special_rule_replaces_the_plain_one_even_if_that_is_younger() -> None:
    special = replace(A_RULE, days=60, when="supervision")
    younger = replace(A_RULE, days=10, valid_from=date(2026, 1, 1))
    both = Clocks([A_RULE, special, younger], CALENDAR)

    assert both.for_case("complaint", at("2026-05-04"), supervision=True).main.rule.days == 60
    assert both.for_case("complaint", at("2026-05-04")).main.rule.days == 10


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([A_RULE, A_RULE], "valid_from: another day"),
        ([replace(A_RULE, days=0)], "days: at least 1"),
        ([replace(A_RULE, main=False)], "main: complaint needs"),
        ([replace(A_RULE, when="supervision")], "main: complaint needs"),
        ([replace(A_RULE, when="raining")], "when: one of"),
        ([replace(A_RULE, starts="answer")], "starts: a main clock"),
        ([replace(A_RULE, starts="noon")], 'starts: "receipt"'),
        ([A_RULE, replace(A_RULE, name="x", starts="end of nothing")], 'starts: "receipt"'),
        (
            [A_RULE, replace(A_RULE, name="x", starts="end of x", main=False)],
            "starts: a clock that does not itself wait",
        ),
        (
            [A_RULE, replace(A_RULE, name="x", starts="end of y"), replace(A_RULE, name="y", starts="end of x")],
            "starts: a clock that does not itself wait",
        ),
        (
            [
                A_RULE,
                replace(A_RULE, name="x", starts="answer", main=False),
                replace(A_RULE, name="y", starts="end of x"),
            ],
            "starts: a main clock cannot wait",
        ),
        (
            [
                A_RULE,
                replace(A_RULE, name="x", starts="reason", main=False),
                replace(A_RULE, name="y", starts="end of x"),
            ],
            "starts",
        ),
        (
            [A_RULE, replace(A_RULE, name="x", when="extended"), replace(A_RULE, name="y", starts="end of x")],
            'starts: "receipt"',
        ),
    ],
)
def test_rules_that_do_not_fit_together_are_refused(rules: list[Rule], said: str) -> None:
    with pytest.raises(ValueError, match="rule") as caught:
        Clocks(rules, CALENDAR)

    assert said in str(caught.value)


def test_what_the_law_does_not_know_is_refused_by_name() -> None:
    now = at("2026-05-04T09:00")

    with pytest.raises(Invalid, match="'laporan' tidak punya tenggat; yang ada: information_request"):
        CLOCKS.for_case("laporan", now)
    with pytest.raises(Invalid, match="'extended' untuk complaint"):
        CLOCKS.for_case("complaint", now, extended=True)
    with pytest.raises(Invalid, match="'supervision' untuk dispute"):
        CLOCKS.for_case("dispute", now, supervision=True)
    with pytest.raises(Invalid, match="'nothing' untuk objection"):
        CLOCKS.window("objection", "nothing", now)
    with pytest.raises(ValueError, match="naive"):
        CLOCKS.for_case("complaint", datetime(2026, 5, 4))  # noqa: DTZ001
    assert CLOCKS.knows("information_request", "extended")
    assert not CLOCKS.knows("objection", "extended")


def test_received_is_the_platforms_time_but_never_after_the_arrival() -> None:
    arrived = at("2026-03-13T23:59")

    assert received_at(None, arrived) == arrived
    assert received_at(at("2026-03-12T10:00"), arrived) == at("2026-03-12T10:00")
    assert received_at(at("2026-03-14T00:01"), arrived) == arrived
    assert received_at(at("2026-03-12T10:00"), arrived).tzinfo is UTC
    for sent, came in ((datetime(2026, 3, 12), arrived), (None, datetime(2026, 3, 12))):  # noqa: DTZ001
        with pytest.raises(ValueError, match="naive"):
            received_at(sent, came)


def test_a_clock_is_late_only_after_its_last_day() -> None:
    clock = CLOCKS.for_case("dispute", at("2026-05-04T09:00")).main

    assert not clock.overdue(date(2026, 5, 26))
    assert clock.overdue(date(2026, 5, 27))


def test_a_case_knows_which_calendar_counted_it() -> None:
    assert CLOCKS.for_case("dispute", at("2026-05-04")).calendar_version == CALENDAR.version


def test_an_answer_to_when_comes_at_once() -> None:
    received = at("2026-01-02T07:30")

    assert steps(lambda: CLOCKS.for_case("complaint", received, supervision=True)) < 3000


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 12, 31), timezones=st.just(WITA))  # noqa: DTZ001


@given(kind=st.sampled_from(KINDS), received=MOMENTS, special=st.booleans())
def test_every_clock_ends_on_a_working_day_after_its_days(kind: str, received: datetime, special: bool) -> None:
    extended = special and CLOCKS.knows(kind, "extended")
    supervision = special and CLOCKS.knows(kind, "supervision")

    found = CLOCKS.for_case(kind, received, extended=extended, supervision=supervision)

    assert any(clock == found.main for clock in found.clocks)
    for clock in found.clocks:
        assert CALENDAR.is_working(clock.due)
        assert [rung.n for rung in clock.ladder if rung.n] == list(range(1, clock.rule.days + 1))
        days = [rung.day for rung in clock.ladder]
        assert days == [clock.day_zero + timedelta(days=step) for step in range(len(days))]
        assert all((rung.n is None) == (rung.off is not None) for rung in clock.ladder[1:])


@given(kind=st.sampled_from(KINDS), received=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=30)))
def test_who_wrote_later_is_never_answered_earlier(kind: str, received: datetime, later: timedelta) -> None:
    first, second = CLOCKS.for_case(kind, received), CLOCKS.for_case(kind, received + later)

    assert first.due <= second.due
    assert all(one.due <= two.due for one, two in zip(first.clocks, second.clocks, strict=True))


@given(kind=st.sampled_from(KINDS), received=MOMENTS)
def test_the_same_moment_in_utc_has_the_same_deadline(kind: str, received: datetime) -> None:
    here, there = CLOCKS.for_case(kind, received), CLOCKS.for_case(kind, received.astimezone(UTC))

    assert here.as_json() == there.as_json()
