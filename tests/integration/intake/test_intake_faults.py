"""The intake when sites fail, when it is nudged, when there are thousands of feeds, and when it ends."""

import asyncio

import pytest

from newsroom.alert import Alert, Trouble
from tests.support import feed_troubles
from tests.support.clock import ManualClock
from tests.support.feed_server import FakeSite, FeedServer, Kind
from tests.support.intake_room import IntakeRoom, WatchedMemory, intake_room, said, until

# --- sites that fail ------------------------------------------------------------------------------------------


async def test_a_feed_that_is_down_is_left_alone_longer_each_time_and_recovers(
    room: IntakeRoom, site: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """One, two, four, eight minutes; its health says why; one good answer, and all is as before."""
    site.trouble = feed_troubles.status(500)
    moments = []
    for _ in range(4):
        await room.poll()
        moments.append(room.clock.next_due)
    assert moments == [pytest.approx(minutes * 60, rel=0.1) for minutes in (1, 2, 4, 8)]
    assert room.health(site.url).why == "the site answered 500 (Internal Server Error)"
    assert room.health(site.url).failures == 4
    site.trouble = None
    site.publish("عاجل")
    await room.poll()
    assert (room.health(site.url).why, room.health(site.url).failures) == ("", 0)
    assert room.door.news() == ["عاجل"]
    assert said(caplog) == ["feed_down"]


async def test_a_site_that_asks_for_time_gets_it(room: IntakeRoom, site: FakeSite) -> None:
    """Whoever nudges."""
    site.trouble = feed_troubles.status(429, {"Retry-After": "600"})
    await room.poll()
    assert room.clock.next_due == pytest.approx(600, rel=0.06)
    asked = len(site.asked)
    assert room.intake.nudge(site.url)
    await room.clock.until_asleep()
    room.clock.advance(500)
    await room.clock.until_asleep()
    assert len(site.asked) == asked
    site.trouble = None
    await room.poll()
    assert room.health(site.url).failures == 0


BROKEN = {
    "a page instead of a feed": feed_troubles.body("<html><body><h1>صيانة</h1></body></html>".encode(), "text/html"),
    "nothing": feed_troubles.body(b""),
    "noise": feed_troubles.body(bytes(range(256)) * 40, "application/octet-stream"),
    "half a feed": feed_troubles.body(b"<rss><channel><item><guid>1</guid><title>\xd8\xae\xd8\xa8"),
    "a compressed half": feed_troubles.truncated_gzip(b"<rss><channel>" + b"<item><guid>1</guid></item>" * 99),
    "a bomb": feed_troubles.bomb(30_000_000),
    "a loop": feed_troubles.redirect("."),
    "the metadata of a cloud": feed_troubles.redirect("http://169.254.169.254/latest/"),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_broken_answer_marks_nothing_and_takes_nothing_in(
    room: IntakeRoom, site: FakeSite, broken: str
) -> None:
    """The feed is down with a reason; afterwards the news of the meantime is found."""
    site.trouble = BROKEN[broken]
    await room.poll()
    assert room.door.calls == room.memory.remembers == 1
    assert room.health(site.url).why
    site.trouble = None
    site.publish("عاجل")
    await room.poll()
    assert room.door.news() == ["عاجل"]


async def test_a_body_made_to_eat_the_processor_does_not_hold_up_the_house(room: IntakeRoom, site: FakeSite) -> None:
    """Forty thousand tags in one another are parsed in a cell: meanwhile the loop turns, and nothing is lost."""
    site.trouble = feed_troubles.body(b"<rss><channel><item>" + b"<a>" * 40_000 + b"</channel></rss>")
    loop = asyncio.get_running_loop()
    poll = asyncio.create_task(room.poll())
    start = last = loop.time()
    longest = 0.0
    while not poll.done():
        await asyncio.sleep(0)
        longest, last = max(longest, loop.time() - last), loop.time()
    assert longest < (last - start) / 4
    assert room.door.news() == []
    site.trouble = None
    site.publish("عاجل")
    await room.poll()
    assert room.door.news() == ["عاجل"]


async def test_a_feed_that_moved_for_good_is_asked_there(room: IntakeRoom, site: FakeSite, sites: FeedServer) -> None:
    """And at its old address again, once the new one fails."""
    new = sites.site("new")
    new.articles = site.articles
    new.touch()
    site.trouble = feed_troubles.redirect(new.url, 301)
    await room.poll(2)
    asked = len(site.asked)
    assert room.health(site.url).moved == new.url
    new.publish("عاجل")
    await room.poll(2)
    assert len(site.asked) == asked
    new.trouble, site.trouble = feed_troubles.status(404), None
    site.touch()
    await room.poll(2)
    assert len(site.asked) == asked + 1
    assert room.health(site.url).failures == 0


async def test_a_fault_of_ours_harms_one_feed_only(
    site: FakeSite, sites: FeedServer, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The door breaks on one feed: the other goes on, the log has the trace, and the feed comes again."""
    other = sites.site("other")
    async with intake_room(sites, clock, site.url, other.url) as room:
        room.door.fails_with = [ZeroDivisionError("ours")]
        await clock.walk(3)
        await until(lambda: all(health.polls for health in room.intake.health()))
        assert room.health(other.url).failures == 0
        await until(lambda: room.health(site.url).failures == 1)
        assert room.health(site.url).why == "a fault of ours (ZeroDivisionError)"
        assert said(caplog) == ["feed_broke"]
        assert "ZeroDivisionError: ours" in caplog.text
        await room.nudge(site.url)
        assert [first_sight for _, first_sight in room.door.taken] == [True]


async def test_silence_beyond_the_habit_of_a_feed_is_said_once(
    room: IntakeRoom, site: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """An article an hour, and then none for half a day; the next one ends it, and the desk knows of both."""
    room.clock.advance(12 * 3600)
    await room.poll(5)
    assert room.health(site.url).is_silent
    assert said(caplog) == ["feed_silent"]
    [alert] = room.alarm.told
    assert (alert.trouble, alert.about, alert.why) == (Trouble.FEED_SILENT, site.url, "14 h")
    site.publish("عاد")
    await room.poll()
    assert not room.health(site.url).is_silent
    assert room.alarm.standing == {}


async def test_silence_is_missed_by_a_worker_that_never_saw_the_feed_speak(
    site: FakeSite, sites: FeedServer, clock: ManualClock
) -> None:
    """The feed's habit is remembered with the feed: a restart in the middle of the silence forgets nothing."""
    memory = WatchedMemory()
    async with intake_room(sites, clock, site.url, memory=memory) as room:
        await room.poll()
    clock.advance(12 * 3600)
    async with intake_room(sites, clock, site.url, memory=memory) as room:
        await room.poll(2)
        assert [alert.trouble for alert in room.alarm.told] == [Trouble.FEED_SILENT]


async def test_the_desk_is_told_once_that_a_feed_is_down_and_that_it_is_back(room: IntakeRoom, site: FakeSite) -> None:
    """Not of a site that stumbles: at the third failure in a row; another reason changes what was said."""
    site.trouble = feed_troubles.status(500)
    await room.poll(2)
    assert room.alarm.told == []
    await room.poll(3)
    cause = f"feed_down:{site.url}"
    assert [alert.cause for alert in room.alarm.told] == [cause]
    site.trouble = feed_troubles.status(404)
    await room.poll(2)
    assert room.alarm.standing[cause].why == "the site answered 404 (Not Found)"
    site.trouble = None
    await room.poll()
    assert len(room.alarm.told) == 2
    assert room.alarm.standing == {}


async def test_what_was_told_before_a_restart_is_taken_back_after_it(
    site: FakeSite, sites: FeedServer, clock: ManualClock
) -> None:
    """The first good answer ends whatever the last life had said of the feed."""
    memory = WatchedMemory()
    async with intake_room(sites, clock, site.url, memory=memory) as room:
        room.alarm.standing = {name: Alert(Trouble.FEED_DOWN, site.url, "") for name in (f"feed_down:{site.url}",)}
        await room.poll()
        assert room.alarm.standing == {}


async def test_a_password_in_an_address_is_not_told(sites: FeedServer, clock: ManualClock) -> None:
    """What the desk reads may be forwarded."""
    url = sites.url.replace("http://", "http://ali:hunter2@") + "/gone/feed/"
    async with intake_room(sites, clock, url) as room:
        await room.poll(4)
        [alert] = room.alarm.told
        assert "hunter2" not in alert.about + alert.why


# --- pushes, many feeds, the end ------------------------------------------------------------------------------


async def test_a_nudge_polls_at_once(room: IntakeRoom, site: FakeSite) -> None:
    """Without the clock moving at all."""
    before = room.clock.monotonic()
    site.publish("عاجل")
    await room.nudge(site.url)
    assert room.door.news() == ["عاجل"]
    assert room.clock.monotonic() == before
    assert not room.intake.nudge("https://unknown.example/feed/")


async def test_a_nudge_during_a_poll_leads_to_another(room: IntakeRoom, site: FakeSite) -> None:
    """What was published after the site answered is not left to the next round."""
    site.publish("أول")
    room.door.held = asyncio.Event()
    room.intake.nudge(site.url)
    await until(lambda: room.door.calls == 2)
    room.clock.advance(1)
    site.publish("ثان")
    room.intake.nudge(site.url)
    room.door.held.set()
    await until(lambda: room.door.news() == ["أول", "ثان"])


async def test_a_feed_that_falls_due_while_it_is_polled_is_not_polled_twice_at_once(
    sites: FeedServer, clock: ManualClock
) -> None:
    """A push came before the feed's own first poll was planned: that one waits until the other is over."""
    site = sites.site("wasat")
    site.publish("أول")
    async with intake_room(sites, clock, site.url) as room:
        room.door.held = asyncio.Event()
        room.intake.nudge(site.url)
        await until(lambda: room.door.calls == 1)
        for _ in range(20):
            clock.advance(0.1)
            await asyncio.sleep(0.002)
        assert site.counts().total() == 1
        room.door.held.set()


async def test_thousands_of_feeds_take_no_more_tasks_than_are_in_flight(sites: FeedServer, clock: ManualClock) -> None:
    """A thousand feeds due at once: sixteen polls, and one by one the others get their turn."""
    every = [sites.site(f"site{number}") for number in range(1000)]
    before = len(asyncio.all_tasks())
    most = 0
    async with intake_room(sites, clock, *(site.url for site in every), in_flight=16) as room:

        async def watch() -> None:
            nonlocal most
            while not all(health.polls for health in room.intake.health()):
                mine = [task for task in asyncio.all_tasks() if task.get_name().startswith("poll ")]
                most = max(most, len(mine))
                room.clock.advance(0.03)
                await asyncio.sleep(0)

        await watch()
    assert 1 < most <= 16
    assert len(asyncio.all_tasks()) <= before + 1000  # The server's own connections may linger.
    assert all(site.counts()[Kind.BODY] == 1 for site in every)


async def test_a_stop_lets_what_is_being_handed_over_finish(
    site: FakeSite, sites: FeedServer, clock: ManualClock
) -> None:
    """Entries that are at the door are taken and remembered; a poll that still waits for its site is broken off."""
    slow = sites.site("slow")
    slow.trouble = feed_troubles.silence()
    async with intake_room(sites, clock, site.url, slow.url) as room:
        room.door.held = asyncio.Event()
        await clock.walk(3)
        await until(lambda: room.door.calls == 1 and len(slow.asked) == 1)
        asyncio.get_running_loop().call_later(0.05, room.door.held.set)
    assert len(room.door.taken) == room.memory.remembers == 1
