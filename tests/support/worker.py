"""The worker as a child process, in a folder and an environment of its own."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.cradle import Forked

ROOT = Path(__file__).parents[2]
LOOK_SECONDS = 0.05
WARNINGS = ("-W", "error::DeprecationWarning:bot")


@dataclass(slots=True)
class Worker:
    """A running worker."""

    process: Process | Forked
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
    afresh: bool = False,
) -> AsyncIterator[Worker]:
    """`python -m bot` in `folder`, forked from one that has read the house in; whatever is left of it is killed at the end.

    Unless its settings say otherwise it sends no daily report: a test must not hang on the hour at which it runs.

    Args:
        folder: it works there, and its log stands there.
        settings: its environment, beside what a shell has.
        arguments: of the command line; `run` without any.
        inside: a command that becomes the one that follows it, such as one that gives it a disk of its own.
        afresh: started as a host starts it, in an interpreter of its own, at a second of processor time. So is whatever
            stands inside another command, or needs a library before its interpreter begins.
    """
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    log = folder / "worker.log"
    log.touch()
    environment = {**inherited, "PYTHONPATH": str(ROOT), "DAILY_REPORT": "off", **settings}
    arguments = arguments or ("run",)
    process: Process | Forked
    if afresh or inside or "LD_PRELOAD" in settings:
        process = await _started(
            [*inside, sys.executable, *WARNINGS, "-m", "bot", *arguments], folder, environment, log
        )
    else:
        process = Forked(folder, environment, arguments, log)
    worker = Worker(process, log)
    try:
        yield worker
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _started(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path) -> Process:
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out
        )
