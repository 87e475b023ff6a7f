"""A clock that stands still until a test moves it; and what a thread of a test waits for instead of time."""

import asyncio
import heapq
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from threading import Event as ThreadEvent

from newsroom.ports import Event

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning; where a `ManualClock` stands unless it is told otherwise."""

_TURNS = 20
"""Turns of the loop that `walk` leaves to a woken task. What waits for a socket needs a condition of its own."""


class ManualClock:
    """Implements `newsroom.ports.Clock`. Time passes only in `advance`, `walk` and `jump`.

    Args:
        start: Where the wall clock stands, aware.
        monotonic: Where the monotonic clock stands, in seconds.
    """

    def __init__(self, start: datetime = START, monotonic: float = 1000.0) -> None:
        self._now = start
        self._monotonic = monotonic
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []
        self._naps = 0
        self._fell_asleep = asyncio.Condition()

    def now(self) -> datetime:
        """Wall clock."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Sleep until the clock was moved that far; zero or less only lets others run."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        nap: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._naps += 1
        heapq.heappush(self._asleep, (self._monotonic + seconds, self._naps, nap))
        async with self._fell_asleep:
            self._fell_asleep.notify_all()
        await nap

    async def wait(self, event: Event, seconds: float) -> bool:
        """Wait until the event is set or the clock was moved that far; tells whether the event is set."""
        return await _event_or(event, self.sleep(seconds))

    @property
    def sleepers(self) -> int:
        """How many are asleep now; one who was cancelled does not count."""
        return sum(not nap.done() for _, _, nap in self._asleep)

    @property
    def next_due(self) -> float | None:
        """Seconds until the first sleeper wakes; None when nobody sleeps."""
        self._drop_cancelled()
        return self._asleep[0][0] - self._monotonic if self._asleep else None

    async def until_asleep(self, count: int = 1) -> None:
        """Wait, in real time, until that many sleep: the moment at which moving the clock is fair."""
        async with self._fell_asleep:
            await self._fell_asleep.wait_for(lambda: self.sleepers >= count)

    def advance(self, seconds: float) -> None:
        """Move both clocks at once and wake, in order, all whose time has come.

        They run when the caller next awaits, and find the clock where it stands then. To have each wake at its own
        moment, use `walk`.
        """
        if seconds < 0:
            raise ValueError("time does not run backwards; the wall clock alone may jump")
        self._monotonic += seconds
        self._now += timedelta(seconds=seconds)
        self._drop_cancelled()
        while self._asleep and self._asleep[0][0] <= self._monotonic:
            nap = heapq.heappop(self._asleep)[2]
            nap.set_result(None)
            self._drop_cancelled()

    async def walk(self, seconds: float) -> None:
        """Move both clocks from one sleeper's moment to the next, and let each run before going on."""
        end = self._monotonic + seconds
        await _turns()
        while (due := self.next_due) is not None and self._monotonic + due <= end:
            self.advance(max(0.0, due))
            await _turns()
        self.advance(max(0.0, end - self._monotonic))
        await _turns()

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward or back, as a time server does; the monotonic clock does not notice."""
        self._now += timedelta(seconds=seconds)

    def _drop_cancelled(self) -> None:
        while self._asleep and self._asleep[0][2].done():
            heapq.heappop(self._asleep)


async def _turns() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)


async def _event_or(event: Event, nap: Coroutine[None, None, None]) -> bool:
    """Wait until the event is set or the nap is over; tells whether the event is set. Leaves no task behind."""
    waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(nap)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    return event.is_set()


def wait_for_turn(loop: asyncio.AbstractEventLoop) -> None:
    """In a thread beside the loop: wait until it turns once more, as it cannot while the same work is done in it.

    Raises:
        AssertionError: it stood still for ten seconds.
    """
    turned = ThreadEvent()
    loop.call_soon_threadsafe(turned.set)
    assert turned.wait(10), "the loop stood still meanwhile"
