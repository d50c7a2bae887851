"""Links that open one case, for one purpose, for a while: drawn at random, kept as a hash, counted, logged, taken back."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from omnichannel.domain.case import Case
from omnichannel.domain.errors import NotAllowed, NotFound
from omnichannel.domain.people import Staff
from omnichannel.domain.ppid import Link, LinkPurpose, UnitTask
from omnichannel.domain.work import Actor, Work
from omnichannel.router.desk import Desk, by_staff, case_of

TOKEN_BYTES = 16  # 128 bits: nobody guesses one, and it still fits into a text message
FIELD_DAYS = 7
UNKNOWN = "Tautan ini tidak dikenal. Periksa lagi tulisannya, atau balas pesan kami untuk meminta tautan baru."


def for_citizen(work: Work, desk: Desk, case: Case, who: Actor, now: datetime) -> tuple[str, Link]:
    """A link to what the request still lacks. An earlier one of the same kind opens nothing any more."""
    _shut(work, (one for one in work.errands.links(case.id) if one.purpose is LinkPurpose.COMPLETE), now)
    rules = desk.office.ppid
    until = now + timedelta(days=rules.link_days)
    return _made(work, case, LinkPurpose.COMPLETE, None, "Pemohon", who, now, until, rules.link_tries)


def for_field(work: Work, desk: Desk, staff: Staff, task: UnitTask, holder: str, now: datetime) -> tuple[str, Link]:
    """A link by which somebody without an account answers one task; it ends with the task, at the latest in a week."""
    case = case_of(work, task.case_id)
    until = now + timedelta(days=FIELD_DAYS)
    tries = desk.office.ppid.link_tries
    token, link = _made(work, case, LinkPurpose.FIELD, task.id, holder, by_staff(staff), now, until, tries)
    _note(work, case, by_staff(staff), "link_made", now, holder)
    return token, link


def opened(work: Work, token: str, now: datetime) -> Link:
    """The link behind a token. NotFound: there is none. NotAllowed: it has run out, in words for whoever holds it."""
    link = work.errands.link(hashed(token))
    if link is None:
        raise NotFound(UNKNOWN)
    why = link.why_shut(now)
    if why is not None:
        raise NotAllowed(why)
    return link


def looked(work: Work, link: Link, now: datetime) -> Link:
    """Somebody followed it. The first time is a line of the case's history; looking costs no try."""
    if link.used_at is not None:
        return link
    after = replace(link, used_at=now)
    work.errands.save_link(after)
    _note(work, case_of(work, link.case_id), actor(link), "link_used", now, link.holder)
    return after


def used(work: Work, link: Link, now: datetime) -> Link:
    """Count one sending."""
    seen = looked(work, link, now)
    after = replace(seen, tries_left=seen.tries_left - 1, used_at=now)
    work.errands.save_link(after)
    return after


def revoke(work: Work, staff: Staff, link_id: int, now: datetime) -> Link:
    """It opens nothing from now on."""
    link = work.errands.link_by_id(link_id)
    if link is None:
        raise NotFound("Tautan itu tidak ada.")
    if link.revoked_at is None:
        _shut(work, [link], now)
        _note(work, case_of(work, link.case_id), by_staff(staff), "link_revoked", now, link.holder)
    return replace(link, revoked_at=link.revoked_at or now)


def close_all(work: Work, case_id: int, now: datetime, task_id: int | None = None) -> None:
    """Once a case is answered (or a task is), its links are shut."""
    links = work.errands.links(case_id)
    _shut(work, (one for one in links if task_id is None or one.task_id == task_id), now)


def actor(link: Link) -> Actor:
    """Who acts through a link, in the events table."""
    return Actor(f"link:{link.id}", link.holder)


def address(desk: Desk, token: str) -> str:
    """As it stands in a message."""
    return f"{desk.office.public_url}/l/{token}"


def hashed(token: str) -> str:
    """What the database knows of a token: 128 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _made(
    work: Work,
    case: Case,
    purpose: LinkPurpose,
    task_id: int | None,
    holder: str,
    who: Actor,
    now: datetime,
    until: datetime,
    tries: int,
) -> tuple[str, Link]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = Link(
        id=0,
        token_hash=hashed(token),
        purpose=purpose,
        case_id=case.id,
        task_id=task_id,
        holder=holder,
        made_by=who.name or who.key,
        made_at=now,
        expires_at=until,
        tries_left=tries,
    )
    return token, work.errands.add_link(link)


def _shut(work: Work, links: Iterable[Link], now: datetime) -> None:
    for link in links:
        if link.revoked_at is None:
            work.errands.save_link(replace(link, revoked_at=now))


def _note(work: Work, case: Case, who: Actor, verb: str, now: datetime, holder: str) -> None:
    work.note(who, verb, "case", case.id, at=now, conversation_id=case.conversation_id, after=holder)
