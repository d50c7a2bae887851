"""What the danger head is learnt from: messages of which a person has said whether somebody's life is in danger now.

They lie under corpus/danger: `written.jsonl`, calls for help and what looks like them, by category and not by template;
`hard.jsonl` and `quiet.jsonl`, by another hand that had not seen the rules, quiet and indirect on purpose; `spread.jsonl`, by a
third, evenly over every sort of danger; `whisper.jsonl`, by a fourth, understated and indirect, with ordinary long letters
that only sound like it; `tuned.jsonl`, on which the rules were tuned and which therefore weigh half and never
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
REVIEWED, TUNED = "reviewed.jsonl", "tuned.jsonl"
GENERAL, LETTER, LONG = "corpus", "letter", "long: "
# The hands that are left out together to find the marks: one of danger and one of a day's post. Who wrote `written.jsonl`
# wrote most of the general corpus as well, which stays in: without it nothing could be learnt.
HANDS = (("written", "desk"), ("hard", "voices"), ("quiet",), ("spread",), ("whisper", "natural"))
POST = frozenset(("desk", "voices", "natural"))
SHORTEST, LONGEST = 40, 400  # characters of a message that is put into a letter
HALF = 0.5


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
        """Whether it is a day's post as it comes, by a hand that the marks are found on."""
        return not self.urgent and (self.hand in POST or self.why.startswith(LONG))

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
