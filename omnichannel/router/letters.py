"""The PPID's letters: composed from the rows, numbered, kept, and handed to the citizen on their own channel."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid, NotAllowed, NotFound
from omnichannel.domain.letter import LETTERS, Handing, KeptLetter, Letter, LetterKind, Release, numbered
from omnichannel.domain.letter_forms import Matter, compose, offered
from omnichannel.domain.message import Attachment
from omnichannel.domain.objection import Objection
from omnichannel.domain.outbox import notify, say
from omnichannel.domain.people import Staff
from omnichannel.domain.ppid_clock import first_end
from omnichannel.domain.printing import PDF
from omnichannel.domain.work import MACHINE, Actor, Message, Work
from omnichannel.router.desk import Desk, by_staff, case_of, conversation_of
from omnichannel.router.formal import asked_for, request_of
from omnichannel.router.objecting import objection_of
from omnichannel.router.tell import in_words, tell

TOKEN_BYTES = 16  # 128 bits: nobody guesses one
LONGEST_KEY = 200
Draw = Callable[[Letter], bytes]
UNKNOWN = "Tautan surat ini tidak dikenal. Periksa lagi tulisannya, atau hubungi kami."
OVER = "Masa berlaku tautan surat ini sudah habis. Balas pesan kami untuk meminta tautan baru."
NO_WAY = "Percakapan ini publik dan belum ada jalan pribadi. Ajak warga menulis lewat pesan langsung, lalu kirim lagi."


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that may be handed over: what it is called in a sentence, and what it is on our disk."""

    case_id: int
    title: str
    name: str
    sha256: str
    size: int


def matter_of(
    work: Work, desk: Desk, case: Case, now: datetime, *, objection: Objection | None = None, officer: str = ""
) -> Matter:
    """The rows that a letter of this case speaks of."""
    request, rules = request_of(work, case), desk.office.ppid
    extended = request.extended_at is not None
    return Matter(
        case=case,
        request=request,
        rules=desk.office.letters,
        office=desk.office.name,
        superior=rules.superior,
        zone=desk.office.zone,
        zone_name=desk.office.zone_name,
        today=now.astimezone(desk.office.zone).date(),
        decision=work.requests.decided([case.id]).get(case.id),
        tests=work.requests.tests(case.id),
        objection=objection,
        officer=officer,
        first_due=first_end(request, desk.clocks, rules, now) if extended else None,
    )


def choices(work: Work, desk: Desk, case: Case, now: datetime) -> list[tuple[LetterKind, Objection | None]]:
    """The letters that can be written about this case now."""
    return offered(matter_of(work, desk, case, now), work.objections.of_case(case.id))


def preview(
    work: Work, desk: Desk, staff: Staff, case_id: int, kind: LetterKind, objection_id: int | None, now: datetime
) -> Letter:
    """As it would be, without a number. Invalid where there is nothing to write."""
    return _composed(work, desk, case_id, kind, objection_id, staff.name, now)[1]


def make(
    work: Work,
    desk: Desk,
    draw: Draw,
    case_id: int,
    kind: LetterKind,
    who: Actor,
    *,
    now: datetime,
    objection_id: int | None = None,
) -> tuple[KeptLetter, bytes]:
    """Number it, draw it, keep its content. The caller puts the bytes on the disk; lost, they can be drawn again.

    It is drawn inside the story, so that a letter that cannot be drawn uses up no number.
    """
    case, blank = _composed(work, desk, case_id, kind, objection_id, who.name or "", now)
    sequence = work.letters.next_number(blank.day.year)
    letter = numbered(blank, desk.office.letters.numbered(kind, blank.day, sequence))
    drawn = draw(letter)
    made = work.letters.add(
        KeptLetter(
            id=0,
            case_id=case.id,
            objection_id=objection_id,
            kind=kind,
            number=letter.number,
            content=letter.as_json(),
            sha256=hashlib.sha256(drawn).hexdigest(),
            size=len(drawn),
            made_by=who.name or who.key,
            made_at=now,
        ),
        blank.day.year,
        sequence,
    )
    _note(work, case, who, "letter_made", now, after=letter.number, why=LETTERS[kind])
    return made, drawn


def letter_of(work: Work, letter_id: int, case_id: int | None = None) -> KeptLetter:
    """NotFound; also for a letter of another case than the page speaks of."""
    found = work.letters.get(letter_id)
    if found is None or (case_id is not None and found.case_id != case_id):
        raise NotFound("Surat itu tidak ada.")
    return found


def paper_of(thing: KeptLetter | Release) -> Paper:
    """What may be handed over."""
    title = LETTERS[thing.kind] if isinstance(thing, KeptLetter) else f"Salinan {thing.name}"
    return Paper(thing.case_id, title, thing.file_name, thing.sha256, thing.size)


