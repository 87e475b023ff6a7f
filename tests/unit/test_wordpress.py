"""What a WordPress feed's entry means: identity, sections, writer, picture, lead."""

from collections.abc import Mapping
from typing import Any

import pytest

from feeds.wordpress import entry_of, once, web_link
from newsroom.entry import PictureSource

FEED = "https://site.example.com/feed/"
LEAD = "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي."


def fields(**changed: Any) -> Mapping[str, Any]:
    """An ordinary entry as feedparser gives it, with some fields changed."""
    return {"title": "عنوان", "id": "https://site.example.com/?p=7", "link": "https://site.example.com/a/"} | changed


@pytest.mark.parametrize(
    ("guid", "number", "shortlink"),
    [
        ("https://site.example.com/?p=7", 7, "https://site.example.com/?p=7"),
        ("http://www.site.example.com/?p=7", 7, "http://www.site.example.com/?p=7"),
        ("https://site.example.com/?post_type=news&p=7", 7, "https://site.example.com/?post_type=news&p=7"),
        ("https://old.example.com/?p=7", None, ""),
        ("https://site.example.com/ar/?p=7", None, ""),
        ("https://site.example.com/2024/07/slug/", None, ""),
        ("urn:uuid:7", None, ""),
        ("", None, ""),
    ],
)
def test_the_post_is_known_by_the_number_in_its_guid(guid: str, number: int | None, shortlink: str) -> None:
    """Only of the link's own site, and not of a blog in a folder, which counts its own posts."""
    entry = entry_of(fields(id=guid), FEED)
    assert (entry.guid, entry.post_id, entry.shortlink) == (guid, number, shortlink)


def test_the_site_is_the_host_of_the_link() -> None:
    """A feed may be served from elsewhere."""
    assert (
        entry_of(fields(link="https://WWW.Site.Example.com/a"), "https://feeds.example.org/x").site
        == "site.example.com"
    )
    assert entry_of({"title": "عنوان"}, FEED).site == "site.example.com"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://site.example.com/a/?utm_source=rss", "https://site.example.com/a/"),
        ("/a/", "https://site.example.com/a/"),
        ("https://site.example.com/%d8%b2", "https://site.example.com/%D8%B2"),
        ("https://site.example.com/ز", "https://site.example.com/%D8%B2"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("ftp://site.example.com/a", ""),
        ("https:///a", ""),
        ("http://[::1", ""),
        ("data:text/html,x", ""),
    ],
)
def test_a_link_is_of_the_web_or_none(url: str, link: str) -> None:
    """One form for one article, and nothing that a follower's device would run or open."""
    assert web_link(url, FEED) == link


def test_a_feedburner_link_gives_way_to_the_articles_own() -> None:
    """Its own counts clicks and may be gone tomorrow."""
    entry = entry_of(
        fields(link="https://feedproxy.google.com/~r/x", feedburner_origlink="https://site.example.com/a/"), FEED
    )
    assert entry.link == "https://site.example.com/a/"


def test_an_entry_whose_only_address_is_its_guid_has_that_as_link() -> None:
    """RSS allows a guid that is a permanent link."""
    entry = entry_of({"title": "عنوان", "id": "https://site.example.com/b/"}, FEED)
    assert (entry.link, entry.guid) == ("https://site.example.com/b/", "https://site.example.com/b/")


def test_sections_and_tags_stand_once_in_the_order_of_the_feed() -> None:
    """WordPress does not tell them apart; spellings of one name are one."""
    tags = [
        {"term": "أخبار"},
        {"term": "عاجل"},
        {"term": "اخبار"},
        {"term": "AT&amp;T"},
        {"term": None},
        {"term": "x", "label": "اسم"},
    ]
    assert entry_of(fields(tags=tags), FEED).categories == ("أخبار", "عاجل", "AT&T", "اسم")
    assert once(["", "أ", "ا", "🔴", "🔴"]) == ("أ", "🔴")


