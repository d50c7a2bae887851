"""Whose words they are: the business-scoped user id first, the telephone number where there still is one.

Since usernames came (2026) a webhook may carry no number at all: `from` and `wa_id` are left out, `from_user_id` and
`user_id` (BSUID, such as ID.13491208655302741918) name the citizen. A BSUID changes when the citizen changes number.
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids (2026-11-22).
"""

import re
from collections.abc import Mapping
from typing import Any

from omnichannel.connectors.reading import part, parts, things, word
from omnichannel.domain.message import Author

BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
NOBODY = Author(id="")


def e164(number: str | None) -> str | None:
    """A telephone number with its plus, None for what is none: 7 to 15 digits (ITU-T E.164, section 6)."""
    kept = digits(number)
    return f"+{kept}" if 7 <= len(kept) <= 15 and not BSUID.fullmatch(number or "") else None


def digits(number: str | None) -> str:
    """The number as the API writes it."""
    return "".join(one for one in number or "" if one.isascii() and one.isdigit())


class Circle:
    """Everybody whom one `value` of a webhook names, and which number of ours was written to."""

    def __init__(self, value: Mapping[str, Any], own: str | None) -> None:
        metadata = part(value, "metadata")
        self.number_id = word(metadata, "phone_number_id")
        self.ours = digits(word(metadata, "display_phone_number"))
        # What went wrong with a message may stand beside it, too: then its own content is missing.
        self.trouble = {"errors": parts(value, "errors")}
        self._contacts = parts(value, "contacts")
        self._single = len(self._contacts) == 1 and len(_senders(value)) < 2
        other = own is not None and self.number_id is not None and self.number_id != own
        self.elsewhere = {"phone_number_id": self.number_id} if other and self.number_id else {}

    def person(self, user_id: str | None, number: str | None) -> Author:
        """A citizen, by what an item says of them. NOBODY when neither it nor the contacts beside it name one."""
        if user_id is None and number is not None and BSUID.fullmatch(number):
            user_id, number = number, None
        contact = self._contact(user_id, number)
        profile = part(contact, "profile")
        user_id = user_id or word(contact, "user_id")
        number = number or word(contact, "wa_id")
        handle = word(profile, "username") or word(contact, "username")
        return Author(
            id=user_id or number or "",
            name=word(profile, "name"),
            handle=handle.removeprefix("@") if handle else None,
            phone=e164(number),
        )

    def parent(self, user_id: str | None, number: str | None) -> str | None:
        """The id that the citizen bears across several portfolios of one owner."""
        return word(self._contact(user_id, number), "parent_user_id")

    @property
    def us(self) -> Author:
        """Our own number, as the author of what was written in the telephone's app."""
        return Author(id=self.ours or self.number_id or "", phone=e164(self.ours))

    def _contact(self, user_id: str | None, number: str | None) -> dict[str, Any]:
        """The contact beside the messages that is this one. Number and wa_id may differ (Brazil, Mexico), so a contact
        alone with one sender is that sender; among several, only a name that fits counts."""
        for contact in self._contacts:
            if user_id is not None and word(contact, "user_id") == user_id:
                return contact
        for contact in self._contacts:
            same = digits(number) and digits(word(contact, "wa_id")) == digits(number)
            if same and (user_id is None or word(contact, "user_id") is None):
                return contact
        if self._single:
            theirs = word(self._contacts[0], "user_id")
            if user_id is None or theirs is None:
                return self._contacts[0]
        return {}


def _senders(value: Mapping[str, Any]) -> set[str]:
    found = [
        word(item, "from_user_id") or digits(word(item, "from")) or word(item, "from")
        for item in things(value, "messages")
        if isinstance(item, dict)
    ]
    return {one for one in found if one}
