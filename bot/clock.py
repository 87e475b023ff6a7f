"""The clock of the running process: the one place that asks the machine for the time."""

import asyncio
import time
from contextlib import suppress
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
        # Without a task of its own: a lane runs in the very turn after its bell was rung.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
        return event.is_set()
