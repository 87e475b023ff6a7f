"""The herald: what the store must tell the desk is told."""

import asyncio
from dataclasses import dataclass, field

from bot.herald import Herald
from newsroom.alert import Alert, Trouble

MOVED = Alert(Trouble.STORE_MOVED, "", "posts that waited and are looked for before they are sent: 2")


@dataclass
class WrittenAlarm:
    """Writes down what it was told, in order."""

    told: list[str] = field(default_factory=list)
    rung: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell(self, alert: Alert) -> None:
        """Said."""
        self.told.append(alert.why)
        self.rung.set()

    async def over(self, cause: str) -> None:
        """Over."""
        self.told.append(f"over {cause}")


async def test_what_the_store_met_is_told_at_once_and_each_time_as_a_thing_of_its_own() -> None:
    """A second failover in the same words is no repetition of the first."""
    tidings: asyncio.Queue[Alert] = asyncio.Queue()
    alarm, stop = WrittenAlarm(), asyncio.Event()
    running = asyncio.create_task(Herald(tidings, alarm).run(stop))
    for _ in range(2):
        tidings.put_nowait(MOVED)
        async with asyncio.timeout(5):
            await alarm.rung.wait()
        alarm.rung.clear()
    assert alarm.told == [f"over {MOVED.cause}", MOVED.why] * 2
    stop.set()
    async with asyncio.timeout(5):
        await running


async def test_what_was_known_before_a_stop_is_told_before_the_end() -> None:
    """The last word is not swallowed."""
    tidings: asyncio.Queue[Alert] = asyncio.Queue()
    alarm, stop = WrittenAlarm(), asyncio.Event()
    tidings.put_nowait(MOVED)
    stop.set()
    await Herald(tidings, alarm).run(stop)
    assert MOVED.why in alarm.told
