"""The cradle: a process that has read the whole house in once, and forks a command of it in some twenty milliseconds.

To start an interpreter and read the SDKs in takes a second of processor time, and the tests start workers by the hundred. What
is forked runs the same `main` with the same arguments, in a folder and an environment of its own, and writes into its own log.
The forking itself is the standard library's (multiprocessing, start method forkserver); each process that runs tests has one
cradle, which ends with it.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bot.__main__ import main

PRELOADED = ["tests.support.read_in"]
"""What it reads in: a module whose import does it."""


class Forked:
    """A command that was forked from the cradle; of asyncio's `Process` it has what tests use."""

    def __init__(self, folder: Path, environment: Mapping[str, str], arguments: Sequence[str], log: Path) -> None:
        cradle = multiprocessing.get_context("forkserver")
        cradle.set_forkserver_preload(PRELOADED)
        self._process = cradle.Process(target=_become, args=(str(folder), dict(environment), list(arguments), str(log)))
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None while it runs."""
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing when it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):  # It has just ended, and we have not heard of it yet.
                os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Until it has ended; gives its exit code."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        while (code := self.returncode) is None:
            loop.add_reader(self._process.sentinel, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._process.sentinel)
        return code


def _become(folder: str, environment: Mapping[str, str], arguments: Sequence[str], log: str) -> None:
    """Turn this fresh fork into `python -W error::DeprecationWarning:bot -m bot ARGUMENTS`; never returns."""
    code: object = 1
    try:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(out, stream)
        warnings.filterwarnings("error", category=DeprecationWarning, module="bot")
        code = main(arguments)
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - whatever it is stands in the log, and the fork ends here
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))
