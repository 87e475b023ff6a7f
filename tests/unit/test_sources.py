"""A source on the command line: what kind it is, and whose paper it is."""

from pathlib import Path

import pytest

from bot.sources import Body, entries_of, paper_of
from newsroom.errors import EntryRefused, FetchFailed
from newsroom.site import Site

DATA = Path(__file__).parents[1] / "data" / "alwasat"


def body(name: str) -> Body:
    """A file of the sample site."""
    return Body(name, (DATA / name).read_bytes())


@pytest.mark.parametrize(("name", "count"), [("feed.xml", 8), ("page.html", 1), ("pasted.txt", 1)])
def test_a_feed_a_page_and_a_text_are_told_apart_by_what_they_hold(name: str, count: int) -> None:
    """Not by their names."""
    assert len(entries_of(body(name), Site())) == count


@pytest.mark.parametrize("name", ["feed.xml", "feed-breaking.xml", "page.html"])
def test_the_paper_is_named_by_its_own_feed_or_page(name: str) -> None:
    """A section's feed is titled «section – paper»."""
    assert paper_of(body(name)) == "الوسط العربي"


def test_a_text_names_no_paper() -> None:
    """Nothing is made up."""
    assert paper_of(body("pasted.txt")) == ""


def test_an_empty_source_is_refused_in_words() -> None:
    """A file that was never filled."""
    with pytest.raises(EntryRefused, match="is empty"):
        entries_of(Body("none.txt", b" \n"), Site())


def test_a_feed_that_breaks_off_is_refused_in_words() -> None:
    """Cut before its first entry."""
    with pytest.raises(FetchFailed):
        entries_of(Body("cut.xml", b"<?xml version='1.0'?><rss><chan"), Site())


def test_a_pasted_file_in_the_old_arabic_code_page_is_read() -> None:
    """Windows-1256, as older editors save it."""
    text = (DATA / "pasted.txt").read_text("utf-8").replace("ً", "")
    old = Body("old.txt", text.encode("cp1256", errors="ignore"))
    [entry] = entries_of(old, Site())
    assert entry.title.startswith("زعيم كوريا الشمالية")
