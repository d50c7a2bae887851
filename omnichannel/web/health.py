"""For monitors: is the process up, can it work, and how much of what has it done."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, runtime_checkable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from omnichannel.domain.channel import Health
from omnichannel.domain.errors import OmnichannelError
from omnichannel.domain.ports import Store
from omnichannel.domain.work import AccountState, Scope, Work
from omnichannel.web import guard
from omnichannel.web.keys import house
from omnichannel.web.metrics import METRICS

PATIENCE = timedelta(seconds=3)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/healthz", guard.allow(alive, public=True)),
        web.get("/readyz", guard.allow(ready, public=True)),
        web.get("/metrics", guard.allow(measure, public=True)),
    ]


async def alive(request: web.Request) -> web.StreamResponse:
    """The process answers: that is all this says."""
    return web.json_response({"status": "ok"})


async def ready(request: web.Request) -> web.StreamResponse:
    """The database answers and has our tables."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await _ready(house(request).store)
    except (OmnichannelError, TimeoutError):
        return web.json_response({"status": "away", "database": False}, status=503, headers={"Retry-After": "5"})
    return web.json_response({"status": "ok", "database": True})


async def measure(request: web.Request) -> web.StreamResponse:
    """Prometheus text. While the database is away the process still tells of itself."""
    parts = house(request)
    body = generate_latest(request.app[METRICS].registry)
    now = parts.clock.now()
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            facts = await parts.store.read(lambda work: _facts(work, now, parts.clocks.calendar.day(now)))
    except (OmnichannelError, TimeoutError):
        facts = None
    registry = CollectorRegistry()
    registry.register(_Office(facts))
    return web.Response(body=body + generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


@runtime_checkable
class KnowsItsSchema(Protocol):
    """A store that can say whether its tables are those this version expects."""

    async def ready(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database knows at this moment."""

    at: datetime
    accounts: list[AccountState]
    jobs: dict[str, tuple[int, int]]
    alarms: int
    views: dict[str, int]


async def _ready(store: Store) -> None:
    """StoreAway unless it answers, and its schema is ours where it can tell."""
    if isinstance(store, KnowsItsSchema):
        await store.ready()
    await store.read(lambda work: work.screens.last_happening())


def _facts(work: Work, now: datetime, today: date) -> Facts:
    views = work.screens.counts(Scope(), today)
    return Facts(now, work.accounts.all(), work.jobs.depths(), len(work.alarms.open()), views)


class _Office(Collector):
    """The facts as metric families, made anew for each scrape."""

    def __init__(self, facts: Facts | None) -> None:
        self._facts = facts

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("omnichannel_database_up", "Whether the database answered this scrape")
        up.add_metric([], 0 if self._facts is None else 1)
        yield up
        if self._facts is not None:
            yield from _accounts(self._facts)
            yield from _work(self._facts)


def _accounts(facts: Facts) -> Iterator[Metric]:
    labels = ("account", "channel")
    received = CounterMetricFamily("omnichannel_received", "Items received", labels=labels)
    quarantined = CounterMetricFamily("omnichannel_quarantined", "Items that could not be read", labels=labels)
    failed = CounterMetricFamily("omnichannel_send_failed", "Messages that the platform refused", labels=labels)
    health = GaugeMetricFamily("omnichannel_account_health", "1 for the state it is in", labels=(*labels, "health"))
    silence = GaugeMetricFamily("omnichannel_account_silence_seconds", "Since the last message came in", labels=labels)
    for state in facts.accounts:
        name = [state.account, state.channel.value]
        received.add_metric(name, state.received)
        quarantined.add_metric(name, state.quarantined)
        failed.add_metric(name, state.failed)
        for one in Health:
            health.add_metric([*name, one.value], float(state.health is one))
        if state.last_in_at is not None:
            silence.add_metric(name, max(0.0, (facts.at - state.last_in_at).total_seconds()))
    yield from (received, quarantined, failed, health, silence)


def _work(facts: Facts) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("omnichannel_jobs", "Jobs by queue and state", labels=("queue", "state"))
    for queue, (waiting, dead) in sorted(facts.jobs.items()):
        jobs.add_metric([queue, "waiting"], waiting)
        jobs.add_metric([queue, "dead"], dead)
    views = GaugeMetricFamily("omnichannel_conversations", "Conversations by view of the desk", labels=("view",))
    for view, count in sorted(facts.views.items()):
        views.add_metric([view], count)
    alarms = GaugeMetricFamily("omnichannel_alarms_open", "Alarms that nobody has acknowledged")
    alarms.add_metric([], facts.alarms)
    yield from (jobs, views, alarms)
