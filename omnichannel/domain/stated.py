"""What a citizen said themselves beside their words: by which form they came, and whether they want to stay unnamed.

It stands in the events table as lines of the message's own history: staff read it there, and the router honours it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.case import Kind
from omnichannel.domain.work import Actor, Message, Work

LOOK_BACK = 1000  # happenings; a case may be opened anew long after the citizen spoke
YES = "yes"


@dataclass(frozen=True, slots=True)
class Stated:
    """`kind` is the form they chose; `anonymous`: those complained about and the public do not learn who wrote; `secret`:
    the report itself is not public. `doubts` name what made the submission look like a machine's; `held`: so much so that
    a person looks before a number is given. `tracking` is SP4N-LAPOR!'s number of a report that came to us from there."""

    kind: Kind | None = None
    anonymous: bool = False
    secret: bool = False
    doubts: tuple[str, ...] = ()
    held: bool = False
    tracking: str | None = None

    def as_extra(self) -> dict[str, str]:
        """As an Event carries it."""
        out = {"kind": self.kind.value} if self.kind else {}
        out |= {name: YES for name in ("anonymous", "secret", "held") if getattr(self, name)}
        out |= {"tracking": self.tracking} if self.tracking else {}
        return out | ({"doubts": ",".join(self.doubts)} if self.doubts else {})


def from_extra(extra: Mapping[str, str]) -> Stated:
    """What an Event says; a word that is no kind of ours says nothing."""
    kind = extra.get("kind", "")
    return Stated(
        kind=Kind(kind) if kind in set(Kind) else None,
        anonymous=extra.get("anonymous") == YES,
        secret=extra.get("secret") == YES,
        doubts=tuple(one for one in extra.get("doubts", "").split(",") if one),
        held=extra.get("held") == YES,
        tracking=extra.get("tracking") or None,
    )


def note(work: Work, message: Message, said: Stated, who: Actor, now: datetime) -> None:
    """Write it into the history of the message."""
    lines: list[tuple[str, str | None]] = []
    if said.kind is not None:
        lines.append(("stated", said.kind.value))
    lines += [(verb, None) for verb, on in (("asked_unnamed", said.anonymous), ("asked_secret", said.secret)) if on]
    if said.tracking is not None:
        lines.append(("from_lapor", said.tracking))
    if said.doubts:
        lines.append(("held" if said.held else "doubted", ",".join(said.doubts)))
    for verb, after in lines:
        where = message.conversation_id
        work.note(who, verb, "message", message.id, at=now, conversation_id=where, after=after)


def of(work: Work, message: Message, look_back: int = LOOK_BACK) -> Stated:
    """What was said with this message."""
    lines = {
        one.verb: one.after or ""
        for one in work.screens.history(message.conversation_id, look_back)
        if one.thing == "message" and one.thing_id == message.id
    }
    kind, doubts = lines.get("stated", ""), lines.get("held", lines.get("doubted", ""))
    return Stated(
        kind=Kind(kind) if kind in set(Kind) else None,
        anonymous="asked_unnamed" in lines,
        secret="asked_secret" in lines,
        doubts=tuple(one for one in doubts.split(",") if one),
        held="held" in lines,
        tracking=lines.get("from_lapor") or None,
    )
