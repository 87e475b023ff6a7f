"""Cells: heavy bodies parsed in children that can be killed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import count

import pytest

from feeds.answer import Fetched
from feeds.cell import Cells, is_light, is_quick
from feeds.known import Known
from feeds.parse import parse, rows_of
from feeds.reading import read
from feeds.validators import Validators
from feeds.wordpress import Fields
from newsroom.errors import FetchFailed
from tests.support.clock import wait_for_turn

FEED = "https://alwasat.example.com/feed/"
ITEM = "<item><title>خبر</title><guid>{}</guid></item>"
HEAVY = ("<rss version='2.0'><channel>" + "".join(map(ITEM.format, range(900))) + "</channel></rss>").encode()


@pytest.fixture
async def cells() -> AsyncIterator[Cells]:
    """No child is started before one is needed."""
    cells = Cells(idle_seconds=30.0)
    yield cells
    await cells.close()


async def test_a_body_reads_the_same_in_a_cell(cells: Cells) -> None:
    """Entries travel back whole, Arabic and all."""
    assert await cells.parse(HEAVY, {"content-type": "application/rss+xml"}, FEED) == parse(HEAVY, {}, FEED)


async def test_a_child_is_used_again(cells: Cells) -> None:
    """Starting one costs more than most bodies; two bodies at once are parsed side by side."""
    await cells.parse(HEAVY, {}, FEED)
    first = set(cells._children)
    await cells.parse(HEAVY, {}, FEED)
    assert set(cells._children) == first
    await asyncio.gather(cells.parse(HEAVY, {}, FEED), cells.parse(HEAVY, {}, FEED))
    assert len(cells._children) == 2


async def test_what_is_no_feed_is_said_in_the_words_of_the_parser(cells: Cells) -> None:
    """And the child lives on."""
    with pytest.raises(FetchFailed, match="is no feed"):
        await cells.parse(b"<html>" + b"<p>" * 9000, {}, FEED)
    assert await cells.parse(HEAVY, {}, FEED)
    assert len(cells._children) == 1


async def test_a_child_that_does_not_answer_in_time_is_killed() -> None:
    """The next body gets another one."""
    cells = Cells(seconds=0.001)
    with pytest.raises(FetchFailed, match="could not be parsed in 0 seconds"):
        await cells.parse(HEAVY, {}, FEED)
    (child,) = cells._children
    assert await child.wait() == -signal.SIGKILL
    await cells.close()


async def test_a_child_that_dies_is_a_fault_of_the_feed(cells: Cells) -> None:
    """Whatever killed it; the next body is parsed."""
    await cells.parse(HEAVY, {}, FEED)
    (child,) = cells._children
    child.kill()
    await child.wait()
    with pytest.raises(FetchFailed, match="broke the parser"):
        await cells.parse(HEAVY, {}, FEED)
    assert await cells.parse(HEAVY, {}, FEED)


async def test_an_idle_child_is_let_go() -> None:
    """It holds memory that nobody needs."""
    cells = Cells(idle_seconds=0.0)
    await cells.parse(HEAVY, {}, FEED)
    (child,) = cells._children
    assert await child.wait() == -signal.SIGKILL
    await cells.close()


async def test_closing_leaves_no_child_behind() -> None:
    """Not even one that is at work."""
    cells = Cells()
    await cells.parse(HEAVY, {}, FEED)
    at_work = asyncio.create_task(cells.parse(HEAVY, {}, FEED))
    await asyncio.sleep(0)
    pids = [child.pid for child in cells._children]
    await cells.close()
    with pytest.raises(FetchFailed):
        await at_work
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_child_knows_no_secret(cells: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads what strangers wrote: the worker's environment stays with the worker."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "12345678:secret")
    await cells.parse(HEAVY, {}, FEED)
    (child,) = cells._children
    with open(f"/proc/{child.pid}/environ", "rb") as environment:  # noqa: ASYNC230, PTH123 - /proc never blocks.
        assert b"secret" not in environment.read()


async def test_others_have_their_turn_while_a_long_light_feed_is_read(cells: Cells) -> None:
    """Forty entries are light for feedparser; their words are read five at a time."""
    body = ("<rss version='2.0'><channel>" + "".join(map(ITEM.format, range(40))) + "</channel></rss>").encode()
    assert is_light(body)
    turns = count()
    others = asyncio.create_task(_turns(turns))
    reading = await read(Fetched(body, {}, FEED, Validators()), FEED, Known(), cells)
    others.cancel()
    assert len(reading.entries) == 40
    assert next(turns) >= 8


async def test_others_have_their_turn_while_feedparser_is_at_work(
    cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred entries are too many for the loop: here their parser does not end before the loop has turned."""
    body = ("<rss version='2.0'><channel>" + "".join(map(ITEM.format, range(100))) + "</channel></rss>").encode()
    assert is_light(body)
    assert not is_quick(body)
    loop = asyncio.get_running_loop()

    def rows_when_the_loop_has_turned(body: bytes, headers: Mapping[str, str], feed: str) -> Sequence[Fields]:
        wait_for_turn(loop)
        return rows_of(body, headers, feed)

    monkeypatch.setattr("feeds.reading.rows_of", rows_when_the_loop_has_turned)
    reading = await read(Fetched(body, {}, FEED, Validators()), FEED, Known(), cells)
    assert len(reading.entries) == 100


async def _turns(turns: Iterator[int]) -> None:
    while True:
        next(turns)
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("body", "light", "quick"),
    [
        (b"<rss>" + b"<item/>" * 100, True, True),
        (b"<rss>" + b"<item/>" * 600, True, False),
        (b"<a " + b"b='' " * 600, True, False),
        (b"x" * 300_000, False, True),
        (b"<a>" * 3000, False, False),
        (b"<a " + b"b='' " * 3000, False, False),
        (b"", True, True),
    ],
)
def test_only_a_light_body_is_parsed_here_and_only_a_quick_one_in_the_loop(
    body: bytes, *, light: bool, quick: bool
) -> None:
    """By its length, its tags and its attributes."""
    assert (is_light(body), is_quick(body)) == (light, quick)
