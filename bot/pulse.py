"""The pulse: how late the event loop comes back, and how old the news was that went out.

Both are kept out of the lanes: a lane's settled post is noted at once, and dated here a moment later.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from newsroom.delivery import Delivery, State
from newsroom.errors import StoreUnavailable
from newsroom.ports import Clock, Ledger

if TYPE_CHECKING:
    from bot.metrics import Metrics

BEAT_SECONDS = 0.5
MOST_UNDATED = 10_000
"""Sent posts that wait for their date while the store is away; the oldest are let go, for they count nothing else."""


class Pulse:
    """A part of the worker: beats until it is told to stop."""

    def __init__(self, metrics: "Metrics | None", ledger: Ledger, clock: Clock) -> None:
        """Build it; it asks the ledger for the dates of the stories that were sent. Without metrics it rests."""
        self._metrics = metrics
        self._ledger = ledger
        self._clock = clock
        self._undated: deque[Delivery] = deque(maxlen=MOST_UNDATED)
        self.is_stopping = False
        """The worker was told to stop: it takes no more work, and is not ready."""

    def settled(self, delivery: Delivery) -> None:
        """A delivery's new state was written. A pushed one is as old as its article; one read back, nobody knows."""
        if self._metrics is None:
            return
        self._metrics.settled(delivery)
        if delivery.state is State.SENT and not delivery.by and not delivery.doubted:
            self._undated.append(delivery)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`."""
        if self._metrics is None:
            await stop.wait()
        else:
            await self._beat(self._metrics, stop)
        self.is_stopping = True

    async def _beat(self, metrics: "Metrics", stop: asyncio.Event) -> None:
        while not stop.is_set():
            asked = self._clock.monotonic()
            if not await self._clock.wait(stop, BEAT_SECONDS):
                metrics.lagged(self._clock.monotonic() - asked - BEAT_SECONDS)
            await self._date(metrics)

    async def _date(self, metrics: "Metrics") -> None:
        while self._undated:
            try:
                life = await self._ledger.life(self._undated[0].story)
            except StoreUnavailable:
                return  # The lanes say aloud that the store is down.
            delivery = self._undated.popleft()
            if life is not None:
                metrics.posted(delivery, life.story.dated.timestamp())
