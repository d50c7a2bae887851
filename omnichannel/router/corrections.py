"""What staff have put right, as lessons: the citizen's text with the kind and topic that a person gave it.

A correction stands in the history (`reclassified`, `confirmed`), the text in the message that the case is about. A case that
somebody brought to its end as what it is (`concluded`) says that its kind is right. The last word on a message counts. What is
closed as secret, or was withdrawn by its writer, teaches nothing.
"""

from dataclasses import dataclass, field

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.verdict import NO_TOPIC, TOPICS
from omnichannel.domain.work import Direction, Happening, Message, Work
from omnichannel.router.lessons import Lesson, Origin

PAGE = 2000
AGREED = frozenset({"confirmed", "concluded"})
LOOK_BACK = 500  # happenings and messages of one conversation


@dataclass(slots=True)
class Corrections:
    """Gathers lessons from the history, a page at a time, so that no reader holds the database for long."""

    by_message: dict[int, Lesson] = field(default_factory=dict)
    seen: int = 0  # the last event that was read

    @property
    def lessons(self) -> list[Lesson]:
        """In the order of the messages, so that the same history always gives the same model."""
        return [self.by_message[message_id] for message_id in sorted(self.by_message)]

    def more(self, work: Work) -> bool:
        """Reads one page of the history; False once there is no more."""
        page = work.screens.happened(self.seen, PAGE)
        for event in page:
            if event.verb == "reclassified" and event.conversation_id is not None:
                self._put_right(work, event, event.conversation_id)
            elif event.verb in AGREED and (case := work.cases.get(event.thing_id)) is not None:
                self._keep(work.messages.get(case.message_id), case.kind.value, case.topic, case)
        if page:
            self.seen = page[-1].id
        return bool(page)

    def _put_right(self, work: Work, event: Happening, conversation_id: int) -> None:
        kind, _, rest = (event.after or "").partition("/")
        case = _meant(work, event, conversation_id, kind)
        message = work.messages.get(case.message_id) if case else _last_word(work, event, conversation_id)
        self._keep(message, kind, rest.partition("/")[0], case)

    def _keep(self, message: Message | None, kind: str, topic: str, case: Case | None) -> None:
        if message is None or message.direction is not Direction.IN or kind not in list(Kind):
            return
        if message.withdrawn_at is not None or (case is not None and case.secret):
            self.by_message.pop(message.id, None)
            return
        text = f"{message.subject}\n{message.text}" if message.subject else message.text
        if not text.strip():
            return
        self.by_message[message.id] = Lesson(
            id=f"{message.account}:{message.external_id}",
            text=text,
            kind=Kind(kind),
            topic=topic if topic in TOPICS else NO_TOPIC,
            origin=Origin.CORRECTION,
        )


def _meant(work: Work, event: Happening, conversation_id: int, kind: str) -> Case | None:
    """The case that a correction opened, else the one it voided, else the one of that kind it retouched, if any."""
    story: list[Happening] = []
    for one in reversed(work.screens.history(conversation_id, LOOK_BACK)):  # oldest first
        if one.id > event.id:
            if one.verb == "reclassified" or one.at != event.at:
                break
            story.append(one)
    for verb in ("case_opened", "voided"):
        for one in story:
            if one.verb == verb and (case := work.cases.get(one.thing_id)) is not None:
                return case
    running = [
        case
        for case in work.cases.of_conversation(conversation_id)
        if case.kind.value == kind
        and case.created_at <= event.at
        and (case.closed_at is None or case.closed_at > event.at)
    ]
    return max(running, key=lambda case: case.id, default=None)


def _last_word(work: Work, event: Happening, conversation_id: int) -> Message | None:
    """The citizen's latest message when the correction was made."""
    said = [
        one
        for one in work.messages.thread(conversation_id, limit=LOOK_BACK)
        if one.direction is Direction.IN and one.auto is None and one.arrived_at <= event.at
    ]
    return said[-1] if said else None
