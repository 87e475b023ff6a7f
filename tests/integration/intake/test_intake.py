"""The intake between real sites and a door: what is found, what is not sent twice, and what harms nobody else."""

import logging
from datetime import timedelta

import pytest

from newsroom.errors import StoreUnavailable
from tests.support import feed_troubles
from tests.support.clock import ManualClock
from tests.support.feed_server import FakeSite, FeedServer, Kind, Tags
from tests.support.intake_room import IntakeRoom, WatchedMemory, intake_room, said

# --- what is found --------------------------------------------------------------------------------------------


async def test_what_stands_in_a_feed_at_first_sight_is_a_baseline(room: IntakeRoom, site: FakeSite) -> None:
    """It is known, oldest first, and nobody is told."""
    assert room.door.taken == [(tuple(f"قديم {number}" for number in range(11, 21)), True)]
    state = room.memory.states[site.url]
    assert len(state.known) == 10
    assert (state.etag, state.last_modified) == (site.etag, site.last_modified)
    assert state.newest == max(article.published.timestamp() for article in site.articles.values())


async def test_a_new_entry_reaches_the_door(room: IntakeRoom, site: FakeSite) -> None:
    """Alone, and once."""
    site.publish("عاجل")
    await room.poll(4)
    assert room.door.news() == ["عاجل"]


async def test_a_body_is_read_only_when_what_is_on_its_way_out_was_given_way_to(
    site: FakeSite, sites: FeedServer, clock: ManualClock
) -> None:
    """And an answer that brings nothing need not give way: it costs nothing."""
    given = 0

    async def give_way() -> None:
        nonlocal given
        assert len(room.door.taken) == given
        given += 1

    async with intake_room(sites, clock, site.url, give_way=give_way) as room:
        await room.poll(3)
        site.publish("عاجل")
        await room.poll(3)
        assert room.door.news() == ["عاجل"]
        assert given == site.counts()[Kind.BODY]


async def test_several_new_entries_come_oldest_first(room: IntakeRoom, site: FakeSite) -> None:
    """As they happened."""
    for number in range(3):
        site.publish(f"جديد {number}", ago=timedelta(minutes=3 - number))
    await room.poll()
    assert room.door.taken[1:] == [(("جديد 0", "جديد 1", "جديد 2"), False)]


async def test_a_poll_that_brings_nothing_asks_no_store(room: IntakeRoom, site: FakeSite) -> None:
    """Neither after 304 nor after a body in which nothing is new."""
    await room.poll(5)
    site.touch()  # Something else on the site was edited: the same entries under new validators.
    await room.poll()
    site.comment(20)
    await room.poll(2)
    assert (room.memory.recalls, room.memory.remembers, room.door.calls) == (1, 1, 1)
    assert site.counts()[Kind.BODY] == 3
    assert room.health(site.url).unchanged == room.health(site.url).polls - 1 == 8


async def test_an_edit_reaches_the_door(room: IntakeRoom, site: FakeSite) -> None:
    """The desk decides what becomes of it."""
    site.edit(15, "قديم 15 (محدث)")
    await room.poll(3)
    assert room.door.news() == ["قديم 15 (محدث)"]


async def test_thirty_posts_between_two_polls_are_all_found(room: IntakeRoom, site: FakeSite) -> None:
    """The feed shows ten; the older pages are walked until the known begins, and no further."""
    for number in range(30):
        site.publish(f"جديد {number}", ago=timedelta(seconds=30 - number))
    await room.poll(3)
    assert room.door.news() == [f"جديد {number}" for number in range(30)]
    assert site.counts()[Kind.PAGE] == 3


async def test_two_posts_within_one_second_are_both_found(room: IntakeRoom, site: FakeSite) -> None:
    """Though the second leaves the site's validators as they are, and the next poll would be 304."""
    site.publish("أول الثانية")
    await room.nudge(site.url)
    site.publish("آخر الثانية")
    await room.poll()
    assert room.door.news() == ["أول الثانية", "آخر الثانية"]


@pytest.mark.parametrize("hours", [3, 9.5])
async def test_a_back_dated_post_is_found(room: IntakeRoom, site: FakeSite, hours: float) -> None:
    """It lands in the middle of the feed, or at its very end, older than what was known."""
    site.publish("مجدول", ago=timedelta(hours=hours + 1))
    await room.poll(2)
    assert room.door.news() == ["مجدول"]


async def test_removing_the_newest_sends_nothing(room: IntakeRoom, site: FakeSite) -> None:
    """The eleventh moves up into the feed: the desk gets to know it, as it did the others at first sight."""
    site.remove(20)
    site.remove(17)
    await room.poll(3)
    assert room.door.news() == []
    assert room.door.taken[1:] == [(("قديم 9", "قديم 10"), True)]


