"""Questions to the Graph that nobody waits for: slowly, and not at all while Meta says that we ask too much.

What an answer tells of our use is a share of what we may, in percent; calls are refused from 100 on
(https://developers.facebook.com/docs/graph-api/overview/rate-limiting, 2026-11-22). Reading stops well before, so that
answering citizens never has to.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from omnichannel.connectors.graph.api import Graph
from omnichannel.connectors.graph.refusals import Codes
from omnichannel.connectors.reading import part, parts, word
from omnichannel.domain.errors import TryLater

# Two calls a second for a Page's conversations:
# https://developers.facebook.com/documentation/business-messaging/messenger-platform/overview/rate-limiting (of 2026-03-23).
GAP = timedelta(seconds=0.5)
ENOUGH = 75
REST = timedelta(minutes=15)
SHARES = ("call_count", "total_time", "total_cputime")
STRAINED = "Meta hampir membatasi panggilan akun ini; membaca ulang ditunda supaya balasan tetap lancar."


class Asking:
    """One account's slow questions."""

    def __init__(self, graph: Graph, gap: timedelta = GAP) -> None:
        self._graph = graph
        self._gap = gap.total_seconds()
        self._next = 0.0
        self._closed_until = 0.0
        self._heeded: Mapping[str, str] = {}

    async def ask(self, path: str, *, codes: Codes | None = None, **args: Any) -> Any:
        """One answer. TryLater: Meta has had enough of us for now."""
        now = time.monotonic()
        if now < self._closed_until:
            raise TryLater(STRAINED, after=timedelta(seconds=self._closed_until - now))
        await asyncio.sleep(max(0.0, self._next - now))
        self._next = time.monotonic() + self._gap
        said = await self._graph.ask(f"{self._graph.version}/{quote(path, safe='/')}", args, codes=codes)
        self._heed(self._graph.usage)
        return said

    def _heed(self, usage: Mapping[str, str]) -> None:
        """An answer may come without the headers: then those of an older one say nothing about now."""
        if usage is self._heeded:
            return
        self._heeded = usage
        if max(shares(usage), default=0) >= ENOUGH:
            self._closed_until = time.monotonic() + REST.total_seconds()


def shares(usage: Mapping[str, str]) -> Iterator[float]:
    """Every percentage that the usage headers hold, however deep."""
    for text in usage.values():
        try:
            yield from _numbers(json.loads(text))
        except (ValueError, RecursionError):
            continue


def _numbers(thing: object) -> Iterator[float]:
    if isinstance(thing, list):
        for one in thing:
            yield from _numbers(one)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            if key in SHARES and isinstance(value, int | float):
                yield float(value)
            else:
                yield from _numbers(value)


def following(page: object) -> str | None:
    """The name of the next page of a list, None after the last."""
    paging = part(page, "paging")
    return word(part(paging, "cursors"), "after") if word(paging, "next") else None


def listed(page: object) -> list[dict[str, Any]]:
    """The objects of a page."""
    return parts(page, "data")
