"""The twin of next.lua: what stands next in each target's lane, and what a claim writes down."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from math import inf

from newsroom.admission import Wait
from newsroom.delivery import Delivery, State
from newsroom.errand import Errand
from newsroom.post import PostKind
from newsroom.target import TargetId
from store.memory_changes import MemoryChanges, Rank
from store.memory_pace import MemoryPace
from store.memory_switch import MemorySwitch


@dataclass(slots=True)
class MemoryLane:
    """What is kept of one target."""

    queue: dict[str, Rank] = field(default_factory=dict)
    flight: str | None = None
    """The delivery that is being sent."""
    last: int = 0
    """The highest message id known there."""
    cool_until: float = 0.0

    def learn_last(self, delivery: Delivery) -> None:
        """Where a read-back would start from now on."""
        if delivery.errand is not Errand.POST:
            # A change names a number that was learnt when the post went out, or one of a chat that has moved since.
            return
        numbers = [int(name) for name in delivery.message_ids if name.isdecimal() and int(name) < 2**53]
        self.last = max([self.last, *numbers])


class MemoryLanes:
    """All lanes. Times are unix seconds.

    Args:
        deliveries: all of the outbox's, by id; what is claimed, lost or expired is written there.
        switch: the editors' brake.
        pace: what must hold before a claim.
        changes: of posts that stand.
    """

    def __init__(
        self, deliveries: dict[str, Delivery], switch: MemorySwitch, pace: MemoryPace, changes: MemoryChanges
    ) -> None:
        self._deliveries = deliveries
        self._switch = switch
        self._pace = pace
        self._changes = changes
        self._lanes: dict[TargetId, MemoryLane] = {}

    def of(self, target: TargetId) -> MemoryLane:
        """The lane of a target; an empty one where it has none yet."""
        return self._lanes.setdefault(target, MemoryLane())

    def notice_lost(self, now: float) -> None:
        """Each delivery whose lease ran out becomes uncertain."""
        for lane in self._lanes.values():
            self._flight_of(lane, now)

    def forget_numbers(self, target: TargetId) -> None:
        """What was sent there before has no place any more from which a read-back could start."""
        self.of(target).last = 0
        for name, delivery in self._deliveries.items():
            if delivery.target != target or delivery.state not in {State.SENDING, State.UNCERTAIN}:
                continue
            # A look that began among the old numbers must not answer any more.
            looks = int(delivery.state is State.UNCERTAIN)
            self._deliveries[name] = replace(delivery, base=0, fence=delivery.fence + looks)

    def claimed(
        self, target: TargetId, lease_seconds: float, now: float, kinds: Collection[PostKind] | None = None
    ) -> Delivery | Wait:
        """What stands next, claimed; where `kinds` are named, anything but a post of these is only shown."""
        found = self._next(target, now)
        if isinstance(found, Wait):
            return found
        if kinds is not None and not (found.errand is Errand.POST and found.post.kind in kinds):
            return found
        lane = self.of(target)
        taken = replace(
            found,
            state=State.SENDING,
            fence=found.fence + 1,
            attempts=found.attempts + 1,
            lease_until=now + lease_seconds,
            base=lane.last,
            settled=now,
        )
        self._pace.let_through(found, now, self._deliveries)
        self._changes.taken(taken, now)
        self._deliveries[taken.id] = taken
        lane.flight = taken.id
        return taken

    def _next(self, target: TargetId, now: float) -> Delivery | Wait:
        """What stands next, as it would be taken; nothing is claimed."""
        lane = self.of(target)
        if self._switch.by or target in self._switch.stopped:
            return Wait(None, "paused")
        left = self._flight_of(lane, now)
        if left is not None:
            return Wait(left, "in flight")
        if target in self._switch.parking:
            return Wait(None, f"parked: {self._switch.parking[target]}")
        cool_until = max(lane.cool_until, self._pace.cool_until(target))
        if cool_until > now:
            return Wait(cool_until - now, "the platform asked us to wait")
        return self._first_due(lane, now)

    def _flight_of(self, lane: MemoryLane, now: float) -> float | None:
        """Seconds that the delivery in flight still has; one whose lease ran out becomes uncertain."""
        if lane.flight is None:
            return None
        flying = self._deliveries[lane.flight]
        if flying.lease_until > now:
            return flying.lease_until - now
        self._lose(flying, lane, now)
        return None

    def _lose(self, flying: Delivery, lane: MemoryLane, now: float) -> None:
        lane.flight = None
        if flying.errand is not Errand.POST:
            # A change made twice comes to the same, so it keeps its place and is made again.
            again = replace(flying, state=State.PLANNED, fence=flying.fence + 1, settled=now, due=now, stands=None)
            self._deliveries[flying.id] = again
            return
        lane.queue.pop(flying.id, None)
        self._deliveries[flying.id] = replace(
            flying,
            state=State.UNCERTAIN,
            fence=flying.fence + 1,
            why="the worker that was sending it did not report back",
            settled=now,
            readable=now,
            doubted=True,
        )

    def _first_due(self, lane: MemoryLane, now: float) -> Delivery | Wait:
        soonest: float | None = None
        expired: list[Delivery] = []
        for name in sorted(lane.queue, key=lambda name: (lane.queue[name], name)):
            delivery = self._deliveries[name]
            if name not in lane.queue:
                continue  # A change that stood before it has ended it.
            if delivery.expires < now:
                expired.append(self._expire(delivery, lane, now))
            elif self._switch.holding and not delivery.by:
                continue
            elif delivery.due > now:
                soonest = min(soonest or delivery.due, delivery.due)
            else:
                found = self._changes.ground_of(delivery, now, expired)
                if isinstance(found, Delivery):
                    # What came to its end is told before anything else is begun.
                    if expired:
                        break
                    return self._unless_held_up(found, lane, now)
                if found is not None and found < inf:
                    soonest = min(soonest or now + found, now + found)
        if expired:
            return Wait(0.0, "expired", tuple(expired))
        return Wait(None, "empty") if soonest is None else Wait(soonest - now, "not due yet")

    def _expire(self, delivery: Delivery, lane: MemoryLane, now: float) -> Delivery:
        lane.queue.pop(delivery.id)
        why = "it was no longer news when its turn came"
        expired = self._deliveries[delivery.id] = replace(delivery, state=State.EXPIRED, why=why, settled=now)
        return expired

    def _unless_held_up(self, delivery: Delivery, lane: MemoryLane, now: float) -> Delivery | Wait:
        why = self._pace.refusal(delivery, now, self._deliveries)
        if why:
            lane.queue.pop(delivery.id)
            refused = self._deliveries[delivery.id] = replace(delivery, state=State.REFUSED, why=why, settled=now)
            return Wait(0.0, why, (refused,))
        return self._pace.wait(delivery.target, delivery.lane, now) or delivery
