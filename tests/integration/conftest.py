"""Sites with feeds, on a clock of their own."""

from collections.abc import AsyncIterator

import pytest

from tests.support.clock import ManualClock
from tests.support.feed_server import FeedServer


@pytest.fixture
def clock() -> ManualClock:
    """The sites' clock and ours."""
    return ManualClock()


@pytest.fixture
async def sites(clock: ManualClock) -> AsyncIterator[FeedServer]:
    """A server of sites."""
    async with FeedServer(clock) as server:
        yield server
