"""Dispatch over the memory twin and a scripted platform: order of steps, waits, stops. No socket, no sleep."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from typing_extensions import override

from newsroom.admission import Wait
from newsroom.delivery import QUIET_SECONDS, Delivery, State
from newsroom.errand import Errand, Revision
from newsroom.errors import StoreUnavailable
from newsroom.ports import Ready
from newsroom.post import WORDS_ALONE, Post, PostKind
from newsroom.receipt import Blind, Later, ReadBack, Receipt, Sent, Unknown
from newsroom.target import Target, TargetId
from publishing.departure import AGAIN_SECONDS, DeadlinePassedError
from publishing.dispatch import Dispatcher, Pace
from publishing.reconcile import Reconciler
from publishing.right_of_way import RightOfWay
from publishing.x_receipts import receipt_of
from store.memory_outbox import MemoryOutbox
from store.memory_switch import MemorySwitch
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story, an_admission


@dataclass
class ScriptedPlatform:
    """Answers what it was told to, then `Sent`; writes down what it was asked, in order."""

    target: Target
    answers: list[Receipt] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    deadlines: list[float] = field(default_factory=list)
    gate: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    kinds: frozenset[PostKind] = frozenset()

    def ready_kinds(self) -> Collection[PostKind]:
        """As the test says; none as a rule."""
        return self.kinds

    async def prepare(self, post: Post) -> Ready:
        """Write it down."""
        self.asked.append(f"prepare {post.headline}")
        return Ready()

    async def send(self, post: Post, ready: Ready, deadline: float) -> Receipt:
        """Write it down and answer, when the gate is open."""
        self.asked.append(f"send {post.headline}")
        self.deadlines.append(deadline)
        self.begun.set()
        if self.gate:
            await self.gate.wait()
        return self.answers.pop(0) if self.answers else Sent((str(len(self.asked)),))

    async def edit(self, delivery: Delivery, ready: Ready, deadline: float) -> Receipt:
        """Write it down and answer."""
        self.asked.append(f"edit {delivery.post.headline}")
        return self.answers.pop(0) if self.answers else Sent(())

    async def remove(self, delivery: Delivery, deadline: float) -> Receipt:
        """Write it down and answer."""
        self.asked.append(f"remove {delivery.post.headline}")
        return self.answers.pop(0) if self.answers else Sent(())

    async def find(self, delivery: Delivery) -> ReadBack:
        """Nothing is read back here."""
        return Blind("not played")


class Rig:
    """A dispatcher that runs inside a test."""

    def __init__(self, *platforms: ScriptedPlatform, pace: Pace | None = None) -> None:
        self.clock = ManualClock()
        self.switch = MemorySwitch()
        self.outbox = MemoryOutbox(self.clock, self.switch)
        self.settled: list[Delivery] = []
        self.changed = asyncio.Event()
        self.stop = asyncio.Event()
        self.dispatcher = Dispatcher(
            self.outbox,
            {platform.target.id: platform for platform in platforms},
            self.clock,
            worker="w1",
            settled=self._note,
            pace=pace or Pace(),
        )
        self.running = asyncio.create_task(self.dispatcher.run(self.stop))

    def _note(self, delivery: Delivery) -> None:
        self.settled.append(delivery)
        self.changed.set()

    async def admit(self, count: int, *targets: Target) -> None:
        """Stories 1 to `count`, and a ring at every bell."""
        stories = [a_story(number, met=self.clock.now()) for number in range(1, count + 1)]
        await self.outbox.admit([an_admission(story, *targets) for story in stories], 0)
        self.dispatcher.wake_all()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until deliveries were settled so."""
        async with asyncio.timeout(5):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()

    async def end(self) -> None:
        """Stop in order."""
        self.stop.set()
        async with asyncio.timeout(5):
            await self.running


def states(deliveries: Sequence[Delivery]) -> list[State]:
    """Of each, in order."""
    return [delivery.state for delivery in deliveries]