@pytest.mark.parametrize(
    ("given", "byline"),
    [
        ({"author": "محمد الحكيم"}, "محمد الحكيم"),
        ({"author": "admin"}, ""),
        ({"author": "x@site.example.com"}, ""),
        ({"authors": [{"name": "محمد"}, {"name": "admin"}, {"email": "x@y.example"}, {"name": "سارة"}]}, "محمد، سارة"),
        ({}, ""),
    ],
)
def test_the_writers_are_named_and_accounts_are_not(given: Mapping[str, Any], byline: str) -> None:
    """Several writers are joined as Arabic joins them."""
    assert entry_of(fields(**given), FEED).byline == byline


def test_the_longest_text_is_the_article() -> None:
    """A caption inside `media:content` comes under the name of the content, and an excerpt under that of the summary."""
    entry = entry_of(fields(summary=f"<p>{LEAD}</p>", content=[{"value": "الوفد لدى وصوله"}]), FEED)
    assert entry.lead == LEAD
    entry = entry_of(fields(summary=f"{LEAD[:20]} […]", content=[{"value": f"<p>{LEAD}</p>"}]), FEED)
    assert entry.lead == LEAD


def test_the_picture_is_the_largest_that_the_feed_names() -> None:
    """Then enclosures, then the pictures of the text; sound and film are none."""
    entry = entry_of(
        fields(
            media_content=[
                {"url": "https://site.example.com/s.jpg", "medium": "image", "width": "300", "height": "200"},
                {"url": "https://site.example.com/l.jpg", "type": "image/jpeg", "width": "1200", "height": "800"},
                {"url": "https://site.example.com/v.mp4", "medium": "video", "width": "1920"},
                {"url": "https://site.example.com/odd.webp", "large": "image"},
            ],
            media_thumbnail=[{"url": "https://site.example.com/l-150x150.jpg", "width": "150", "height": "150"}],
            links=[
                {"rel": "enclosure", "href": "https://site.example.com/e.jpg", "type": "image/jpeg"},
                {"rel": "enclosure", "href": "https://site.example.com/e.mp3", "type": "audio/mpeg"},
            ],
            content=[{"value": "<img src='b.jpg' alt='وصف'>"}],
        ),
        FEED,
    )
    named = [(picture.url.rsplit("/", 1)[-1], picture.source) for picture in entry.pictures]
    assert named == [
        ("l.jpg", PictureSource.MEDIA),
        ("s.jpg", PictureSource.MEDIA),
        ("odd.webp", PictureSource.MEDIA),
        ("e.jpg", PictureSource.ENCLOSURE),
        ("b.jpg", PictureSource.BODY),
    ]
    assert entry.pictures[-1].url == "https://site.example.com/a/b.jpg"


@pytest.mark.parametrize(
    ("thumbnail", "named"),
    [
        ({"url": "https://site.example.com/t-150x150.jpg", "width": "150"}, ["t.jpg"]),
        ({"url": "https://site.example.com/t.jpg", "width": "150", "height": "150"}, []),
        ({"url": "https://site.example.com/t.jpg", "width": "1200", "height": "800"}, ["t.jpg"]),
        ({"url": "https://site.example.com/t.jpg"}, ["t.jpg"]),
    ],
)
def test_a_thumbnail_is_posted_only_at_full_size(thumbnail: Mapping[str, str], named: list[str]) -> None:
    """What claims to be 150 pixels wide and has no larger form is not offered."""
    assert [
        picture.url.rsplit("/", 1)[-1] for picture in entry_of(fields(media_thumbnail=[thumbnail]), FEED).pictures
    ] == named


def test_a_title_that_is_a_book_is_cut_at_a_word() -> None:
    """No headline is longer than a thousand letters."""
    title = entry_of(fields(title="كلمة " * 1_000), FEED).title
    assert len(title) <= 1_001
    assert title.endswith("كلمة…")


@pytest.mark.parametrize("junk", [None, 7, [], {}, [None], [[1]], {"value": {}}, b"x"])
def test_fields_of_unexpected_types_are_passed_over(junk: Any) -> None:
    """What a feed makes of feedparser's fields is not ours to choose."""
    names = (
        "title",
        "id",
        "link",
        "summary",
        "content",
        "author",
        "authors",
        "tags",
        "links",
        "image",
        "href",
        "media_content",
        "media_thumbnail",
    )
    entry = entry_of(dict.fromkeys(names, junk), FEED)
    assert (entry.title, entry.link, entry.pictures) == ("", "", ())
