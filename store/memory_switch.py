"""The editors' brake in memory: the twin of `store.redis_memory.RedisSwitch`."""

from newsroom.target import TargetId


class MemorySwitch:
    """Implements `newsroom.ports.Switch`."""

    def __init__(self) -> None:
        """Running."""
        self.by = self.holding = ""
        self.stopped: dict[TargetId, str] = {}
        self.parking: dict[TargetId, str] = {}
        self.listed: set[TargetId] = set()
        """Targets that were parked before anything was sent there."""

    async def parked(self) -> dict[TargetId, str]:
        """Targets that refuse us, and why."""
        return dict(self.parking)

    async def park(self, target: TargetId, why: str) -> None:
        """Take nothing for it."""
        self.parking[target] = why
        self.listed.add(target)

    async def unpark(self, target: TargetId) -> None:
        """Take for it again."""
        self.parking.pop(target, None)

    async def pause(self, by: str) -> None:
        """Stop taking."""
        self.by = by

    async def resume(self) -> None:
        """Take again."""
        self.by = ""

    async def paused(self) -> str:
        """Who paused it."""
        return self.by
