"""An intake between real sites and a door that writes everything down, on a clock that a test moves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network

import pytest

from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher, Limits
from feeds.intake import Intake, to_nobody
from feeds.watch import FeedHealth
from newsroom.alert import Alert
from newsroom.entry import Entry
from newsroom.errors import StoreUnavailable
from newsroom.flood import Shown
from newsroom.ports import FeedMemory, FeedState, Showing
from tests.support.clock import ManualClock
from tests.support.feed_server import FeedServer

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
POLL_SECONDS = 30.0


@dataclass(slots=True)
class WatchedDoor:
    """Implements `feeds.poll.Door`: takes everything in, unless a test breaks it."""

    taken: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    """Titles and whether it was first sight, call by call."""
    fails_with: list[Exception] = field(default_factory=list)
    """One for each of the next calls."""
    held: asyncio.Event | None = None
    """While it is not set, a call waits for it."""
    calls: int = 0
    memory: FeedMemory | None = None
    """Where it writes what a feed has shown."""

    async def take_in(
        self,
        entries: Sequence[Entry],
        *,
        first_sight: bool,
        shown: Shown | None = None,
        showing: Showing | None = None,
    ) -> None:
        """Note the titles, and what the feed has shown."""
        self.calls += 1
        if self.held is not None:
            await self.held.wait()
        if self.fails_with:
            raise self.fails_with.pop(0)
        self.taken.append((tuple(entry.title for entry in entries), first_sight))
        if showing is not None and self.memory is not None:
            await self.memory.remember(showing.feed, showing.state)

    def news(self) -> list[str]:
        """Titles of all that was not first sight, in the order in which it was taken in."""
        return [title for titles, first_sight in self.taken if not first_sight for title in titles]


@dataclass(slots=True)
class WatchedMemory:
    """Implements `newsroom.ports.FeedMemory` and counts."""

    states: dict[str, FeedState] = field(default_factory=dict)
    recalls: int = 0
    remembers: int = 0
    is_down: bool = False

    async def recall(self, feed: str) -> FeedState | None:
        """Count it."""
        self.recalls += 1
        if self.is_down:
            raise StoreUnavailable("no store")
        return self.states.get(feed)

    async def remember(self, feed: str, state: FeedState) -> None:
        """Count it."""
        self.remembers += 1
        if self.is_down:
            raise StoreUnavailable("no store")
        self.states[feed] = state


@dataclass(slots=True)
class WatchedAlarm:
    """Implements `newsroom.ports.Alarm`: what stands, and all that was ever told."""

    told: list[Alert] = field(default_factory=list)
    standing: dict[str, Alert] = field(default_factory=dict)

    async def tell(self, alert: Alert) -> None:
        """Note it."""
        self.told.append(alert)
        self.standing[alert.cause] = alert

    async def over(self, cause: str) -> None:
        """It stands no longer."""
        self.standing.pop(cause, None)


@dataclass(slots=True)
class IntakeRoom:
    """A running intake and everything around it."""

    clock: ManualClock
    sites: FeedServer
    door: WatchedDoor
    memory: WatchedMemory
    intake: Intake
    alarm: WatchedAlarm
    has_begun: bool = False
    """The first poll happens by itself."""

    async def poll(self, times: int = 1) -> None:
        """Let that many polls happen, one after another. Only where one feed is watched."""
        for _ in range(times):
            await self.rest()
            if self.has_begun:
                self.clock.advance(self.clock.next_due or 0.0)
                await self.rest()
            self.has_begun = True

    async def rest(self) -> None:
        """Until the one feed's poll is over, and the next one waited for."""
        await self.clock.until_asleep()

    async def nudge(self, url: str) -> None:
        """Have a feed polled now."""
        before = self.health(url).polls
        assert self.intake.nudge(url)
        # The alarm for its usual time sleeps on meanwhile, so that somebody is asleep says nothing: the poll must be over, and
        # the intake have looked at what it said of the next.
        await until(
            lambda: self.health(url).polls > before and not self.intake._polls and not self.intake._wake.is_set()
        )
        await self.rest()

    def health(self, url: str) -> FeedHealth:
        """How one feed fares."""
        return next(health for health in self.intake.health() if health.url == url)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that happens on a socket."""
    while not is_so():  # noqa: ASYNC110 - what is waited for happens in another process or in the kernel.
        await asyncio.sleep(0.001)


@asynccontextmanager
async def intake_room(
    sites: FeedServer,
    clock: ManualClock,
    *feeds: str,
    memory: WatchedMemory | None = None,
    in_flight: int = 256,
    give_way: Callable[[], Awaitable[None]] = to_nobody,
) -> AsyncIterator[IntakeRoom]:
    """Run an intake over these feeds; at the end it is stopped, and whatever broke it is raised."""
    memory, alarm = memory or WatchedMemory(), WatchedAlarm()
    door = WatchedDoor(memory=memory)
    stop = asyncio.Event()
    limits = Limits(seconds=2.0)
    async with FeedFetcher(clock, allow=LOOPBACK, limits=limits) as fetcher:
        intake = Intake(
            FeedList(feeds),
            fetcher,
            memory,
            door,
            clock,
            POLL_SECONDS,
            alarm=alarm,
            chance=lambda: 0.5,
            in_flight=in_flight,
            give_way=give_way,
        )
        running = asyncio.create_task(intake.run(stop))
        try:
            yield IntakeRoom(clock, sites, door, memory, intake, alarm)
        finally:
            stop.set()
            await running


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The actions of the log, from the level that the test chose (warnings, if it chose none)."""
    return [str(getattr(line, "action", "")) for line in caplog.records if line.name.startswith("feeds.")]
