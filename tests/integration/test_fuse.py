"""The fuse, in processes that stop themselves: one that sleeps past its lease in the middle of a send never wakes to end it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

ROOT = Path(__file__).parents[2]
SLEEPER = """
import os, signal, sys, time
from bot.clock import MachineClock
from publishing.fuse import Fuse

clock = MachineClock()
fuse = Fuse(clock)
seconds, where = float(sys.argv[1]), sys.argv[2]
begun = clock.monotonic()
with fuse.burning(begun + 30.0):
    with fuse.burning(begun + seconds):
        if where == "inside":
            os.kill(os.getpid(), signal.SIGSTOP)
    if where == "outside":
        os.kill(os.getpid(), signal.SIGSTOP)
print("awake", flush=True)
"""


async def slept(seconds: float, where: str, asleep: float) -> tuple[int | None, str]:
    """What became of a process whose fuse burns so long, and that is stopped there for so long."""
    command = (sys.executable, "-c", SLEEPER, str(seconds), where)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    await asyncio.to_thread(os.waitid, os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
    await asyncio.sleep(asleep)
    process.send_signal(signal.SIGCONT)
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def test_a_process_that_sleeps_past_its_lease_in_a_send_is_ended_before_its_next_instruction() -> None:
    """By the kernel, on waking."""
    assert await slept(0.2, "inside", 0.5) == (-signal.SIGALRM, "")


async def test_a_process_that_wakes_in_time_goes_on() -> None:
    """A short pause harms nobody."""
    assert await slept(20.0, "inside", 0.2) == (0, "awake\n")


async def test_a_fuse_that_is_out_ends_nobody_while_another_still_burns() -> None:
    """Two lanes send at once; the one that was done is no danger."""
    assert await slept(0.2, "outside", 0.5) == (0, "awake\n")
