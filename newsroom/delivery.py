"""A delivery: one post on its way to one target, and the state machine that moves it.

    planned ──take──> sending ──Sent──> sent
       ^                 │──Later──> planned again, due later
       │                 │──Refused: step down──> planned again, in plainer form
       │                 │──Refused: park──> planned still, and its whole lane stands until the target takes us back
       │                 │──Refused──> refused
       │                 └──Unknown, or the lease ran out──> uncertain ──Found──> sent
       └──────────────────────────────────────────────Absent──────┘ └──Blind──> uncertain still; the desk is asked

A change of a post that stands (`Errand`) walks the same way, but for `uncertain`: made twice it comes to the same,
so after an unknown outcome it is `planned` again.

Only what certainly was not executed is ever sent again. `uncertain` is read back or shown to the desk; it
is never sent again blindly (measured on prototypes: a naive retry made 252 duplicates in 300 kills).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType, assert_never

from newsroom.errand import Errand, Standing
from newsroom.post import Post
from newsroom.receipt import Absent, Blind, Dropped, Found, Later, NextMove, ReadBack, Receipt, Refused, Sent, Unknown
from newsroom.story import StoryId
from newsroom.target import TargetId

DeliveryId = NewType("DeliveryId", str)

BACKOFF_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 60.0)
"""Waits after failures to connect, where the platform names none (facts: platforms §6)."""


QUIET_SECONDS = 15.0
"""A platform may carry out a request after its sender gave up. Nothing is read back before this has passed
(measured: with a commit tail of 150 ms, a quiet time of 50 ms let 2 of 24 through, one of 1.2 s none)."""
DROPPED = "an editor dropped it"
TAKEN_BACK = "an editor took it back"
BLIND_SECONDS = 60.0
"""How long after a read-back that could not look, and knows of no sooner chance, the next one is tried."""


class Lane(StrEnum):
    """Within one target, breaking goes before ordinary; first in, first out within each."""

    BREAKING = "breaking"
    ORDINARY = "ordinary"


class State(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"
    """It could not be sent while it was still news; the desk is told."""
    UNCERTAIN = "uncertain"
    REMOVED = "removed"
    """It stood there and was deleted by us."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One post to one target."""

    id: DeliveryId
    story: StoryId
    post: Post
    lane: Lane
    admitted: float
    """Unix seconds."""
    due: float
    """Unix seconds; not taken before."""
    expires: float
    """Unix seconds; not sent after."""
    state: State = State.PLANNED
    attempts: int = 0
    fence: int = 0
    """Grows with every take; a result written under an older fence is refused."""
    lease_until: float = 0.0
    """Unix seconds by the store's clock."""
    base: int = 0
    """The target's highest known message id when this was taken: where a read-back starts."""
    message_ids: tuple[str, ...] = ()
    url: str = ""
    why: str = ""
    by: str = ""
    """The editor who pushed it; empty for a feed's own."""
    settled: float = 0.0
    """Unix seconds of the last change of state."""
    readable: float = 0.0
    """Unix seconds by the store's clock from which an uncertain delivery may be read back."""
    doubted: bool = False
    """It was uncertain once: the network's «these words stand already» is then the answer to that attempt."""
    parks: str = ""
    """Why the target refuses us altogether; its lane stands still. Empty as a rule."""
    cools: bool = False
    """Whether all that the target is owed waits until `due`, and not this alone."""
    errand: Errand = Errand.POST
    of: str = ""
    """The delivery whose post this one changes; empty for that first one itself."""
    changes: int = 0
    """How many changes of this post were planned so far."""
    stands: Standing | None = None
    """What a change finds at its target, read when it is taken; None for a post."""

    @property
    def target(self) -> TargetId:
        """Where it goes."""
        return self.post.target

    @property
    def is_final(self) -> bool:
        """Nothing more will happen to it without a person or a read-back."""
        return self.state in {State.SENT, State.REFUSED, State.EXPIRED, State.UNCERTAIN, State.REMOVED}


def delivery_id(story: StoryId, target: TargetId) -> DeliveryId:
    """Name of the one delivery of a story to a target: two are impossible, because they would be one."""
    return DeliveryId(f"{story}>{target}")


def change_id(post: DeliveryId, number: int) -> DeliveryId:
    """Name of the change with this number, from 1 on, of the post that a delivery brought."""
    return DeliveryId(f"{post}#{number}")


def picture_id(post: DeliveryId) -> DeliveryId:
    """Name of the one change that brings a post its late picture."""
    return DeliveryId(f"{post}#picture")


def thread_id(post: DeliveryId) -> DeliveryId:
    """Name of the one change that hangs the button to its thread's newest post under a post."""
    return DeliveryId(f"{post}#thread")


def as_taken(errand: Errand, post: Post, stands: Post) -> Post:
    """A change in the form in which its post stands; a late picture and a thread's button under words that stand."""
    if errand is Errand.THREAD:
        return stands
    return stands.pictured_by(post) if errand is Errand.PICTURE else post.in_form_of(stands.kind)


def target_of(delivery: str) -> TargetId:
    """The target that a delivery's name tells, a change's too."""
    return TargetId(delivery.partition(">")[2].partition("#")[0])


