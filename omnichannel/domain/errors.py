"""One tree of errors; each branch says who can mend it.

OmnichannelError
├── TryLater        the machine: wait `after`, then try again
├── Unsure          a person: the platform may or may not have it; look before sending again
├── Refused         the writer: this recipient or this message will never be accepted as it is
│   ├── WindowClosed    the citizen must write first, or a template must be used
│   └── TooLong         shorten the text
├── AccountBroken   the administrator: our own credentials or settings at the platform are wrong
├── BadSignature    nobody: answered 403 and counted
├── NotAllowed      nobody: this staff member may not do this
├── Conflict        the writer: somebody else changed the same thing first; look and decide again
├── NotFound        the asker: there is no such thing (any more)
├── Invalid         the asker: what was asked for makes no sense, and why
│   └── Misshapen       the program that asks: each field that does not fit
├── StoreAway       the machine: the database does not answer; nothing was kept
└── BadConfig       whoever started us: file, key, and what was expected
"""

from collections.abc import Sequence
from datetime import timedelta


class OmnichannelError(Exception):
    """Root of every error that we raise on purpose."""


class TryLater(OmnichannelError):
    """It did not happen, and it may work later; `after` is the platform's own wish, if it named one."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


class Unsure(OmnichannelError):
    """Bytes left the house and no answer came back: only a person may decide to send again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(OmnichannelError):
    """The platform will not take this message for this recipient; `reason` is fit for staff to read."""

    def __init__(self, reason: str, code: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class WindowClosed(Refused):
    """The reply window of the channel has shut."""


class TooLong(Refused):
    """The text is longer than the surface allows; found before the network."""


class AccountBroken(OmnichannelError):
    """The platform rejects *us*: token, permission or address. The worker rests and a banner shows."""

    def __init__(self, reason: str, code: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class BadSignature(OmnichannelError):
    """A webhook whose signature or secret does not match."""


class NotAllowed(OmnichannelError):
    """The policy says no."""


class Conflict(OmnichannelError):
    """The thing changed under the writer's hands; the message says who did what."""


class NotFound(OmnichannelError):
    """No such thing, or none that the asker may see."""


class Invalid(OmnichannelError):
    """The request cannot be carried out as it stands; the message says what to change."""


class Misshapen(Invalid):
    """Fields that do not fit; each is named with what is wrong with it, for the program that sent them."""

    def __init__(self, message: str, wrong: Sequence[tuple[str, str]]) -> None:
        super().__init__(message)
        self.wrong = tuple(wrong)


class StoreAway(OmnichannelError):
    """The database (or its disk) does not answer now."""


class BadConfig(OmnichannelError):
    """A setting that we cannot start with."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        super().__init__(f"{file}: {key}: {expected}")
        self.file = file
        self.key = key
        self.expected = expected
