"""One citizen on several threads: threads shown as one, messages taken out of one, contacts known to be one person.

Nothing here rewrites what was received: a merged thread keeps its messages, cases and address, and each step can be undone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.people import Contact

MOST_SPLIT = 50  # messages that one split takes out


@dataclass(frozen=True, slots=True)
class Merge:
    """A thread shown with another. `state` is how it stood before."""

    conversation_id: int
    into_id: int
    at: datetime
    by: str
    state: str


@dataclass(frozen=True, slots=True)
class Split:
    """A thread made of messages of another one."""

    conversation_id: int
    from_id: int
    at: datetime
    by: str
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactLink:
    """What a person said of two contacts. `before`: who belonged to which person until then."""

    id: int
    contact_id: int
    other_id: int
    same: bool
    why: str
    at: datetime
    by: str
    before: Mapping[int, int | None]
    undone_at: datetime | None = None


class Joins(Protocol):
    """Kept beside conversations and contacts."""

    def merge(self, merge: Merge) -> None:
        """The last word stands."""

    def unmerge(self, conversation_id: int) -> None: ...

    def merge_of(self, conversation_id: int) -> Merge | None:
        """Where it is shown, if not by itself."""
        ...

    def merged_into(self, into_id: int) -> list[Merge]: ...

    def split(self, split: Split) -> None: ...

    def split_of(self, conversation_id: int) -> Split | None:
        """What it was taken out of, also when that was undone."""
        ...

    def splits_from(self, conversation_id: int) -> list[Split]:
        """Those that still stand by themselves."""
        ...

    def undo_split(self, conversation_id: int, at: datetime) -> None: ...

    def move(self, message_ids: Sequence[int], from_id: int, to_id: int) -> int:
        """Those of the messages that still lie in the first thread go to the second; returns how many."""
        ...

    def threads(self, contact_ids: Sequence[int], limit: int = 12) -> list[Conversation]:
        """Their conversations, newest first."""
        ...

    def of_person(self, person_id: int) -> list[Contact]: ...

    def alike(self, contact: Contact, limit: int = 8) -> list[Contact]:
        """Other contacts with the same telephone, mail address or whole name, oldest first."""
        ...

    def link(self, contact: Contact, other: Contact, why: str, at: datetime, by: str, *, same: bool) -> None:
        """Write down what a person said; `same` joins them as one."""

    def links(self, contact_ids: Sequence[int]) -> list[ContactLink]:
        """Standing words about any of them, oldest first."""
        ...

    def unlink(self, link: ContactLink, at: datetime) -> None:
        """Undo it: everybody belongs to whom they belonged to before."""
