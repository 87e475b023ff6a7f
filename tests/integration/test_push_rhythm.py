"""A push that works makes polls rare; one that fails is noticed by the poll, and polls are frequent again."""

from datetime import timedelta

from feeds.rhythm import PUSH_SLOWS, PUSH_TRUSTED_AFTER
from tests.support.clock import ManualClock
from tests.support.feed_server import FeedServer
from tests.support.intake_room import POLL_SECONDS, IntakeRoom, intake_room


async def gap(room: IntakeRoom) -> float:
    """Seconds to the next regular poll, once the plain look after a change is over."""
    while (due := room.clock.next_due or 0.0) < POLL_SECONDS / 4:
        room.clock.advance(due)
        await room.rest()
    return due


async def test_polls_grow_rare_while_pushes_tell_first_and_frequent_when_one_is_missed() -> None:
    """Three changes that we were told of; then the plugin is switched off."""
    clock = ManualClock()
    async with FeedServer(clock) as sites:
        site = sites.site("wasat")
        site.publish("خبر قديم", ago=timedelta(hours=1))
        async with intake_room(sites, clock, site.url) as room:
            await room.poll(3)
            assert await gap(room) < 2 * POLL_SECONDS
            for number in range(PUSH_TRUSTED_AFTER):
                clock.advance(5.0)
                site.publish(f"خبر جديد {number}")
                await room.nudge(site.url)
            assert room.health(site.url).last_change == clock.now().timestamp()
            rare = await gap(room)
            assert rare > POLL_SECONDS * PUSH_SLOWS / 3
            clock.advance(5.0)
            site.publish("خبر لم يخبرنا به أحد")
            clock.advance(rare)
            await room.rest()
            assert room.door.news()[-1] == "خبر لم يخبرنا به أحد"
            assert await gap(room) < 2 * POLL_SECONDS
