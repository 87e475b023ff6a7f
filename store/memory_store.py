"""The smaller memories in memory: the twins of `store.redis_memory`."""

from newsroom.ports import Clock, FeedState


class MemoryFeedMemory:
    """Implements `newsroom.ports.FeedMemory`."""

    def __init__(self) -> None:
        """Empty: every feed is at first sight."""
        self._feeds: dict[str, FeedState] = {}

    async def recall(self, feed: str) -> FeedState | None:
        """None at first sight."""
        return self._feeds.get(feed)

    async def remember(self, feed: str, state: FeedState) -> None:
        """Replace it."""
        self._feeds[feed] = state


class MemoryUploads:
    """Implements `newsroom.ports.Uploads`."""

    def __init__(self) -> None:
        """Empty."""
        self._names: dict[tuple[str, str], str] = {}

    async def recall(self, owner: str, digest: str) -> str | None:
        """The network's own name of a picture."""
        return self._names.get((owner, digest))

    async def remember(self, owner: str, digest: str, name: str) -> None:
        """Keep it."""
        self._names[owner, digest] = name

    async def forget(self, owner: str, digest: str) -> None:
        """The network no longer knows it."""
        self._names.pop((owner, digest), None)


class MemoryLeases:
    """Implements `newsroom.ports.Leases`."""

    def __init__(self, clock: Clock) -> None:
        """Leases end by this clock."""
        self._clock = clock
        self._held: dict[str, tuple[str, float]] = {}

    async def hold(self, name: str, worker: str, seconds: float) -> bool:
        """Take or renew."""
        now = self._clock.now().timestamp()
        holder, ends = self._held.get(name, ("", 0.0))
        if holder not in {"", worker} and ends > now:
            return False
        self._held[name] = (worker, now + seconds)
        return True

    async def drop(self, name: str, worker: str) -> None:
        """Give it up, if it is ours."""
        if self._held.get(name, ("", 0.0))[0] == worker:
            del self._held[name]
