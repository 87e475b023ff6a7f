"""Every hostile file there is, and thousands of mutations, through scan and parser: entries or a clear fault."""

import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from feeds.answer import Fetched
from feeds.cell import Cells
from feeds.known import Known
from feeds.parse import parse
from feeds.reading import Reading, read
from feeds.scan import Scan, cut, is_cut_short, key_of, scan
from feeds.validators import Validators
from newsroom.entry import Entry
from newsroom.errors import FetchFailed

FEED = "https://alwasat.example.com/feed/"
MUTATIONS = int(os.environ.get("AJIL_MUTATIONS", "300"))
"""More of them on demand: 20,000 take six minutes."""


@pytest.fixture
async def cells() -> AsyncIterator[Cells]:
    """For heavy bodies."""
    cells = Cells()
    yield cells
    await cells.close()


async def outcome(body: bytes, cells: Cells, known: Known | None = None) -> Reading | str:
    """What comes of a body: a reading, or the words of a fault."""
    try:
        return await read(Fetched(body, {}, FEED, Validators()), FEED, known or Known(), cells)
    except FetchFailed as fault:
        return str(fault)


def entries_or_none(body: bytes) -> tuple[Entry, ...] | None:
    """What the parser makes of it."""
    try:
        return parse(body, {}, FEED)
    except FetchFailed:
        return None


def samples(shared: Path) -> list[Path]:
    """Feeds of Arabic WordPress sites."""
    return sorted([*shared.glob("data/feeds/*.xml"), *shared.glob("data/alwasat/feed*.xml")])


def hostile(shared: Path) -> list[Path]:
    """Every file that could be sent in the place of a feed."""
    paths = [path for path in sorted((shared / "data/hostile").rglob("*")) if path.is_file()]
    assert len(paths) > 1000
    return paths


def test_entries_read_alone_read_as_they_do_in_the_whole_feed(shared: Path) -> None:
    """Every entry of the sample feeds, by itself."""
    for path in samples(shared):
        body = path.read_bytes()
        found, whole = scan(body), parse(body, {}, FEED)
        assert isinstance(found, Scan)
        assert [key_of(entry.guid) for entry in whole] == [sighting.key for sighting in found.sightings]
        for sighting, entry in zip(found.sightings, whole, strict=True):
            assert parse(cut(body, found, {sighting.key}), {}, FEED) == (entry,)


def test_hostile_feeds_that_are_trusted_read_as_they_do_whole(shared: Path) -> None:
    """Where the scan is sure of itself, reading entries alone loses and invents none."""
    trusted = 0
    for path in hostile(shared):
        body = path.read_bytes()
        found = scan(body)
        if isinstance(found, Scan) and not is_cut_short(body):
            trusted += 1
            assert entries_or_none(cut(body, found, {each.key for each in found.sightings})) == entries_or_none(body)
    assert trusted > 0


def test_a_full_text_that_feedparser_never_saw_reads_as_one_that_it_did(shared: Path) -> None:
    """Full texts go around feedparser, unless their tag is written in another way: both give the same entries."""
    seen = 0
    for path in (*samples(shared), *hostile(shared)):
        body = path.read_bytes()
        if b"<content:encoded><![CDATA[" in body:
            seen += 1
            assert entries_or_none(body.replace(b"<content:encoded>", b"<content:encoded >")) == entries_or_none(body)
    assert seen > 5


async def test_no_hostile_file_is_more_than_a_fault(shared: Path, cells: Cells) -> None:
    """Each is read or refused in words; none raises anything else, and none hangs."""
    refused = 0
    for path in hostile(shared):
        came = await outcome(path.read_bytes(), cells)
        refused += isinstance(came, str)
        assert came
    assert refused > 100


async def test_no_mutation_of_a_feed_is_more_than_a_fault(shared: Path, cells: Cells) -> None:
    """Bytes flipped, cut out, doubled and moved in a real feed; most of its entries stay readable."""
    body = (shared / "data/alwasat/feed.xml").read_bytes()
    chance = random.Random(20261123)  # noqa: S311 - the same mutations every time.
    read_well = 0
    for _ in range(MUTATIONS):
        came = await outcome(mutated(body, chance), cells)
        read_well += isinstance(came, Reading) and bool(came.entries)
    assert read_well > MUTATIONS / 2


def mutated(body: bytes, chance: random.Random) -> bytes:
    """One to eight scars."""
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(body))
        end = min(len(body), start + chance.choice((0, 1, 3, 20, 300)))
        other = chance.randrange(len(body))
        scraps = (b"", bytes([chance.randrange(256)]), body[start:end] * 2, body[other : other + 40], b"]]>", b"<item>")
        body = body[:start] + chance.choice(scraps) + body[end:]
    return body
