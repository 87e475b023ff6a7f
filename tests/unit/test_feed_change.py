"""The list of feeds after what editors changed in it."""

import pytest

from feeds.feed_list import FeedList
from newsroom.feed_change import FeedChange, feeds_of, idle_of, meant
from newsroom.link import shown_address
from store.memory_daybook import MemoryFeedChanges

A, B, C, D = (f"https://{name}.example.com/feed/" for name in "abcd")


def said(at: float, *, is_added: bool) -> FeedChange:
    """Somebody's word."""
    return FeedChange(is_added, "13 عمر", str(at), at)


def test_the_settings_feeds_come_first_without_the_removed_and_the_added_follow_oldest_first() -> None:
    """One that was removed and added again keeps its place."""
    changes = {
        D: said(2.0, is_added=True),
        C: said(1.0, is_added=True),
        A: said(3.0, is_added=False),
        B: said(4.0, is_added=True),
    }
    assert feeds_of((A, B), changes) == (B, C, D)


def test_what_the_settings_say_by_now_needs_no_change() -> None:
    """An added feed that was written into FEEDS, and a removed one that was taken from it."""
    changes = {A: said(1.0, is_added=True), B: said(2.0, is_added=False), C: said(3.0, is_added=True)}
    assert set(idle_of((A,), changes)) == {A, B}


@pytest.mark.parametrize(
    ("said", "feeds", "found"),
    [
        (A, (A, B), (A,)),
        ("http://www.a.example.com/feed", (A, B), (A,)),
        ("https://a.example.com/feed/", ("https://ali:word@a.example.com/feed/",), "all"),
        (shown_address(f"{A}?key=1"), (f"{A}?key=1", f"{A}?key=2"), (f"{A}?key=1",)),
        (f"{A}?cat=3", (f"{A}?cat=4",), ()),
        ("https://a.example.com", ("http://www.a.example.com/",), "all"),
    ],
)
def test_a_feed_is_meant_by_its_address_by_what_is_shown_of_it_or_by_another_spelling(
    said: str, feeds: tuple[str, ...], found: tuple[str, ...] | str
) -> None:
    """In this order; a query that differs is another feed."""
    assert meant(said, feeds) == (feeds if found == "all" else found)


async def test_the_list_follows_the_store_at_each_look_and_is_the_same_object_while_nothing_changes() -> None:
    """Whoever compares it by identity does nothing."""
    changes = MemoryFeedChanges()
    feeds = FeedList((A, B, A), changes)
    assert await feeds.look() is feeds.feeds == (A, B)
    await changes.note(B, said(1.0, is_added=False))
    await changes.note(C, said(2.0, is_added=True))
    assert await feeds.look() == (A, C)
    assert await feeds.look() is feeds.feeds
    assert (feeds.added, feeds.removed) == ((C,), (B,))
    assert (A in feeds, B in feeds, C in feeds) == (True, False, True)
    assert dict(feeds.sites) == {"a.example.com": (A,), "c.example.com": (C,)}
