import re
import tomllib
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest

from omnichannel.domain.calendar import WorkingCalendar
from omnichannel.domain.deadline import KINDS
from omnichannel.domain.errors import BadConfig
from omnichannel.settings.calendar import load_calendar, load_clocks
from tests.domain.decree import CONFIG, CUTI_BERSAMA, HOLIDAYS, at, days

FILE = "config/holidays.toml"


def calendar(text: str = "") -> WorkingCalendar:
    return load_calendar(tomllib.loads(text), FILE)


def period(**changes: Any) -> dict[str, Any]:
    """One line of a clock's `periods`."""
    return {"days": 14, "basis": "PermenPANRB 62/2018", "valid_from": date(2019, 1, 1), **changes}


def clock(**changes: Any) -> dict[str, Any]:
    """A clock table as the file holds it; None takes a key away."""
    table = {"kind": "complaint", "name": "finish", "title": "Selesai", "track": "lapor", "starts": "receipt"}
    full: dict[str, Any] = {**table, "main": True, "periods": [period()], **changes}
    return {key: value for key, value in full.items() if value is not None}


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_package_knows_the_decreed_years_as_we_typed_them(year: int) -> None:
    found = calendar()
    decreed = days(HOLIDAYS, year) | days(CUTI_BERSAMA, year)
    every = [date.fromordinal(day) for day in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]

    named = {day for day in every if found.why_off(day) not in (None, "Sabtu", "Minggu")}

    assert named == decreed
    assert {day for day in every if not found.is_working(day)} == decreed | {day for day in every if day.weekday() > 4}


def test_reasons_are_indonesian() -> None:
    found = calendar()

    assert found.why_off(date(2026, 12, 25)) == "Hari Raya Natal"
    assert found.why_off(date(2026, 12, 24)) == "Cuti Bersama Hari Raya Natal"
    assert found.why_off(date(2025, 1, 28)) == "Cuti Bersama Tahun Baru Imlek"


def test_the_shipped_files_hold_every_kind_and_each_period_its_law() -> None:
    shipped = load_calendar(tomllib.loads((CONFIG / "holidays.toml").read_text()), FILE)
    text = (CONFIG / "deadlines.toml").read_text()
    clocks = load_clocks(tomllib.loads(text), "config/deadlines.toml", shipped)

    found = {kind: clocks.for_case(kind, at("2026-03-13T23:59")) for kind in KINDS}

    assert {kind: case.main.rule.days for kind, case in found.items()} == {
        "information_request": 10,
        "complaint": 14,
        "aspiration": 5,
        "objection": 30,
        "dispute": 14,
    }
    assert not any(case.provisional for case in found.values())
    assert shipped.day(at("2026-03-13T16:00Z")) == date(2026, 3, 14)
    assert shipped.version == calendar().version


@pytest.mark.parametrize(("year", "month"), [(1990, 6), (1999, 12), (2001, 12), (2010, 8), (2025, 12)])
def test_a_past_year_is_final_and_one_before_cuti_bersama_too(year: int, month: int) -> None:
    assert calendar().doubts(date(year, month, 1), date(year, month, 28)) == ()


def test_a_year_without_a_list_is_found_by_asking_the_package() -> None:
    found = calendar()

    assert found.doubts(date(2060, 7, 4), date(2060, 7, 5)) == ("Daftar cuti bersama tahun 2060 belum ditetapkan.",)
    assert "tahun 2031" in found.doubts(date(2030, 12, 30), date(2031, 1, 2))[1]
    assert found.doubts(date(2150, 7, 4), date(2150, 7, 5)) == ("Daftar hari libur tahun 2150 tidak tersedia.",)


def test_an_estimated_holiday_is_a_doubt_until_its_year_is_decreed() -> None:
    text = '[[decree]]\nyear = 2060\nsource = "SKB 3 Menteri"\n'
    open_year, decreed = calendar(), calendar(text)
    year = (date(2060, 1, 1), date(2060, 12, 31))

    assert any("masih perkiraan" in why for why in open_year.doubts(*year))
    assert decreed.doubts(*year) == ()
    every = [date.fromordinal(day) for day in range(year[0].toordinal(), year[1].toordinal())]
    assert not any("perkiraan" in (decreed.why_off(day) or "") for day in every)
    assert [open_year.is_working(day) for day in every] == [decreed.is_working(day) for day in every]


