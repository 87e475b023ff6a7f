"""The intake: the loop over all feeds. Which feed falls due when, `agenda` and `rhythm` say; what a poll does, `poll`.

The fault of one feed harms no other: each poll is a task of its own, and whatever it raises counts against its feed
alone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from http import HTTPStatus
from math import inf

from feeds import rhythm
from feeds.agenda import Agenda
from feeds.answer import Source
from feeds.cell import Cells
from feeds.feed_list import FeedList
from feeds.poll import Door, Poller
from feeds.rhythm import Hints
from feeds.share import LEASE_SECONDS, Share
from feeds.watch import FeedHealth, Watch, watch_of
from newsroom.errors import StoreUnavailable
from newsroom.ports import Alarm, Clock, FeedMemory
from newsroom.rota import Rota

_log = logging.getLogger(__name__)

START_SPREAD = 0.02
"""Seconds for each feed, over which the first polls are spread: one feed is polled at once, a thousand in 20 s."""

SLACK_MOST = 0.05
"""Seconds. Feeds that fall due so soon after one another are begun together: waking costs as much as half a poll."""

LEAVE_SECONDS = 2.0
"""How long a stop tries to tell the others that our feeds are free."""

DRAIN_SECONDS = 10.0
"""How long a stop waits for entries that are being handed over."""


async def to_nobody() -> None:
    """Where nothing is sent, nothing is waited for."""


class Intake:
    """Polls all feeds.

    Args:
        feeds: Which feeds are read; with a rota what editors change in the list is followed.
        source: Where answers come from: a `FeedFetcher`.
        memory: What the feeds have shown us, beyond this process.
        door: Where entries go.
        clock: Time.
        alarm: Told of feeds that are down, or silent beyond their habit.
        rota: Who polls which feed; without it all feeds are ours.
        worker: Our name on it.
        lease: Seconds for which a renewal holds our feeds.
        poll_seconds: Between two polls of a feed, as the house wishes it.
        chance: A number from 0 to 1 at each call, for jitter.
        give_way: Awaited before a body is read: what is on its way to followers goes first.
        in_flight: Polls at once. A dead site holds one for 20 s, so there are many; each costs little.
    """

    def __init__(  # noqa: PLR0917 - five rooms and the one number they share; wiring names them all.
        self,
        feeds: FeedList,
        source: Source,
        memory: FeedMemory,
        door: Door,
        clock: Clock,
        poll_seconds: float,
        *,
        alarm: Alarm,
        chance: Callable[[], float],
        rota: Rota | None = None,
        worker: str = "",
        lease: float = LEASE_SECONDS,
        give_way: Callable[[], Awaitable[None]] = to_nobody,
        in_flight: int = 256,
    ) -> None:
        self._list, self._followed = feeds, feeds.feeds
        self._watches = {url: watch_of(url) for url in feeds.feeds}
        self._removed: list[Watch] = []
        """Feeds of ours that stand in the list no longer, until the desk knows."""
        self._clock = clock
        self._base = poll_seconds
        self._in_flight = in_flight
        self._cells = Cells()
        self._poller = Poller(
            source, memory, door, clock, alarm=alarm, chance=chance, cells=self._cells, give_way=give_way
        )
        self._share = None
        if rota is not None:
            self._share = Share(
                self._watches, rota, clock, base=feeds.base, worker=worker, poll_seconds=poll_seconds, lease=lease
            )
        self._agenda = Agenda(self._watches.values(), poll_seconds)
        self._polls: dict[Watch, asyncio.Task[None]] = {}
        self._wake, self._hurry = asyncio.Event(), asyncio.Event()
        self._alarm: asyncio.Future[None] | None = None
        self._alarm_at = inf
        self._is_stopping = False
        self._slack = min(SLACK_MOST, poll_seconds / 100)

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; then let what is being handed over finish."""
        stopping = asyncio.create_task(stop.wait(), name="intake waits for stop")
        keeping = asyncio.create_task(self._keep(stop), name="intake keeps its feeds")
        for task in (stopping, keeping):
            task.add_done_callback(self._rouse)
        try:
            while not stop.is_set():
                self._wake.clear()
                self._begin_due()
                self._set_alarm()
                await self._wake.wait()
                if keeping.done():
                    keeping.result()
        finally:
            self._is_stopping = True
            for task in (stopping, keeping):
                task.cancel()
            self._stop_alarm()
            await self._leave(keeping)
            await self._drain()
            await self._cells.close()

    async def _keep(self, stop: asyncio.Event) -> None:
        """Have feeds to poll: all of them, or our share."""
        if self._share is None:
            start, spread = self._clock.monotonic(), min(self._base, START_SPREAD * len(self._watches))
            for watch in self._watches.values():
                self._agenda.put(watch, start + watch.history.phase * spread)
            return
        is_down = False
        while not stop.is_set():
            self._hurry.clear()
            try:
                await self._look(self._share)
                for gained in await self._share.keep():
                    self._agenda.put(gained.watch, gained.due)
                is_down = False
            except StoreUnavailable as fault:
                if not is_down:
                    words = "The store does not answer, so soon no feed is polled: %s"
                    _log.warning(words, fault, extra={"action": "store_down"})
                is_down = True
            self._wake.set()
            await self._clock.wait(self._hurry, self._share.pause)  # A stop cancels us.

    def follow(self) -> None:
        """The list of feeds was changed: it is looked at now, and not at the next renewal."""
        self._hurry.set()

    async def _look(self, share: Share) -> None:
        """Poll what stands in the list now, and nothing else."""
        feeds = await self._list.look()
        if feeds is not self._followed:
            self._followed = feeds
            gone = [self._watches.pop(url) for url in self._watches.keys() - set(feeds)]
            share.change(gone)
            for url in feeds:
                if url not in self._watches:
                    self._watches[url] = watch_of(url)
                    self._watches[url].is_ours = False
            self._agenda.count(self._watches.values())
            self._removed += [watch for watch in gone if watch.is_ours]
            self._break_off(gone)
        while self._removed:
            await self._poller.forget(self._removed[-1])
            self._removed.pop()

    def _break_off(self, gone: Collection[Watch]) -> None:
        """What is being handed over is finished: it was there before the order came."""
        for watch in gone:
            watch.release()
            watch.is_nudged = False
        for watch in gone:
            if (poll := self._polls.get(watch)) is not None and not watch.is_taking:
                poll.cancel()
                poll.add_done_callback(partial(self._leave_place, watch))  # It may not have begun.

    async def _leave(self, keeping: asyncio.Task[None]) -> None:
        """First of all at a stop: another worker need not wait until we have finished."""
        await asyncio.wait((keeping,))
        if self._share is None:
            return
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._share.leave()
        except (StoreUnavailable, TimeoutError) as fault:
            words = "Our feeds are free only when our seat runs out: %s"
            _log.warning(words, fault, extra={"action": "store_down"})

    def nudge(self, feed_url: str) -> bool:
        """Poll this feed at once: someone says that it has news. Only what the site itself asked for is waited out.

        One that another worker polls is polled here as well, once: whoever was told must not wait for the other.

        Returns:
            False for a feed that is not polled here.
        """
        watch = self._watches.get(feed_url)
        if watch is None:
            return False
        watch.is_nudged = True
        if not watch.is_polled:
            self._agenda.put(watch, max(self._clock.monotonic(), watch.not_before))
            self._wake.set()
        return True

    def health(self) -> tuple[FeedHealth, ...]:
        """How each feed fares that is polled here, in the order in which they were given."""
        is_unknown = self._share is not None and not self._share.has_begun
        return tuple(watch.health() for watch in self._watches.values() if watch.is_ours or is_unknown)

    def _begin_due(self) -> None:
        now = min(self._clock.monotonic() + self._slack, self._until)
        while self._has_room and (watch := self._agenda.take(now)) is not None:
            if watch.is_polled or not (watch.is_ours or watch.is_nudged):
                continue  # It falls due again when that poll ends; or it was given back, or lost.
            watch.is_polled = True
            self._polls[watch] = asyncio.create_task(self._poll(watch), name=f"poll {watch.url}")

    def _set_alarm(self) -> None:
        """To wake the loop when the next feed falls due. While all places are taken, the next poll that ends does."""
        now = self._clock.monotonic()
        delay = self._agenda.delay(now) if self._has_room else None
        # What is due later than we hold our feeds is taken up when they are held for longer.
        if delay is None or now + delay >= self._alarm_at or now + delay > self._until:
            return
        self._stop_alarm()
        self._alarm_at = now + delay
        self._alarm = asyncio.ensure_future(self._clock.sleep(delay))
        self._alarm.add_done_callback(self._rouse)

    def _stop_alarm(self) -> None:
        if self._alarm is not None:
            # The end of a cancelled alarm must not rouse the loop again, which would then never rest.
            self._alarm.remove_done_callback(self._rouse)
            self._alarm.cancel()
        self._alarm, self._alarm_at = None, inf

    def _rouse(self, cause: object) -> None:
        if cause is self._alarm:
            self._alarm, self._alarm_at = None, inf
        self._wake.set()

    @property
    def _until(self) -> float:
        """Until when our feeds are ours, in seconds of the clock."""
        return inf if self._share is None else self._share.until

    @property
    def _has_room(self) -> bool:
        return len(self._polls) < self._in_flight

    async def _drain(self) -> None:
        """Break off what may be broken off, and wait for the rest; then break that off too."""
        for watch, poll in self._polls.items():
            if not watch.is_taking:
                poll.cancel()
        if self._polls:
            await asyncio.wait(tuple(self._polls.values()), timeout=DRAIN_SECONDS)
        left = tuple(self._polls.values())
        for poll in left:
            poll.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _poll(self, watch: Watch) -> None:
        """Whatever a poll comes to, its feed falls due again.

        What follows it is no callback of its task: that is one more turn of the loop, a tenth of a poll that brings nothing.
        """
        hints = Hints()
        try:
            hints = await self._poller.poll(watch)
        except StoreUnavailable as fault:
            _log.debug("Nothing was noted: %s", fault)  # The poller has told it once, for all feeds.
        except Exception as error:  # noqa: BLE001 - whatever it is, it must harm no other feed, and it is told.
            _log.exception(
                "A poll broke; the fault is ours, and only this feed suffers.",
                extra={"action": "feed_broke", "feed": watch.url},
            )
            watch.note_failure(f"a fault of ours ({type(error).__name__})")
        finally:
            self._leave_place(watch)
        self._fall_due(watch, hints)

    def _leave_place(self, watch: Watch, _: object = None) -> None:
        if not self._has_room:
            self._wake.set()
        self._polls.pop(watch, None)
        watch.is_polled = watch.is_taking = False

    def _fall_due(self, watch: Watch, hints: Hints) -> None:
        if self._is_stopping:
            return
        if not watch.is_ours:
            # Somebody said that it has news, or it was lost meanwhile: what others do to it from now on, we do not see.
            watch.is_recalled = False
            if not watch.is_nudged:
                return
        self._put_next(watch, hints)

    def _put_next(self, watch: Watch, hints: Hints) -> None:
        now = self._clock.monotonic()
        unix = self._clock.now().timestamp()
        due = now + rhythm.next_poll(watch.history, hints, unix, self._base)
        if hints.retry_after is not None:
            watch.not_before = due
            if hints.status == HTTPStatus.TOO_MANY_REQUESTS:
                self._agenda.hold(watch.host, due)
        due = max(now, watch.not_before) if watch.is_nudged else due
        self._agenda.put(watch, due)
        if due < self._alarm_at:
            self._wake.set()