async def test_the_picture_is_made_ready_before_the_claim_and_the_send_follows_it() -> None:
    """The lease runs over the last request alone."""
    platform = ScriptedPlatform(CHANNEL)
    rig = Rig(platform)
    await rig.admit(2, CHANNEL)
    await rig.until(lambda: len(rig.settled) == 2)
    one, two = a_story(1).headline, a_story(2).headline
    assert platform.asked == [f"prepare {one}", f"send {one}", f"prepare {two}", f"send {two}"]
    await rig.end()


async def test_the_deadline_lies_inside_the_lease_with_room_for_the_answer() -> None:
    """Taken before the claim: a pause in the claim cannot stretch it."""
    platform = ScriptedPlatform(CHANNEL)
    rig = Rig(platform)
    began = rig.clock.monotonic()
    await rig.admit(1, CHANNEL)
    await rig.until(lambda: bool(rig.settled))
    pace = Pace()
    assert platform.deadlines == [began + pace.lease - pace.request - pace.margin]
    await rig.end()


async def test_posts_of_words_are_claimed_by_the_step_that_finds_them() -> None:
    """By the look of an idle lane, and in a busy one with the last one's result; nothing is made ready for them."""
    platform = ScriptedPlatform(CHANNEL, kinds=WORDS_ALONE)
    rig = Rig(platform)
    began = rig.clock.monotonic()
    await rig.admit(3, CHANNEL)
    await rig.until(lambda: len(rig.settled) == 3)
    one, two, three = (a_story(number).headline for number in (1, 2, 3))
    assert platform.asked == [f"send {one}", f"send {two}", f"send {three}"]
    pace = Pace()
    assert platform.deadlines == [began + pace.lease - pace.request - pace.margin] * 3
    await rig.end()


class SlowOutbox(MemoryOutbox):
    """An outbox that takes its time over each step that may claim, and can be told to stop the worker meanwhile."""

    clock: ManualClock
    stop: asyncio.Event | None = None

    @override
    async def look(
        self, target: TargetId, worker: str = "", lease_seconds: float = 0.0, kinds: Collection[PostKind] = ()
    ) -> Delivery | Wait:
        """Five seconds pass between the claim and its answer."""
        found = await super().look(target, worker, lease_seconds, kinds)
        self.clock.advance(5.0)
        return found

    @override
    async def settle_then_take(
        self, delivery: Delivery, worker: str, lease_seconds: float, kinds: Collection[PostKind]
    ) -> Delivery | Wait:
        """Seven seconds pass between the writing and its answer."""
        found = await super().settle_then_take(delivery, worker, lease_seconds, kinds)
        self.clock.advance(7.0)
        if self.stop:
            self.stop.set()
        return found


@pytest.mark.parametrize("is_stopped", [False, True])
async def test_a_pause_in_the_step_that_claims_does_not_stretch_the_deadline(*, is_stopped: bool) -> None:
    """And what was claimed before the worker was told to stop is sent; nothing more is claimed."""
    platform, clock, stop = ScriptedPlatform(CHANNEL, kinds=WORDS_ALONE), ManualClock(), asyncio.Event()
    outbox = SlowOutbox(clock, MemorySwitch())
    outbox.clock, outbox.stop = clock, stop if is_stopped else None
    settled: list[Delivery] = []

    def note(delivery: Delivery) -> None:
        settled.append(delivery)
        if len(settled) == 3:
            stop.set()

    await outbox.admit([an_admission(a_story(number, met=clock.now()), CHANNEL) for number in (1, 2, 3)], 0)
    began, pace = clock.monotonic(), Pace()
    async with asyncio.timeout(5):
        await Dispatcher(outbox, {CHANNEL.id: platform}, clock, worker="w1", settled=note).run(stop)
    first = began + pace.lease - pace.request - pace.margin
    later = [first + 5.0, first + 12.0]
    assert platform.deadlines == [first, *(later[:1] if is_stopped else later)]
    assert states(settled) == [State.SENT] * len(platform.deadlines)
    planned = (await outbox.counts())[CHANNEL.id][State.PLANNED]
    assert planned == (1 if is_stopped else 0)


