from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.calendar import WorkingCalendar, YearDays, in_words, read_moment
from omnichannel.domain.errors import Invalid
from tests.domain.decree import CALENDAR, WITA, at, decreed

ANY_DAY = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_a_holiday_is_named_before_the_weekday_it_falls_on() -> None:
    assert CALENDAR.why_off(date(2026, 3, 21)) == "Libur nasional"
    assert CALENDAR.why_off(date(2026, 3, 14)) == "Sabtu"
    assert CALENDAR.why_off(date(2026, 3, 15)) == "Minggu"
    assert CALENDAR.why_off(date(2026, 3, 16)) is None


def test_a_correction_gives_a_holiday_and_even_a_saturday_back_to_work() -> None:
    saturday, leave = date(2026, 3, 28), date(2026, 3, 24)
    calendar = WorkingCalendar(lambda _: YearDays(off={leave: "Cuti"}, working=frozenset({saturday, leave})), WITA)

    assert calendar.is_working(leave)
    assert calendar.is_working(saturday)
    # Mon 23 March is day zero: 24=1, 25=2, 26=3, 27=4, the Saturday 28=5.
    assert calendar.add(date(2026, 3, 23), 5) == saturday


def test_nothing_added_stays_on_day_zero_even_on_a_sunday() -> None:
    sunday = date(2026, 3, 15)

    assert CALENDAR.add(sunday, 0) == sunday
    assert CALENDAR.ladder(sunday, 0) == ((sunday, 0, "Minggu"),)


def test_a_negative_period_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add(date(2026, 3, 15), -1)


def test_days_left_count_whole_working_days_without_today() -> None:
    thursday, monday = date(2026, 4, 2), date(2026, 4, 6)

    # Friday 3 April is a holiday, then the weekend: only Monday itself is left.
    assert CALENDAR.working_days_between(thursday, monday) == 1
    assert CALENDAR.working_days_between(monday, monday) == 0
    assert CALENDAR.working_days_between(monday, thursday) == -1
    assert CALENDAR.working_days_between(thursday, date(2026, 4, 4)) == 0


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-13T23:59:59.999999", date(2026, 3, 13)),
        ("2026-03-13T15:59:59Z", date(2026, 3, 13)),
        ("2026-03-13T16:00:00Z", date(2026, 3, 14)),
        ("2026-03-13T00:01:00Z", date(2026, 3, 13)),
        ("2026-03-13T23:30:00+07:00", date(2026, 3, 14)),
    ],
)
def test_the_office_has_its_own_date(moment: str, day: date) -> None:
    assert CALENDAR.day(at(moment)) == day


def test_a_naive_time_and_a_moment_in_place_of_a_date_are_refused() -> None:
    naive = datetime(2026, 3, 13, 10)  # noqa: DTZ001

    with pytest.raises(ValueError, match="read_moment"):
        CALENDAR.day(naive)
    for misuse in (CALENDAR.is_working, lambda day: CALENDAR.add(day, 1)):
        with pytest.raises(TypeError, match="use calendar"):
            misuse(at("2026-03-13"))
    with pytest.raises(TypeError, match="use calendar"):
        CALENDAR.working_days_between(date(2026, 3, 13), at("2026-03-14"))


@pytest.mark.parametrize("moment", [datetime(9999, 12, 31, 23, tzinfo=UTC), at("9999-12-30")])
def test_the_end_of_time_is_an_error_that_speaks(moment: datetime) -> None:
    with pytest.raises(Invalid, match="kalender"):
        CALENDAR.add(CALENDAR.day(moment), 5)


def test_a_typed_time_is_the_offices_own_unless_it_says_otherwise() -> None:
    assert read_moment(" 2026-03-13T23:59 ", WITA) == at("2026-03-13T15:59Z")
    assert read_moment("2026-03-13 15:59Z", WITA) == at("2026-03-13T23:59")
    assert read_moment("2026-03-13", WITA) == at("2026-03-13T00:00")


@pytest.mark.parametrize(
    "text", ["", "kemarin", "13/03/2026", "2026-02-30", "2026-03-13T25:00", "2026-03-13T10:00+99:00"]
)
def test_a_time_that_is_none_is_named_in_the_error(text: str) -> None:
    with pytest.raises(Invalid, match="ISO 8601"):
        read_moment(text, WITA)


