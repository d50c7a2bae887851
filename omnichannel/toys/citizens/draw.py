"""Which story comes next: as an office's day is mixed, and rarely the same twice in a row."""

from random import Random

from omnichannel.toys.citizens.complaints import COMPLAINTS
from omnichannel.toys.citizens.requests import ASPIRATIONS, OTHERS, REQUESTS
from omnichannel.toys.citizens.stories import Story
from omnichannel.toys.citizens.threads import THREADS

# Out of a hundred conversations. An emergency is rare in a real office, and here too.
_MIX = ((COMPLAINTS, 46), (REQUESTS, 18), (ASPIRATIONS, 10), (OTHERS, 12))
_CALM = tuple(story for story in THREADS if not story.urgent)
_URGENT = tuple(story for story in THREADS if story.urgent)


class Deck:
    """Every story of a pile is dealt before one comes again."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._piles: dict[int, list[Story]] = {}

    def draw(self) -> Story:
        piles = [pile for pile, _ in _MIX] + [_CALM, _URGENT]
        weights = [weight for _, weight in _MIX] + [13, 1]
        return self._deal(self._rng.choices(piles, weights)[0])

    def _deal(self, pile: tuple[Story, ...]) -> Story:
        left = self._piles.get(id(pile))
        if not left:
            left = self._rng.sample(pile, len(pile))
            self._piles[id(pile)] = left
        return left.pop()
