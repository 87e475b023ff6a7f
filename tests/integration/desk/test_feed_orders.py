"""`/feeds add` and `/feeds remove`: the list of feeds, changed from the chat while the house runs."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import MachineClock
from bot.commands.feed_lines import whose
from bot.commands.replies import Language, Replies
from newsroom.feed_change import ADDED_MOST, FeedChange
from newsroom.link import shown_address
from tests.support import feed_troubles
from tests.support.desk_rig import ADMIN, CHIEF, EDITOR, SECOND_CHANNEL, DeskRig, World, open_desk
from tests.support.feed_server import FakeSite, FeedServer

OLD, NEWS, LATER, AFTER = "خبر قديم عن الميناء", "انهيار جسر قديم", "إغلاق مطار دولي", "افتتاح سوق كبيرة"


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    """Sites."""
    async with FeedServer(MachineClock()) as there:
        yield there


@pytest.fixture
async def ours(server: FeedServer) -> FakeSite:
    """The site of the settings."""
    site = server.site("ours")
    site.publish("خبر قديم عن المدينة", category="عاجل")
    return site


@pytest.fixture
async def other(server: FeedServer) -> FakeSite:
    """Another one, where something breaking stands already."""
    site = server.site("other")
    site.publish(OLD, category="عاجل")
    return site


@pytest.fixture
async def reading(world: World, language: Language, ours: FakeSite) -> AsyncIterator[DeskRig]:
    """A worker that reads our site."""
    given = {"language": language, "feeds": (ours.url,), "poll_seconds": 1.0}
    async with open_desk(world, given=given, polls=True) as rig:
        await rig.until(lambda: ours.asked)
        yield rig


async def change_of(desk: DeskRig, feed: str) -> FeedChange:
    """The last word on a feed."""
    return (await desk.world.store.feed_changes.all())[feed]


async def polled_again(desk: DeskRig, site: FakeSite, times: int = 2) -> None:
    """Wait for so many more polls."""
    before = len(site.asked)
    await desk.until(lambda: len(site.asked) >= before + times)


def posted(desk: DeskRig) -> list[str]:
    """What stands in a channel, by its headline."""
    return [next(title for title in (OLD, NEWS, LATER, AFTER) if title in post.text) for post in desk.standing()]


async def test_an_added_feed_posts_what_comes_after_a_removed_one_nothing_and_one_added_again_no_flood(
    reading: DeskRig, words: Replies, other: FakeSite, ours: FakeSite
) -> None:
    """All from the chat; `/feeds` and the trail tell who and what."""
    desk = reading
    desk.say(ADMIN, f"/feeds add {other.url}")
    told = await desk.answered(ADMIN, words("feed_added"))
    assert words("feed_test_entries", count=1) in told.text
    await polled_again(desk, other)
    other.publish(NEWS, category="عاجل")
    await desk.until(lambda: desk.standing() and desk.standing(SECOND_CHANNEL) and desk.tweets())
    desk.say(EDITOR, "/feeds")
    assert whose(await change_of(desk, other.url), words) in (await desk.answered(EDITOR, other.url)).text
    desk.say(ADMIN, f"/feeds remove {other.url}")
    await desk.answered(ADMIN, words("feed_removed", feed=other.url))
    asked = len(other.asked)
    other.publish(LATER)
    await polled_again(desk, ours, 3)
    assert len(other.asked) == asked
    desk.say(EDITOR, "/feeds")
    line = f"{words('feed_gone', feed=other.url)} · {whose(await change_of(desk, other.url), words)}"
    await desk.answered(EDITOR, line)
    desk.say(ADMIN, f"/feeds add {other.url}")
    await desk.answered(ADMIN, words("feed_added_again"))
    await polled_again(desk, other)
    other.publish(AFTER, category="عاجل")
    await desk.until(lambda: len(desk.standing()) == 2)
    assert posted(desk) == [NEWS, AFTER]
    await desk.did("feeds add", "feeds remove", "feeds add")
    notes = [(note.by, note.before, note.after) for note in reversed(await desk.notes())]
    by = f"{ADMIN} عمر"
    assert notes == [(by, "", other.url), (by, other.url, ""), (by, "", other.url)]


async def test_a_feed_of_the_settings_is_removed_too_and_comes_back_where_it_stood(
    reading: DeskRig, words: Replies, ours: FakeSite
) -> None:
    """Though FEEDS still names it; a restart does not bring it back."""
    desk = reading
    desk.say(ADMIN, f"/feeds remove {ours.url.removesuffix('/')}")
    await desk.answered(ADMIN, words("feed_removed", feed=ours.url))
    async with open_desk(desk.world, given={"feeds": (ours.url,), "poll_seconds": 1.0}, polls=True) as second:
        asked = len(ours.asked)
        second.say(ADMIN, "/feeds")
        await second.answered(ADMIN, words("feed_gone", feed=ours.url))
        assert len(ours.asked) == asked
    desk.say(ADMIN, f"/feeds add {ours.url}")
    await desk.answered(ADMIN, words("feed_added_again"))
    await polled_again(desk, ours)


async def test_what_is_no_feed_or_what_the_guard_refuses_is_not_added(
    desk: DeskRig, words: Replies, language: Language, other: FakeSite
) -> None:
    """Told why; nothing changes, and nothing stands in the trail."""
    other.trouble = feed_troubles.body(b"<!doctype html><html><head><title>x</title></head></html>", "text/html")
    desk.say(ADMIN, f"/feeds add {other.url}?key=top-secret")
    told = await desk.answered(ADMIN, words("feed_not_added"))
    assert {"ar": "هذا الرابط صفحة وليس خلاصة", "en": "an HTML page titled"}[language] in told.text
    assert "top-secret" not in told.text
    desk.say(ADMIN, "/feeds add http://10.1.2.3/feed/")
    await desk.answered(ADMIN, {"ar": "ممنوع", "en": "is refused: private"}[language])
    assert await desk.world.store.feed_changes.all() == {}
    await desk.did()


async def test_a_feed_that_is_there_already_is_told_with_who_added_it(
    reading: DeskRig, words: Replies, ours: FakeSite, other: FakeSite
) -> None:
    """In whatever spelling; of two admins at once one adds it, and the other learns of the first."""
    desk = reading
    desk.say(ADMIN, f"/feeds add {ours.url.removesuffix('/')}?utm_source=x")
    await desk.answered(ADMIN, words("feed_there", feed=ours.url))
    await desk.world.store.roster.enlist(CHIEF, "admin")
    for _ in range(2):
        desk.say(ADMIN, f"/feeds add {other.url}")
    await desk.answered(ADMIN, words("feed_added"))
    there = f"{words('feed_there', feed=other.url)} · {whose(await change_of(desk, other.url), words)}"
    await desk.answered(ADMIN, there)
    await desk.did("feeds add")


async def test_no_more_feeds_are_added_than_one_can_look_through(desk: DeskRig, words: Replies) -> None:
    """Those of the settings count nothing, and one that makes room does."""
    for number in range(ADDED_MOST):
        change = FeedChange(is_added=True, by="13 عمر", order=str(number), at=float(number))
        await desk.world.store.feed_changes.note(f"https://s{number}.example.com/feed/", change)
    desk.say(ADMIN, "/feeds add https://one.example.com/feed/")
    await desk.answered(ADMIN, words("feeds_full", count=ADDED_MOST))
    await desk.did()


async def test_a_feed_with_a_key_is_removed_and_added_again_by_what_is_shown_of_it(
    desk: DeskRig, words: Replies, other: FakeSite
) -> None:
    """Nobody has its key at hand, and neither the chat nor the trail shows it."""
    keyed = [f"{other.url}?key=top-secret-{number}" for number in (1, 2)]
    for feed in keyed:
        desk.say(ADMIN, f"/feeds add {feed}")
        await desk.answered(ADMIN, f"✅ {shown_address(feed)}")
    shown = shown_address(keyed[0])
    desk.say(ADMIN, f"/feeds remove {shown}")
    await desk.answered(ADMIN, words("feed_removed", feed=shown))
    desk.say(ADMIN, f"/feeds add {shown}")
    await desk.until(lambda: "\n".join(desk.said(ADMIN)).count(f"✅ {shown}") == 2)
    await desk.did("feeds add", "feeds add", "feeds remove", "feeds add")
    assert {feed for feed, change in (await desk.world.store.feed_changes.all()).items() if change.is_added} == {*keyed}
    assert "top-secret" not in "\n".join(desk.said(ADMIN)) + repr(await desk.notes())


async def test_an_address_that_means_several_feeds_or_none_removes_nothing(
    world: World, words: Replies, language: Language
) -> None:
    """The feeds it may mean are named."""
    feeds = ("https://a.example.com/feed/", "http://www.a.example.com/feed")
    async with open_desk(world, given={"language": language, "feeds": feeds}) as desk:
        desk.say(ADMIN, "/feeds remove http://a.example.com/feed/")
        told = await desk.answered(ADMIN, words("feeds_several"))
        assert told.text.split("\n")[1:] == [*feeds]
        desk.say(ADMIN, "/feeds remove https://none.example.com/feed/")
        await desk.answered(ADMIN, words("feed_unknown", feed="https://none.example.com/feed/"))
        await desk.did()


@pytest.mark.parametrize("what", ["add", "remove"])
async def test_without_an_address_an_order_says_how_it_is_written(desk: DeskRig, words: Replies, what: str) -> None:
    """Nor with more than one."""
    for rest in (what, f"{what} alwasat", f"{what} https://a.example.com/ https://b.example.com/"):
        desk.say(ADMIN, f"/feeds {rest}")
    await desk.until(lambda: desk.said(ADMIN).count(words("feed_how", what=what)) == 3)
    await desk.did()


@pytest.mark.parametrize("user", [EDITOR, CHIEF])
async def test_who_is_no_admin_changes_no_feed(desk: DeskRig, words: Replies, other: FakeSite, user: int) -> None:
    """Refused and noted, without the key; nothing is asked of the site."""
    for what in ("add", "remove"):
        desk.say(user, f"/feeds {what} {other.url}?key=top-secret")
    await desk.until(lambda: desk.said(user).count(words("not_allowed", who=words("right_feeds"))) == 2)
    await desk.did("refused", "refused")
    assert other.asked == []
    assert await desk.world.store.feed_changes.all() == {}
    assert "top-secret" not in repr(await desk.notes())
