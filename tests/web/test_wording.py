"""Numbers, moments and days as the office writes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.web.wording import Wording, masked_phone

WITA = ZoneInfo("Asia/Makassar")
# Thursday 17 December 2026, 14.05 WITA; Christmas and the day before are no working days.
NOW = datetime(2026, 12, 17, 6, 5, tzinfo=UTC)
CALENDAR = WorkingCalendar.of({date(2026, 12, 24): "Cuti bersama", date(2026, 12, 25): "Natal"}, WITA)


def written(lang: str = "id", now: datetime = NOW) -> Wording:
    return Wording(lang=lang, zone=WITA, zone_name="WITA", now=now, calendar=CALENDAR)


def test_a_moment_is_written_in_the_offices_zone_with_a_point() -> None:
    assert written().moment(NOW) == "17 Des 2026, 14.05 WITA"
    assert written("en").moment(NOW) == "17 Dec 2026, 14:05 WITA"


def test_the_day_is_the_offices_day_not_the_worlds() -> None:
    late = datetime(2026, 12, 17, 16, 30, tzinfo=UTC)  # half past midnight in Sangatta

    assert written().day(late) == "Jumat, 18 Des 2026"
    assert written("en").day(date(2026, 5, 1)) == "Friday, 1 May 2026"


def test_another_year_is_named_in_a_short_day() -> None:
    assert written().shortday(date(2026, 8, 3)) == "3 Agu"
    assert written().shortday(date(2025, 8, 3)) == "3 Agu 2025"


def test_a_letter_writes_the_month_in_full() -> None:
    assert written().longday(date(2026, 8, 3)) == "3 Agustus 2026"


def test_a_span_names_its_day_once() -> None:
    begin = datetime(2026, 12, 17, 4, 5, tzinfo=UTC)

    assert written().between(begin, begin + timedelta(hours=1)) == "17 Des 2026, 12.05–13.05 WITA"
    assert written().between(begin, begin) == "17 Des 2026, 12.05 WITA"
    assert (
        written("en").between(begin - timedelta(days=1), begin) == "16 Dec 2026, 12:05 WITA – 17 Dec 2026, 12:05 WITA"
    )


@pytest.mark.parametrize(
    ("passed", "said", "english"),
    [
        (timedelta(seconds=-30), "baru saja", "just now"),
        (timedelta(seconds=59), "baru saja", "just now"),
        (timedelta(minutes=2), "2 menit", "2 min"),
        (timedelta(minutes=59, seconds=59), "59 menit", "59 min"),
        (timedelta(hours=1), "1 jam", "1 h"),
        (timedelta(hours=14), "14 jam", "14 h"),
        (timedelta(hours=15), "kemarin", "yesterday"),
        (timedelta(days=2), "15 Des", "15 Dec"),
        (timedelta(days=400), "12 Nov 2025", "12 Nov 2025"),
    ],
)
def test_how_long_ago_is_as_short_as_a_list_wants_it(passed: timedelta, said: str, english: str) -> None:
    assert written().ago(NOW - passed) == said
    assert written("en").ago(NOW - passed) == english


def test_shortly_after_midnight_the_evening_before_is_hours_ago() -> None:
    midnight = datetime(2026, 12, 17, 16, 20, tzinfo=UTC)

    assert written(now=midnight).ago(midnight - timedelta(hours=2)) == "2 jam"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"),
        (1023, "1.023 B"),
        (1024, "1 KB"),
        (184 * 1024, "184 KB"),
        (1024 * 1024 - 1, "1 MB"),
        (1_300_000, "1,2 MB"),
        (25 * 1024 * 1024, "25 MB"),
        (3 * 1024**4, "3 TB"),
    ],
)
def test_a_size_is_said_as_a_file_manager_says_it(count: int, said: str) -> None:
    assert written().size(count) == said


def test_numbers_have_points_for_thousands_and_a_comma_for_parts() -> None:
    assert written().number(1234567) == "1.234.567"
    assert written().number(4.4) == "4,4"
    assert written("en").number(1234.5) == "1,234.5"


def test_what_is_not_certain_never_reads_a_hundred_percent() -> None:
    assert written().percent(0.999) == "99 %"
    assert written().percent(1.0) == "100 %"
    assert written().percent(0.0) == "0 %"
    assert written("en").percent(0.92) == "92%"


@pytest.mark.parametrize(
    ("due", "label", "tone"),
    [
        (date(2026, 12, 23), "4 hk", ""),
        (date(2026, 12, 21), "2 hk", "soon"),
        (date(2026, 12, 28), "5 hk", ""),  # Christmas and the weekend do not count
        (date(2026, 12, 17), "hari ini", "today"),
        (date(2026, 12, 16), "lewat 1 hk", "late"),
        (date(2026, 12, 11), "lewat 4 hk", "late"),
    ],
)
def test_the_clock_counts_working_days_and_takes_its_colour_from_what_is_left(due: date, label: str, tone: str) -> None:
    chip = written().due_chip(due)

    assert chip is not None
    assert (chip.label, chip.tone) == (label, tone)


def test_whoever_hears_the_clock_hears_no_abbreviation() -> None:
    soon, late = written().due_chip(date(2026, 12, 21)), written("en").due_chip(date(2026, 12, 16))

    assert soon is not None
    assert late is not None
    assert (soon.spoken, late.spoken) == ("2 hari kerja lagi", "1 working day late")


def test_on_saturday_fridays_deadline_is_late_though_no_working_day_has_passed() -> None:
    saturday = datetime(2026, 12, 19, 3, 0, tzinfo=UTC)

    chip = written(now=saturday).due_chip(date(2026, 12, 18))

    assert chip is not None
    assert (chip.label, chip.tone) == ("lewat", "late")


def test_no_running_case_has_no_clock() -> None:
    assert written().due_chip(None) is None


def test_a_naive_time_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(ValueError, match="naive"):
        written().clock(datetime(2026, 12, 17, 14, 5))  # noqa: DTZ001 - the point of the test


def test_nothing_is_written_as_a_dash() -> None:
    reader = written()

    said = [reader.clock(None), reader.day(None), reader.moment(None), reader.ago(None), reader.size(None)]

    assert said == ["–"] * 5
    assert masked_phone(None) == masked_phone("") == "–"


def test_a_phone_can_be_recognised_but_not_called() -> None:
    assert masked_phone("+6281234567890") == "+62812••••890"
    assert masked_phone("0812 3456 7890") == "08123••••890"
    assert masked_phone("54321") == "••••21"


@given(st.text(alphabet="+0123456789 -()", max_size=30))
def test_no_phone_of_any_length_shows_more_than_eight_digits(phone: str) -> None:
    shown = sum(sign.isdigit() for sign in masked_phone(phone))
    given_digits = sum(sign.isdigit() for sign in phone)

    assert shown <= 8
    assert shown <= max(2, given_digits - 3)


@given(st.integers(631_200_000, 3_755_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_every_moment_can_be_written(moment: datetime) -> None:
    for lang in ("id", "en"):
        reader = written(lang)
        assert reader.moment(moment).endswith("WITA")
        assert reader.ago(moment)
