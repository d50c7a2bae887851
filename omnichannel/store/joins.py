"""Threads shown as one, messages taken out, contacts known to be one person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.conversation import Conversation
from omnichannel.domain.joins import ContactLink, Merge, Split
from omnichannel.domain.people import Contact
from omnichannel.store import contacts as known
from omnichannel.store.conversations import WHOLE, conversation_of
from omnichannel.store.conversations import c as talks
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Shelf, b
from omnichannel.store.tables import contact_links, contacts, merges, messages, persons, splits

g, s, k, c, m = merges.c, splits.c, contact_links.c, contacts.c, messages.c
MERGE = sa.insert(merges)
UNMERGE = sa.delete(merges).where(g.conversation_id == b("id"))
MERGES = sa.select(g.conversation_id, g.into_id, g.at, g.by, g.state)
MERGE_OF = Hot(MERGES.where(g.conversation_id == b("id")))
INTO = Hot(MERGES.where(g.into_id == b("id")).order_by(g.at))
SPLIT = sa.insert(splits)
SPLITS = sa.select(s.conversation_id, s.from_id, s.at, s.by, s.undone_at)
SPLIT_OF = Hot(SPLITS.where(s.conversation_id == b("id")))
SPLITS_FROM = SPLITS.where(s.from_id == b("id"), s.undone_at.is_(None)).order_by(s.conversation_id)
UNSPLIT = sa.update(splits).where(s.conversation_id == b("id")).values(undone_at=b("at"))
IDS: sa.BindParameter[Any] = sa.bindparam("p_ids", expanding=True)
MOVE = sa.update(messages).where(m.id == b("id"), m.conversation_id == b("from")).values(conversation_id=b("to"))
NEWEST = WHOLE.order_by(talks.last_at.desc(), talks.id.desc()).limit(b("limit"))
# Nearly always of one contact. A list SQLite would not look up: it walks all talks by their time instead.
THREADS_OF_ONE = Hot(NEWEST.where(talks.contact_id == b("contact")))
THREADS = NEWEST.where(talks.contact_id.in_(IDS))
PEOPLE = sa.select(*known.CONTACT)
OF_PERSON = PEOPLE.where(c.person_id == b("person"), c.person_id.is_not(None)).order_by(c.id)
LINK = sa.insert(contact_links)
OTHERS = PEOPLE.where(c.id != b("id")).limit(b("limit"))
SAME_ADDRESS = Hot(OTHERS.where(c.address_key == b("value", c.address_key.type), c.address_key.is_not(None)))
SAME_NAME = Hot(OTHERS.where(c.name_key == b("value", c.name_key.type), c.name_key.is_not(None)))
SAME_PHONE = OTHERS.where(c.phone_key.in_(sa.bindparam("p_values", expanding=True)), c.phone_key.is_not(None))
STANDING = (
    sa.select(k.id, k.contact_id, k.other_id, k.same, k.why, k.at, k.by, k.before, k.undone_at)
    .where(k.undone_at.is_(None))
    .order_by(k.id)
)
LINKS_OF_ONE = Hot(STANDING.where(sa.or_(k.contact_id == b("contact"), k.other_id == b("contact"))))
LINKS = STANDING.where(sa.or_(k.contact_id.in_(IDS), k.other_id.in_(IDS)))
UNDO = sa.update(contact_links).where(k.id == b("id")).values(undone_at=b("at"))
BELONGS = sa.update(contacts).where(c.id == b("id")).values(person_id=b("person"))
PERSON = sa.insert(persons).returning(persons.c.id)


class JoinsShelf(Shelf):
    """Fits `domain.joins.Joins`."""

    def merge(self, merge: Merge) -> None:
        self.unmerge(merge.conversation_id)
        row = {"conversation_id": merge.conversation_id, "into_id": merge.into_id, "at": merge.at}
        self.run(MERGE, row | {"by": merge.by, "state": merge.state})

    def unmerge(self, conversation_id: int) -> None:
        self.run(UNMERGE, {"p_id": conversation_id})

    def merge_of(self, conversation_id: int) -> Merge | None:
        row = self.ask(MERGE_OF, {"p_id": conversation_id})
        return None if row is None else Merge(*row)

    def merged_into(self, into_id: int) -> list[Merge]:
        return [Merge(*row) for row in self.hand.ask(INTO, {"p_id": into_id})]

    def split(self, split: Split) -> None:
        row = {"conversation_id": split.conversation_id, "from_id": split.from_id, "at": split.at, "by": split.by}
        self.run(SPLIT, row | {"undone_at": None})

    def split_of(self, conversation_id: int) -> Split | None:
        row = self.ask(SPLIT_OF, {"p_id": conversation_id})
        return None if row is None else Split(*row)

    def splits_from(self, conversation_id: int) -> list[Split]:
        return [Split(*row) for row in self.run(SPLITS_FROM, {"p_id": conversation_id})]

    def undo_split(self, conversation_id: int, at: datetime) -> None:
        self.run(UNSPLIT, {"p_id": conversation_id, "p_at": at})

    def move(self, message_ids: Sequence[int], from_id: int, to_id: int) -> int:
        where = {"p_from": from_id, "p_to": to_id}
        return sum(self.run(MOVE, where | {"p_id": one}).rowcount for one in message_ids)

    def threads(self, contact_ids: Sequence[int], limit: int = 12) -> list[Conversation]:
        if len(contact_ids) == 1:
            found = self.hand.ask(THREADS_OF_ONE, {"p_contact": contact_ids[0], "p_limit": limit})
            return [conversation_of(row) for row in found]
        return [conversation_of(row) for row in self.run(THREADS, {"p_ids": list(contact_ids), "p_limit": limit})]

    def of_person(self, person_id: int) -> list[Contact]:
        return [known.contact_of(row) for row in self.run(OF_PERSON, {"p_person": person_id})]

    def alike(self, contact: Contact, limit: int = 8) -> list[Contact]:
        asked = {"p_id": contact.id, "p_limit": limit}
        rows: list[Sequence[Any]] = []
        if spellings := _spellings(contact.phone):
            rows += self.run(SAME_PHONE, asked | {"p_values": spellings}).all()
        if contact.address and contact.address.strip():
            rows += self.hand.ask(SAME_ADDRESS, asked | {"p_value": contact.address})
        # One word is half a district's name; thousands bear it, and it would suggest nobody.
        if contact.name and len(contact.name.split()) > 1:
            rows += self.hand.ask(SAME_NAME, asked | {"p_value": contact.name})
        found = {one.id: one for one in map(known.contact_of, rows)}
        return sorted(found.values(), key=lambda one: one.id)[:limit]

    def link(self, contact: Contact, other: Contact, why: str, at: datetime, by: str, *, same: bool) -> None:
        people = [one for one in (contact.person_id, other.person_id) if one is not None]
        group = {one.id: one for person in people for one in self.of_person(person)}
        group |= {contact.id: contact, other.id: other}
        before = {str(one.id): one.person_id for one in group.values()} if same else {}
        row: dict[str, Any] = {"contact_id": contact.id, "other_id": other.id, "same": same, "why": why, "at": at}
        self.run(LINK, row | {"by": by, "before": before, "undone_at": None})
        if same:
            person = people[0] if people else self._new_person(contact.name or other.name, at)
            for one in group.values():
                self.run(BELONGS, {"p_id": one.id, "p_person": person})

    def links(self, contact_ids: Sequence[int]) -> list[ContactLink]:
        if len(contact_ids) == 1:
            return [_link(row) for row in self.hand.ask(LINKS_OF_ONE, {"p_contact": contact_ids[0]})]
        return [_link(row) for row in self.run(LINKS, {"p_ids": list(contact_ids)})]

    def unlink(self, link: ContactLink, at: datetime) -> None:
        self.run(UNDO, {"p_id": link.id, "p_at": at})
        for number, person in link.before.items():
            self.run(BELONGS, {"p_id": number, "p_person": person})

    def _new_person(self, name: str | None, at: datetime) -> int:
        return int(self.run(PERSON, {"name": name, "created_at": at}).scalar_one())


def _spellings(phone: str | None) -> list[str]:
    """One number as channels and forms write it."""
    digits = "".join(sign for sign in phone or "" if sign.isdigit())
    core = digits.removeprefix("62") if digits.startswith("62") else digits.removeprefix("0")
    return [f"+62{core}", f"62{core}", f"0{core}", phone or ""] if len(core) >= 6 else []


def _link(row: Sequence[Any]) -> ContactLink:
    id_, contact_id, other_id, same, why, at, by, before, undone_at = row
    held = {int(number): person for number, person in (before or {}).items()}
    return ContactLink(id_, contact_id, other_id, bool(same), why, at, by, held, undone_at)
