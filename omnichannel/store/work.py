"""One unit of work: the shelves of one transaction, and the rings to be rung once it is durable."""

from datetime import datetime

import sqlalchemy as sa

from omnichannel.domain.bulk import Undos
from omnichannel.domain.composing import Drafts, Moves, Plans
from omnichannel.domain.forwarding import Forwards
from omnichannel.domain.guesses import Guesses
from omnichannel.domain.outreach import Outreach
from omnichannel.domain.posts import Posts
from omnichannel.domain.pushing import Devices, Digests, Followers
from omnichannel.domain.rules import Rules
from omnichannel.domain.samples import Samples
from omnichannel.domain.search import Search
from omnichannel.domain.taste import Tastes
from omnichannel.domain.tokens import Tokens
from omnichannel.domain.turns import Turns
from omnichannel.domain.work import (
    Accounts,
    Actor,
    Alarms,
    Books,
    Cases,
    Catalogue,
    Contacts,
    Conversations,
    Errands,
    Incidents,
    Jobs,
    Joins,
    Labels,
    Ledger,
    Letters,
    Messages,
    Objections,
    OpenFigures,
    People,
    Requests,
    Screens,
    Studies,
    Together,
    Tries,
    Watch,
)
from omnichannel.store.accounts import AccountsShelf
from omnichannel.store.alarms import AlarmsShelf
from omnichannel.store.books import BooksShelf
from omnichannel.store.cases import CasesShelf
from omnichannel.store.catalogue import CatalogueShelf
from omnichannel.store.composing import DraftsShelf, MovesShelf, PlansShelf
from omnichannel.store.contacts import ContactsShelf
from omnichannel.store.conversations import ConversationsShelf
from omnichannel.store.desk import TastesShelf, UndosShelf
from omnichannel.store.errands import ErrandsShelf
from omnichannel.store.figures import FiguresShelf
from omnichannel.store.forwards import ForwardsShelf
from omnichannel.store.guesses import GuessShelf
from omnichannel.store.hot import CoreHand, Hand
from omnichannel.store.incidents import IncidentsShelf
from omnichannel.store.indexing import Marks
from omnichannel.store.jobs import JobsShelf
from omnichannel.store.joins import JoinsShelf
from omnichannel.store.labels import LabelsShelf
from omnichannel.store.ledger import LedgerShelf
from omnichannel.store.letters import LettersShelf
from omnichannel.store.messages import MessagesShelf
from omnichannel.store.objections import ObjectionsShelf
from omnichannel.store.outreach import OutreachShelf
from omnichannel.store.people import PeopleShelf
from omnichannel.store.posts import PostsShelf
from omnichannel.store.pushing import DevicesShelf, DigestsShelf, FollowersShelf
from omnichannel.store.requests import RequestsShelf
from omnichannel.store.rules import RulesShelf
from omnichannel.store.samples import SamplesShelf
from omnichannel.store.screens import ScreensShelf
from omnichannel.store.search import SearchShelf
from omnichannel.store.shelf import Shelf, inserting
from omnichannel.store.study import StudyShelf
from omnichannel.store.tables import events
from omnichannel.store.together import TogetherShelf
from omnichannel.store.tokens import TokensShelf
from omnichannel.store.turns import TurnsShelf
from omnichannel.store.watch import TriesShelf, WatchShelf

NOTE = inserting(
    events, "at", "actor", "actor_name", "thing", "thing_id", "verb", "conversation_id", "before", "after", "why"
)
SCREENS = "screens"


class StoreWork(Shelf):
    """Fits `domain.work.Work`. One serves a whole batch of stories; each story gets its own list of rings."""

    def __init__(self, connection: sa.Connection, hand: Hand | None = None) -> None:
        hand = hand or CoreHand(connection)
        super().__init__(connection, hand)
        # Nobody else writes while this transaction lasts, so the heads of the chains may be remembered.
        self._heads: dict[str, str] = {}
        marks = self.marks = Marks()
        self.ledger: Ledger = LedgerShelf(connection, hand, self._heads)
        self.accounts: Accounts = AccountsShelf(connection, hand)
        self.contacts: Contacts = ContactsShelf(connection, hand, marks)
        self.conversations: Conversations = ConversationsShelf(connection, hand, marks)
        self.messages: Messages = MessagesShelf(connection, hand, marks)
        self.cases: Cases = CasesShelf(connection, hand, marks)
        self.people: People = PeopleShelf(connection, hand)
        self.jobs: Jobs = JobsShelf(connection, hand)
        self.alarms: Alarms = AlarmsShelf(connection, hand)
        self.requests: Requests = RequestsShelf(connection, hand, marks)
        self.errands: Errands = ErrandsShelf(connection, hand)
        self.objections: Objections = ObjectionsShelf(connection, hand)
        self.catalogue: Catalogue = CatalogueShelf(connection, hand)
        self.letters: Letters = LettersShelf(connection, hand)
        self.books: Books = BooksShelf(connection, hand)
        self.screens: Screens = ScreensShelf(connection, hand)
        self.search: Search = SearchShelf(connection, hand)
        self.incidents: Incidents = IncidentsShelf(connection, hand)
        self.studies: Studies = StudyShelf(connection, hand)
        self.forwards: Forwards = ForwardsShelf(connection, hand)
        self.watch: Watch = WatchShelf(connection, hand)
        self.tries: Tries = TriesShelf(connection, hand)
        self.guesses: Guesses = GuessShelf(connection, hand)
        self.outreach: Outreach = OutreachShelf(connection, hand)
        self.posts: Posts = PostsShelf(connection, hand)
        self.figures: OpenFigures = FiguresShelf(connection, hand)
        self.undos: Undos = UndosShelf(connection, hand)
        self.tastes: Tastes = TastesShelf(connection, hand)
        self.drafts: Drafts = DraftsShelf(connection, hand)
        self.plans: Plans = PlansShelf(connection, hand)
        self.moves: Moves = MovesShelf(connection, hand)
        self.together: Together = TogetherShelf(connection, hand)
        self.tokens: Tokens = TokensShelf(connection, hand)
        self.samples: Samples = SamplesShelf(connection, hand)
        self.devices: Devices = DevicesShelf(connection, hand)
        self.digests: Digests = DigestsShelf(connection, hand)
        self.turns: Turns = TurnsShelf(connection, hand)
        self.rules: Rules = RulesShelf(connection, hand)
        self.followers: Followers = FollowersShelf(connection, hand)
        self.joins: Joins = JoinsShelf(connection, hand)
        self.labels: Labels = LabelsShelf(connection, hand)
        self.rings: list[str] = []

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
        self.ring(SCREENS)
        row = {
            "at": at,
            "actor": actor.key,
            "actor_name": actor.name,
            "thing": thing,
            "thing_id": thing_id,
            "verb": verb,
            "conversation_id": conversation_id,
            "before": before,
            "after": after,
            "why": why,
        }
        return self.fresh_id(NOTE, row)

    def begin_story(self) -> None:
        self.rings = []

    def undo_story(self) -> None:
        """What was remembered of a story that is undone is no longer true."""
        self._heads.clear()

    def settle(self) -> None:
        """What the whole batch owes before its commit."""
        self.marks.settle(self.connection)

    def ring(self, topic: str) -> None:
        self.rings.append(topic)
