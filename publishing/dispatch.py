"""Dispatch: carries deliveries from the outbox to their platforms, one lane a target. It moves; it decides nothing.

A slow channel delays no other: each lane is a task of its own. One delivery is in flight in a lane at a time.
The order of the steps is the guarantee (facts: reliability §2.3): the picture is made ready before the claim;
the deadline is taken before the claim too, so that a pause inside the claim cannot stretch it; `sending` is
committed before the request; a fuse burns while it is under way; what the platform answered is written before anything
else is begun. A post for which nothing has to be made ready is claimed by the very step that finds it: by the look of an idle
lane, and in a busy one by the step that writes the last post's result (docs/decisions/0015-one-trip.md).
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import assert_never

from newsroom.admission import Wait
from newsroom.delivery import QUIET_SECONDS, Delivery, State, next_step
from newsroom.errand import Errand
from newsroom.errors import LeaseLost, StoreUnavailable
from newsroom.ports import Clock, Jpeg, Outbox, Platform, Ready
from newsroom.post import PostKind
from newsroom.receipt import Receipt, Unknown
from newsroom.target import TargetId
from publishing.fuse import Fuse
from publishing.reconcile import LEASE_SECONDS, LOOK_SECONDS
from publishing.right_of_way import RightOfWay

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Times of the lanes, in seconds."""

    lease: float = LEASE_SECONDS
    """How long a claim holds: deadline, request and margin. Only a dead or sleeping worker loses it; what it was
    sending is read back right after, so this bounds the recovery."""
    request: float = 25.0
    """The longest that one send may take on a warm connection, answer included; whoever takes longer is asleep."""
    answer: float = 20.0
    """How long an answer is waited for after the deadline; less than `request`."""
    margin: float = QUIET_SECONDS
    """Between the end of the request and the lease's, and before an unknown outcome is read back: a platform's own
    late commit."""
    look: float = LOOK_SECONDS
    """How often it is looked for outcomes that may be read back."""
    idle: float = 1.0
    """How often an empty lane looks for what other workers admitted; our own desk wakes it at once."""
    store_down: float = 2.0

    @property
    def patience(self) -> float:
        """How long after the deadline a platform may be about one delivery, in however many requests.

        Longer than one answer is waited for, and shorter than `request`, so that the fuse meets sleepers alone.
        """
        return (self.answer + self.request) / 2


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A delivery that is ours to send."""

    delivery: Delivery
    begun: float
    """`Clock.monotonic` seconds, read before the store was asked: its lease ends no earlier than a lease after that."""


_Found = _Claimed | Delivery | Wait
"""What stands next in a lane: claimed, or shown, or why nothing does."""
_Following = _Found | None
"""The same; None where it has to be looked for."""


class Dispatcher:
    """Runs every lane until it is told to stop, and then lets each finish what it is sending."""

    def __init__(
        self,
        outbox: Outbox,
        platforms: Mapping[TargetId, Platform],
        clock: Clock,
        *,
        worker: str,
        settled: Callable[[Delivery], None],
        posted: Callable[[Delivery, Jpeg | None], None] | None = None,
        pace: Pace | None = None,
        fuse: Fuse | None = None,
        way: RightOfWay | None = None,
    ) -> None:
        """Build it; `settled` is told of each delivery after its state was written (the wall, metrics).

        `posted` is told of each new post as it was to be, with the picture that was at hand for it. `way` is taken by a
        lane that was woken, until its request is out.
        """
        self._outbox = outbox
        self._platforms = platforms
        self._clock = clock
        self._worker = worker
        self._settled = settled
        self._posted = posted
        self._pace = pace or Pace()
        self._fuse = fuse
        self._way = way or RightOfWay(clock)
        self._bells = {target: asyncio.Event() for target in platforms}

    def wake(self, targets: Iterable[TargetId]) -> None:
        """Something new lies in these lanes."""
        for target in targets:
            if target in self._bells:
                self._bells[target].set()
                self._way.take(target)

    def wake_all(self) -> None:
        """Look again everywhere: the newsroom was resumed."""
        self.wake(self._bells)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; returns when no send is in flight."""
        async with asyncio.TaskGroup() as lanes:
            for target in self._platforms:
                lanes.create_task(self._lane(target, stop), name=f"lane {target}")
            await stop.wait()
            self.wake_all()

    async def _lane(self, target: TargetId, stop: asyncio.Event) -> None:
        bell = self._bells[target]
        following: _Following = None
        # What was claimed before it was told to stop is sent: its lease runs.
        while isinstance(following, _Claimed) or not stop.is_set():
            try:
                following = following or await self._look(target)
                if isinstance(following, Delivery):
                    following = await self._one(target, following, stop)
                    continue
                if isinstance(following, _Claimed):
                    following = await self._send(following, Ready(), stop)
                    continue
                wait, following = self._waits(following), None
            except StoreUnavailable as fault:
                # Fail closed: what cannot be written down is not sent.
                log.warning("lane %s stands still: %s", target, fault, extra={"action": "store_down", "target": target})
                wait, following = self._pace.store_down, None
            self._way.leave(target)
            # It may have been told to stop since the bell was silenced, and would not hear of it again.
            if wait > 0 and not stop.is_set():
                await self._clock.wait(bell, wait)

    async def _look(self, target: TargetId) -> _Found:
        # Before the store is asked: what comes in after its answer was made rings again.
        self._bells[target].clear()
        begun, kinds = self._clock.monotonic(), self._platforms[target].ready_kinds()
        return _next_of(await self._outbox.look(target, self._worker, self._pace.lease, kinds), begun)

    async def _one(self, target: TargetId, shown: Delivery, stop: asyncio.Event) -> _Following:
        """One delivery that was shown. Gives what stands next in its lane, where that came with the answer."""
        platform = self._platforms[target]
        ready = await _prepared(platform, shown)
        begun = self._clock.monotonic()
        taken = await self._outbox.take(target, self._worker, self._pace.lease)
        if isinstance(taken, Wait):
            return taken
        if (taken.id, taken.post) != (shown.id, shown.post):
            # Something more urgent, or a newer telling, came between; its own picture must be made ready.
            ready = await _prepared(platform, taken)
        return await self._send(_Claimed(taken, begun), ready, stop)

    async def _send(self, claimed: _Claimed, ready: Ready, stop: asyncio.Event) -> _Following:
        """The one request of what is ours, and its result in the store. Gives what `_one` gives."""
        taken, platform = claimed.delivery, self._platforms[claimed.delivery.target]
        deadline = claimed.begun + self._pace.lease - self._pace.request - self._pace.margin
        with self._burning(deadline + self._pace.request):
            patience = deadline + self._pace.patience - self._clock.monotonic()
            receipt = await _carried_out(platform, taken, ready, deadline, patience)
        self._way.leave(taken.target)
        settled = next_step(taken, receipt, self._clock.now().timestamp(), quiet=self._pace.margin)
        # Whoever was told to stop claims nothing more.
        kinds = () if stop.is_set() else platform.ready_kinds()
        following = await self._write(settled, claimed.begun + self._pace.lease, kinds)
        if self._posted and settled.state is State.SENT and taken.errand is Errand.POST:
            self._posted(taken, ready.picture)
        return following

    def _burning(self, until: float) -> AbstractContextManager[None]:
        return self._fuse.burning(until) if self._fuse else nullcontext()

    def _waits(self, wait: Wait) -> float:
        """For how long; what came to its end in the store itself is told as if it had been settled here."""
        for delivery in wait.gone:
            _log(delivery)
            self._settled(delivery)
        return self._pace.idle if wait.seconds is None else min(wait.seconds, self._pace.idle)

    async def _write(self, delivery: Delivery, until: float, kinds: Collection[PostKind]) -> _Following:
        """Write the result down, and keep trying while the lease is ours: it is all that is known of this send.

        Gives what stands next, which a first try asks for in the same step, and claims where it is of these kinds;
        after a failure nothing but the result counts.
        """
        following: _Following = None
        is_first = True
        while True:
            try:
                if is_first:
                    self._bells[delivery.target].clear()
                    is_first = False
                    following = await self._settle_then_take(delivery, kinds)
                else:
                    await self._outbox.settle(delivery)
            except LeaseLost as lost:
                extra = {"action": "lease_lost", "story": delivery.story, "target": delivery.target}
                log.warning("%s", lost, extra=extra)
                return None
            except StoreUnavailable:
                if self._clock.monotonic() + self._pace.store_down > until:
                    raise
                await self._clock.sleep(self._pace.store_down)
                continue
            _log(delivery)
            self._settled(delivery)
            return following

    async def _settle_then_take(self, delivery: Delivery, kinds: Collection[PostKind]) -> _Following:
        begun = self._clock.monotonic()
        found = await self._outbox.settle_then_take(delivery, self._worker, self._pace.lease, kinds)
        return _next_of(found, begun)