async def test_a_lane_that_was_woken_goes_first_until_its_request_is_out_or_it_has_none() -> None:
    """What others read meanwhile would hold it up at each of its steps."""
    platform, clock = ScriptedPlatform(CHANNEL, gate=asyncio.Event()), ManualClock()
    way, stop, settled = RightOfWay(clock), asyncio.Event(), asyncio.Event()
    outbox = MemoryOutbox(clock, MemorySwitch())
    await outbox.admit([an_admission(a_story(1, met=clock.now()), CHANNEL)], 0)
    dispatcher = Dispatcher(
        outbox, {CHANNEL.id: platform}, clock, worker="w1", settled=lambda _: settled.set(), way=way
    )
    dispatcher.wake([CHANNEL.id])
    running = asyncio.create_task(dispatcher.run(stop))
    async with asyncio.timeout(5):
        await platform.begun.wait()
        reader = asyncio.create_task(way.give())
        await clock.until_asleep()
        assert not reader.done()
        assert platform.gate is not None
        platform.gate.set()
        await reader
        await settled.wait()
        await clock.until_asleep()  # The lane is empty.
        dispatcher.wake([CHANNEL.id])
        await way.give()
        stop.set()
        await running


async def test_a_flood_wait_is_obeyed_and_the_story_is_sent_exactly_once_after_it() -> None:
    """429 with retry_after 37."""
    platform = ScriptedPlatform(CHANNEL, answers=[Later(37, "flood")])
    rig = Rig(platform)
    await rig.admit(1, CHANNEL)
    await rig.until(lambda: states(rig.settled) == [State.PLANNED])
    await rig.clock.walk(36.5)
    assert len(rig.settled) == 1
    await rig.clock.walk(1.5)
    await rig.until(lambda: states(rig.settled) == [State.PLANNED, State.SENT])
    assert [word for word in platform.asked if word.startswith("send")] == [f"send {a_story(1).headline}"] * 2
    await rig.end()


async def test_an_attempt_that_came_too_late_holds_the_lane_up_for_a_second_however_many_came_before() -> None:
    """The platform asked for no patience; workers that died on the way had made the wait grow to half a minute."""
    platform = ScriptedPlatform(CHANNEL, answers=[receipt_of(DeadlinePassedError(), now=ManualClock().now())] * 9)
    rig = Rig(platform)
    await rig.admit(2, CHANNEL)
    for late in range(1, 10):
        await rig.until(partial(lambda wanted: len(rig.settled) == wanted, late))
        await rig.clock.walk(AGAIN_SECONDS + 0.1)
    await rig.until(lambda: states(rig.settled)[9:] == [State.SENT, State.SENT])
    await rig.end()


async def test_a_slow_channel_delays_no_other() -> None:
    """Each lane is a task of its own."""
    slow, quick = ScriptedPlatform(CHANNEL, gate=asyncio.Event()), ScriptedPlatform(ACCOUNT)
    rig = Rig(slow, quick)
    await rig.admit(2, CHANNEL, ACCOUNT)
    await rig.until(lambda: len(rig.settled) == 2)
    assert {delivery.target for delivery in rig.settled} == {ACCOUNT.id}
    assert slow.gate is not None
    slow.gate.set()
    await rig.until(lambda: len(rig.settled) == 4)
    await rig.end()


async def test_a_stop_lets_the_send_in_flight_finish_and_takes_nothing_more() -> None:
    """The result is written down before the worker goes."""
    platform = ScriptedPlatform(CHANNEL, gate=asyncio.Event())
    rig = Rig(platform)
    await rig.admit(2, CHANNEL)
    await platform.begun.wait()
    rig.stop.set()
    assert platform.gate is not None
    platform.gate.set()
    await rig.end()
    assert states(rig.settled) == [State.SENT]
    assert (await rig.outbox.counts())[CHANNEL.id] == {State.PLANNED: 1, State.SENDING: 0, State.UNCERTAIN: 0}