def test_a_regional_day_is_off_and_a_correction_gives_a_day_back() -> None:
    found = calendar(
        '[[day]]\ndate = 2026-10-12\nname = "Hari libur daerah"\nsource = "Keputusan Bupati 1/2026"\n'
        '[[day]]\ndate = 2026-03-24\nname = "Cuti bersama dicabut"\nsource = "SKB perubahan"\nworking = true\n'
    )

    assert found.why_off(date(2026, 10, 12)) == "Hari libur daerah"
    assert found.is_working(date(2026, 3, 24))
    assert found.version != calendar().version


def test_naming_an_estimated_day_in_our_file_confirms_it() -> None:
    open_year = calendar()
    estimated = next(day for day in _days_of(2060) if "(perkiraan)" in (open_year.why_off(day) or ""))
    named = calendar(f'[[day]]\ndate = {estimated}\nname = "Hari Raya"\nsource = "SKB"\n')

    assert len(open_year.doubts(estimated, estimated)) == len(named.doubts(estimated, estimated)) + 1


def test_the_office_may_lie_elsewhere_and_work_on_saturdays() -> None:
    found = calendar('zone = "Asia/Jayapura"\nweekend = ["Minggu"]')

    assert found.day(at("2026-03-13T15:00Z")) == date(2026, 3, 14)
    assert found.is_working(date(2026, 3, 14))
    assert calendar('zone = "WIB"').day(at("2026-03-13T16:30Z")) == date(2026, 3, 13)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("zona = 'WITA'", "zona"),
        ("zone = 'Sangatta'", "zone"),
        ("zone = '../../etc/passwd'", "zone"),
        ("zone = 8", "zone"),
        ("weekend = ['Sunday']", "weekend"),
        ("weekend = 'Minggu'", "weekend"),
        ("weekend = [['Minggu']]", "weekend"),
        ("weekend = ['Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu', 'Minggu']", "weekend"),
        ("estimate_margin = -1", "estimate_margin"),
        ("estimate_margin = true", "estimate_margin"),
        ("day = 3", "day"),
        ("day = [3]", "day #1"),
        ("[[day]]\ndate = 2026-10-12\nname = 'X'", "day #1.source"),
        ("[[day]]\ndate = '2026-10-12'\nname = 'X'\nsource = 'Y'", "day #1.date"),
        ("[[day]]\ndate = 2026-10-12T00:00:00\nname = 'X'\nsource = 'Y'", "day #1.date"),
        ("[[day]]\ndate = 2026-10-12\nname = ' '\nsource = 'Y'", "day #1.name"),
        ("[[day]]\ndate = 2026-10-12\nname = 'X'\nsource = 'Y'\nworking = 1", "day #1.working"),
        ("[[day]]\ndate = 2026-10-12\nnama = 'X'\nsource = 'Y'", "day #1.nama"),
        (2 * "[[day]]\ndate = 2026-10-12\nname = 'X'\nsource = 'Y'\n", "day #2.date"),
        ("[[decree]]\nyear = 2028", "decree #1.source"),
        ("[[decree]]\nyear = '2028'\nsource = 'SKB'", "decree #1.year"),
    ],
)
def test_a_mistake_in_the_holidays_names_file_and_key(text: str, key: str) -> None:
    with pytest.raises(BadConfig) as caught:
        calendar(text)

    assert (caught.value.file, caught.value.key) == (FILE, key)
    assert caught.value.expected


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"clock": [clock(nama="x")]}, "clock #1.nama"),
        ({"clok": []}, "clok"),
        ({"clock": clock()}, "clock"),
        ({"clock": ["x"]}, "clock #1"),
        ({"clock": [clock(kind="complain")]}, "clock #1.kind"),
        ({"clock": [clock(kind=None)]}, "clock #1.kind"),
        ({"clock": [clock(track="kip")]}, "clock #1.track"),
        ({"clock": [clock(main="yes")]}, "clock #1.main"),
        ({"clock": [clock(periods=None)]}, "clock #1.periods"),
        ({"clock": [clock(periods=[])]}, "clock #1.periods"),
        ({"clock": [clock(periods=[period(days="14")])]}, "clock #1.periods #1.days"),
        ({"clock": [clock(periods=[period(days=0)])]}, "clock #1.periods #1.days"),
        ({"clock": [clock(periods=[period(days=True)])]}, "clock #1.periods #1.days"),
        ({"clock": [clock(periods=[period(days=14.0)])]}, "clock #1.periods #1.days"),
        ({"clock": [clock(periods=[period(basis="")])]}, "clock #1.periods #1.basis"),
        ({"clock": [clock(periods=[period(valid_from="2019")])]}, "clock #1.periods #1.valid_from"),
        ({"clock": [clock(periods=[period(when="late")])]}, "clock #1.periods #1.when"),
        ({"clock": [clock(periods=[period(dayz=1)])]}, "clock #1.periods #1.dayz"),
        ({"clock": [clock(periods=[period(), period()])]}, "clock #1.periods #2.valid_from"),
        ({"clock": [clock(), clock(name="x", starts="end of y")]}, "clock #2.periods #1.starts"),
        ({"clock": [clock(main=False)]}, "clock #1.periods #1.main"),
        ({"clock": [clock()]}, "clock"),
        ({}, "clock"),
    ],
)
def test_a_mistake_in_the_deadlines_names_file_and_key(table: dict[str, Any], key: str) -> None:
    with pytest.raises(BadConfig) as caught:
        load_clocks(table, "deadlines.toml", calendar())

    assert (caught.value.file, caught.value.key) == ("deadlines.toml", key)
    assert caught.value.expected


