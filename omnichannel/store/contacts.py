"""Citizens as each account knows them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.channel import Channel
from omnichannel.domain.message import Author
from omnichannel.domain.people import Contact
from omnichannel.domain.work import Scope
from omnichannel.store.hot import Hand, Hot
from omnichannel.store.indexing import Marks
from omnichannel.store.shelf import Shelf, b, inserting
from omnichannel.store.tables import contacts, conversations, persons

c = contacts.c
CONTACT = (c.id, c.account, c.external_id, c.name, c.handle, c.phone, c.address, c.person_id)
GET = Hot(sa.select(*CONTACT).where(c.id == b("id")))
FIND = Hot(sa.select(*CONTACT).where(c.account == b("account"), c.external_id == b("external_id")))
FACTS = ("name", "handle", "phone", "address")
KEYS = tuple(f"{fact}_key" for fact in FACTS)
ADD = inserting(contacts, "account", "channel", "external_id", "first_at", "last_at", *FACTS, *KEYS)
LEARN = (
    sa.update(contacts)
    .where(c.id == b("id"))
    .values({field: b(field) for field in (*FACTS, *KEYS)} | {"last_at": b("at")})
)
NEWEST = sa.select(*CONTACT).order_by(c.id.desc()).limit(b("limit"))
WRITTEN_HERE = (
    sa.exists()
    .where(conversations.c.contact_id == c.id)
    .where(sa.or_(b("unit").is_(None), conversations.c.unit == b("unit")))
    .where(
        sa.or_(conversations.c.queue.is_(None), conversations.c.queue.not_in(sa.bindparam("p_hidden", expanding=True)))
    )
)
RENAME = sa.update(contacts).where(c.id == b("id")).values(external_id=b("external_id"))
ADD_PERSON = inserting(persons, "name", "created_at")
SET_PERSON = sa.update(contacts).where(c.id.in_(sa.bindparam("p_ids", expanding=True))).values(person_id=b("person_id"))
SAME_PERSON = sa.update(contacts).where(c.person_id == b("other_id")).values(person_id=b("person_id"))


def contact_of(row: Sequence[Any]) -> Contact:
    id_, account, external_id, name, handle, phone, address, person_id = row
    return Contact(
        id=id_,
        account=account,
        external_id=external_id,
        name=name,
        handle=handle,
        phone=phone,
        address=address,
        person_id=person_id,
    )


def _attributes(author: Author, known: Contact | None) -> dict[str, Any]:
    """What we know after this: news overwrites, silence changes nothing."""
    return {field: getattr(author, field) or (None if known is None else getattr(known, field)) for field in FACTS}


class ContactsShelf(Shelf):
    """The platform's opaque id is the identity; a name or a phone number is only what we heard last."""

    def __init__(self, connection: sa.Connection, hand: Hand, marks: Marks) -> None:
        super().__init__(connection, hand)
        self.marks = marks.contacts

    def get(self, contact_id: int) -> Contact | None:
        row = self.ask(GET, {"p_id": contact_id})
        return None if row is None else contact_of(row)

    def meet(self, account: str, channel: Channel, author: Author, at: datetime) -> Contact:
        row = self.ask(FIND, {"p_account": account, "p_external_id": author.id})
        known = None if row is None else contact_of(row)
        facts = _attributes(author, known)
        if known is None:
            keys = {f"{field}_key": value for field, value in facts.items()}
            made = {"account": account, "channel": channel, "external_id": author.id, "first_at": at, "last_at": at}
            blank = Contact(id=self.fresh_id(ADD, made | facts | keys), account=account, external_id=author.id)
            return replace(blank, **facts)
        if all(getattr(known, field) == value for field, value in facts.items()):
            return known
        row_of_news = {f"p_{field}": value for field, value in facts.items()}
        keys_of_news = {f"p_{field}_key": value for field, value in facts.items()}
        self.marks.add(known.id)
        self.run(LEARN, row_of_news | keys_of_news | {"p_id": known.id, "p_at": at})
        return Contact(id=known.id, account=account, external_id=known.external_id, person_id=known.person_id, **facts)

    def find(self, account: str, external_id: str) -> Contact | None:
        row = self.ask(FIND, {"p_account": account, "p_external_id": external_id})
        return None if row is None else contact_of(row)

    def page(self, scope: Scope, *, after_id: int | None = None, limit: int = 50) -> list[Contact]:
        statement, row = NEWEST, dict[str, Any](p_limit=limit)
        if scope.unit is not None or scope.hidden:
            statement = statement.where(WRITTEN_HERE)
            row |= {"p_unit": scope.unit, "p_hidden": sorted(scope.hidden)}
        if after_id is not None:
            statement, row = statement.where(c.id < b("after")), row | {"p_after": after_id}
        return [contact_of(found) for found in self.run(statement, row)]

    def rename(self, contact_id: int, external_id: str) -> None:
        self.run(RENAME, {"p_id": contact_id, "p_external_id": external_id})

    def link(self, contact_id: int, other_id: int, at: datetime) -> None:
        one, other = self.get(contact_id), self.get(other_id)
        if one is None or other is None or (one.person_id is not None and one.person_id == other.person_id):
            return
        person = one.person_id or other.person_id
        if person is None:
            person = self.fresh_id(ADD_PERSON, {"name": one.name or other.name, "created_at": at})
        elif one.person_id is not None and other.person_id is not None:
            self.run(SAME_PERSON, {"p_other_id": other.person_id, "p_person_id": person})
        self.run(SET_PERSON, {"p_ids": [one.id, other.id], "p_person_id": person})
