"""What the intake costs, in ratios measured in one run: `python -m bench.intake [unchanged] [changed] [memory] [delay]`.

    unchanged   processor time of a poll answered 304, beside a bare aiohttp loop at the same pace (bench.beside_reader puts
                lemon24/reader beside us)
    changed     processor time of reading a body with one new entry, beside feedparser.parse on the same body
    memory      resident memory of an intake with 1,000 feeds, and what each further 1,000 add
    delay       from a body handed out until its new entry is at the door, while 100 feeds change at once

The sites run in a process of their own. Figures are medians of interleaved rounds; machines differ, ratios less so.
"""

import asyncio
import gc
import io
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import count
from random import SystemRandom

import aiohttp
import feedparser

from bench.peer import Peer, open_peer
from bench.process import resident
from bot.alarm import LoggedAlarm
from bot.clock import MachineClock
from feeds.answer import Fetched
from feeds.cell import Cells
from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher
from feeds.intake import Intake
from feeds.known import Known
from feeds.reading import read
from feeds.scan import Scan, scan
from feeds.validators import Validators
from newsroom.entry import Entry
from newsroom.flood import Shown
from newsroom.ports import FeedMemory, FeedState, Showing
from store.memory_store import MemoryFeedMemory
from tests.support.feed_server import FakeSite, FeedServer, Kind

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
ROUNDS = 5
PARAGRAPH = "<p>" + "وقالت مصادر مطلعة إن الاجتماع تناول عددًا من الملفات المشتركة بين الجانبين. " * 5 + "</p>\n"
PICTURE = "https://alwasat.example.com/wp-content/uploads/2026/11/" + "%D8%B5%D9%88%D8%B1%D8%A9" * 3
FIGURE = (
    '<figure id="attachment_1" class="wp-caption aligncenter"><img decoding="async" class="size-full" '
    f'src="{PICTURE}.jpg" alt="صورة أرشيفية" width="1280" height="720" srcset="{PICTURE}-300x168.jpg 300w, '
    f'{PICTURE}-768x432.jpg 768w, {PICTURE}-1024x576.jpg 1024w"/><figcaption>صورة أرشيفية</figcaption></figure>\n'
)
TEXT = f"{PARAGRAPH * 2}{FIGURE}{PARAGRAPH * 2}<h2>خلفية</h2>\n{PARAGRAPH * 4}"
TEXT += '<p>لمزيد من الأخبار زوروا موقعنا: <a href="https://alwasat.example.com/">الوسط</a></p>'
MORE = "".join(f"<category><![CDATA[وسم {number}]]></category>\n" for number in range(5))
MORE += f'<enclosure url="{PICTURE}.jpg" length="241591" type="image/jpeg"/>\n<media:content url="{PICTURE}.jpg" '
MORE += 'medium="image" width="1280" height="720"><media:title type="plain">صورة</media:title><media:thumbnail '
MORE += f'url="{PICTURE}-150x150.jpg" width="150" height="150"/></media:content>'
"""Together they make an entry like those of real Arabic WordPress feeds: 10 kB with some 90 tags."""


@dataclass(slots=True)
class QuietDoor:
    """Takes everything in and notes when."""

    times: dict[str, float] = field(default_factory=dict)
    """When each title came that was no first sight, in seconds of the machine's clock."""

    async def take_in(
        self,
        entries: Sequence[Entry],
        *,
        first_sight: bool,
        shown: Shown | None = None,  # noqa: ARG002 - what the gate makes of it is the desk's matter
        showing: Showing | None = None,  # noqa: ARG002 - see Elsewhere
    ) -> None:
        """Note it; what is remembered of a feed, nobody asks for within one life."""
        if not first_sight:
            self.times.update({entry.title: time.monotonic() for entry in entries})


class Elsewhere:
    """A memory whose contents weigh on another process."""

    async def recall(self, feed: str) -> FeedState | None:
        """Nothing was seen yet."""

    async def remember(self, feed: str, state: FeedState) -> None:
        """It is kept elsewhere."""


# --- the sites ------------------------------------------------------------------------------------------------


async def serve(sites: int, articles: int) -> None:
    """The other process: sites, until standard input closes. A line of it is `publish TITLE` or `handed out`.

    Without `articles` they have ten short ones each.
    """
    async with FeedServer(MachineClock()) as server:
        every = [server.site(f"site{number}", text=TEXT if articles else "") for number in range(sites)]
        for site in every:
            site.more = MORE if articles else ""
            fill(site, articles or 10)
        print(server.url, flush=True)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := (await lines.readline()).decode().strip():
            if line.startswith("publish"):
                for site in every:
                    site.asked.clear()
                    site.publish(f"{line} {site.name}")
                    site.page(1)  # Rendered beforehand, so that its time is not measured.
                    await asyncio.sleep(0)  # All of them in one go would hold up whoever asks meanwhile.
            print(json.dumps({site.name: first_body(site) for site in every}), flush=True)


