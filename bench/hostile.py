"""Hostility: what a site may do on the wire, twenty thousand mutations of a feed and every hostile file, while others go on.

    python -m bench.hostile [MUTATIONS]

Told are what came of them, how far memory grew (on the wire: its peak), and how long anything else in the worker had to
wait. The hostile sites run in a process of their own.
"""

import asyncio
import gc
import logging
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Network

from bench.peer import open_peer
from bench.process import peak, peak_anew, resident
from bot.clock import MachineClock
from feeds.answer import FeedDown, Fetched
from feeds.cell import Cells
from feeds.fetch import FeedFetcher, Limits
from feeds.known import Known
from feeds.reading import read
from feeds.validators import Validators
from newsroom.errors import FetchFailed
from tests.conftest import SHARED
from tests.integration.test_hostile_feeds import FEED, hostile, mutated
from tests.support import feed_troubles
from tests.support.feed_server import FeedServer

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


def resident_of_the_living() -> float:
    """Megabytes of this process alone; the cells are others."""
    gc.collect()
    return resident()


# --- on the wire ------------------------------------------------------------------------------------------------

TROUBLES = {
    "a bomb of 200 kB that inflates to 210 MB": feed_troubles.bomb(),
    "the same in deflate": feed_troubles.bomb(encoding="deflate"),
    "a body of 100 MB": feed_troubles.announced(100_000_000),
    "a body without end": feed_troubles.endless(),
    "a byte a second": feed_troubles.drip(1.0),
    "a redirect to itself": feed_troubles.redirect("."),
    "a redirect to 169.254.169.254": feed_troubles.redirect("http://169.254.169.254/latest/meta-data/"),
    "a body that breaks off": feed_troubles.half(b"<rss><channel>" + b"<item><guid>1</guid></item>" * 2_000),
}
TIMES = 5
PATIENT = Limits(seconds=8.0)


async def serve() -> None:
    """The other process: one site for each trouble, until standard input closes."""
    logging.disable()  # Whoever hangs up on them is no news.
    async with FeedServer(MachineClock()) as server:
        for number, trouble in enumerate(TROUBLES.values()):
            server.site(f"site{number}").trouble = trouble
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def faced(fetcher: FeedFetcher, url: str, times: int) -> str:
    """What the last of so many fetches came to."""
    why = ""
    for _ in range(times):
        answer = await fetcher.fetch(url, Validators())
        assert isinstance(answer, FeedDown), url
        why = answer.why
    return why


async def wire() -> None:
    """Each trouble some times, one after another."""
    async with (
        open_peer("-m", "bench.hostile", "serve") as peer,
        FeedFetcher(MachineClock(), allow=(IPv4Network("127.0.0.0/8"),), limits=PATIENT) as fetcher,
    ):
        server = await peer.said()
        for number, what in enumerate(TROUBLES):
            late, stop = list[float](), asyncio.Event()
            watching = asyncio.create_task(others(late, stop))
            before = peak_anew()
            why = await faced(fetcher, f"{server}/site{number}/feed/", 1 if "second" in what else TIMES)
            stop.set()
            await watching
            growth, most = peak() - before, max(late)
            verdict = "holds" if growth <= GROWTH_AT_MOST and most <= LATE_AT_MOST else "MISSED"
            print(f"{what:42} {growth:4.1f} MB  others waited {most * 1e3:3.0f} ms at most  {verdict}  {why}")


# --- in a body --------------------------------------------------------------------------------------------------


async def report(mutations: int) -> None:
    """One pass."""
    logging.disable(logging.WARNING)
    await wire()
    cells, stop, late = Cells(), asyncio.Event(), list[float]()
    came: Counter[str] = Counter()
    watching, start, before = asyncio.create_task(others(late, stop)), time.monotonic(), 0.0
    for number, body in enumerate(bodies(mutations)):
        came[await outcome(body, cells)] += 1
        await asyncio.sleep(0)
        if number == WARM:
            before = resident_of_the_living()
            gc.freeze()  # As the worker does when it is built.
            await asyncio.sleep(0.02)
            late.clear()  # Without the wait for that look itself.
    stop.set()
    await watching
    growth = resident_of_the_living() - before
    await cells.close()
    late.sort()
    print(f"Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}, {time.monotonic() - start:.0f} s")
    print(f"{came.total()} bodies: {came['read']} read, {came['empty']} without an entry, {came['refused']} refused")
    print(f"memory grew by {growth:.1f} MB, at most {GROWTH_AT_MOST:g}")
    p999, most = late[int(len(late) * 0.999)] * 1e3, late[-1] * 1e3
    over = sum(each > LATE_AT_MOST for each in late)
    verdict = "MISSED" if over else "holds"
    print(
        f"others waited {p999:.0f} ms (p99.9), {most:.0f} ms at most; {over} of {len(late)} more than 50 ms  {verdict}"
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case [*given]:
            asyncio.run(report(int(given[0]) if given else MUTATIONS))
