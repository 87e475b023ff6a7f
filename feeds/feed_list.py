"""The list of feeds, as it is now: the settings' own, and what editors changed since.

Whoever looks, looks for all of this worker: the intake does with each renewal of its seat, and at once after an order.
What else follows the list (hooks, hubs) reads what was seen last.
"""

import asyncio
from collections.abc import Iterable, Mapping

from newsroom.daybook import FeedChanges
from newsroom.feed_change import Changes, FeedChange, feeds_of
from newsroom.link import host_of


class FeedList:
    """The feeds that are read.

    Args:
        base: Addresses in the settings; one given twice counts once.
        changes: What editors changed; without it the list stays as it is.
    """

    def __init__(self, base: Iterable[str], changes: FeedChanges | None = None) -> None:
        self.base = tuple(dict.fromkeys(base))
        self._kept = changes
        self._one_at_a_time = asyncio.Lock()
        self.changes: Changes = {}
        """As they were seen last."""
        self.feeds = self.base
        """Those of the settings first, in their order."""
        self.sites = _by_site(self.feeds)
        """Feeds by host."""

    def __contains__(self, feed: str) -> bool:
        return feed in self.sites.get(host_of(feed), ())

    async def look(self) -> tuple[str, ...]:
        """The feeds as they stand in the store now; the same object while nothing changes.

        Raises:
            StoreUnavailable: The list stays as it was seen last.
        """
        if self._kept is None:
            return self.feeds
        # An answer that is late must not undo what a look that began after it has seen.
        async with self._one_at_a_time:
            changes = await self._kept.all()
            if changes != self.changes:
                self.changes, self.feeds = changes, feeds_of(self.base, changes)
                self.sites = _by_site(self.feeds)
        return self.feeds

    @property
    def added(self) -> tuple[str, ...]:
        """Those that stand in the list by an editor's word alone."""
        settled = frozenset(self.base)
        return tuple(feed for feed in self.feeds if feed not in settled)

    @property
    def removed(self) -> tuple[str, ...]:
        """Those that were taken from it, the settings' own first."""
        listed = frozenset(self.feeds)
        return tuple(feed for feed in dict.fromkeys((*self.base, *self.changes)) if feed not in listed)

    def change_of(self, feed: str) -> FeedChange | None:
        """The last word on it, as it was seen last; None where nobody said one."""
        return self.changes.get(feed)


def _by_site(feeds: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    sites: dict[str, list[str]] = {}
    for feed in feeds:
        sites.setdefault(host_of(feed), []).append(feed)
    return {site: tuple(found) for site, found in sites.items()}
