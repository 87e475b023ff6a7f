"""A ping: the body that a hub brings, read as a poll's answer is read, and led into the same corridor.

Only what the feed never showed is taken from it, and only above the newest date known: the body may hold the new entry
alone, or lie by hours, so nothing of it is remembered as the feed's own. Edits are left to the poll that follows at
once. A feed that was never seen is only polled: what stands in it then is its baseline.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from feeds.answer import Fetched
from feeds.catchup import SAFELY_OLDER
from feeds.cell import Cells
from feeds.feed_list import FeedList
from feeds.known import known_of
from feeds.poll import Door
from feeds.reading import read
from feeds.validators import Validators
from newsroom.entry import Entry
from newsroom.errors import FetchFailed
from newsroom.flood import Shown
from newsroom.ports import FeedMemory, FeedState

MOST_BYTES = 5_000_000
"""Of a body; a hub may send a whole feed."""


class HubPings:
    """Takes in what hubs bring; their signature was checked.

    Args:
        memory: What the feeds have shown us.
        door: Where entries go: the desk.
        cells: Where heavy bodies are parsed.
        nudge: Has a feed polled soon.
        feeds: Ours. A hub may go on for a while after a feed was removed; what it brings then is left.
    """

    def __init__(
        self, memory: FeedMemory, door: Door, cells: Cells, nudge: Callable[[str], None], feeds: FeedList
    ) -> None:
        self._feeds = feeds
        self._memory = memory
        self._door = door
        self._cells = cells
        self._nudge = nudge

    async def close(self) -> None:
        """End what parses heavy bodies."""
        await self._cells.close()

    async def take(self, feed: str, body: bytes, content_type: str) -> int:
        """Hand over what is new in a body; gives how many entries that were.

        Raises:
            StoreUnavailable: Not all of it is taken; the hub sends it again.
        """
        if feed in self._feeds.removed:
            return 0
        state = await self._memory.recall(feed)
        entries: Sequence[Entry] = ()
        if state is not None:
            fetched = Fetched(body, {"content-type": content_type}, feed, Validators())
            with suppress(FetchFailed):  # A ping without the feed in it, as hubs of old send: the poll reads it.
                entries = await self._hand_over(fetched, feed, state)
        self._nudge(feed)
        return len(entries)

    async def _hand_over(self, fetched: Fetched, feed: str, state: FeedState) -> Sequence[Entry]:
        reading = await read(fetched, feed, known_of(state.known), self._cells)
        unseen = [entry for key, entry in reading.entries if key in reading.sorted.unseen]
        new = sorted((entry for entry in unseen if _is_new(entry, state)), key=_date_of)
        if new:
            newest = datetime.fromtimestamp(state.newest, UTC) if state.newest else None
            shown = Shown(len(reading.sightings), state.schemes, newest)
            await self._door.take_in(new, first_sight=False, shown=shown)
        return new


def _is_new(entry: Entry, state: FeedState) -> bool:
    return entry.published is not None and entry.published.timestamp() > state.newest - SAFELY_OLDER


def _date_of(entry: Entry) -> float:
    return entry.published.timestamp() if entry.published else 0.0
