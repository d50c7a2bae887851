"""The letter of the morning: what waits for one officer and what is due, by number; no citizen's words leave the house."""

from dataclasses import replace
from datetime import date, datetime

from omnichannel.domain.calendar import WorkingCalendar, in_words
from omnichannel.domain.office import Office
from omnichannel.domain.people import Staff
from omnichannel.domain.policy import scope
from omnichannel.domain.screens import View, WorkRow
from omnichannel.domain.work import Work

QUEUE = "digest"
NEAR = 2  # working days
MOST = 15  # lines of each part


def plan(work: Work, office: Office, calendar: WorkingCalendar, now: datetime) -> int:
    """Put a letter into the queue for everybody whose hour has come today; returns how many. On a day of rest nobody gets one."""
    local = now.astimezone(calendar.zone)
    today = local.date()
    if not calendar.is_working(today):
        return 0
    put = 0
    for wanted in work.digests.all():
        if wanted.last == today or local.hour < wanted.hour:
            continue
        work.digests.want(replace(wanted, last=today))
        person = work.people.get(wanted.staff_id)
        text = letter(work, office, calendar, person, today) if person is not None and not person.disabled_at else None
        if text is not None:
            body = {"to": wanted.address, "text": text, "subject": _subject(person, office), "day": today.isoformat()}
            work.jobs.put(QUEUE, body, key=f"digest:{wanted.staff_id}:{today}", run_at=now)
            put += 1
    return put


def due(work: Work, calendar: WorkingCalendar, now: datetime) -> bool:
    """Whether anybody's hour has come."""
    local = now.astimezone(calendar.zone)
    if not calendar.is_working(local.date()):
        return False
    return any(one.last != local.date() and local.hour >= one.hour for one in work.digests.all())


def letter(work: Work, office: Office, calendar: WorkingCalendar, person: Staff, today: date) -> str | None:
    """None where nothing waits: a letter that says nothing teaches nobody to open the next."""
    near, english = calendar.add(today, NEAR), person.lang == "en"
    theirs = scope(person)
    mine = work.screens.work_list(View.MINE.value, theirs, today=today, near=near, limit=MOST).rows
    soon = list(work.screens.work_list(View.NEAR.value, theirs, today=today, near=near, limit=MOST).rows)
    if theirs.unit is None:  # whoever sees the whole office reads of what they hold, and of what nobody does
        soon = [one for one in soon if one.assignee_id in (None, person.id)]
    if not mine and not soon:
        return None
    counts = work.screens.counts(theirs, today, near)
    words = (
        ("What you hold ({n} open)", "Due soon") if english else ("Yang Anda pegang ({n} terbuka)", "Mendekati batas")
    )
    parts = [words[0].format(n=counts.get(View.MINE.value, len(mine))), *(_line(one, office, english) for one in mine)]
    parts += ["", words[1], *(_line(one, office, english) for one in soon)] if soon else []
    end = "Change or stop this letter:" if english else "Ubah atau hentikan surat ini:"
    return "\n".join([*parts, "", f"{end} {office.public_url}/saya/perangkat"])


def _subject(person: Staff | None, office: Office) -> str:
    english = person is not None and person.lang == "en"
    return f"{office.short}: {'what waits for you today' if english else 'yang menunggu Anda hari ini'}"


def _line(row: WorkRow, office: Office, english: bool) -> str:
    number = row.case_number or f"{'Conversation' if english else 'Percakapan'} {row.id}"
    by = f", {'due' if english else 'batas'} {in_words(row.due)}" if row.due else ""
    return f"- {number}{by}: {office.public_url}/kotak/semua/{row.id}"
