"""What is kept of pushes, in memory: the twins of `store.redis_push`."""

from newsroom.subscription import Subscription


class MemorySubscriptions:
    """Implements `newsroom.subscription.Subscriptions`."""

    def __init__(self) -> None:
        """Empty."""
        self._kept: dict[str, Subscription] = {}

    async def find(self, path: str) -> Subscription | None:
        """The subscription with this callback."""
        return self._kept.get(path)

    async def all(self) -> tuple[Subscription, ...]:
        """By path."""
        return tuple(self._kept[path] for path in sorted(self._kept))

    async def keep(self, subscription: Subscription) -> None:
        """Put it in its place."""
        self._kept[subscription.path] = subscription

    async def drop(self, path: str) -> None:
        """Forget it."""
        self._kept.pop(path, None)


class MemoryHooks:
    """Implements `newsroom.subscription.Hooks`."""

    def __init__(self) -> None:
        """Empty."""
        self._seen: set[str] = set()

    async def first_time(self, name: str) -> bool:
        """True once for each."""
        is_first = name not in self._seen
        self._seen.add(name)
        return is_first