def first_body(site: FakeSite) -> float:
    """When the site first handed out its body since the last article; machine's clock, 0 for not yet."""
    return next((asked.at for asked in site.asked if asked.kind is Kind.BODY), 0.0)


def fill(site: FakeSite, articles: int) -> None:
    """Old articles, so that nothing looks fresh."""
    for number in range(articles):
        site.publish(f"خبر رقم {number} من المدينة")
    site.touched = site.touched.replace(year=site.touched.year - 1)


def sites_of(sites: int, articles: int) -> AbstractAsyncContextManager[Peer]:
    """Sites that answer from a process of their own; it says their address first."""
    return open_peer("-m", "bench.intake", "serve", str(sites), str(articles))


def urls_of(server: str, sites: int) -> list[str]:
    """Addresses of the feeds."""
    return [f"{server}/site{number}/feed/" for number in range(sites)]


@asynccontextmanager
async def running_intake(
    urls: Sequence[str], seconds: float, door: QuietDoor, memory: FeedMemory | None = None
) -> AsyncIterator[Intake]:
    """An intake at work, with the memory twin in the place of the store."""
    clock, stop = MachineClock(), asyncio.Event()
    async with FeedFetcher(clock, allow=LOOPBACK) as fetcher:
        kept, chance = memory or MemoryFeedMemory(), SystemRandom().random
        intake = Intake(FeedList(urls), fetcher, kept, door, clock, seconds, alarm=LoggedAlarm(), chance=chance)
        running = asyncio.create_task(intake.run(stop))
        try:
            yield intake
        finally:
            stop.set()
            await running


async def until(is_so: Callable[[], bool]) -> None:
    """Look ten times a second; looking costs next to nothing."""
    while not is_so():  # noqa: ASYNC110 - what is waited for happens in another process.
        await asyncio.sleep(0.1)


def polls_of(intake: Intake) -> int:
    """All polls so far."""
    return sum(health.polls for health in intake.health())


# --- unchanged polls --------------------------------------------------------------------------------------------


async def unchanged() -> None:
    """Ours and the bare loop, in turns, at the same pace on the same sites."""
    sites, pace, seconds = 400, 1.0, 4.0
    async with sites_of(sites, 0) as peer:
        urls = urls_of(await peer.said(), sites)
        rounds = [
            (await ours_unchanged(urls, pace, seconds), await bare_unchanged(urls, pace, seconds))
            for _ in range(ROUNDS)
        ]
    ours, bare = (statistics.median(each) * 1e6 for each in zip(*rounds, strict=True))
    say("a poll answered 304", f"{ours:.0f} µs", f"bare aiohttp {bare:.0f} µs", ours / bare, "at most", 1.3)


async def ours_unchanged(urls: Sequence[str], pace: float, seconds: float) -> float:
    """Processor seconds of one poll by the intake."""
    async with running_intake(urls, pace, QuietDoor()) as intake:
        await until(lambda: all(health.unchanged > 1 for health in intake.health()))
        before, start = polls_of(intake), time.process_time()
        await asyncio.sleep(seconds)
        spent = time.process_time() - start
        return spent / (polls_of(intake) - before)


async def bare_unchanged(urls: Sequence[str], pace: float, seconds: float) -> float:
    """Processor seconds of one poll by a loop for each feed that does nothing but ask."""
    polls = count()
    async with aiohttp.ClientSession() as session:

        async def loop(url: str, phase: float) -> None:
            echo: dict[str, str] = {}
            await asyncio.sleep(phase * pace)
            while True:
                async with session.get(url, headers=echo) as response:
                    await response.read()
                    echo = {
                        "If-None-Match": response.headers["ETag"],
                        "If-Modified-Since": response.headers["Last-Modified"],
                    }
                next(polls)
                await asyncio.sleep(pace)

        loops = [asyncio.create_task(loop(url, place / len(urls))) for place, url in enumerate(urls)]
        await asyncio.sleep(2.5 * pace)
        before, start = next(polls), time.process_time()
        await asyncio.sleep(seconds)
        spent, done = time.process_time() - start, next(polls) - before - 1
        for each in loops:
            each.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        return spent / done


# --- changed polls ------------------------------------------------------------------------------------------------


async def changed() -> None:
    """Reading a body with one new entry, beside feedparser on all of it, for feeds of 10, 20 and 100."""
    cells, costs = Cells(), {}
    async with FeedServer(MachineClock()) as server:
        for articles, target in ((10, 8.0), (20, 15.0), (100, 50.0)):
            site = server.site(f"site{articles}", window=articles, text=TEXT)
            site.more = MORE
            fill(site, articles)
            before = scan(site.page(1) or b"")
            assert isinstance(before, Scan)
            site.publish("خبر جديد من المدينة")
            fetched = Fetched(site.page(1) or b"", {}, site.url, Validators())
            known = Known().with_body(before.sightings)
            rounds = [await both_changed(fetched, known, cells) for _ in range(15)]
            ours, theirs = (statistics.median(each) * 1e3 for each in zip(*rounds, strict=True))
            costs[articles] = ours
            what = f"one new of {articles} ({len(fetched.body) / 1000:.0f} kB)"
            say(what, f"{ours:.2f} ms", f"feedparser.parse {theirs:.1f} ms", theirs / ours, "at least", target)
    say("100 entries beside 10", f"{costs[100]:.2f} ms", f"{costs[10]:.2f} ms", costs[100] / costs[10], "at most", 1.5)
    await cells.close()


