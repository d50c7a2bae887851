"""Nobody is recognised in the open figures: what is small is never broken down, and cannot be worked out."""

from hypothesis import given
from hypothesis import strategies as st

from omnichannel.domain.figures import FEWEST, Bucket, Tally, figures


def a_bucket(n: int, *, month: int = 1, unit: str = "dishub", kind: str = "complaint") -> Bucket:
    return Bucket(month, kind, "pju", unit, "web", Tally(n, n, n, n * 3))


def test_small_units_are_told_together() -> None:
    found = figures(2026, [a_bucket(40), a_bucket(3, unit="dlh"), a_bucket(2, unit="dinkes")])

    assert [(line.key, line.tally.received if line.tally else None) for line in found.units] == [
        ("dishub", 40),
        (None, 5),
    ]


def test_a_single_small_unit_takes_the_next_one_along() -> None:
    found = figures(2026, [a_bucket(40), a_bucket(9, unit="dlh"), a_bucket(1, unit="dinkes")])

    assert [(line.key, line.tally.received if line.tally else None) for line in found.units] == [
        ("dishub", 40),
        (None, 10),
    ]


def test_one_small_month_hides_a_second_with_it() -> None:
    found = figures(2026, [a_bucket(40), a_bucket(20, month=2), a_bucket(1, month=3)], months=4)

    assert [line.tally.received if line.tally else None for line in found.months] == [40, None, None, 0]


def test_a_small_year_is_not_shown_at_all() -> None:
    found = figures(2026, [a_bucket(4)])

    assert found.total is None
    assert all(line.tally is None for line in (*found.units, *found.kinds, *found.topics))


def test_shares_and_averages_are_of_what_was_answered() -> None:
    assert Tally(10, 4, 3, 22).punctual == 0.75
    assert Tally(10, 4, 3, 22).average == 5.5
    assert Tally(10).punctual is None


@given(st.lists(st.tuples(st.integers(1, 12), st.sampled_from("abcdef"), st.integers(1, 30)), max_size=25))
def test_whatever_came_in_nothing_small_is_told_and_nothing_is_lost(rows: list[tuple[int, str, int]]) -> None:
    found = figures(2026, [a_bucket(n, month=month, unit=unit) for month, unit, n in rows])

    whole = sum(n for _, _, n in rows)
    for line in (*found.units, *found.months):
        assert line.tally is None or line.tally.received == 0 or line.tally.received >= FEWEST
    assert (
        sum(1 for line in found.months if line.tally is None) != 1
        or whole < FEWEST
        or len({m for m, _, _ in rows}) == 1
    )
    if whole >= FEWEST:
        assert sum(line.tally.received for line in found.units if line.tally) == whole
