"""Verdicts: what is breaking, what may still be news, and what waits for an editor."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsroom.entry import Entry
from newsroom.rules import Rules
from newsroom.site import Site
from newsroom.story import Kicker, Signal, Story, StoryId, story_of
from newsroom.verdict import Breaking, Held, Ignored, Ordinary, Verdict, Why, judge, kicker_for

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULES = Rules()
STORY = Story(StoryId("s"), ("k",), "انهيار جسر في الصعيد", NOW, published=NOW)


def _told(*signals: Signal, ago: timedelta = timedelta(0), kicker: Kicker | None = None) -> Story:
    return replace(STORY, signals=frozenset(signals), published=NOW - ago, kicker=kicker)


@pytest.mark.parametrize(
    ("story", "verdict"),
    [
        (_told(Signal.CATEGORY), Breaking(Why.SITE_CATEGORY)),
        (_told(Signal.TITLE), Breaking(Why.TITLE_MARKER)),
        (_told(Signal.CATEGORY, Signal.TITLE), Breaking(Why.SITE_CATEGORY)),
        (_told(Signal.TITLE_SUFFIX), Breaking(Why.TITLE_MARKER)),
        (_told(Signal.EDITOR), Breaking(Why.EDITOR)),
        (_told(), Ordinary(Why.NO_SIGNAL)),
        (_told(Signal.CATEGORY, ago=timedelta(minutes=30)), Breaking(Why.SITE_CATEGORY)),
        (_told(Signal.CATEGORY, ago=timedelta(minutes=31)), Ordinary(Why.URGENCY_EXPIRED)),
        (_told(Signal.TITLE, ago=timedelta(minutes=61)), Ordinary(Why.URGENCY_EXPIRED)),
        (_told(ago=timedelta(minutes=61)), Ordinary(Why.NO_SIGNAL)),
        (_told(ago=timedelta(hours=24)), Ordinary(Why.NO_SIGNAL)),
        (_told(Signal.CATEGORY, ago=timedelta(hours=24, seconds=1)), Ignored(Why.TOO_OLD)),
        (_told(ago=timedelta(days=600)), Ignored(Why.TOO_OLD)),
        (_told(Signal.EDITOR, ago=timedelta(days=600)), Breaking(Why.EDITOR)),
        (_told(Signal.CATEGORY, ago=-timedelta(minutes=10)), Breaking(Why.SITE_CATEGORY)),
        (_told(Signal.CATEGORY, ago=-timedelta(minutes=11)), Held(Why.AHEAD_OF_TIME)),
        (_told(ago=-timedelta(days=1)), Held(Why.AHEAD_OF_TIME)),
        (replace(_told(Signal.CATEGORY), headline=""), Held(Why.EMPTY_HEADLINE)),
        (replace(_told(Signal.EDITOR), headline=""), Held(Why.EMPTY_HEADLINE)),
    ],
)
def test_the_first_rung_that_holds_decides(story: Story, verdict: Verdict) -> None:
    """Headline, editor, date, signals and their age, in this order."""
    assert judge(story, RULES, NOW) == verdict


def test_a_story_without_a_date_ages_from_when_it_was_met() -> None:
    """A feed without dates still loses its urgency."""
    undated = replace(_told(Signal.TITLE), published=None)
    assert judge(undated, RULES, NOW + timedelta(minutes=29)) == Breaking(Why.TITLE_MARKER)
    assert judge(undated, RULES, NOW + timedelta(minutes=31)) == Ordinary(Why.URGENCY_EXPIRED)


def test_a_house_that_mistrusts_suffixes_asks_the_desk() -> None:
    """Only where the suffix is the one signal, and only while it would be urgent."""
    careful = replace(RULES, trust_suffix=False)
    assert judge(_told(Signal.TITLE_SUFFIX), careful, NOW) == Held(Why.SUFFIX_ONLY)
    assert judge(_told(Signal.TITLE_SUFFIX, Signal.TITLE), careful, NOW) == Breaking(Why.TITLE_MARKER)
    assert judge(_told(Signal.TITLE_SUFFIX, ago=timedelta(hours=1)), careful, NOW) == Ordinary(Why.URGENCY_EXPIRED)


def test_the_house_sets_how_long_urgency_lasts() -> None:
    """An hour, where it wants an hour."""
    patient = replace(RULES, breaking_for=timedelta(hours=1))
    assert judge(_told(Signal.TITLE, ago=timedelta(minutes=59)), patient, NOW) == Breaking(Why.TITLE_MARKER)


def test_the_sample_article_of_2024_is_not_posted_when_it_is_first_met_today() -> None:
    """Its category says عاجل; its date says July 2024."""
    entry = Entry(
        title="زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين",
        categories=("أخبار", "عاجل"),
        link="https://paper.example.com/?p=48207",
        published=datetime(2024, 7, 20, 9, 41, tzinfo=UTC),
    )
    assert judge(story_of(entry, Site(), NOW), RULES, NOW) == Ignored(Why.TOO_OLD)


@pytest.mark.parametrize(
    "title", ["المفوضية تطلب تدخل عاجل لوقف المجاعة", "نتمنى الشفاء العاجل للمصابين", "عاجل للبيع شقة بالتجمع"]
)
def test_the_mere_word_is_ordinary(title: str) -> None:
    """«تدخل عاجل», «الشفاء العاجل», «عاجل للبيع»."""
    story = story_of(Entry(title=title, published=NOW), Site(), NOW)
    assert judge(story, RULES, NOW) == Ordinary(Why.NO_SIGNAL)


@pytest.mark.parametrize(
    ("own", "verdict", "label"),
    [
        (None, Breaking(Why.SITE_CATEGORY), Kicker.BREAKING),
        (None, Ordinary(Why.NO_SIGNAL), None),
        (Kicker.BREAKING, Breaking(Why.TITLE_MARKER), Kicker.BREAKING),
        (Kicker.BREAKING, Ordinary(Why.URGENCY_EXPIRED), None),
        (Kicker.BREAKING, Held(Why.SUFFIX_ONLY), None),
        (Kicker.UPDATE, Breaking(Why.SITE_CATEGORY), Kicker.UPDATE),
        (Kicker.UPDATE, Ordinary(Why.NO_SIGNAL), Kicker.UPDATE),
        (Kicker.CORRECTION, Ordinary(Why.EDITOR), Kicker.CORRECTION),
    ],
)
def test_a_post_carries_one_label(own: Kicker | None, verdict: Verdict, label: Kicker | None) -> None:
    """Its own kind, or «عاجل» while it is breaking, or none."""
    assert kicker_for(_told(kicker=own), verdict) is label
