"""Reading: one body against what is known. It calls the pure parts in their order and decides nothing itself.

The scan says what is new; feedparser sees the head of the feed and the new entries only. Where the scan distrusts the
bytes, feedparser sees all, and each entry is known by its guid, or by its address, or by its title.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feeds.answer import Fetched
from feeds.cell import Cells, is_light, is_quick
from feeds.known import Known, Sorted, sort_out
from feeds.parse import legible, rows_of
from feeds.scan import MOST_ENTRIES, TEXT_BYTES, Distrust, Scan, Sighting, cut, digest_of, is_cut_short, key_of, scan
from newsroom.entry import Entry
from newsroom.errors import FetchFailed

IN_A_TURN = 5
"""Entries that are read before others have their turn: the words of fifty take as long as feedparser took (measured)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one body said."""

    sightings: tuple[Sighting, ...]
    """Of every entry, in the order of the document."""
    sorted: Sorted
    entries: tuple[tuple[bytes, Entry], ...]
    """Key and entry of those that matter, in the order of the document."""
    distrust: str = ""
    """Why the whole feed was parsed; empty when the scan was enough."""


async def read(fetched: Fetched, feed: str, known: Known, cells: Cells) -> Reading:
    """Find what is new in a body.

    Args:
        fetched: The body.
        feed: Address by which the house knows the feed.
        known: What it has shown us.
        cells: Where heavy bodies are parsed.

    Raises:
        FetchFailed: It is no feed, or not all of it, or it cannot be parsed.
    """
    if is_cut_short(fetched.body):
        raise FetchFailed("the end of the feed is missing")
    found = scan(fetched.body, fetched.headers.get("content-type", ""), known.familiar())
    if isinstance(found, Distrust):
        return await _read_whole(fetched, feed, known, cells, found.why)
    result = sort_out(known, found.sightings)
    if not result.wanted:
        return Reading(found.sightings, result, ())
    entries = await _parse(cut(fetched.body, found, result.wanted), fetched.headers, feed, cells)
    paired = _paired(found, result, entries)
    if paired is None:
        return await _read_whole(fetched, feed, known, cells, "the entries alone read otherwise than expected")
    return Reading(found.sightings, result, paired)


async def _read_whole(fetched: Fetched, feed: str, known: Known, cells: Cells, why: str) -> Reading:
    entries = (await _parse(fetched.body, fetched.headers, feed, cells))[:MOST_ENTRIES]
    sightings: dict[bytes, tuple[Sighting, Entry]] = {}
    for entry in entries:
        key = key_of(entry.guid or entry.link or entry.title)
        if key in sightings:  # A plugin gives all entries one guid; their addresses differ.
            key = key_of(f"{entry.guid}\n{entry.link}\n{entry.title}")
        sightings.setdefault(key, (Sighting(key, _digest_of_entry(entry), 0, 0, 0), entry))
    seen = tuple(sighting for sighting, _ in sightings.values())
    result = sort_out(known, seen)
    return Reading(seen, result, tuple((key, sightings[key][1]) for key in sightings if key in result.wanted), why)


async def _parse(body: bytes, headers: Mapping[str, str], feed: str, cells: Cells) -> tuple[Entry, ...]:
    if not is_light(body):
        return await cells.parse(body, headers, feed)
    if is_quick(body):
        rows = rows_of(body, headers, feed)
    else:
        rows = await cells.beside(rows_of, body, headers, feed)
    entries: list[Entry] = []
    for entry in legible(rows, feed):
        entries.append(entry)
        if len(entries) % IN_A_TURN == 0:
            await asyncio.sleep(0)
    return tuple(entries)


def _paired(found: Scan, result: Sorted, entries: Sequence[Entry]) -> tuple[tuple[bytes, Entry], ...] | None:
    """Each parsed entry with the key by which the scan knows it; None when they do not agree."""
    wanted = [sighting.key for sighting in found.sightings if sighting.key in result.wanted]
    if len(entries) == len(wanted):
        return tuple(zip(wanted, entries, strict=True))
    # An entry without a word in it is left out by the parser; all others must be found again by their guid.
    paired = tuple((key_of(entry.guid), entry) for entry in entries)
    return paired if {key for key, _ in paired} <= set(wanted) else None


def _digest_of_entry(entry: Entry) -> bytes:
    """The counterpart of the scan's digest, for feeds that must be parsed to be read."""
    published = entry.published.isoformat() if entry.published else ""
    pictures = "\n".join(picture.url for picture in entry.pictures)
    texts = (entry.title, entry.link, entry.byline, entry.lead, published, pictures, *entry.categories)
    return digest_of("\0".join((*texts, entry.body[:TEXT_BYTES])).encode("utf-8", "surrogatepass"))
