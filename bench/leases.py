"""Ten thousand feeds on two workers over one Valkey, one of which is killed: `python -m bench.leases [FEEDS [PERIOD]]`.

Both workers are processes of their own with a real intake; only the sites are imagined, and each request to one is
written down. Told are: how long after the death each feed was polled again, how many were polled twice in one period,
and how many round trips to the store a poll cost.
"""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from struct import Struct

from bot.alarm import LoggedAlarm
from bot.clock import MachineClock
from bot.worker import stop_on_signals
from feeds.answer import Answer, Fetched, Unchanged
from feeds.feed_list import FeedList
from feeds.intake import Intake
from feeds.rhythm import history_of
from feeds.validators import Validators
from newsroom.entry import Entry
from newsroom.flood import Shown
from newsroom.ports import FeedMemory, Showing
from store.server import connect
from store.store import redis_store
from tests.support.store_server import StoreServer, valkey_server

FEEDS, PERIOD = 10_000, 5.0
ONE_POLL = Struct("=Id")
"""Number of the feed, unix seconds."""
BODY = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>الوسط</title><item><title>خبر</title>'
    "<guid>{}</guid></item></channel></rss>"
)


def urls_of(feeds: int) -> list[str]:
    """Addresses, each of a host of its own."""
    return [f"https://site{number}.example.com/feed/" for number in range(feeds)]


@dataclass(slots=True)
class ImaginedSites:
    """Implements `feeds.answer.Source`: one article each, then nothing new. Writes down who was asked, and when."""

    numbers: dict[str, int]
    clock: MachineClock
    book: int
    """A file that survives the writer's death: each poll is one write."""

    async def fetch(self, url: str, validators: Validators, *, plain: bool = False) -> Answer:
        """Counted when it begins."""
        os.write(self.book, ONE_POLL.pack(self.numbers[url], self.clock.now().timestamp()))
        await asyncio.sleep(0)
        if validators.etag and not plain:
            return Unchanged(validators)
        return Fetched(BODY.format(url).encode(), {}, url, Validators(etag='"1"', proven=True))


@dataclass(slots=True)
class OpenDoor:
    """Takes everything in."""

    feeds: FeedMemory

    async def take_in(
        self,
        entries: Sequence[Entry],  # noqa: ARG002 - nothing is new here
        *,
        first_sight: bool,  # noqa: ARG002
        shown: Shown | None = None,  # noqa: ARG002
        showing: Showing | None = None,
    ) -> None:
        """What a feed has shown is remembered."""
        if showing is not None:
            await self.feeds.remember(showing.feed, showing.state)


