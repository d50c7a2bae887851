"""What the API is asked with: addresses' questions and bodies. A field that nobody knows is refused, not passed over."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from omnichannel.domain.screens import View

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]
Number = Annotated[int, Field(ge=1, le=2**53)]


class Asked(BaseModel):
    """Unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Asked):
    """No question at all."""


class Paged(Asked):
    """Which part of a long list."""

    after: str | None = Field(default=None, max_length=200, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=100)


class ByNumber(Asked):
    """Which part of a list that is ordered by id."""

    after: Number | None = Field(default=None, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=100)


class Lists(StrEnum):
    """The work lists of the desk."""

    UNREAD = "unread"
    MINE = "mine"
    UNIT = "unit"
    NEAR = "near"
    FAILED = "failed"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    ASIDE = "aside"
    ALL = "all"

    @property
    def view(self) -> View:
        return View[self.name]


class ConversationsAsked(Paged):
    """A work list, perhaps narrowed; or with words in `q` a search over all years."""

    view: Lists = Field(default=Lists.ALL, description="`all`: what is not resolved.")
    q: str = Field(
        default="", max_length=200, description="As in the desk's search field: `kanal:wa status:baru lampu`."
    )


class CasesAsked(Paged):
    """A register."""

    queue: Literal["ppid", "lapor", "humas"]
    state: Literal["all", "running", "overdue", "open", "forwarded", "answered", "closed", "voided"] = "running"


class ReplyAsked(Asked):
    """An answer to the citizen, on their own channel."""

    text: Words
    reply_to: str | None = Field(
        default=None, max_length=1000, description="The platform's id of the message answered."
    )


class NoteAsked(Asked):
    """A note that only staff read."""

    text: Words


class AssigneeAsked(Asked):
    """Who shall hold it. `seen` is the holder you saw (0: nobody): if it is another by now, nothing changes and you hear 409."""

    staff_id: Number | None
    seen: int | None = Field(default=None, ge=0, le=2**53)


class StateAsked(Asked):
    """Done, or not done after all."""

    state: Literal["open", "resolved"]
