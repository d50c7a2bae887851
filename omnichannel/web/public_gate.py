"""Keeps robots from the public forms without a foreign captcha, and guesses from the tracking page.

What looks like a robot is marked, never dropped: the citizen behind a slow line or a shared address is heard all the same.
Addresses are counted in memory alone, under a hash whose salt is drawn anew each day: no list of who wrote can be made.
"""

import hashlib
import hmac
import ipaddress
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from aiohttp import web

from omnichannel.domain.forms import ACCOUNT
from omnichannel.domain.house import House
from omnichannel.domain.tracking import office_secret

# A whole village may sit behind one address of a mobile operator, and all write in the hour of a flood: so these are wide.
MANY, FLOOD, REFUSED = 30, 150, 1000  # submissions an hour from one address: marked, held, turned away
HOUR = timedelta(hours=1)
FASTEST = timedelta(seconds=3)  # nobody reads and fills in a form in less
OLDEST = timedelta(hours=24)
SAME_WORDS_WITHIN = timedelta(hours=24)
ENOUGH = 3  # so many doubts together hold a submission back
# Our own machine and our own network (RFC 1918, RFC 4193): where a reverse proxy of ours may stand.
OWN = [
    ipaddress.ip_network(one)
    for one in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]
REMEMBERED = 50_000  # addresses, texts or numbers; the oldest make room

TRIES_NUMBER, TRIES_ADDRESS = 10, 30  # wrong codes before a wait
TRIES_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a form was handed out, and its key; `ours` is False where the signature is not."""

    key: str
    made_at: datetime | None
    ours: bool


class Counts:
    """How often each of many things happened lately."""

    def __init__(self, within: timedelta) -> None:
        self._within = within
        self._at: OrderedDict[str, deque[datetime]] = OrderedDict()

    def count(self, name: str, now: datetime) -> int:
        """So often since then."""
        times = self._at.get(name)
        while times and now - times[0] >= self._within:
            times.popleft()
        return len(times) if times else 0

    def note(self, name: str, now: datetime) -> int:
        """Once more; returns how often now."""
        times = self._at.setdefault(name, deque(maxlen=2 * REFUSED))
        self._at.move_to_end(name)
        times.append(now)
        if len(self._at) > REMEMBERED:
            self._at.popitem(last=False)
        return self.count(name, now)

    def take_back(self, name: str) -> None:
        """The last one did not count after all."""
        times = self._at.get(name)
        if times:
            times.pop()

    def clear(self) -> None:
        """Nothing is remembered."""
        self._at.clear()


class Gate:
    """One process's memory of who knocked."""

    def __init__(self) -> None:
        self.submissions = Counts(HOUR)
        self.tries = Counts(TRIES_WITHIN)
        self._words: OrderedDict[str, tuple[datetime, str]] = OrderedDict()
        self._secret: bytes | None = None
        self._salt, self._day = b"", date.min

    async def secret(self, parts: House) -> bytes:
        """What forms are signed with: drawn once for the office, and the same in each of its processes."""
        if self._secret is None:
            held = await parts.store.read(lambda work: work.accounts.get(ACCOUNT))
            kept = held.cursor if held is not None else None
            if kept is None:
                kept = await parts.store.write(office_secret)
            self._secret = kept.encode()
        return self._secret

    def who(self, request: web.Request, now: datetime) -> str:
        """The asker's address under today's salt."""
        if now.date() != self._day:
            self._day, self._salt = now.date(), secrets.token_bytes(32)
            self.submissions.clear()
        return hashlib.sha256(self._salt + address(request).encode()).hexdigest()[:32]

    def said_before(self, words: str, thread: str, now: datetime) -> bool:
        """Whether the same words came in lately under another number."""
        plain = "".join(sign for sign in words.casefold() if sign.isalnum())
        name = hashlib.sha256(plain.encode()).hexdigest()
        at, first = self._words.get(name, (None, thread))
        if at is None or now - at >= SAME_WORDS_WITHIN:
            self._words[name] = (now, thread)
            self._words.move_to_end(name)
            if len(self._words) > REMEMBERED:
                self._words.popitem(last=False)
            return False
        return first != thread


GATE = web.AppKey("gate", Gate)


def stamp(secret: bytes, form: str, now: datetime) -> str:
    """The key of a form handed out now: when, a mark of its own, and our signature."""
    plain = f"{form}.{int(now.timestamp())}.{secrets.token_urlsafe(16)}"
    return f"{plain}.{_signature(secret, plain)}"


def read_stamp(secret: bytes, form: str, text: str) -> Stamp:
    """What the form says of itself."""
    plain, _, signature = text.rpartition(".")
    right = hmac.compare_digest(_signature(secret, plain).encode(), signature.encode("utf-8", "surrogatepass"))
    if not right or not plain.startswith(f"{form}."):
        return Stamp(text, None, False)
    at = datetime.fromtimestamp(int(plain.split(".")[1]), tz=UTC)
    return Stamp(text, at, True)


def doubts_of(given: Stamp, *, baited: bool, repeated: bool, count: int, now: datetime) -> tuple[tuple[str, ...], bool]:
    """What makes a submission look like a machine's, and whether a person should look before it gets its number."""
    old = given.made_at is not None and now - given.made_at > OLDEST
    signs = {
        "trap": baited,
        "no_stamp": not given.ours,
        "too_fast": given.made_at is not None and now - given.made_at < FASTEST,
        "too_old": old,
        "same_words": repeated,
        "many": MANY < count <= FLOOD,
        "flood": count > FLOOD,
    }
    found = tuple(name for name, on in signs.items() if on)
    return found, baited or count > FLOOD or len(found) >= ENOUGH


def address(request: web.Request) -> str:
    """Where the asker sits. A proxy of our own names them in X-Forwarded-For; a stranger's word for it is not believed.

    Of an IPv6 address the first 64 bits: one household has all the rest.
    """
    asker = _ip(request.remote or "")
    if asker is not None and any(asker in network for network in OWN):
        named = _ip(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip())
        asker = named or asker
    if isinstance(asker, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((asker, 64), strict=False))
    return str(asker)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _signature(secret: bytes, plain: str) -> str:
    return hmac.new(secret, plain.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
