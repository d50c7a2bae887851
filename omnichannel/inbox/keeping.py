"""Searches that a staff member keeps under a name of their own."""

from datetime import datetime

from omnichannel.domain.errors import Invalid, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.work import Work
from omnichannel.inbox.reply import actor

LONGEST_NAME = 40
LONGEST_QUERY = 200
MOST = 30


def keep(work: Work, staff: Staff, name: str, query: str, *, now: datetime) -> int:
    """Keep it, or give the name its new words; returns its id."""
    name, query = " ".join(name.split()), " ".join(query.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("Beri nama pencarian ini, paling panjang 40 huruf.")
    if not query or len(query) > LONGEST_QUERY:
        raise Invalid("Tulis dulu yang dicari, lalu simpan.")
    known = work.search.saved(staff.id)
    if len(known) >= MOST and all(one.name != name for one in known):
        raise Invalid("Sudah ada 30 pencarian tersimpan. Hapus satu dulu.")
    saved = work.search.save(staff.id, name, query, now)
    work.note(actor(staff), "search_kept", "search", saved, at=now)
    return saved


def drop(work: Work, staff: Staff, saved_id: int, *, now: datetime) -> None:
    """Their own only; NotFound for anybody else's."""
    if work.search.drop(staff.id, saved_id) is None:
        raise NotFound("Pencarian tersimpan itu tidak ada.")
    work.note(actor(staff), "search_dropped", "search", saved_id, at=now)
