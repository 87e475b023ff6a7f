"""How things stand, as Prometheus reads it: pure, from what the store and the feeds said at this moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from typing_extensions import override

from feeds.watch import FeedHealth
from newsroom.delivery import State
from newsroom.link import shown_address
from newsroom.purse import DOLLAR, Budget, Spent
from newsroom.target import TargetId

Row = tuple[Sequence[str], float]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store said."""

    counts: Mapping[TargetId, Mapping[State, int]]
    parked: Mapping[TargetId, str]
    spent: Spent
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Standing(Collector):
    """All that is asked for one page of metrics."""

    at: float
    """Unix seconds of now."""
    since: float
    """Unix seconds of the worker's start."""
    feeds: Sequence[FeedHealth]
    leases: Mapping[str, bool]
    """By name: whether this worker holds it."""
    budget: Budget
    kept: Kept | None
    """None when the store does not answer."""

    @override
    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every family, with the numbers of this moment."""
        yield _family("ajil_start_time_seconds", "When this worker started, Unix seconds.", (), [((), self.since)])
        held = [((name,), float(is_held)) for name, is_held in self.leases.items()]
        yield _family("ajil_lease_held", "1 while this worker does what only one may do.", ("lease",), held)
        yield _family("ajil_store_up", "1 when the store answered this page.", (), [((), float(self.kept is not None))])
        yield from _of_feeds(self)
        if self.kept is not None:
            yield from _of_store(self.kept)
        yield from _of_money(self.kept, self.budget)


def _of_feeds(standing: Standing) -> Iterator[GaugeMetricFamily]:
    feeds = [(shown_address(feed.url), feed) for feed in standing.feeds]
    age = [((name,), standing.at - (feed.last_good or standing.since)) for name, feed in feeds]
    yield _family(
        "ajil_feed_last_good_age_seconds",
        "Since the site last answered with a feed or with 304; since the worker's start when it never did.",
        ("feed",),
        age,
    )
    failures = [((name,), float(feed.failures)) for name, feed in feeds]
    yield _family("ajil_feed_failures", "Failed polls in a row.", ("feed",), failures)
    silent = [((name,), float(feed.is_silent)) for name, feed in feeds]
    yield _family("ajil_feed_silent", "1 when nothing has come for much longer than is its habit.", ("feed",), silent)
    cached = [((name,), feed.cached_seconds) for name, feed in feeds]
    yield _family(
        "ajil_feed_cached_seconds", "How long the site's own cache had kept the last body.", ("feed",), cached
    )


def _of_store(kept: Kept) -> Iterator[GaugeMetricFamily]:
    standing = [
        ((str(target), str(state)), float(count))
        for target, states in kept.counts.items()
        for state, count in states.items()
    ]
    yield _family(
        "ajil_deliveries_open",
        "Deliveries that wait (planned), are being sent (sending), or want a person (uncertain).",
        ("target", "state"),
        standing,
    )
    parked = [((str(target),), float(target in kept.parked)) for target in {*kept.counts, *kept.parked}]
    yield _family("ajil_target_parked", "1 when the target refuses us and its lane stands.", ("target",), parked)
    yield _family("ajil_paused", "1 while the editors paused the newsroom.", (), [((), float(kept.is_paused))])


def _of_money(kept: Kept | None, budget: Budget) -> Iterator[GaugeMetricFamily]:
    if kept is not None:
        rows = [(("day",), kept.spent.day / DOLLAR), (("month",), kept.spent.month / DOLLAR)]
        yield _family(
            "ajil_x_spent_dollars", "Spent on X since the day's and the month's start (UTC).", ("since",), rows
        )
    caps = [((name,), cap / DOLLAR) for name, cap in (("day", budget.day), ("month", budget.month)) if cap is not None]
    yield _family("ajil_x_budget_dollars", "The limits that are set.", ("since",), caps)


def _family(name: str, says: str, labels: Sequence[str], rows: Sequence[Row]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family
