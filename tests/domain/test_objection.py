"""When an objection may be filed, and until when a dispute: each date counted by hand."""

from dataclasses import replace
from datetime import date

import pytest

from omnichannel.domain.case import Case, CaseState, Kind, Outcome, Queue
from omnichannel.domain.errors import Invalid
from omnichannel.domain.objection import GROUNDS, Objection, ObjectionState, dispute_window, filing_window, reason_found
from tests.domain.decree import at, clocks

CLOCKS = clocks()


def a_case(**facts: object) -> Case:
    made = Case(
        id=1,
        conversation_id=1,
        message_id=1,
        contact_id=1,
        kind=Kind.INFORMATION_REQUEST,
        queue=Queue.PPID,
        number="PPID-2026-000001",
        state=CaseState.OPEN,
        topic="lainnya",
        received_at=at("2026-03-13T09:00"),
        created_at=at("2026-03-13T09:00"),
        due=date(2026, 4, 6),
        provisional=False,
        calendar_version="uji",
        clocks={},
        certain=True,
        confidence=1.0,
        reasons=[],
        title="DPA 2025",
    )
    return replace(made, **facts)  # type: ignore[arg-type]


REFUSED = a_case(outcome=Outcome.REFUSED, state=CaseState.ANSWERED, closed_at=at("2026-03-17T10:00"))


def test_the_seven_grounds_are_those_of_the_law() -> None:
    assert "".join(GROUNDS) == "abcdefg"
    assert all(one.article.endswith(f"huruf {letter}") for letter, one in GROUNDS.items())


@pytest.mark.parametrize(
    ("found", "due"),
    [
        # Tue 17 Mar 2026: [18-24] 25-27=1-3 30 31=4 5, April 1 2=6 7 [3-5] 6-10=8-12 13-17=13-17 20-24=18-22 27-30=23-26 [1 May]
        # 4-7=27-30.
        ("2026-03-17", "2026-05-07"),
        # Mon 30 Nov 2026: Dec 1-4=1-4 7-11=5-9 14-18=10-14 21-23=15-17 [24-27] 28-31=18-21 [1-3] 4=22 [5] 6-8=23-25 11-15=26-30.
        ("2026-11-30", "2027-01-15"),
    ],
)
def test_the_window_of_an_objection_crosses_holidays(found: str, due: str) -> None:
    assert filing_window(date.fromisoformat(found), CLOCKS).due == date.fromisoformat(due)


def test_the_reason_is_found_when_we_answered_or_when_our_time_ran_out() -> None:
    open_still = a_case()

    assert reason_found(REFUSED, ("a",), CLOCKS, date(2026, 5, 1)) == date(2026, 3, 17)
    assert reason_found(open_still, ("c",), CLOCKS, date(2026, 4, 7)) == date(2026, 4, 6)


@pytest.mark.parametrize(
    ("case", "letters", "today", "says"),
    [
        (a_case(), ("c",), date(2026, 4, 6), "6 April 2026"),
        (a_case(), ("e",), date(2026, 3, 20), "belum lewat"),
        (REFUSED, (), date(2026, 3, 20), "paling sedikit satu"),
        (REFUSED, ("z",), date(2026, 3, 20), "daftar"),
        (REFUSED, ("g",), date(2026, 3, 20), "dalam batas waktunya"),
        (replace(REFUSED, outcome=Outcome.GRANTED), ("a",), date(2026, 3, 20), "tidak ditolak"),
    ],
)
def test_without_a_reason_there_is_no_objection_yet(
    case: Case, letters: tuple[str, ...], today: date, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        reason_found(case, letters, CLOCKS, today)


def test_a_dispute_has_fourteen_working_days_from_the_answer_or_from_its_last_day() -> None:
    objection = Objection(
        id=1,
        case_id=1,
        number="KEB-2026-000001",
        state=ObjectionState.OPEN,
        grounds=("a",),
        story="x",
        proxy="",
        received_at=at("2026-11-02T09:00"),
        found_on=date(2026, 10, 30),
        # Mon 2 Nov: 3-6=1-4 9-13=5-9 16-20=10-14 23-27=15-19 30=20, December 1-4=21-24 7-11=25-29 14=30.
        due=CLOCKS.for_case("objection", at("2026-11-02T09:00")).due,
        provisional=False,
        calendar_version="uji",
        clocks={},
    )

    assert objection.due == date(2026, 12, 14)
    # 15-18=1-4 21-23=5-7 [24-27] 28-31=8-11 [1-3] 4=12 [5] 6=13 7=14.
    assert dispute_window(objection, CLOCKS).due == date(2027, 1, 7)
    # Answered on Fri 18 Dec: 21-23=1-3 [24-27] 28-31=4-7 [1-3] 4=8 [5] 6-8=9-11 11-13=12-14.
    answered = replace(objection, answered_at=at("2026-12-18T10:00"))
    assert dispute_window(answered, CLOCKS).due == date(2027, 1, 13)
