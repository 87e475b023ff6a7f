"""What a poll costs the store, counted by the server: an intake and the real desk over a real one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from redis import Redis

from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher
from feeds.intake import Intake
from newsroom.desk import Desk, House
from newsroom.rules import Rules
from store.server import connect
from store.store import Store, redis_store
from tests.support.clock import ManualClock
from tests.support.feed_server import FakeSite
from tests.support.hook_rig import BareRenderer
from tests.support.intake_room import LOOPBACK, POLL_SECONDS, WatchedAlarm, until
from tests.support.newsroom import ACCOUNT, CHANNEL, SITE
from tests.support.store_server import StoreServer


@dataclass(slots=True)
class Counted:
    """A newsroom's way in, with a server that counts."""

    clock: ManualClock
    look: Redis
    store: Store
    intake: Intake
    planned: list[str] = field(default_factory=list)
    """The lane of each delivery that the desk woke."""

    async def poll(self) -> int:
        """One poll; gives the requests that the server read meanwhile."""
        before, polls = self.reads(), self.intake.health()[0].polls
        self.clock.advance(self.clock.next_due or 0.0)
        await until(lambda: self.intake.health()[0].polls > polls)
        await self.clock.walk(0.0)
        await self.clock.until_asleep()
        return self.reads() - before - 1

    def reads(self) -> int:
        """Requests of less than 16 kB, pipelines too, are one read each; the look itself is one more."""
        stats: dict[str, int] = self.look.info("stats")
        return stats["total_reads_processed"]


@pytest.fixture
async def counted(valkey: StoreServer, site: FakeSite, clock: ManualClock) -> AsyncIterator[Counted]:
    """It has seen the feed, and taken in one breaking story: every script is loaded."""
    valkey.wipe()
    stop, look = asyncio.Event(), valkey.client()
    async with connect(valkey.url) as server, FeedFetcher(clock, allow=LOOPBACK) as fetcher:
        store, planned = redis_store(server), list[str]()
        house = House(SITE, Rules(), (CHANNEL, ACCOUNT))
        lock, woken = asyncio.Lock(), planned.extend
        desk = Desk(house, BareRenderer(), store.outbox, clock, one_at_a_time=lock, wake=woken)
        intake = Intake(
            FeedList((site.url,)),
            fetcher,
            store.feeds,
            desk,
            clock,
            POLL_SECONDS,
            alarm=WatchedAlarm(),
            chance=lambda: 0.5,
        )
        running = asyncio.create_task(intake.run(stop))
        rig = Counted(clock, look, store, intake, planned)
        await clock.until_asleep()
        await rig.poll()
        site.publish("افتتاح مطار جديد", category="عاجل")
        await rig.poll()
        planned.clear()
        yield rig
        stop.set()
        await running
    look.close()


async def test_a_poll_that_brings_nothing_costs_the_store_nothing(counted: Counted, site: FakeSite) -> None:
    """After 304, and after a body in which nothing is new."""
    await counted.poll()
    assert await counted.poll() == 0
    site.touch()
    assert await counted.poll() == 0


@pytest.mark.parametrize("news", [1, 4])
async def test_a_feed_with_news_costs_one_round_trip_however_many_there_are(
    counted: Counted, site: FakeSite, news: int
) -> None:
    """Stories, deliveries and what the feed has shown are written together, and nothing is asked again."""
    headlines = ("انهيار جسر", "وفاة شاعر", "زلزال قوي", "فوز منتخب")
    for number, headline in enumerate(headlines[:news]):
        site.publish(f"{headline} {number}", ago=timedelta(seconds=news - number), category="عاجل")
    assert await counted.poll() == 1
    assert len(counted.planned) == 2 * news
    state = await counted.store.feeds.recall(site.url)
    assert state is not None
    assert state.newest == int(site.articles[site.highest].published.timestamp())


async def test_an_edit_costs_one_round_trip(counted: Counted, site: FakeSite) -> None:
    """It is news to the store, too."""
    site.edit(20, "قديم 20 بعد التصحيح")
    assert await counted.poll() == 1
