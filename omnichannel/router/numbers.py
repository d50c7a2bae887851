"""A citizen's own numbers, told to them: those they have lost, and the case behind a number of the register of objections."""

from collections.abc import Iterable

from omnichannel.domain.case import Case, CaseState
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.work import Message, Work
from omnichannel.router.desk import Desk
from omnichannel.router.status import state_of
from omnichannel.router.tell import in_words, track_link

TOLD = 5  # the newest; whoever has more asks with a date


def told(work: Work, desk: Desk, conversation: Conversation, message: Message) -> tuple[str, str]:
    """What to say to "nomor laporan saya berapa?", and what the history calls it.

    In somebody else's thread (a mail copied to a stranger) nothing is told but how its owner asks.
    """
    link = track_link(desk.office)
    if message.contact_id is None or message.contact_id != conversation.contact_id:
        return desk.office.notice("cek_kode", tautan=link), "cek_kode"
    found = [case for case in work.cases.of_contact(message.contact_id, TOLD) if case.state is not CaseState.VOIDED]
    if not found:
        return desk.office.notice("cek_kosong", tautan=link), "cek_kosong"
    lines = "\n".join(_line(work, desk, case) for case in found)
    return desk.office.notice("cek_nomor", daftar=lines, tautan=link), "cek_nomor"


def objected(work: Work, desk: Desk, years: Iterable[int], number: int) -> list[Case]:
    """The cases whose objection has this number in one of these years."""
    names = [desk.office.ppid.objection_number.format(year=year, n=number) for year in years]
    found = [one for one in map(work.objections.by_number, names) if one is not None]
    cases = [work.cases.get(one.case_id) for one in found]
    return [case for case in cases if case is not None]


def _line(work: Work, desk: Desk, case: Case) -> str:
    """One number, when it came and where it stands; its objections behind it."""
    day = in_words(case.received_at.astimezone(desk.office.zone).date())
    also = "".join(f", keberatan {one.number}" for one in work.objections.of_case(case.id))
    return f"- {case.number}, diterima {day}: {state_of(desk, case)}{also}"
