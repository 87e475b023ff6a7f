"""The line to a store: redis-py's client for an address, whichever way the server is found.

It never repeats a command by itself: redis-py 8.1 repeats up to ten times by default, and a lost reply then executes a
command twice (measured: one xadd, two entries).
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, assert_never
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import AbstractConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff
from redis.connection import HiredisRespSerializer
from redis.exceptions import RedisError
from redis.typing import EncodableT

from store.address import Address, Kind, options_without_place

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
SENTINEL_SECONDS = 1.0
"""A sentinel that does not answer must not keep us from the next."""


@asynccontextmanager
async def open_line(address: Address) -> AsyncIterator["Redis | RedisCluster"]:
    """The client, closed at the end; nothing is asked of anybody before its first command.

    Raises:
        ValueError: an option after the `?` is none that the client knows; never says what was read.
    """
    async with AsyncExitStack() as stack:
        try:
            redis = _client(address, stack)
        except (TypeError, ValueError, RedisError):
            raise ValueError(
                "an option after the ? is none that redis-py knows, or has a value that it does not take"
            ) from None
        stack.push_async_callback(redis.aclose)
        yield redis


def _client(address: Address, stack: AsyncExitStack) -> "Redis | RedisCluster":
    match address.kind:
        case Kind.SERVER:
            redis = _one_server(address)
        case Kind.CLUSTER:
            return _cluster(address)
        case Kind.SENTINEL:
            redis = _found_by_sentinels(address, stack)
        case _:
            assert_never(address.kind)
    # Options are first read where a connection is made, which would be in the first command; this one is never opened.
    pool: Any = redis.connection_pool  # redis-py 8.1 gives some of it no types.
    _ = pool.make_connection()
    return redis


class _Packing:
    """Packs commands by hiredis, as redis-py's other client does by itself: its asyncio client does it in Python.

    For the settling of a post that took 24 to 38 us, and hiredis takes 4 to 5 (measured).
    """

    def pack_command(self, *args: EncodableT) -> list[bytes]:
        packed: list[bytes] = _SERIALIZER.pack(*args)
        return packed


_SERIALIZER: Any = HiredisRespSerializer()


def _one_server(address: Address) -> Redis:
    # `store.server` sets each step its time: redis-py's own limit costs a task for every command.
    redis = Redis.from_url(address.plain, **{**_ours(), "socket_timeout": None})
    pool = redis.connection_pool
    pool.connection_class = type("Connection", (_Packing, pool.connection_class), {})
    return redis


def _ours() -> dict[str, Any]:
    return {
        "decode_responses": True,
        "retry": Retry(NoBackoff(), 0),
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        "health_check_interval": 30,
        "client_name": f"ajil-{uuid4().hex}",
    }


def _theirs(address: Address) -> dict[str, Any]:
    """User, password, database and options, as the address says."""
    read = options_without_place(dict(parse_url(address.plain)))
    return {**read, "ssl": True} if address.is_encrypted else read


def _cluster(address: Address) -> RedisCluster:
    nodes = [ClusterNode(host, port) for host, port in address.hosts]
    return RedisCluster(startup_nodes=nodes, **_ours(), **_theirs(address))


def _found_by_sentinels(address: Address, stack: AsyncExitStack) -> Redis:
    theirs = _theirs(address)
    security = {name: value for name, value in theirs.items() if name.startswith("ssl")}
    waits = {"socket_timeout": SENTINEL_SECONDS, "socket_connect_timeout": SENTINEL_SECONDS}
    own = {**security, **waits, "retry": Retry(NoBackoff(), 0), **dict(address.of_sentinels)}
    # redis-py 8.1 gives Sentinel no types.
    sentinel: Any = Sentinel(address.hosts, sentinel_kwargs=own, **_ours(), **theirs)  # type: ignore[no-untyped-call]
    for each in sentinel.sentinels:
        stack.push_async_callback(each.aclose)
    found: Redis = sentinel.master_for(address.service)
    return found


class Lines:
    """Connections to one server that stay in our hands between two steps; its pool closes them at the end.

    To hand one out and take it back costs redis-py's pool an eighth of a step (measured).
    """

    def __init__(self, redis: Redis) -> None:
        """None is open yet; there will be as many as there are steps at a time."""
        self._pool: Any = redis.connection_pool  # redis-py 8.1 gives some of it no types.
        self._idle: list[AbstractConnection] = []

    async def ask(self, *command: EncodableT) -> Any:
        """One command, sent once; its answer.

        Raises:
            RedisError: as the client does; a connection that failed is closed, and opened again by the next command.
        """
        line = self._idle.pop() if self._idle else await self._pool.get_connection()
        try:
            await self._pool.ensure_connection(line)  # The server may have hung up meanwhile.
            await line.send_command(*command)
            return await line.read_response()
        finally:
            self._idle.append(line)


def lines_of(redis: "Redis | RedisCluster") -> Lines | None:
    """None where each command may have to find its server anew: in a cluster, and behind sentinels."""
    if isinstance(redis, RedisCluster) or isinstance(redis.connection_pool, SentinelConnectionPool):
        return None
    return Lines(redis)
