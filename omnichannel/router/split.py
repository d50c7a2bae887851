"""One message, two matters: a request for information and a complaint become two cases, each with its number and clock."""

from dataclasses import replace
from datetime import datetime

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.office import Office, RoutingMode
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Actor, Work

TWO = frozenset({Kind.INFORMATION_REQUEST, Kind.COMPLAINT})
LEAST = 0.2  # what the weaker of the two must have, beside a strong cue in words of its own


def kinds(verdict: Verdict, office: Office) -> tuple[Kind, Kind] | None:
    """Both kinds, the request first, where the machine is sure that the message holds them both; else None.

    The two share the probability of one message, so it is their sum that must be sure.
    """
    second = verdict.second_kind
    if second is None or {verdict.kind, second} != TWO:
        return None
    if not office.ppid.split or office.routing_mode is not RoutingMode.THRESHOLD:
        return None
    if verdict.p[verdict.kind] + verdict.p[second] < office.sure or verdict.p[second] < LEAST:
        return None
    return Kind.INFORMATION_REQUEST, Kind.COMPLAINT


def as_kind(verdict: Verdict, kind: Kind) -> Verdict:
    """The verdict as it speaks of one of the two."""
    return replace(verdict, kind=kind)


def joined(work: Work, one: Case, other: Case, who: Actor, now: datetime) -> None:
    """Each of the two says in its history which the other is. What links them for good is their common message."""
    where = one.conversation_id
    for case, twin in ((one, other), (other, one)):
        work.note(who, "split", "case", case.id, at=now, conversation_id=where, after=twin.number)
