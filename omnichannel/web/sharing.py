"""What stands in a conversation for the officers who share it: the seal of its forms, words handed over, who follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omnichannel.domain.checklist import Tick
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.label import Label
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import Action, may
from omnichannel.domain.together import Nudge, Seen
from omnichannel.domain.work import Direction, Message, Work


@dataclass(frozen=True, slots=True)
class Rows:
    """As the store gave them, whoever asks."""

    handed: Sequence[Nudge]
    watchers: Sequence[int]
    ticks: Mapping[str, Tick]
    labels: Sequence[Label] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """As the templates draw it. `answered` is the newest answer of ours that the page shows,
    `labels` all that the office has."""

    seal: str
    answered: int
    handed: Sequence[Nudge]
    follows: bool
    followers: Sequence[str]
    people: Sequence[tuple[str, str]]
    ticks: Mapping[str, Tick]
    labels: Sequence[Label]


def find(work: Work, conversation: Conversation) -> Rows:
    """In the page's own transaction."""
    ticks = work.together.ticks(conversation.case_id) if conversation.case_id is not None else {}
    told, watchers = work.together.handed(conversation.id), work.together.watchers(conversation.id)
    return Rows(told, watchers, ticks, work.labels.all())


def lay_out(
    rows: Rows, staff: Staff, conversation: Conversation, messages: Sequence[Message], colleagues: Sequence[Staff]
) -> Sharing:
    """Only the reader's own words, and only colleagues whom a note could reach."""
    answers = [one.id for one in messages if one.direction is Direction.OUT and one.staff_id is not None]
    return Sharing(
        seal=Seen.of(conversation).seal,
        answered=max(answers, default=0),
        handed=[one for one in rows.handed if one.staff_id == staff.id],
        ticks=rows.ticks,
        labels=rows.labels,
        follows=staff.id in rows.watchers,
        followers=[one.name for one in colleagues if one.id in rows.watchers],
        people=[
            (one.login, one.name) for one in colleagues if one.id != staff.id and may(one, Action.NOTE, conversation)
        ],
    )
