"""Stores that are found through others: sentinels that watch a pair, and a cluster of three."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from tests.support.store_process import SAFE, StoreProcess, free_port, store_process, until

SERVICE = "ajil"
SLOTS = 16_384
DOWN_MILLISECONDS = 500
LAST_PORT = 55_535
"""The nodes of a cluster talk on a port that is 10,000 higher."""
CLUSTERED = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000")


@dataclass(frozen=True, slots=True)
class Watched:
    """A pair that three sentinels watch."""

    url: str
    primary: StoreProcess
    replica: StoreProcess


@dataclass(frozen=True, slots=True)
class Cluster:
    """Some nodes that share the slots."""

    url: str
    nodes: list[StoreProcess]

    @asynccontextmanager
    async def replica_of(self, place: Path, name: str) -> AsyncIterator[StoreProcess]:
        """One more node, which follows the one that owns this name."""
        slot = int(await command(self.nodes[0], "CLUSTER", "KEYSLOT", name))
        owner = self.nodes[slot // (SLOTS // len(self.nodes) + 1)]
        async with store_process(place, *SAFE, *CLUSTERED, port=free_port(LAST_PORT)) as replica:
            await command(replica, "CLUSTER", "MEET", "127.0.0.1", owner.port)
            number = await command(owner, "CLUSTER", "MYID")

            async def follows() -> bool:
                with suppress(ResponseError):
                    await command(replica, "CLUSTER", "REPLICATE", number)
                    return True
                return False

            await until(follows)
            await until(replica.is_linked)
            yield replica


async def command(node: StoreProcess, *words: str | int) -> Any:
    """What redis-py has no method for on a single server."""
    async with node.look() as redis:
        # Its types are none: redis-py 8.1.
        return await redis.execute_command(*words)  # type: ignore[no-untyped-call]


@asynccontextmanager
async def watched_pair(place: Path, binary: str) -> AsyncIterator[Watched]:
    """Debian's redis-server thrice as a sentinel."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(store_process(place / "a", *SAFE))
        two = await stack.enter_async_context(store_process(place / "b", *SAFE))
        await two.follow(one)
        ports = [free_port() for _ in range(3)]
        for number, port in enumerate(ports):
            config = place / f"sentinel{number}.conf"
            text = (
                f"port {port}\nbind 127.0.0.1\ndir {place}\n"
                f"sentinel monitor {SERVICE} 127.0.0.1 {one.port} 2\n"
                f"sentinel down-after-milliseconds {SERVICE} {DOWN_MILLISECONDS}\n"
                f"sentinel failover-timeout {SERVICE} 5000\n"
            )
            await asyncio.to_thread(config.write_text, text)
            process = await asyncio.to_thread(Popen, [binary, str(config), "--sentinel"], stdout=DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
        await until(lambda: _all_agree(ports))
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        yield Watched(f"redis+sentinel://{hosts}/{SERVICE}/0", one, two)


async def _all_agree(ports: list[int]) -> bool:
    """Each sentinel knows the replica and both others."""
    for port in ports:
        async with Redis(host="127.0.0.1", port=port, decode_responses=True) as redis:
            try:
                about: Any = await redis.sentinel_master(SERVICE)
            except (RedisConnectionError, OSError):
                return False
        if (about["num-slaves"], about["num-other-sentinels"]) != (1, 2):
            return False
    return True


@asynccontextmanager
async def a_cluster(place: Path) -> AsyncIterator[Cluster]:
    """Three nodes, each with a third of the slots, and the address that names them."""
    async with AsyncExitStack() as stack:
        nodes = [
            await stack.enter_async_context(store_process(place / name, *SAFE, *CLUSTERED, port=free_port(LAST_PORT)))
            for name in "abc"
        ]
        share = SLOTS // len(nodes) + 1
        for number, node in enumerate(nodes):
            first, last = number * share, min((number + 1) * share, SLOTS) - 1
            await command(node, "CLUSTER", "ADDSLOTSRANGE", first, last)
            await command(node, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for node in nodes[1:]:
            await command(node, "CLUSTER", "MEET", "127.0.0.1", nodes[0].port)
        await until(lambda: _is_whole(nodes))
        yield Cluster(f"redis+cluster://{','.join(f'127.0.0.1:{node.port}' for node in nodes)}", nodes)


async def _is_whole(nodes: list[StoreProcess]) -> bool:
    for node in nodes:
        told = await command(node, "CLUSTER", "INFO")
        about = told if isinstance(told, dict) else dict(line.split(":") for line in str(told).split())
        if (str(about["cluster_state"]), str(about["cluster_known_nodes"])) != ("ok", str(len(nodes))):
            return False
    return True
