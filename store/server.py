"""A Redis-protocol server: the few commands the house uses, in text, with the one error they can give."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError, RedisError, ResponseError

from newsroom.errors import StoreUnavailable
from store.address import address_of
from store.keys import ROOT
from store.line import ANSWER_SECONDS, lines_of, open_line
from store.scripts import SCRIPTS, script

SCAN_SECONDS = 120.0
"""For all names of a large store; only the archive and the survey ask for them."""
COPY_MILLISECONDS = 500
"""How long a replica may take to confirm a claim; on one network it takes a millisecond."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _guarded(
    step: Callable[_P, Coroutine[Any, Any, _T]], seconds: float = ANSWER_SECONDS
) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Any failure of the server, or of the way to it, is one thing to the newsroom: nothing may be sent.

    So is an answer that does not come in time; a connection that is left in the middle of one is closed by redis-py.
    """

    @wraps(step)
    async def attempt(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            async with asyncio.timeout(seconds):
                return await step(*args, **kwargs)
        except (RedisError, OSError, TimeoutError) as fault:
            raise StoreUnavailable(f"the store does not answer: {type(fault).__name__}: {fault}") from fault

    return attempt


@asynccontextmanager
async def connect(url: str) -> AsyncIterator["Server"]:
    """A server by its address (see `store.address`), closed at the end.

    Raises:
        StoreUnavailable: that is no address, or an option in it is none.
    """
    async with AsyncExitStack() as stack:
        try:
            line = await stack.enter_async_context(open_line(address_of(url)))
        except ValueError as wrong:
            raise StoreUnavailable(f"REDIS_URL leads nowhere: {wrong}") from None
        yield Server(line)


class Server:
    """An open connection. Every method raises `StoreUnavailable`, and nothing else, when the server fails."""

    def __init__(self, redis: Redis | RedisCluster) -> None:
        """Take an open client that decodes its answers."""
        # Both have these commands; the types of redis-py 8.1 do not say so of a cluster's.
        self._redis: Any = redis
        self._cluster = redis if isinstance(redis, RedisCluster) else None
        lines = lines_of(redis)
        self._ask: Callable[..., Awaitable[Any]] = lines.ask if lines else self._redis.execute_command
        self._scripts: Mapping[str, AsyncScript] = {
            name: AsyncScript(registered_client=redis, script=script(name)) for name in SCRIPTS
        }

    async def _home(self) -> dict[str, Any]:
        """Where our keys lie, for commands that name none: in a cluster, the node that owns their slot."""
        if self._cluster is None:
            return {}
        _ = await self._cluster.initialize()
        return {"target_nodes": self._cluster.get_node_from_key(ROOT)}

    @_guarded
    async def answers(self) -> bool:
        """PING."""
        return bool(await self._redis.ping())

    @_guarded
    async def run(self, name: str, *args: str | float) -> Any:
        """One script, atomically."""
        step = self._scripts[name]
        try:
            return await self._ask("EVALSHA", step.sha, 1, ROOT, *args)
        except NoScriptError:
            # It did not run, so it may be sent again.
            return await self._ask("EVAL", step.script, 1, ROOT, *args)

    @_guarded
    async def run_copied(self, name: str, *args: str | float) -> tuple[Any, int]:
        """One script, and how many replicas have what it wrote: 0 when none said so in time, 1 is enough.

        Both on one line, in one round trip: WAIT answers for what its own connection wrote.
        """
        step = self._scripts[name]
        answers = await self._on_one_line(("EVALSHA", step.sha, 1, ROOT, *args), ("WAIT", 1, COPY_MILLISECONDS))
        if isinstance(answers[0], NoScriptError):
            # It did not run, so it may be sent again.
            source = script(name)
            answers = await self._on_one_line(("EVAL", source, 1, ROOT, *args), ("WAIT", 1, COPY_MILLISECONDS))
        for found in answers:
            if isinstance(found, Exception):
                raise found
        answer, copies = answers
        return answer, int(copies)

    async def _on_one_line(self, *commands: tuple[str | float, ...]) -> list[Any]:
        pipe = self._redis.pipeline(transaction=False)
        for command in commands:
            _ = pipe.execute_command(*command, **await self._home())
        return list(await pipe.execute(raise_on_error=False))

    @_guarded
    async def syncs_always(self) -> bool:
        """Whether each write is on its disk before it is answered. A host that forbids to ask is taken at its worst."""
        try:
            told = await self._redis.config_get("append*", **await self._home())
        except ResponseError:
            return False
        return (told.get("appendonly"), told.get("appendfsync")) == ("yes", "always")

    @_guarded
    async def text(self, key: str) -> str | None:
        """GET."""
        found = await self._redis.get(key)
        return None if found is None else str(found)

    @_guarded
    async def take_text(self, key: str) -> str | None:
        """GETDEL: for the first who asks."""
        found = await self._redis.getdel(key)
        return None if found is None else str(found)

    @_guarded
    async def put(self, key: str, value: str, *, seconds: int | None = None, only_new: bool = False) -> bool:
        """SET; True when it was written."""
        return bool(await self._redis.set(key, value, ex=seconds, nx=only_new))

    @_guarded
    async def remove(self, key: str) -> None:
        """DEL."""
        await self._redis.delete(key)

    @_guarded
    async def fields(self, keys: Sequence[str]) -> list[dict[str, str]]:
        """HGETALL of each key in one round trip; empty where there is none."""
        if not keys:
            return []
        pipe = self._redis.pipeline(transaction=False)
        for key in keys:
            _ = pipe.hgetall(key)
        return [{str(name): str(value) for name, value in found.items()} for found in await pipe.execute()]

    @_guarded
    async def members(self, key: str) -> list[str]:
        """SMEMBERS, sorted."""
        return sorted(str(member) for member in await self._redis.smembers(key))

    @_guarded
    async def newest(self, key: str, most: int) -> list[str]:
        """The last `most` members of a sorted set, last first."""
        return [str(member) for member in await self._redis.zrevrange(key, 0, most - 1)]

    @_guarded
    async def info(self, section: str) -> dict[str, str]:
        """INFO, one section."""
        found = await self._redis.info(section, **await self._home())
        return {str(name): str(value) for name, value in found.items()}

    @_guarded
    async def time(self) -> float:
        """TIME: Unix seconds by the server's own clock."""
        seconds, micros = await self._redis.time(**await self._home())
        return int(seconds) + int(micros) / 1e6

    @partial(_guarded, seconds=SCAN_SECONDS)
    async def names(self, pattern: str) -> list[str]:
        """SCAN: every key of this pattern, sorted."""
        return sorted({str(name) async for name in self._redis.scan_iter(match=pattern, count=500)})

    @_guarded
    async def kinds(self, keys: Sequence[str]) -> list[tuple[str, int]]:
        """TYPE and PTTL of each: `none` for one that is gone, -1 for one that stays."""
        pipe = self._redis.pipeline(transaction=False)
        for key in keys:
            _, _ = pipe.type(key), pipe.pttl(key)
        found = await pipe.execute()
        return [(str(kind), int(left)) for kind, left in zip(found[::2], found[1::2], strict=True)]

    @_guarded
    async def all_of(self, commands: Sequence[tuple[str | float, ...]]) -> list[Any]:
        """Commands in one round trip; their answers, in order."""
        pipe = self._redis.pipeline(transaction=False)
        for command in commands:
            _ = pipe.execute_command(*command)
        return list(await pipe.execute())

    @_guarded
    async def has_others(self) -> bool:
        """Whether anybody but us is connected."""
        ours = self._redis.connection_pool.connection_kwargs.get("client_name")
        return any(client.get("name") != ours for client in await self._redis.client_list())

    @_guarded
    async def shut_down(self) -> None:
        """SHUTDOWN: the embedded server's own end."""
        await self._redis.shutdown()
