"""Rhythm: when to poll a feed next, from what it has shown us and what the site asks for. Pure.

Nobody in the field polls under a minute, learns a site's busy hours or spreads polls by phase; what is borrowed is
obeying Retry-After (reader, miniflux), a slot by the hash of the address (MonitoRSS) and slowing down once a push works
(Feedbin). The `sy:updatePeriod` of a feed is not asked: WordPress prints "hourly" for every site (a template constant).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from math import floor

from newsroom.habit import NONE_YET, Habit

BACKOFF_MOST = 15 * 60.0
"""Seconds. A feed that is down is asked at least so often."""

RETRY_AFTER_MOST = 60 * 60.0
"""Seconds. A site that asks for a year means "not now"; asking hourly harms nobody, and it may have mistyped."""

THROTTLED_LEAST = 60.0
"""Seconds to stay away after 429 or 503 without Retry-After."""

BUSY_LEAST = 5.0
"""Seconds. Busy hours make polls no faster than this, unless the house itself asked for it."""

PUSH_SLOWS = 4.0
PUSH_TRUSTED_AFTER = 3
"""Changes in a row that a push told us first."""

SPACING = 1.0
"""Seconds between two polls of one host, where its feeds leave room for it."""

_HABIT_KNOWN_AFTER = 10
_SILENCE_LEAST = 8 * 3600.0
_GAP_MOST_AT_FIRST = 48 * 3600.0
"""Seconds. One date of 1970, or a story pinned for years, says nothing of how often news comes."""
_DOWN_AFTER = 3
"""Polls in a row."""
_DOWN_LEAST = 60.0
_HOURS_KNOWN_AFTER = 50
_HOURS_MOST = 255
_JITTER = 0.1
_THROTTLED = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class History:
    """What a feed has shown us."""

    phase: float
    """0 to 1: its own place within the interval, the same after every restart and on every worker."""
    failures: int = 0
    """In a row."""
    habit: Habit = NONE_YET
    pushed: int = 0
    """Changes in a row that a push told us before a poll found them."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What the last poll says about the next."""

    chance: float = 0.5
    """0 to 1, for jitter."""
    status: int = 0
    """HTTP status of a failure."""
    retry_after: float | None = None
    fresh_for: float = 0.0
    refetch_after: float | None = None


def history_of(url: str) -> History:
    """Of a feed that was never polled."""
    return History(phase=int.from_bytes(blake2b(url.encode(), digest_size=8).digest()) / 2**64)


def next_poll(history: History, hints: Hints, now: float, base: float) -> float:
    """Seconds until the next poll.

    Args:
        history: Of the feed.
        hints: Of the last poll.
        now: Unix seconds.
        base: Seconds between polls as the house wishes them (POLL_SECONDS).
    """
    if history.failures:
        return _after_failure(history, hints, base)
    wished = base * _pace_of_hour(history, now, base)
    if history.pushed >= PUSH_TRUSTED_AFTER:
        wished *= PUSH_SLOWS
    # A cache that declares itself fresh for an hour would make breaking news an hour late: twice our own pace at most.
    interval = max(wished, min(hints.fresh_for, 2 * base))
    jitter = (hints.chance - 0.5) * _JITTER * interval
    due = _to_next_slot(history.phase, now, interval) + jitter
    # What shares its second with the last body is looked for as soon as that is over; a busy house comes sooner anyway.
    return due if hints.refetch_after is None else min(due, hints.refetch_after)


def _after_failure(history: History, hints: Hints, base: float) -> float:
    backoff = min(BACKOFF_MOST, base * 2.0 ** min(history.failures, 20))
    if hints.status in _THROTTLED and hints.retry_after is None:
        backoff = max(backoff, THROTTLED_LEAST)
    if hints.retry_after is not None:
        backoff = max(backoff, min(hints.retry_after, RETRY_AFTER_MOST))
    # Later, never earlier: the site has asked for the time, and all its readers come back at its end.
    return backoff * (1.0 + _JITTER * hints.chance)


def _to_next_slot(phase: float, now: float, interval: float) -> float:
    """Seconds to the feed's own slot that is nearest to one interval from now, so that feeds never bunch up."""
    slot = (floor(now / interval - phase) + phase + 1.0) * interval - now
    return slot if slot >= interval / 2 else slot + interval


def _pace_of_hour(history: History, now: float, base: float) -> float:
    """Half the interval in hours that bring more than half again their share, longer in hours that never bring any."""
    hours = history.habit.hours
    total = sum(hours)
    if total < _HOURS_KNOWN_AFTER:
        return 1.0
    share = hours[_hour(now)] * 24 / total
    if share > 1.5:
        return max(0.5, min(1.0, BUSY_LEAST / base))
    # An hour is called dead only when its neighbours are too: habits move by an hour with summer time.
    around = [hours[(_hour(now) + step) % 24] for step in (-1, 0, 1)]
    return 1.5 if not any(around) else 1.0


def spacing_of(feeds_on_host: int, base: float) -> float:
    """Seconds between two polls of one host: as much room as its feeds leave, and no more than a second."""
    return min(SPACING, base / max(1, feeds_on_host)) if feeds_on_host > 1 else 0.0


def after_change(history: History, now: float, *, by_push: bool) -> History:
    """Something new stood in the feed."""
    known = history.habit
    gap = now - known.last_change if known.last_change else 0.0
    habit = Habit(
        changes=known.changes + 1,
        last_change=now,
        longest_gap=max(gap, known.longest_gap * 0.98),
        hours=_counted(known.hours, _hour(now)),
    )
    return replace(history, failures=0, habit=habit, pushed=history.pushed + 1 if by_push else 0)


def after_answer(history: History) -> History:
    """The site answered, and nothing was new."""
    return replace(history, failures=0) if history.failures else history


def after_failure(history: History) -> History:
    """There was no feed."""
    return replace(history, failures=history.failures + 1)


def after_first_sight(history: History, published: Iterable[datetime | None], now: float) -> History:
    """A feed's own dates tell its habit before we have watched it."""
    watched = history.habit.longest_gap
    for moment in sorted(date.timestamp() for date in published if date is not None):
        if moment <= now:
            history = after_change(history, moment, by_push=False)
    gap = min(history.habit.longest_gap, max(_GAP_MOST_AT_FIRST, watched))
    return replace(history, habit=replace(history.habit, longest_gap=gap), pushed=0)


def is_silent_too_long(history: History, now: float) -> bool:
    """Whether nothing has come for twice as long as ever happens; never before its habit is known."""
    habit = history.habit
    if habit.changes < _HABIT_KNOWN_AFTER:
        return False
    return now - habit.last_change > max(_SILENCE_LEAST, 2 * habit.longest_gap)


def is_down(history: History, last_good: float, now: float) -> bool:
    """Whether somebody should know that there is no feed: one failure is a site that stumbles.

    Args:
        history: of the feed.
        last_good: Unix seconds of its last good answer; 0 when there was none.
        now: Unix seconds.
    """
    return history.failures >= _DOWN_AFTER and now - last_good >= _DOWN_LEAST


def _hour(now: float) -> int:
    return datetime.fromtimestamp(now, UTC).hour


def _counted(hours: bytes, hour: int) -> bytes:
    """One more; all are halved when one is full, so that old habits fade."""
    counts = [count // 2 for count in hours] if hours[hour] == _HOURS_MOST else list(hours)
    counts[hour] += 1
    return bytes(counts)
