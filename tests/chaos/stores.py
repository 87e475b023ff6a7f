"""What the store can suffer, while two workers deliver: a row of the table for each."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.chaos.house import LOOK_SECONDS, House
from tests.chaos.strikes import news_in
from tests.support.store_process import StoreProcess

Wound = Callable[[StoreProcess, random.Random], Awaitable[None]]
VERIFIED = "store_verified"
START_SECONDS = 60.0
"""A worker starts in two seconds, and takes far longer where four crews start theirs at once."""


async def killed(store: StoreProcess, chance: random.Random) -> None:
    """SIGKILL, and a start from the file a moment later."""
    await store.kill()
    await asyncio.sleep(chance.uniform(0.0, 1.0))
    await store.start()


async def asleep(store: StoreProcess, chance: random.Random) -> None:
    """SIGSTOP, for longer than a lease."""
    store.hit(signal.SIGSTOP)
    await asyncio.sleep(chance.uniform(1.6, 3.0))
    store.hit(signal.SIGCONT)


async def read_only(store: StoreProcess, chance: random.Random) -> None:
    """It asks for a replica that is not there, and takes no writes."""
    async with store.look() as redis:
        await redis.config_set("min-replicas-to-write", 1)
        await asyncio.sleep(chance.uniform(0.3, 2.0))
        await redis.config_set("min-replicas-to-write", 0)


async def full(store: StoreProcess, chance: random.Random) -> None:
    """Out of memory: reads go on, writes are refused."""
    async with store.look() as redis:
        await redis.config_set("maxmemory", 1)
        await asyncio.sleep(chance.uniform(0.3, 2.0))
        await redis.config_set("maxmemory", 0)


async def disk_full(store: StoreProcess, chance: random.Random) -> None:
    """No file may grow: with a file synced on every write the server gives up, and starts when there is room."""
    store.limit_files(beyond=chance.randrange(0, 2000))
    await asyncio.sleep(chance.uniform(0.5, 2.0))
    store.limit_files(beyond=None)
    if not store.is_alive:
        await store.start()


async def scripts_forgotten(store: StoreProcess, _: random.Random) -> None:
    """SCRIPT FLUSH: each step is unknown until it is sent again."""
    async with store.look() as redis:
        await redis.script_flush()


async def wiped(store: StoreProcess, _: random.Random) -> None:
    """FLUSHALL: everything is forgotten at once."""
    async with store.look() as redis:
        await redis.flushall()


async def evicted(store: StoreProcess, chance: random.Random) -> None:
    """Somebody set another policy while it ran, and it drops what it will to make room."""
    async with store.look() as redis:
        used = int((await redis.info("memory"))["used_memory"])
        await redis.config_set("maxmemory-policy", "allkeys-lru")
        await redis.config_set("maxmemory", int(used * 0.97))
        await asyncio.sleep(chance.uniform(0.3, 1.0))
        await redis.config_set("maxmemory", 0)
        await redis.config_set("maxmemory-policy", "noeviction")


WOUNDS: dict[str, Wound] = {
    "store killed and started again": killed,
    "store stopped for longer than a lease": asleep,
    "store takes no writes": read_only,
    "store out of memory": full,
    "disk of the store full": disk_full,
    "scripts forgotten": scripts_forgotten,
}
"""After each of these everything is there again; a wipe and a failover are other matters."""


async def until_said(house: House, action: str, times: int) -> None:
    """Until the workers wrote lines with this action so often.

    Raises:
        TimeoutError: they do not.
    """
    async with asyncio.timeout(START_SECONDS):
        while house.count_said(action) < times:  # noqa: ASYNC110 - it happens in other processes.
            await asyncio.sleep(LOOK_SECONDS)


async def wound(house: House, store: StoreProcess, hurt: Wound, times: int, chance: random.Random) -> int:
    """Two workers deliver, and the store suffers at instants that chance decides."""
    known = house.count_said(VERIFIED) + 2
    for _ in range(2):
        await house.hire()
    async with news_in([house]):
        # A worker that knows of no store yet has nothing to lose there, and nothing to tell.
        await until_said(house, VERIFIED, known)
        for _ in range(times):
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            await hurt(store, chance)
            if all(not worker.is_alive for worker in house.workers):
                # A host starts again what ended; a worker may end when its store is gone.
                await house.hire()
        await asyncio.sleep(1.0)
    return times


async def fail_over(folder: Path, master: StoreProcess, replica: StoreProcess, *, cut_off: float) -> None:
    """The master dies and its replica takes over; what came in the last `cut_off` seconds is lost on the way."""
    async with replica.look() as redis:
        if cut_off:
            await redis.replicaof("NO", "ONE")
            await asyncio.sleep(cut_off)
        await master.kill()
        await redis.replicaof("NO", "ONE")
    point_at(folder, replica)


def point_at(folder: Path, store: StoreProcess) -> None:
    """The address that workers know leads there from now on, as a host's own does."""
    front, fresh = folder / "front", folder / "fresh"
    fresh.symlink_to(store.url.removeprefix("unix://"))
    fresh.rename(front)
