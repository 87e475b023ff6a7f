"""Rules of the house: by section, keyword, author, class and hour; the first that matches speaks."""

from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from newsroom.arabic import key_text
from newsroom.delivery import Lane
from newsroom.entry import Entry
from newsroom.policy import Hours, Policy, Then, phrase_of, ruling_of
from newsroom.site import Site
from newsroom.story import Story, story_of
from tests.support.newsroom import ACCOUNT, CHANNEL

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RIYADH = timezone(timedelta(hours=3))


def _story(
    title: str = "انهيار جسر وسط العاصمة", *, lead: str = "", filed: tuple[str, ...] = (), by: str = ""
) -> Story:
    entry = Entry(title=title, feed="https://a.example.com/feed/", lead=lead, categories=filed, byline=by, guid="g1")
    return story_of(entry, Site(), NOON)


def _then(policy: Policy, story: Story, lane: Lane = Lane.ORDINARY, at: datetime = NOON) -> Then:
    return ruling_of(story, lane, CHANNEL, [policy], at, otherwise=Then.POST).then


@pytest.mark.parametrize(
    ("keyword", "title", "is_met"),
    [
        ("زلزال", "الزلزال يضرب السواحل", True),
        ("زلزال", "سكان المدينة يروون ساعات رعب بعد زلزالٍ عنيف", True),
        ("زلزال", "خسائر فادحة بزلزال تركيا", True),
        ("زِلْزال", "ﺯﻟﺰﺍﻝ قوي", True),
        ("مصر", "مصرف ليبيا المركزي يرفع سعر الصرف", False),
        ("هزة أرضية", "هزّة أرضيّة تضرب المدينة", True),
        ("هزة أرضية", "هزة في البورصة وقطعة أرضية للبيع", False),
        ("وفاة الملك", "الديوان يعلن وفاة الملك", True),
        ("F-35", "واشنطن تسلّم مقاتلات F-35", True),
    ],
)
def test_a_keyword_is_met_as_a_reader_meets_it(keyword: str, title: str, *, is_met: bool) -> None:
    """With article, preposition, vowel signs and presentation forms; not inside another word."""
    policy = Policy("r", Then.SKIP, phrases=(phrase_of(keyword),))
    assert (_then(policy, _story(title)) is Then.SKIP) is is_met


def test_a_keyword_is_looked_for_in_the_lead_too() -> None:
    """A headline often keeps the word back."""
    policy = Policy("r", Then.SKIP, phrases=(phrase_of("زلزال"),))
    assert _then(policy, _story(lead="قال المرصد إن الزلزال وقع فجرًا.")) is Then.SKIP


def test_sections_and_tags_are_met_by_their_key_text() -> None:
    """The site's spelling and ours may differ in a hamza; a section that readers are not shown counts too."""
    policy = Policy("r", Then.SKIP, filed=frozenset({key_text("أخبار الرياضه")}))
    assert _then(policy, _story(filed=("أخبار", "اخبار الرياضة"))) is Then.SKIP
    assert _then(policy, _story(filed=("رياضة",))) is Then.POST


def test_an_author_a_feed_a_class_and_a_target_each_narrow_a_rule() -> None:
    """What is named must match; all of it."""
    story = _story(by="منى السالم")
    assert _then(Policy("r", Then.SKIP, authors=frozenset({key_text("مُنى السالم")})), story) is Then.SKIP
    assert _then(Policy("r", Then.SKIP, feeds=frozenset({"https://b.example.com/feed/"})), story) is Then.POST
    assert _then(Policy("r", Then.SKIP, lane=Lane.BREAKING), story) is Then.POST
    assert _then(Policy("r", Then.SKIP, lane=Lane.BREAKING), story, Lane.BREAKING) is Then.SKIP
    assert _then(Policy("r", Then.SKIP, targets=frozenset({ACCOUNT.id})), story) is Then.POST


def test_the_first_rule_that_matches_speaks_and_is_named() -> None:
    """Order is the house's own way to make exceptions."""
    rules = [Policy("one", Then.SILENT, phrases=(phrase_of("جسر"),)), Policy("two", Then.SKIP)]
    ruling = ruling_of(_story(), Lane.ORDINARY, CHANNEL, rules, NOON, otherwise=Then.POST)
    assert (ruling.then, ruling.by) == (Then.SILENT, "one")


@pytest.mark.parametrize(
    ("clock", "lies_in", "ends"),
    [
        ("2026-03-02T20:29:00+00:00", False, None),
        ("2026-03-02T20:30:00+00:00", True, "2026-03-03T03:00:00+00:00"),
        ("2026-03-03T02:59:00+00:00", True, "2026-03-03T03:00:00+00:00"),
        ("2026-03-03T03:00:00+00:00", False, None),
    ],
)
def test_hours_run_over_midnight_in_the_houses_own_time(clock: str, ends: str | None, *, lies_in: bool) -> None:
    """23:30 to 06:00 in Riyadh."""
    night, at = Hours(time(23, 30), time(6), RIYADH), datetime.fromisoformat(clock)
    assert night.contain(at) is lies_in
    if ends:
        assert night.end_after(at) == datetime.fromisoformat(ends)


def test_what_waits_is_told_until_when() -> None:
    """The end of the hours in which it was met."""
    night = Policy("night", Then.WAIT, hours=Hours(time(23), time(6)))
    ruling = ruling_of(_story(), Lane.ORDINARY, CHANNEL, [night], NOON.replace(hour=23), otherwise=Then.POST)
    assert ruling.until == NOON + timedelta(hours=18)
