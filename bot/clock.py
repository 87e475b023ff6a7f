"""The clock of the running process: the one place that asks the machine for the time."""

import asyncio
import time
from collections.abc import Coroutine
from datetime import UTC, datetime

from newsroom.ports import Event


class MachineClock:
    """Implements `newsroom.ports.Clock`."""

    def now(self) -> datetime:
        """Aware time, UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the Clock port

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def wait(self, event: Event, seconds: float) -> bool:
        """Wait until the event is set or the time is over; tells whether it is set."""
        return await event_or(event, self.sleep(seconds))


async def event_or(event: Event, nap: Coroutine[None, None, None]) -> bool:
    """Wait until the event is set or the nap is over; tells whether the event is set. Leaves no task behind."""
    waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(nap)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    return event.is_set()
