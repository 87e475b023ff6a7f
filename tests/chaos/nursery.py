"""The nursery: keeps the cradle (`tests.chaos.victim`) and has its hand on every worker that was born there."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.points import Blow

ROOT = Path(__file__).parents[2]
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "LD_PRELOAD")


@dataclass(slots=True)
class Victim:
    """A worker: a process of its own."""

    pid: int
    blow: Blow | None
    log: Path
    ended: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Its exit code; minus the signal that ended it."""
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while SIGSTOP holds it."""

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return not self.ended.done()

    def said(self) -> str:
        """The last that it wrote."""
        return self.log.read_text("utf-8")[-3000:] if self.log.exists() else ""

    def hit(self, number: signal.Signals) -> None:
        """Send it a signal, if it still lives."""
        if self.is_alive:
            if number is signal.SIGCONT:
                self.stopped.clear()
            with suppress(ProcessLookupError):  # It has just ended, and we have not heard of it yet.
                os.kill(self.pid, number)

    async def end(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Signal it and wait for its end."""
        self.hit(number)
        return await asyncio.shield(self.ended)

    async def lived(self, seconds: float) -> bool:
        """Whether it still lives after so many seconds; returns at once when it ends."""
        await asyncio.wait([self.ended], timeout=seconds)
        return self.is_alive


class Nursery:
    """Bears workers. Open it with `open_nursery`."""

    def __init__(self, cradle: Process) -> None:
        self._cradle = cradle
        self._one_at_a_time = asyncio.Lock()
        self._births: asyncio.Queue[int] = asyncio.Queue()
        self._living: dict[int, Victim] = {}
        self._early: dict[int, int] = {}
        self.born = 0
        """How many so far."""

    async def bear(self, settings: Mapping[str, str], folder: Path, blow: Blow | None = None) -> Victim:
        """Fork a worker with these settings, in that folder."""
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment |= dict(settings) | (blow.environment() if blow else {})
        self.born += 1
        log = folder / f"worker-{self.born:04}.log"
        order = {"environment": environment, "folder": str(folder), "log": str(log)}
        async with self._one_at_a_time:
            if self._cradle.stdin is None:
                raise RuntimeError("the cradle is started with pipes")
            self._cradle.stdin.write(json.dumps(order).encode() + b"\n")
            await self._cradle.stdin.drain()
            victim = Victim(await self._births.get(), blow, log)
            self._living[victim.pid] = victim
            if (code := self._early.pop(victim.pid, None)) is not None:
                self._end(victim.pid, code)
        return victim

    async def listen(self) -> None:
        """Hear what the cradle says, until it is gone."""
        if self._cradle.stdout is None:
            raise RuntimeError("the cradle is started with pipes")
        async for line in self._cradle.stdout:
            match json.loads(line):
                case {"born": pid}:
                    self._births.put_nowait(pid)
                case {"stopped": pid}:
                    if pid in self._living:
                        self._living[pid].stopped.set()
                case {"ended": pid, "code": code}:
                    self._end(pid, code)
                case strange:
                    raise AssertionError(f"the cradle said {strange!r}")

    def _end(self, pid: int, code: int) -> None:
        victim = self._living.pop(pid, None)
        if victim is None:
            self._early[pid] = code
        else:
            victim.ended.set_result(code)


@asynccontextmanager
async def open_nursery(environment: Mapping[str, str] | None = None) -> AsyncIterator[Nursery]:
    """Start the cradle; its workers end with it. `environment` is what the cradle has beyond ours."""
    cradle = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chaos.victim",
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=PIPE,
        stdout=PIPE,
        stderr=None,
        start_new_session=True,
    )
    nursery = Nursery(cradle)
    listening = asyncio.create_task(nursery.listen(), name="nursery")
    try:
        yield nursery
    finally:
        if cradle.stdin is not None:
            cradle.stdin.close()
        await cradle.wait()
        await listening
