"""Readiness: whether this worker can do its work now. A worker that is not ready lives, and is not to be killed."""

from collections.abc import Callable, Sequence

from feeds.watch import FeedHealth
from newsroom.errors import StoreUnavailable
from newsroom.ports import Clock, Leases

KEPT_SECONDS = 5.0
"""How long an answer stands: whoever asks more often than that costs the store nothing."""

LEASE_SECONDS = 30.0


class Readiness:
    """The store can be written, the feeds were asked once, and nobody said stop.

    The store is written to, not merely read: one whose disk is full answers every question and keeps nothing
    (measured: MISCONF on writes alone). The key is this worker's own and goes by itself.
    """

    def __init__(
        self,
        leases: Leases,
        clock: Clock,
        *,
        worker: str,
        feeds: Callable[[], Sequence[FeedHealth]],
        stopping: Callable[[], bool],
    ) -> None:
        """Build it; nothing is asked yet."""
        self._leases = leases
        self._clock = clock
        self._worker = worker
        self._feeds = feeds
        self._stopping = stopping
        self._store_says = ""
        self._asked: float | None = None

    async def why_not(self) -> str:
        """Why it is not ready, in one clause; empty when it is."""
        if self._stopping():
            return "it is stopping"
        waiting = [feed for feed in self._feeds() if not feed.last_good and not feed.failures]
        return await self._store() or (f"{len(waiting)} feeds were not asked yet" if waiting else "")

    async def _store(self) -> str:
        now = self._clock.monotonic()
        if self._asked is None or now - self._asked >= KEPT_SECONDS:
            self._asked = now
            try:
                await self._leases.hold(f"ready-{self._worker}", self._worker, LEASE_SECONDS)
                self._store_says = ""
            except StoreUnavailable as fault:
                self._store_says = str(fault)
        return self._store_says
