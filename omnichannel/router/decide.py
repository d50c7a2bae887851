"""What a verdict means for the desk: which case is made, how sure we are, and what stays with a person. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.office import RoutingMode
from omnichannel.domain.organisation import Organisation
from omnichannel.domain.stated import Stated
from omnichannel.domain.verdict import Verdict

SUPERVISION_TOPICS = frozenset({"pungli", "kepegawaian"})
WATCHDOG_TOPIC = "pungli"  # Whoever is competent for bribery takes every complaint about the office's own people.


@dataclass(frozen=True, slots=True)
class Decision:
    """`make` is the kind of a new case (None: no new case), `follows` the running case this message belongs to.

    `certain` False: a person must confirm ("perlu dipastikan"). `ask` is what the list tells staff to look at.
    """

    make: Kind | None
    certain: bool
    follows: Case | None
    ask: bool


def decide(
    verdict: Verdict, running: Sequence[Case], mode: RoutingMode, sure: float, line: float | None = None
) -> Decision:
    """The rule of `routing.mode`. `line` is the sureness from which the machine has earned to decide this kind by itself.

    An information request gets its number at once, sure or not (UU 14/2008, Pasal 22 ayat (4) dan (5)); only a person may
    take it back. Anything else waits for a person unless the machine is sure enough. A message in a thread with a running
    case follows that case unless it surely speaks of another matter; where it seems to, a person is asked.
    """
    confident = verdict.p[verdict.kind] >= sure and not verdict.needs_person
    same = next((case for case in running if case.kind is verdict.kind), None)
    if same is not None:
        return Decision(make=None, certain=True, follows=same, ask=False)
    if running and (not confident or verdict.kind is Kind.OTHER):
        return Decision(make=None, certain=True, follows=running[0], ask=verdict.kind is not Kind.OTHER)
    if verdict.kind is Kind.OTHER:
        # "halo" has fewer than three words and needs nobody's decision: it makes no case, and the list shows it unread.
        surely = verdict.p[Kind.OTHER] >= sure and verdict.second_kind is None and not verdict.perhaps_urgent
        return Decision(make=None, certain=surely, follows=None, ask=not surely)
    trusted = line is not None and verdict.p[verdict.kind] >= line and not verdict.needs_person
    if (mode is RoutingMode.THRESHOLD and confident) or (mode is RoutingMode.EARNED and trusted):
        return Decision(make=verdict.kind, certain=True, follows=None, ask=False)
    if verdict.kind is Kind.INFORMATION_REQUEST and mode is not RoutingMode.SUGGEST:
        return Decision(make=Kind.INFORMATION_REQUEST, certain=False, follows=None, ask=True)
    return Decision(make=None, certain=False, follows=None, ask=True)


def as_stated(verdict: Verdict, kind: Kind) -> Verdict:
    """The machine's reading of topic, place and unit under the kind that the citizen chose."""
    sure = {one: float(one is kind) for one in Kind}
    return replace(verdict, kind=kind, p=sure, second_kind=None, needs_person=False)


def decide_stated(kind: Kind, said: Stated, running: Sequence[Case]) -> Decision:
    """The citizen chose the form, so no doubt of the machine about the kind stands against it, whatever `routing.mode`.

    A submission that looks a little like a machine's gets its number and a person's look; one that looks much like it
    waits for that look first.
    """
    same = next((case for case in running if case.kind is kind), None)
    if same is not None:
        return Decision(make=None, certain=True, follows=same, ask=bool(said.doubts))
    if said.held:
        return Decision(make=None, certain=False, follows=running[0] if running else None, ask=True)
    return Decision(make=kind, certain=not said.doubts, follows=None, ask=bool(said.doubts))


def supervision(kind: Kind, topic: str) -> bool:
    """Abuse, corruption, discipline: 60 working days, anonymous and secret, never answered in public."""
    return kind is Kind.COMPLAINT and topic in SUPERVISION_TOPICS


def unit_for(verdict: Verdict, organisation: Organisation) -> str:
    """Where it goes. A complaint about officials never lies on the table of those it complains about."""
    if supervision(verdict.kind, verdict.topic):
        watchdogs = organisation.competent(WATCHDOG_TOPIC)
        if watchdogs:
            return watchdogs[0][0].key
    return verdict.unit
