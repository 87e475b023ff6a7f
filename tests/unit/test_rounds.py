"""Rounds of a part: what fails harms neither the next round nor another part, and is told once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from bot.rounds import BROKEN_SECONDS, Rounds
from newsroom.alert import Alert
from newsroom.errors import StoreUnavailable
from tests.support.clock import ManualClock

REST = 5.0


@dataclass
class Part:
    """What the rounds came to, in order; a round raises what it is told to."""

    fails: Exception | None = None
    rounds: int = 0
    told: list[Alert] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    left: int = 0

    async def look(self) -> None:
        """One round."""
        self.rounds += 1
        if self.fails:
            raise self.fails

    async def leave(self) -> None:
        """At the end."""
        self.left += 1
        if self.fails:
            raise self.fails

    async def tell(self, alert: Alert) -> None:
        """As the alarm."""
        self.told.append(alert)

    async def over(self, cause: str) -> None:
        """As the alarm."""
        self.ended.append(cause)


@dataclass
class Rig:
    """A part that runs, and its time."""

    part: Part
    clock: ManualClock
    stop: asyncio.Event
    running: asyncio.Task[None]

    async def end(self) -> None:
        """Tell it to stop."""
        self.stop.set()
        async with asyncio.timeout(5):
            await self.running


@pytest.fixture
async def begin() -> AsyncIterator[Callable[[Part], Rig]]:
    """Begins the rounds of a part."""
    rigs: list[Rig] = []

    def begun(part: Part) -> Rig:
        clock, stop = ManualClock(), asyncio.Event()
        rounds = Rounds("vigil", part.look, clock, part, rest_seconds=REST, leave=part.leave)
        rigs.append(Rig(part, clock, stop, asyncio.create_task(rounds.run(stop))))
        return rigs[-1]

    yield begun
    for rig in rigs:
        await rig.end()


async def test_a_part_looks_at_once_and_again_after_each_rest_until_it_is_told_to_stop(
    begin: Callable[[Part], Rig],
) -> None:
    """And then leaves in order."""
    rig = begin(Part())
    await rig.clock.until_asleep()
    assert rig.part.rounds == 1
    await rig.clock.walk(REST)
    assert (rig.part.rounds, rig.part.left) == (2, 0)
    await rig.end()
    assert (rig.part.rounds, rig.part.left) == (2, 1)


async def test_a_store_that_is_away_is_waited_for_and_told_of_once(
    begin: Callable[[Part], Rig], caplog: pytest.LogCaptureFixture
) -> None:
    """It is no fault of ours; at the end it is left as it is."""
    rig = begin(Part(StoreUnavailable("gone")))
    await rig.clock.until_asleep()
    await rig.clock.walk(2 * REST)
    assert rig.part.rounds == 3
    assert [line.getMessage() for line in caplog.records] == ["vigil waits for the store: gone"]
    await rig.end()
    assert (rig.part.left, rig.part.told) == (1, [])


async def test_a_round_that_breaks_is_told_to_the_desk_and_made_again_and_its_end_is_told_too(
    begin: Callable[[Part], Rig], caplog: pytest.LogCaptureFixture
) -> None:
    """With all of it in the log, and a longer rest: what breaks each time must not fill it."""
    rig = begin(Part(IndexError("nobody foresaw it")))
    await rig.clock.until_asleep()
    await rig.clock.walk(REST)
    assert rig.part.rounds == 1
    await rig.clock.walk(BROKEN_SECONDS - REST)
    assert rig.part.rounds == 2
    [alert] = {alert.cause: alert for alert in rig.part.told}.values()
    assert (alert.trouble, alert.about) == ("broken", "vigil")
    assert alert.why == "A fault of ours (IndexError); the log has all of it."
    assert "nobody foresaw it" in caplog.text
    rig.part.fails = None
    await rig.clock.walk(BROKEN_SECONDS)
    await rig.clock.walk(REST)
    assert (rig.part.rounds, rig.part.ended) == (4, [alert.cause])
