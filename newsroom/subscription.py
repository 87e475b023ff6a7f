"""A subscription: a feed that a hub tells us of, and the ports for what is kept of pushes.

Subscriptions  find, all, keep, drop    whom we asked for what
Hooks          first_time               signed notes that came twice
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Stage(StrEnum):
    """How far a subscription has come."""

    FOUND = "found"
    """The feed names a hub; nobody was asked yet."""
    ASKED = "asked"
    ACTIVE = "active"
    """The hub has verified that it was we who asked."""
    REFUSED = "refused"
    LEAVING = "leaving"
    """We asked the hub to end it."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed at one hub. No secret is kept: path and secret are made of the house's own (feeds/websub.py)."""

    path: str
    """The last part of the callback's address; nobody can guess it."""
    feed: str
    """As the house knows it."""
    hub: str
    topic: str
    """The feed's own name for itself: what the hub is asked for."""
    stage: Stage = Stage.FOUND
    asked: float = 0.0
    """Unix seconds of our last request."""
    ends: float = 0.0
    """Unix seconds at which the hub's lease runs out."""
    due: float = 0.0
    """Unix seconds at which the hub is asked again: for more time, or once more after a failure."""
    tries: int = 0
    """Requests in a row that came to nothing."""
    why: str = ""
    """What became of the last of them."""

    def is_live(self, now: float) -> bool:
        """Whether the hub tells us of this feed; while a lease is renewed it goes on."""
        return self.ends > now and self.stage in {Stage.ACTIVE, Stage.ASKED}


class Subscriptions(Protocol):
    """What was asked of hubs. Every method raises `StoreUnavailable`."""

    async def find(self, path: str) -> Subscription | None:
        """The subscription with this callback."""

    async def all(self) -> tuple[Subscription, ...]:
        """Every one, by path."""

    async def keep(self, subscription: Subscription) -> None:
        """Put it in the place of what was kept under its path."""

    async def drop(self, path: str) -> None:
        """Forget it."""


class Hooks(Protocol):
    """Signed notes of the site. Raises `StoreUnavailable`."""

    async def first_time(self, name: str) -> bool:
        """True once for each, in the whole house and for two days: a note that is sent twice is taken once."""
