"""What the web counts of itself, one registry an application; names begin with `omnichannel_`."""

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Counters of one process. What the whole office has done is read from the database when somebody scrapes."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.webhooks = Counter(
            "omnichannel_webhooks",
            "Webhook requests by account and what became of them",
            ("account", "result"),
            registry=self.registry,
        )
        self.live = Gauge("omnichannel_live_clients", "Open live streams", registry=self.registry)
        self.dropped = Counter(
            "omnichannel_live_dropped", "Live streams cut because their reader was too slow", registry=self.registry
        )
        self.logins = Counter("omnichannel_logins", "Login attempts by result", ("result",), registry=self.registry)
        self.requests = Histogram(
            "omnichannel_request_seconds",
            "Time to answer, by route and class of status",
            ("route", "method", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )


METRICS = web.AppKey("metrics", Metrics)
