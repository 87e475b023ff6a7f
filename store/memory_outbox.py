"""The outbox in memory: the twin of `store.redis_outbox`, which ships for `simulate`, `preview` and tests.

One contract suite runs over both (tests/contract/test_outbox.py): what one refuses, the other refuses.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from newsroom.admission import Admission, AdmitOutcome, Admitted, AlreadyKnown, Moved, Recent, Wait
from newsroom.batch import Batch
from newsroom.delivery import Delivery, Lane, State, delivery_id
from newsroom.errand import Revision
from newsroom.errors import LeaseLost
from newsroom.ports import Clock, Life, Showing
from newsroom.post import Post, PostKind
from newsroom.purse import Spent
from newsroom.story import Story, StoryId
from newsroom.target import TargetId
from store.memory_batches import MemoryBatches
from store.memory_changes import MemoryChanges, Rank
from store.memory_lanes import MemoryLanes
from store.memory_pace import MemoryPace
from store.memory_store import MemoryFeedMemory
from store.memory_switch import MemorySwitch
from store.terms import Terms


@dataclass(slots=True)
class _Known:
    """What is kept of one story."""

    story: Story
    version: int
    verdict: str
    reason: str
    by: str
    admitted: float
    relation: str = ""
    ground: str = ""
    of: StoryId | None = None
    policies: Mapping[TargetId, str] = field(default_factory=dict)
    batch: Batch | None = None


class MemoryOutbox:
    """Implements `newsroom.ports.Outbox` and `Ledger`; nothing outlives the process."""

    def __init__(self, clock: Clock, switch: MemorySwitch, terms: Terms | None = None) -> None:
        """`clock` stands for the store's own time; `terms` are those on which deliveries may go."""
        self._pace = MemoryPace(terms or Terms())
        self.feeds = MemoryFeedMemory()
        self._clock = clock
        self._switch = switch
        self._version = 0
        self._idents: dict[str, StoryId] = {}
        self._stories: dict[StoryId, _Known] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._ranks: dict[str, Rank] = {}
        self.batches = MemoryBatches(clock)
        self._changes = MemoryChanges(self._deliveries, self._enter, self._leave)
        self._lanes = MemoryLanes(self._deliveries, switch, self._pace, self._changes)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    async def recent(self, since: int) -> Recent:
        """See `newsroom.ports.Outbox`; so for all below."""
        newer = sorted((k for k in self._stories.values() if k.version > since), key=lambda known: known.version)
        return Recent(self._version, tuple(known.story for known in newer))

    async def admit(
        self, admissions: Sequence[Admission], version: int, showing: Showing | None = None
    ) -> tuple[AdmitOutcome, ...]:
        """In order, each atomic: no await stands inside."""
        outcomes: list[AdmitOutcome] = []
        expected = version
        for admission in admissions:
            overtaken = expected != self._version or (outcomes and isinstance(outcomes[-1], Moved))
            outcomes.append(Moved() if overtaken else self._admit(admission))
            expected += admission.moves_window
        if showing and not (outcomes and isinstance(outcomes[-1], Moved)):
            await self.feeds.remember(showing.feed, showing.state)
        return tuple(outcomes)

    def _admit(self, admission: Admission) -> Admitted | AlreadyKnown:
        idents = (*admission.story.keys, admission.story.id)
        hits = [self._idents[ident] for ident in idents if ident in self._idents]
        found = (hits[-1] if hits else admission.same_as) or None
        known = found if found in self._stories else None
        story = known or admission.story.id
        for ident in idents:
            self._idents.setdefault(ident, story)
        self._write_story(admission, story, is_known=known is not None)
        for revision in admission.revisions:
            self._changes.plan(story, revision, self._now(), self._version)
        if admission.batch:
            self.batches.join(admission.batch, story)
            self._stories[story].batch = admission.batch
        planned = self._plan(admission, story) if known is None or self._may_complete(admission, story) else ()
        if known is not None and planned:
            kept = self._stories[story]
            kept.by, kept.verdict, kept.reason = admission.by, admission.verdict, admission.reason
        if known is not None and not planned:
            return AlreadyKnown(story, self._version, tuple((d.target, d.state) for d in self._of(story) if not d.of))
        return Admitted(story, self._version, planned)

    def _may_complete(self, admission: Admission, story: StoryId) -> bool:
        return admission.completes and bool(admission.by or self._stories[story].verdict != "ignored")

    def _write_story(self, admission: Admission, story: StoryId, *, is_known: bool) -> None:
        if is_known and not admission.rewrite:
            return
        self._version += 1
        if is_known:
            kept = self._stories[story]
            kept.story, kept.version = admission.story, self._version
            return
        self._stories[story] = _Known(
            admission.story,
            self._version,
            admission.verdict,
            admission.reason,
            admission.by,
            admission.story.met.timestamp(),
            admission.relation,
            admission.ground,
            admission.of,
            admission.policies,
        )

    def _plan(self, admission: Admission, story: StoryId) -> tuple[Delivery, ...]:
        planned = []
        for post in admission.posts:
            name = delivery_id(story, post.target)
            hastened = self._hastened(name, post, admission)
            if hastened:
                planned.append(hastened)
            if name in self._deliveries:
                continue
            met = admission.story.met.timestamp()
            delivery = Delivery(
                id=name,
                story=story,
                post=post,
                lane=admission.lane,
                admitted=met,
                due=admission.dues.get(post.target, self._now()),
                expires=admission.expires,
                by=admission.by,
                settled=met,
            )
            self._enter(delivery, (int(admission.lane is not Lane.BREAKING), self._version))
            planned.append(delivery)
        return tuple(planned)

    def _hastened(self, name: str, post: Post, admission: Admission) -> Delivery | None:
        """An ordinary post that still settles or waits for its hour, of a story that is breaking now: it goes at once."""
        held = self._deliveries.get(name)
        if held is None or admission.lane is not Lane.BREAKING or held.lane is Lane.BREAKING:
            return None
        if held.state is not State.PLANNED or held.attempts:
            return None
        due = admission.dues.get(post.target, self._now())
        hastened = replace(held, post=post, lane=admission.lane, due=due, expires=admission.expires)
        self._enter(hastened, (0, self._version))
        return hastened

    def _enter(self, delivery: Delivery, rank: Rank) -> None:
        self._deliveries[delivery.id] = delivery
        self._ranks[delivery.id] = self._lanes.of(delivery.target).queue[delivery.id] = rank

    def _leave(self, delivery: Delivery) -> None:
        self._lanes.of(delivery.target).queue.pop(delivery.id, None)

    async def revise(self, story: StoryId, revisions: Sequence[Revision]) -> None:
        """In order, each atomic."""
        for revision in revisions:
            self._changes.plan(story, revision, self._now(), self._version)

    def _of(self, story: StoryId) -> tuple[Delivery, ...]:
        return tuple(d for _, d in sorted(self._deliveries.items()) if d.story == story)

    async def look(
        self,
        target: TargetId,
        worker: str = "",  # noqa: ARG002 - one process holds it all
        lease_seconds: float = 0.0,
        kinds: Collection[PostKind] = (),
    ) -> Delivery | Wait:
        """Claims these kinds and shows all others."""
        return self._lanes.claimed(target, lease_seconds, self._now(), kinds)

    async def take(self, target: TargetId, worker: str, lease_seconds: float) -> Delivery | Wait:  # noqa: ARG002 - one process holds it all
        """Claims."""
        return self._lanes.claimed(target, lease_seconds, self._now())

    async def settle(self, delivery: Delivery) -> None:
        """Written under the fence only."""
        held = self._deliveries[delivery.id]
        if (held.fence, held.state) == (delivery.fence, delivery.state):
            return
        if held.fence != delivery.fence or held.state is not State.SENDING:
            raise LeaseLost(f"{delivery.id} is no longer ours to settle")
        lane, now = self._lanes.of(delivery.target), self._now()
        wait = max(0.0, delivery.due - delivery.settled)
        quiet = max(0.0, delivery.readable - delivery.settled)
        self._deliveries[delivery.id] = replace(
            delivery,
            due=now + wait,
            settled=now,
            readable=now + quiet if quiet else delivery.readable,
            parks="",
            cools=False,
            stands=None,
            base=held.base,
            changes=held.changes,
        )
        lane.flight = None
        if delivery.parks:
            self._switch.parking[delivery.target] = delivery.parks
        if delivery.cools and wait and delivery.state in {State.PLANNED, State.EXPIRED}:
            lane.cool_until = now + wait
        self._pace.settled(delivery, wait, now)
        self._changes.settled(held, delivery, now)
        if delivery.state is State.PLANNED:
            return
        lane.queue.pop(delivery.id, None)
        lane.learn_last(delivery)

    async def settle_then_take(
        self,
        delivery: Delivery,
        worker: str,  # noqa: ARG002 - one process holds it all
        lease_seconds: float,
        kinds: Collection[PostKind],
    ) -> Delivery | Wait:
        """Nobody else can come between."""
        await self.settle(delivery)
        return self._lanes.claimed(delivery.target, lease_seconds, self._now(), kinds)

    async def uncertain(self, *, readable: bool = False) -> tuple[Delivery, ...]:
        """Oldest first."""
        now = self._now()
        self._lanes.notice_lost(now)
        found = reversed(self._in_states({State.UNCERTAIN}))
        return tuple(delivery for delivery in found if not readable or delivery.readable <= now)

    async def now(self) -> float:
        """The clock's."""
        return self._now()

    async def resolve(self, delivery: Delivery) -> None:
        """Written under the fence only, and moves it on."""
        held = self._deliveries[delivery.id]
        if held.fence != delivery.fence or held.state is not State.UNCERTAIN:
            raise LeaseLost(f"{delivery.id} is no longer uncertain")
        now = self._now()
        quiet = max(0.0, delivery.readable - delivery.settled)
        still = delivery.state is State.UNCERTAIN
        fence = held.fence if still else held.fence + 1
        self._deliveries[delivery.id] = replace(
            delivery, fence=fence, settled=now, due=now, readable=now + quiet, changes=held.changes
        )
        lane = self._lanes.of(delivery.target)
        if delivery.state is State.PLANNED:
            lane.queue[delivery.id] = self._ranks[delivery.id]
        elif delivery.state is State.SENT:
            lane.learn_last(delivery)
            self._changes.settled(held, delivery, now)

    def forget_numbers(self, target: TargetId) -> None:
        """A chat's messages are numbered anew."""
        self._lanes.forget_numbers(target)

    async def life(self, name: str) -> Life | None:
        """See `newsroom.ports.Ledger`; so for all below."""
        story = self._idents.get(name, StoryId(name))
        kept = self._stories.get(story)
        if kept is None:
            return None
        decided = (kept.relation, kept.ground, kept.of, kept.policies, kept.batch)
        return Life(kept.story, kept.verdict, kept.reason, kept.by, kept.admitted, self._of(story), *decided)

    async def sent(self, most: int) -> tuple[Delivery, ...]:
        """Newest first."""
        stood = self._in_states({State.SENT, State.REMOVED})
        return tuple(delivery for delivery in stood if not delivery.of)[:most]

    async def unsettled(self, most: int) -> tuple[Delivery, ...]:
        """Uncertain ones first."""
        return (*self._in_states({State.UNCERTAIN}), *await self.failed(most))[:most]

    async def failed(self, most: int) -> tuple[Delivery, ...]:
        """Newest first."""
        return self._in_states({State.REFUSED, State.EXPIRED})[:most]

    def _in_states(self, states: set[State]) -> tuple[Delivery, ...]:
        chosen = [delivery for delivery in self._deliveries.values() if delivery.state in states]
        return tuple(sorted(chosen, key=lambda delivery: delivery.settled, reverse=True))

    async def spent(self) -> Spent:
        """By this clock."""
        return self._pace.spent(self._now())

    async def shut(self, targets: Sequence[TargetId]) -> dict[TargetId, str]:
        """By what the last one that was asked to wait was told."""
        found = {target: self._pace.shut_by(target) for target in targets}
        return {target: self._deliveries[name].why for target, name in found.items() if name is not None}

    async def counts(self) -> dict[TargetId, dict[State, int]]:
        """Planned, sending and uncertain, for each target that ever had a delivery."""
        counts = {target: _no_counts() for target in self._switch.listed}
        for delivery in self._deliveries.values():
            states = counts.setdefault(delivery.target, _no_counts())
            if delivery.state in states:
                states[delivery.state] += 1
        return dict(sorted(counts.items()))


def _no_counts() -> dict[State, int]:
    return {State.PLANNED: 0, State.SENDING: 0, State.UNCERTAIN: 0}
