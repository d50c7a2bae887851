"""Every word of a person on what the machine read is a trial of it; enough good ones earn it to decide by itself.

What counts: a confirmation, a correction, and a case that somebody brought to its end without correcting its kind. One message
is one trial; the last word on it stands. The trial is of the kind alone: it decides the queue, the clock and the number.
"""

import re
from datetime import datetime

from omnichannel.domain.case import Case, Kind
from omnichannel.domain.study import WINDOW, Reading, Trial, weigh
from omnichannel.domain.verdict import Verdict
from omnichannel.domain.work import Actor, Message, Work

NUMBERED = re.compile(r"\d{4}|@")  # whoever it names, it does not tell what a message is about
LONGEST_GIST = 80  # words; a longer letter has said by then what it is about


def read(work: Work, message: Message, verdict: Verdict, now: datetime) -> Reading:
    """Keep the machine's own word, so that a person's later word can be held against it."""
    place = verdict.place
    reading = Reading(
        message_id=message.id,
        conversation_id=message.conversation_id,
        contact_id=message.contact_id,
        at=min(message.sent_at, now),
        kind=verdict.kind,
        p=verdict.p[verdict.kind],
        topic=verdict.topic,
        kecamatan=place.kecamatan.code if place else None,
        desa=place.desa.code if place and place.desa else None,
        gist=" ".join(word for word in verdict.words[:LONGEST_GIST] if not NUMBERED.search(word)),
    )
    work.studies.keep_reading(reading)
    return reading


def ruled(work: Work, message_id: int, kind: Kind, topic: str, who: Actor, now: datetime) -> None:
    """A person said what that message is. Nothing is counted where the machine never spoke."""
    reading = work.studies.reading(message_id)
    if reading is None:
        return
    trial = Trial(
        message_id=message_id,
        at=now,
        said=reading.kind,
        p=reading.p,
        truth=kind,
        topic_said=reading.topic,
        topic_truth=topic,
        by=who.key,
    )
    work.studies.rule(trial)
    work.studies.set_earned(weigh(reading.kind, work.studies.of_kind(reading.kind, WINDOW)))


def ended_as_it_is(work: Work, case: Case, who: Actor, now: datetime) -> None:
    """Somebody worked a case to its end and let its kind stand: that, too, says that the kind is right."""
    if not work.studies.ruled(case.message_id):
        ruled(work, case.message_id, case.kind, case.topic, who, now)
