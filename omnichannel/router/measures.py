"""How well a classifier judges messages whose truth a person has said: plain figures, and whether one model may replace another."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import log
from typing import Any, NamedTuple

from omnichannel.domain.case import Kind
from omnichannel.domain.ports import Classifier
from omnichannel.router.lessons import Lesson

BINS = 10
WANTED = 0.95
LEAST_P = 1e-6
# What may be lost by chance on messages of everybody, before a new model is called worse (shares of all messages). Of the
# loss, 150 right corrections moved 0.003 and 50 wrong ones 0.029 (`make figures`): the line lies between.
SLACK_RIGHT = 0.025
SLACK_LOSS = 0.02
# What corrections may cost everybody's messages where nothing holds them back, in mean negative log-probability: a hundred right
# ones of a strange manner, tongue or habit of sorting cost 0.07 at worst, twenty wrong ones 0.10.
SLACK_AGAINST = 0.085
ROUNDS = 30  # of evening out; it settles in fewer


@dataclass(frozen=True, slots=True)
class Judged:
    """One message: the truth, what was said of it with which probability, and whether a person was to decide."""

    kind: Kind
    said: Kind
    p: Mapping[Kind, float]
    topic: str = ""
    topics: tuple[str, ...] = ()
    second: Kind | None = None
    said_second: Kind | None = None
    asked: bool = False

    @property
    def right(self) -> bool:
        return self.kind is self.said


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares from 0 to 1. `loss` is the mean negative log-probability of the truth; `ece` how far sureness and truth lie
    apart; `coverage95` the largest share of messages, surest first, of which 95 in a hundred are right."""

    n: int
    right: float
    macro_f1: float
    loss: float
    ece: float
    coverage95: float
    topic_first: float
    topic_three: float
    second_f1: float
    sure: float
    right_when_sure: float

    def as_json(self) -> dict[str, Any]:
        """Three decimals are more than such small samples know."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


class Worse(NamedTuple):
    """Why a model is not taken, in words for those who corrected it."""

    indonesian: str
    english: str


def judge(classifier: Classifier, lessons: Sequence[Lesson]) -> list[Judged]:
    """Each message by that classifier."""
    found = []
    for lesson in lessons:
        verdict = classifier.classify(lesson.text)
        topics = tuple(topic for topic, _ in verdict.topics)
        found.append(
            Judged(
                lesson.kind,
                verdict.kind,
                verdict.p,
                lesson.topic,
                topics,
                lesson.second,
                verdict.second_kind,
                verdict.needs_person,
            )
        )
    return found


def figures(judged: Sequence[Judged]) -> Figures:
    """All figures of one lot; of an empty one all are nought."""
    n = len(judged) or 1
    sure = [one.right for one in judged if not one.asked]
    return Figures(
        n=len(judged),
        right=sum(one.right for one in judged) / n,
        macro_f1=_macro_f1(judged),
        loss=sum(-log(max(one.p[one.kind], LEAST_P)) for one in judged) / n,
        ece=_ece(judged),
        coverage95=_coverage(judged),
        topic_first=sum(one.topics[:1] == (one.topic,) for one in judged) / n,
        topic_three=sum(one.topic in one.topics for one in judged) / n,
        second_f1=_second_f1(judged),
        sure=len(sure) / n,
        right_when_sure=sum(sure) / (len(sure) or 1),
    )


def worse(old: Sequence[Judged], new: Sequence[Judged], *, slack: bool) -> Worse | None:
    """Why the new model is worse than the old on the same messages, None where it is not.

    With `slack` the messages are everybody's, and what is learnt is one town's: a little may be lost by chance, and how often
    each kind is expected is no mistake of reading.
    """
    before, after = figures(evened(old) if slack else old), figures(evened(new) if slack else new)
    lost, dearer = before.right - after.right, after.loss - before.loss
    if lost > (SLACK_RIGHT if slack else 0.0):
        n, many = round(lost * len(old)), len(old)
        return Worse(
            f"{n} dari {many} pesan uji lebih banyak yang keliru", f"{n} of {many} test messages more are misjudged"
        )
    if dearer > (SLACK_LOSS if slack else SLACK_LOSS / 2):
        was, now = f"{before.loss:.3f}", f"{after.loss:.3f}"
        return Worse(f"peluangnya memburuk dari {was} ke {now}", f"the probabilities are worse, {was} to {now}")
    if before.topic_first - after.topic_first > (2 * SLACK_RIGHT if slack else SLACK_RIGHT):
        was, now = f"{before.topic_first:.3f}", f"{after.topic_first:.3f}"
        return Worse(f"topik lebih jarang tepat, {was} ke {now}", f"topics are found less often, {was} to {now}")
    return None


def against(before: Sequence[Judged], after: Sequence[Judged]) -> Worse | None:
    """Why corrections that nothing holds back are not to be believed: they take from everybody's messages what was right.

    An office to which one kind comes oftener than our own writing has it is not held to be wrong for that.
    """
    if figures(evened(after)).loss - figures(evened(before)).loss <= SLACK_AGAINST:
        return None
    was, now = f"{figures(before).right * 100:.0f}", f"{figures(after).right * 100:.0f}"
    return Worse(
        f"koreksi bertentangan dengan uji beku: bila diikuti, pesan uji yang tepat turun dari {was} % ke {now} %",
        f"the corrections contradict the frozen test: followed, they take it from {was} % right to {now} %",
    )


def evened(judged: Sequence[Judged]) -> list[Judged]:
    """The same, each kind expected as often as it is the truth here: what is left is how the words were read."""
    wanted = Counter(one.kind for one in judged)
    factors = dict.fromkeys(Kind, 1.0)
    for _ in range(ROUNDS):
        sums = dict.fromkeys(Kind, LEAST_P)
        for one in judged:
            for kind, share in _with(factors, one.p).items():
                sums[kind] += share
        factors = {kind: factor * max(wanted[kind], LEAST_P) / sums[kind] for kind, factor in factors.items()}
    found = []
    for one in judged:
        evenly = _with(factors, one.p)
        found.append(replace(one, p=evenly, said=max(evenly, key=lambda kind: evenly[kind])))
    return found


def _with(factors: Mapping[Kind, float], p: Mapping[Kind, float]) -> dict[Kind, float]:
    weighed = {kind: max(one, LEAST_P) * factors[kind] for kind, one in p.items()}
    whole = sum(weighed.values())
    return {kind: one / whole for kind, one in weighed.items()}


def _macro_f1(judged: Sequence[Judged]) -> float:
    seen = Counter((one.kind, one.said) for one in judged)
    scores = []
    for kind in Kind:
        right = seen[kind, kind]
        touched = sum(count for pair, count in seen.items() if kind in pair)
        if touched:
            scores.append(2 * right / (right + touched))
    return sum(scores) / (len(scores) or 1)


def _ece(judged: Sequence[Judged]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for one in judged:
        p = one.p[one.said]
        bins.setdefault(min(int(p * BINS), BINS - 1), []).append((p, one.right))
    gaps = (abs(sum(p for p, _ in bin) - sum(right for _, right in bin)) for bin in bins.values())
    return sum(gaps) / (len(judged) or 1)


def _coverage(judged: Sequence[Judged]) -> float:
    best = right = 0
    for number, one in enumerate(sorted(judged, key=lambda one: -one.p[one.said]), start=1):
        right += one.right
        if right >= WANTED * number:
            best = number
    return best / (len(judged) or 1)


def _second_f1(judged: Sequence[Judged]) -> float:
    """Of the messages with two intents, whether both were named, in whichever order."""
    both = [({one.kind, one.second}, {one.said, one.said_second}) for one in judged]
    right = sum(len(truth - {None}) == 2 and truth == said for truth, said in both)
    named = sum(len(said - {None}) == 2 for _, said in both)
    there = sum(len(truth - {None}) == 2 for truth, _ in both)
    return 2 * right / ((named + there) or 1)
