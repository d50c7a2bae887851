"""What we keep of the ways by which a message leaves, beside the message itself: templates, private answers to public
comments, comments that were hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from omnichannel.domain.message import Template, TemplateUse


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """A template of an account as we last heard of it."""

    account: str
    template: Template
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class PrivateAnswer:
    """One of our messages is the private answer to a public comment: `public_id` is the thread that the comment stands
    in, `conversation_id` the private one that goes on from it."""

    comment_id: int
    message_id: int
    conversation_id: int
    public_id: int


class Sight(StrEnum):
    """Whether everybody can see a comment. The middle two wait for the platform's word."""

    SHOWN = "shown"
    HIDING = "hiding"
    SHOWING = "showing"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Veil:
    """What was last done to a comment's sight; `error` is why it did not work."""

    message_id: int
    sight: Sight
    at: datetime
    staff_id: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A public comment that an officer carried over to the private desk: where it goes on (None where the platform knows
    no way), what was said under it, and when everybody was told that it is solved."""

    comment_id: int
    conversation_id: int
    at: datetime
    staff_id: int
    private_id: int | None = None
    said_id: int | None = None
    solved_at: datetime | None = None
    solved_id: int | None = None


class Outreach(Protocol):
    """Templates, private answers, veils and comments carried over."""

    def keep_templates(self, account: str, templates: Sequence[Template], at: datetime) -> None:
        """What the platform lists now; what it lists no more is gone here, too."""

    def keep_template(self, account: str, template: Template, at: datetime) -> None: ...
    def templates(self, account: str) -> list[KeptTemplate]:
        """By name, then language."""
        ...

    def use_template(self, message_id: int, use: TemplateUse) -> None: ...
    def template_of(self, message_id: int) -> TemplateUse | None:
        """The template by which this message of ours leaves."""
        ...

    def answer_privately(self, answer: PrivateAnswer) -> bool:
        """False when the comment already has its private answer."""
        ...

    def private_answer(self, message_id: int) -> PrivateAnswer | None:
        """When this message of ours is one."""
        ...

    def answer_to(self, comment_id: int) -> PrivateAnswer | None: ...
    def answers_from(self, public_id: int) -> list[PrivateAnswer]:
        """To the comments of a public thread, oldest first."""
        ...

    def answers_in(self, conversation_id: int) -> list[PrivateAnswer]:
        """By which a private thread was opened or joined, oldest first."""
        ...

    def move_answer(self, message_id: int, conversation_id: int) -> None:
        """The platform put it into another thread than we thought: the message goes there."""

    def rename_thread(self, conversation_id: int, external_id: str) -> None:
        """The platform has told the name of a thread that we opened."""

    def veil(self, veil: Veil) -> None: ...
    def veil_of(self, message_id: int) -> Veil | None: ...
    def veils_in(self, conversation_id: int) -> list[Veil]: ...
    def carry(self, carried: Carried) -> None:
        """Kept, or brought up to date."""

    def carried(self, comment_id: int) -> Carried | None: ...
    def carried_from(self, conversation_id: int) -> list[Carried]:
        """Comments of a public thread, oldest first."""
        ...

    def carried_into(self, conversation_id: int) -> list[Carried]:
        """Comments that go on in this private thread, oldest first."""
        ...
