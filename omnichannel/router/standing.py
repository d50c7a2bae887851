"""What a conversation shows of its cases: the running one that is due first."""

from dataclasses import replace

from omnichannel.domain.case import Case, CaseState, Kind
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.forwarding import TO_LAPOR
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Message, Work
from omnichannel.router.decide import supervision
from omnichannel.router.desk import conversation_of

LOOK_BACK = 50  # happenings; enough to find what a conversation waits for
JUDGED = ("classified", "not_judged")


def show_nearest(work: Work, conversation_id: int) -> Conversation:
    """Lay the nearest running case on top. With none left there is no due day; an ended case stays in sight, a void one
    does not. Call it whenever a case of the conversation opened, ended or changed."""
    work.ring(TO_LAPOR)
    conversation = conversation_of(work, conversation_id)
    cases = [case for case in work.cases.of_conversation(conversation.id) if case.state is not CaseState.VOIDED]
    running = [case for case in cases if case.state.running]
    if running:
        nearest = min(running, key=lambda case: (case.due, case.id))
        after = _showing(conversation, nearest, needs_person=not all(case.certain for case in running))
    else:
        last = work.cases.get(conversation.case_id) if conversation.case_id else None
        kept = last.id if last is not None and last.state is not CaseState.VOIDED else None
        after = replace(conversation, case_id=kept, due=None, needs_person=False)
    secret = next((case for case in cases if case.secret), None)
    if secret is not None:
        # Who may read the thread reads every word in it: those who are complained about must not, though another
        # case of the same citizen lies on their table.
        after = replace(after, unit=secret.unit)
    return conversation if after == conversation else work.conversations.save(conversation, after)


def from_comments(work: Work, conversation: Conversation) -> list[Case]:
    """The cases of the citizen's public comments that this private thread goes on from: what they add here belongs there."""
    publics = dict.fromkeys(answer.public_id for answer in work.outreach.answers_in(conversation.id))
    return [
        case
        for public in publics
        for case in work.cases.of_conversation(public)
        if case.contact_id == conversation.contact_id
    ]


def still_waits(work: Work, conversation: Conversation, message: Message) -> bool:
    """Whether words before this message wait for a person's decision, and nobody has closed the talk since.

    "Makasih" after a report that the machine was unsure of takes nothing back: the report must stay in sight.
    """
    if not conversation.needs_person or conversation.case_id is not None:
        return False
    for one in work.screens.history(conversation.id, LOOK_BACK):  # newest first
        if one.verb == "resolved":
            return False
        if one.verb in JUDGED and one.thing_id != message.id:
            return True
    return False


def table_of(work: Work, conversation: Conversation, verdict: Verdict, suggested: str) -> str:
    """The unit that words without a case lie with: where a person or a secret put the talk, else where the machine says.

    A suggestion shows its own unit, not that of a matter which has ended: "Benar" makes a case of what is shown. One about
    officials goes to the watchdog in any event.
    """
    if conversation.unit is None or supervision(verdict.kind, verdict.topic):
        return suggested
    if verdict.kind is Kind.OTHER or any(case.secret for case in work.cases.of_conversation(conversation.id)):
        return conversation.unit
    by_hand = any(one.verb == "passed" for one in work.screens.history(conversation.id, LOOK_BACK))
    return conversation.unit if by_hand else suggested


def _showing(conversation: Conversation, case: Case, *, needs_person: bool) -> Conversation:
    return replace(
        conversation,
        kind=case.kind.value,
        queue=case.queue.value,
        topic=case.topic,
        unit=case.unit,
        case_id=case.id,
        confidence=case.confidence,
        due=case.due.isoformat(),
        needs_person=needs_person,
    )