def hand_over(work: Work, desk: Desk, paper: Paper, staff: Staff | None, *, key: str, now: datetime) -> Handing:
    """To the citizen on their own channel: with the message where it takes files, else behind a link that ends.

    `staff` None: by the machine. WindowClosed, TooLong: it cannot leave, and why. Invalid: the talk is public and there is
    no way to speak in private.
    """
    case = case_of(work, paper.case_id)
    conversation = conversation_of(work, case.conversation_id)
    able = desk.ability(conversation.account, conversation.surface)
    direct = conversation.surface is Surface.DIRECT
    made = Handing(
        id=0,
        case_id=case.id,
        name=paper.name,
        sha256=paper.sha256,
        size=paper.size,
        at=now,
        by=staff.name if staff is not None else MACHINE.name or "",
    )
    who = by_staff(staff) if staff is not None else MACHINE
    if (known := _handed_before(work, case, key)) is not None:
        return known
    if able is not None and able.by_hand:
        # Nothing leaves from here: it was printed and given.
        _note(work, case, who, "letter_given", now, after=paper.title)
        return work.letters.add_handing(made)
    if able is not None and direct and able.attachment_limit is not None and paper.size <= able.attachment_limit:
        message = _with_file(work, desk, conversation, case, paper, staff, key, now)
        made = replace(made, message_id=message.id)
    else:
        made = _with_link(work, desk, conversation, case, paper, staff, key, made, now)
    _note(work, case, who, "letter_sent", now, after=paper.title)
    return work.letters.add_handing(made)


def open_link(work: Work, token: str, now: datetime) -> Handing:
    """The paper behind a link. NotFound, NotAllowed in words for whoever holds it; the first opening is written down."""
    found = work.letters.handing(_hashed(token))
    if found is None or found.until is None:
        raise NotFound(UNKNOWN)
    if now >= found.until:
        raise NotAllowed(OVER)
    if work.letters.opened(found.id, now):
        _note(
            work, case_of(work, found.case_id), Actor("citizen:link", "Pemohon"), "letter_opened", now, after=found.name
        )
    return found


def keep_release(work: Work, who: Actor, release: Release, now: datetime) -> Release:
    """A copy with parts blacked out joins the papers of its case."""
    case = asked_for(work, release.case_id)
    kept = work.letters.add_release(release)
    _note(work, case, who, "released", now, after=kept.file_name, why=kept.reason)
    return kept


def new_key() -> str:
    """A form's own mark: the same form twice sends once."""
    return secrets.token_urlsafe(9)


def must_be_new(key: str) -> str:
    """The mark that the page gave its form. Invalid where there is none: keys with a colon are the machine's."""
    if not key or ":" in key or len(key) > LONGEST_KEY:
        raise Invalid("Formulir ini tidak membawa kunci kirim. Muat ulang halaman, lalu kirim lagi.")
    return key


def _handed_before(work: Work, case: Case, key: str) -> Handing | None:
    """A double click hands over once."""
    said = work.messages.by_client_key(key)
    if said is None:
        return None
    return next((one for one in work.letters.handings(case.id) if one.message_id == said.id), None)


def _composed(
    work: Work, desk: Desk, case_id: int, kind: LetterKind, objection_id: int | None, officer: str, now: datetime
) -> tuple[Case, Letter]:
    case = asked_for(work, case_id)
    objection = objection_of(work, objection_id) if objection_id is not None else None
    if objection is not None and objection.case_id != case.id:
        raise NotFound("Keberatan itu tidak ada.")
    return case, compose(kind, matter_of(work, desk, case, now, objection=objection, officer=officer))


def _with_file(
    work: Work,
    desk: Desk,
    conversation: Conversation,
    case: Case,
    paper: Paper,
    staff: Staff | None,
    key: str,
    now: datetime,
) -> Message:
    surat = paper.title[0].lower() + paper.title[1:]
    text = desk.office.notice("surat_terlampir", surat=surat, nomor=case.number, kantor=desk.office.name)
    message = _said(work, desk, conversation, text, staff, key, now)
    if not message.files:
        file = Attachment(media_type=PDF, name=paper.name, size=paper.size, sha256=paper.sha256)
        work.messages.add_files(message.id, [file])
    return message


def _with_link(
    work: Work,
    desk: Desk,
    conversation: Conversation,
    case: Case,
    paper: Paper,
    staff: Staff | None,
    key: str,
    made: Handing,
    now: datetime,
) -> Handing:
    token, until = secrets.token_urlsafe(TOKEN_BYTES), now + timedelta(days=desk.office.letters.link_days)
    address = f"{desk.office.public_url}/surat/{token}"
    day = in_words(desk.clocks.calendar.day(until))
    office = desk.office
    text = office.notice(
        "surat_tautan", surat=paper.title, nomor=case.number, tautan=address, sampai=day, kantor=office.name
    )
    if conversation.surface is Surface.DIRECT:
        message: Message | None = _said(work, desk, conversation, text, staff, key, now)
    else:
        able = desk.ability(conversation.account, conversation.surface)
        message = tell(work, office, case, text, key=key, capabilities=able, now=now)
    # Where everybody reads, only a neutral word goes out: then the paper went nowhere, and the story is undone.
    if message is None or token not in message.text:
        raise Invalid(NO_WAY)
    return replace(made, message_id=message.id, token_hash=_hashed(token), until=until)


def _said(
    work: Work, desk: Desk, conversation: Conversation, text: str, staff: Staff | None, key: str, now: datetime
) -> Message:
    able = desk.ability(conversation.account, conversation.surface)
    if able is None:
        raise Invalid("Akun kanal ini tidak ada lagi di konfigurasi, jadi surat tidak dapat dikirim.")
    if staff is not None:
        return say(work, conversation, text, key=key, capabilities=able, now=now, staff=staff)
    told = notify(work, conversation, text, key=key, capabilities=able, now=now)
    if told is None:
        raise Invalid("Kabar otomatis tidak dapat dikirim di percakapan ini sekarang.")
    return told


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _note(work: Work, case: Case, who: Actor, verb: str, now: datetime, *, after: str, why: str | None = None) -> None:
    work.note(who, verb, "case", case.id, at=now, conversation_id=case.conversation_id, after=after, why=why)
