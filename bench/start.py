"""What a cold start costs until the first feed is asked, with a thousand feeds; and `ajil --help`. Prints a line each.

    python -m bench.start [ROUNDS]

Byte code is kept, as on most hosts: it is made in the first start, which is not counted. The store is a server of its
own (REDIS_URL), and no child of the worker's; Telegram and X are the strict fakes on this machine. Processor time and
resident memory are the worker's own from its first instruction, threads included, read from /proc at the moment its first
request for a feed arrives, and memory again when every feed was asked once. Pages of libraries that other processes share
are counted in full. Seconds differ from machine to machine by a factor of three; beside them stand, in turns in the same run,
what the worker's libraries alone cost here, in a process that reads them in and ends, and what Node-RED costs until its first
poll of as many feeds, where NODE_RED names a folder that has it (bench/README.md).

START_PYTHON names an interpreter that has requirements.txt and no more, as a host's has: beside tools of developers httpx
finds a terminal's command line to import, which costs 4 MB and 45 ms. Hosts have one that was built with profile-guided
optimisation; without it a start takes a quarter more (measured).

    python3 -m venv /tmp/start && /tmp/start/bin/pip install --require-hashes -r requirements.txt
    START_PYTHON=/tmp/start/bin/python python -m bench.start
"""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.node_red import HOME, command_of
from bench.process import cpu_seconds, resident
from tests.e2e.conftest import Stage, open_stage
from tests.support.store_process import free_port
from tests.support.store_server import valkey_server

FEEDS, ROUNDS = 1000, 5
MOST_CPU, MOST_MB, MOST_HELP = 0.7, 85.0, 0.2
"""Seconds of processor time, megabytes resident, seconds of processor time."""
PEER, MOST_OF_PEER = "Node-RED", 0.5
"""Half of its start is what the seconds above were, where they were set down: it took 1.4 s there."""
PYTHON = os.environ.get("START_PYTHON", sys.executable)
ROOT = Path(__file__).parents[1]
LIBRARIES = "aiohttp, feedparser, jinja2, pydantic_settings, redis.asyncio, telegram"
"""What it works with from its first poll to its first post. What reading them in costs on a machine, no worker undercuts."""
_FEED = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n%s" % (
    len(body := b'<rss version="2.0"><channel><title>a</title></channel></rss>'),
    body,
)


@dataclass(slots=True)
class Sites:
    """A thousand feeds on one port, and when the first and the last of them was asked."""

    feeds: int
    port: int = 0
    first: asyncio.Event = field(default_factory=asyncio.Event)
    every: asyncio.Event = field(default_factory=asyncio.Event)
    pid: int = 0
    begun: float = 0.0
    start: "Start | None" = None
    asked: set[bytes] = field(default_factory=set)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open until the worker is killed."""
        with suppress(ConnectionResetError):
            await self._answer(reader, writer)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readline():
            if not self.first.is_set():
                self.start = Start(time.monotonic() - self.begun, cpu_seconds(self.pid), resident(self.pid))
                self.first.set()
            while (await reader.readline()).strip():
                pass
            writer.write(_FEED)
            self.asked.add(head)
            if len(self.asked) == self.feeds:
                self.every.set()


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds from exec, seconds of processor time, megabytes."""

    seconds: float
    cpu: float
    megabytes: float


Command = tuple[Sequence[str], Mapping[str, str]]
"""What is executed, and its environment."""
Begin = Callable[[Sequence[str], Path], Command]
"""Makes a start ready for these feeds, in an empty folder."""


@asynccontextmanager
async def sites() -> AsyncIterator[Sites]:
    """Until the end of the context."""
    opened = Sites(FEEDS)
    server = await asyncio.start_server(opened.answer, "127.0.0.1", 0)
    opened.port = server.sockets[0].getsockname()[1]
    yield opened
    server.close()


