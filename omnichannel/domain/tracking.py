"""Number and code: how a citizen without an account proves that a case is theirs.

A form's code is known to whoever sent it and stored nowhere. A case that came by any other channel has a code of its own,
drawn from the office's secret, so that it can be printed again on a receipt and need not be stored.
"""

import hashlib
import hmac
import secrets

from omnichannel.domain.channel import Channel
from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.work import Work

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is mistaken for something else on paper
ALIKE = str.maketrans("OIL", "011")
CODE, NUMBER = 8, 10  # signs of five bits each
HELD = "kode:"  # how the contact of a form is named: nobody but the holder of its code
# 4 MB and some 10 ms a guess: a stolen database does not give the codes away in an afternoon.
COST, BLOCK = 2**12, 8


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
    plain = _plain(code)
    digest = hashlib.scrypt(plain.encode(), salt=thread.encode(), n=COST, r=BLOCK, p=1, dklen=32)
    return f"{HELD}{digest.hex()}"


def spelt(number: str) -> str:
    """A number as people type it, spaces and small letters and all."""
    return "".join(sign for sign in number.upper() if sign.isascii() and sign.isprintable() and sign != " ")


def fits(held: str | None, offered: str) -> bool:
    """In constant time, and False where nobody holds anything."""
    return hmac.compare_digest((held or "-").encode(), offered.encode()) and held is not None


def office_secret(work: Work) -> str:
    """Drawn once for the office, and the same in each of its processes. The forms have no cursor to keep in their
    account's row, so it stands there; call it where one may write."""
    held = work.accounts.get(ACCOUNT)
    if held is not None and held.cursor:
        return held.cursor
    work.accounts.ensure(ACCOUNT, Channel.WEB)
    drawn = secrets.token_urlsafe(32)
    work.accounts.set_cursor(ACCOUNT, drawn)
    return drawn


def case_code(secret: str, number: str) -> str:
    """The code of a case that came by a channel: 7KQ4-M2XD. There is always a digit in it, so that no two words of four
    letters are taken for one."""
    for turn in range(100):
        digest = hmac.new(secret.encode(), f"case:{turn}:{number}".encode(), hashlib.sha256).digest()
        signs = _drawn(digest, CODE)
        if any(sign.isdecimal() for sign in signs):
            return f"{signs[:4]}-{signs[4:]}"
    raise AssertionError("a hundred codes without a digit")


def same_code(right: str, offered: str) -> bool:
    """In constant time, as people write it."""
    return hmac.compare_digest(_plain(right).encode(), _plain(offered).encode())


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper().translate(ALIKE) if sign in ALPHABET)


def _signs(what: str, key: str, count: int) -> str:
    return _drawn(hashlib.sha256(f"{what}:{key}".encode("utf-8", "surrogatepass")).digest(), count)


def _drawn(digest: bytes, count: int) -> str:
    drawn = int.from_bytes(digest[:10], "big")
    return "".join(ALPHABET[(drawn >> (5 * place)) & 31] for place in range(count))
