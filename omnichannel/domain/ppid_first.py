"""What a citizen's own message already says of the formal request, before anybody asks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from omnichannel.domain.case import Case
from omnichannel.domain.forms import ACCESS, ACCOUNT, APPLICANTS, DELIVERY
from omnichannel.domain.people import Contact
from omnichannel.domain.ppid import Request
from omnichannel.domain.records import Message

# The lines that our own public form writes, and which part of the request each is.
IDENTITY: Mapping[str, str] = {
    "Pemohon": "applicant",
    "Nama": "name",
    "NIK": "identity",
    "Alamat": "address",
    "Pekerjaan": "job",
    "Telepon": "phone",
    "Surel": "mail",
}
ASKED: Mapping[str, str] = {
    "Tujuan penggunaan": "purpose",
    "Cara memperoleh": "access",
    "Cara mendapat salinan": "delivery",
}
CHOICES = {"applicant": APPLICANTS, "access": ACCESS, "delivery": DELIVERY}


def first_words(case: Case, message: Message | None, contact: Contact | None) -> Request:
    """The request as far as the message and what the channel knows of its writer go; nothing is guessed."""
    made = Request(case_id=case.id, received_at=case.received_at)
    if contact is not None:
        made = replace(made, name=contact.name or "", phone=contact.phone or "", mail=_mail(contact))
    if message is None:
        return made
    text, told = message.text, _lines(message.quoted or "", IDENTITY)
    if message.account == ACCOUNT:
        words, _, tail = text.rpartition("\n\n")
        found = _lines(tail, ASKED)
        if found:
            text, told = words, told | found
    parts: dict[str, Any] = {name: _code(name, value) for name, value in told.items()}
    return replace(made, details=text.strip(), **parts)


def _mail(contact: Contact) -> str:
    return contact.address if contact.address and "@" in contact.address else ""


def _lines(text: str, names: Mapping[str, str]) -> dict[str, str]:
    """The lines that begin with one of these names; anything else is the citizen's own."""
    found = {}
    for line in text.splitlines():
        name, colon, value = line.partition(": ")
        if colon and name in names and value.strip():
            found[names[name]] = value.strip()
    return found


def _code(name: str, value: str) -> str:
    """A choice stands in the message in words; the request keeps its code."""
    choices = CHOICES.get(name)
    if choices is None:
        return value
    return next((code for code, words in choices.items() if value in (code, words)), "")
