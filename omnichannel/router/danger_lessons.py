"""What the danger head is learnt from: messages of which a person has said whether somebody's life is in danger now.

They lie under corpus/danger: `written.jsonl`, calls for help and what looks like them, by category and not by template;
`hard.jsonl` and `quiet.jsonl`, by another hand that had not seen the rules, quiet and indirect on purpose; `spread.jsonl`, by a
third, evenly over every sort of danger; `whisper.jsonl`, by a fourth, understated and indirect, with ordinary long letters
that only sound like it; `late.jsonl`, by a fifth, short and hard; `broad.jsonl`, by the hand of the senses of danger.toml, in
many tongues and wrapped in other matters, which therefore never finds the marks; `tuned.jsonl`, on which the rules were tuned and which therefore weigh half and never
measure. The general corpus teaches what is no danger, save the few lines that `reviewed.jsonl` calls danger (true) or leaves
open (null). All of it is our own writing: real calls will differ.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from omnichannel.domain.errors import Invalid
from omnichannel.router.lessons import Lesson

APART = 5  # every fifth measures
REVIEWED, TUNED, TUNED_HAND = "reviewed.jsonl", "tuned.jsonl", "tuned"
GENERAL, LETTER, LONG, WRAPPED = "corpus", "letter", "long: ", "wrapped"
# The hands that are left out together to find the marks: one of danger and one of a day's post. Who wrote `written.jsonl`
# wrote most of the general corpus as well, which stays in: without it nothing could be learnt.
HANDS = (("written", "desk"), ("hard", "voices"), ("quiet",), ("spread",), ("whisper", "natural"), ("late",))
ALWAYS = -1  # the group of what is never left out
SHORTEST, LONGEST = 40, 400  # characters of a message that is put into a letter
HALF, EIGHTH = 0.5, 0.125
ENVELOPE = (15, 140)  # characters of what is wrapped around a call for help
WRAPPABLE = 160  # characters of a call that is wrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A message, whether somebody's life is in danger in it, what sort of message it is (`why`), and the file it lies in."""

    id: str
    text: str
    urgent: bool
    why: str = ""
    weight: float = 1.0
    hand: str = ""

    @property
    def ordinary(self) -> bool:
        """Whether it is a day's post, not written to look like danger."""
        return not self.urgent and (self.why == GENERAL or self.why.startswith(LONG))

    @property
    def group(self) -> int:
        """With which of HANDS it is left out; the general corpus by its ids where its hand is none of them."""
        for number, hands in enumerate(HANDS):
            if self.hand in hands:
                return number
        return fold(self.id, len(HANDS)) if self.why == GENERAL and self.hand != TUNED_HAND else ALWAYS

    @property
    def apart(self) -> bool:
        """Whether it measures, on a twin that has not read it; by its id alone. The head that is carried has read all."""
        if self.weight < 1.0 or self.why == GENERAL:
            return False
        return _number(self.id, 0) % APART == 0


def alerts(files: Mapping[str, str], general: Iterable[Lesson]) -> list[Alert]:
    """All of them, given as the text of each file by its name; Invalid names the line that is none."""
    found: list[Alert] = []
    reviewed: dict[str, bool | None] = {}
    for name in sorted(files):
        for number, line in enumerate(files[name].splitlines(), start=1):
            try:
                row = json.loads(line)
                if name == REVIEWED:
                    reviewed[str(row["id"])] = row["urgent"]
                else:
                    found.append(_alert(row, HALF if name == TUNED else 1.0, name.removesuffix(".jsonl")))
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise Invalid(f"file {name}, line {number}: {error}") from error
    for lesson in general:
        urgent = reviewed.get(lesson.id, False)
        if urgent is not None:
            found.append(Alert(id=lesson.id, text=lesson.text, urgent=urgent, why=GENERAL, hand=lesson.hand))
    return found


def letters(teaching: Sequence[Alert], parts: int) -> list[Alert]:
    """Long messages, which nobody writes by the hundred: a call for help, or none, behind harmless messages.

    Which ones follow from their ids; all of one letter belong to the same of `parts` folds and to one hand, its id names the
    last (`d-0001+`).
    """
    before: dict[tuple[int, str], list[Alert]] = {}
    for one in teaching:
        if not one.urgent and one.weight == 1.0 and SHORTEST < len(one.text) < LONGEST:
            before.setdefault((fold(one.id, parts), one.hand), []).append(one)
    made = []
    for last in teaching:
        pick = _number(last.id, 16)
        harmless = before.get((fold(last.id, parts), last.hand), [])
        wanted = last.weight == 1.0 and len(last.text) < LONGEST and pick % (2 if last.urgent else 12) == 0
        if wanted and harmless:
            one, two = harmless[pick % len(harmless)], harmless[pick // 7 % len(harmless)]
            text = f"{_closed(one.text)} {_closed(two.text)} {last.text}"
            made.append(Alert(id=f"{last.id}+", text=text, urgent=last.urgent, why=LETTER, hand=last.hand))
    return made


def wrapped(teaching: Sequence[Alert]) -> list[Alert]:
    """Calls for help within harmless words, and for each the same words around a harmless message.

    So what is learnt is that a polite question before it makes no call harmless, and not that such a question is a call.
    Which ones follow from the ids; all of a pair are left out together.
    """
    calm = [one for one in teaching if not one.urgent and one.group != ALWAYS and _within(one.text, ENVELOPE)]
    post = {number: [one for one in calm if one.group == number and one.why == GENERAL] for number in range(len(HANDS))}
    every = {number: [one for one in calm if one.group == number] for number in range(len(HANDS))}
    made = []
    for one in teaching:
        if not one.urgent or one.why == GENERAL or len(one.text) > WRAPPABLE or not post.get(one.group):
            continue
        around = post[one.group][_number(one.id, 0) % len(post[one.group])]
        instead = every[one.group][_number(one.id, 8) % len(every[one.group])]
        before = _number(one.id, 16) % 3 > 0
        for number, inner in enumerate((one, instead)):
            first, second = (around, inner) if before else (inner, around)
            text, name = f"{_closed(first.text)} {second.text}", f"{one.id}~{number}"
            made.append(Alert(id=name, text=text, urgent=inner.urgent, why=WRAPPED, weight=EIGHTH, hand=one.hand))
    return made


def _within(text: str, sizes: tuple[int, int]) -> bool:
    return sizes[0] < len(text) < sizes[1]


def fold(name: str, parts: int) -> int:
    """Which of so many parts a lesson belongs to; a letter where its last message does."""
    return _number(name.removesuffix("+"), 8) % parts


def _number(name: str, start: int) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[start : start + 8], "big")


def _closed(text: str) -> str:
    return text.strip() if text.strip()[-1] in ".!?" else f"{text.strip()}."


def _alert(row: Mapping[str, Any], weight: float, hand: str) -> Alert:
    if not isinstance(row["text"], str) or not row["text"].strip() or not isinstance(row["urgent"], bool):
        raise ValueError('"text" and "urgent" are needed')
    why = str(row.get("why", ""))
    return Alert(id=str(row["id"]), text=row["text"], urgent=row["urgent"], why=why, weight=weight, hand=hand)
