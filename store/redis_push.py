"""What is kept of pushes, on a Redis-protocol server: subscriptions at hubs, and which notes were taken."""

from pydantic import TypeAdapter

from newsroom.subscription import Subscription
from store.keys import HOOK_SECONDS, key
from store.server import Server

_SUBSCRIPTION = TypeAdapter(Subscription)
_ALL = key("subscriptions")


class RedisSubscriptions:
    """Implements `newsroom.subscription.Subscriptions`: one hash, as there is one for each feed at most."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def find(self, path: str) -> Subscription | None:
        """The subscription with this callback."""
        [text] = await self._server.all_of([("HGET", _ALL, path)])
        return None if text is None else _SUBSCRIPTION.validate_json(text)

    async def all(self) -> tuple[Subscription, ...]:
        """By path."""
        [kept] = await self._server.fields([_ALL])
        return tuple(_SUBSCRIPTION.validate_json(kept[path]) for path in sorted(kept))

    async def keep(self, subscription: Subscription) -> None:
        """Put it in its place."""
        text = _SUBSCRIPTION.dump_json(subscription).decode()
        await self._server.all_of([("HSET", _ALL, subscription.path, text)])

    async def drop(self, path: str) -> None:
        """Forget it."""
        await self._server.all_of([("HDEL", _ALL, path)])


class RedisHooks:
    """Implements `newsroom.subscription.Hooks`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def first_time(self, name: str) -> bool:
        """True once for each."""
        return await self._server.put(key("hook", name), "1", seconds=HOOK_SECONDS, only_new=True)