async def work(store: str, name: str, feeds: int, period: float, book: str) -> None:
    """One of the workers, until it is told to stop."""
    clock, stop, urls = MachineClock(), asyncio.Event(), urls_of(feeds)
    file = os.open(book, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sites = ImaginedSites({url: number for number, url in enumerate(urls)}, clock, file)
    async with connect(store) as server:
        memories = redis_store(server)
        intake = Intake(
            FeedList(urls),
            sites,
            memories.feeds,
            OpenDoor(memories.feeds),
            clock,
            period,
            alarm=LoggedAlarm(),
            chance=SystemRandom().random,
            rota=memories.rota,
            worker=name,
        )
        with stop_on_signals(stop):
            await intake.run(stop)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of it. Seconds."""

    feeds: int
    period: float
    taken_over: int
    """Feeds that the dead worker had polled."""
    latest: float
    """After the death, until the last feed was polled again."""
    twice: int
    """Feeds that were polled twice in one of their periods, from the moment both worked on."""
    missed: int
    """Feeds that were never polled again."""
    trips_a_poll: float
    """Round trips to the store, while nothing happened."""


async def seen(folder: Path, feeds: int, period: float) -> Seen:
    """Start both, kill one, look."""
    with valkey_server(folder) as server:
        one, two = [await started(server, folder, name, feeds, period) for name in ("one", "two")]
        try:
            await settled(folder, feeds, period)
            since, before = clock_now(), trips(server)
            await asyncio.sleep(2 * period)
            quiet, killed = trips(server) - before, clock_now()
            one.kill()
            await asyncio.sleep(max(12.0, 2 * period))
        finally:
            for each in (one, two):
                if each.returncode is None:
                    each.terminate()
            await asyncio.gather(one.wait(), two.wait())
    books = {name: polls_of(folder / name) for name in ("one", "two")}
    polls = sorted((at, feed) for book in books.values() for at, feed in book)
    again: dict[int, float] = {}
    for at, feed in polls:
        if at > killed:
            again.setdefault(feed, at - killed)
    return Seen(
        feeds,
        period,
        len({feed for at, feed in books["one"] if at > since}),
        max(again.values()),
        len(polled_twice(polls, since, period, feeds)),
        feeds - len(again),
        quiet / sum(since < at <= killed for at, _ in polls),
    )


def polled_twice(polls: Sequence[tuple[float, int]], since: float, period: float, feeds: int) -> set[int]:
    """A feed's period is the time around its own slot, which it has by the hash of its address."""
    phases = [history_of(url).phase for url in urls_of(feeds)]
    slots = Counter((feed, round(at / period - phases[feed])) for at, feed in polls if at > since)
    return {feed for (feed, _), count in slots.items() if count > 1}


async def started(server: StoreServer, folder: Path, name: str, feeds: int, period: float) -> Process:
    """A worker in a process of its own."""
    words = ("work", server.url, name, str(feeds), str(period), str(folder / name))
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.leases", *words, stdin=PIPE)


async def settled(folder: Path, feeds: int, period: float) -> None:
    """Until both have polled no more than their halves for a period."""
    for _ in range(60):
        await asyncio.sleep(period)
        since = clock_now() - period
        halves = [{feed for at, feed in polls_of(folder / name) if at > since} for name in ("one", "two")]
        if all(len(half) > feeds * 0.4 for half in halves) and len(halves[0] | halves[1]) > feeds * 0.95:
            return
    raise TimeoutError("the two never shared the feeds out")


def polls_of(book: Path) -> list[tuple[float, int]]:
    """All that one worker asked; a poll that was cut off in the middle of its line counts for none."""
    written = book.read_bytes() if book.exists() else b""
    whole = written[: len(written) // ONE_POLL.size * ONE_POLL.size]
    return [(at, feed) for feed, at in ONE_POLL.iter_unpack(whole)]


def clock_now() -> float:
    """Unix seconds."""
    return MachineClock().now().timestamp()


def trips(server: StoreServer) -> int:
    """Commands that reached the store so far; those inside a script do not count."""
    with server.client() as redis:
        stats: dict[str, dict[str, int]] = redis.info("commandstats")
    names = defaultdict(int, {name.removeprefix("cmdstat_"): stat["calls"] for name, stat in stats.items()})
    return sum(names[name] for name in ("evalsha", "get", "set"))


async def report(feeds: int, period: float) -> None:
    """One run, told."""
    with tempfile.TemporaryDirectory(prefix="ajil-l") as folder:
        found = await seen(Path(folder), feeds, period)
    print(f"{found.feeds} feeds, each every {found.period:g} s, two workers; one was killed")
    print(f"feeds of the dead worker        {found.taken_over}")
    print(f"the last was polled again after {found.latest:.1f} s, at most 10   {found.missed} never")
    print(f"polled twice in one period      {found.twice}, at most 0")
    print(f"round trips to the store a poll {found.trips_a_poll:.4f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["work", where, who, many, every, written]:
            asyncio.run(work(where, who, int(many), float(every), written))
        case [*given]:
            many, every = (*given, str(FEEDS), str(PERIOD))[:2] if not given else (*given, str(PERIOD))[:2]
            asyncio.run(report(int(many), float(every)))
