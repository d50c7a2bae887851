"""The socket to our own database: one unit of work, and the shelves a story finds in it.

Stories are plain functions `story(work, …)`. They read rows (frozen dataclasses), decide with the domain, and save.
Everything a story does stands in one transaction; `ring` is kept until the commit is durable.
All moments are aware UTC.
"""

from datetime import datetime
from typing import Protocol

from omnichannel.domain.books import Books
from omnichannel.domain.bulk import Undos
from omnichannel.domain.composing import Drafts, Moves, Plans
from omnichannel.domain.figures import OpenFigures
from omnichannel.domain.forwarding import Forwards
from omnichannel.domain.guesses import Guesses
from omnichannel.domain.incident import Incidents
from omnichannel.domain.jobs import Jobs
from omnichannel.domain.joins import Joins
from omnichannel.domain.label import Labels
from omnichannel.domain.letter import Letters
from omnichannel.domain.outreach import Outreach
from omnichannel.domain.posts import Posts
from omnichannel.domain.ppid_shelves import Catalogue, Errands, Objections, Requests
from omnichannel.domain.pushing import Devices, Digests, Followers
from omnichannel.domain.records import (
    MACHINE,
    AccountState,
    Actor,
    Alarm,
    Direction,
    Entry,
    File,
    FileState,
    Happening,
    Job,
    Message,
    Quarantined,
    Scope,
    Session,
)
from omnichannel.domain.rules import Rules
from omnichannel.domain.samples import Samples
from omnichannel.domain.search import Search
from omnichannel.domain.shelves import (
    Accounts,
    Alarms,
    Cases,
    Contacts,
    Conversations,
    Ledger,
    Messages,
    People,
    Screens,
)
from omnichannel.domain.study import Studies
from omnichannel.domain.taste import Tastes
from omnichannel.domain.together import Together
from omnichannel.domain.tokens import Tokens
from omnichannel.domain.turns import Turns
from omnichannel.domain.watching import Tries, Watch

__all__ = [
    "MACHINE",
    "AccountState",
    "Accounts",
    "Actor",
    "Alarm",
    "Alarms",
    "Books",
    "Cases",
    "Catalogue",
    "Contacts",
    "Conversations",
    "Devices",
    "Digests",
    "Direction",
    "Entry",
    "Errands",
    "File",
    "FileState",
    "Followers",
    "Happening",
    "Incidents",
    "Job",
    "Jobs",
    "Joins",
    "Labels",
    "Ledger",
    "Letters",
    "Message",
    "Messages",
    "Objections",
    "OpenFigures",
    "People",
    "Quarantined",
    "Requests",
    "Rules",
    "Scope",
    "Screens",
    "Search",
    "Session",
    "Studies",
    "Together",
    "Tries",
    "Turns",
    "Watch",
    "Work",
]


class Work(Protocol):
    """One unit of work."""

    ledger: Ledger
    accounts: Accounts
    contacts: Contacts
    conversations: Conversations
    messages: Messages
    cases: Cases
    people: People
    jobs: Jobs
    alarms: Alarms
    requests: Requests
    errands: Errands
    objections: Objections
    catalogue: Catalogue
    letters: Letters
    books: Books
    screens: Screens
    search: Search
    studies: Studies
    incidents: Incidents
    forwards: Forwards
    watch: Watch
    tries: Tries
    outreach: Outreach
    posts: Posts
    guesses: Guesses
    figures: OpenFigures
    undos: Undos
    tastes: Tastes
    drafts: Drafts
    plans: Plans
    moves: Moves
    together: Together
    joins: Joins
    tokens: Tokens
    samples: Samples
    devices: Devices
    digests: Digests
    followers: Followers
    rules: Rules
    turns: Turns
    labels: Labels

    def note(
        self,
        actor: Actor,
        verb: str,
        thing: str,
        thing_id: int,
        *,
        at: datetime,
        conversation_id: int | None = None,
        before: str | None = None,
        after: str | None = None,
        why: str | None = None,
    ) -> int:
        """Append one row to the events table, in this transaction; returns its id. Also rings `screens`."""
        ...

    def ring(self, topic: str) -> None:
        """Ring once this transaction is durable."""
