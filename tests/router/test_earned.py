"""Mode "earned": the machine decides by itself only what this office's own people have found it to be right about."""

import pytest

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.office import RoutingMode
from omnichannel.domain.people import Staff
from omnichannel.domain.study import FEWEST, Earned, weigh, wilson
from omnichannel.domain.work import Message
from omnichannel.router.desk import Desk
from omnichannel.router.route import confirm, reclassify
from omnichannel.store.database import SqlStore
from tests.desk import a_desk, a_verdict
from tests.house import HandClock
from tests.router.conftest import Judge, Write, talk
from tests.router.matters import REQUEST

COMPLAINT = Kind.COMPLAINT


def test_the_bounds_are_those_of_wilson() -> None:
    """Of 20 trials with 19 right: .764 to .991, as the interval's tables say."""
    low, high = wilson(19, 20)

    assert (round(low, 3), round(high, 3)) == (0.764, 0.991)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(200, 200)[1] == 1.0


@pytest.mark.parametrize(
    ("right", "wrong", "line"), [(199, 0, None), (200, 0, 0.95), (196, 4, None), (197, 3, 0.95), (960, 40, None)]
)
def test_neither_few_trials_nor_many_mistakes_earn_anything(right: int, wrong: int, line: float | None) -> None:
    trials = [(0.97, True)] * right + [(0.97, False)] * wrong

    assert weigh(COMPLAINT, trials).line == line


def test_a_band_that_is_plainly_worse_is_not_carried_by_better_ones() -> None:
    good, poor = [(0.97, True)] * 900, [(0.85, True)] * 30 + [(0.85, False)] * 10

    found = weigh(COMPLAINT, [*good, *poor])

    assert wilson(930, 940)[0] > 0.95
    assert found.line == 0.95


def test_bands_with_too_few_trials_borrow_from_those_above_them() -> None:
    assert weigh(COMPLAINT, [(0.97, True)] * 150 + [(0.92, True)] * 40 + [(0.83, True)] * 10).line == 0.8


@pytest.mark.parametrize(("n", "right", "missing"), [(0, 0, 200), (150, 150, 50), (200, 200, 0), (200, 195, 30)])
def test_how_far_it_still_is(n: int, right: int, missing: int) -> None:
    found = Earned(COMPLAINT, n, right, wilson(right, n)[0]).missing

    assert found == missing
    assert wilson(right + found, n + found)[0] >= 0.95 or not n


class Office:
    """Citizens write, the machine judges, and staff say whether it was right."""

    def __init__(self, store: SqlStore, write: Write, judge: Judge, staff: Staff, clock: HandClock) -> None:
        self.store, self.write, self.judge, self.staff, self.clock = store, write, judge, staff, clock
        self.desk: Desk = a_desk(routing_mode=RoutingMode.EARNED)
        self.n = 0

    async def says(self, kind: Kind = COMPLAINT, p: float = 0.97) -> tuple[Message, Case | None]:
        self.n += 1
        message = await self.write(f"Lampu mati {self.n}", conversation=f"utas-{self.n}")
        return message, await self.judge(message, a_verdict(kind, p), at_desk=self.desk)

    async def told(self, kind: Kind) -> None:
        """Staff take the last message for that kind."""
        where = await talk(self.store, f"utas-{self.n}")
        now = self.clock.now()
        await self.store.write(
            lambda work: reclassify(
                work, self.desk, self.staff, where.id, kind=kind, topic="pju", unit="dishub", now=now
            )
        )

    async def line(self, kind: Kind = COMPLAINT) -> float | None:
        return await self.store.read(lambda work: work.studies.line(kind))


@pytest.fixture
def office(quick_store: SqlStore, write: Write, judge: Judge, staff: Staff, clock: HandClock) -> Office:
    return Office(quick_store, write, judge, staff, clock)


async def test_it_waits_until_two_hundred_were_right_and_waits_again_after_mistakes(office: Office) -> None:
    for _ in range(FEWEST - 1):
        _, case = await office.says()
        assert case is None
        await office.told(COMPLAINT)
    assert await office.line() is None

    _, waits = await office.says()
    await office.told(COMPLAINT)
    _, by_itself = await office.says()
    _, less_sure = await office.says(p=0.9)
    _, another_kind = await office.says(Kind.ASPIRATION)

    assert waits is None
    assert by_itself is not None
    assert by_itself.certain
    assert less_sure is None
    assert another_kind is None

    for _ in range(5):
        await office.says()
        await office.told(REQUEST)
    _, after = await office.says()

    assert after is None
    assert await office.line() is None


async def test_a_confirmed_request_counts_and_its_number_came_at_once(office: Office) -> None:
    _, case = await office.says(REQUEST, 0.97)
    assert case is not None
    assert not case.certain
    await office.store.write(lambda work: confirm(work, office.staff, case.id, now=office.clock.now()))

    found = {one.kind: one for one in await office.store.read(lambda work: work.studies.earned())}

    assert (found[REQUEST].n, found[REQUEST].right) == (1, 1)
    assert found[COMPLAINT].n == 0


async def test_the_last_word_on_a_message_is_its_only_trial(office: Office) -> None:
    await office.says()
    for kind in (REQUEST, Kind.ASPIRATION, COMPLAINT):
        await office.told(kind)

    (found,) = await office.store.read(lambda work: work.studies.trials(10))

    assert (found.said, found.truth, found.right) == (COMPLAINT, COMPLAINT, True)
    assert found.by == f"staff:{office.staff.id}"
    assert await office.store.read(lambda work: work.studies.ruled_since(None)) == (1, 0)
