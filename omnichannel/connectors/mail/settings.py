"""Where a mailbox lies: an account's options, read once."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from urllib.parse import urlsplit

from omnichannel.domain.office import Account, Secret

_LOOPBACK = ("localhost", "::1")


class Shelter(Enum):
    """How a link is kept from listeners."""

    TLS = "from the first byte"
    STARTTLS = "after the greeting, or not at all"
    NONE = "the machine's own loopback"


@dataclass(frozen=True, slots=True)
class Server:
    """One side of the post office."""

    host: str
    port: int
    shelter: Shelter


@dataclass(frozen=True, slots=True)
class Post:
    """An account's mailbox and the ways to it. `waits` is how long an empty poll listens for news."""

    account: str
    address: str
    imap: Server | None
    smtp: Server | None
    user: str
    password: Secret
    folder: str
    from_now: bool
    plus_address: bool
    history: bool
    patience: float
    waits: timedelta

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2] or "localhost"


def post_of(account: Account) -> Post:
    """Options of the account; a server that is not named is None."""
    address = account.text("address").strip().lower()
    return Post(
        account=account.name,
        address=address,
        imap=_server(account.text("imap_url"), 143, 993),
        smtp=_server(account.text("smtp_url"), 587, 465),
        user=account.secret("USER") or address,
        password=account.secrets.get("PASSWORD", Secret("")),
        folder=account.text("folder") or "INBOX",
        from_now=account.text("since") == "now",
        plus_address=account.options.get("plus_address") in (True, "yes"),
        history=account.options.get("history") not in (False, "no"),
        patience=float(account.options.get("timeout_seconds", 30)),
        waits=timedelta(seconds=float(account.options.get("poll_seconds", 25))),
    )


def _server(url: str, port: int, tls_port: int) -> Server | None:
    """`imaps://host:993` is TLS; `imap://` becomes it by STARTTLS, except on the machine itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host:
        return None
    if parts.scheme in ("imaps", "smtps"):
        return Server(host, parts.port or tls_port, Shelter.TLS)
    alone = host in _LOOPBACK or host.startswith("127.")
    return Server(host, parts.port or port, Shelter.NONE if alone else Shelter.STARTTLS)
