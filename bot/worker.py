"""The worker: runs the parts of the newsroom side by side until it is told to stop, and lets them finish.

Stop is an event, never a bare cancel: a send in flight is finished and written down. The drain is bounded, since
hosts kill after half a minute; what was cut off then is `uncertain` to the next worker, not lost.
"""

import asyncio
import logging
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

log = logging.getLogger(__name__)

DRAIN_SECONDS = 25.0
"""Heroku sends SIGKILL 30 s after SIGTERM (devcenter: dyno shutdown); others give as much or more."""


class Part(Protocol):
    """Something that runs until the stop event is set, and returns when it has finished what it began."""

    async def run(self, stop: asyncio.Event) -> None:
        """Run."""
        ...


class PartDiedError(Exception):
    """A part ended though nobody told it to; the worker stops, so that its host starts it anew."""


async def run_parts(parts: Mapping[str, Part], stop: asyncio.Event, drain_seconds: float = DRAIN_SECONDS) -> None:
    """Run all until `stop`, then wait for them, `drain_seconds` at most.

    Raises:
        PartDiedError: one ended by itself; the others were stopped in order first.
    """
    deaths: list[tuple[str, BaseException | None]] = []

    async def watch(name: str, part: Part) -> None:
        try:
            await part.run(stop)
        except Exception as fault:
            log.exception("%s died", name, extra={"action": "part_died"})
            deaths.append((name, fault))
        else:
            if not stop.is_set():
                deaths.append((name, None))
        finally:
            stop.set()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(watch(name, part), name=name) for name, part in parts.items()]
        await stop.wait()
        log.info("stopping: what is being sent is finished first", extra={"action": "stopping"})
        _, late = await asyncio.wait(tasks, timeout=drain_seconds)
        for task in late:
            log.warning("%s did not finish in %.0f s and is cut off", task.get_name(), drain_seconds)
            task.cancel()
    if deaths:
        name, fault = deaths[0]
        raise PartDiedError(f"{name} ended by itself") from fault


@contextmanager
def stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set `stop` on SIGTERM and SIGINT; a second SIGINT is the usual KeyboardInterrupt."""
    loop = asyncio.get_running_loop()

    def hear(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, hear, number)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
