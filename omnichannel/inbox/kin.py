"""Contacts that may be one citizen: what speaks for it is shown, a person decides, and can take it back."""

from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.errors import Conflict, Invalid, NotFound
from omnichannel.domain.joins import ContactLink
from omnichannel.domain.people import Contact, Staff
from omnichannel.domain.work import Actor, Work

PHONE, MAIL, PLACE = "nomor telepon sama", "alamat surel sama", "nama dan tempat sama"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another contact, and why it may be the same citizen."""

    contact: Contact
    why: tuple[str, ...]


def suggestions(work: Work, contact: Contact) -> list[Suggestion]:
    """Strongest first. Who was said to be somebody else is not suggested again."""
    mine = own(work, contact)
    known = {one.id for one in mine}
    refused = {
        number
        for link in work.joins.links(sorted(known))
        if not link.same
        for number in (link.contact_id, link.other_id)
    }
    found = []
    for other in work.joins.alike(contact):
        if other.id in known or other.id in refused - known:
            continue
        why = reasons(work, contact, other)
        if why:
            found.append(Suggestion(other, why))
    return sorted(found, key=lambda one: -len(one.why))[:3]


def reasons(work: Work, one: Contact, other: Contact) -> tuple[str, ...]:
    """What speaks for it. A name alone says nothing: half a district bears it."""
    found = []
    if one.phone and other.phone and _digits(one.phone) == _digits(other.phone):
        found.append(PHONE)
    if one.address and other.address and one.address.strip().casefold() == other.address.strip().casefold():
        found.append(MAIL)
    named = one.name and other.name and " ".join(one.name.split()).casefold() == " ".join(other.name.split()).casefold()
    if named and (here := _places(work, one)) and here & _places(work, other):
        found.append(PLACE)
    return tuple(found)


def own(work: Work, contact: Contact) -> list[Contact]:
    """All contacts of the same citizen, this one included."""
    return [contact] if contact.person_id is None else work.joins.of_person(contact.person_id)


def link(work: Work, staff: Staff, contact_id: int, other_id: int, now: datetime) -> None:
    """They are one citizen: their threads stand beside each other, and may be merged."""
    one, other = _two(work, contact_id, other_id)
    if one.person_id is not None and one.person_id == other.person_id:
        raise Conflict("Kedua kontak sudah dihubungkan. Muat ulang untuk melihatnya.")
    why = ", ".join(reasons(work, one, other)) or "diputuskan petugas"
    work.joins.link(one, other, why, now, staff.name, same=True)
    _note(work, staff, "contacts_linked", one, other, now, why)


def keep_apart(work: Work, staff: Staff, contact_id: int, other_id: int, now: datetime) -> None:
    """They are two citizens: nobody is asked again."""
    one, other = _two(work, contact_id, other_id)
    if one.person_id is not None and one.person_id == other.person_id:
        raise Conflict("Kedua kontak sudah dihubungkan. Lepas dulu hubungannya.")
    why = ", ".join(reasons(work, one, other)) or "diputuskan petugas"
    work.joins.link(one, other, why, now, staff.name, same=False)
    _note(work, staff, "contacts_apart", one, other, now, why)


def unlink(work: Work, staff: Staff, link_id: int, contact_id: int, now: datetime) -> None:
    """Taken back: everybody belongs to whom they belonged to before. What was linked later is taken back first, and threads
    that are shown as one are parted first: so nothing is left half undone."""
    contact = _contact(work, contact_id)
    standing = [one for one in _standing(work, contact) if one.same]
    link = next((one for one in standing if one.id == link_id), None)
    if link is None:
        raise NotFound("Hubungan itu tidak ada lagi.")
    if standing[-1].id != link.id:
        raise Invalid("Ada hubungan yang dibuat sesudahnya. Lepas dulu yang terakhir.")
    threads = work.joins.threads([one.id for one in own(work, contact)], limit=200)
    if any(work.joins.merge_of(one.id) is not None for one in threads):
        raise Invalid("Percakapan warga ini masih digabung. Pisahkan dulu, lalu lepas hubungannya.")
    work.joins.unlink(link, now)
    one, other = _two(work, link.contact_id, link.other_id)
    _note(work, staff, "contacts_parted", one, other, now, link.why)


def latest(work: Work, contact: Contact) -> ContactLink | None:
    """The link that can be taken back now."""
    standing = [one for one in _standing(work, contact) if one.same]
    return standing[-1] if standing else None


def _standing(work: Work, contact: Contact) -> list[ContactLink]:
    return work.joins.links([one.id for one in own(work, contact)])


def _two(work: Work, contact_id: int, other_id: int) -> tuple[Contact, Contact]:
    if contact_id == other_id:
        raise Invalid("Itu kontak yang sama.")
    return _contact(work, contact_id), _contact(work, other_id)


def _contact(work: Work, contact_id: int) -> Contact:
    found = work.contacts.get(contact_id)
    if found is None:
        raise NotFound("Kontak itu tidak ada.")
    return found


def _digits(phone: str) -> str:
    """The national number, however it was written: +62 812, 62812 and 0812 are one."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return digits.removeprefix("62") if digits.startswith("62") else digits.removeprefix("0")


def _places(work: Work, contact: Contact) -> set[str]:
    """Villages and districts that their cases speak of."""
    cases = [case for talk in work.joins.threads([contact.id]) for case in work.cases.of_conversation(talk.id)]
    return {case.desa or case.kecamatan or "" for case in cases} - {""}


def _note(work: Work, staff: Staff, verb: str, one: Contact, other: Contact, now: datetime, why: str) -> None:
    """On the threads of both: each reads with whom, and why."""
    who = Actor(f"staff:{staff.id}", staff.name)
    for mine, theirs in ((one, other), (other, one)):
        for talk in work.joins.threads([mine.id], limit=1):
            work.note(who, verb, "contact", mine.id, at=now, conversation_id=talk.id, after=theirs.label, why=why)
