"""A poll: fetch one feed, read what came, hand its new entries to the door, remember them. It moves, decides nothing.

Nothing is remembered before the door has taken it, so that whatever fails in between is met again at the next poll; the
door knows what it took already. A poll that brings nothing new asks no store; what one brings that does, and what its feed
has shown, is written in one round trip.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from feeds import rhythm
from feeds.answer import FeedDown, Fetched, Source, Unchanged
from feeds.catchup import Walk, walk
from feeds.cell import Cells
from feeds.known import Known
from feeds.reading import Reading, read
from feeds.rhythm import Hints, History
from feeds.watch import GAP_TRIES, Watch, state_of
from newsroom.alert import Alert, Trouble
from newsroom.entry import Entry
from newsroom.errors import FetchFailed, StoreUnavailable
from newsroom.flood import Shown, with_schemes
from newsroom.link import shown_address
from newsroom.ports import Alarm, Clock, FeedMemory, Showing

_log = logging.getLogger(__name__)

FUTURE_SECONDS = 600.0
"""A date further ahead than this is a mistake of the site and must not raise the watermark."""


AT_STORE = 24
"""Polls that ask the store at once. A worker that takes over thousands of feeds has 256 of them in flight, and whoever
sends posts must find a connection free (measured: the pool of redis-py ends at 100)."""


class Door(Protocol):
    """Where entries are taken in: `newsroom.desk.Desk`."""

    async def take_in(
        self,
        entries: Sequence[Entry],
        *,
        first_sight: bool,
        shown: Shown | None = None,
        showing: Showing | None = None,
    ) -> None:
        """Durable when it returns; the same entry may come again.

        `shown` comes with entries that the feed had not shown before, and not with edits of known ones. `showing` is
        what the feed memory is to hold as soon as all of them are taken, and not before.

        Raises:
            StoreUnavailable: Not all of them are taken; they come again.
        """
        ...


class Poller:
    """Polls one feed at a time, for all of them.

    Args:
        source: Where answers come from: a `FeedFetcher`.
        memory: What the feeds have shown us, beyond this process.
        door: Where entries go.
        clock: Time.
        alarm: Told of a feed that is down, or silent for longer than is its habit.
        chance: A number from 0 to 1 at each call, for jitter.
        cells: Where heavy bodies are parsed.
        give_way: Awaited before a body is read: what is on its way to followers goes first.
    """

    def __init__(
        self,
        source: Source,
        memory: FeedMemory,
        door: Door,
        clock: Clock,
        *,
        alarm: Alarm,
        chance: Callable[[], float],
        cells: Cells,
        give_way: Callable[[], Awaitable[None]],
    ) -> None:
        self._source = source
        self._memory = memory
        self._door = door
        self._clock = clock
        self._alarm = alarm
        self._chance = chance
        self._cells = cells
        self._give_way = give_way
        self._store_is_down = False
        self._at_store = asyncio.Semaphore(AT_STORE)

    async def poll(self, watch: Watch) -> Hints:
        """Poll a feed once, and note on its watch what came of it.

        Raises:
            StoreUnavailable: Nothing was noted; the next poll meets the same.
        """
        try:
            hints = await self._poll(watch)
            await self._mind(watch)
        except StoreUnavailable as fault:
            if not self._store_is_down:
                self._store_is_down = True
                _log.error(
                    "The store does not answer, so nothing is taken in: %s", fault, extra={"action": "store_down"}
                )
            raise
        else:
            return hints

    async def forget(self, watch: Watch) -> None:
        """The feed is no longer read: what the desk was told of it is taken back.

        Raises:
            StoreUnavailable: Not all of it is.
        """
        for trouble in (Trouble.FEED_DOWN, Trouble.FEED_SILENT):
            await self._alarm.over(Alert(trouble, shown_address(watch.url), "").cause)

    async def _mind(self, watch: Watch) -> None:
        """Tell the desk, once, of a feed that is down or silent, and take it back when that is over."""
        now, is_well = self._clock.now().timestamp(), not watch.history.failures
        is_silent = rhythm.is_silent_too_long(watch.history, now)
        if rhythm.is_down(watch.history, watch.last_good, now) and watch.told_down != watch.why:
            watch.told_down = watch.why
            await self._alarm.tell(Alert(Trouble.FEED_DOWN, shown_address(watch.url), watch.why))
        elif is_well and (watch.told_down or not watch.is_settled):
            watch.told_down = ""
            await self._alarm.over(Alert(Trouble.FEED_DOWN, shown_address(watch.url), "").cause)
        if is_silent != watch.is_silent or not watch.is_settled:
            await self._mind_silence(watch, now, is_silent=is_silent)
        watch.is_settled = watch.is_settled or is_well

    async def _mind_silence(self, watch: Watch, now: float, *, is_silent: bool) -> None:
        about = shown_address(watch.url)
        if is_silent and not watch.is_silent:
            hours = (now - watch.history.habit.last_change) / 3600
            _log.warning(
                "The feed has been silent for %.0f hours, much longer than is its habit.",
                hours,
                extra={"action": "feed_silent", "feed": watch.url},
            )
            await self._alarm.tell(Alert(Trouble.FEED_SILENT, about, f"{hours:.0f} h"))
        elif not is_silent:
            await self._alarm.over(Alert(Trouble.FEED_SILENT, about, "").cause)
        watch.is_silent = is_silent

    async def _poll(self, watch: Watch) -> Hints:
        if not watch.is_recalled:
            async with self._at_store:
                state = await self._memory.recall(watch.url)
            watch.recall(state)
            self._store_answers()
        was_nudged, watch.is_nudged = watch.is_nudged, False
        answer = await self._source.fetch(watch.address, watch.validators, plain=watch.is_plain)
        watch.polls += 1
        match answer:
            case Unchanged():
                watch.validators = answer.validators
                watch.note_nothing_new()
                self._answered(watch, answer.moved)
                return Hints(self._chance(), fresh_for=answer.fresh_for)
            case FeedDown():
                return self._down(watch, answer)
            case Fetched():
                return await self._body_came(watch, answer, was_nudged=was_nudged)

    async def _body_came(self, watch: Watch, fetched: Fetched, *, was_nudged: bool) -> Hints:
        watch.since_body = 0
        try:
            await self._take(watch, fetched, was_nudged=was_nudged)
        except FetchFailed as fault:
            return self._down(watch, FeedDown(str(fault).rstrip(".")))
        watch.is_refetch = fetched.refetch_after is not None
        watch.cached_seconds = fetched.age
        self._answered(watch, fetched.moved)
        return Hints(self._chance(), fresh_for=fetched.fresh_for, refetch_after=fetched.refetch_after)

    async def _take(self, watch: Watch, fetched: Fetched, *, was_nudged: bool) -> None:
        """The gates: the same bytes, the same entries, and only then entries that matter."""
        if hash(fetched.body) == watch.fingerprint and watch.before_gap is None:
            watch.validators = fetched.validators
            watch.note_nothing_new()
            return
        known = watch.known or Known()
        await self._give_way()
        reading = await read(fetched, watch.url, known, self._cells)
        older = await self._older(watch, reading, fetched.headers.get("link", ""))
        if watch.known is not None and not reading.entries and not older.entries:
            watch.accept(fetched, known.with_body(reading.sightings, dict(older.digests)), watch.newest)
            watch.note_nothing_new()
        else:
            await self._hand_over(watch, fetched, reading, older, was_nudged=was_nudged)
        self._mind_gap(watch, known, older)

    async def _older(self, watch: Watch, reading: Reading, link: str) -> Walk:
        if watch.known is None or not (reading.sorted.bottom or watch.before_gap):
            return Walk()
        anchor = watch.before_gap or watch.known
        return await walk(
            self._source,
            self._cells,
            watch.address,
            reading,
            known=watch.known,
            anchor=anchor,
            newest=watch.newest,
            link=link,
        )

    async def _hand_over(
        self, watch: Watch, fetched: Fetched, reading: Reading, older: Walk, *, was_nudged: bool
    ) -> None:
        """To the door, and into memory with the last of it."""
        watch.is_taking = True
        old = _revealed(reading, older)
        revealed = [entry for key, entry in reading.entries if key in old]
        edited = [entry for key, entry in reading.entries if key in reading.sorted.changed]
        unseen = [entry for key, entry in reading.entries if key in reading.sorted.unseen - old]
        unseen += [entry for _, entry in older.entries]
        shown = _shown(watch, len(reading.sightings) + len(older.entries))
        newest = self._newest(watch, [*revealed, *edited, *unseen])
        schemes = with_schemes(watch.schemes, unseen)
        known = (watch.known or Known()).with_body(reading.sightings, dict(older.digests))
        history = self._history(watch, unseen, was_nudged=was_nudged)
        showing = Showing(watch.url, state_of(known, fetched.validators, newest, schemes, history))
        # What was revealed only moved up as newer ones were removed: the desk is to know it, and to send nothing.
        lots = ((revealed, True, None), (edited, False, None), (unseen, watch.known is None, shown))
        await self._take_in([lot for lot in lots if lot[0]], showing)
        self._store_answers()
        _log_taken(watch, reading, len(unseen))
        watch.history, watch.schemes = history, schemes
        watch.accept(fetched, known, newest)

    async def _take_in(self, lots: Sequence[tuple[list[Entry], bool, Shown | None]], showing: Showing) -> None:
        """Lot by lot: the entries, whether it is their first sight, and what the feed shows where they are new."""
        for place, (entries, first_sight, shown) in enumerate(lots, 1):
            with_them = showing if place == len(lots) else None
            ordered = _oldest_first(entries)
            await self._door.take_in(ordered, first_sight=first_sight, shown=shown, showing=with_them)
        if not lots:  # An empty feed, at first sight.
            async with self._at_store:
                await self._memory.remember(showing.feed, showing.state)

    def _history(self, watch: Watch, unseen: Sequence[Entry], *, was_nudged: bool) -> History:
        """Of the feed, after these were taken in."""
        now, history = self._clock.now().timestamp(), rhythm.after_answer(watch.history)
        if watch.known is None:
            return rhythm.after_first_sight(history, [entry.published for entry in unseen], now)
        return rhythm.after_change(history, now, by_push=was_nudged) if unseen else history

    def _store_answers(self) -> None:
        if self._store_is_down:
            self._store_is_down = False
            _log.info("The store answers again.", extra={"action": "store_back"})

    def _newest(self, watch: Watch, entries: Sequence[Entry]) -> float:
        most = self._clock.now().timestamp() + FUTURE_SECONDS
        dates = [entry.published.timestamp() for entry in entries if entry.published is not None]
        return max([watch.newest, *(date for date in dates if date <= most)])

    def _mind_gap(self, watch: Watch, before: Known, older: Walk) -> None:
        """A walk that broke off is begun again at the next poll, a few times."""
        if not older.broken:
            watch.before_gap, watch.gap_tries = None, 0
            return
        watch.gap_tries += 1
        gives_up = watch.gap_tries >= GAP_TRIES
        watch.before_gap = None if gives_up else watch.before_gap or before
        _log.warning(
            "Entries may be missing: page %d of the feed could not be had (%s); %s.",
            older.pages + 2,
            older.broken,
            "given up" if gives_up else "it is tried again",
            extra={"action": "feed_gap", "feed": watch.url},
        )

    def _answered(self, watch: Watch, moved: str) -> None:
        if watch.why:
            _log.info("The feed is back.", extra={"action": "feed_back", "feed": watch.url})
        if moved and moved != watch.moved:
            _log.info(
                "The feed has moved for good; it is asked there.", extra={"action": "feed_moved", "feed": watch.url}
            )
        watch.note_answer(self._clock.now().timestamp(), moved)

    def _down(self, watch: Watch, down: FeedDown) -> Hints:
        if down.why != watch.why:
            _log.warning("The feed is down: %s.", down.why, extra={"action": "feed_down", "feed": watch.url})
        watch.note_failure(down.why)
        return Hints(self._chance(), status=down.status, retry_after=down.retry_after)


def _shown(watch: Watch, count: int) -> Shown:
    newest = datetime.fromtimestamp(watch.newest, UTC) if watch.newest else None
    return Shown(count, watch.schemes, newest)


def _log_taken(watch: Watch, reading: Reading, new: int) -> None:
    about = {"feed": watch.url, "new": new, "edited": len(reading.sorted.changed)}
    if watch.known is None:
        _log.info("The feed is seen for the first time.", extra={"action": "feed_first_sight", **about})
    elif new:
        _log.info("The feed has new entries.", extra={"action": "feed_new", **about})
    else:
        _log.info("Entries of the feed were edited or removed.", extra={"action": "feed_edited", **about})
    if reading.distrust:
        _log.debug("The whole feed was parsed: %s.", reading.distrust, extra={"action": "feed_parsed_whole", **about})


def _revealed(reading: Reading, older: Walk) -> frozenset[bytes]:
    """Keys of what was never seen and is not new."""
    return reading.sorted.revealed | (reading.sorted.bottom if older.shows_no_gap else frozenset())


def _oldest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Feeds stand newest first. Where every entry has a date, dates decide; equal ones keep the order of the feed."""
    entries = entries[::-1]
    dates = {id(entry): entry.published for entry in entries}
    if None in dates.values():
        return tuple(entries)
    return tuple(sorted(entries, key=lambda entry: entry.published.timestamp() if entry.published else 0.0))
