"""A verdict: what the newsroom makes of a story, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsroom.marker import Kicker
from newsroom.rules import Rules
from newsroom.story import Signal, Story


class Why(StrEnum):
    """The reasons a verdict can have; their words, Arabic and English, stand in bot/commands/replies/."""

    SITE_CATEGORY = "site_category"
    """The site filed it under its own word for breaking."""
    TITLE_MARKER = "title_marker"
    EDITOR = "editor"
    NO_SIGNAL = "no_signal"
    URGENCY_EXPIRED = "urgency_expired"
    SUFFIX_ONLY = "suffix_only"
    """Only a marker at the title's end: too weak to call it breaking alone."""
    TOO_OLD = "too_old"
    FIRST_SIGHT = "first_sight"
    EMPTY_HEADLINE = "empty_headline"
    AHEAD_OF_TIME = "ahead_of_time"
    FLOOD = "flood"
    BACKLOG = "backlog"
    """It came late or with too many others: the desk chooses."""
    POLICY = "policy"
    """A rule of the house holds it."""


@dataclass(frozen=True, slots=True)
class Breaking:
    """Goes out at once, with the kicker عاجل."""

    why: Why


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Goes out by itself only where the house says so."""

    why: Why


@dataclass(frozen=True, slots=True)
class Held:
    """Waits for an editor."""

    why: Why


@dataclass(frozen=True, slots=True)
class Ignored:
    """Known from now on, and never posted by itself."""

    why: Why


Verdict = Breaking | Ordinary | Held | Ignored


def judge(story: Story, rules: Rules, now: datetime) -> Verdict:
    """What the newsroom makes of a story at `now`: the first rung that holds.

    An editor's word stands above age and signals. A story's age is counted from its own date, or from when it was met.
    """
    if not story.headline:
        return Held(Why.EMPTY_HEADLINE)
    if Signal.EDITOR in story.signals:
        return Breaking(Why.EDITOR)
    age = now - story.dated
    if -age > rules.ahead_at_most:
        return Held(Why.AHEAD_OF_TIME)
    if age > rules.news_for:
        return Ignored(Why.TOO_OLD)
    if not story.signals:
        return Ordinary(Why.NO_SIGNAL)
    if age > rules.breaking_for:
        return Ordinary(Why.URGENCY_EXPIRED)
    if Signal.CATEGORY in story.signals:
        return Breaking(Why.SITE_CATEGORY)
    if Signal.TITLE in story.signals or rules.trust_suffix:
        return Breaking(Why.TITLE_MARKER)
    return Held(Why.SUFFIX_ONLY)


def kicker_for(story: Story, verdict: Verdict) -> Kicker | None:
    """The one label that the post carries: the story's own kind; «عاجل» only while it is breaking."""
    if story.kicker and story.kicker is not Kicker.BREAKING:
        return story.kicker
    return Kicker.BREAKING if isinstance(verdict, Breaking) else None
