"""One article, three forms: as the feed has it, as its page has it, as an editor pastes it. One post must come of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.article import entry_of_page
from feeds.parse import parse
from feeds.pasted import entry_of_text
from newsroom.entry import Entry
from newsroom.site import Site

ALWASAT = Path(__file__).parents[1] / "data" / "alwasat"
SITE = Site(
    name="الوسط العربي", sections=("الشرق قادم", "أخبار", "العالم", "مصر", "اقتصاد", "رياضة", "أفريقيا", "مقالات")
)
ADDRESS = "https://alwasat.example.com/?p=48207"
LEAD = "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي، برئاسة نائب وزير الدفاع أليكسي كريفوروتشكو."
NEVER = (
    "تقرير:",
    "أخبارالشرق",
    "قادمعاجل",
    "زيارة بوتين كوريا الشمالية يونيو 2024",
    "دمتري بيسكوف الناطق الرسمي باسم الكرملين",
    "لمزيد من الأخبار",
    "زر الذهاب",
    "أولاً على",
    "appeared first on",
    "[…]",
    "[&#8230;]",
    "تابعنا على فيسبوك",
    " - الوسط العربي",
    "&#",
    "&amp;",
    "</",
)


def of_feed(name: str = "feed.xml") -> tuple[Entry, ...]:
    """The entries of a sample feed."""
    return parse((ALWASAT / name).read_bytes(), {}, "https://alwasat.example.com/feed/")


def of_page() -> Entry:
    """The article from its page."""
    return entry_of_page((ALWASAT / "page.html").read_bytes(), ADDRESS, "text/html; charset=UTF-8", SITE)


def of_text() -> Entry:
    """The article as it was pasted."""
    return entry_of_text((ALWASAT / "pasted.txt").read_text(encoding="utf-8"), SITE)


@pytest.fixture
def forms() -> dict[str, Entry]:
    """The sample article in its three forms."""
    feed = next(entry for entry in of_feed() if entry.post_id == 48207)
    return {"feed": feed, "page": of_page(), "pasted": of_text()}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("title", "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين"),
        ("byline", "محمد الحكيم"),
        ("lead", LEAD),
    ],
)
def test_the_three_forms_agree_on_the_words(forms: dict[str, Entry], field: str, expected: str) -> None:
    """Headline, writer and lead are the same to the letter."""
    for form, entry in forms.items():
        assert getattr(entry, field) == expected, f"{field} of the {form} is {getattr(entry, field)!r}"


def test_the_three_forms_agree_on_the_sections(forms: dict[str, Entry]) -> None:
    """Feed and page go on with tags, in the same order; pasted text has none."""
    sections = ("أخبار", "الشرق قادم", "عاجل")
    for form, entry in forms.items():
        assert entry.categories[:3] == sections, f"sections of the {form} are {entry.categories[:3]}"
    assert forms["pasted"].categories == sections
    assert forms["page"].categories == forms["feed"].categories


def test_the_three_forms_agree_on_the_body(forms: dict[str, Entry]) -> None:
    """The evidence by which a pasted article is known as the feed's story."""
    assert forms["page"].body == forms["feed"].body
    assert forms["pasted"].body == forms["feed"].body


@pytest.mark.parametrize("field", ["site", "post_id", "link", "shortlink", "published"])
def test_page_and_feed_agree_on_the_identity(forms: dict[str, Entry], field: str) -> None:
    """A page that an editor pushes is known as the feed's story."""
    assert getattr(forms["page"], field) == getattr(forms["feed"], field), f"page and feed differ in {field}"


def test_page_and_feed_agree_on_the_pictures(forms: dict[str, Entry]) -> None:
    """The same addresses, places and sizes in the same order."""
    seen = {
        form: [(picture.url, picture.source, picture.width, picture.height) for picture in forms[form].pictures]
        for form in ("feed", "page")
    }
    assert seen["page"] == seen["feed"]
    assert forms["page"].pictures[0].alt == "كيم يونج أون"


def _every_entry() -> Iterator[tuple[str, Entry]]:
    for name in ("feed.xml", "feed-2.xml", "feed-breaking.xml"):
        yield from ((f"{name}, {entry.guid}", entry) for entry in of_feed(name))
    yield "page.html", of_page()
    yield "pasted.txt", of_text()
    without_sections = entry_of_text((ALWASAT / "pasted.txt").read_text(encoding="utf-8"), Site())
    yield "pasted.txt, sections unknown", without_sections


@pytest.mark.parametrize("words", NEVER)
def test_what_must_never_be_posted_is_in_no_entry(words: str) -> None:
    """In no title, no byline and no lead of any entry in any form."""
    for name, entry in _every_entry():
        for field in ("title", "byline", "lead"):
            assert words not in getattr(entry, field), f"{field} of {name} has {words!r}: {getattr(entry, field)!r}"


def test_the_twin_of_the_sample_is_the_sample() -> None:
    """The expected file knows every entry of the feeds, and no other."""
    expected = json.loads((ALWASAT / "expected.json").read_text(encoding="utf-8"))
    for name, twins in expected.items():
        assert [twin["post_id"] for twin in twins] == [entry.post_id for entry in of_feed(name)]
