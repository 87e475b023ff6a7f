"""The crier: whoever leaves a word does not wait, and people are told the newest word of each cause."""

import asyncio
from dataclasses import dataclass, field

from bot.crier import Crier
from newsroom.alert import Alert, Trouble

SOUTH, NORTH = "https://south.example.com/feed/", "https://north.example.com/feed/"


def down(feed: str, why: str = "the site answered 500") -> Alert:
    """A feed that is down."""
    return Alert(Trouble.FEED_DOWN, feed, why)


@dataclass
class SlowAlarm:
    """Tells nothing before the gate is open; writes down what it told, in order."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[tuple[str, str]] = field(default_factory=list)

    async def tell(self, alert: Alert) -> None:
        """Said."""
        await self.gate.wait()
        self.told.append((alert.about, alert.why))

    async def over(self, cause: str) -> None:
        """Over."""
        await self.gate.wait()
        self.told.append((cause, "over"))


async def test_nobody_waits_for_a_chat_that_is_slow() -> None:
    """A poll goes on; what was left is told when the chat takes it, in the order in which it came."""
    alarm = SlowAlarm()
    crier = Crier(alarm)
    await crier.tell(down(SOUTH))
    saying = asyncio.create_task(crier.say())
    await asyncio.sleep(0)
    await crier.tell(down(NORTH))
    assert alarm.told == []
    alarm.gate.set()
    await saying
    assert alarm.told == [(SOUTH, "the site answered 500"), (NORTH, "the site answered 500")]


async def test_of_one_cause_the_newest_word_is_told() -> None:
    """What came and went while the chat was slow is no two messages."""
    alarm = SlowAlarm()
    alarm.gate.set()
    crier = Crier(alarm)
    for why in ("the site answered 500", "the site answered 502"):
        await crier.tell(down(SOUTH, why))
    await crier.tell(down(NORTH))
    await crier.over(down(NORTH).cause)
    await crier.say()
    assert alarm.told == [(SOUTH, "the site answered 502"), (down(NORTH).cause, "over")]
    await crier.say()
    assert len(alarm.told) == 2