def _next_of(found: Delivery | Wait, begun: float) -> _Found:
    """What a step found that may have claimed it; begun: before that step, so that a pause in it stretches no deadline."""
    return _Claimed(found, begun) if isinstance(found, Delivery) and found.state is State.SENDING else found


async def _prepared(platform: Platform, delivery: Delivery) -> Ready:
    if delivery.errand in {Errand.DELETE, Errand.REPOST, Errand.THREAD}:
        return Ready()
    try:
        return await platform.prepare(delivery.post)
    except Exception:
        log.exception("A picture could not be made ready; the fault is ours.", extra=_named(delivery))
        return Ready()


async def _carried_out(
    platform: Platform, delivery: Delivery, ready: Ready, deadline: float, patience: float
) -> Receipt:
    """What the one request of a delivery came to. A fault of ours is no answer either; no other lane suffers for it.

    Nor is what comes to no end within `patience` seconds: a change that is refused may look for the newest version and
    be made once more, each request as slow as the network likes, while a fuse burns.
    """
    limit = asyncio.timeout(patience)
    try:
        async with limit:
            return await _asked(platform, delivery, ready, deadline)
    except Exception as error:
        if limit.expired():
            return Unknown("It came to no end in time; the post may stand there.")
        log.exception("A request broke; the fault is ours, and only this post suffers.", extra=_named(delivery))
        return Unknown(f"A fault of ours ({type(error).__name__}); the post may stand there.")


