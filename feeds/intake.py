"""The intake: the loop over all feeds. Which feed falls due when, `agenda` and `rhythm` say; what a poll does, `poll`.

The fault of one feed harms no other: each poll is a task of its own, and whatever it raises counts against its feed
alone.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from math import inf

from feeds import rhythm
from feeds.agenda import Agenda
from feeds.answer import Source
from feeds.cell import Cells
from feeds.poll import Door, Poller
from feeds.rhythm import Hints
from feeds.watch import FeedHealth, Watch, watch_of
from newsroom.errors import StoreUnavailable
from newsroom.ports import Clock, FeedMemory

_log = logging.getLogger(__name__)

START_SPREAD = 0.02
"""Seconds for each feed, over which the first polls are spread: one feed is polled at once, a thousand in 20 s."""

SLACK_MOST = 0.05
"""Seconds. Feeds that fall due so soon after one another are begun together: waking costs as much as half a poll."""

DRAIN_SECONDS = 10.0
"""How long a stop waits for entries that are being handed over."""


class Intake:
    """Polls all feeds.

    Args:
        feeds: Addresses; one given twice is polled once.
        source: Where answers come from: a `FeedFetcher`.
        memory: What the feeds have shown us, beyond this process.
        door: Where entries go.
        clock: Time.
        poll_seconds: Between two polls of a feed, as the house wishes it.
        chance: A number from 0 to 1 at each call, for jitter.
        in_flight: Polls at once. A dead site holds one for 20 s, so there are many; each costs little.
    """

    def __init__(  # noqa: PLR0917 - five rooms and the one number they share; wiring names them all.
        self,
        feeds: Sequence[str],
        source: Source,
        memory: FeedMemory,
        door: Door,
        clock: Clock,
        poll_seconds: float,
        *,
        chance: Callable[[], float],
        in_flight: int = 256,
    ) -> None:
        self._watches = {url: watch_of(url) for url in dict.fromkeys(feeds)}
        self._clock = clock
        self._base = poll_seconds
        self._in_flight = in_flight
        self._cells = Cells()
        self._poller = Poller(source, memory, door, clock, chance=chance, cells=self._cells)
        self._agenda = Agenda(self._watches.values(), poll_seconds)
        self._polls: dict[asyncio.Task[Hints], Watch] = {}
        self._wake = asyncio.Event()
        self._alarm: asyncio.Future[None] | None = None
        self._alarm_at = inf
        self._is_stopping = False
        self._slack = min(SLACK_MOST, poll_seconds / 100)

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; then let what is being handed over finish."""
        start, spread = self._clock.monotonic(), min(self._base, START_SPREAD * len(self._watches))
        for watch in self._watches.values():
            self._agenda.put(watch, start + watch.history.phase * spread)
        stopping = asyncio.create_task(stop.wait(), name="intake waits for stop")
        stopping.add_done_callback(self._rouse)
        try:
            while not stop.is_set():
                self._wake.clear()
                self._begin_due()
                self._set_alarm()
                await self._wake.wait()
        finally:
            self._is_stopping = True
            stopping.cancel()
            self._stop_alarm()
            await self._drain()
            await self._cells.close()

    def nudge(self, feed_url: str) -> bool:
        """Poll this feed at once: someone says that it has news. Only what the site itself asked for is waited out.

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
        """How each feed fares, in the order in which they were given."""
        return tuple(watch.health() for watch in self._watches.values())

    def _begin_due(self) -> None:
        now = self._clock.monotonic() + self._slack
        while self._has_room and (watch := self._agenda.take(now)) is not None:
            watch.is_polled = True
            poll = asyncio.create_task(self._poller.poll(watch), name=f"poll {watch.url}")
            self._polls[poll] = watch
            poll.add_done_callback(self._ended)

    def _set_alarm(self) -> None:
        """To wake the loop when the next feed falls due. While all places are taken, the next poll that ends does."""
        now = self._clock.monotonic()
        delay = self._agenda.delay(now) if self._has_room else None
        if delay is None or now + delay >= self._alarm_at:
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
    def _has_room(self) -> bool:
        return len(self._polls) < self._in_flight

    async def _drain(self) -> None:
        """Break off what may be broken off, and wait for the rest; then break that off too."""
        for poll, watch in self._polls.items():
            if not watch.is_taking:
                poll.cancel()
        if self._polls:
            await asyncio.wait(tuple(self._polls), timeout=DRAIN_SECONDS)
        left = tuple(self._polls)
        for poll in left:
            poll.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, poll: asyncio.Task[Hints]) -> None:
        """Whatever a poll came to, its feed falls due again."""
        if not self._has_room:
            self._wake.set()
        watch = self._polls.pop(poll)
        watch.is_polled = watch.is_taking = False
        error = asyncio.CancelledError() if poll.cancelled() else poll.exception()
        if self._is_stopping:
            return
        if error is None:
            self._put_next(watch, poll.result())
            return
        if not isinstance(error, StoreUnavailable):
            _log.error(
                "A poll broke; the fault is ours, and only this feed suffers.",
                exc_info=error,
                extra={"action": "feed_broke", "feed": watch.url},
            )
            watch.note_failure(f"a fault of ours ({type(error).__name__})")
        self._put_next(watch, Hints())

    def _put_next(self, watch: Watch, hints: Hints) -> None:
        now, unix = self._clock.monotonic(), self._clock.now().timestamp()
        due = now + rhythm.next_poll(watch.history, hints, unix, self._base)
        if hints.retry_after is not None:
            watch.not_before = due
            if hints.status == HTTPStatus.TOO_MANY_REQUESTS:
                self._agenda.hold(watch.host, due)
        due = max(now, watch.not_before) if watch.is_nudged else due
        self._agenda.put(watch, due)
        if due < self._alarm_at:
            self._wake.set()
        self._mind_silence(watch, unix)

    @staticmethod
    def _mind_silence(watch: Watch, now: float) -> None:
        """Say it once, when a feed that used to bring news brings none."""
        if not watch.is_silent and rhythm.is_silent_too_long(watch.history, now):
            watch.is_silent = True
            _log.warning(
                "The feed has been silent for %.0f hours, much longer than is its habit.",
                (now - watch.history.last_change) / 3600,
                extra={"action": "feed_silent", "feed": watch.url},
            )
