"""Sites with a feed, and an intake that reads it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.clock import ManualClock
from tests.support.feed_server import FakeSite, FeedServer
from tests.support.intake_room import IntakeRoom, intake_room


@pytest.fixture
def site(sites: FeedServer, clock: ManualClock) -> FakeSite:
    """A site with twenty articles, an hour apart, of which its feed shows ten."""
    site = sites.site("wasat")
    for number in range(1, 21):
        site.publish(f"قديم {number}", ago=timedelta(hours=21 - number))
    clock.advance(3600)
    return site


@pytest.fixture
async def room(site: FakeSite, sites: FeedServer, clock: ManualClock) -> AsyncIterator[IntakeRoom]:
    """An intake that has seen the site's feed once."""
    async with intake_room(sites, clock, site.url) as room:
        await room.poll()
        yield room
