"""Citizens who go on writing while the demo runs: new ones, and those who were answered."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from omnichannel.domain.ports import Clock
from omnichannel.toys.base import Chat, Pictures, Toy
from omnichannel.toys.citizens.draw import Deck
from omnichannel.toys.citizens.people import somebody
from omnichannel.toys.citizens.stories import Story
from omnichannel.toys.citizens.threads import THANKS
from omnichannel.toys.pictures import picture

EVERY = timedelta(seconds=6)


async def chatter(toys: Sequence[Toy], clock: Clock, rng: Random, every: timedelta = EVERY) -> None:
    """Somebody writes about `every` so often, for ever: cancel it to stop."""
    crowd = Crowd(toys, rng)
    while True:
        await clock.sleep(every * rng.uniform(0.5, 1.5))
        await crowd.speak()


class Crowd:
    """Who is in which story."""

    def __init__(self, toys: Sequence[Toy], rng: Random) -> None:
        self._toys = toys
        self._rng = rng
        self._deck = Deck(rng)
        self._stories: dict[tuple[str, str], list[str]] = {}
        self._corrections: dict[tuple[str, str], str] = {}

    async def speak(self) -> None:
        """One citizen does one thing: corrects a message, answers the office, or begins."""
        toy = self._rng.choice(self._toys)
        if await self._correct(toy):
            return
        answered = [chat for chat in toy.chats() if chat.lines and not chat.lines[-1].mine]
        if answered and self._rng.random() < 0.5:
            await self._answer(toy, self._rng.choice(answered))
        else:
            await self._begin(toy)

    async def _correct(self, toy: Toy) -> bool:
        waiting = next((place for place in self._corrections if place[0] == toy.account), None)
        if waiting is None or not isinstance(toy, Pictures):
            return False
        await toy.correct(waiting[1], self._corrections.pop(waiting))
        return True

    async def _answer(self, toy: Toy, chat: Chat) -> None:
        left = self._stories.get((toy.account, chat.id), [])
        await toy.write(chat.id, chat.name, left.pop(0) if left else self._rng.choice(THANKS))

    async def _begin(self, toy: Toy) -> None:
        story = self._deck.draw()
        chat = await self._first(toy, story)
        self._stories[toy.account, chat] = list(story.turns[1:])
        if story.edit is not None:
            self._corrections[toy.account, chat] = story.edit

    async def _first(self, toy: Toy, story: Story) -> str:
        name = somebody(self._rng)
        if story.photo and isinstance(toy, Pictures):
            return await toy.show(None, name, story.turns[0], picture(self._rng))
        return await toy.write(None, name, story.turns[0])
