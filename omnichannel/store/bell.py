"""Wakes workers and screens. The database is the truth; a lost ring costs seconds, never a message."""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Callable
from datetime import timedelta

import redis.asyncio as redis
from redis.exceptions import RedisError

from omnichannel.domain.ports import Bell, Ear

log = logging.getLogger(__name__)
CHANNEL = "omnichannel:bell"
PAUSE = 1.0
WORDS_KEPT = 500  # words that wait for Redis; older ones are stale before they would be heard


class LocalEar:
    """Hears the rings of one process; rings that came between two calls are one."""

    def __init__(self, house: "LocalBell", topics: frozenset[str]) -> None:
        self.topics = topics
        self._house = house
        self._rung = asyncio.Event()

    async def heard(self, timeout: timedelta) -> bool:
        try:
            async with asyncio.timeout(timeout.total_seconds()):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    def wake(self) -> None:
        self._rung.set()

    def close(self) -> None:
        self._house.forget(self)


class LocalBell:
    """Rings within one process."""

    def __init__(self) -> None:
        self._ears: dict[str, set[LocalEar]] = {}
        self._listeners: dict[str, list[Callable[[str], None]]] = {}

    def ring(self, topic: str) -> None:
        for ear in self._ears.get(topic, ()):
            ear.wake()

    def ring_all(self) -> None:
        """Something may have been missed: everybody looks once."""
        for topic in self._ears:
            self.ring(topic)

    def ear(self, *topics: str) -> Ear:
        ear = LocalEar(self, frozenset(topics))
        for topic in ear.topics:
            self._ears.setdefault(topic, set()).add(ear)
        return ear

    def tell(self, topic: str, words: str) -> None:
        for hears in tuple(self._listeners.get(topic, ())):
            hears(words)

    def listen(self, topic: str, hears: Callable[[str], None]) -> Callable[[], None]:
        self._listeners.setdefault(topic, []).append(hears)
        return lambda: self._listeners[topic].remove(hears)

    def forget(self, ear: LocalEar) -> None:
        for topic in ear.topics:
            ears = self._ears.get(topic, set())
            ears.discard(ear)
            if not ears:
                self._ears.pop(topic, None)

    async def close(self) -> None:
        self._ears.clear()


class RedisBell:
    """Rings in this process at once and in the others through Redis pub/sub.

    While Redis is away the others notice by their own timeouts; when it is back everybody is woken once.
    """

    def __init__(self, url: str) -> None:
        self._local = LocalBell()
        self._me = secrets.token_hex(8)
        self._redis = redis.from_url(
            url, socket_connect_timeout=5, socket_timeout=30, health_check_interval=10, decode_responses=True
        )
        self._untold: set[str] = set()
        self._words: deque[tuple[str, str]] = deque(maxlen=WORDS_KEPT)
        self._knock = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    def ring(self, topic: str) -> None:
        self._local.ring(topic)
        self._untold.add(topic)
        self._knock.set()
        self._start()

    def tell(self, topic: str, words: str) -> None:
        self._local.tell(topic, words)
        self._words.append((topic, words))
        self._knock.set()
        self._start()

    def listen(self, topic: str, hears: Callable[[str], None]) -> Callable[[], None]:
        self._start()
        return self._local.listen(topic, hears)

    def ear(self, *topics: str) -> Ear:
        self._start()
        return self._local.ear(*topics)

    async def close(self) -> None:
        self._closed = True
        going = set(self._tasks)
        self._tasks.clear()
        while going:
            # Asked more than once: a cancellation that meets an arriving message is lost in Python 3.11's wait_for.
            for task in going:
                task.cancel()
            _, going = await asyncio.wait(going, timeout=0.1)
        await self._local.close()
        try:
            await self._redis.aclose()
        except (RedisError, OSError) as error:
            log.info("the line to Redis was already cut: %s", type(error).__name__)

    def _start(self) -> None:
        """At the first use: a bell may be made before there is a loop."""
        if not self._tasks and not self._closed:
            self._tasks = [asyncio.create_task(self._tell_on()), asyncio.create_task(self._listen_on())]

    async def _tell_on(self) -> None:
        """Tell the others; a topic rung a hundred times while we were busy is told once."""
        while True:
            await self._knock.wait()
            self._knock.clear()
            topics, self._untold = self._untold, set()
            words = tuple(self._words)
            self._words.clear()
            try:
                async with self._redis.pipeline(transaction=False) as line:
                    for topic in topics:
                        line.publish(CHANNEL, f"{self._me} {topic}")
                    for topic, said in words:  # Told once: by the time Redis is back they are no longer true.
                        line.publish(CHANNEL, f"{self._me} {topic} {said}")
                    await line.execute()
            except (RedisError, OSError) as error:
                log.warning(
                    "Redis does not answer (%s); other processes will notice by themselves", type(error).__name__
                )
                self._untold |= topics
                self._knock.set()
                await asyncio.sleep(PAUSE)

    async def _listen_on(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                log.warning("cannot hear Redis (%s); trying again", type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as line:
            await line.subscribe(CHANNEL)
            self._local.ring_all()
            while True:
                message = await line.get_message(ignore_subscribe_messages=True, timeout=5.0)
                if message is None:
                    continue
                sender, _, told = str(message["data"]).partition(" ")
                topic, spoken, words = told.partition(" ")
                if sender != self._me and spoken:
                    self._local.tell(topic, words)
                elif sender != self._me:
                    self._local.ring(topic)


def open_bell(url: str | None) -> Bell:
    """Through Redis when there is one, else within this process."""
    return LocalBell() if url is None else RedisBell(url)
