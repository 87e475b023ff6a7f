"""Rounds: a part of the worker that looks, rests and looks again. A round that fails harms neither the next nor another part.

A store that is away is waited for. A fault of ours is logged whole and told to the desk, and the round is made again: what
looks after questions, pictures or hubs must not stop the news. What carries the news itself (intake, dispatch, listener)
keeps its own faults apart feed by feed, post by post and order by order.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from newsroom.alert import Alert, Trouble
from newsroom.errors import StoreUnavailable
from newsroom.ports import Alarm, Clock

log = logging.getLogger(__name__)

BROKEN_SECONDS = 30.0
"""Rest after a round that broke: what breaks each time must not fill the log."""

Look = Callable[[], Awaitable[None]]


class Rounds:
    """Implements `bot.worker.Part`.

    Args:
        name: under which the worker, the log and the alarm know it.
        look: makes one round; it may raise `StoreUnavailable`.
        clock: for the rest between two.
        alarm: is told when a round broke, and when one is whole again.
        rest_seconds: between two rounds.
        leave: what is done at the end, while the store answers.
    """

    def __init__(
        self, name: str, look: Look, clock: Clock, alarm: Alarm, *, rest_seconds: float, leave: Look | None = None
    ) -> None:
        self.name = name
        self._look = look
        self._clock = clock
        self._alarm = alarm
        self._rest_seconds = rest_seconds
        self._leave = leave
        self._waits = self._broke = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; the first round is made at once."""
        while not stop.is_set():
            await self._round()
            await self._clock.wait(stop, max(self._rest_seconds, BROKEN_SECONDS if self._broke else 0.0))
        if self._leave:
            with suppress(StoreUnavailable):
                await self._leave()

    async def _round(self) -> None:
        try:
            await self._look()
        except StoreUnavailable as fault:
            if not self._waits:
                log.warning("%s waits for the store: %s", self.name, fault, extra={"action": "store_down"})
            self._waits = True
            return
        except Exception as fault:
            extra = {"action": "round_broke"}
            log.exception("A round of %s broke; the fault is ours, and only this part suffers.", self.name, extra=extra)
            self._waits, self._broke = False, True
            await self._alarm.tell(self._alert(f"A fault of ours ({type(fault).__name__}); the log has all of it."))
            return
        if self._broke:
            await self._alarm.over(self._alert("").cause)
        self._waits = self._broke = False

    def _alert(self, why: str) -> Alert:
        return Alert(Trouble.BROKEN, self.name, why)
