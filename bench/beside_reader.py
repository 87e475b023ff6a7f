"""What an unchanged poll costs beside lemon24/reader, in ratios measured in one run: `python -m bench.beside_reader [FEEDS]`.

All feeds fall due at once, for both: reader knows no other way. They are asked of sites that leave WordPress's ETag alone,
and of sites that alter it as Apache's mod_deflate and nginx's gzip do, which is what most sites do. Entries are of real
length; sites run in a process of their own. Figures are medians of interleaved rounds. Without READER_PYTHON (README.md)
only the bare loop stands beside us.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from bench.intake import MORE, TEXT, QuietDoor, fill, polls_of, running_intake, say
from bench.peer import open_peer
from bot.clock import MachineClock
from feeds.intake import Intake
from tests.support.feed_server import FeedServer, Tags

FEEDS, ROUNDS = 50, 15
LEARNING = 3
"""Polls in which a client may learn what to echo."""
NEVER_SECONDS = 3600.0
"""No feed falls due by itself."""
WAIT_SECONDS = 1.0
"""Until they were all answered. Nobody looks meanwhile: that costs half as much as a poll."""


async def serve(feeds: int) -> None:
    """The other process: sites of each kind, until standard input closes. Says its address."""
    async with FeedServer(MachineClock()) as server:
        for tags in Tags:
            for number in range(feeds):
                site = server.site(f"{tags.value}{number}", tags=tags, text=TEXT)
                site.more = MORE
                fill(site, 10)
        print(server.url, flush=True)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        await lines.read()


@asynccontextmanager
async def reader_of(urls: Sequence[str]) -> AsyncIterator[Callable[[], Awaitable[float]]]:
    """Processor seconds of one poll by reader, each time it is called; always 0 where it is not here."""
    python = os.environ.get("READER_PYTHON")
    if not python:
        yield nobody
        return
    async with open_peer(str(Path(__file__).with_name("reader_peer.py")), *urls, python=python) as peer:

        async def one_round() -> float:
            return float(await peer.asked("poll"))

        yield one_round


async def nobody() -> float:
    """Nothing is measured."""
    return 0.0


async def ours(intake: Intake, urls: Sequence[str]) -> float:
    """Processor seconds of one poll by the intake."""
    wanted, start = polls_of(intake) + len(urls), time.process_time()
    for url in urls:
        intake.nudge(url)
    await asyncio.sleep(WAIT_SECONDS)
    spent = time.process_time() - start
    assert polls_of(intake) >= wanted
    return spent / len(urls)


class Bare:
    """A loop that does nothing but ask, echoing both validators as they came."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        """Nothing was asked yet."""
        self._session = session
        self._echoes: dict[str, dict[str, str]] = {}

    async def poll(self, urls: Sequence[str]) -> float:
        """Processor seconds of one poll."""
        start = time.process_time()
        await asyncio.gather(*(self._one(url) for url in urls))
        return (time.process_time() - start) / len(urls)

    async def _one(self, url: str) -> None:
        async with self._session.get(url, headers=self._echoes.get(url)) as response:
            await response.read()
            sent = response.headers
            self._echoes[url] = {"If-None-Match": sent["ETag"], "If-Modified-Since": sent["Last-Modified"]}


async def measure(server: str, tags: Tags, feeds: int) -> None:
    """Sites of one kind."""
    urls = [f"{server}/{tags.value}{number}/feed/" for number in range(feeds)]
    async with AsyncExitStack() as stack:
        intake = await stack.enter_async_context(running_intake(urls, NEVER_SECONDS, QuietDoor()))
        bare = Bare(await stack.enter_async_context(aiohttp.ClientSession()))
        theirs = await stack.enter_async_context(reader_of(urls))
        for _ in range(LEARNING):
            await ours(intake, urls)
            await bare.poll(urls)
        before = sum(health.unchanged for health in intake.health())
        rounds = [(await ours(intake, urls), await bare.poll(urls), await theirs()) for _ in range(ROUNDS)]
        unchanged = sum(health.unchanged for health in intake.health()) - before
    assert unchanged == ROUNDS * feeds
    our, other, reader = (statistics.median(each) * 1e6 for each in zip(*rounds, strict=True))
    what = f"ETag {tags.value}"
    if tags is Tags.UNTOUCHED:  # The bare loop has not learnt what to echo to the others.
        say(what, f"{our:.0f} µs", f"bare aiohttp {other:.0f} µs", our / other, "at most", 1.3)
    if reader:
        say(what, f"{our:.0f} µs", f"lemon24/reader {reader:.0f} µs", reader / our, "at least", 15.0)
    else:
        print("SKIPPED ALOUD: READER_PYTHON names no interpreter that has lemon24/reader (bench/README.md)")


async def report(feeds: int) -> None:
    """Each kind of site."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {feeds} feeds")
    async with open_peer("-m", "bench.beside_reader", "serve", str(feeds)) as peer:
        server = await peer.said()
        for tags in Tags:
            await measure(server, tags, feeds)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", count]:
            asyncio.run(serve(int(count)))
        case arguments:
            asyncio.run(report(int(arguments[0]) if arguments else FEEDS))
