"""The rota: which worker polls which feed, so that no feed waits for a dead worker and none is polled by two.

A worker takes a seat, holds it by renewing it, and claims feeds up to its share; all that it tells of its feeds travels
with the renewal, so that a poll itself asks no store. A seat that is not renewed in time is given up by itself, and the
feeds of it are free.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Seat:
    """A worker's place. A worker whose seat ran out takes another one: what it held under the old one may be gone."""

    worker: str
    feeds: str
    """Digest of the worker's list of feeds: only workers with the same list share it out among themselves."""

    @property
    def name(self) -> str:
        """By which it is known."""
        return f"{self.feeds}/{self.worker}"


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who is there."""

    workers: int
    """With this list of feeds, the asker included."""
    turn: int
    """Moves on whenever somebody comes or goes or gives feeds back: only then may there be something to claim."""


class Rota(Protocol):
    """Which worker polls which feed. Every method is atomic, and raises `StoreUnavailable`."""

    async def join(self, seat: Seat, seconds: float) -> Turnout:
        """Take a seat for so long."""

    async def renew(
        self, seat: Seat, seconds: float, dues: Mapping[str, float], given: Collection[str] = ()
    ) -> Turnout | None:
        """Hold it for so long from now; None when it has run out, and nothing was written.

        Args:
            seat: ours.
            seconds: for which it is held.
            dues: when feeds of ours fall due, in seconds from now. What is told before a poll counts for the poll.
            given: feeds of ours that others may have now.
        """

    async def claim(
        self, seat: Seat, feeds: Sequence[str], most: int, *, ahead: float, busy: float
    ) -> Mapping[str, float | None]:
        """Those of the feeds that nobody holds are ours now, at most so many.

        A feed that falls due within `ahead` seconds is counted as polled, in the same step: due again `busy` seconds
        after its time.

        Returns:
            In how many seconds each one falls due, below 0 when it should have been polled already; None for a feed
            that was never polled. Empty when the seat has run out.
        """

    async def leave(self, seat: Seat, dues: Mapping[str, float]) -> None:
        """Give it up with all its feeds, which fall due in so many seconds."""
