"""A fuse: the kernel ends this process when it sleeps past a lease in the middle of a send.

Between the last look at the clock and the moment when the kernel has the last byte lies an instant that no check can
close: a process that is frozen there (SIGSTOP, a paused container) goes on with that very write when it wakes, after
another has read back, found nothing, and sent. A timer of the kernel's runs on while the process sleeps, and its signal
is dealt with before the first instruction after the sleep. What was being sent is uncertain then, and is read back.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from newsroom.ports import Clock

SLACK_SECONDS = 0.01
"""A pause between the look at the clock and the setting of the timer makes it late by as much, so it is set again."""
AT_ONCE = 1e-6
"""Zero would put it out."""


class Fuse:
    """Ends the process by SIGALRM (exit code -14), which it must not handle or ignore. One for a process.

    Where the machine knows no such timer it does nothing.
    """

    def __init__(self, clock: Clock) -> None:
        """Build it; nothing burns yet."""
        self._clock = clock
        self._ends: dict[object, float] = {}
        self._lit: float | None = None
        """What the timer is set to."""

    @contextmanager
    def burning(self, until: float) -> Iterator[None]:
        """What is done inside is done by then, or by nobody.

        Args:
            until: `Clock.monotonic` seconds. Far enough that whoever is awake is always done.
        """
        this = object()
        self._ends[this] = until
        self._set()
        try:
            yield
        finally:
            del self._ends[this]
            self._set()

    def _set(self) -> None:
        end = min(self._ends.values(), default=None)
        if end == self._lit or not hasattr(signal, "setitimer"):
            return
        self._lit = end
        if end is None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            return
        is_late = True
        while is_late:
            seen = self._clock.monotonic()
            signal.setitimer(signal.ITIMER_REAL, max(AT_ONCE, end - seen))
            is_late = self._clock.monotonic() - seen > SLACK_SECONDS
