"""An answer: what one request for a feed came to, and who gives it. Expected outcomes are values, not exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from feeds.validators import Validators


@dataclass(frozen=True, slots=True)
class Fetched:
    """The site sent a body."""

    body: bytes
    """Inflated; within the limit."""
    headers: Mapping[str, str]
    """Lower-case names; only those that say something of the body."""
    url: str
    """Where the body was found, after redirects."""
    validators: Validators
    """To be echoed the next time."""
    moved: str = ""
    """Where the feed lives now, when every redirect up to there was permanent."""
    fresh_for: float = 0.0
    """Seconds for which the site says that nothing newer is to be had; 0 when it says nothing."""
    age: float = 0.0
    """Seconds for which the body had lain in a cache of the site."""
    refetch_after: float | None = None
    """Seconds after which a plain refetch is due, as something may be published within the same second."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """304: the site has nothing new."""

    validators: Validators
    moved: str = ""
    fresh_for: float = 0.0


@dataclass(frozen=True, slots=True)
class FeedDown:
    """No feed was to be had."""

    why: str
    """One clause in words for a log and for the editors."""
    status: int = 0
    """The HTTP status; 0 when there was no answer."""
    retry_after: float | None = None
    """Seconds the site asks us to stay away."""


Answer = Fetched | Unchanged | FeedDown


class Source(Protocol):
    """Where answers come from."""

    async def fetch(self, url: str, validators: Validators, *, plain: bool = False) -> Answer:
        """One request. Never raises for what a site or a network does. `plain` wants the body in any case."""
        ...
