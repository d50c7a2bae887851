"""The search over all years, a page at a time; and the searches that people keep."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.errors import Invalid
from omnichannel.domain.screens import Page, WorkRow
from omnichannel.domain.search import Hit, Passage, SavedSearch, Sought, Standing
from omnichannel.domain.work import Scope
from omnichannel.store import finding, labels, worklist
from omnichannel.store.among import among
from omnichannel.store.columns import EPOCH, Moment
from omnichannel.store.shelf import Both, Shelf, b, on_both
from omnichannel.store.tables import attachments, cases, conversations, messages, saved_searches

# Where a page ended: among names and numbers, among what was said, among words that only begin so, or in a plain list.
CALLED, SAID, BEGUN, LISTED = range(4)
NEWEST = (1 << 62) - 1
CHUNKS = (64, 500, 4000)
MOST = 12_000  # rows that one page may look through before it says: there may be more
c, m, a, t = conversations.c, messages.c, attachments.c, saved_searches.c
LANES = (
    ("conversations.lane <> 'resolved'", labels.RUNNING),
    ("conversations.lane = 'resolved'", labels.RESOLVED),
)
MICROSECOND = timedelta(microseconds=1)
SECRET = sa.exists().where(cases.c.conversation_id == c.id, cases.c.secret)
SECRET_OF = sa.select(c.id).where(among(c.id), SECRET)
PASSAGE = (m.id, m.conversation_id, m.text, m.subject, m.sent_at, m.direction)
NAMES = sa.select(a.message_id, a.name).where(among(a.message_id), a.name.is_not(None))
WHOLE_OF = worklist.WHOLE_OF
SAVED = sa.select(t.id, t.name, t.query).where(t.staff_id == b("staff")).order_by(t.name, t.id)
ONE = sa.select(t.id, t.name, t.query).where(t.staff_id == b("staff"), t.id == b("id"))
DROP = sa.delete(saved_searches).where(t.id == b("id"))


def _naming(insert: Any, table: sa.Table) -> sa.Executable:
    made = insert(table)
    result: sa.Executable = made.on_conflict_do_update(
        index_elements=["staff_id", "name"], set_={"query": made.excluded.query}
    ).returning(table.c.id)
    return result


SAVE: Both = on_both(_naming, saved_searches)


class SearchShelf(Shelf):
    """Fits `domain.search.Search`."""

    def find(self, sought: Sought, scope: Scope, *, after: str | None = None, limit: int = 30) -> Page[Hit]:
        phase, *place = _place(after)
        match = {begun: finding.asking(self.dialect, sought.pieces, begun=begun) for begun in (True, False)}
        if match[False] is None:
            return self._listed(sought, scope, place, limit) if not sought.pieces else Page((), None)
        hits: list[Hit] = []
        below = place[0] if place else NEWEST
        if phase == CALLED:
            rows, end = self._called(sought, scope, str(match[True]), below, limit)
            hits += [Hit(row) for row in rows]
            if end is not None:
                return Page(self._with_secrets(hits), worklist.cursor(CALLED, end, 0))
            phase, below = SAID, NEWEST
        if phase == SAID:
            found, end = self._said(sought, scope, str(match[False]), below, limit)
            if found or end is not None or after is not None:
                return Page(self._with_secrets(_folded(hits, found)), _next(SAID, end))
            below = NEWEST
        found, end = self._said(sought, scope, str(match[True]), below, limit)
        return Page(self._with_secrets(_folded(hits, found)), _next(BEGUN, end))

    def saved(self, staff_id: int) -> list[SavedSearch]:
        return [SavedSearch(*row) for row in self.run(SAVED, {"p_staff": staff_id})]

    def save(self, staff_id: int, name: str, query: str, at: datetime) -> int:
        row = {"staff_id": staff_id, "name": name, "query": query, "created_at": at}
        return int(self.run(SAVE[self.dialect], row).scalar_one())

    def drop(self, staff_id: int, saved_id: int) -> SavedSearch | None:
        row = self.run(ONE, {"p_staff": staff_id, "p_id": saved_id}).first()
        if row is None:
            return None
        self.run(DROP, {"p_id": saved_id})
        return SavedSearch(*row)

    def _called(
        self, sought: Sought, scope: Scope, match: str, below: int, limit: int
    ) -> tuple[list[WorkRow], int | None]:
        """Conversations that are called so, and the last id looked at where there may be more."""
        asked = finding.narrowing(sought, scope, self.dialect) + finding.of_conversation(sought)
        found: list[WorkRow] = []
        for ids in self._chunks(finding.CARDS[self.dialect], match, below, limit):
            statement = worklist.WHOLE.where(among(c.id), *asked).order_by(c.id.desc())
            rows = self.run(statement, {"p_ids": ids}).all()
            for row in rows:
                if len(found) == limit:
                    return found, found[-1].id
                found.append(worklist.work_row(row))
            below = ids[-1]
        return found, below if self._cut else None

    def _said(
        self, sought: Sought, scope: Scope, match: str, below: int, limit: int
    ) -> tuple[list[tuple[WorkRow, Passage]], int | None]:
        """Messages that say so, each with its conversation's row."""
        asked = finding.narrowing(sought, scope, self.dialect) + finding.of_message(sought)
        if Standing.ASIDE not in sought.standings:
            asked.append(c.aside.is_(None))
        found: list[Any] = []
        for ids in self._chunks(finding.WORDS[self.dialect], match, below, limit):
            statement = sa.select(*PASSAGE).join_from(messages, conversations, c.id == m.conversation_id)
            statement = statement.where(among(m.id), *asked).order_by(m.id.desc()).limit(limit + 1)
            found += self.run(statement, {"p_ids": ids}).all()
            if len(found) > limit:
                return self._with_rows(found[:limit]), found[limit - 1].id
            below = ids[-1]
        return self._with_rows(found), below if self._cut else None

    def _chunks(self, statement: sa.Select[Any], match: str, below: int, limit: int) -> Iterator[list[int]]:
        """Ids from the index, newest first. `_cut` says afterwards whether the search gave up before the end."""
        looked, step, self._cut = 0, 0, False
        while True:
            size = max(CHUNKS[min(step, len(CHUNKS) - 1)], limit + 1)
            ids = list(self.run(statement, {"p_match": match, "p_below": below, "p_limit": size}).scalars())
            if ids:
                yield ids
            looked, step = looked + len(ids), step + 1
            if len(ids) < size:
                return
            if looked >= MOST:
                self._cut = True
                return
            below = ids[-1]

    def _listed(self, sought: Sought, scope: Scope, place: Sequence[int], limit: int) -> Page[Hit]:
        """No words, filters alone: conversations of every age, the newest first, each lane along its own index."""
        rest = replace(sought, labels=())
        asked = finding.narrowing(rest, scope, self.dialect) + finding.of_conversation(rest)
        ended = None
        if place:
            ended = (sa.literal(_moment(place[0]), Moment()), sa.literal(place[1], sa.BigInteger()))
            asked.append(sa.tuple_(c.last_at, c.id) < sa.tuple_(*ended))
        rows: list[Any] = []
        for lane, bearing in LANES:
            if sought.labels:
                first = labels.first(sought.labels, bearing, asked, limit + 1, place=ended)
                rows += self.run(WHOLE_OF, {"p_ids": self.run(first).scalars().all()}).all()
                continue
            statement = worklist.WHOLE.where(sa.text(lane), *asked)
            rows += self.run(statement.order_by(c.last_at.desc(), c.id.desc()).limit(limit + 1)).all()
        found = sorted((worklist.work_row(row) for row in rows), key=lambda row: (row.last_at, row.id), reverse=True)
        more = len(found) > limit
        found = found[:limit]
        end = worklist.cursor(LISTED, (found[-1].last_at - EPOCH) // MICROSECOND, found[-1].id) if more else None
        return Page(self._with_secrets([Hit(row) for row in found]), end)

    def _with_rows(self, found: Sequence[Any]) -> list[tuple[WorkRow, Passage]]:
        if not found:
            return []
        names: dict[int, list[str]] = {}
        for message_id, name in self.run(NAMES, {"p_ids": [one.id for one in found]}):
            names.setdefault(message_id, []).append(name)
        ids = {one.conversation_id for one in found}
        rows = {row.id: row for row in map(worklist.work_row, self.run(WHOLE_OF, {"p_ids": list(ids)}))}
        return [
            (
                rows[one.conversation_id],
                Passage(
                    id=one.id,
                    text=one.text,
                    subject=one.subject,
                    sent_at=one.sent_at,
                    direction=one.direction,
                    files=tuple(names.get(one.id, ())),
                ),
            )
            for one in found
        ]

    def _with_secrets(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        ids = [one.row.id for one in hits]
        secret = set(self.run(SECRET_OF, {"p_ids": ids}).scalars()) if ids else set()
        return tuple(replace(one, secret=one.row.id in secret) for one in hits)


def _folded(hits: Sequence[Hit], found: Sequence[tuple[WorkRow, Passage]]) -> list[Hit]:
    """Passages of one conversation stand together, where the first of them stood."""
    folded = {one.row.id: one for one in hits}
    for row, passage in found:
        held = folded.get(row.id, Hit(row))
        folded[row.id] = replace(held, passages=(*held.passages, passage))
    return list(folded.values())


def _next(phase: int, end: int | None) -> str | None:
    return None if end is None else worklist.cursor(phase, end, 0)


def _place(after: str | None) -> tuple[int, ...]:
    if after is None:
        return (CALLED,)
    phase, one, other = worklist.place(after, 3)
    if phase not in (CALLED, SAID, BEGUN, LISTED):
        raise Invalid("Tautan halaman ini tidak dikenal. Muat ulang daftarnya.")
    return phase, one, other


def _moment(micros: int) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=micros)
    except OverflowError as error:
        raise Invalid("Tautan halaman ini tidak dikenal. Muat ulang daftarnya.") from error
