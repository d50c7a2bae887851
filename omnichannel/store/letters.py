"""Letters, releases and handings: rows that only grow."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from omnichannel.domain.letter import SERIES, Handing, KeptLetter, LetterKind, Release
from omnichannel.store import kept
from omnichannel.store.cases import NEXT
from omnichannel.store.shelf import Shelf
from omnichannel.store.tables import handings, letters, releases

PLACE = ("year", "sequence")


class LettersShelf(Shelf):
    """A number that was drawn and not used goes back with its story, so none is skipped."""

    def next_number(self, year: int) -> int:
        row = {"queue": SERIES, "year": year, "last": 1}
        return int(self.run(NEXT[self.dialect], row).scalar_one())

    def add(self, letter: KeptLetter, year: int, sequence: int) -> KeptLetter:
        given = kept.values(letter, "id") | {"year": year, "sequence": sequence}
        return replace(letter, id=kept.insert(self.connection, letters, given))

    def get(self, letter_id: int) -> KeptLetter | None:
        row = self.run(sa.select(letters).where(letters.c.id == letter_id)).mappings().first()
        return None if row is None else _letter(row)

    def of_case(self, case_id: int) -> list[KeptLetter]:
        found = self.run(sa.select(letters).where(letters.c.case_id == case_id).order_by(letters.c.id))
        return [_letter(row) for row in found.mappings()]

    def add_release(self, release: Release) -> Release:
        return replace(release, id=kept.insert(self.connection, releases, kept.values(release, "id")))

    def release(self, release_id: int) -> Release | None:
        row = self.run(sa.select(releases).where(releases.c.id == release_id)).mappings().first()
        return None if row is None else Release(**row)

    def releases(self, case_id: int) -> list[Release]:
        found = self.run(sa.select(releases).where(releases.c.case_id == case_id).order_by(releases.c.id))
        return [Release(**row) for row in found.mappings()]

    def add_handing(self, handing: Handing) -> Handing:
        return replace(handing, id=kept.insert(self.connection, handings, kept.values(handing, "id")))

    def handings(self, case_id: int) -> list[Handing]:
        found = self.run(sa.select(handings).where(handings.c.case_id == case_id).order_by(handings.c.id))
        return [Handing(**row) for row in found.mappings()]

    def handing(self, token_hash: str) -> Handing | None:
        row = self.run(sa.select(handings).where(handings.c.token_hash == token_hash)).mappings().first()
        return None if row is None else Handing(**row)

    def opened(self, handing_id: int, at: datetime) -> bool:
        first = sa.update(handings).where(handings.c.id == handing_id, handings.c.opened_at.is_(None))
        return self.run(first.values(opened_at=at)).rowcount == 1


def _letter(row: sa.RowMapping) -> KeptLetter:
    given = {name: value for name, value in row.items() if name not in PLACE}
    return KeptLetter(**(given | {"kind": LetterKind(row["kind"])}))
