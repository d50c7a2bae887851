"""What the machine has learnt from the desk: how often it is right, what it has earned, its versions, and the way back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.house import House
from omnichannel.domain.policy import Action
from omnichannel.domain.study import FEWEST, WANTED, Earned, Study, Trial
from omnichannel.domain.work import Work
from omnichannel.router import teaching
from omnichannel.web import guard, labels, pages, scene
from omnichannel.web.keys import house
from omnichannel.web.wording import Wording

LOOKED_AT = 5000  # trials; more tell no more
STUDIES = 30
CARRIED = "bawaan"
SIZE = 200  # the diagram's own measure: 0 to 200 both ways
BINS = 10


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin of the diagram of trust: how sure the machine was, how often it was right, and of how many."""

    x: float
    y: float
    r: float
    n: int
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the confusion: so often a person said this of what the machine had called that. `heat` from 0 to 4."""

    n: int
    heat: int
    right: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """How far one kind is from being decided without a person."""

    kind: Kind
    earned: Earned
    share: float
    width: float
    low: float
    line: str
    words: str


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the table of versions: a study, or the model that the package carries."""

    name: str
    study: Study | None
    current: bool
    kept: bool


def routes() -> list[web.RouteDef]:
    return [
        web.get("/kelola/belajar", guard.allow(show, Action.SEE_LEARNING)),
        web.post("/kelola/belajar/pakai", guard.allow(use, Action.TEACH)),
        web.post("/kelola/belajar/sekarang", guard.allow(learn_now, Action.TEACH)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """Everything on one page."""
    parts, wording = house(request), pages.wording(request)

    def question(work: Work) -> tuple[list[Trial], list[Study], list[Earned], tuple[int, int], bool]:
        studied = work.studies.all(STUDIES)
        since = work.studies.ruled_since(studied[0].at if studied else None)
        return work.studies.trials(LOOKED_AT), studied, work.studies.earned(), since, teaching.asked(work)

    seen, (trials, studied, earned, since, asked) = await scene.read(request, question)
    current = parts.models.current() if parts.models is not None else None
    taken = next((one for one in studied if one.name is not None and one.name == current), None)
    context: dict[str, Any] = scene.setting(request, seen, "belajar") | {
        "n": len(trials),
        "right": _share([one.right for one in trials]),
        "topics_right": _share([one.topic_said == one.topic_truth for one in trials]),
        "gap": _gap(trials),
        "dots": _dots(trials, wording),
        "matrix": _matrix(trials),
        "trust": [_trust(one, wording) for one in earned],
        "mode": parts.office.routing_mode.value,
        "wanted": WANTED,
        "fewest": FEWEST,
        "last": seen.last,
        "newest": studied[0] if studied else None,
        "taken": taken,
        "versions": _versions(parts, studied, current),
        "waiting": since,
        "asked": asked,
        "can_learn": parts.can_learn,
        "learn_at": parts.office.learn_at.strftime("%H.%M") if parts.office.learn_at else "",
        "KINDS": labels.KINDS,
    }
    return pages.page(request, "learning.html", **context)


async def use(request: web.Request) -> web.StreamResponse:
    """Go back to an earlier version, or forward again; everybody sees who did it."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    name, now, shelf = str(fields.get("versi", "")), parts.clock.now(), parts.models
    if shelf is None or (name != CARRIED and name not in shelf.names()):
        raise NotFound("Versi model itu tidak ada.")
    before = shelf.current()
    if name == CARRIED:
        shelf.use_carried()
    else:
        shelf.use(name)
    await parts.store.write(lambda work: teaching.went_to(work, staff, name, before or CARRIED, now))
    return scene.back(fields, "/kelola/belajar", "versi")


async def learn_now(request: web.Request) -> web.StreamResponse:
    """Ask for a lesson before the night."""
    fields, staff, parts = await guard.fields(request), guard.staff(request), house(request)
    if not parts.can_learn:
        raise Invalid("Belajar memerlukan scikit-learn: pip install 'omnichannel[learn]'.")
    now = parts.clock.now()
    await parts.store.write(lambda work: teaching.ask(work, staff, now))
    return scene.back(fields, "/kelola/belajar", "belajar")


def _share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if found else None


def _bins(trials: Sequence[Trial]) -> list[list[Trial]]:
    bins: list[list[Trial]] = [[] for _ in range(BINS)]
    for one in trials:
        bins[min(int(one.p * BINS), BINS - 1)].append(one)
    return bins


def _gap(trials: Sequence[Trial]) -> float | None:
    """How far sureness and truth lie apart, over all bins (expected calibration error)."""
    if not trials:
        return None
    return sum(abs(sum(one.p for one in bin) - sum(one.right for one in bin)) for bin in _bins(trials)) / len(trials)


def _dots(trials: Sequence[Trial], wording: Wording) -> list[Dot]:
    found = []
    for bin in filter(None, _bins(trials)):
        sure, right = sum(one.p for one in bin) / len(bin), sum(one.right for one in bin) / len(bin)
        said = wording.t(
            "yakin {p}, tepat {q}, dari {n} pesan", p=wording.percent(sure), q=wording.percent(right), n=len(bin)
        )
        radius = 3 + 7 * (len(bin) / len(trials)) ** 0.5
        found.append(Dot(round(sure * SIZE, 1), round(SIZE - right * SIZE, 1), round(radius, 1), len(bin), said))
    return found


def _matrix(trials: Sequence[Trial]) -> list[tuple[Kind, list[Cell]]]:
    """A row for each kind that people said, a column for each that the machine said."""
    counts = Counter((one.truth, one.said) for one in trials)
    rows = []
    for truth in Kind:
        whole = sum(counts[truth, said] for said in Kind) or 1
        cells = [
            Cell(n, min(4, -(-4 * n // whole)) if n else 0, truth is said)
            for said in Kind
            for n in [counts[truth, said]]
        ]
        rows.append((truth, cells))
    return rows


def _trust(one: Earned, wording: Wording) -> Trust:
    share = one.right / one.n if one.n else 0.0
    if one.line is not None:
        words = wording.t("diputus sendiri bila yakin paling sedikit {p}", p=wording.percent(one.line))
    elif one.n < FEWEST:
        words = wording.t("menunggu petugas; baru {n} dari {m} penilaian", n=one.n, m=FEWEST)
    else:
        words = wording.t("menunggu petugas; kurang sekitar {n} penilaian tepat lagi", n=one.missing)
    line = wording.percent(one.line) if one.line is not None else ""
    return Trust(one.kind, one, share, round(min(1.0, one.n / FEWEST) * 100, 1), round(one.low * 100, 1), line, words)


def _versions(parts: House, studied: Sequence[Study], current: str | None) -> list[Version]:
    """Every study, newest first, and at the end what the package carries."""
    kept = set(parts.models.names()) if parts.models is not None else set()
    found = [
        Version(one.name or "", one, one.name is not None and one.name == current, one.name in kept) for one in studied
    ]
    return [*found, Version(CARRIED, None, current is None, True)]
