"""What a model is learnt from: messages whose kind and topic a person has said.

Three sources. The corpus, written for the purpose, whose every fifth line stays apart and only measures. The lines on which
the cues were tuned: they teach, at half weight, and never measure, for the cues know them. The corrections of the office's
own staff, who are right about their own town; of these, too, every fifth stays apart.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from omnichannel.domain.case import Kind
from omnichannel.domain.errors import Invalid
from omnichannel.domain.verdict import NO_TOPIC, TOPICS

APART = 5  # every fifth is kept apart
MEASURED_FROM = 100  # corrections from which a fifth of them can measure
TUNED_ON = "tuned.jsonl"  # in the corpus: what the cues were tuned on


class Origin(StrEnum):
    """Who said what it is."""

    CORPUS = "corpus"
    TUNED = "tuned"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A message and what a person calls it. `manner` is how it was said (tweet, letter …), `region` whose tongue it speaks,
    `hand` the file of the corpus it lies in."""

    id: str
    text: str
    kind: Kind
    topic: str
    second: Kind | None = None
    manner: str = ""
    region: str = ""
    origin: Origin = Origin.CORPUS
    hand: str = ""

    @property
    def apart(self) -> bool:
        """Whether it only measures. By its id alone, so that no later lesson changes it: what measured once never teaches."""
        if self.origin is Origin.TUNED:
            return False
        return int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "big") % APART == 0


def read(lines: Iterable[str], origin: Origin = Origin.CORPUS) -> list[Lesson]:
    """Lessons from JSON lines; Invalid names the line that is none."""
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(_lesson(json.loads(line), number, origin))
            except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
                raise Invalid(f"line {number}: {error}") from error
    return found


def corpus(files: Mapping[str, str]) -> list[Lesson]:
    """All lessons of the corpus, given as the text of each file by its name; sorted, so that the order of files is no matter."""
    return [
        replace(lesson, hand=name.removesuffix(".jsonl"))
        for name in sorted(files)
        for lesson in read(files[name].splitlines(), Origin.TUNED if name == TUNED_ON else Origin.CORPUS)
    ]


def parted(lessons: Sequence[Lesson]) -> tuple[list[Lesson], list[Lesson]]:
    """Those that teach and those that measure. A text that stands in both only measures.

    The first corrections of an office all teach: a fifth of so few would measure nothing but chance.
    """
    few = sum(lesson.origin is Origin.CORRECTION for lesson in lessons) < MEASURED_FROM
    measuring = [one for one in lessons if one.apart and not (few and one.origin is Origin.CORRECTION)]
    held = {" ".join(lesson.text.lower().split()) for lesson in measuring}
    chosen = {id(lesson) for lesson in measuring}
    teaching = [one for one in lessons if id(one) not in chosen and " ".join(one.text.lower().split()) not in held]
    return teaching, measuring


def _lesson(row: Mapping[str, Any], number: int, origin: Origin) -> Lesson:
    topic = row.get("topic", NO_TOPIC)
    if topic not in TOPICS and topic != NO_TOPIC:
        raise ValueError(f"topic {topic!r} is not one of ours")
    text = row["text"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError('"text" is empty')
    return Lesson(
        id=str(row.get("id", number)),
        text=text,
        kind=Kind(row["kind"]),
        topic=topic,
        second=Kind(row["second"]) if row.get("second") else None,
        manner=str(row.get("manner", "")),
        region=str(row.get("region", "")),
        origin=origin,
    )
