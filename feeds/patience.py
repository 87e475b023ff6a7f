"""Patience: how long each of many things in flight may take, with one timer for all of them.

`asyncio.timeout` makes a timer for each, which is a tenth of a poll that brings nothing (measured: 15 to 28 of 265 µs). As
all have the same limit, whoever began first is over first, and nobody else needs to be watched.
"""

import asyncio
from types import TracebackType
from typing import Any


class Patience:
    """Limits what its block takes: `with patience:`, in as many tasks at once as there are, and in each not within itself.

    As `asyncio.timeout`: the task is cancelled, and leaves the block with TimeoutError; whoever else cancels it is heard.

    Args:
        seconds: For each block.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[asyncio.Task[Any], tuple[float, int]] = {}
        """Until when, and how often the task was cancelled before; the first to begin stands first."""
        self._over: dict[asyncio.Task[Any], int] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        """Begin."""
        task = _this_task()
        if task in self._waiting:
            raise RuntimeError("patience within patience")
        loop = asyncio.get_running_loop()
        until = loop.time() + self._seconds
        self._waiting[task] = (until, task.cancelling())
        if self._timer is None:
            self._timer = loop.call_at(until, self._look, loop)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End.

        Raises:
            TimeoutError: It took too long.
        """
        task = _this_task()
        if self._waiting.pop(task, None) is not None:
            return
        before = self._over.pop(task)
        if task.uncancel() <= before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cancel whoever is over, and come back for the next."""
        self._timer, now = None, loop.time()
        for task, (until, before) in list(self._waiting.items()):
            if until > now:
                self._timer = loop.call_at(until, self._look, loop)
                return
            del self._waiting[task]
            self._over[task] = before
            task.cancel()


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("patience is a task's")
    return task
