"""Hostility: twenty thousand mutations of a feed and every hostile file, while other feeds go on.

    python -m bench.hostile [MUTATIONS]

Told are what came of them, how far memory grew, and how long anything else in the worker had to wait.
"""

import asyncio
import gc
import logging
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from feeds.answer import Fetched
from feeds.cell import Cells
from feeds.known import Known
from feeds.reading import read
from feeds.validators import Validators
from newsroom.errors import FetchFailed
from tests.conftest import SHARED
from tests.integration.test_hostile_feeds import FEED, hostile, mutated

MUTATIONS = 20_000
SEED = 20261123
LATE_AT_MOST, GROWTH_AT_MOST = 0.050, 10.0
WARM = 500
"""Bodies, after which memory is looked at first: modules are loaded and tables are built by then."""


def bodies(mutations: int) -> Iterator[bytes]:
    """Every hostile file, and the mutations of a real feed among them."""
    body, chance = (SHARED / "data/alwasat/feed.xml").read_bytes(), random.Random(SEED)  # noqa: S311 - the same every time
    for _ in range(WARM):
        yield mutated(body, chance)
    for path in hostile(SHARED):
        yield path.read_bytes()
    for _ in range(mutations - WARM):
        yield mutated(body, chance)


async def outcome(body: bytes, cells: Cells) -> str:
    """`read`, or the kind of fault; anything else ends the bench."""
    try:
        reading = await read(Fetched(body, {}, FEED, Validators()), FEED, Known(), cells)
    except FetchFailed:
        return "refused"
    return "read" if reading.entries else "empty"


async def others(late: list[float], stop: asyncio.Event) -> None:
    """All else that the worker does: wakes every five milliseconds, and notes how late it woke.

    What the machine gave to other processes meanwhile is not counted: no more than this thread itself has worked.
    """
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        due, worked = loop.time() + 0.005, time.thread_time()
        await asyncio.sleep(0.005)
        late.append(min(loop.time() - due, time.thread_time() - worked))


def resident() -> float:
    """Megabytes of this process alone; the cells are others."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


async def report(mutations: int) -> None:
    """One pass."""
    logging.disable(logging.WARNING)
    cells, stop, late = Cells(), asyncio.Event(), list[float]()
    came: Counter[str] = Counter()
    watching, start, before = asyncio.create_task(others(late, stop)), time.monotonic(), 0.0
    for number, body in enumerate(bodies(mutations)):
        came[await outcome(body, cells)] += 1
        await asyncio.sleep(0)
        if number == WARM:
            before = resident()
            gc.freeze()  # As the worker does when it is built.
            await asyncio.sleep(0.02)
            late.clear()  # Without the wait for that look itself.
    stop.set()
    await watching
    growth = resident() - before
    await cells.close()
    late.sort()
    print(f"Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}, {time.monotonic() - start:.0f} s")
    print(f"{came.total()} bodies: {came['read']} read, {came['empty']} without an entry, {came['refused']} refused")
    print(f"memory grew by {growth:.1f} MB, at most {GROWTH_AT_MOST:g}")
    p999, most = late[int(len(late) * 0.999)] * 1e3, late[-1] * 1e3
    over = sum(each > LATE_AT_MOST for each in late)
    print(f"others waited {p999:.0f} ms (p99.9), {most:.0f} ms at most; {over} of {len(late)} times more than 50 ms")


if __name__ == "__main__":
    asyncio.run(report(int(sys.argv[1]) if len(sys.argv) > 1 else MUTATIONS))
