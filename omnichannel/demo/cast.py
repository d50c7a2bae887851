"""The staff of the demo: somebody for every role, and of two units."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.organisation import Organisation
from omnichannel.domain.people import Role, Staff
from omnichannel.domain.ports import Store
from omnichannel.domain.work import MACHINE, Work
from omnichannel.web.passwords import hash_password

PASSWORD = "coba-kutim-2026"


@dataclass(frozen=True, slots=True)
class Login:
    """How a visitor comes in."""

    role: Role
    login: str
    name: str
    unit: str | None = None
    password: str = PASSWORD


@dataclass(frozen=True, slots=True)
class Cast:
    """The same as staff, by what they do."""

    agents: tuple[Staff, ...]
    ppid: Staff
    lapor: Staff
    supervisor: Staff


def logins(organisation: Organisation) -> tuple[Login, ...]:
    """Everybody. Two units are those most concerned: roads and street lights."""
    able = [organisation.competent(topic)[:1] for topic in ("jalan_jembatan", "pju")]
    units = sorted({unit.key for first in able for unit, _ in first})
    officers = [Login(Role.UNIT, unit, f"Petugas {unit.upper()}", unit) for unit in units]
    return (
        Login(Role.AGENT, "humas", "Arini"),
        Login(Role.AGENT, "humas2", "Bagus"),
        Login(Role.PPID, "ppid", "Citra"),
        Login(Role.LAPOR, "lapor", "Damar"),
        *officers,
        Login(Role.SUPERVISOR, "supervisor", "Elok"),
        Login(Role.ADMINISTRATOR, "admin", "Fajar"),
        Login(Role.AUDITOR, "auditor", "Gita"),
    )


async def enter(store: Store, wanted: tuple[Login, ...], at: datetime) -> Cast:
    """Everybody has an account; whoever had one from an earlier run keeps it."""
    # One password, one hash: hashing is heavy by design, and the demo should be ready soon.
    hashed = await asyncio.to_thread(hash_password, PASSWORD)

    def story(work: Work) -> dict[str, Staff]:
        return {one.login: _account(work, one, hashed, at) for one in wanted}

    staff = await store.write(story)
    return Cast(
        agents=tuple(staff[one.login] for one in wanted if one.role is Role.AGENT),
        ppid=staff["ppid"],
        lapor=staff["lapor"],
        supervisor=staff["supervisor"],
    )


def _account(work: Work, one: Login, hashed: str, at: datetime) -> Staff:
    known = work.people.by_login(one.login)
    if known is not None:
        return known[0]
    made = work.people.add(login=one.login, name=one.name, role=one.role, unit=one.unit, password_hash=hashed, at=at)
    work.note(MACHINE, "staff_added", "staff", made.id, at=at, after=one.role.value, why=one.login)
    return made
