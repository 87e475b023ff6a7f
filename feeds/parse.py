"""Parse: the bytes of a feed into its entries. Pure; the one door of feedparser.

feedparser is given a stream and never the body itself: a body that is an address or a file's path would be fetched or
opened (measured, 6.0.14). It is given UTF-8 of our own reading, and a document within bounds. What it raises, and it
raised four unrelated classes on 67 of 3,952 fuzzed inputs, comes out as `FetchFailed`.
"""

import io
import logging
from collections.abc import Iterator, Mapping, Sequence

import feedparser

from feeds import json_feed
from feeds.bounds import MOST_ENTRIES, bounded, what_it_looks_like
from feeds.charset import is_garbled, text_of
from feeds.wordpress import Fields, entry_of
from newsroom.entry import Entry
from newsroom.errors import FetchFailed

_log = logging.getLogger(__name__)


def parse(body: bytes, headers: Mapping[str, str], feed: str) -> tuple[Entry, ...]:
    """The entries of a feed (RSS 0.9 to 2.0, Atom, CDF, JSON Feed), in the order of the document, at most 1,000.

    An entry in letters that cannot be read is left out, and so is one without title, guid and link; the log says so.

    Args:
        body: decompressed.
        headers: of the response; only `Content-Type` matters, in whatever case.
        feed: address of the feed; becomes `Entry.feed`, and relative links are read against it.

    Raises:
        FetchFailed: it is no feed, or none that can be read; the sentence says what it looks like.
    """
    text = text_of(body, next((value for name, value in headers.items() if name.lower() == "content-type"), ""))
    rows = json_feed.fields_of(text, feed) if text.lstrip()[:1] in {"{", "["} else _read(text, feed)
    return tuple(_legible(rows[:MOST_ENTRIES], feed))


def _read(text: str, feed: str) -> list[Fields]:
    document = bounded(text, feed).encode("utf-8", "replace")
    try:
        parsed = feedparser.parse(
            io.BytesIO(document),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            # Half of its time (measured), for HTML that is never published.
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        raise FetchFailed(f"{feed} cannot be read as a feed: {type(error).__name__} in feedparser.") from error
    if not parsed.entries and not parsed.version:
        raise FetchFailed(f"{feed} is no feed: it answered with {what_it_looks_like(text)}.")
    rows: list[Fields] = parsed.entries
    return rows


def _legible(rows: Sequence[Fields], feed: str) -> Iterator[Entry]:
    """The entries that can be read, and one line in the log for all others."""
    left_out: list[str] = []
    for number, row in enumerate(rows, 1):
        entry = entry_of(row, feed)
        if is_garbled(entry.title) or is_garbled(entry.lead):
            left_out.append(f"{entry.link or entry.guid or number}: its letters cannot be read, as of another charset")
        elif not (entry.title or entry.guid or entry.link):
            left_out.append(f"number {number}: it has neither title nor guid nor link")
        else:
            yield entry
    if left_out:
        told = {"action": "entries_left_out", "feed": feed}
        _log.warning("%d entries of %s are left out, the first is %s.", len(left_out), feed, left_out[0], extra=told)
