"""A citizen without an account comes back: a number and a code open their own thread, and nobody else's."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from omnichannel.domain.case import Case
from omnichannel.domain.channel import Surface
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.message import Delivery
from omnichannel.domain.work import Direction, Message, Work

SHOWN = 200  # messages
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is mistaken for something else on paper
ALIKE = str.maketrans("OIL", "011")
CODE, NUMBER = 8, 10  # signs of five bits each
ARRIVED = (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)
# 4 MB and some 10 ms a guess: a stolen database does not give the codes away in an afternoon.
COST, BLOCK = 2**12, 8


@dataclass(frozen=True, slots=True)
class Tracked:
    """What the citizen may see of their thread: their own words, what reached them from us, and the cases."""

    conversation: Conversation
    cases: tuple[Case, ...]
    messages: tuple[Message, ...]


def number_of(key: str) -> str:
    """The tracking number of what is sent in with this form: WEB-4F7K2-M9QXT. The same form gives the same number."""
    signs = _signs("number", key, NUMBER)
    return f"WEB-{signs[:5]}-{signs[5:]}"


def code_of(key: str) -> str:
    """The code that goes with it: 7KQ4-M2XD. Known to whoever held the form, stored nowhere."""
    signs = _signs("code", key, CODE)
    return f"{signs[:4]}-{signs[4:]}"


def holder(thread: str, code: str) -> str:
    """How the thread knows its citizen: a slow hash of the code. It takes some 10 ms; call it off the event loop."""
    plain = "".join(sign for sign in code.upper().translate(ALIKE) if sign in ALPHABET)
    digest = hashlib.scrypt(plain.encode(), salt=thread.encode(), n=COST, r=BLOCK, p=1, dklen=32)
    return f"kode:{digest.hex()}"


def spelt(number: str) -> str:
    """A number as people type it, spaces and small letters and all."""
    return "".join(sign for sign in number.upper() if sign.isascii() and sign.isprintable() and sign != " ")


def find(work: Work, account: str, number: str) -> tuple[Conversation, str] | None:
    """The thread behind a tracking or register number, and who holds it; None is answered like a wrong code."""
    case = work.cases.by_number(number)
    if case is not None:
        found = work.conversations.get(case.conversation_id)
    else:
        found = work.conversations.find(account, number.translate(ALIKE), Surface.DIRECT)
    if found is None or found.account != account:
        return None
    contact = work.contacts.get(found.contact_id)
    return (found, contact.external_id) if contact is not None else None


def fits(held: str | None, offered: str) -> bool:
    """In constant time, and False where nobody holds anything."""
    return hmac.compare_digest((held or "-").encode(), offered.encode()) and held is not None


def view(work: Work, conversation_id: int) -> Tracked | None:
    """What stands on the tracking page."""
    conversation = work.conversations.get(conversation_id)
    if conversation is None:
        return None
    said = work.messages.thread(conversation_id, limit=SHOWN)
    return Tracked(conversation, tuple(work.cases.of_conversation(conversation_id)), tuple(_open_to_them(said)))


def _open_to_them(said: Sequence[Message]) -> list[Message]:
    """Notes stay among staff, and nothing looks sent that was not."""
    return [
        one
        for one in said
        if one.direction is Direction.IN or (one.direction is Direction.OUT and one.delivery in ARRIVED)
    ]


def _signs(what: str, key: str, count: int) -> str:
    digest = hashlib.sha256(f"{what}:{key}".encode("utf-8", "surrogatepass")).digest()
    drawn = int.from_bytes(digest[:10], "big")
    return "".join(ALPHABET[(drawn >> (5 * place)) & 31] for place in range(count))
