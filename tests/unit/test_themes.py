"""Pages of many themes, stripped of their data and of the tags of their head: the markup alone must tell the story."""

from pathlib import Path

import pytest

from feeds.article import entry_of_page
from newsroom.entry import Entry
from newsroom.errors import EntryRefused
from newsroom.site import Site

PAGES = Path(__file__).parents[1] / "data" / "pages" / "themes"
ADDRESS = "https://alwasat.example.com/train/"
TITLE = "الصحة: ارتفاع عدد المصابين في حادث قطار طنطا إلى 37"
LEAD = "أعلنت وزارة الصحة، اليوم الأحد، ارتفاع عدد المصابين إلى 37 شخصًا، مؤكدة أن الحالات مستقرة في المستشفيات."
SECOND = "وأضافت الوزارة في بيان لها أن فرق الإسعاف نقلت المصابين إلى المستشفيات القريبة من موقع الحادث."
PHOTO = "https://alwasat.example.com/wp-content/uploads/2026/11/train.jpg"
THEMES = sorted(file.stem for file in PAGES.glob("*.html"))


def entry_of(html: str) -> Entry:
    """The entry of some HTML."""
    return entry_of_page(html.encode(), ADDRESS, "text/html; charset=utf-8", Site(name="الوسط العربي"))


def theme(name: str) -> str:
    """A theme's page."""
    return (PAGES / f"{name}.html").read_text("utf-8")


@pytest.mark.parametrize("name", THEMES)
def test_a_themes_page_gives_headline_lead_body_and_photo(name: str) -> None:
    """And nothing of what the theme puts among them: other stories, buttons, advertisements, dates, tags."""
    entry = entry_of(theme(name))
    assert (entry.title, entry.lead, entry.body) == (TITLE, LEAD, f"{LEAD}\n{SECOND}")
    assert entry.pictures[0].url == PHOTO


@pytest.mark.parametrize("name", [name for name in THEMES if name != "none"])
def test_a_themes_page_gives_writer_and_section(name: str) -> None:
    """Each theme has classes of its own for them."""
    entry = entry_of(theme(name))
    assert (entry.byline, entry.categories[0]) == ("علي حسن", "مصر")


def test_the_sections_of_other_stories_on_the_page_are_not_this_storys() -> None:
    """A box of breaking stories below an article must not make it one of them."""
    box = '<div class="mag"><span class="post-cat-wrap"><a class="post-cat">عاجل</a></span><h3>خبر آخر</h3></div>'
    html = theme("jannah").replace('<a class="post-cat tie-cat-4" href="/c/b">عاجل</a>', "") + box
    assert entry_of(html).categories == ("مصر", "قطار طنطا")


def test_a_page_that_names_no_place_is_read_below_its_headline() -> None:
    """The menu before the headline is no lead, however long it is."""
    menu = "<a>سياسة</a> <a>اقتصاد</a> <a>رياضة</a> <a>ثقافة وفنون</a> <a>منوعات</a> <a>تحقيقات وملفات</a>"
    html = theme("none").replace("<a>الرئيسية</a>", menu)
    assert entry_of(html).lead == LEAD


def test_a_section_whose_page_names_no_place_is_refused() -> None:
    """Its title is a word or two, and what follows is a list."""
    with pytest.raises(EntryRefused, match="is no article"):
        entry_of(f"<title>أخبار مصر</title><body><div><h1>أخبار مصر</h1><div><p>{LEAD}</p></div></div>")


def test_where_articles_are_switched_off_in_yoast_its_page_stands_in() -> None:
    """It has the date, the writer and the picture still."""
    graph = f"""{{"@graph": [
        {{"@type": "WebPage", "@id": "{ADDRESS}", "url": "{ADDRESS}", "name": "{TITLE} - الوسط العربي",
          "datePublished": "2026-11-29T18:00:00+00:00", "author": {{"@id": "#writer"}},
          "primaryImageOfPage": {{"@id": "#photo"}}}},
        {{"@type": "ImageObject", "@id": "#photo", "contentUrl": "{PHOTO}", "width": 1200, "height": 675}},
        {{"@type": "WebSite", "@id": "#site", "name": "الوسط العربي"}},
        {{"@type": "Person", "@id": "#writer", "name": "علي حسن"}}]}}"""
    entry = entry_of(
        f'<script type="application/ld+json">{graph}</script><body class="single"><div class="entry-content"><p>{LEAD}</p></div>'
    )
    assert (entry.title, entry.byline, entry.pictures[0].url) == (TITLE, "علي حسن", PHOTO)
    assert entry.published is not None


@pytest.mark.parametrize("dots", ["...", "…"])
def test_a_description_that_breaks_off_in_a_word_loses_that_word(dots: str) -> None:
    """The head's description is cut after so many letters."""
    cut = "أعلنت وزارة الصحة، اليوم الأحد، ارتفاع عدد المصابين إلى 37 شخصًا، مؤكد"
    html = f'<meta property="og:type" content="article"><meta property="og:title" content="{TITLE}"><meta property="og:description" content="{cut}{dots}">'
    assert entry_of(html).lead == "أعلنت وزارة الصحة، اليوم الأحد، ارتفاع عدد المصابين إلى 37 شخصًا…"
