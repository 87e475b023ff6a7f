"""The right of way: what is on its way to followers goes before what is only being read.

A feed is read in one go of some milliseconds, and a post waits three times between its verdict and the wire: where other feeds
change meanwhile, one of them was often in the way (docs/decisions/0017-right-of-way.md).
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from newsroom.ports import Clock

LONGEST_SECONDS = 0.03
"""How long others give way at most: three times what a post needs to its network's wire, and too short for any feed to be late.
A slow network or a picture on its way is not waited for."""
_DESK = "desk"


class RightOfWay:
    """Who goes first, and who gives way to them. For one loop.

    Args:
        clock: for how long.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: set[str] = set()
        self._until = -inf
        self._is_clear = asyncio.Event()

    def take(self, lane: str) -> None:
        """Something to be sent lies in this lane."""
        self._ahead.add(lane)
        self._until = self._clock.monotonic() + LONGEST_SECONDS
        self._is_clear.clear()

    def leave(self, lane: str) -> None:
        """Its request is out, or it has none."""
        self._ahead.discard(lane)
        if not self._ahead:
            self._is_clear.set()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While the desk writes down what is to be sent: whoever it wakes at the end takes the way over."""
        self.take(_DESK)
        try:
            yield
        finally:
            self.leave(_DESK)

    async def give(self) -> None:
        """Wait until the way is clear, for a moment."""
        left = self._until - self._clock.monotonic()
        if self._ahead and left > 0:
            await self._clock.wait(self._is_clear, left)