async def test_while_paused_nothing_is_sent_and_resuming_wakes_the_lanes() -> None:
    """The editors' brake."""
    platform = ScriptedPlatform(CHANNEL)
    rig = Rig(platform)
    await rig.switch.pause("11")
    await rig.admit(1, CHANNEL)
    await rig.clock.walk(60)
    assert platform.asked == []
    await rig.switch.resume()
    rig.dispatcher.wake_all()
    await rig.until(lambda: states(rig.settled) == [State.SENT])
    await rig.end()


class DeafOutbox(MemoryOutbox):
    """An outbox whose settle fails a number of times."""

    deaf = 0

    @override
    async def settle(self, delivery: Delivery) -> None:
        """Fail while deaf."""
        if self.deaf:
            self.deaf -= 1
            raise StoreUnavailable("gone")
        await super().settle(delivery)


async def test_a_result_that_cannot_be_written_at_once_is_written_when_the_store_is_back() -> None:
    """It is all that is known of the send, so it is kept and tried again while the lease holds."""
    platform = ScriptedPlatform(CHANNEL)
    rig = Rig(platform)
    deaf = DeafOutbox(rig.clock, rig.switch)
    deaf.deaf = 3
    settled: list[Delivery] = []
    stop = asyncio.Event()
    dispatcher = Dispatcher(deaf, {CHANNEL.id: platform}, rig.clock, worker="w2", settled=settled.append)
    await deaf.admit([an_admission(a_story(met=rig.clock.now()), CHANNEL)], 0)
    running = asyncio.create_task(dispatcher.run(stop))
    async with asyncio.timeout(5):
        while not settled:
            await rig.clock.walk(1)
    assert states(settled) == [State.SENT]
    assert len([word for word in platform.asked if word.startswith("send")]) == 1
    stop.set()
    await running
    await rig.end()


async def test_what_expired_before_its_turn_is_told_like_what_was_settled() -> None:
    """Metrics and the desk hear of it, though nothing was sent; and the next one goes out at once."""
    platform = ScriptedPlatform(CHANNEL)
    rig = Rig(platform)
    await rig.switch.pause("11")
    await rig.admit(1, CHANNEL)
    await rig.clock.walk(31 * 60)
    story = a_story(2, met=rig.clock.now())
    await rig.outbox.admit([an_admission(story, CHANNEL)], 1)
    await rig.switch.resume()
    rig.dispatcher.wake_all()
    await rig.until(lambda: len(rig.settled) == 2)
    assert [(it.story, it.state) for it in rig.settled] == [
        (a_story(1).id, State.EXPIRED),
        (story.id, State.SENT),
    ]
    await rig.end()


async def test_a_change_of_a_post_is_one_request_of_its_own_kind() -> None:
    """An edit has its picture made ready; a deletion asks for none; nothing is sent anew."""
    platform = ScriptedPlatform(CHANNEL)
    rig = Rig(platform)
    await rig.admit(1, CHANNEL)
    await rig.until(lambda: states(rig.settled) == [State.SENT])
    post = replace(a_post(a_story(1)), headline="عنوان جديد")
    for count, (errand, by) in enumerate(((Errand.EDIT, ""), (Errand.DELETE, "11 Ali")), start=2):
        await rig.outbox.revise(a_story(1).id, [Revision(CHANNEL.id, errand, post, post, by=by)])
        rig.dispatcher.wake_all()
        await rig.until(partial(lambda wanted: len(rig.settled) == wanted, count))
    assert platform.asked[2:] == ["prepare عنوان جديد", "edit عنوان جديد", "remove عنوان جديد"]
    await rig.end()


@dataclass
class SlowToPrepare(ScriptedPlatform):
    """A platform whose first preparation waits for the test."""

    preparing: asyncio.Event = field(default_factory=asyncio.Event)
    prepared: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def prepare(self, post: Post) -> Ready:
        """Wait."""
        self.preparing.set()
        await self.prepared.wait()
        return await super().prepare(post)


