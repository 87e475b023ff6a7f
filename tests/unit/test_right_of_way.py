"""The right of way: a reader gives way to what is on its way out, and not for long."""

import asyncio
from contextlib import suppress

from newsroom.errors import StoreUnavailable
from publishing.right_of_way import LONGEST_SECONDS, RightOfWay
from tests.support.clock import ManualClock


class Street:
    """A right of way with one reader before it."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.way = RightOfWay(self.clock)

    async def passes(self, seconds: float = 0.0) -> bool:
        """Whether a reader who comes now has passed after so long."""
        reader = asyncio.create_task(self.way.give())
        await self.clock.walk(seconds)
        is_through = reader.done()
        reader.cancel()
        return is_through


async def test_a_reader_passes_where_nobody_goes_first() -> None:
    """The usual case costs nothing."""
    street = Street()
    assert await street.passes()
    street.way.leave("a lane that never came")
    assert await street.passes()


async def test_a_reader_waits_until_every_lane_has_left() -> None:
    """A story goes to several."""
    street = Street()
    street.way.take("one")
    street.way.take("two")
    street.way.leave("one")
    assert not await street.passes()
    street.way.leave("two")
    assert await street.passes()


async def test_a_reader_who_waits_goes_on_the_moment_the_way_is_clear() -> None:
    """And not at the end of its patience."""
    street = Street()
    street.way.take("one")
    reader = asyncio.create_task(street.way.give())
    await street.clock.walk(LONGEST_SECONDS / 2)
    assert not reader.done()
    street.way.leave("one")
    await street.clock.walk(0.0)
    assert reader.done()


async def test_a_slow_network_is_not_waited_for() -> None:
    """Not by whoever waits already, and not by who comes then."""
    street = Street()
    street.way.take("one")
    assert await street.passes(LONGEST_SECONDS)
    assert await street.passes()


async def test_the_way_goes_from_the_desk_to_the_lanes_that_it_wakes_without_a_gap() -> None:
    """A reader would slip in between."""
    street = Street()
    with street.way.writing():
        assert not await street.passes()
        street.way.take("one")
    assert not await street.passes()
    street.way.leave("one")
    assert await street.passes()


async def test_a_desk_that_could_not_write_leaves_the_way_clear() -> None:
    """The store was gone; the feeds are read on."""
    street = Street()
    with suppress(StoreUnavailable), street.way.writing():
        raise StoreUnavailable("gone")
    assert await street.passes()
