"""Who holds a lease, and whether they still live: what a killed process held is free as soon as the next one starts."""

import hashlib
import logging
import os
import socket
from functools import cache
from pathlib import Path

from omnichannel.domain.errors import StoreAway
from omnichannel.domain.ports import Store
from omnichannel.domain.work import Work

log = logging.getLogger(__name__)

# A process number means something only on one machine, since its last start, in one namespace of process numbers:
# two containers may both be number 1, and two machines may both be called "localhost".
BOOT = Path("/proc/sys/kernel/random/boot_id")
NUMBERS = Path("/proc/self/ns/pid")


def owner_name() -> str:
    """`machine:process:draw`: unlike for every process, alike for the workers of one."""
    return f"{machine()}:{os.getpid()}:{os.urandom(4).hex()}"


@cache
def machine() -> str:
    """The host's name, and a sign of what its process numbers are valid for."""
    try:
        sign = f"{BOOT.read_text().strip()} {NUMBERS.readlink()}"
    except OSError:
        sign = ""
    return f"{socket.gethostname().replace(':', '-')}/{hashlib.sha256(sign.encode()).hexdigest()[:12]}"


def is_dead(owner: str) -> bool:
    """Whether that owner was a process of this very machine that runs no more. In doubt no: then its lease runs out."""
    where, _, rest = owner.partition(":")
    number, _, drawn = rest.partition(":")
    # Elsewhere than on POSIX, signal 0 is no question but a signal.
    if os.name != "posix" or where != machine() or not drawn or not (number.isascii() and number.isdigit()):
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


async def release_the_dead(store: Store) -> int:
    """Take back the leases and claims of dead processes of this machine; how many owners there were.

    A message that one of them was sending stays `sending`: its next owner finds it so, and tells a person.
    """

    def story(work: Work) -> list[str]:
        dead = sorted(owner for owner in work.accounts.owners() | work.jobs.owners() if is_dead(owner))
        for owner in dead:
            work.accounts.release_from(owner)
            work.jobs.release_from(owner)
        return dead

    try:
        dead = await store.write(story)
    except StoreAway as away:
        log.warning("leases of the dead kept", extra={"error": str(away)})
        return 0
    if dead:
        log.info("leases of the dead released", extra={"owners": len(dead)})
    return len(dead)
