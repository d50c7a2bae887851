"""Similar past cases and how they were answered, for whoever writes the next answer. Personal data are masked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.privacy import mask
from omnichannel.domain.verdict import NO_TOPIC
from omnichannel.domain.work import Work
from omnichannel.router.alike import nearest
from omnichannel.router.decide import SUPERVISION_TOPICS

LOOKED_AT = 120  # messages of that topic, and as many of that topic and place
TRIED = 12  # whose answers are looked for; the rest are further away still
SHOWN = 3
LEAST = 0.15
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Precedent:
    """One earlier matter: where it stands, what was asked, what we answered."""

    conversation_id: int
    number: str | None
    asked: str
    answered: str
    at: datetime
    likeness: float


def precedents(work: Work, conversation: Conversation, readable: Callable[[Conversation], bool]) -> list[Precedent]:
    """The likest first. Candidates come from an index by topic and place, so their number does not grow with the years."""
    mine = work.incidents.reading_of(conversation.id)
    if mine is None or not mine.gist or mine.topic in (NO_TOPIC, *SUPERVISION_TOPICS):
        return []
    found = work.incidents.past(mine.topic, None, mine.at, LOOKED_AT)
    if mine.kecamatan is not None:
        found += work.incidents.past(mine.topic, mine.kecamatan, mine.at, LOOKED_AT)
    others = {one.conversation_id: one for one in found if one.conversation_id != conversation.id}
    scores = nearest(mine.gist, [one.gist for one in others.values()])
    likest = sorted(zip(scores, others.values(), strict=True), key=lambda pair: -pair[0])[:TRIED]
    kept: list[Precedent] = []
    for score, one in likest:
        if score < LEAST or len(kept) == SHOWN:
            break
        told = _told(work, one.conversation_id, one.message_id, score, readable)
        if told is not None:
            kept.append(told)
    return kept


def _told(
    work: Work, conversation_id: int, message_id: int, score: float, readable: Callable[[Conversation], bool]
) -> Precedent | None:
    """None where nobody answered, where this reader may not look, and for what is secret."""
    answer, conversation = work.messages.answer_to(conversation_id, message_id), work.conversations.get(conversation_id)
    if answer is None or conversation is None or not readable(conversation):
        return None
    told = work.incidents.told(conversation_id, message_id)
    if told is None or told.withdrawn_at is not None or told.secret:
        return None
    text, at = answer
    return Precedent(conversation_id, told.number, _short(told.text), _short(text), at, score)


def _short(text: str) -> str:
    """Masked before it is cut: half an identity number is seen by no mask."""
    line = " ".join(mask(text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
