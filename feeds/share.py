"""The share: which of the feeds this worker polls, and the seat on the rota by which it holds them.

The seat is renewed every few seconds in one call that tells when the feeds fall due, so that a poll asks no store. What
falls due before the next renewal is counted as polled before it is: should we die in between, whoever takes the feed
over polls it a little later, and never twice in one period. A worker that cannot renew stops polling before others begin.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil, inf

from feeds.watch import Watch
from newsroom.errors import StoreUnavailable
from newsroom.ports import Clock
from newsroom.rota import Rota, Seat, Turnout

LEASE_SECONDS = 4.0
"""How long a seat is held by one renewal: after so much and one renewal of the others, the feeds of the dead are taken."""

_RENEWS_IN_LEASE = 0.3
_AHEAD_IN_LEASE = 0.6
"""Two renewals: one may be late. The rest of the lease keeps us from polling what others already took."""
_WANTING_IN_LEASE = 0.1
"""A worker that has less than its share looks more often: a rolling deploy must leave no gap."""

LOOK_SECONDS = 10.0
"""How often it is looked for free feeds though nobody came or went."""

COUNTED_MOST = 10.0
"""Seconds. A poll that nobody reported on is made again after so long, or after its period where that is shorter."""

TAKEN_SPREAD = 0.02
TAKEN_SPREAD_MOST = 1.5
"""Seconds for each feed that was taken over late, and for all of them: their sites get no burst."""

DUE_MOST = 3600.0
"""Seconds. No feed is left alone for longer, whatever its last holder told."""


@dataclass(frozen=True, slots=True)
class Gained:
    """A feed that is ours from now on."""

    watch: Watch
    due: float
    """Seconds of `Clock.monotonic`."""


class Share:
    """This worker's feeds among all.

    Args:
        watches: Of all feeds, by address, as the list stands now. Those that are ours are marked so.
        base: The list as the settings have it: whoever has the same shares with us, whatever editors changed meanwhile.
        rota: Who else is there.
        clock: Time.
        worker: Our name.
        poll_seconds: Between two polls of a feed.
        lease: Seconds for which a renewal holds the seat.
    """

    def __init__(
        self,
        watches: Mapping[str, Watch],
        rota: Rota,
        clock: Clock,
        *,
        base: Iterable[str],
        worker: str,
        poll_seconds: float,
        lease: float = LEASE_SECONDS,
    ) -> None:
        self._watches = watches
        self._rota = rota
        self._clock = clock
        self._worker = worker
        self._lists = blake2b("\n".join(sorted(base)).encode(), digest_size=8).hexdigest()
        self._lease = lease
        self._busy = min(poll_seconds, COUNTED_MOST)
        self._seat: Seat | None = None
        self._lives = 0
        self._turn = -1
        self._looked = -inf
        self._is_wanting = True
        self._given: list[str] = []
        """To be given back with the next renewal."""
        self.until = -inf
        """Seconds of `Clock.monotonic`: what falls due until then may be polled."""
        self._give_up()

    @property
    def has_begun(self) -> bool:
        """Whether the rota has answered us yet."""
        return self._lives > 0

    @property
    def pause(self) -> float:
        """Seconds until the next renewal."""
        return self._lease * (_WANTING_IN_LEASE if self._is_wanting else _RENEWS_IN_LEASE)

    async def keep(self) -> tuple[Gained, ...]:
        """Renew the seat, give back what is too much, claim what is missing.

        Raises:
            StoreUnavailable: nothing is gained; what is held is held until `until`.
        """
        asked = self._clock.monotonic()
        turnout = await self._renewed(asked)
        ours = [watch for watch in self._watches.values() if watch.is_ours]
        missing = ceil(len(self._watches) / turnout.workers) - len(ours)
        if missing < 0:
            await self._give(ours, -missing)
        gained: tuple[Gained, ...] = ()
        if missing > 0 and (turnout.turn != self._turn or asked - self._looked >= LOOK_SECONDS):
            gained = await self._claim(missing, turnout)
            self._turn, self._looked = turnout.turn, asked
        held = len(ours) + len(gained)
        self._is_wanting = not held or held < len(self._watches) // turnout.workers
        return gained

    def change(self, gone: Iterable[Watch]) -> None:
        """The list is another one: these stand in it no longer, and it may hold what nobody polls yet."""
        self._given += [watch.url for watch in gone if watch.is_ours]
        self._looked = -inf

    async def leave(self) -> None:
        """Give up the seat, so that others need not wait for it to run out.

        Raises:
            StoreUnavailable: it runs out by itself.
        """
        seat, now = self._seat, self._clock.monotonic()
        self._seat, self.until = None, -inf
        if seat is None:
            return
        dues = {watch.url: self._due_at_leave(watch, now) for watch in self._watches.values() if watch.is_ours}
        self._give_up()
        await self._rota.leave(seat, dues)

    async def _renewed(self, asked: float) -> Turnout:
        turnout = None
        if self._seat is not None:
            told = {watch: due for watch, due in self._dues(asked) if due != watch.told}
            dues = {watch.url: due - asked for watch, due in told.items()}
            turnout = await self._rota.renew(self._seat, self._lease, dues, self._given)
            if turnout is not None:
                for watch, due in told.items():
                    watch.told = due
        if turnout is None:
            turnout = await self._joined()
        self._given = []
        self.until = asked + self._lease * _AHEAD_IN_LEASE
        return turnout

    async def _joined(self) -> Turnout:
        """A seat that ran out is never taken up again: others may have had its feeds meanwhile."""
        self._give_up()
        seat = Seat(f"{self._worker}.{self._lives + 1}", self._lists)
        turnout = await self._rota.join(seat, self._lease)
        self._seat, self._turn = seat, -1
        self._lives += 1
        return turnout

    def _dues(self, now: float) -> Iterable[tuple[Watch, float]]:
        """When each of our feeds is to be polled by somebody else, should we not renew again."""
        counted = now + self._lease * _AHEAD_IN_LEASE
        for watch in self._watches.values():
            if not watch.is_ours:
                continue
            if watch.is_polled:
                # Told before it began, as a rule; not so where somebody said that it has news.
                yield watch, watch.told if watch.told > now else now + self._busy
            else:
                yield watch, watch.due + self._busy if watch.due <= counted else watch.due

    async def _give(self, ours: list[Watch], count: int) -> None:
        """Those that fall due last, and none that is being polled."""
        idle = [watch for watch in ours if not watch.is_polled]
        given = sorted(idle, key=lambda watch: -watch.due)[:count]
        if not given or self._seat is None:
            return
        now = self._clock.monotonic()
        for watch in given:
            watch.release()
        dues = {watch.url: watch.due - now for watch in given}
        try:
            await self._rota.renew(self._seat, self._lease, dues, [watch.url for watch in given])
        except StoreUnavailable:
            # Whether they are given back nobody knows: all is claimed anew.
            self._seat, self.until = None, -inf
            raise

    async def _claim(self, most: int, turnout: Turnout) -> tuple[Gained, ...]:
        if self._seat is None:
            return ()
        others = [url for url, watch in self._watches.items() if not watch.is_ours and not watch.is_polled]
        ahead = self._lease * _AHEAD_IN_LEASE
        found = await self._rota.claim(self._seat, others, most, ahead=ahead, busy=self._busy)
        # Alone in the house and just started: whoever started us wants to see it work.
        at_once = turnout.workers == 1 and self._lives == 1 and self._turn < 0
        now = self._clock.monotonic()
        spread = min(TAKEN_SPREAD_MOST, TAKEN_SPREAD * len(found))
        gained = []
        for url, due in found.items():
            watch = self._watches.get(url)
            if watch is None:
                self._given.append(url)  # It was taken from the list while we asked.
                continue
            watch.is_ours, watch.told = True, -inf
            late = now + watch.history.phase * spread
            gained.append(Gained(watch, late if due is None or due <= 0 or at_once else now + min(due, DUE_MOST)))
        return tuple(gained)

    def _due_at_leave(self, watch: Watch, now: float) -> float:
        """What is being handed over is finished; any other poll is broken off."""
        if watch.is_polled:
            return self._busy if watch.is_taking else 0.0
        return watch.due - now

    def _give_up(self) -> None:
        for watch in self._watches.values():
            watch.is_ours = watch.is_recalled = False
