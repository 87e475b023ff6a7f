"""The herald: what the store must tell the desk is told, as soon as it is known."""

import asyncio

from newsroom.alert import Alert
from newsroom.ports import Alarm


class Herald:
    """A part of the worker: hands on alerts until it is told to stop."""

    def __init__(self, tidings: "asyncio.Queue[Alert]", alarm: Alarm) -> None:
        """Take where they come from and where they go."""
        self._tidings = tidings
        self._alarm = alarm

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is known by then is told first."""
        stopping = asyncio.create_task(stop.wait(), name="herald waits for stop")
        try:
            while not stop.is_set():
                came = asyncio.create_task(self._tidings.get(), name="herald listens")
                await asyncio.wait({came, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if came.done():
                    await self._tell(came.result())
                else:
                    came.cancel()
        finally:
            stopping.cancel()
        while not self._tidings.empty():
            await self._tell(self._tidings.get_nowait())

    async def _tell(self, alert: Alert) -> None:
        # Each loss is one of its own, though it has the name of the last.
        await self._alarm.over(alert.cause)
        await self._alarm.tell(alert)
