"""Lifelike citizens: what they write now (`chatter`) and what they wrote in the month before (`history`)."""

from omnichannel.toys.citizens.chatter import chatter
from omnichannel.toys.citizens.complaints import COMPLAINTS
from omnichannel.toys.citizens.history import Past, history
from omnichannel.toys.citizens.requests import ASPIRATIONS, OTHERS, REQUESTS
from omnichannel.toys.citizens.stories import Story
from omnichannel.toys.citizens.threads import THANKS, THREADS

__all__ = [
    "ASPIRATIONS",
    "COMPLAINTS",
    "OTHERS",
    "REQUESTS",
    "THANKS",
    "THREADS",
    "Past",
    "Story",
    "chatter",
    "history",
]
