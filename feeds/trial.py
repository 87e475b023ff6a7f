"""A trial: one address asked once and read as a feed would be, for whoever considers it. Nothing is remembered."""

from dataclasses import dataclass
from datetime import datetime

from feeds.answer import FeedDown, Fetched, Source, Unchanged
from feeds.cell import Cells
from feeds.known import Known
from feeds.reading import read
from feeds.validators import Validators
from feeds.websub import announced
from newsroom.entry import Entry
from newsroom.errors import FetchFailed


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it."""

    why: str = ""
    """What was wrong, in one clause; empty when it reads as a feed."""
    count: int = 0
    """Entries."""
    newest: str = ""
    """Title of the newest entry."""
    published: datetime | None = None
    """When that was published; None where the feed does not say."""
    has_validators: bool = False
    """Whether the site says how to ask if anything changed (ETag, Last-Modified)."""
    hub: str = ""
    """Who would tell of news unasked (WebSub); empty where the feed names nobody."""
    moved: str = ""
    """Where the site says that it lives now; empty when it did not move."""


async def tried(source: Source, url: str) -> Trial:
    """Ask once, and read what came. Raises nothing for what a site or a network does."""
    match await source.fetch(url, Validators(), plain=True):
        case FeedDown(why=why):
            return Trial(why)
        case Unchanged():
            return Trial("the site answered 304 (Not Modified)")
        case Fetched() as fetched:
            return await _read(fetched, url)


async def _read(fetched: Fetched, url: str) -> Trial:
    # Its own, since a body that breaks a child must not take one from the feeds that are polled.
    cells = Cells(most=1)
    try:
        reading = await read(fetched, url, Known(), cells)
    except FetchFailed as fault:
        return Trial(str(fault).rstrip("."), moved=fetched.moved)
    finally:
        await cells.close()
    entries = [entry for _, entry in reading.entries]
    newest, hub = _newest(entries), announced(fetched.headers, fetched.body, url)
    return Trial(
        count=len(entries),
        newest=newest.title if newest else "",
        published=newest.published if newest else None,
        has_validators=bool(fetched.validators.etag or fetched.validators.last_modified),
        hub=hub.hub if hub else "",
        moved=fetched.moved,
    )


def _newest(entries: list[Entry]) -> Entry | None:
    """By date; where none has one, the first of the document, as feeds stand newest first."""
    dated = [(entry.published, entry) for entry in entries if entry.published is not None]
    if dated:
        return max(dated, key=lambda pair: pair[0])[1]
    return entries[0] if entries else None