def next_step(delivery: Delivery, receipt: Receipt, now: float, *, quiet: float = QUIET_SECONDS) -> Delivery:
    """What becomes of a delivery that was being sent. Pure.

    Args:
        delivery: as it was taken (state `sending`).
        receipt: what the platform answered.
        now: unix seconds.
        quiet: seconds that an unknown outcome waits before it is read back.
    """
    if delivery.errand is not Errand.POST:
        return _after_change(replace(delivery, settled=now), receipt, now)
    if isinstance(receipt, Sent):
        stands = delivery.post.without_picture() if receipt.is_bare else delivery.post
        ids, url = receipt.ids, receipt.url
        return replace(delivery, settled=now, state=State.SENT, post=stands, message_ids=ids, url=url, why="")
    return _not_sent(replace(delivery, settled=now), receipt, now, quiet)


def _not_sent(moved: Delivery, receipt: Later | Refused | Unknown, now: float, quiet: float) -> Delivery:
    match receipt:
        case Later(seconds=seconds, why=why):
            return _again_later(moved, seconds, why, now, cools=True)
        case Refused(why=why, move=NextMove.STEP_DOWN):
            plainer = moved.post.step_down()
            if plainer is None:
                return replace(moved, state=State.REFUSED, why=why)
            return replace(moved, state=State.PLANNED, post=plainer, due=now, why=why)
        case Refused(why=why, move=NextMove.PARK):
            return replace(moved, state=State.PLANNED, due=now, why=why, parks=why)
        case Refused(why=why, move=NextMove.ALREADY_THERE) if moved.doubted:
            return replace(moved, state=State.SENT, why=why)
        case Refused(why=why):
            return replace(moved, state=State.REFUSED, why=why)
        case Unknown(why=why):
            return replace(moved, state=State.UNCERTAIN, why=why, doubted=True, readable=now + quiet)
        case _:
            assert_never(receipt)


def read_back(delivery: Delivery, seen: ReadBack, now: float) -> Delivery:
    """What becomes of an uncertain delivery after somebody looked. Pure.

    Args:
        delivery: as it is (state `uncertain`).
        seen: what a read-back, or an editor, saw.
        now: unix seconds.
    """
    moved = replace(delivery, settled=now)
    match seen:
        case Found(ids=ids, url=url):
            return replace(moved, state=State.SENT, message_ids=ids, url=url, why="")
        case Absent() if now > delivery.expires:
            return replace(moved, state=State.EXPIRED, why="it did not arrive, and is no longer news")
        case Absent():
            return replace(moved, state=State.PLANNED, due=now, why="it did not arrive the first time")
        case Blind(why=why, again=again):
            return replace(moved, why=why, readable=now + (again or BLIND_SECONDS))
        case Dropped():
            return replace(moved, state=State.REFUSED, why=DROPPED)
        case _:
            assert_never(seen)


def wants_desk(delivery: Delivery, seen: ReadBack) -> bool:
    """Whether only a person can tell any more what became of an uncertain delivery. Pure.

    A network that is merely slow or away is asked again for a while before anybody is troubled; how long that went on is
    told by the store's clock alone.
    """
    asked_until = delivery.lease_until + BLIND_SECONDS
    return isinstance(seen, Blind) and (not seen.again or delivery.readable + seen.again > asked_until)


def _after_change(moved: Delivery, receipt: Receipt, now: float) -> Delivery:
    """A change comes to the same however often it is made, so an unknown outcome is tried again and never read back."""
    match receipt:
        case Sent() if moved.errand is Errand.REPOST:
            why = "the old post is deleted, the new one follows"
            return replace(moved, errand=Errand.POST, state=State.PLANNED, stands=None, due=now, why=why)
        case Sent(ids=ids, url=url, is_bare=is_bare):
            stood = moved.stands.ids if moved.stands else ()
            # A late picture that was gone again when its turn came changed nothing.
            post = moved.stands.post if is_bare and moved.stands else moved.post
            return replace(moved, state=State.SENT, post=post, message_ids=ids or stood, url=url, why="")
        case Later(seconds=seconds, why=why):
            # A change that only failed to connect, or came too late, must not hold up the news behind it.
            return _again_later(moved, seconds, why, now, cools=seconds > 0)
        case Unknown(why=why):
            return _again_later(moved, 0.0, why, now, cools=False)
        case Refused(why=why, move=NextMove.PARK):
            return replace(moved, state=State.PLANNED, due=now, why=why, parks=why)
        case Refused(why=why):
            return replace(moved, state=State.REFUSED, why=why)
        case _:
            assert_never(receipt)


def _again_later(delivery: Delivery, seconds: float, why: str, now: float, *, cools: bool) -> Delivery:
    wait = seconds or BACKOFF_SECONDS[min(delivery.attempts - 1, len(BACKOFF_SECONDS) - 1)]
    due = now + wait
    # `due` tells the lane how long the platform is shut, though an expired one will not see it open.
    state = State.PLANNED if due <= delivery.expires else State.EXPIRED
    return replace(delivery, state=state, due=due, why=why, cools=cools)
