"""The machine's side, built: pulse, watched leases, readiness and the pages that tell them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.metrics import Metrics
from bot.pulse import Pulse
from bot.ready import Readiness
from bot.standing import Standing
from bot.watched_leases import WatchedLeases
from bot.web_metrics import MachinePages, kept_by
from feeds.watch import FeedHealth
from newsroom.ports import Clock
from newsroom.purse import Budget
from store.store import Store

Feeds = Callable[[], Sequence[FeedHealth]]


@dataclass(frozen=True, slots=True)
class Machine:
    """What a host and a Prometheus see of one worker."""

    store: Store
    clock: Clock
    metrics: Metrics
    pulse: Pulse
    leases: WatchedLeases

    def pages(self, feeds: Feeds, budget: Budget, worker: str) -> MachinePages:
        """/metrics and /ready; `feeds` tells how the feeds fare."""
        since = self.clock.now().timestamp()

        async def stand() -> Standing:
            return Standing(
                at=self.clock.now().timestamp(),
                since=since,
                feeds=feeds(),
                leases=self.leases.held(),
                budget=budget,
                kept=await kept_by(self.store.ledger, self.store.switch),
            )

        readiness = Readiness(
            self.store.leases,
            self.clock,
            worker=worker,
            feeds=feeds,
            stopping=lambda: self.pulse.is_stopping,
        )
        return MachinePages(self.metrics, stand, readiness)


def machine_of(store: Store, clock: Clock) -> Machine:
    """The machine's side of a worker on this store."""
    metrics = Metrics()
    return Machine(store, clock, metrics, Pulse(metrics, store.ledger, clock), WatchedLeases(store.leases, clock))
