"""WordPress's own list of posts: where it stands, and that its articles are the feed's."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from yarl import URL

from feeds.parse import parse
from feeds.rest_posts import posts_address
from newsroom.entry import Picture, PictureSource
from newsroom.errors import FetchFailed
from newsroom.site import Site
from newsroom.story import story_of

FEED = "https://alwasat.example.com/feed/"
ROOT = '<https://alwasat.example.com/wp-json/>; rel="https://api.w.org/"'
MET = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>الوسط</title><item>
<title>مجلس الأمن يعقد جلسة &#8220;طارئة&#8221; بشأن الأوضاع في المنطقة</title>
<link>https://alwasat.example.com/2026/11/23/%d9%85%d8%ac%d9%84%d8%b3/</link>
<dc:creator><![CDATA[سارة الخطيب]]></dc:creator><pubDate>Mon, 23 Nov 2026 08:30:00 +0000</pubDate>
<category><![CDATA[سياسة]]></category><category><![CDATA[الأمم المتحدة]]></category>
<guid isPermaLink="false">https://alwasat.example.com/?post_type=news&#038;p=4711</guid>
<description><![CDATA[<p>يعقد المجلس جلسته مساء اليوم [&#8230;]</p>]]></description>
<content:encoded><![CDATA[<p>يعقد مجلس الأمن الدولي جلسة طارئة مساء اليوم لبحث التطورات الأخيرة في المنطقة.</p>]]></content:encoded>
</item></channel></rss>"""
POST: dict[str, Any] = {
    "id": 4711,
    "guid": {"rendered": "https://alwasat.example.com/?post_type=news&#038;p=4711"},
    "link": "https://alwasat.example.com/2026/11/23/%d9%85%d8%ac%d9%84%d8%b3/",
    "title": {"rendered": "مجلس الأمن يعقد جلسة &#8220;طارئة&#8221; بشأن الأوضاع في المنطقة"},
    "excerpt": {"rendered": "<p>يعقد المجلس جلسته مساء اليوم [&hellip;]</p>\n", "protected": False},
    "content": {
        "rendered": "<p>يعقد مجلس الأمن الدولي جلسة طارئة مساء اليوم لبحث التطورات الأخيرة في المنطقة.</p>\n",
        "protected": False,
    },
    "date_gmt": "2026-11-23T08:30:00",
    "modified_gmt": "2026-11-23T08:30:00",
    "_embedded": {
        "author": [{"id": 7, "name": "سارة الخطيب"}],
        "wp:term": [
            [{"taxonomy": "category", "name": "سياسة"}],
            [{"taxonomy": "post_tag", "name": "الأمم المتحدة"}],
        ],
    },
}


def test_half_a_character_in_a_post_costs_none() -> None:
    """In its address, its title or its guid; it counts for nothing, as in the feed."""
    spoilt = {
        **POST,
        "guid": {"rendered": POST["guid"]["rendered"] + "\ud83d&#55357;"},
        "link": POST["link"] + "\ud83d",
        "title": {"rendered": POST["title"]["rendered"] + "\ud83d"},
    }
    assert parse(json.dumps([spoilt]).encode(), {}, FEED) == parse(json.dumps([POST]).encode(), {}, FEED)


def test_an_article_of_the_list_is_the_story_of_the_feed() -> None:
    """Key by key and word by word."""
    [fed] = parse(RSS.encode(), {}, FEED)
    [listed] = parse(json.dumps([POST]).encode(), {"Content-Type": "application/json"}, FEED)
    assert replace(listed, modified=fed.modified) == fed
    assert story_of(listed, Site(""), MET) == story_of(fed, Site(""), MET)


def test_the_featured_picture_comes_with_it() -> None:
    """The feed has none without a plugin."""
    url = "https://alwasat.example.com/wp-content/uploads/2026/11/cover.jpg"
    media = [{"source_url": url, "media_details": {"width": 1280, "height": 720}}]
    post = {**POST, "_embedded": {**POST["_embedded"], "wp:featuredmedia": media}}
    [entry] = parse(json.dumps([post]).encode(), {}, FEED)
    assert entry.pictures == (Picture(url, PictureSource.MEDIA, 1280, 720),)


@pytest.mark.parametrize(
    "broken",
    [
        "[1, 2]",
        '[{"id": 1}]',
        "[",
        "[" * 100_000,
        '[{"guid": 1}, "x"]',
    ],
)
def test_what_is_no_list_of_posts_is_a_fault_of_the_feed(broken: str) -> None:
    """Whatever it is, it is refused in words."""
    with pytest.raises(FetchFailed):
        parse(broken.encode(), {}, FEED)


def test_members_of_the_wrong_kind_harm_nothing() -> None:
    """A plugin may write anything anywhere."""
    post = {
        "guid": {"rendered": "https://alwasat.example.com/?p=1"},
        "title": ["x"],
        "content": None,
        "link": 7,
        "date_gmt": {},
        "_embedded": {"author": "x", "wp:term": [["x"], 3, None], "wp:featuredmedia": [{"media_details": []}, 1]},
    }
    [entry] = parse(json.dumps([post, {"guid": "urn:2", "_embedded": []}]).encode(), {}, FEED)[:1]
    assert entry.post_id == 1


@pytest.mark.parametrize(
    ("feed", "link", "address"),
    [
        (FEED, "", "https://alwasat.example.com/wp-json/wp/v2/posts"),
        (FEED, ROOT, "https://alwasat.example.com/wp-json/wp/v2/posts"),
        (f"{FEED}rss2/", "", "https://alwasat.example.com/wp-json/wp/v2/posts"),
        ("https://alwasat.example.com/?feed=rss2", "", "https://alwasat.example.com/wp-json/wp/v2/posts"),
        ("https://example.com/blog/feed", "", "https://example.com/blog/wp-json/wp/v2/posts"),
        (
            FEED,
            '<https://alwasat.example.com/index.php?rest_route=/>; rel="https://api.w.org/"',
            "https://alwasat.example.com/index.php",
        ),
        ("https://alwasat.example.com/category/politics/feed/", ROOT, None),
        (f"{FEED}?cat=3", "", None),
        ("https://alwasat.example.com/news.xml", "", None),
        (FEED, ROOT.replace("alwasat", "other"), None),
    ],
)
def test_the_list_stands_where_the_site_says_or_beside_its_feed(feed: str, link: str, address: str | None) -> None:
    """And a section's feed has none: the list is of the whole site."""
    found = posts_address(feed, link, 0.0)
    assert (found and str(found.with_query(None))) == address
    assert found is None or found.query["per_page"] == "50"


def test_only_what_may_be_missing_is_asked_for() -> None:
    """From a day before the newest known on, as the list counts in the site's own zone."""
    found = posts_address(FEED, "", MET.timestamp())
    assert isinstance(found, URL)
    assert found.query["after"] == "2026-11-22T09:00:00"
