"""A flood: a feed that was reset, moved or renumbered is held; a busy hour is not."""

from datetime import UTC, datetime, timedelta

import pytest

from newsroom.entry import Entry
from newsroom.flood import Flood, flood_of, scheme_of, schemes_of
from newsroom.rules import Rules

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULES = Rules()


def _entries(
    count: int, guid: str = "https://paper.example.com/?p={}", age: timedelta = timedelta(minutes=5)
) -> list[Entry]:
    return [Entry(title=f"خبر {n}", guid=guid.format(1000 + n), published=NOON - age) for n in range(count)]


def test_a_few_fresh_entries_are_no_flood() -> None:
    """Three of ten in half a minute is a newsroom at work."""
    assert flood_of(_entries(3), 10, RULES, NOON) is None


def test_three_of_three_in_a_small_feed_are_no_flood() -> None:
    """A share says nothing of so few."""
    assert flood_of(_entries(3), 3, RULES, NOON) is None


def test_more_than_the_set_number_is_a_flood() -> None:
    """Whatever the feed's size."""
    assert flood_of(_entries(10), 100, RULES, NOON) is None
    assert flood_of(_entries(11), 100, RULES, NOON) is Flood.TOO_MANY


def test_more_than_half_of_the_feed_at_once_is_a_flood() -> None:
    """Ten shown, six unseen."""
    assert flood_of(_entries(5), 10, RULES, NOON) is None
    assert flood_of(_entries(6), 10, RULES, NOON) is Flood.TOO_GREAT_A_SHARE


def test_a_batch_of_old_dates_is_a_flood() -> None:
    """A restored backup brings old posts under new guids."""
    old, fresh = _entries(3, age=timedelta(days=40)), _entries(2)
    assert flood_of(old + fresh, 100, RULES, NOON) is Flood.OLD_DATES
    assert flood_of(old[:2] + fresh, 100, RULES, NOON) is None


@pytest.mark.parametrize(
    "rewritten",
    [
        "http://paper.example.com/?p={}",
        "https://www.paper.example.com/?p={}",
        "https://new.example.com/?p={}",
        "https://paper.example.com/archives/{}",
        "paper-{}",
    ],
)
def test_guids_made_another_way_are_a_flood(rewritten: str) -> None:
    """A move to another host, scheme or form of address."""
    known = schemes_of(_entries(10))
    assert flood_of(_entries(4, rewritten), 100, RULES, NOON, known) is Flood.NEW_SCHEME
    assert flood_of(_entries(4), 100, RULES, NOON, known) is None


def test_nothing_remembered_of_guids_accuses_nobody() -> None:
    """A new field of memory must not hold the first poll after it."""
    assert flood_of(_entries(4), 100, RULES, NOON, frozenset()) is None


def test_entries_without_a_date_are_not_old() -> None:
    """A feed without dates is judged by number alone."""
    undated = [Entry(title="خبر", guid=f"g{n}") for n in range(5)]
    assert flood_of(undated, 100, RULES, NOON) is None


@pytest.mark.parametrize(
    ("guid", "scheme"),
    [
        ("https://paper.example.com/?p=48207", "https://paper.example.com/?p=#"),
        ("https://paper.example.com/2026/03/slug-of-it/", "https://paper.example.com/#/#/*/"),
        ("tag:paper.example.com,2026:post-12", "tag:paper.example.com,#:post-#"),
        ("0b1f3c8e-77aa", "#-#"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_a_scheme_is_a_guid_without_what_differs(guid: str, scheme: str) -> None:
    """Numbers and slugs are struck out."""
    assert scheme_of(guid) == scheme
