"""The month before the demo began, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from omnichannel.toys.citizens.draw import Deck
from omnichannel.toys.citizens.people import somebody
from omnichannel.toys.citizens.stories import Story
from omnichannel.toys.citizens.threads import REPLIES, THANKS

# How many of a hundred conversations begin in each hour of the day, office zone: people write after dawn, at noon, at night.
_HOURS = (1, 0, 0, 0, 1, 3, 6, 9, 9, 8, 7, 6, 7, 6, 5, 5, 5, 4, 3, 4, 5, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Past:
    """One message of the past. `ours` is the office's answer in the thread `thread`; `at` is aware."""

    account: str
    thread: int
    citizen: str
    at: datetime
    text: str
    story: Story
    ours: bool = False
    photo: bool = False


def history(
    accounts: Sequence[str], until: datetime, *, seed: int = 64_08, days: int = 30, a_day: int = 12
) -> list[Past]:
    """Messages of both sides in order of time, over `days` days that end at `until` (aware, in the office's zone)."""
    rng = Random(seed)
    deck = Deck(rng)
    found: list[Past] = []
    for number in range(days * a_day if accounts else 0):
        began = _moment(rng, until, days)
        found += _thread(rng, number, rng.choice(accounts), somebody(rng), deck.draw(), began, until)
    return sorted(found, key=lambda past: (past.at, past.thread))


def _moment(rng: Random, until: datetime, days: int) -> datetime:
    day = until - timedelta(days=rng.uniform(0, days))
    hour = rng.choices(range(24), _HOURS)[0]
    at = day.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)
    return min(at, until - timedelta(minutes=rng.randrange(5, 90)))


def _thread(
    rng: Random, number: int, account: str, name: str, story: Story, at: datetime, until: datetime
) -> list[Past]:
    """One conversation: most older ones were answered, some were not, and a few citizens came back."""
    said = [Past(account, number, name, at, story.edit or story.turns[0], story, photo=story.photo)]
    turns, later = list(story.turns[1:]), rng.sample(THANKS, 2)
    while rng.random() < 0.72 and len(said) < 7:
        at += timedelta(minutes=rng.choice((9, 25, 70, 190, 400, 1100)))
        said.append(Past(account, number, name, at, rng.choice(REPLIES[story.kind]), story, ours=True))
        if not turns and rng.random() < 0.55:
            break
        at += timedelta(minutes=rng.choice((4, 15, 45, 240)))
        said.append(Past(account, number, name, at, turns.pop(0) if turns else later.pop(), story))
        if not turns and not later:
            break
    return [past for past in said if past.at < until]
