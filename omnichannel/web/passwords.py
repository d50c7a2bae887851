"""Passwords: argon2id, in two threads of its own, the same time for a login that does not exist."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from omnichannel.domain.errors import Invalid, TryLater

SHORTEST = 10
LONGEST = 1024  # characters; a longer one is somebody trying to keep us busy
QUEUE = 32  # logins waiting at once: each costs about 0.1 s of a core and 64 MiB

# The library's own advice: RFC 9106, section 4, second choice (64 MiB, 3 passes, 4 lanes).
ADVICE = PasswordHasher()
_hasher = ADVICE
# Two at a time: hashing is made to be heavy, and a flood of logins must leave the second core to the citizens.
_threads = ThreadPoolExecutor(2, thread_name_prefix="passwords")
_waiting = 0


def hash_with(hasher: PasswordHasher) -> None:
    """Another cost than the advised one, from now on; whoever logs in gets a hash of it."""
    global _hasher
    _hasher = hasher
    _nobody.cache_clear()


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether it fits; `rehashed` is the hash to store when ours grew stronger since."""

    fits: bool
    rehashed: str | None = None


def hash_password(password: str) -> str:
    """The hash to store. Invalid, in words for whoever chose it, when it is too short or too long."""
    if len(password) < SHORTEST:
        raise Invalid(f"Kata sandi paling sedikit {SHORTEST} huruf.")
    if len(password) > LONGEST:
        raise Invalid(f"Kata sandi paling banyak {LONGEST} huruf.")
    return _hasher.hash(_plain(password))


async def hashed(password: str) -> str:
    """`hash_password` in a thread: it is made to be heavy."""
    return await asyncio.get_running_loop().run_in_executor(_threads, hash_password, password)


async def check(password: str, stored: str | None) -> Checked:
    """Compare in a thread; without a stored hash the same work is done and the answer is no. TryLater in a flood."""
    global _waiting
    if _waiting >= QUEUE:
        raise TryLater("Terlalu banyak yang masuk bersamaan. Coba lagi sebentar.")
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, _check, password, stored)
    finally:
        _waiting -= 1


def _check(password: str, stored: str | None) -> Checked:
    plain = _plain(password[:LONGEST])
    try:
        _hasher.verify(stored if stored is not None else _nobody(), plain)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return Checked(False)
    if stored is None or len(password) > LONGEST:
        return Checked(False)
    return Checked(True, _hasher.hash(plain) if _hasher.check_needs_rehash(stored) else None)


@cache
def _nobody() -> str:
    """A hash that no password is known for, as costly as a real one."""
    return _hasher.hash("nobody")


def _plain(password: str) -> str:
    # One keyboard sends é as one code point, another as two (NIST SP 800-63B, 3.1.1.2, read 2026-11).
    return unicodedata.normalize("NFKC", password)
