"""The worker as a child process: what a host starts, in a folder and an environment of its own."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOK_SECONDS = 0.05


@dataclass(slots=True)
class Worker:
    """A running worker."""

    process: Process
    log: Path
    hung: bool = field(default=False, init=False)

    def said(self) -> str:
        """All it wrote so far."""
        return self.log.read_text("utf-8")

    async def until(self, is_so: Callable[[], bool], seconds: float = 15.0) -> None:
        """Wait until something is so, while the worker lives.

        Raises:
            AssertionError: it is not so in time, or the worker is gone; tells what the worker wrote.
        """
        end = asyncio.get_running_loop().time() + seconds
        while not is_so():
            assert self.process.returncode is None, f"the worker ended: {self.said()}"
            assert asyncio.get_running_loop().time() < end, (
                f"not so after {seconds} s; the worker wrote:\n{self.said()}"
            )
            await asyncio.sleep(LOOK_SECONDS)

    async def until_said(self, words: str, seconds: float = 15.0) -> None:
        """Wait for a line of its log."""
        await self.until(lambda: words in self.said(), seconds)

    async def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 40.0) -> int:
        """Signal it and wait for its end; gives the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    async def kill(self) -> None:
        """SIGKILL: no goodbye."""
        await self.stop(signal.SIGKILL)


@asynccontextmanager
async def a_worker(
    folder: Path,
    settings: Mapping[str, str],
    *arguments: str,
    inside: Sequence[str] = (),
) -> AsyncIterator[Worker]:
    """Start `python -m bot` in `folder`; whatever is left of it is killed at the end.

    Unless its settings say otherwise it sends no daily report: a test must not hang on the hour at which it runs.
    `inside` is a command that becomes the one that follows it, such as one that gives it a disk of its own.
    """
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    log = folder / "worker.log"
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *inside,
            sys.executable,
            "-W",
            "error::DeprecationWarning:bot",
            "-m",
            "bot",
            *(arguments or ("run",)),
            cwd=folder,
            env={**inherited, "PYTHONPATH": str(ROOT), "DAILY_REPORT": "off", **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    worker = Worker(process, log)
    try:
        yield worker
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
