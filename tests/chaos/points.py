"""Named points of the send path: a request of the worker, and a moment in the life of that request.

Everything the worker does that anybody else can notice is a request: to the store, to Telegram, to X. Between two of
them a death changes nothing for the world, so these moments are all the instants that can be told apart.
"""

import signal
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override


class Moment(StrEnum):
    """How far a request has come."""

    BEFORE = "before"
    """Nothing of it has left; all that went before it is done."""
    HEAD = "head"
    """HTTP alone: the head has left, and nothing of the body."""
    HALF = "half"
    """HTTP alone: half the body has left. A platform carries out whole requests only."""
    SENT = "sent"
    """The whole has left. Whether it is carried out, the worker never learns."""
    ANSWERED = "answered"
    """The answer is here, and the worker has not read it: it is carried out, and nobody knows."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a worker is struck.

    Attributes:
        moment: of the request.
        call: of which request: a step of the store (`take`), a method of the Bot API (`sendPhoto`), or an endpoint
            of X (`POST /2/tweets`).
    """

    moment: Moment
    call: str

    @override
    def __str__(self) -> str:
        """As the environment and the table name it."""
        return f"{self.moment} {self.call}"

    @classmethod
    def named(cls, name: str) -> "Point":
        """The point of this name.

        Raises:
            ValueError: there is no such moment.
        """
        moment, _, call = name.partition(" ")
        return cls(Moment(moment), call)


@dataclass(frozen=True, slots=True)
class Blow:
    """What befalls a worker: at the n-th passage of a point it sends itself a signal.

    Attributes:
        point: where.
        passage: at which passage; the first is 1.
        number: SIGKILL, or SIGSTOP to be woken later.
    """

    point: Point
    passage: int = 1
    number: signal.Signals = signal.SIGKILL

    def environment(self) -> dict[str, str]:
        """As a worker is told."""
        return {
            "CHAOS_POINT": str(self.point),
            "CHAOS_PASSAGE": str(self.passage),
            "CHAOS_SIGNAL": self.number.name,
        }


TELEGRAM_SEND = "sendPhoto"
"""The house's posts carry a headline card where an article has no photo."""
X_SEND = "POST /2/tweets"
PROBE = "forwardMessage"
LOOK = "GET /2/users/{}/tweets"

_STORE_MOMENTS = (Moment.BEFORE, Moment.SENT, Moment.ANSWERED)


def _of(call: str, *moments: Moment) -> tuple[Point, ...]:
    return tuple(Point(moment, call) for moment in moments)


SEND_PATH = (
    *_of("admit", *_STORE_MOMENTS),
    *_of("look", Moment.BEFORE, Moment.ANSWERED),
    *_of("POST /2/media/upload", Moment.SENT, Moment.ANSWERED),
    *_of("take", *_STORE_MOMENTS),
    *_of(TELEGRAM_SEND, *Moment),
    *_of(X_SEND, *Moment),
    *_of("set upload", Moment.BEFORE),
    *_of("settle", *_STORE_MOMENTS),
)
"""From the feed to the receipt."""

CLAIMS = (
    *_of("settle", Moment.BEFORE, Moment.SENT),
    *_of("settle and take", Moment.ANSWERED),
    *_of("look", Moment.BEFORE, Moment.SENT),
    *_of("look and take", Moment.ANSWERED),
)
"""The steps that may claim a post of words alone as they find it, in a busy lane and in an idle one. Their answers are
named so where they did: nobody but the store knows of it yet."""

RECOVERY = (
    *_of("uncertain", Moment.BEFORE, Moment.ANSWERED),
    *_of(PROBE, Moment.BEFORE, Moment.SENT, Moment.ANSWERED),
    *_of(LOOK, Moment.BEFORE, Moment.ANSWERED),
    *_of("resolve", *_STORE_MOMENTS),
)
"""What comes after an earlier death: the read-back, and what is made of it."""


def provocations(point: Point) -> tuple[Point, ...]:
    """Deaths that leave something which this point of the recovery will meet: posted and not recorded, or not posted."""
    sends = {LOOK: (X_SEND,), PROBE: (TELEGRAM_SEND,)}.get(point.call, (X_SEND, TELEGRAM_SEND))
    return tuple(Point(moment, send) for send in sends for moment in (Moment.HALF, Moment.ANSWERED))
