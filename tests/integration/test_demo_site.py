"""The demo's paper: a WordPress-like site that publishes by itself."""

import gzip
import io
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from bot.demo.endless import invented
from bot.demo.paper import SITE
from bot.demo.pictures import picture
from bot.demo.press import FEED_LENGTH
from bot.demo.site import DemoSite
from bot.demo.stories import standing, step, written
from feeds.article import entry_of_page
from feeds.parse import parse
from newsroom.entry import Entry
from newsroom.relation import Duplicate, Update, relate
from newsroom.rules import Rules
from newsroom.story import Story, story_of
from newsroom.verdict import Breaking, Ordinary, judge
from newsroom.window import Window
from tests.support.clock import START, ManualClock

SAMPLE = 48207
EVERY = 15.0


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that unpacks nothing by itself."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield session


@pytest.fixture
def clock() -> ManualClock:
    """A clock that the test moves."""
    return ManualClock()


@pytest.fixture
async def site(clock: ManualClock, tmp_path: Path) -> AsyncIterator[DemoSite]:
    """A paper that begins now."""
    async with DemoSite(clock, state=tmp_path / "site.json", every_seconds=EVERY) as opened:
        yield opened


async def get(
    web: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body, without following."""
    async with web.get(url, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.read()


async def entries(web: aiohttp.ClientSession, site: DemoSite) -> tuple[Entry, ...]:
    """What a newsroom reads in the feed, newest first."""
    _, headers, body = await get(web, site.feed_url)
    return parse(gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body, headers, site.feed_url)


async def numbers(web: aiohttp.ClientSession, site: DemoSite) -> list[int | None]:
    """WordPress's numbers of the articles in the feed, newest first."""
    return [entry.post_id for entry in await entries(web, site)]


def names_in(folder: Path) -> list[str]:
    """Files of a folder."""
    return [file.name for file in folder.iterdir()]


async def test_only_the_older_neighbours_stand_in_the_feed_at_the_start(
    web: aiohttp.ClientSession, site: DemoSite
) -> None:
    """So that a newsroom takes them as its baseline and posts none of them."""
    assert await numbers(web, site) == [48255, 48252, 48250, 48244, 48240, 48236, 48231]
    assert all(entry.published and entry.published < START for entry in await entries(web, site))


async def test_the_sample_article_comes_two_seconds_after_the_start_and_is_dated_now(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock
) -> None:
    """It is the first thing a visitor sees, with the words of the sample."""
    clock.advance(2)
    newest = (await entries(web, site))[0]
    assert (newest.post_id, newest.published) == (SAMPLE, clock.now())
    assert newest.title == "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين"
    assert newest.lead.startswith("استقبل زعيم كوريا الشمالية كيم يونج أون")
    assert newest.byline == "محمد الحكيم"


async def test_on_a_slow_machine_the_sample_article_is_news_to_a_newsroom_that_opens_late(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock
) -> None:
    """In the feed at its first sight it would never be posted."""
    clock.advance(60)
    site.open()
    assert SAMPLE not in {entry.post_id for entry in await entries(web, site)}
    clock.advance(2)
    assert (await entries(web, site))[0].post_id == SAMPLE


async def test_another_article_comes_each_time_the_interval_has_passed(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock
) -> None:
    """And none in between."""
    clock.advance(2)
    assert (await numbers(web, site))[0] == step(0).number
    clock.advance(EVERY - 0.1)
    assert (await numbers(web, site))[0] == step(0).number
    clock.advance(0.1)
    assert (await numbers(web, site))[:2] == [step(1).number, step(0).number]


async def test_links_name_the_papers_own_home_and_pictures_are_served_from_here(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock
) -> None:
    """The links must look real and lead nowhere; the pictures must be there."""
    clock.advance(2)
    newest = (await entries(web, site))[0]
    assert newest.link.startswith("https://alwasat.example.com/%D8%B2")
    assert newest.guid == "https://alwasat.example.com/?p=48207"
    assert newest.pictures
    assert {picture.url.split("/wp-content")[0] for picture in newest.pictures} == {site.url}
    _, headers, body = await get(web, newest.pictures[0].url)
    with Image.open(io.BytesIO(body)) as image:
        assert (headers["Content-Type"], image.format, image.size) == ("image/jpeg", "JPEG", (1200, 675))


async def test_a_thumbnail_has_the_size_its_name_says(web: aiohttp.ClientSession, site: DemoSite) -> None:
    """As WordPress keeps cropped copies."""
    _, _, body = await get(web, f"{site.url}/wp-content/uploads/2026/11/48240-150x150.jpg")
    with Image.open(io.BytesIO(body)) as image:
        assert image.size == (150, 150)
    assert (await get(web, f"{site.url}/wp-content/uploads/2026/11/48240.php"))[0] == 404


async def test_a_reader_with_the_same_feed_gets_304_by_etag_or_by_date(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock
) -> None:
    """Until an article comes; then both validators say that it changed."""
    status, headers, _ = await get(web, site.feed_url)
    assert status == 200
    by_etag = {"If-None-Match": headers["ETag"]}
    by_date = {"If-Modified-Since": headers["Last-Modified"]}
    for validators in (by_etag, by_date):
        status, told, body = await get(web, site.feed_url, validators)
        assert (status, told["ETag"], body) == (304, headers["ETag"], b"")
    clock.advance(2)
    for validators in (by_etag, by_date):
        assert (await get(web, site.feed_url, validators))[0] == 200


async def test_the_feed_is_packed_for_those_who_ask(web: aiohttp.ClientSession, site: DemoSite) -> None:
    """Packed or plain, it is the same feed."""
    _, packed_headers, packed = await get(web, site.feed_url, {"Accept-Encoding": "gzip"})
    _, plain_headers, plain = await get(web, site.feed_url, {"Accept-Encoding": "identity"})
    assert packed_headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain_headers
    assert gzip.decompress(packed) == plain


async def test_a_short_link_leads_to_the_article_and_the_page_is_the_same_story(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock
) -> None:
    """So that an editor can push a page of the demo and it is known again."""
    clock.advance(2)
    of_feed = (await entries(web, site))[0]
    status, headers, _ = await get(web, f"{site.url}/?p={SAMPLE}")
    assert status == 301
    status, page_headers, body = await get(web, site.url + headers["Location"])
    assert status == 200
    of_page = entry_of_page(body, of_feed.link, page_headers["Content-Type"], SITE)
    for field in ("post_id", "title", "lead", "byline"):
        assert getattr(of_page, field) == getattr(of_feed, field), field
    assert (await get(web, f"{site.url}/?p=1"))[0] == 404
    assert (await get(web, f"{site.url}/nothing-here/"))[0] == 404


async def test_a_restart_goes_on_where_it_left_at_the_same_address(
    web: aiohttp.ClientSession, clock: ManualClock, tmp_path: Path
) -> None:
    """Nothing is published twice, nothing published is dated anew, and no feed changes its address."""
    state = tmp_path / "site.json"
    async with DemoSite(clock, state=state, every_seconds=EVERY) as first:
        clock.advance(2 + 3 * EVERY)
        before = await entries(web, first)
    clock.advance(3600)
    async with DemoSite(clock, state=state, every_seconds=EVERY) as second:
        assert second.feed_url == first.feed_url
        assert await entries(web, second) == before
        clock.advance(2)
        after = await entries(web, second)
    assert [entry.post_id for entry in after[:2]] == [step(4).number, step(3).number]
    assert after[0].published == clock.now()


async def test_a_position_that_cannot_be_read_starts_the_paper_anew(
    web: aiohttp.ClientSession, clock: ManualClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And says so, as the demo must start whatever its last end was."""
    state = tmp_path / "site.json"
    state.write_text('{"done": 3, "due"', "utf-8")
    async with DemoSite(clock, state=state, every_seconds=EVERY) as site:
        assert len(await numbers(web, site)) == len(standing())
    assert "starts anew" in caplog.text


async def test_the_position_is_written_before_an_article_is_seen(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock, tmp_path: Path
) -> None:
    """A kill after the feed was read must not publish the article a second time."""
    clock.advance(2)
    await numbers(web, site)
    kept = json.loads((tmp_path / "site.json").read_text("utf-8"))
    assert kept["done"] == 1
    assert kept["times"][str(SAMPLE)] == [clock.now().timestamp()] * 2
    assert names_in(tmp_path) == ["site.json"]


async def test_another_port_is_taken_when_that_of_last_time_is_in_use(
    web: aiohttp.ClientSession, clock: ManualClock, tmp_path: Path
) -> None:
    """A second demo in another folder must not fail, nor disturb the first."""
    async with DemoSite(clock, state=tmp_path / "one.json") as first:
        (tmp_path / "two.json").write_bytes((tmp_path / "one.json").read_bytes())
        async with DemoSite(clock, state=tmp_path / "two.json") as second:
            assert second.feed_url != first.feed_url
            assert len(await entries(web, second)) == len(standing())


async def test_an_edited_headline_keeps_its_number_its_address_and_its_date(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock
) -> None:
    """As WordPress does it: only the words change, and the feed's date of change."""
    edited = [article.number for article in written()]
    number = next(number for number in edited if edited.count(number) == 2)
    first, second = (place for place, other in enumerate(edited) if other == number)
    clock.advance(2)
    for _ in range(first):
        await numbers(web, site)
        clock.advance(EVERY)
    before = (await entries(web, site))[0]
    for _ in range(second - first):
        clock.advance(EVERY)
        await numbers(web, site)
    after = next(entry for entry in await entries(web, site) if entry.post_id == number)
    assert before.title != after.title
    assert (before.guid, before.link, before.published) == (after.guid, after.link, after.published)


async def test_after_a_long_sleep_the_paper_prints_no_more_than_a_feeds_length_and_all_of_it_is_fresh(
    web: aiohttp.ClientSession, site: DemoSite, clock: ManualClock
) -> None:
    """A laptop that slept for a year must not wake to two million articles, nor to old ones."""
    clock.advance(365 * 24 * 3600)
    found = await entries(web, site)
    assert {entry.post_id for entry in found} == {step(number).number for number in range(FEED_LENGTH)}
    assert found[0].published == clock.now()
    assert all(entry.published and clock.now() - entry.published < timedelta(minutes=3) for entry in found)


def stories(count: int) -> list[Story]:
    """The first steps as a newsroom would know them, each met an interval after the other."""
    found = []
    for number in range(count):
        article = step(number)
        now = datetime.fromtimestamp(START.timestamp() + number * EVERY, UTC)
        entry = Entry(
            title=article.title,
            site="alwasat.example.com",
            post_id=article.number,
            guid=f"https://alwasat.example.com/?p={article.number}",
            categories=article.categories,
            lead=article.content,
            body=article.content,
            published=now,
        )
        found.append(story_of(entry, SITE, now))
    return found


def test_the_written_stories_show_a_duplicate_an_edit_and_a_false_alarm() -> None:
    """Each is there to be seen on the wall: the second editor's copy stays out, the edit is one, «تدخل عاجل» is calm."""
    window, relations, verdicts = Window(), {}, {}
    for place, story in enumerate(stories(len(written()))):
        relations[place] = relate(story, window)
        verdicts[place] = judge(story, Rules(), story.met)
        window.add(story)
    titles = [article.title for article in written()]
    copy = next(place for place, title in enumerate(titles) if title.startswith("#عاجل"))
    calm = next(place for place, title in enumerate(titles) if "تدخل عاجل" in title)
    edits = [place for place, relation in relations.items() if isinstance(relation, Update) and relation.same_article]
    assert isinstance(relations[copy], Duplicate)
    assert isinstance(verdicts[calm], Ordinary)
    assert len(edits) == 1
    assert sum(isinstance(verdict, Breaking) for verdict in verdicts.values()) >= 6


def test_hardly_anything_invented_in_an_hour_is_taken_for_a_repeat() -> None:
    """Results and market closes resemble one another, and the newsroom says so; silenced they would leave the wall dead."""
    window = Window()
    relations = []
    for story in stories(len(written()) + int(3600 / EVERY))[len(written()) :]:
        relations.append(relate(story, window))
        window.add(story)
    assert sum(isinstance(relation, Duplicate) for relation in relations) <= 0.03 * len(relations)


def test_an_invented_article_is_the_same_each_time_and_has_no_open_braces() -> None:
    """A restart makes the same words again; a name missing from the stock would show as braces or raise."""
    for count in range(500):
        draft = invented(count)
        assert draft == invented(count)
        assert "{" not in "".join((draft.title, *draft.paragraphs, *draft.categories))


def test_each_article_has_a_picture_of_its_own_and_the_same_one_again() -> None:
    """Drawn from section and number alone; the bytes do not depend on what was drawn before."""
    chosen = [(article.section, str(article.number)) for article in written()[:5]]
    drawn = [picture(section, seed) for section, seed in chosen]
    assert len(set(drawn)) == len(chosen)
    picture.cache_clear()
    assert picture(*chosen[-1]) == drawn[-1]
