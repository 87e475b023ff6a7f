"""What is counted as it happens, for Prometheus. What can be asked when it is wanted stands in `bot.standing`.

A registry of its own: nothing is registered in the client's global one, so that two newsrooms in one process (tests)
count apart.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from bot import __version__
from newsroom.delivery import Delivery, State

POST_BUCKETS = (0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 600, 1800)
"""Seconds. Fine up to a minute, as a poll every 30 s and a site's own cache make most of it (facts: performance §5)."""

OWN_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300)
"""Seconds of our own part: rates and the network's answer."""

LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


class Metrics:
    """Counters and histograms of one process.

    Labels are few and bounded: a target is one of the settings' own, a state one of six, a lane one of two.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._settled = Counter(
            "ajil_deliveries_settled",
            "Changes of state that were written, by target and the state that followed.",
            ("target", "state"),
            registry=self.registry,
        )
        self._from_site = Histogram(
            "ajil_publish_to_post_seconds",
            "From the article's own date to the platform's answer; an editor's pushes are left out.",
            ("target", "lane"),
            buckets=POST_BUCKETS,
            registry=self.registry,
        )
        self._ours = Histogram(
            "ajil_admit_to_post_seconds",
            "From the outbox to the platform's answer: our own part of the way.",
            ("target", "lane"),
            buckets=OWN_BUCKETS,
            registry=self.registry,
        )
        self._lag = Histogram(
            "ajil_loop_lag_seconds",
            "How much later than asked the event loop came back.",
            buckets=LAG_BUCKETS,
            registry=self.registry,
        )
        self._hooks = Counter(
            "ajil_hooks",
            "What came to a hook, and what became of it: what it said (publish, update, ...), or why it was refused.",
            ("hook", "outcome"),
            registry=self.registry,
        )
        build = Gauge("ajil_build_info", "Which Ajil this is; always 1.", ("version",), registry=self.registry)
        build.labels(__version__).set(1)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def settled(self, delivery: Delivery) -> None:
        """A delivery's new state was written."""
        self._settled.labels(delivery.target, delivery.state).inc()
        if delivery.state is State.SENT and not delivery.doubted:
            self._ours.labels(delivery.target, delivery.lane).observe(max(0.0, delivery.settled - delivery.admitted))

    def posted(self, delivery: Delivery, published: float) -> None:
        """A delivery was sent whose story carries this date (Unix seconds, whole ones: a feed knows no finer)."""
        # A site whose clock runs ahead would give a negative time; zero is the nearest that can be true.
        self._from_site.labels(delivery.target, delivery.lane).observe(max(0.0, delivery.settled - published))

    def hooked(self, hook: str, outcome: str) -> None:
        """Something came to a hook; `outcome` is a word of ours, never one of the request's."""
        self._hooks.labels(hook, outcome).inc()

    def lagged(self, seconds: float) -> None:
        """The event loop came back so much later than asked."""
        self._lag.observe(max(0.0, seconds))