async def started(begin: Begin) -> tuple[Start, float]:
    """Start one in an empty folder; gives what its first poll had cost, and its megabytes after the first round."""
    with tempfile.TemporaryDirectory(prefix="ajil-") as folder:
        async with sites() as opened:
            urls = [f"http://127.0.0.1:{opened.port}/{number}/feed/" for number in range(FEEDS)]
            command, environment = begin(urls, Path(folder))
            opened.begun = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=folder,
                env=environment,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            opened.pid = process.pid
            try:
                async with asyncio.timeout(120):
                    await opened.first.wait()
                    await opened.every.wait()
                after = resident(process.pid)
            finally:
                process.kill()
                await process.wait()
    assert opened.start is not None
    return opened.start, after


def ours(stage: Stage, environment: Mapping[str, str], *, with_x: bool = False, with_pages: bool = False) -> Begin:
    """A worker with these settings and a store that knows nothing."""
    settings = {name: value for name, value in stage.settings.items() if with_x or not name.startswith("X_")}

    def begin(urls: Sequence[str], _: Path) -> Command:
        stage.store.wipe()
        port = {"PORT": str(free_port())} if with_pages else {}
        feeds = {"FEEDS": ",".join(urls), "POLL_SECONDS": "30"}
        return (PYTHON, "-m", "bot", "run"), {**environment, **settings, **port, **feeds}

    return begin


def node_red(urls: Sequence[str], folder: Path) -> Command:
    """The one whose start ours is held against."""
    return command_of(urls, folder, free_port()), {"PATH": os.environ["PATH"], "HOME": str(folder)}


def cpu_to_run(environment: Mapping[str, str], *arguments: str) -> float:
    """Seconds of processor time of an interpreter with these arguments, from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run((PYTHON, *arguments), env=dict(environment), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


async def main(rounds: int) -> int:
    """Measure in turns and tell; 1 when anything costs more than it may."""
    starts: dict[str, list[tuple[Start, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="ajil-") as place, valkey_server(Path(place)) as store:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": f"{place}/code"}
        async with open_stage(store, Path(place)) as stage:
            begins = {
                "Telegram": ours(stage, environment),
                "Telegram and pages": ours(stage, environment, with_pages=True),
                "Telegram and X": ours(stage, environment, with_x=True),
            } | ({PEER: node_red} if HOME else {})
            alone, helped = list[float](), list[float]()
            for _ in range(rounds + 1):
                alone.append(cpu_to_run(environment, "-c", f"import {LIBRARIES}"))
                helped.append(cpu_to_run(environment, "-m", "bot", "--help"))
                for name, begin in begins.items():
                    starts[name].append(await started(begin))
    libraries, peer = middle(alone), middle(start.cpu for start, _ in starts.get(PEER, ()))
    print(f"its libraries alone: {libraries:.2f} s of processor time")
    missed = False
    for name, of_it in starts.items():
        cpu, megabytes = middle(start.cpu for start, _ in of_it), middle(start.megabytes for start, _ in of_it)
        print(
            f"{name}, {FEEDS:,} feeds: {cpu:.2f} s of processor time, {middle(start.seconds for start, _ in of_it):.2f} s "
            f"on the clock, {megabytes:.1f} MB; after the first round {middle(after for _, after in of_it):.1f} MB"
        )
        if name != PEER:
            beside = f", {cpu / peer:.2f} of {PEER}'s (at most {MOST_OF_PEER})" if peer else ""
            print(f"  at most {MOST_CPU} s and {MOST_MB:.0f} MB; {cpu / libraries:.2f} of its libraries alone{beside}")
            missed |= cpu > MOST_CPU or megabytes > MOST_MB
    if not HOME:
        print(f"{PEER} was not measured: NODE_RED names no folder (bench/README.md)")
    print(f"ajil --help: {middle(helped):.3f} s of processor time (at most {MOST_HELP})")
    return int(missed or middle(helped) > MOST_HELP)


def middle(figures: Iterable[float]) -> float:
    """Their median without the first, which made the byte code; 0 where there are none."""
    _, *counted = [*figures] or (0.0, 0.0)
    return statistics.median(counted)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))