def test_a_year_is_asked_for_once_and_only_when_needed() -> None:
    asked = []

    def days(year: int) -> YearDays:
        asked.append(year)
        return decreed(year)

    calendar = WorkingCalendar(days, WITA)
    assert asked == []
    calendar.add(date(2026, 12, 21), 10)
    calendar.add(date(2026, 12, 23), 14)
    assert asked == [2026, 2027]


def test_the_version_follows_the_days_and_the_rules_alone() -> None:
    version = WorkingCalendar(decreed, WITA).version
    worn = WorkingCalendar(decreed, WITA)
    worn.add(date(2026, 12, 21), 300)

    def one_more(year: int) -> YearDays:
        extra = {date(2026, 10, 12): "Hari jadi"} if year == 2026 else {}
        return YearDays({**decreed(year).off, **extra}, estimated=decreed(year).estimated, unsure=decreed(year).unsure)

    def confirmed(year: int) -> YearDays:
        return YearDays(decreed(year).off, unsure=decreed(year).unsure)

    assert worn.version == version
    assert 8 <= len(version) <= 16
    others = {
        WorkingCalendar(one_more, WITA).version,
        WorkingCalendar(confirmed, WITA).version,
        WorkingCalendar(decreed, UTC).version,
        WorkingCalendar(decreed, WITA, weekend=frozenset({6})).version,
        WorkingCalendar(decreed, WITA, estimate_margin=timedelta(2)).version,
    }
    assert len(others | {version}) == 6


def test_a_week_without_a_working_day_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="weekend"):
        WorkingCalendar(decreed, WITA, weekend=frozenset(range(7)))


def test_an_estimate_is_a_doubt_inside_the_count_and_one_day_beyond() -> None:
    # Idul Fitri 2027 is estimated for 10 and 11 March; the second day may come as late as the 12th.
    first, second = date(2027, 3, 10), date(2027, 3, 11)
    day = timedelta(days=1)

    assert CALENDAR.doubts(date(2027, 3, 1), first - 2 * day) == ()
    assert len(CALENDAR.doubts(date(2027, 3, 1), first - day)) == 1
    assert len(CALENDAR.doubts(date(2027, 3, 1), second)) == 2
    assert CALENDAR.doubts(second, date(2027, 3, 20)) == ("Hari raya pada 11 Maret 2027 masih perkiraan.",)
    assert CALENDAR.doubts(second + day, date(2027, 3, 20)) == ()


def test_of_two_holidays_on_a_day_the_doubt_names_the_estimated_one() -> None:
    may_day = date(2028, 5, 1)
    names = "Hari Buruh; Idul Adha (perkiraan)"
    calendar = WorkingCalendar(lambda _: YearDays({may_day: names}, estimated=frozenset({may_day})), WITA)

    assert calendar.doubts(may_day, may_day) == ("Idul Adha pada 1 Mei 2028 masih perkiraan.",)


def test_an_estimate_that_a_correction_took_away_is_no_doubt() -> None:
    day = date(2028, 5, 1)
    days = YearDays({day: "Idul Adha (perkiraan)"}, working=frozenset({day}), estimated=frozenset({day}))

    assert WorkingCalendar(lambda _: days, WITA).doubts(day, day) == ()


def test_a_date_in_words() -> None:
    assert in_words(date(2026, 8, 7)) == "7 Agustus 2026"


@given(off=st.sets(ANY_DAY, max_size=200), start=ANY_DAY, n=st.integers(1, 80))
def test_any_table_of_days_off_is_counted_day_by_day(off: set[date], start: date, n: int) -> None:
    # Days off near the start, so that the sets matter: the drawn ones fold into the next 200 days.
    near = {start + timedelta(days=day.toordinal() % 200): "libur" for day in off}
    calendar = WorkingCalendar.of(near, WITA)

    due = calendar.add(start, n)

    later = [start + timedelta(days=step) for step in range(1, (due - start).days + 1)]
    counted = [day for day in later if day.weekday() < 5 and day not in near]
    assert len(counted) == n
    assert counted[-1] == due
    assert calendar.working_days_between(start, due) == n
    assert calendar.working_days_between(due, start) == -n


@given(start=ANY_DAY, first=st.integers(1, 40), then=st.integers(0, 40))
def test_two_periods_in_a_row_are_one_long_one(start: date, first: int, then: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, first), then) == CALENDAR.add(start, first + then)
