"""A receipt: what a platform answered to one attempt. Values, never exceptions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands there."""

    ids: tuple[str, ...]
    """The network's own numbers of the messages, empty where it accepted without telling."""
    url: str = ""
    is_bare: bool = False
    """Its picture was not there: the words stand alone, as a text."""


@dataclass(frozen=True, slots=True)
class Later:
    """It was certainly not executed and may be tried again."""

    seconds: float
    """How long the platform asks us to wait; 0 where it only failed to connect (the state machine backs off)."""
    why: str


class NextMove(StrEnum):
    """What to do about a refusal."""

    STEP_DOWN = "step_down"
    """This form was refused: try the next plainer one."""
    PARK = "park"
    """The target refuses us altogether: keep its settings, stop sending, tell the desk once."""
    DROP = "drop"
    """This post is refused for good; the desk is told."""
    ALREADY_THERE = "already_there"
    """The network says that these very words stand already: true news of an attempt whose outcome was unknown."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It was certainly not executed and would not be if tried again as it is."""

    why: str
    move: NextMove = NextMove.DROP


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not stand there. Never sent again blindly."""

    why: str


Receipt = Sent | Later | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Found:
    """A read-back saw it standing there."""

    ids: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """A read-back looked where it would stand, and it is not there."""


@dataclass(frozen=True, slots=True)
class Blind:
    """A read-back could not look."""

    why: str
    again: float = 0.0
    """Seconds until looking again may show it: the network was only slow, or away, or had us wait. 0 where nothing but
    a person can tell."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """An editor decided that it is not to be sent any more, wherever it stands."""


ReadBack = Found | Absent | Blind | Dropped
"""What looking for a post of unknown outcome came to."""

AGAIN_SECONDS = 3.0
"""Until a look that the network left unanswered is tried again: it changes nothing, so it may be repeated at once."""


def blind(failed: Receipt, what: str) -> Blind:
    """What a look came to that failed so; its request is judged as any other. Pure.

    Args:
        failed: what the fault would mean for a post.
        what: cannot be read back, and how it failed, for the desk.
    """
    match failed:
        case Later(seconds=seconds) if seconds > 0:
            return Blind(what, seconds)
        case Later() | Unknown():
            return Blind(what, AGAIN_SECONDS)
        case Sent() | Refused():
            return Blind(what)
        case _:
            assert_never(failed)
