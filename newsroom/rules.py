"""Rules: how this newsroom wants its stories judged. Plain values; bot.settings fills them in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Ask = Literal["report", "countdown", "approve"]
"""A story goes out at once and is reported; it goes out when the countdown ends and nobody stopped it; it waits for an
editor's word."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The house's judgement in numbers and switches."""

    post_ordinary: bool = False
    """POST=all: ordinary stories go out by themselves too."""
    breaking_for: timedelta = timedelta(minutes=30)
    """Urgency expires: older than this, a breaking story is ordinary."""
    news_for: timedelta = timedelta(hours=24)
    """Older than this nothing goes out by itself, whatever its class."""
    ahead_at_most: timedelta = timedelta(minutes=10)
    """A date further in the future is held for the desk: a wrong clock or a scheduled leak."""
    trust_suffix: bool = True
    """A marker only at the title's end («… .. عاجل») makes a story breaking; without trust the desk is asked."""
    flood_count: int = 10
    """More unseen entries than this at once are held for the desk."""
    flood_share: float = 0.5
    """So is a greater share of what the feed shows,"""
    flood_least: int = 4
    """where it is at least this many entries: half of a small feed is an ordinary hour."""
    flood_young: int = 60
    """More entries than this that are all younger than what was known are an import, not an hour's work."""
    burst_count: int = 30
    """More ordinary stories than this at once, however young, are more than followers can read: the desk chooses."""
    backlog_least: int = 3
    """So many ordinary stories at once that are older than `breaking_for` are a backlog: the desk chooses from it."""
    settle_for: timedelta = timedelta()
    """Ordinary stories wait this long before they go out, so that a typo is mended first; breaking ones never wait."""
    ask_breaking: Ask = "report"
    """What the desk is asked before a breaking story of a feed goes out; editors' own go out at once."""
    ask_ordinary: Ask = "report"
    countdown: timedelta = timedelta(seconds=30)
