"""The machine's side, built: pulse, watched leases, readiness and the pages that tell them.

Without a PORT there are no pages, and nobody could read what is counted: then neither Prometheus' client nor the server
of aiohttp is loaded, which together take 3 MB and 20 ms of processor time (measured).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.pulse import Pulse
from bot.watched_leases import WatchedLeases
from feeds.watch import FeedHealth
from newsroom.ports import Clock
from newsroom.purse import Budget
from store.store import Store

if TYPE_CHECKING:
    from bot.metrics import Metrics
    from bot.web_metrics import MachinePages

Feeds = Callable[[], Sequence[FeedHealth]]


@dataclass(frozen=True, slots=True)
class Machine:
    """What a host and a Prometheus see of one worker."""

    store: Store
    clock: Clock
    metrics: "Metrics | None"
    """None without pages."""
    pulse: Pulse
    leases: WatchedLeases

    def pages(self, feeds: Feeds, budget: Budget, worker: str) -> "MachinePages | None":
        """/metrics and /ready; `feeds` tells how the feeds fare. None where there are to be no pages."""
        if self.metrics is None:
            return None
        from bot.ready import Readiness  # noqa: PLC0415 - see the module's docstring
        from bot.standing import Standing  # noqa: PLC0415
        from bot.web_metrics import MachinePages, kept_by  # noqa: PLC0415

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


def machine_of(store: Store, clock: Clock, *, has_pages: bool = True) -> Machine:
    """The machine's side of a worker on this store; nothing is counted where there are to be no pages."""
    metrics = None
    if has_pages:
        from bot.metrics import Metrics  # noqa: PLC0415 - see the module's docstring

        metrics = Metrics()
    return Machine(store, clock, metrics, Pulse(metrics, store.ledger, clock), WatchedLeases(store.leases, clock))
