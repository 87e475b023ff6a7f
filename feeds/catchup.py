"""Catch-up: a feed shows its ten newest entries, and more than ten came between two polls.

WordPress gives the older ones under `?paged=2`, `3`, … They are walked until the known begins. A site without pages
answers 404, or the same page again; both end the walk, and WordPress's own list of posts is asked instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yarl import URL

from feeds.answer import Answer, FeedDown, Fetched, Source, Unchanged
from feeds.cell import Cells
from feeds.known import Known, Sorted
from feeds.reading import Reading, read
from feeds.rest_posts import posts_address
from feeds.validators import Validators
from newsroom.entry import Entry
from newsroom.errors import FetchFailed

LAST_PAGE = 10
LAST_LIST = 3
"""Of WordPress's list of posts, which is five times as long as a page of a feed."""
SAFELY_OLDER = 3600.0
"""Seconds. A page whose every entry is older than the newest one known, by more than that, lies below the gap."""

_NO_SUCH_PAGE = frozenset({400, 404, 410})
_EMPTY = Reading((), Sorted(frozenset(), frozenset(), frozenset(), frozenset()), ())


@dataclass(frozen=True, slots=True)
class Walk:
    """What the older pages held."""

    entries: tuple[tuple[bytes, Entry], ...] = ()
    """Key and entry, newest page first."""
    digests: tuple[tuple[bytes, bytes], ...] = ()
    """Key and digest of everything met."""
    pages: int = 0
    broken: str = ""
    """Why the walk ended before the known began; empty when the gap is closed."""
    shows_no_gap: bool = False
    """The next page lies below all that is known: what stood at the end of the feed is old, and was only revealed."""
    is_closed: bool = True
    """Where the known begins was seen."""

    def joined(self, other: "Walk") -> "Walk":
        """With what another way held, which saw where the known begins."""
        return Walk(
            tuple((dict(self.entries) | dict(other.entries)).items()),
            (*self.digests, *other.digests),
            self.pages,
            shows_no_gap=self.shows_no_gap or other.shows_no_gap,
        )


async def walk(
    source: Source,
    cells: Cells,
    url: str,
    first: Reading,
    *,
    known: Known,
    anchor: Known,
    newest: float,
    link: str = "",
) -> Walk:
    """Fetch the older pages of a feed, until the known begins.

    Args:
        source: Where pages come from.
        cells: Where heavy pages are parsed.
        url: Of the feed.
        first: The feed itself.
        known: What is known now.
        anchor: What was known when nothing was missing yet; the walk is over where it begins.
        newest: Unix seconds of the newest date known.
        link: The `Link` header of the feed's answer.
    """

    async def follow(addresses: Iterable[str]) -> Walk:
        gone = _Path(frozenset(anchor.digests()), anchor.order()[-1:], first)
        count = -1
        for count, address in enumerate(addresses):
            reading = await _reading(await source.fetch(address, Validators(), plain=True), url, known, cells)
            if not isinstance(reading, Reading):
                return gone.walk(count, broken=reading)
            if gone.ends_with(reading):
                return gone.walk(count + 1)
            if _is_below(reading, newest):
                return gone.walk(count + 1, is_below=True)
        return gone.walk(count + 1)

    paged = await follow(page_of(url, page) for page in range(2, LAST_PAGE + 1))
    posts = None if paged.is_closed else posts_address(url, link, newest)
    if posts is None:
        return paged
    listed = await follow(str(posts.update_query(page=number)) for number in range(1, LAST_LIST + 1))
    return paged.joined(listed) if listed.is_closed else paged


class _Path:
    """The pages that were walked, put together. Pure but for its own state.

    Args:
        anchored: Keys of what was known.
        last: Key of the oldest of them, where the order is known.
        first: The feed itself.
    """

    def __init__(self, anchored: frozenset[bytes], last: Sequence[bytes], first: Reading) -> None:
        self._anchored = anchored
        self._last = last
        self._met = {sighting.key for sighting in first.sightings}
        self._known_stands_above = not anchored.isdisjoint(self._met)
        self._found: list[tuple[bytes, Entry]] = []
        self._digests: list[tuple[bytes, bytes]] = []
        self._above: int | None = None
        """How many of the found stand above something known; None before that was met."""

    def ends_with(self, reading: Reading) -> bool:
        """Add a page; whether nothing new can stand below it."""
        entries = dict(reading.entries)
        keys = [sighting.key for sighting in reading.sightings]
        brings_nothing = self._met.issuperset(keys)
        had_met_known, meets_known = self._above is not None, not self._anchored.isdisjoint(keys)
        for sighting in reading.sightings:
            if sighting.key in self._anchored:
                self._above = len(self._found)
            elif sighting.key in entries and sighting.key not in self._met:
                self._found.append((sighting.key, entries[sighting.key]))
            self._digests.append((sighting.key, sighting.digest))
        self._met.update(keys)
        if meets_known:
            return not self._last or self._last[0] in keys
        return brings_nothing or had_met_known

    def walk(self, pages: int, broken: str = "", *, is_below: bool = False) -> Walk:
        """What was found; below the last known entry stand only older ones, from before the feed was first seen."""
        if is_below and self._above is None and self._known_stands_above:
            return Walk((), tuple(self._digests), pages, shows_no_gap=True)
        is_closed = self._above is not None or is_below
        return Walk(tuple(self._found[: self._above]), tuple(self._digests), pages, broken, is_closed=is_closed)


def page_of(url: str, page: int) -> str:
    """Address of an older page of a feed."""
    return str(URL(url).update_query(paged=page))


async def _reading(answer: Answer, url: str, known: Known, cells: Cells) -> Reading | str:
    """What a page says, or why it says nothing; a page that does not exist is one without entries."""
    match answer:
        case Fetched():
            try:
                return await read(answer, url, known, cells)
            except FetchFailed as fault:
                return str(fault)
        case FeedDown(why, status):
            return _EMPTY if status in _NO_SUCH_PAGE else why
        case Unchanged():
            return _EMPTY


def _is_below(reading: Reading, newest: float) -> bool:
    dates = [entry.published.timestamp() for _, entry in reading.entries if entry.published is not None]
    return bool(dates) and max(dates) < newest - SAFELY_OLDER
