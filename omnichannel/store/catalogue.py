"""DIP and DIK: the lists of public and of exempted information."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.dip import Category, Item
from omnichannel.store import kept
from omnichannel.store.columns import storable
from omnichannel.store.shelf import Shelf
from omnichannel.store.tables import public_items

i = public_items.c
LISTED = sa.text("removed_at IS NULL")
EXTRA = ("title_key", "searched")
WORDS_MOST = 12


class CatalogueShelf(Shelf):
    """A few thousand rows at most: every search reads them by LIKE, and the page by its place."""

    def get(self, item_id: int) -> Item | None:
        row = self.run(sa.select(public_items).where(i.id == item_id)).mappings().first()
        return None if row is None else _item(row)

    def find(self, unit: str, title: str) -> Item | None:
        # The key holds the beginning only; two titles that begin alike are told apart here.
        found = self.run(sa.select(public_items).where(LISTED, i.unit == unit, i.title_key == title)).mappings()
        wanted = _plain(title)
        return next((_item(row) for row in found if _plain(row["title"]) == wanted), None)

    def add(self, item: Item) -> Item:
        return replace(item, id=kept.insert(self.connection, public_items, _row(item)))

    def save(self, before: Item, after: Item) -> Item:
        given = {name: value for name, value in _row(after).items() if name != "version"}
        kept.write(self.connection, public_items, before.id, before.version, given)
        return replace(after, version=before.version + 1)

    def search(
        self,
        words: str = "",
        *,
        units: Sequence[str] = (),
        categories: Sequence[Category] = (),
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[list[Item], int]:
        which: list[Any] = [LISTED]
        which += [i.searched.like(f"%{_escaped(word)}%", escape="\\") for word in _plain(words).split()[:WORDS_MOST]]
        if units:
            which.append(i.unit.in_(list(units)))
        if categories:
            which.append(i.category.in_([one.value for one in categories]))
        total = int(self.run(sa.select(sa.func.count()).select_from(public_items).where(*which)).scalar_one())
        statement = sa.select(public_items).where(*which).order_by(i.title_key, i.id).offset(offset).limit(limit)
        return [_item(row) for row in self.run(statement).mappings()], total

    def near(self, words: Sequence[str], limit: int = 200) -> list[Item]:
        if not words:
            return []
        any_of = sa.or_(*(i.searched.like(f"%{_escaped(word)}%", escape="\\") for word in words[:WORDS_MOST]))
        statement = sa.select(public_items).where(LISTED, i.category != Category.EXEMPT, any_of).limit(limit)
        return [_item(row) for row in self.run(statement.order_by(i.title_key, i.id)).mappings()]

    def counts(self) -> dict[tuple[str, Category], int]:
        statement = sa.select(i.unit, i.category, sa.func.count()).where(LISTED).group_by(i.unit, i.category)
        return {(unit, Category(category)): int(n) for unit, category, n in self.run(statement)}

    def latest(self, limit: int = 50) -> list[Item]:
        statement = sa.select(public_items).where(LISTED, i.category != Category.EXEMPT)
        rows = self.run(statement.order_by(i.updated_at.desc(), i.id.desc()).limit(limit)).mappings()
        return [_item(row) for row in rows]


def _row(item: Item) -> dict[str, Any]:
    searched = _plain(" ".join((item.title, item.holder, item.maker, item.made, item.basis)))
    return kept.values(item, "id") | {"title_key": item.title, "searched": searched}


def _item(row: sa.RowMapping) -> Item:
    given = {name: value for name, value in row.items() if name not in EXTRA}
    return Item(**(given | {"category": Category(row["category"])}))


def _plain(text: str) -> str:
    return " ".join(storable(text).casefold().split())


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