async def _asked(platform: Platform, delivery: Delivery, ready: Ready, deadline: float) -> Receipt:
    match delivery.errand:
        case Errand.POST:
            return await platform.send(delivery.post, ready, deadline)
        case Errand.EDIT | Errand.PICTURE | Errand.THREAD:
            return await platform.edit(delivery, ready, deadline)
        case Errand.REPOST | Errand.DELETE:
            return await platform.remove(delivery, deadline)
        case _:
            assert_never(delivery.errand)


def _named(delivery: Delivery) -> dict[str, str]:
    """Whose fault a line of the log tells."""
    return {"action": "platform_broke", "story": delivery.story, "target": delivery.target}


def _log(delivery: Delivery) -> None:
    """One canonical line for each change of a delivery."""
    level = logging.INFO if delivery.state in {State.SENT, State.PLANNED} else logging.WARNING
    log.log(
        level,
        "%s%s to %s: %s%s",
        "" if delivery.errand is Errand.POST else f"{delivery.errand} ",
        delivery.state,
        delivery.target,
        delivery.post.headline,
        f" ({delivery.why})" if delivery.why else "",
        extra={
            "action": delivery.state,
            "story": delivery.story,
            "target": delivery.target,
            "errand": delivery.errand,
            "attempts": delivery.attempts,
            "seconds": round(delivery.settled - delivery.admitted, 3),
            "url": delivery.url,
        },
    )