async def test_removing_the_oldest_sends_nothing(room: IntakeRoom, site: FakeSite) -> None:
    """What takes its place stands where a back-dated post would: the next page shows that it is old."""
    site.remove(11)
    await room.poll(2)
    assert room.door.news() == []
    assert room.door.taken[1:] == [(("قديم 10",), True)]


async def test_a_feed_that_grows_longer_sends_nothing(room: IntakeRoom, site: FakeSite) -> None:
    """The site now shows fifteen entries: five old ones more, and a new one on top of them is still found."""
    site.window = 15
    site.publish("عاجل")
    await room.poll(2)
    assert room.door.news() == ["عاجل"]
    assert room.door.taken[1:] == [(tuple(f"قديم {number}" for number in range(7, 11)), True), (("عاجل",), False)]


async def test_a_sticky_entry_does_not_hide_a_gap(room: IntakeRoom, site: FakeSite) -> None:
    """It stands on top whatever comes: below it twenty-five new ones have pushed out all that was known."""
    site.publish("مثبت", ago=timedelta(days=-1))
    await room.poll()
    for number in range(25):
        site.publish(f"جديد {number}", ago=timedelta(seconds=25 - number))
    await room.poll(2)
    assert room.door.news() == ["مثبت", *(f"جديد {number}" for number in range(25))]


async def test_a_feed_that_was_empty_has_news_later(sites: FeedServer, clock: ManualClock) -> None:
    """Its first entry is no baseline: the feed was seen before."""
    site = sites.site("new")
    async with intake_room(sites, clock, site.url) as room:
        await room.poll()
        site.publish("أول خبر")
        await room.poll()
        assert room.door.news() == ["أول خبر"]


@pytest.mark.parametrize("tags", Tags)
async def test_nothing_is_lost_behind_an_altered_etag(sites: FeedServer, clock: ManualClock, tags: Tags) -> None:
    """Whatever was learnt of the site's validators, each of twenty posts is found, and most polls are 304."""
    site = sites.site("wasat", tags=tags)
    site.publish("قديم")
    async with intake_room(sites, clock, site.url) as room:
        await room.poll()
        for number in range(20):
            site.publish(f"جديد {number}")
            await room.poll(5)
        assert room.door.news() == [f"جديد {number}" for number in range(20)]
        assert site.counts()[Kind.NOT_MODIFIED] >= 55


async def test_a_304_that_lies_is_found_out(room: IntakeRoom, site: FakeSite) -> None:
    """Every two hundredth unchanged poll asks plainly."""
    await room.poll(3)
    touched = site.touched
    site.publish("خفي")
    site.touched = touched
    await room.poll(196)
    assert room.door.news() == []
    await room.poll(4)
    assert room.door.news() == ["خفي"]


# --- gaps -----------------------------------------------------------------------------------------------------


async def test_a_walk_that_breaks_off_is_begun_again(room: IntakeRoom, site: FakeSite) -> None:
    """What was had is taken in at once; the rest is found at the next poll, though the feed has not changed."""
    for number in range(25):
        site.publish(f"جديد {number}", ago=timedelta(seconds=25 - number))
    site.page_trouble = {3: feed_troubles.status(500)}
    await room.poll()
    assert len(room.door.news()) == 20
    site.page_trouble = {}
    await room.poll()
    assert sorted(room.door.news()) == sorted(f"جديد {number}" for number in range(25))
    await room.poll()
    assert site.counts()[Kind.NOT_MODIFIED] == 1


