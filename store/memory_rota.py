"""The rota in memory: the twin of `store.redis_rota`, rota.lua and rota_claim.lua."""

from collections.abc import Collection, Mapping, Sequence

from newsroom.ports import Clock
from newsroom.rota import Seat, Turnout


class MemoryRota:
    """Implements `newsroom.rota.Rota`. Times are unix seconds."""

    def __init__(self, clock: Clock) -> None:
        """Nobody is there; seats run out by this clock."""
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._holder: dict[str, str] = {}
        self._due: dict[str, float] = {}
        self._turn = 0

    async def join(self, seat: Seat, seconds: float) -> Turnout:
        """See `newsroom.rota.Rota`; so for all below."""
        now = self._clock.now().timestamp()
        if not self._is_alive(seat.name, now):
            self._turn += 1
        self._bury(now)
        self._ends[seat.name] = now + seconds
        return self._turnout(seat)

    async def renew(
        self, seat: Seat, seconds: float, dues: Mapping[str, float], given: Collection[str] = ()
    ) -> Turnout | None:
        """Nothing is written for a seat that ran out."""
        now = self._clock.now().timestamp()
        was_alive = self._is_alive(seat.name, now)
        self._bury(now)
        if not was_alive:
            return None
        self._tell(seat, dues, now)
        for feed in given:
            if self._holder.get(feed) == seat.name:
                del self._holder[feed]
                self._turn += 1
        self._ends[seat.name] = now + seconds
        return self._turnout(seat)

    async def claim(
        self, seat: Seat, feeds: Sequence[str], most: int, *, ahead: float, busy: float
    ) -> Mapping[str, float | None]:
        """In the order asked for."""
        now = self._clock.now().timestamp()
        claimed: dict[str, float | None] = {}
        if not self._is_alive(seat.name, now):
            return claimed
        for feed in feeds:
            holder = self._holder.get(feed, "")
            if len(claimed) < most and (holder == seat.name or not self._is_alive(holder, now)):
                due = self._due.get(feed)
                ripe = now if due is None else due
                if ripe < now + ahead:
                    self._due[feed] = max(ripe, now) + busy
                self._holder[feed] = seat.name
                claimed[feed] = None if due is None else round(due - now, 3)
        return claimed

    async def leave(self, seat: Seat, dues: Mapping[str, float]) -> None:
        """Its feeds are free at once."""
        now = self._clock.now().timestamp()
        if self._is_alive(seat.name, now):
            self._tell(seat, dues, now)
            del self._ends[seat.name]
            self._turn += 1

    def _is_alive(self, name: str, now: float) -> bool:
        # Seats are held for seconds: one that ends much later is of a clock that was set back since.
        return now < self._ends.get(name, 0.0) < now + 60

    def _bury(self, now: float) -> None:
        dead = [name for name in self._ends if not self._is_alive(name, now)]
        for name in dead:
            del self._ends[name]
            self._turn += 1

    def _tell(self, seat: Seat, dues: Mapping[str, float], now: float) -> None:
        self._due.update({feed: now + due for feed, due in dues.items() if self._holder.get(feed) == seat.name})

    def _turnout(self, seat: Seat) -> Turnout:
        return Turnout(sum(name.startswith(f"{seat.feeds}/") for name in self._ends), self._turn)
