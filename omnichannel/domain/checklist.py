"""What an officer makes sure of in a case: a memory aid by kind, from config. Nothing waits for a tick."""

from dataclasses import dataclass
from datetime import datetime

from omnichannel.domain.case import Kind


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a kind's list. `key` names it for good."""

    kind: Kind
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Somebody has looked at it."""

    at: datetime
    by: str
