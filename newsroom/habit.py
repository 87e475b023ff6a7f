"""A habit: when a feed brings news. What is learnt of it outlives the worker that learnt it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habit:
    """Times are Unix seconds; 0 means never."""

    changes: int = 0
    last_change: float = 0.0
    longest_gap: float = 0.0
    """Seconds between two changes; slowly forgotten."""
    hours: bytes = bytes(24)
    """How many changes fell into each hour of the day (UTC), relative to one another."""


NONE_YET = Habit()
"""Of a feed that was never watched."""
