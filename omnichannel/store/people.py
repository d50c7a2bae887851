"""Staff and their logins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.errors import Conflict
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.work import Session
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Shelf, b, insert_or_skip
from omnichannel.store.tables import login_attempts, sessions, staff

s = staff.c
STAFF = (s.id, s.login, s.name, s.role, s.unit, s.disabled_at, s.lang)
ADD = insert_or_skip(staff, s.id)
GET = sa.select(*STAFF).where(s.id == b("id"))
BY_LOGIN = sa.select(*STAFF, s.password_hash).where(s.login == b("login"))
ALL = Hot(sa.select(*STAFF).order_by(s.name, s.id))
ONE = sa.update(staff).where(s.id == b("id"))
SET_PASSWORD = ONE.values(password_hash=b("hash"))
DISABLE = ONE.values(disabled_at=b("at"))
SET_LANG = ONE.values(lang=b("lang"))

t = sessions.c
OPEN = sa.insert(sessions)
SESSION = Hot(
    sa.select(*STAFF, t.csrf, t.created_at, t.seen_at, t.expires_at)
    .join_from(sessions, staff, t.staff_id == s.id)
    .where(t.token_hash == b("token"))
)
TOUCH = sa.update(sessions).where(t.token_hash == b("token")).values(seen_at=b("now"), expires_at=b("expires_at"))
CLOSE = sa.delete(sessions).where(t.token_hash == b("token"))
CLOSE_ALL = sa.delete(sessions).where(t.staff_id == b("id"))
EXPIRED = sa.delete(sessions).where(t.staff_id == b("id"), t.expires_at <= b("now"))

a = login_attempts.c
ATTEMPT = sa.insert(login_attempts)
LAST_SUCCESS = sa.select(sa.func.max(a.at)).where(a.login == b("login"), a.ok).scalar_subquery()
FAILURES = (
    sa.select(sa.func.count())
    .select_from(login_attempts)
    .where(a.login == b("login"), ~a.ok, a.at >= b("since"), a.at > sa.func.coalesce(LAST_SUCCESS, sa.literal(0)))
)


def staff_of(row: Sequence[Any]) -> Staff:
    """The columns of STAFF, in their order."""
    id_, login, name, role, unit, disabled_at, lang = row[:7]
    return Staff(id=id_, login=login, name=name, role=Role(role), unit=unit, disabled_at=disabled_at, lang=lang)


class PeopleShelf(Shelf):
    """Only hashes are kept: of passwords and of session tokens."""

    def add(self, *, login: str, name: str, role: Role, unit: str | None, password_hash: str, at: datetime) -> Staff:
        login = _folded(login)
        row: dict[str, Any] = {"login": login, "name": name, "role": role, "unit": unit}
        made = self.run(
            ADD[self.dialect], row | {"password_hash": password_hash, "created_at": at, "lang": "id"}
        ).first()
        if made is None:
            raise Conflict(f"{login}: nama masuk ini sudah dipakai.")
        return Staff(id=made[0], login=login, name=name, role=role, unit=unit)

    def get(self, staff_id: int) -> Staff | None:
        row = self.run(GET, {"p_id": staff_id}).first()
        return None if row is None else staff_of(row)

    def by_login(self, login: str) -> tuple[Staff, str] | None:
        row = self.run(BY_LOGIN, {"p_login": _folded(login)}).first()
        return None if row is None else (staff_of(row), row.password_hash)

    def all(self) -> list[Staff]:
        return [staff_of(row) for row in self.hand.ask(ALL, {})]

    def set_password(self, staff_id: int, password_hash: str) -> None:
        self.run(SET_PASSWORD, {"p_id": staff_id, "p_hash": password_hash})

    def disable(self, staff_id: int, at: datetime) -> None:
        self.run(DISABLE, {"p_id": staff_id, "p_at": at})
        self.close_sessions(staff_id)

    def set_lang(self, staff_id: int, lang: str) -> None:
        self.run(SET_LANG, {"p_id": staff_id, "p_lang": lang})

    def open_session(self, token_hash: str, staff_id: int, csrf: str, now: datetime, expires_at: datetime) -> None:
        self.run(EXPIRED, {"p_id": staff_id, "p_now": now})
        row: dict[str, Any] = {"token_hash": token_hash, "staff_id": staff_id, "csrf": csrf}
        self.run(OPEN, row | {"created_at": now, "seen_at": now, "expires_at": expires_at})

    def session(self, token_hash: str) -> Session | None:
        row = self.ask(SESSION, {"p_token": token_hash})
        if row is None:
            return None
        return Session(token_hash, staff_of(row), *row[len(STAFF) :])

    def touch_session(self, token_hash: str, now: datetime, expires_at: datetime) -> None:
        self.run(TOUCH, {"p_token": token_hash, "p_now": now, "p_expires_at": expires_at})

    def close_session(self, token_hash: str) -> None:
        self.run(CLOSE, {"p_token": token_hash})

    def close_sessions(self, staff_id: int) -> int:
        return self.run(CLOSE_ALL, {"p_id": staff_id}).rowcount

    def failed_logins(self, login: str, since: datetime) -> int:
        """Since then and since the last time they got in."""
        return int(self.run(FAILURES, {"p_login": _folded(login), "p_since": since}).scalar_one())

    def note_login(self, login: str, ok: bool, at: datetime) -> None:
        self.run(ATTEMPT, {"login": _folded(login), "ok": ok, "at": at})


def _folded(login: str) -> str:
    return login.strip().lower()
