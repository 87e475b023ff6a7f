"""A change of the list of feeds: what editors added to those of the settings, and what they took from it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsroom.link import host_of, identity_of, shown_address

ADDED_MOST = 50
"""Feeds that editors may add: their list fits into one message. Whoever has more writes them into the settings."""


@dataclass(frozen=True, slots=True)
class FeedChange:
    """The last word on one feed."""

    is_added: bool
    """False: it is read no longer, wherever else it stands."""
    by: str
    """Number and name of the person."""
    order: str
    """By which it was done: an order that is carried out twice finds its own work."""
    at: float
    """Unix seconds."""
    was_known: bool = False
    """It was read before, so what it shows first is no baseline."""


Changes = Mapping[str, FeedChange]
"""By the feed's address."""


def feeds_of(base: Iterable[str], changes: Changes) -> tuple[str, ...]:
    """What is read: the settings' feeds in their order, without what was removed; then what was added, oldest first."""
    kept = [feed for feed in base if feed not in changes or changes[feed].is_added]
    added = sorted((feed for feed in changes if changes[feed].is_added), key=lambda feed: (changes[feed].at, feed))
    return tuple(dict.fromkeys((*kept, *added)))


def idle_of(base: Iterable[str], changes: Changes) -> tuple[str, ...]:
    """Changes that change nothing any more: added and in the settings since, or removed and not in them."""
    settled = frozenset(base)
    return tuple(feed for feed, change in changes.items() if change.is_added == (feed in settled))


def meant(said: str, feeds: Sequence[str]) -> tuple[str, ...]:
    """The feeds that somebody means who writes this address: itself, else one shown so, else other spellings of it.

    A feed is shown without its password and key, so that is how people know it.
    """
    if said in feeds:
        return (said,)
    shown = tuple(feed for feed in feeds if shown_address(feed) == said)
    return shown or tuple(feed for feed in feeds if _spelling(feed) == _spelling(said))


def _spelling(url: str) -> str:
    """A feed may be a site's own front address, which names no article."""
    return identity_of(url) or host_of(url)
