"""`/feeds test ADDRESS`: an address is tried as a feed, told in words, and never added."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.commands.replies import Language, Replies
from newsroom.link import shown_address
from tests.support import feed_troubles
from tests.support.clock import ManualClock
from tests.support.desk_rig import ADMIN, CHIEF, DESK, EDITOR, DeskRig, World, open_desk
from tests.support.feed_server import FakeSite, FeedServer

OURS = "https://alwasat.example.com/feed/"
HUB = "https://hub.example.com/"
OLDER, NEWER = "افتتاح معرض الكتاب", "انهيار جسر قديم"


@pytest.fixture
async def site() -> AsyncIterator[FakeSite]:
    """A WordPress site with two articles, the newer of them not the first of its feed."""
    async with FeedServer(ManualClock()) as server:
        there = server.site("trial")
        there.publish(NEWER)
        there.publish(OLDER, ago=timedelta(hours=2))
        yield there


async def tried(desk: DeskRig, feed: str) -> list[str]:
    """The lines of the answer to an admin."""
    desk.say(ADMIN, f"/feeds test {feed}")
    return (await desk.answered(ADMIN, shown_address(feed))).text.split("\n")


async def test_a_sound_feed_is_told_by_number_newest_article_and_how_it_may_be_asked(
    desk: DeskRig, words: Replies, site: FakeSite
) -> None:
    """Two entries are a dual in Arabic; nothing is added, and no poll follows."""
    lines = await tried(desk, site.url)
    published = site.articles[1].published
    assert lines == [
        f"✅ {site.url}",
        words("feed_test_entries", count=2),
        words("feed_test_newest", title=NEWER, at=words.day(published)),
        words("feed_test_validators"),
        words("feed_test_no_hub"),
        words("feed_test_not_added"),
    ]
    desk.say(ADMIN, "/feeds")
    assert (await desk.answered(ADMIN, OURS)).text == words("feed_new", feed=OURS)
    assert len(site.asked) == 1
    await desk.did()


async def test_a_feed_that_names_a_hub_and_sends_no_validators_is_told_as_that(
    desk: DeskRig, words: Replies, site: FakeSite
) -> None:
    """By the headers of the answer."""
    content = site.page(1)
    assert content is not None
    site.trouble = feed_troubles.body(
        content.replace(b"<channel>", f'<channel><atom:link rel="hub" href="{HUB}"/>'.encode())
    )
    lines = await tried(desk, site.url)
    assert words("feed_test_no_validators") in lines
    assert words("feed_test_hub", hub=HUB) in lines


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            b"<!doctype html><html><head><title>x</title></head></html>",
            {"ar": "هذا الرابط صفحة وليس خلاصة", "en": "an HTML page titled"},
        ),
        (b'{"a": 1}', {"ar": "هذا الرابط ليس خلاصة", "en": "JSON that is no JSON Feed"}),
        (
            b"<?xml version='1.0'?><rss><channel><item><title>x",
            {"ar": "الخلاصة مبتورة", "en": "the end of the feed is missing"},
        ),
    ],
)
async def test_what_is_no_feed_is_told_with_the_reason(
    desk: DeskRig, language: Language, site: FakeSite, content: bytes, why: dict[str, str]
) -> None:
    """And not as a fault of ours; a key in the address is not shown again."""
    site.trouble = feed_troubles.body(content, "text/html" if content[:1] == b"<" else "application/json")
    [line] = await tried(desk, f"{site.url}?key=top-secret")
    assert line.startswith("⚠️")
    assert why[language] in line
    assert line.count(site.url) == 1
    assert "top-secret" not in line


async def test_an_address_that_the_guard_refuses_or_that_answers_an_error_is_told(
    desk: DeskRig, words: Replies, language: Language, site: FakeSite
) -> None:
    """An editor's command opens no way into our own network."""
    [refused] = await tried(desk, "http://10.1.2.3/feed/")
    assert ("ممنوع" if language == "ar" else "is refused: private") in refused
    site.trouble = feed_troubles.status(404)
    [missing] = await tried(desk, site.url)
    assert words.why("the site answered 404 (Not Found)") in missing


async def test_a_feed_that_has_moved_for_good_is_told_with_its_new_address(
    desk: DeskRig, words: Replies, site: FakeSite
) -> None:
    """Without its key; what it reads there is told too."""
    async with FeedServer(ManualClock()) as elsewhere:
        new = elsewhere.site("new")
        new.publish(NEWER)
        site.trouble = feed_troubles.redirect(f"{new.url}?key=top-secret", 301)
        lines = await tried(desk, site.url)
    assert words("feed_test_entries", count=1) in lines
    assert words("feed_test_moved", to=shown_address(f"{new.url}?key=top-secret")) in lines


@pytest.mark.parametrize("rest", ["test", "test alwasat", "test ftp://127.0.0.1/feed/", "test http://"])
async def test_without_an_address_the_command_says_how_it_is_written(desk: DeskRig, words: Replies, rest: str) -> None:
    """Nothing is fetched."""
    desk.say(ADMIN, f"/feeds {rest}")
    await desk.answered(ADMIN, words("feed_how", what="test"))


@pytest.mark.parametrize("user", [EDITOR, CHIEF])
async def test_who_may_not_change_feeds_may_not_try_one_either(
    desk: DeskRig, words: Replies, site: FakeSite, user: int
) -> None:
    """Refused and noted; nothing is asked of the site. How the feeds fare is told to all, in the group too."""
    desk.say(user, f"/feeds test {site.url}")
    await desk.answered(user, words("not_allowed", who=words("right_feeds")))
    await desk.did("refused")
    assert site.asked == []
    desk.say(user, "/feeds", DESK)
    await desk.answered(user, words("feed_new", feed=OURS), DESK)


async def test_a_feed_of_ours_is_told_as_one(world: World, language: Language, site: FakeSite) -> None:
    """So that nobody writes it down twice."""
    async with open_desk(world, given={"language": language, "feeds": (site.url,)}) as desk:
        words = Replies(language)
        assert (await tried(desk, site.url))[-1] == words("feed_test_known")
