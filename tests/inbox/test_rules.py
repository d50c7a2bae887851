"""Rules of the office: they act once, in their order, never in a circle, never on what somebody holds; and can be undone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.errors import Invalid
from omnichannel.domain.hours import OfficeHours, said
from omnichannel.domain.rules import (
    Act,
    Conditions,
    Deed,
    Facts,
    Hours,
    Spec,
    When,
    checked,
    fits,
    spec_of,
)

WITA = ZoneInfo("Asia/Makassar")
MONDAY = datetime(2026, 11, 23, tzinfo=WITA)


def a_spec(*acts: Act, when: When = When.MESSAGE, **conditions: object) -> Spec:
    return Spec("Lampu jalan", when, Conditions(**conditions), acts or (Act(Deed.URGENT),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "text", "there"),
    [
        (("pju",), "Tolong PJU di gang mawar", True),
        (("pju",), "pjuan", False),
        (("lampu jalan",), "LAMPU\n  jalan mati", True),
        (("lampu jalan",), "lampu di jalan", False),
        (("c++",), "belajar c++ di kantor", True),
        (("a.b",), "axb", False),
        (("(",), "sebuah ( kurung", True),
        (("é",), "café é", True),
        (("air", "listrik"), "Listrik padam", True),
        ((), "apa saja", True),
        (("x" * 80,), "y" * 100_000, False),
    ],
)
def test_words_are_whole_words_however_they_are_written(words: tuple[str, ...], text: str, there: bool) -> None:
    assert fits(Conditions(words=words), Facts("telegram", text)) is there


def test_every_condition_that_is_given_must_hold() -> None:
    facts = Facts(
        "telegram", "PJU mati", "complaint", "pju", "dishub", frozenset({"64.08.04"}), known=False, open=False
    )

    assert fits(Conditions(("telegram",), ("pju",), ("complaint",), ("pju",), ("dishub",), ("64.08.04",)), facts)
    for wrong in (
        Conditions(channels=("mail",)),
        Conditions(kinds=("aspiration",)),
        Conditions(topics=("air_bersih",)),
        Conditions(units=("pupr",)),
        Conditions(places=("64.08.05",)),
        Conditions(known=True),
        Conditions(hours=Hours.OPEN),
    ):
        assert not fits(wrong, facts), wrong
    assert fits(Conditions(known=False, hours=Hours.CLOSED), facts)


def test_a_rule_is_kept_as_it_was_written() -> None:
    spec = a_spec(
        Act(Deed.NOTE, "Cek “tiang” <b>"), words=("pju", "lampu"), kinds=("complaint",), known=True, hours=Hours.CLOSED
    )

    assert spec_of(spec.as_json()) == spec


@pytest.mark.parametrize(
    "spec",
    [
        Spec(" ", When.MESSAGE, Conditions(), (Act(Deed.URGENT),)),
        Spec("x" * 81, When.MESSAGE, Conditions(), (Act(Deed.URGENT),)),
        Spec("a", When.MESSAGE, Conditions(), ()),
        Spec("a", When.MESSAGE, Conditions(), (Act(Deed.NOTICE, "aturan_terima"),)),
        Spec("a", When.MESSAGE, Conditions(), (Act(Deed.ASIDE),)),
        Spec("a", When.MESSAGE, Conditions(), (Act(Deed.ASSIGN, ""),)),
        Spec("a", When.MESSAGE, Conditions(words=("x",) * 1 + ("…",)), (Act(Deed.URGENT),)),
        Spec("a", When.MESSAGE, Conditions(words=tuple(f"k{n}" for n in range(41))), (Act(Deed.URGENT),)),
        Spec("a", When.MESSAGE, Conditions(), (Act(Deed.NOTE, "x" * 1001),)),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(spec: Spec) -> None:
    with pytest.raises(Invalid):
        checked(spec)


# ---------------------------------------------------------------- hours

CALENDAR = WorkingCalendar.of({date(2026, 11, 26): "Hari Uji"}, WITA)
HOURS = OfficeHours({n: ((time(8), time(12)), (time(13), time(16))) for n in range(5)} | {5: ((time(8), time(11)),)})


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        (timedelta(hours=7, minutes=59), False, "Senin, 23 November pukul 08.00 WITA"),
        (timedelta(hours=8), True, "Senin, 23 November pukul 13.00 WITA"),
        (timedelta(hours=12), False, "Senin, 23 November pukul 13.00 WITA"),
        (timedelta(hours=16), False, "Selasa, 24 November pukul 08.00 WITA"),
        (timedelta(days=2, hours=20), False, "Jumat, 27 November pukul 08.00 WITA"),
        (timedelta(days=3, hours=9), False, "Jumat, 27 November pukul 08.00 WITA"),
        (timedelta(days=5, hours=9), True, "Senin, 30 November pukul 08.00 WITA"),
        (timedelta(days=6, hours=9), False, "Senin, 30 November pukul 08.00 WITA"),
    ],
)
def test_hours_know_the_break_the_holiday_and_an_open_saturday(at: timedelta, is_open: bool, opens: str) -> None:
    moment = MONDAY + at
    found = HOURS.opens(moment, CALENDAR)

    assert HOURS.open_at(moment, CALENDAR) is is_open
    assert found is not None
    assert said(found, "WITA") == opens


def test_one_closing_has_one_name() -> None:
    evening, night, holiday = (
        HOURS.closed_since(MONDAY + at, CALENDAR)
        for at in (timedelta(days=2, hours=17), timedelta(days=3, hours=2), timedelta(days=3, hours=14))
    )

    assert evening == night == holiday == MONDAY + timedelta(days=2, hours=16)
    assert HOURS.closed_since(MONDAY + timedelta(hours=9), CALENDAR) is None
    assert HOURS.closed_since(MONDAY + timedelta(hours=12, minutes=5), CALENDAR) == MONDAY + timedelta(hours=12)


def test_hours_without_an_hour_never_open() -> None:
    never = OfficeHours({})

    assert never.opens(MONDAY, CALENDAR) is None
    assert not never.open_at(MONDAY, CALENDAR)
    assert never.closed_since(MONDAY, CALENDAR) is not None
