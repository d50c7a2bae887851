"""Which row of LAPOR's export is which of our reports: by its number, by tracking id, else by title, words and date.

A report keyed in by hand comes back with another title: shortened, retyped, or given a new one by LAPOR's officers. What
is not sure is not decided here: an officer chooses.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from omnichannel.domain.case import Case
from omnichannel.domain.forwarding import Exported
from omnichannel.router.likeness import alike, words
from omnichannel.router.news import FINISHED_AT_LAPOR

SURE, POSSIBLE = 0.62, 0.42
MARGIN = 0.08
NEAREST = 12  # reports looked at closely for one row
EARLIER, LATER = timedelta(days=2), timedelta(days=45)  # a report is keyed in after it came to us, some days late
CONTENT_COUNTS = 0.95
SAME_CONTENT = 0.85
DAYS_THAT_TELL = timedelta(days=3)


class Fit(StrEnum):
    """How a row was recognised. `choose`: an officer does. `new`: not ours. `ended`: not ours, and over there."""

    NUMBER = "number"
    TRACKING = "tracking"
    TITLE = "title"
    CHOOSE = "choose"
    NEW = "new"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Known:
    """One of our reports that LAPOR may hold: what was or would be keyed in."""

    case: Case
    titles: tuple[str, ...]
    content: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """A row, and the report it is; `others` are those it might be."""

    row: Exported
    fit: Fit
    case: Case | None = None
    likeness: float = 0.0
    others: tuple[Case, ...] = ()


def match(
    rows: Sequence[Exported], known: Sequence[Known], by_number: Mapping[str, Case], by_tracking: Mapping[str, Case]
) -> list[Match]:
    """In the order of the rows; no report is taken by two of them."""
    found: dict[int, Match] = {}
    taken: set[int] = set()
    for place, row in enumerate(rows):
        for fit, case in (
            (Fit.TRACKING, by_tracking.get((row.tracking_id or "").casefold())),
            (Fit.NUMBER, by_number.get((row.number or "").casefold())),
        ):
            if case is not None and case.id not in taken and place not in found:
                found[place] = Match(row, fit, case, 1.0)
                taken.add(case.id)
    left = [(place, row) for place, row in enumerate(rows) if place not in found]
    found |= _by_words(left, [one for one in known if one.case.id not in taken])
    return [found[place] for place in range(len(rows))]


@dataclass(frozen=True, slots=True)
class _Pair:
    """How a row and a report fit: by words, by what stands below the title, and how far apart their days are."""

    likeness: float
    content: float
    apart: timedelta
    known: Known

    @property
    def rank(self) -> float:
        return self.likeness + 0.1 * self.content - 0.002 * (self.apart / timedelta(days=1))

    @property
    def case(self) -> Case:
        return self.known.case


def _by_words(rows: Iterable[tuple[int, Exported]], known: Sequence[Known]) -> dict[int, Match]:
    """The likeliest pairs first, so that a good match elsewhere is not lost to a poor one."""
    left, found, taken = dict(rows), dict[int, Match](), set[int]()
    index = _index(known)
    weighed = {place: _weighed(row, known, index) for place, row in left.items()}
    while True:
        open_ = {place: [pair for pair in weighed[place] if pair.case.id not in taken] for place in left}
        sure = [(pairs[0].rank, place) for place, pairs in open_.items() if _is_sure(pairs)]
        if not sure:
            break
        place = max(sure)[1]
        best, row = open_[place][0], left.pop(place)
        if _claimed_elsewhere(best, place, open_):
            found[place] = Match(row, Fit.CHOOSE, None, best.likeness, _cases(open_[place]))
            continue
        found[place] = Match(row, Fit.TITLE, best.case, best.likeness)
        taken.add(best.case.id)
    for place, row in left.items():
        maybe = [pair for pair in weighed[place] if pair.case.id not in taken]
        over = (row.status or "").casefold() in FINISHED_AT_LAPOR
        fit = Fit.CHOOSE if maybe else Fit.ENDED if over else Fit.NEW
        found[place] = Match(row, fit, None, maybe[0].likeness if maybe else 0.0, _cases(maybe))
    return found


def _weighed(row: Exported, known: Sequence[Known], index: Mapping[str, set[int]]) -> list[_Pair]:
    pairs = [_pair(row, one) for one in _nearest(row, known, index)]
    return sorted((pair for pair in pairs if pair.likeness >= POSSIBLE), key=lambda pair: -pair.rank)


def _claimed_elsewhere(best: _Pair, place: int, open_: Mapping[int, Sequence[_Pair]]) -> bool:
    """Whether another row wants the same report as much: then neither is believed."""
    rivals = (pairs[0] for at, pairs in open_.items() if at != place and pairs and pairs[0].case.id == best.case.id)
    return any(_is_sure([rival]) and not _clearly(best, rival) for rival in rivals)


def _is_sure(pairs: Sequence[_Pair]) -> bool:
    return bool(pairs) and pairs[0].likeness >= SURE and (len(pairs) == 1 or _clearly(pairs[0], pairs[1]))


def _clearly(best: _Pair, next_: _Pair) -> bool:
    """Like enough, and clearly more so: by words, by what was written, else by days. A report is keyed in some days after
    it came, so a day or two tell nothing."""
    if best.likeness - next_.likeness >= MARGIN:
        return True
    if best.content >= SAME_CONTENT and best.content - next_.content >= MARGIN / 2:
        return True
    return next_.apart - best.apart >= DAYS_THAT_TELL


def _index(known: Sequence[Known]) -> dict[str, set[int]]:
    """Beginning of a word → the reports that hold it."""
    index: dict[str, set[int]] = defaultdict(set)
    for place, one in enumerate(known):
        for word in words(f"{' '.join(one.titles)} {one.content}"):
            index[word[:4]].add(place)
    return index


def _nearest(row: Exported, known: Sequence[Known], index: Mapping[str, set[int]]) -> list[Known]:
    """Those that share the rarest words."""
    weights: Counter[int] = Counter()
    for word in words(f"{row.title} {row.content[:400]}"):
        holders = index.get(word[:4], set())
        for place in holders:
            weights[place] += 1000 // len(holders)
    return [known[place] for place, _ in weights.most_common(NEAREST)]


def _pair(row: Exported, one: Known) -> _Pair:
    """Of the titles or of what was written, whichever says more; less where the days do not fit."""
    titles = max((alike(row.title, title) for title in (*one.titles, one.content) if row.title), default=0.0)
    content = alike(row.content, one.content) if len(words(row.content)) > 3 else 0.0
    best = max(titles, CONTENT_COUNTS * content)
    if row.at is not None and not -EARLIER <= row.at - one.at <= LATER:
        best *= 0.5
    return _Pair(best, content, abs(row.at - one.at) if row.at is not None else timedelta(0), one)


def _cases(pairs: Sequence[_Pair]) -> tuple[Case, ...]:
    return tuple(pair.case for pair in pairs[:3])