async def test_a_post_whose_words_changed_since_it_was_looked_at_is_made_ready_anew() -> None:
    """Its old picture would stand under new words."""
    platform = SlowToPrepare(CHANNEL)
    rig = Rig(platform)
    await rig.admit(1, CHANNEL)
    await platform.preparing.wait()
    post = replace(a_post(a_story(1)), headline="عنوان جديد")
    await rig.outbox.revise(a_story(1).id, [Revision(CHANNEL.id, Errand.EDIT, post, post)])
    platform.prepared.set()
    await rig.until(lambda: states(rig.settled) == [State.SENT])
    await rig.end()
    assert platform.asked == [f"prepare {a_story(1).headline}", "prepare عنوان جديد", "send عنوان جديد"]


@dataclass
class Broken(ScriptedPlatform):
    """A platform whose library meets what nobody foresaw, wherever it is asked."""

    @override
    async def prepare(self, post: Post) -> Ready:
        """Break."""
        raise IndexError(post.headline)

    @override
    async def send(self, post: Post, ready: Ready, deadline: float) -> Receipt:
        """Break, with the request under way perhaps."""
        raise KeyError(post.headline)

    @override
    async def find(self, delivery: Delivery) -> ReadBack:
        """Break."""
        raise UnicodeError


async def test_a_fault_of_ours_in_one_lane_is_an_unknown_outcome_there_and_harms_no_other_lane() -> None:
    """The worker goes on; the post may stand there, so it is looked for before it is sent again."""
    broken, whole = Broken(ACCOUNT), ScriptedPlatform(CHANNEL)
    rig = Rig(broken, whole)
    await rig.admit(2, ACCOUNT, CHANNEL)
    await rig.until(lambda: len(rig.settled) == 4)
    came_to = {
        target.id: [one.state for one in rig.settled if one.target == target.id] for target in (ACCOUNT, CHANNEL)
    }
    assert came_to == {ACCOUNT.id: [State.UNCERTAIN] * 2, CHANNEL.id: [State.SENT] * 2}
    assert {one.why for one in rig.settled if one.target == ACCOUNT.id} == {
        "A fault of ours (KeyError); the post may stand there."
    }
    await rig.end()


async def test_a_platform_that_comes_to_no_end_is_an_unknown_outcome_and_holds_its_lane_up_no_longer() -> None:
    """It may be about several requests, each within its own limit."""
    endless = ScriptedPlatform(CHANNEL, gate=asyncio.Event())
    rig = Rig(endless, pace=Pace(lease=0.3, request=0.1, answer=0.05, margin=0.15))
    await rig.admit(2, CHANNEL)
    await rig.until(lambda: states(rig.settled) == [State.UNCERTAIN] * 2)
    assert {one.why for one in rig.settled} == {"It came to no end in time; the post may stand there."}
    await rig.end()


async def test_a_fault_of_ours_in_looking_is_put_to_the_desk_and_holds_up_no_other_post() -> None:
    """A person can look."""
    broken, whole = Broken(ACCOUNT), ScriptedPlatform(CHANNEL, answers=[Unknown("no answer")])
    rig = Rig(broken, whole)
    await rig.admit(1, ACCOUNT, CHANNEL)
    await rig.until(lambda: states(rig.settled) == [State.UNCERTAIN] * 2)
    asked: list[Delivery] = []

    async def ask(delivery: Delivery) -> None:
        asked.append(delivery)

    rig.clock.advance(QUIET_SECONDS)
    platforms = {platform.target.id: platform for platform in (broken, whole)}
    await Reconciler(rig.outbox, platforms, rig.clock, settled=rig.settled.append, ask=ask).look()
    assert {one.target: one.why for one in asked} == {
        ACCOUNT.id: "A fault of ours (UnicodeError) kept us from looking.",
        CHANNEL.id: "not played",
    }
    await rig.end()
