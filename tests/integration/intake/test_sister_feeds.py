"""Two feeds of one site, the main one and a section's, with the real desk behind them."""

import asyncio

from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher
from feeds.intake import Intake
from newsroom.desk import Desk, House
from newsroom.rules import Rules
from store.store import memory_store
from tests.support.clock import ManualClock
from tests.support.feed_server import FakeSite, FeedServer
from tests.support.hook_rig import BareRenderer
from tests.support.intake_room import LOOPBACK, POLL_SECONDS, WatchedAlarm, until
from tests.support.newsroom import CHANNEL, SITE


async def test_a_story_that_stands_in_two_feeds_of_one_site_goes_out_once(
    site: FakeSite, sites: FeedServer, clock: ManualClock
) -> None:
    """Whichever feed is polled first; what only one of them shows goes out as well."""
    section = sites.sites["section"] = FakeSite("section", site.home, clock)
    section.publish("قديم", number=20)
    feeds = (site.url, f"{sites.url}/section/feed/")
    store, stop = memory_store(clock), asyncio.Event()
    house, lock = House(SITE, Rules(), (CHANNEL,)), asyncio.Lock()
    desk = Desk(house, BareRenderer(), store.outbox, clock, one_at_a_time=lock, wake=lambda _: None)
    async with FeedFetcher(clock, allow=LOOPBACK) as fetcher:
        intake = Intake(
            FeedList(feeds), fetcher, store.feeds, desk, clock, POLL_SECONDS, alarm=WatchedAlarm(), chance=lambda: 0.5
        )
        running = asyncio.create_task(intake.run(stop))
        await _polled(intake, clock)
        site.publish("افتتاح مطار جديد", category="عاجل")
        section.publish("افتتاح مطار جديد", category="عاجل")
        section.publish("زلزال يضرب الساحل", category="عاجل", number=35)
        await _polled(intake, clock)
        stop.set()
        await running
    lives = [await store.ledger.life(story.id) for story in (await store.outbox.recent(0)).stories]
    planned = [life.story.headline for life in lives if life is not None for _ in life.deliveries]
    assert sorted(planned) == sorted(["افتتاح مطار جديد", "زلزال يضرب الساحل"])


async def _polled(intake: Intake, clock: ManualClock) -> None:
    """Every feed once more than before."""
    before = {health.url: health.polls for health in intake.health()}

    def are_polled() -> bool:
        return all(health.polls > before[health.url] for health in intake.health())

    while not are_polled():
        # Not each waking brings a poll: feeds that fall due together are begun together, and the second alarm is late.
        await until(lambda: clock.sleepers > 0 or are_polled())
        clock.advance(clock.next_due or 0.0)
        await clock.walk(0.0)
