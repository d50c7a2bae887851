"""Ready words filled in from the conversation and its case; what cannot be filled in is never offered and never sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import Formatter

from omnichannel.domain.case import Case
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.errors import Invalid
from omnichannel.domain.house import House
from omnichannel.domain.office import FIELDS
from omnichannel.domain.people import Contact, Staff
from omnichannel.router.tell import track_link
from omnichannel.web import labels
from omnichannel.web.wording import Wording

UNFILLED = re.compile(r"\{(?:" + "|".join(sorted(FIELDS)) + r")\}")


def whole(text: str) -> str:
    """Invalid where a ready text still has an empty field in it."""
    if left := UNFILLED.search(text):
        raise Invalid(f"Balasan ini masih memuat {left[0]}. Ganti dulu dengan isinya, lalu kirim.")
    return text


def known(
    parts: House, conversation: Conversation, contact: Contact, cases: Sequence[Case], wording: Wording, staff: Staff
) -> dict[str, str]:
    """The fields that this conversation can fill. Where everybody reads, nobody is named and no number stands.

    Ready words are Indonesian and go to a citizen: their dates are too, whatever language the officer reads.
    """
    wording = replace(wording, lang="id")
    public = conversation.surface == "public"
    case = None if public else next((one for one in cases if one.id == conversation.case_id), None)
    unit = labels.unit_name(parts.organisation, conversation.unit) if conversation.unit else ""
    values = {
        "nama": "Bapak/Ibu" if public or not contact.name else contact.name,
        "unit": unit or "unit terkait",
        "petugas": staff.name,
        "kantor": parts.office.name,
        "hari": wording.longday(wording.today),
        "tautan": track_link(parts.office, case.number if case else ""),
    }
    return {name: value for name, value in (values | _of_case(case, wording)).items() if value}


def _of_case(case: Case | None, wording: Wording) -> dict[str, str]:
    if case is None:
        return {}
    return {"nomor": case.number, "batas": wording.longday(case.due), "tracking": case.tracking_id or ""}


def lacking(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The fields of this text that nothing fills, each once."""
    used = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    return tuple(name for name in dict.fromkeys(used) if name not in values)
