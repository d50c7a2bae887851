"""A silence is told by the account's own rhythm; whoever is quiet at night, on Sundays or by nature raises no alarm."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from omnichannel.domain.care import Expiry, days_left, expiry
from omnichannel.domain.rhythm import HOUR, by_hour, silence

WITA = ZoneInfo("Asia/Makassar")
START = datetime(2026, 10, 5, 0, 0, tzinfo=WITA)  # a Monday
WEEKS = 6
NEVER: Callable[[date], bool] = lambda day: False  # noqa: E731
Rate = Callable[[datetime], float]


def office_hours(per_hour: float) -> Rate:
    """Busy from 8 to 16 on working days, a little in the evening and at the week's end, nothing at night."""

    def rate(at: datetime) -> float:
        if at.hour < 6 or at.hour >= 22:
            return 0.0
        if at.weekday() >= 5:
            return per_hour / 8
        return per_hour if 8 <= at.hour < 16 else per_hour / 4

    return rate


def series(
    rate: Rate, *, seed: int, weeks: int = WEEKS, outage: tuple[datetime, datetime] | None = None
) -> list[datetime]:
    """Moments drawn hour by hour; in bursts, as citizens write."""
    draw = random.Random(seed)
    found: list[datetime] = []
    at = START
    while at < START + timedelta(weeks=weeks):
        dead = outage is not None and outage[0] <= at < outage[1]
        expected = 0.0 if dead else rate(at)
        n = sum(draw.random() < expected / 20 for _ in range(20))
        found += [at + timedelta(minutes=draw.randrange(60)) for _ in range(n)]
        at += HOUR
    return sorted(found)


def judged(moments: list[datetime], now: datetime, rests: Callable[[date], bool] = NEVER):
    past = [one for one in moments if one <= now]
    return silence(by_hour(past), past[-1], now, zone=WITA, rests=rests)


def alarms(moments: list[datetime], until: datetime, rests: Callable[[date], bool] = NEVER) -> list[datetime]:
    """Every hour of the last two weeks in which somebody would be alarmed."""
    now, found = START + timedelta(weeks=4), []
    while now < until:
        seen = judged(moments, now, rests)
        if seen is not None and seen.alarming:
            found.append(now)
        now += 7 * HOUR
    return found


@pytest.mark.parametrize("per_hour", [0.3, 4, 15])
@pytest.mark.parametrize("seed", range(3))
def test_a_living_channel_never_cries_wolf(per_hour: float, seed: int) -> None:
    moments = series(office_hours(per_hour), seed=seed)

    assert alarms(moments, START + timedelta(weeks=WEEKS)) == []


def test_the_night_and_the_sunday_are_no_silence() -> None:
    moments = series(office_hours(6), seed=1)
    friday_evening = START + timedelta(weeks=5, days=4, hours=20)
    cut = [one for one in moments if one <= friday_evening]

    seen = judged(cut, friday_evening + timedelta(hours=9))

    assert seen is not None
    assert not seen.alarming
    assert seen.missing < 4


@pytest.mark.parametrize("seed", range(5))
def test_a_busy_channel_that_falls_silent_on_a_working_morning_is_noticed_within_hours(seed: int) -> None:
    died = START + timedelta(weeks=5, days=1, hours=8)
    cut = [one for one in series(office_hours(10), seed=seed) if one < died]

    assert not judged(cut, died + HOUR) or not judged(cut, died + HOUR).alarming
    seen = judged(cut, died + timedelta(hours=6))

    assert seen is not None
    assert seen.alarming
    assert seen.since == cut[-1]


def test_a_slow_channel_is_given_days() -> None:
    died = START + timedelta(weeks=5, days=1, hours=8)
    cut = [one for one in series(office_hours(0.5), seed=3) if one < died]

    tomorrow, week = judged(cut, died + timedelta(days=1)), judged(cut, died + timedelta(days=7))

    assert tomorrow is not None
    assert not tomorrow.alarming
    assert week is not None
    assert week.alarming


def test_a_holiday_on_a_weekday_is_taken_for_a_sunday() -> None:
    holiday = (START + timedelta(weeks=5, days=2)).date()
    moments = [one for one in series(office_hours(3), seed=2) if one.date() < holiday]
    evening = datetime(holiday.year, holiday.month, holiday.day, 20, tzinfo=WITA)

    plain, told = judged(moments, evening), judged(moments, evening, lambda day: day == holiday)

    assert plain is not None
    assert told is not None
    assert plain.alarming
    assert not told.alarming


def test_one_outage_in_the_past_does_not_hide_the_next() -> None:
    outage = (START + timedelta(weeks=2, days=1), START + timedelta(weeks=2, days=3))
    died = START + timedelta(weeks=5, days=1, hours=8)
    cut = [one for one in series(office_hours(10), seed=4, outage=outage) if one < died]

    seen = judged(cut, died + timedelta(hours=8))

    assert seen is not None
    assert seen.alarming


def test_a_flood_of_one_day_is_not_the_rhythm() -> None:
    moments = series(office_hours(0.5), seed=5)
    flood = START + timedelta(weeks=3, days=2, hours=9)
    moments = sorted(moments + [flood + timedelta(seconds=20 * place) for place in range(900)])

    assert alarms(moments, START + timedelta(weeks=WEEKS)) == []


@pytest.mark.parametrize("weeks", [1, 2])
def test_a_young_channel_has_no_rhythm_yet(weeks: int) -> None:
    moments = series(office_hours(10), seed=6, weeks=weeks)

    assert judged(moments, moments[-1] + timedelta(days=5)) is None


def test_nothing_is_known_of_a_channel_that_was_hardly_used() -> None:
    moments = [START + timedelta(days=place) for place in range(40)]

    assert judged(moments, moments[-1] + timedelta(days=20)) is None
    assert silence({}, START, START + timedelta(days=9), zone=WITA, rests=NEVER) is None


def test_a_clock_of_the_future_breaks_nothing() -> None:
    moments = series(office_hours(5), seed=7)

    assert silence(by_hour(moments), moments[-1], moments[0], zone=WITA, rests=NEVER) is None


NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "near", "days"),
    [
        (timedelta(days=15), Expiry.FAR, 15),
        (timedelta(days=14), Expiry.SOON, 14),
        (timedelta(days=3, minutes=1), Expiry.SOON, 4),
        (timedelta(days=3), Expiry.LOUD, 3),
        (timedelta(minutes=1), Expiry.LOUD, 1),
        (timedelta(0), Expiry.OVER, 0),
        (timedelta(days=-9), Expiry.OVER, 0),
    ],
)
def test_the_end_of_a_token_is_soon_then_loud_then_over(left: timedelta, near: Expiry, days: int) -> None:
    assert (expiry(NOW + left, NOW), days_left(NOW + left, NOW)) == (near, days)
    assert expiry(None, NOW) is Expiry.FAR
