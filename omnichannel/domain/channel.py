"""Channels, their surfaces, and what each surface can do: facts, so that nobody writes `if channel ==`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Channel(StrEnum):
    """Where citizens write. For icons and reports, never for a decision."""

    TELEGRAM = "telegram"
    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    WHATSAPP = "whatsapp"
    MAIL = "mail"
    WEB = "web"
    SANDBOX = "sandbox"


class Surface(StrEnum):
    """Who can read it: the two of us, or everybody."""

    DIRECT = "direct"
    PUBLIC = "public"


class Late(StrEnum):
    """What a platform allows once the reply window has shut."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    TEMPLATE = "template"
    HUMAN_TAG = "human_tag"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one surface of one channel can do.

    `text_limit` counts characters; `window` runs from the citizen's last word (None: no limit);
    `attachment_limit` is in bytes and None where no file can be sent.
    """

    text_limit: int
    window: timedelta | None = None
    late: Late = Late.ALLOWED
    late_window: timedelta | None = None
    private_reply: bool = False
    receipts: bool = False
    attachment_limit: int | None = None
    edit: bool = False
    hide: bool = False
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """Where an answer goes: the thread on the platform, and the citizen in it."""

    conversation: str
    surface: Surface
    contact: str
    extra: Mapping[str, str] = field(default_factory=dict)


class Health(StrEnum):
    """How an account is doing."""

    UNKNOWN = "unknown"
    WELL = "well"
    TROUBLED = "troubled"
    BROKEN = "broken"
