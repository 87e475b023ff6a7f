"""A flood: a feed that was reset, moved or renumbered is held; a busy hour is not."""

from datetime import UTC, datetime, timedelta

import pytest

from newsroom.entry import Entry
from newsroom.flood import Flood, Shown, flood_of, scheme_of, schemes_of, sift
from newsroom.rules import Rules

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULES = Rules()


def _entries(
    count: int, guid: str = "https://paper.example.com/?p={}", age: timedelta = timedelta(minutes=5)
) -> list[Entry]:
    return [Entry(title=f"خبر {n}", guid=guid.format(1000 + n), published=NOON - age) for n in range(count)]


def test_a_few_fresh_entries_are_no_flood() -> None:
    """Three of ten in half a minute is a newsroom at work."""
    assert flood_of(_entries(3), Shown(10), RULES, NOON) is None


def test_three_of_three_in_a_small_feed_are_no_flood() -> None:
    """A share says nothing of so few."""
    assert flood_of(_entries(3), Shown(3), RULES, NOON) is None


def test_more_than_the_set_number_is_a_flood() -> None:
    """Whatever the feed's size."""
    assert flood_of(_entries(10), Shown(100), RULES, NOON) is None
    assert flood_of(_entries(11), Shown(100), RULES, NOON) is Flood.TOO_MANY


def test_more_than_half_of_the_feed_at_once_is_a_flood() -> None:
    """Ten shown, six unseen."""
    assert flood_of(_entries(5), Shown(10), RULES, NOON) is None
    assert flood_of(_entries(6), Shown(10), RULES, NOON) is Flood.TOO_GREAT_A_SHARE


def test_a_batch_of_old_dates_is_a_flood() -> None:
    """A restored backup brings old posts under new guids."""
    old, fresh = _entries(3, age=timedelta(days=40)), _entries(2)
    assert flood_of(old + fresh, Shown(100), RULES, NOON) is Flood.OLD_DATES
    assert flood_of(old[:2] + fresh, Shown(100), RULES, NOON) is None


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
    assert flood_of(_entries(4, rewritten), Shown(100, known), RULES, NOON) is Flood.NEW_SCHEME
    assert flood_of(_entries(4), Shown(100, known), RULES, NOON) is None


def test_nothing_remembered_of_guids_accuses_nobody() -> None:
    """A new field of memory must not hold the first poll after it."""
    assert flood_of(_entries(4), Shown(100, frozenset()), RULES, NOON) is None


def test_entries_without_a_date_are_not_old() -> None:
    """A feed without dates is judged by number alone."""
    undated = [Entry(title="خبر", guid=f"g{n}") for n in range(5)]
    assert flood_of(undated, Shown(100), RULES, NOON) is None


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


def _shown(count: int = 10, known: str = "https://paper.example.com/?p={}") -> Shown:
    return Shown(count, schemes_of(_entries(10, known)), NOON - timedelta(hours=1))


def test_thirty_young_entries_of_the_usual_kind_go_on() -> None:
    """A busy half minute, or the hour after an outage: they are younger than all that was known."""
    thirty = _entries(30, age=timedelta(minutes=20))
    assert sift(thirty, _shown(30), RULES, NOON).through == tuple(thirty)


def test_a_re_identified_feed_is_held_and_the_young_story_in_it_goes_on() -> None:
    """The dates of the old ones tell: they are no younger than what was known."""
    old, young = _entries(10, age=timedelta(hours=3)), _entries(1, age=timedelta(minutes=2))
    sifted = sift([*old, *young], _shown(), RULES, NOON)
    assert (sifted.held, sifted.through, sifted.why) == (tuple(old), tuple(young), Flood.TOO_GREAT_A_SHARE)


def test_young_entries_with_guids_made_anew_are_held_all_the_same() -> None:
    """A move that dates everything today."""
    moved = _entries(10, "https://moved.example.com/?p={}", timedelta(minutes=1))
    assert sift(moved, _shown(), RULES, NOON).why is Flood.NEW_SCHEME


def test_more_young_entries_than_a_newsroom_writes_are_an_import() -> None:
    """However young they say they are."""
    assert sift(_entries(61, age=timedelta(minutes=1)), _shown(70), RULES, NOON).why is Flood.TOO_MANY


def test_a_date_in_the_future_proves_no_youth() -> None:
    """Else any reset feed could talk itself through."""
    ahead = _entries(10, age=timedelta(hours=-2))
    assert sift(ahead, _shown(), RULES, NOON).held == tuple(ahead)


def test_without_a_remembered_date_only_what_may_be_breaking_is_young() -> None:
    """A feed that was empty: what is of this half hour goes on; of the rest number and share decide."""
    assert sift(_entries(12), Shown(12), RULES, NOON).held == ()
    late = timedelta(hours=2)
    assert sift(_entries(6, age=late), Shown(10), RULES, NOON).why is Flood.TOO_GREAT_A_SHARE
    assert sift(_entries(5, age=late), Shown(10), RULES, NOON).held == ()


def test_thirty_stories_of_one_second_are_no_flood() -> None:
    """Dates tell whole seconds, and the newest known may be of the same one."""
    shown = _shown(40)
    entries = _entries(30, age=timedelta(hours=1))
    assert sift(entries, shown, RULES, NOON).through == tuple(entries)
