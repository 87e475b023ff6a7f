"""What a cold start costs until the first feed is asked, with a thousand feeds; and `ajil --help`. Prints a line each.

    python -m bench.start [ROUNDS]

Byte code is kept, as on most hosts: it is made in the first start, which is not counted. The store is a server of its
own (REDIS_URL), and no child of the worker's; Telegram and X are the strict fakes on this machine. Processor time and
resident memory are the worker's own from its first instruction, threads included, read from /proc at the moment its first
request for a feed arrives, and memory again when every feed was asked once. Pages of libraries that other processes share
are counted in full. Seconds differ from machine to machine; beside them stands what the worker's libraries alone cost on this
one, in a process that reads them in and ends.

START_PYTHON names an interpreter that has requirements.txt and no more, as a host's has: beside tools of developers httpx
finds a terminal's command line to import, which costs 4 MB and 45 ms.

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
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.conftest import Stage, open_stage
from tests.support.store_process import free_port
from tests.support.store_server import valkey_server

FEEDS, ROUNDS = 1000, 5
MOST_CPU, MOST_MB, MOST_HELP = 0.7, 85.0, 0.2
"""Seconds of processor time, megabytes resident, seconds of processor time."""
PYTHON = os.environ.get("START_PYTHON", sys.executable)
ROOT = Path(__file__).parents[1]
LIBRARIES = "aiohttp, feedparser, jinja2, pydantic_settings, redis.asyncio, telegram"
"""What it works with from its first poll to its first post. What reading them in costs on a machine, no worker undercuts."""
_TICKS, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
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
                self.start = Start(time.monotonic() - self.begun, cpu_of(self.pid), resident(self.pid))
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


def cpu_of(pid: int) -> float:
    """Seconds of processor time of a process, its threads included (proc(5): utime, stime)."""
    after_name = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def resident(pid: int) -> float:
    """Megabytes of its memory that are in use."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE / 1e6


@asynccontextmanager
async def sites() -> AsyncIterator[Sites]:
    """Until the end of the context."""
    opened = Sites(FEEDS)
    server = await asyncio.start_server(opened.answer, "127.0.0.1", 0)
    opened.port = server.sockets[0].getsockname()[1]
    yield opened
    server.close()


async def started(
    stage: Stage, environment: Mapping[str, str], *, with_x: bool, with_pages: bool
) -> tuple[Start, float]:
    """Start a worker; gives what its first poll had cost, and its megabytes after the first round."""
    stage.store.wipe()
    with tempfile.TemporaryDirectory(prefix="ajil-") as folder:
        async with sites() as opened:
            feeds = ",".join(f"http://127.0.0.1:{opened.port}/{number}/feed/" for number in range(FEEDS))
            settings = {name: value for name, value in stage.settings.items() if with_x or not name.startswith("X_")}
            port = {"PORT": str(free_port())} if with_pages else {}
            opened.begun = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                PYTHON,
                "-m",
                "bot",
                "run",
                cwd=folder,
                env={**environment, **settings, **port, "FEEDS": feeds, "POLL_SECONDS": "30"},
                stderr=asyncio.subprocess.DEVNULL,
            )
            opened.pid = process.pid
            try:
                async with asyncio.timeout(60):
                    await opened.first.wait()
                    await opened.every.wait()
                after = resident(process.pid)
            finally:
                process.kill()
                await process.wait()
    assert opened.start is not None
    return opened.start, after


def cpu_to_run(environment: Mapping[str, str], *arguments: str) -> float:
    """Seconds of processor time of an interpreter with these arguments, from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run((PYTHON, *arguments), env=dict(environment), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


async def main(rounds: int) -> int:
    """Measure and tell; 1 when anything costs more than it may."""
    worst = 0
    with tempfile.TemporaryDirectory(prefix="ajil-") as place, valkey_server(Path(place)) as store:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": f"{place}/code"}
        alone = statistics.median([cpu_to_run(environment, "-c", f"import {LIBRARIES}") for _ in range(rounds + 1)][1:])
        print(f"its libraries alone: {alone:.2f} s of processor time")
        async with open_stage(store, Path(place)) as stage:
            for name in ("Telegram", "Telegram and pages", "Telegram and X"):
                more = {"with_x": "X" in name, "with_pages": "pages" in name}
                starts = [await started(stage, environment, **more) for _ in range(rounds + 1)][1:]
                cpu = statistics.median(start.cpu for start, _ in starts)
                megabytes = statistics.median(start.megabytes for start, _ in starts)
                after = statistics.median(after for _, after in starts)
                seconds = statistics.median(start.seconds for start, _ in starts)
                print(
                    f"{name}, {FEEDS:,} feeds: {cpu:.2f} s of processor time (at most {MOST_CPU}; {cpu / alone:.2f} of its "
                    f"libraries alone), {seconds:.2f} s on the clock, {megabytes:.1f} MB (at most {MOST_MB:.0f}); after the first round {after:.1f} MB"
                )
                worst |= int(cpu > MOST_CPU or megabytes > MOST_MB)
        helped = statistics.median([cpu_to_run(environment, "-m", "bot", "--help") for _ in range(rounds + 1)][1:])
        print(f"ajil --help: {helped:.3f} s of processor time (at most {MOST_HELP})")
    return worst | int(helped > MOST_HELP)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))
