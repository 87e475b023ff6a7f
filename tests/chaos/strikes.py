"""Strikes: workers that are killed or stopped, by hand at random instants or by themselves at named points."""

import asyncio
import random
import signal
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.house import LOOK_SECONDS, House
from tests.chaos.pace import CHAOS_PACE
from tests.chaos.points import Blow, provocations

HANDS = 2
"""Workers of one house at a time: one falls while the other delivers, and finds what it left."""
PATIENCE_SECONDS = 12.0
"""A worker that has not reached its point by then lives in a house where that does not happen now."""
TRIES = 5
ENDS = {signal.SIGKILL: -signal.SIGKILL, signal.SIGTERM: 0}
"""The exit code that each blow leaves: one that is told to stop finishes in order."""
ASLEEP_SECONDS = (CHAOS_PACE.lease + 0.1, CHAOS_PACE.lease + 4.5)
"""How long a worker is stopped: its lease is over when it wakes, and often another has read back and sent meanwhile."""


@dataclass(slots=True)
class Tally:
    """What was struck.

    Attributes:
        struck: how often, by point or kind.
        missed: points that were not reached within all tries.
    """

    struck: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def times(self) -> int:
        """All strikes."""
        return self.struck.total()


@asynccontextmanager
async def news_in(houses: Iterable[House]) -> AsyncIterator[None]:
    """Each house's paper publishes meanwhile, as fast as its workers deliver."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as papers:
        for house in houses:
            papers.create_task(house.keep_publishing(stop), name=f"paper {house.name}")
        try:
            yield
        finally:
            stop.set()


async def in_all(houses: Sequence[House], hand: Callable[[House], Awaitable[None]], hands: int = HANDS) -> None:
    """Several hands in every house, while its paper publishes."""
    async with news_in(houses), asyncio.TaskGroup() as group:
        for house in houses:
            for _ in range(hands):
                group.create_task(_carried_out(hand, house))


async def _carried_out(hand: Callable[[House], Awaitable[None]], house: House) -> None:
    await hand(house)


async def deal(
    houses: Sequence[House], blows: Sequence[Blow], chance: random.Random, *, hands: int = HANDS, provoked: bool = False
) -> Tally:
    """Deal each blow to a worker of its own; a stopped one is woken after its lease is over.

    Args:
        houses: where.
        blows: one for each worker.
        chance: for the order, and how long a stopped one sleeps.
        hands: workers of one house at a time.
        provoked: whether another worker dies first, in the middle of a post, so that there is something to recover.
    """
    tally, waiting = Tally(), deque((blow, TRIES) for blow in chance.sample(blows, len(blows)))

    async def hand(house: House) -> None:
        while waiting:
            blow, tries = waiting.popleft()
            # At the second passage it falls on the channel without a discussion group, which must be probed.
            if provoked and await _struck(
                house, Blow(chance.choice(provocations(blow.point)), chance.choice((1, 2))), chance
            ):
                tally.struck["provoked"] += 1
            if await _struck(house, blow, chance):
                tally.struck[str(blow.point)] += 1
            elif tries > 1:
                waiting.append((blow, tries - 1))
            else:
                tally.missed[str(blow.point)] += 1

    await in_all(houses, hand, hands)
    return tally


async def _struck(house: House, blow: Blow, chance: random.Random) -> bool:
    """Whether the worker reached the point."""
    worker = await house.hire(blow)
    stopped = asyncio.ensure_future(worker.stopped.wait())
    waits: tuple[asyncio.Future[Any], ...] = (worker.ended, stopped)
    await asyncio.wait(waits, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    was_stopped = stopped.done()
    stopped.cancel()
    if was_stopped:
        await asyncio.sleep(chance.uniform(*ASLEEP_SECONDS))
        worker.hit(signal.SIGCONT)
        if not await worker.lived(0.5):
            house.forgive(worker)
        await worker.end()
        return True
    if worker.is_alive:
        await worker.end()
        return False
    if worker.ended.result() == ENDS[blow.number]:
        return True
    house.forgive(worker)
    return False


async def kill_at_random(
    houses: Sequence[House],
    times: int,
    chance: random.Random,
    *,
    hands: int = HANDS,
    lives: tuple[float, float] = (0.1, 3.0),
) -> Tally:
    """Kill workers from outside, at instants that nothing but chance decides, after lives of so many seconds."""
    tally, left = Tally(), deque(chance.uniform(*lives) for _ in range(times))

    async def hand(house: House) -> None:
        while left:
            seconds = left.popleft()
            worker = await house.hire()
            if not await worker.lived(seconds):
                house.forgive(worker)
            await worker.end()
            tally.struck["random"] += 1

    await in_all(houses, hand, hands)
    return tally


async def stop_at_random(houses: Sequence[House], times: int, chance: random.Random) -> Tally:
    """Stop one worker of two at a random instant, for longer than its lease, and let it go on."""
    tally, naps = Tally(), deque(chance.uniform(*ASLEEP_SECONDS) for _ in range(times))

    async def hand(house: House) -> None:
        worker = await house.hire()
        while naps:
            seconds = naps.popleft()
            await asyncio.sleep(chance.uniform(0.05, 0.8))
            worker.hit(signal.SIGSTOP)
            await asyncio.sleep(seconds)
            worker.hit(signal.SIGCONT)
            tally.struck["random"] += 1
            if not await worker.lived(0.05):
                house.forgive(worker)
                worker = await house.hire()

    await in_all(houses, hand)
    return tally


async def until(is_so: Callable[[], bool], seconds: float) -> None:
    """Look now and then whether something is so.

    Raises:
        TimeoutError: it is not so in time.
    """
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - what is looked at is another process's doing and rings no bell
            await asyncio.sleep(LOOK_SECONDS)
