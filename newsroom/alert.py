"""An alert: what the desk must know and nobody asked. One a cause, however often it is met."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """The kinds of trouble; their words, Arabic and English, stand in bot/commands/replies/."""

    PARKED = "parked"
    """A target refuses us altogether: rights lost, kicked, gone."""
    STORE_FORGOT = "store_forgot"
    """The store came back empty: what is in the feeds is a baseline, what waited is gone."""
    STORE_MOVED = "store_moved"
    """Another server answers, and the newest writes may be missing: the channels are read back first."""
    STORE_EVICTS = "store_evicts"
    """The store drops keys to make room, against its settings at the start: the channels are read back first."""
    FEED_SILENT = "feed_silent"
    FEED_DOWN = "feed_down"
    BUDGET = "budget"
    """X is paid for up to its limit, or refuses for want of credit."""
    NOT_SENT = "not_sent"
    """A delivery was refused, or came too late."""
    BROKEN = "broken"
    """A part of ours met a fault of ours, round after round; all others go on."""
    STRANGER = "stranger"
    """Somebody who may not tried to command the bot."""
    MOVED = "moved"
    """A chat has another number than the settings say; posts reach it all the same."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One trouble about one thing."""

    trouble: Trouble
    about: str
    """The target, feed or delivery; empty where it is the house itself."""
    why: str
    """What was seen, in a few words."""
    headline: str = ""
    """Of the newest story it concerns; empty where it is about none."""
    count: int = 1
    """How many stories it concerns."""

    @property
    def cause(self) -> str:
        """Name under which it is told once: a second alert of the same cause changes the first."""
        return f"{self.trouble}:{self.about}"
