"""The worker under test: `python -m tests.chaos.victim`, a cradle that forks real workers.

Starting an interpreter and importing the SDKs costs a second; the cradle does it once and forks a worker for each order
in some ten milliseconds. Each worker is a process of its own with its own environment, folder and log; it builds the
whole newsroom as `ajil run` does, and differs from it in its pace and its ears alone.

The cradle reads one order a line from its standard input and says one line for each birth, stop and end.
"""

import asyncio
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tests.support.read_in  # noqa: F401 - all that a worker needs, read once for all of them
from bot.house import house_of
from bot.settings import read_settings, require_live
from bot.terminal import open_logs
from bot.wiring import open_newsroom
from bot.worker import run_parts, stop_on_signals
from tests.chaos.ears import ListeningLoop, Trap
from tests.chaos.pace import CHAOS_PACE
from tests.chaos.points import Blow, Point


def blow_of(environment: Mapping[str, str]) -> Blow | None:
    """What is to befall this worker; None for one that lives."""
    name = environment.get("CHAOS_POINT", "")
    if not name:
        return None
    number = signal.Signals[environment.get("CHAOS_SIGNAL", "SIGKILL")]
    return Blow(Point.named(name), int(environment.get("CHAOS_PASSAGE", "1")), number)


def run_worker(environment: Mapping[str, str]) -> int:
    """`ajil run`, quick and overheard; gives the exit code."""
    settings = read_settings()
    require_live(settings)
    open_logs(settings)
    trap = Trap(blow_of(environment))

    async def work() -> None:
        stop = asyncio.Event()
        with stop_on_signals(stop):
            async with open_newsroom(settings, house_of(settings), pace=CHAOS_PACE) as newsroom:
                await run_parts(newsroom.parts, stop)

    with asyncio.Runner(loop_factory=lambda: ListeningLoop(trap)) as runner:
        runner.run(work())
    return 0


def become_worker(order: Mapping[str, Any]) -> None:
    """Turn this fresh fork into a worker; never returns."""
    code = 70  # EX_SOFTWARE of sysexits.h: what is seen when the worker could not even begin.
    try:
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["environment"])
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = run_worker(order["environment"])
    except BaseException:  # noqa: BLE001 - whatever it is stands in the log, and the fork ends here
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def keep_cradle() -> None:
    """Fork a worker for each order, and tell of each that stopped or ended, until the orders end.

    Whoever keeps us gives the next order only after the birth was told, so no order waits unseen in a buffer.
    """
    living: set[int] = set()
    wakes, wakened = socket.socketpair()
    wakened.settimeout(0)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakened.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        selector.register(wakes, selectors.EVENT_READ)
        while True:
            for ready, _ in selector.select():
                if ready.fileobj is wakes:
                    wakes.recv(4096)
                    tell_of_children(living)
                elif line := sys.stdin.readline():
                    living.add(bear(json.loads(line)))
                else:
                    for pid in living:
                        os.kill(pid, signal.SIGKILL)
                    return


def bear(order: Mapping[str, Any]) -> int:
    """Fork one worker; gives its number."""
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        become_worker(order)
    tell(born=pid)
    return pid


def tell_of_children(living: set[int]) -> None:
    """Every child that stopped or ended since the last time; the ended are taken from `living`."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if os.WIFSTOPPED(status):
            tell(stopped=pid)
        else:
            living.discard(pid)
            tell(ended=pid, code=os.waitstatus_to_exitcode(status))


def tell(**words: Any) -> None:
    """One line to whoever keeps us."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    keep_cradle()
