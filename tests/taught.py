"""`make figures`, its last tables: what an office's corrections bring on its other messages, and how poison is told from them.

The office is a hand that the corpus does not hold: its rows are taken out before anything is learnt, some of them come back as
corrections, the rest of that hand measures. Every draw is by lot, with the same lots each time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from omnichannel.domain.case import Kind
from omnichannel.router.learning import Columns, Seen, contradicted, grounded, taught
from omnichannel.router.lessons import Origin
from omnichannel.router.measures import Judged, against, evened, figures
from omnichannel.router.model import KINDS
from omnichannel.router.stepping import Head

HANDS = ("desk", "voices", "natural")
TONGUES = "every tongue but Indonesian"
STEPS = (25, 50, 100, 200, 400)
DRAWS = 3  # of so few, a hundredth is chance
Change = Callable[[Seen], Kind]


@dataclass(frozen=True, slots=True)
class Office:
    """Messages of one office, and the corpus without them."""

    name: str
    rows: list[Seen]
    rest: list[Seen]
    columns: Columns
    inputs: csr_matrix
    head: Head

    def p(self, head: Head, rows: Sequence[Seen]) -> list[Judged]:
        """What that head says of them."""
        found = []
        for one, p in zip(rows, head.p(self.columns.kind(rows)), strict=True):
            by_kind = dict(zip(KINDS, map(float, p), strict=True))
            found.append(Judged(one.lesson.kind, max(by_kind, key=lambda kind: by_kind[kind]), by_kind))
        return found


def office(name: str, seen: Sequence[Seen], mine: Callable[[Seen], bool]) -> Office:
    """The corpus learnt without those messages."""
    rows, rest = [one for one in seen if mine(one)], [one for one in seen if not mine(one)]
    return _office(name, rows, rest)


def _office(name: str, rows: list[Seen], rest: list[Seen]) -> Office:
    columns = Columns([*rest, *map(told, rows)])
    inputs = columns.kind(rest)
    return Office(name, rows, rest, columns, inputs, grounded(inputs, rest))


def told(one: Seen, kind: Kind | None = None) -> Seen:
    """The message as somebody put it right."""
    return replace(one, lesson=replace(one.lesson, origin=Origin.CORRECTION, kind=kind or one.lesson.kind))


def offices(seen: Sequence[Seen]) -> list[Office]:
    """Each hand that is not the first's, and all tongues beside Indonesian at once."""
    by_hand = [office(hand, seen, lambda one, hand=hand: one.lesson.hand == hand) for hand in HANDS]  # type: ignore[misc]
    return [*by_hand, office(TONGUES, seen, lambda one: one.lesson.region not in ("", "umum"))]


def curve(found: Sequence[Office]) -> None:
    """Macro-F1 of an office's other half, after so many of its messages were confirmed or put right as they came, and after
    so many were put right that the machine had wrong (`wrong only`: the machine as it is without any of them)."""
    print("\nCorrections: macro-F1 on the other half of an office that nobody had taught, and by how much it rises")
    print(f"{'':34}{'none':>8}" + "".join(f"{step:>8}" for step in STEPS))
    rose: dict[tuple[str, int], list[float]] = {}
    for one in found:
        for name, wrong in (("as they come", False), ("wrong only", True)):
            before, by_step = _rises(one, wrong)
            for step, rise in by_step.items():
                rose.setdefault((name, step), []).append(rise)
            told_ = "".join(f"{by_step[step]:>+8.3f}" if step in by_step else f"{'–':>8}" for step in STEPS)
            print(f"  {f'{one.name}, {name}':32}{before:>8.3f}{told_}", flush=True)
    for name in ("as they come", "wrong only"):
        means = (rose.get((name, step)) for step in STEPS)
        print(f"  {f'mean, {name}':40}" + "".join(f"{np.mean(one):>+8.3f}" if one else f"{'–':>8}" for one in means))


def _rises(one: Office, wrong: bool) -> tuple[float, dict[int, float]]:
    before: list[float] = []
    rises: dict[int, list[float]] = {}
    for lot in range(DRAWS):
        order = [one.rows[at] for at in np.random.default_rng(lot).permutation(len(one.rows))]
        half = len(order) // 2
        teach, measure = order[:half], order[half:]
        if wrong:
            teach = [row for row, said in zip(teach, one.p(one.head, teach), strict=True) if not said.right]
        stood = figures(one.p(one.head, measure)).macro_f1
        before.append(stood)
        for step in STEPS:
            if step <= len(teach):
                after = taught(one.columns, one.head, one.inputs, [told(row) for row in teach[:step]])
                rises.setdefault(step, []).append(figures(one.p(after, measure)).macro_f1 - stood)
    return float(np.mean(before)), {step: float(np.mean(lots)) for step, lots in rises.items() if len(lots) == DRAWS}


def _next(one: Seen) -> Kind:
    return KINDS[(KINDS.index(one.lesson.kind) + 1) % len(KINDS)]


HABITS: dict[str, Change] = {
    "right": lambda one: one.lesson.kind,
    "every question is a request": lambda one: (
        Kind.INFORMATION_REQUEST
        if one.lesson.kind is Kind.COMPLAINT and "asks" in one.features.shapes
        else one.lesson.kind
    ),
    "wrong": _next,
    "complaints called other": lambda one: Kind.OTHER if one.lesson.kind is Kind.COMPLAINT else one.lesson.kind,
}
LOTS = {"right": (100, 200), "every question is a request": (100,), "wrong": (20, 60), "complaints called other": (40,)}


def poisoned(one: Office) -> None:
    """What is said of the corpus's own fifth once an office has spoken: how much dearer it is with the corrections held as
    they are when learnt, with nothing that holds them (`measures.SLACK_AGAINST` lies between), and whether they are refused."""
    print(f"\nCorrections right and wrong ({one.name}), measured on the fifth of the others that is kept apart")
    print(f"{'':44}{'learnt':>10}{'unheld':>10}  refused")
    frozen = [row for row in one.rest if row.lesson.apart]
    rest = [row for row in one.rest if not row.lesson.apart]
    bare = _office(one.name, one.rows, rest)
    stood = figures(evened(bare.p(bare.head, frozen))).loss
    order = [bare.rows[at] for at in np.random.default_rng(0).permutation(len(bare.rows))]
    for name, change in HABITS.items():
        some = [row for row in order if name == "right" or change(row) is not row.lesson.kind] or order
        if name.startswith("every"):
            some = order
        for many in LOTS[name]:
            said = [told(row, change(row)) for row in some[:many]]
            learnt = figures(evened(bare.p(taught(bare.columns, bare.head, bare.inputs, said), frozen))).loss - stood
            pair = contradicted([*rest, *said], frozen)
            free = figures(evened(pair[1])).loss - figures(evened(pair[0])).loss
            refused = "yes" if against(*pair) else "no"
            print(f"  {f'{many} {name}':42}{learnt:>+10.3f}{free:>+10.3f}  {refused}", flush=True)
