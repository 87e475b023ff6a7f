"""Rules: how this newsroom wants its stories judged. Plain values; bot.settings fills them in."""

from dataclasses import dataclass
from datetime import timedelta


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