def test_a_successor_regulation_is_one_line_and_may_start_elsewhere() -> None:
    table = tomllib.loads((CONFIG / "deadlines.toml").read_text())
    finish = next(entry for entry in table["clock"] if (entry["kind"], entry["name"]) == ("complaint", "finish"))
    finish["periods"].append(
        period(days=10, basis="Peraturan baru", valid_from=date(2026, 5, 5), starts="end of verify")
    )
    clocks = load_clocks(table, "deadlines.toml", calendar())

    old, new = (
        clocks.for_case("complaint", at("2026-05-04T23:59")),
        clocks.for_case("complaint", at("2026-05-05T00:01")),
    )

    # 5 May: verified by 6=1 7=2 8=3; then 11=1 12=2 13=3 [14-17] 18=4 19=5 20=6 21=7 22=8 25=9 26=10.
    assert (old.main.rule.basis[:12], old.due) == ("PermenPANRB ", date(2026, 5, 26))
    assert (new.main.rule.basis, new.main.day_zero, new.due) == ("Peraturan baru", date(2026, 5, 8), date(2026, 5, 26))


def test_an_office_may_give_other_matters_a_period_of_its_own() -> None:
    table = tomllib.loads((CONFIG / "deadlines.toml").read_text())
    table["clock"].append(clock(kind="other", track="office", periods=[period(days=3, basis="SOP Humas")]))

    found = load_clocks(table, "deadlines.toml", calendar()).for_case("other", at("2026-05-04T09:00").astimezone(UTC))

    assert found.due == date(2026, 5, 7)


def test_the_package_enters_by_one_door() -> None:
    house = Path(__file__).parents[2] / "omnichannel"
    importing = re.compile(r"^\s*(import|from) holidays\b", re.MULTILINE)
    importers = [str(path.relative_to(house)) for path in house.rglob("*.py") if importing.search(path.read_text())]

    assert importers == ["settings/calendar.py"]


def _days_of(year: int) -> list[date]:
    return [date.fromordinal(day) for day in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