async def both_changed(fetched: Fetched, known: Known, cells: Cells) -> tuple[float, float]:
    """Processor seconds of ours and of feedparser's defaults."""
    ours = await cost_of(lambda: read_all(fetched, known, cells), 8)

    async def parse_all() -> None:
        assert feedparser.parse(io.BytesIO(fetched.body)).entries

    return ours, await cost_of(parse_all, 2)


async def read_all(fetched: Fetched, known: Known, cells: Cells) -> None:
    """What a poll does with a body that is not the last one."""
    hash(bytes(memoryview(fetched.body)))  # Python keeps the hash of a body; a real one is hashed each time.
    reading = await read(fetched, fetched.url, known, cells)
    assert len(reading.entries) == 1
    known.with_body(reading.sightings)


async def cost_of(work: Callable[[], Awaitable[None]], times: int) -> float:
    """Processor seconds of one, without the collector's whims and its empty free lists."""
    gc.collect()
    gc.disable()
    try:
        await work()
        start = time.process_time()
        for _ in range(times):
            await work()
        return (time.process_time() - start) / times
    finally:
        gc.enable()


# --- memory ---------------------------------------------------------------------------------------------------------


async def memory() -> None:
    """A fresh process for each number of feeds."""
    async with sites_of(3000, 0) as peer:
        server = await peer.said()
        sizes = {feeds: await resident_with(server, feeds) for feeds in (1, 1000, 3000)}
    say("1,000 feeds", f"{sizes[1000]:.0f} MB", f"one feed {sizes[1]:.0f} MB", sizes[1000], "MB, at most", 85.0)
    slope = (sizes[3000] - sizes[1000]) / 2
    say("each further 1,000", f"{slope:.1f} MB", "1,000 to 3,000", slope, "MB, at most", 2.0)


async def resident_with(server: str, feeds: int) -> float:
    """Resident megabytes of an intake in a process of its own, when every feed was polled thrice."""
    command = (sys.executable, "-m", "bench.intake", "hold", server, str(feeds))
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate()
    return float(out)


async def hold(server: str, feeds: int) -> None:
    """That process. What the feeds have shown us is Redis's to keep."""
    memory = Elsewhere()
    async with running_intake(urls_of(server, feeds), max(1.0, feeds / 400), QuietDoor(), memory) as intake:
        await until(lambda: all(health.polls > 2 for health in intake.health()))
        print(resident())


# --- delay ----------------------------------------------------------------------------------------------------------


async def delay() -> None:
    """A hundred feeds of ten full entries get one more each at the same moment, and are polled each at its own."""
    sites, pace, delays = 100, 5.0, []
    async with sites_of(sites, 10) as peer:
        door, urls = QuietDoor(), urls_of(await peer.said(), sites)
        async with running_intake(urls, pace, door) as intake:
            await until(lambda: all(health.unchanged for health in intake.health()))
            for turn in range(3):
                await peer.asked(f"publish {turn}")
                await until(lambda: len(door.times) == sites)
                handed_out: dict[str, float] = json.loads(await peer.asked("handed out"))
                delays += [moment - handed_out[title.split()[-1]] for title, moment in door.times.items()]
                door.times.clear()
    ordered = sorted(delays)
    p50, p99 = ordered[len(ordered) // 2] * 1e3, ordered[int(len(ordered) * 0.99)] * 1e3
    say("body handed out to door, p50", f"{p50:.1f} ms", "100 feeds, each 5 s", p50, "ms, at most", 10.0)
    say("the same, p99", f"{p99:.1f} ms", "", p99, "ms, at most", 50.0)


def say(what: str, ours: str, other: str, ratio: float, *bound: str | float) -> None:
    """One line of the report."""
    words, target = str(bound[0]), float(bound[1])
    holds = ratio <= target if "most" in words else ratio >= target
    print(f"{what:28} {ours:>10}   {other:28} {ratio:7.2f}  {words} {target:g}   {'holds' if holds else 'MISSED'}")


async def report(names: Sequence[str]) -> None:
    """The chosen measurements, or all."""
    parts = {"unchanged": unchanged, "changed": changed, "memory": memory, "delay": delay}
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in names or parts:
        await parts[name]()


def main(arguments: Sequence[str]) -> None:
    """Measure, or be one of the processes that a measurement needs."""
    match arguments:
        case ["serve", sites, articles]:
            asyncio.run(serve(int(sites), int(articles)))
        case ["hold", server, feeds]:
            asyncio.run(hold(server, int(feeds)))
        case _:
            asyncio.run(report(arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
