"""A departure: one request that must not leave after its deadline, and the knowledge whether it left.

A platform carries out whole requests only, so the moment that counts is the last byte of the body. Another worker may
hold the delivery once the deadline is over; a check before the request is too early, because connecting and writing
take their time (docs/decisions/0004-platform-receipts.md has the numbers).
"""

from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf

from newsroom.ports import Clock

AGAIN_SECONDS = 1.0
"""Until what came too late is tried again. The platform asked for no patience, so it is not the wait that grows with every
attempt: that holds up the whole lane, and after a row of workers that died it was 30 s and more (tests.chaos)."""


class DeadlinePassedError(Exception):
    """The request was held back, or broken off before its last byte."""

    def __init__(self) -> None:
        super().__init__("The time for this attempt was over before the request had left.")


@dataclass(slots=True)
class Departure:
    """One attempt to send, and its deadline. Raises `DeadlinePassedError` instead of letting go too late.

    Attributes:
        clock: its monotonic seconds are the deadline's.
        deadline: `Clock.monotonic` seconds.
        left: whether the platform may hold the whole request. True also where nobody guarded the body, so that a
            client that does not ask never makes a post look unsent.
    """

    clock: Clock
    deadline: float
    left: bool = True

    @property
    def seconds(self) -> float:
        """Seconds until the deadline; 0 after it."""
        return max(0.0, self.deadline - self.clock.monotonic())

    def check(self) -> None:
        """Raise `DeadlinePassedError` after the deadline."""
        if self.clock.monotonic() > self.deadline:
            raise DeadlinePassedError

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Guard every request that is made inside: the clients ask `departure_under_way`.

        Afterwards nothing of it may leave any more, even from a client that still writes in a task of its own.
        """
        token = _UNDER_WAY.set(self)
        try:
            yield
        finally:
            _UNDER_WAY.reset(token)
            self.deadline = -inf

    def guard(self, body: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """Hand out the body of one request; the clock is read again before each piece, the last one included."""
        self.left = False
        return self._pieces(body)

    async def _pieces(self, body: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        held: bytes | None = None
        async for piece in body:
            if held is not None:
                self.check()
                yield held
            held = piece
        self.check()
        self.left = True
        if held is not None:
            yield held


_UNDER_WAY: ContextVar[Departure | None] = ContextVar("departure", default=None)
"""The departure of the running task. Neither SDK passes a value of ours from its methods down to the request."""


def departure_under_way() -> Departure | None:
    """What the request that is about to be made belongs to; None where no deadline applies."""
    return _UNDER_WAY.get()
