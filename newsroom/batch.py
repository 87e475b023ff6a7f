"""A batch: stories that wait together for one answer of the desk. Left alone, nothing of it goes out.

A flood, the backlog after an outage, or one story that a rule holds. Its members are known like any other story, so
whatever the desk answers, and whenever, none is met as new again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol

from newsroom.story import StoryId

NEWEST = 3
"""How many «publish the newest» means."""


class Cause(StrEnum):
    """Why stories wait together; the words for it, Arabic and English, stand in bot/commands/replies."""

    FLOOD = "flood"
    """A feed that was reset, moved or renumbered."""
    BACKLOG = "backlog"
    """What came while nobody looked, or more at once than followers can read."""
    STORY = "story"
    """One story that is held by itself."""
    LOOKALIKE = "lookalike"
    """One that went out though it looks like an earlier one: the desk is told, and nothing waits."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Which one it is."""

    id: str
    cause: Cause
    why: str
    """A `Flood` or a `Why`."""
    feed: str
    """Where it came from."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch as the store keeps it."""

    batch: Batch
    stories: tuple[StoryId, ...]
    """In the order in which they were met: oldest first."""
    since: float
    """Unix seconds."""
    grown: float
    """Unix seconds: when the last one joined."""

    @property
    def holds(self) -> bool:
        """Whether something waits for the answer."""
        return self.batch.cause is not Cause.LOOKALIKE

    @property
    def newest(self) -> tuple[StoryId, ...]:
        """The last few."""
        return self.stories[-NEWEST:]


class Batches(Protocol):
    """What waits for the desk. `Outbox.admit` writes it; both methods are atomic and raise `StoreUnavailable`."""

    async def waiting(self) -> tuple[Waiting, ...]:
        """All that are not closed, oldest first; the desk's silence closes one after two days."""

    async def close(self, batch: str) -> None:
        """The desk answered, and that was carried out. Closed twice comes to the same."""


def batch_of(cause: Cause, why: str, feed: str, now: datetime) -> Batch:
    """A batch that begins at `now`."""
    return Batch(_named(cause, feed, now.isoformat()), cause, why, feed)


def batch_of_one(story: StoryId, why: str, feed: str) -> Batch:
    """A batch for one story; the same story makes the same batch, so it is asked about once."""
    return Batch(_named(Cause.STORY, story), Cause.STORY, why, feed)


def batch_of_lookalikes(stories: Iterable[StoryId], why: str, feed: str) -> Batch:
    """What one poll brought that looks like earlier ones: told in one message."""
    return Batch(_named(Cause.LOOKALIKE, *stories), Cause.LOOKALIKE, why, feed)


def _named(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
