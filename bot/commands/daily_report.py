"""The daily report: what `/report` answers, said in the desk's chat by itself once a day."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.commands.voice import Voice
from newsroom.daybook import Tokens
from newsroom.ports import Clock, Leases

log = logging.getLogger(__name__)

LEASE, LEASE_SECONDS = "daily report", 120.0
LOOK_SECONDS = 20.0
LATE_AT_MOST = timedelta(hours=1)
"""A worker that starts later in the day says nothing of the last one; `/report` does."""
_ACTION = {"action": "daily_report"}


class DailyReport:
    """A part of the worker. At most once a day: what may have been said is never said again.

    Args:
        voice: says it.
        words: makes it, as `/report` does.
        tokens: who says it on which day.
        leases: one worker makes it.
        clock: time.
        at: the time of day.
        zone: the newsroom's.
        desk: chat id of the editors' group.
        worker: this one's name.
    """

    def __init__(
        self,
        voice: Voice,
        words: Callable[[], Awaitable[str]],
        tokens: Tokens,
        leases: Leases,
        clock: Clock,
        *,
        at: time,
        zone: tzinfo,
        desk: int,
        worker: str,
    ) -> None:
        self._voice = voice
        self._words = words
        self._tokens = tokens
        self._leases = leases
        self._clock = clock
        self._at = at
        self._zone = zone
        self._desk = desk
        self._worker = worker
        self._told: date | None = None

    async def look(self) -> None:
        """Say it if it is due and nobody has.

        Raises:
            StoreUnavailable: it waits for as long as it is due.
        """
        day = due_on(self._clock.now(), self._at, self._zone)
        if day is None or day == self._told:
            return
        if not await self._leases.hold(LEASE, self._worker, LEASE_SECONDS):
            return
        try:
            await self._say(day)
        finally:
            await self._leases.drop(LEASE, self._worker)

    async def _say(self, day: date) -> None:
        what = f"daily report:{day}"
        if not await self._tokens.claimed(what):
            words = await self._words()
            # Claimed before it is said: a crash between the two loses a report that /report gives at any time.
            if await self._tokens.claim(what, self._worker) == self._worker:
                message = await self._voice.say(self._desk, words)
                log.info("the daily report %s", "is said" if message else "could not be said", extra=_ACTION)
        self._told = day


def due_on(now: datetime, at: time, zone: tzinfo) -> date | None:
    """The day whose report is due now; None when its hour has not come or has passed. Pure.

    An hour that the clocks leave out comes an hour later, and one that they repeat is the first of the two.
    """
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        late = now - datetime.combine(day, at, zone).astimezone(UTC)
        if timedelta() <= late < LATE_AT_MOST:
            return day
    return None