async def test_a_walk_that_always_breaks_off_is_given_up(
    room: IntakeRoom, site: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """After three polls; the log has said so each time."""
    for number in range(25):
        site.publish(f"جديد {number}", ago=timedelta(seconds=25 - number))
    site.page_trouble = {2: feed_troubles.status(500)}
    await room.poll(6)
    assert site.counts()[Kind.PAGE] == 3
    assert said(caplog) == ["feed_gap"] * 3
    words = "page 2 of the feed could not be had (the site answered 500 (Internal Server Error)); given up"
    assert words in caplog.messages[-1]


async def test_a_site_that_renames_every_entry_is_not_walked_to_its_beginning(room: IntakeRoom, site: FakeSite) -> None:
    """All guids are new: the walk ends where everything is older than the newest known."""
    for number in range(1, 21):
        site.publish(f"قديم {number}", guid=f"urn:{number}", number=number, ago=timedelta(hours=22 - number))
    await room.poll()
    assert site.counts()[Kind.PAGE] == 1
    assert len(room.door.news()) == 20


async def test_a_site_without_pages_is_not_asked_for_ten(sites: FeedServer, clock: ManualClock) -> None:
    """It gives its feed again whatever the page."""
    site = sites.site("static")
    site.publish("قديم")
    async with intake_room(sites, clock, site.url) as room:
        await room.poll()
        site.remove(1)
        for number in range(10):
            site.publish(f"جديد {number}", ago=timedelta(seconds=30 - number))
        site.page_trouble = dict.fromkeys(range(2, 11), feed_troubles.body(site.page(1) or b""))
        await room.poll(2)
        assert site.counts()[Kind.PAGE] == 1
        assert room.door.news() == [f"جديد {number}" for number in range(10)]


async def test_posts_beyond_the_feed_are_found_where_it_has_no_pages(room: IntakeRoom, site: FakeSite) -> None:
    """WordPress's own list of posts tells of them, and as the very stories that the feed would have brought."""
    site.lists_posts = True
    site.page_trouble = dict.fromkeys(range(2, 11), feed_troubles.status(404))
    for number in range(70):
        site.publish(f"جديد {number}", ago=timedelta(seconds=70 - number), category="عاجل")
    await room.poll(3)
    assert room.door.news() == [f"جديد {number}" for number in range(70)]
    counts = site.counts()
    assert (counts[Kind.PAGE], counts[Kind.POSTS]) == (1, 2)


async def test_a_walk_that_breaks_off_goes_on_in_the_list_of_posts(room: IntakeRoom, site: FakeSite) -> None:
    """The third page cannot be had: what stands there comes from the list, and the gap is closed at once."""
    site.lists_posts = True
    site.page_trouble = {3: feed_troubles.status(500)}
    for number in range(25):
        site.publish(f"جديد {number}", ago=timedelta(seconds=25 - number))
    await room.poll(3)
    assert room.door.news() == [f"جديد {number}" for number in range(25)]
    assert site.counts()[Kind.POSTS] == 1


async def test_a_back_dated_post_deep_in_the_list_is_found_with_the_others(room: IntakeRoom, site: FakeSite) -> None:
    """Older than the newest that is known, and never seen."""
    site.lists_posts = True
    site.page_trouble = dict.fromkeys(range(2, 11), feed_troubles.status(404))
    for number in range(12):
        site.publish(f"جديد {number}", ago=timedelta(seconds=30 - number))
    site.publish("مجدول", ago=timedelta(hours=2.5))
    await room.poll(2)
    assert sorted(room.door.news()) == sorted(["مجدول", *(f"جديد {number}" for number in range(12))])


# --- the store ------------------------------------------------------------------------------------------------


async def test_what_the_door_could_not_take_comes_again(
    room: IntakeRoom, site: FakeSite, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is marked as seen; the log says once that the store is down, and once that it is back."""
    caplog.set_level(logging.INFO)
    site.publish("عاجل")
    room.door.fails_with = [StoreUnavailable("no store") for _ in range(3)]
    await room.poll(3)
    assert room.memory.remembers == 1
    await room.poll(2)
    assert room.door.news() == ["عاجل"]
    assert [action for action in said(caplog) if action.startswith("store_")] == ["store_down", "store_back"]


async def test_what_could_not_be_remembered_comes_again(room: IntakeRoom, site: FakeSite) -> None:
    """The door has it already and knows it."""
    site.publish("عاجل")
    room.memory.is_down = True
    await room.poll()
    room.memory.is_down = False
    await room.poll(2)
    assert room.door.news() == ["عاجل", "عاجل"]
    assert room.memory.states[site.url].newest == int(site.articles[21].published.timestamp())


async def test_a_feed_is_not_fetched_before_it_is_known_what_it_has_shown(
    site: FakeSite, sites: FeedServer, clock: ManualClock
) -> None:
    """Without the store a first sight could not be told from news."""
    memory = WatchedMemory(is_down=True)
    async with intake_room(sites, clock, site.url, memory=memory) as room:
        await room.poll(3)
        assert site.asked == []
        assert room.health(site.url).polls == 0
        memory.is_down = False
        await room.poll()
        assert [first_sight for _, first_sight in room.door.taken] == [True]


async def test_a_restart_goes_on_where_the_last_life_ended(
    site: FakeSite, sites: FeedServer, clock: ManualClock
) -> None:
    """The first poll of the new life asks plainly, since the last may have died before its own refetch; then 304 again.

    What came in between is news, not a baseline.
    """
    memory = WatchedMemory()
    async with intake_room(sites, clock, site.url, memory=memory) as room:
        await room.poll()
    async with intake_room(sites, clock, site.url, memory=memory) as room:
        await room.poll()
        await room.poll()
        assert [asked.kind for asked in site.asked[-2:]] == [Kind.BODY, Kind.NOT_MODIFIED]
        assert room.door.taken == []
    site.publish("في الأثناء")
    async with intake_room(sites, clock, site.url, memory=memory) as room:
        await room.poll(2)
        assert room.door.taken == [(("في الأثناء",), False)]
