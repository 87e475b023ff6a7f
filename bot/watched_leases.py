"""Leases, watched: which of them this worker holds, for the metrics."""

from collections.abc import Mapping

from newsroom.ports import Clock, Leases


class WatchedLeases:
    """Implements `newsroom.ports.Leases` by another, and remembers what was granted."""

    def __init__(self, leases: Leases, clock: Clock) -> None:
        """Take the real ones."""
        self._leases = leases
        self._clock = clock
        self._until: dict[str, float] = {}

    async def hold(self, name: str, worker: str, seconds: float) -> bool:
        """Take or renew. The time is taken before the question, so that the watch never outlasts the lease."""
        asked = self._clock.monotonic()
        is_ours = await self._leases.hold(name, worker, seconds)
        self._until[name] = asked + seconds if is_ours else 0.0
        return is_ours

    async def drop(self, name: str, worker: str) -> None:
        """Give it up."""
        self._until[name] = 0.0
        await self._leases.drop(name, worker)

    def held(self) -> Mapping[str, bool]:
        """Every lease that was asked for, and whether it is ours now."""
        now = self._clock.monotonic()
        return {name: until > now for name, until in self._until.items()}
