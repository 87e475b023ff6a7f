"""The outbox port: one suite over the memory twin, the embedded Valkey and Debian's Redis."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from newsroom.admission import Admitted, AlreadyKnown, Moved, Wait
from newsroom.delivery import Delivery, Lane, State, next_step, read_back
from newsroom.errand import AT_ONCE, FOR_EVER, Errand, Revision
from newsroom.errors import LeaseLost
from newsroom.ports import FeedState, Showing
from newsroom.post import WORDS_ALONE, PostKind
from newsroom.receipt import Absent, Blind, Found, Later, NextMove, Refused, Sent, Unknown
from store.server import connect
from store.store import Store, memory_store, redis_store
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story, an_admission


@dataclass(frozen=True, slots=True)
class Rig:
    """A store with a way to let time pass for it."""

    store: Store
    clock: ManualClock | None

    def now(self) -> datetime:
        """The store's own time."""
        return self.clock.now() if self.clock else datetime.now(UTC)  # noqa: TID251 - a real server has a real clock

    async def take(self, lease: float = 60.0) -> Delivery:
        """The next delivery of the channel, which must be there."""
        taken = await self.store.outbox.take(CHANNEL.id, "w1", lease)
        assert isinstance(taken, Delivery), taken
        return taken


@pytest.fixture(params=["memory", "valkey", "debian_redis"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """Each kind of store, empty."""
    if request.param == "memory":
        clock = ManualClock()
        yield Rig(memory_store(clock), clock)
        return
    running = request.getfixturevalue(request.param)
    running.wipe()
    async with connect(running.url) as server:
        yield Rig(redis_store(server), None)


async def test_a_new_story_is_admitted_with_a_delivery_for_each_target(rig: Rig) -> None:
    """Story and deliveries appear in one step."""
    story = a_story(met=rig.now())
    [outcome] = await rig.store.outbox.admit([an_admission(story, CHANNEL, ACCOUNT)], 0)
    assert isinstance(outcome, Admitted)
    assert {delivery.target for delivery in outcome.deliveries} == {CHANNEL.id, ACCOUNT.id}
    assert {delivery.state for delivery in outcome.deliveries} == {State.PLANNED}


async def test_a_story_that_comes_again_under_any_of_its_keys_is_known(rig: Rig) -> None:
    """Seen-check by every key, and nothing is planned."""
    story = a_story(met=rig.now())
    await rig.store.outbox.admit([an_admission(story, CHANNEL)], 0)
    for name in story.keys:
        again = replace(a_story(99, met=rig.now()), keys=(name, "guid:new"))
        [outcome] = await rig.store.outbox.admit([an_admission(again, CHANNEL)], 1)
        assert isinstance(outcome, AlreadyKnown)
        assert (outcome.story, outcome.states) == (story.id, ((CHANNEL.id, State.PLANNED),))


async def test_a_known_story_learns_the_keys_it_comes_under(rig: Rig) -> None:
    """A key met once with a known story is known for itself afterwards."""
    story = a_story(met=rig.now())
    await rig.store.outbox.admit([an_admission(story)], 0)
    bridge = replace(a_story(7, met=rig.now()), keys=(story.keys[0], "guid:moved"))
    await rig.store.outbox.admit([an_admission(bridge)], 1)
    third = replace(a_story(8, met=rig.now()), keys=("guid:moved",))
    [outcome] = await rig.store.outbox.admit([an_admission(third, CHANNEL)], 1)
    assert isinstance(outcome, AlreadyKnown)
    assert outcome.story == story.id


async def test_an_admission_judged_by_an_old_window_is_moved_and_nothing_is_written(rig: Rig) -> None:
    """Two workers cannot both call the same news new."""
    await rig.store.outbox.admit([an_admission(a_story(1, met=rig.now()))], 0)
    outcomes = await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (2, 3)], 0)
    assert outcomes == (Moved(), Moved())
    assert await rig.store.ledger.life(a_story(2).keys[0]) is None
    assert isinstance(await rig.store.outbox.look(CHANNEL.id), Wait)


async def test_what_a_feed_has_shown_is_remembered_with_its_stories_and_not_without_them(rig: Rig) -> None:
    """A worker that was overtaken wrote no story, so the feed must be read again; one that knew all of them need not."""
    feed, story = "https://wasat.example.com/feed/", a_story(met=rig.now())
    first, second = (Showing(feed, FeedState({b"key-0001": bytes([n]) * 8}, newest=float(n))) for n in (1, 2))
    for version in (7, 0):
        assert await rig.store.feeds.recall(feed) is None
        outcomes = await rig.store.outbox.admit([an_admission(story, CHANNEL)], version, first)
        assert isinstance(outcomes[0], Admitted if version == 0 else Moved)
    assert await rig.store.feeds.recall(feed) == first.state
    await rig.store.outbox.admit([an_admission(story, CHANNEL)], 1, second)
    assert await rig.store.feeds.recall(feed) == second.state


async def test_a_batch_is_admitted_in_order_and_moves_the_window_once_a_story(rig: Rig) -> None:
    """The versions inside a batch follow one another."""
    outcomes = await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2, 3)], 0)
    assert [outcome.version for outcome in outcomes if isinstance(outcome, Admitted)] == [1, 2, 3]
    recent = await rig.store.outbox.recent(1)
    assert recent.version == 3
    assert [story.id for story in recent.stories] == [a_story(2).id, a_story(3).id]


async def test_a_story_survives_the_store_unchanged(rig: Rig) -> None:
    """What is read back equals what was written."""
    story = replace(a_story(met=rig.now()), tags=("روسيا",), lead="استقبل الزعيم وفدًا.", byline="محمد الحكيم")
    await rig.store.outbox.admit([an_admission(story)], 0)
    assert (await rig.store.outbox.recent(0)).stories == (story,)


async def test_a_push_adds_only_the_deliveries_that_a_known_story_lacks(rig: Rig) -> None:
    """A push of a story that the feed also carries ends in one post for each target."""
    story = a_story(met=rig.now())
    await rig.store.outbox.admit([an_admission(story, CHANNEL)], 0)
    [outcome] = await rig.store.outbox.admit([an_admission(story, CHANNEL, ACCOUNT, by="42")], 1)
    assert isinstance(outcome, Admitted)
    assert [delivery.target for delivery in outcome.deliveries] == [ACCOUNT.id]
    [again] = await rig.store.outbox.admit([an_admission(story, CHANNEL, ACCOUNT, by="42")], 1)
    assert isinstance(again, AlreadyKnown)


async def test_a_story_ignored_at_first_sight_is_completed_by_an_editor_alone(rig: Rig) -> None:
    """A feed cannot bring back what was a baseline; a person can."""
    story = a_story(met=rig.now())
    await rig.store.outbox.admit([an_admission(story, verdict="ignored")], 0)
    [by_feed] = await rig.store.outbox.admit([replace(an_admission(story, CHANNEL), completes=True)], 1)
    [by_hand] = await rig.store.outbox.admit([an_admission(story, CHANNEL, by="42")], 1)
    assert isinstance(by_feed, AlreadyKnown)
    assert isinstance(by_hand, Admitted)


async def test_a_look_shows_what_take_would_claim_and_claims_nothing(rig: Rig) -> None:
    """Two looks see the same, and the taker gets it."""
    await rig.store.outbox.admit([an_admission(a_story(met=rig.now()), CHANNEL)], 0)
    first, second = await rig.store.outbox.look(CHANNEL.id), await rig.store.outbox.look(CHANNEL.id)
    assert first == second
    assert isinstance(first, Delivery)
    assert first.state is State.PLANNED
    taken = await rig.take()
    assert (taken.id, taken.state, taken.fence, taken.attempts) == (first.id, State.SENDING, 1, 1)


async def test_a_look_claims_words_alone_where_it_may(rig: Rig) -> None:
    """As a take would; what must be made ready first it shows."""
    words, pictured = (an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2))
    photo = replace(pictured.posts[0], kind=PostKind.PHOTO)
    await rig.store.outbox.admit([words, replace(pictured, posts=(photo,))], 0)
    claimed = await rig.store.outbox.look(CHANNEL.id, "w1", 60.0, WORDS_ALONE)
    assert isinstance(claimed, Delivery)
    assert (claimed.story, claimed.state) == (a_story(1).id, State.SENDING)
    assert (claimed.fence, claimed.attempts, claimed.base) == (1, 1, 0)
    assert 59 < claimed.lease_until - rig.now().timestamp() <= 60
    other = await rig.store.outbox.look(CHANNEL.id, "w2", 60.0, WORDS_ALONE)
    assert isinstance(other, Wait)
    assert other.why == "in flight"
    await rig.store.outbox.settle(next_step(claimed, Sent(("5",)), rig.now().timestamp()))
    shown = await rig.store.outbox.look(CHANNEL.id, "w1", 60.0, WORDS_ALONE)
    assert isinstance(shown, Delivery)
    assert (shown.story, shown.state, shown.fence) == (a_story(2).id, State.PLANNED, 0)


async def sent_then(rig: Rig, kinds: Collection[PostKind], taken: Delivery | None = None) -> Delivery | Wait:
    """The channel's next post was sent; what stands next comes with the writing of it."""
    sent = next_step(taken or await rig.take(), Sent(("5",)), rig.now().timestamp())
    return await rig.store.outbox.settle_then_take(sent, "w1", 60.0, kinds)


async def test_settling_claims_the_next_post_where_it_is_words_alone(rig: Rig) -> None:
    """As a take would: fence, lease and the highest message id; and it is the one in flight."""
    await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2)], 0)
    claimed = await sent_then(rig, WORDS_ALONE)
    assert isinstance(claimed, Delivery)
    assert (claimed.story, claimed.state) == (a_story(2).id, State.SENDING)
    assert (claimed.fence, claimed.attempts, claimed.base) == (1, 1, 5)
    assert 59 < claimed.lease_until - rig.now().timestamp() <= 60
    other = await rig.store.outbox.take(CHANNEL.id, "w2", 60.0)
    assert isinstance(other, Wait)
    assert other.why == "in flight"
    assert await sent_then(rig, WORDS_ALONE, claimed) == Wait(None, "empty")
    assert len(await rig.store.ledger.sent(10)) == 2


async def test_settling_only_shows_what_must_be_made_ready_first(rig: Rig) -> None:
    """A picture, or any post at all where the worker names no kinds."""
    stories = [a_story(n, met=rig.now()) for n in (1, 2, 3)]
    await rig.store.outbox.admit([an_admission(stories[0], CHANNEL)], 0)
    pictured = an_admission(stories[1], CHANNEL)
    photo = replace(pictured.posts[0], kind=PostKind.PHOTO)
    await rig.store.outbox.admit([replace(pictured, posts=(photo,)), an_admission(stories[2], CHANNEL)], 1)
    for kinds, number in ((WORDS_ALONE, 2), ((), 3)):
        shown = await sent_then(rig, kinds)
        assert isinstance(shown, Delivery)
        assert (shown.story, shown.state, shown.fence) == (stories[number - 1].id, State.PLANNED, 0)


async def test_a_claim_with_the_settling_takes_breaking_first_and_nothing_while_paused(rig: Rig) -> None:
    """What holds for a take holds for it."""
    ordinary = [an_admission(a_story(n, met=rig.now()), CHANNEL, lane=Lane.ORDINARY) for n in (1, 2)]
    await rig.store.outbox.admit(ordinary, 0)
    taken = await rig.take()
    await rig.store.outbox.admit([an_admission(a_story(3, met=rig.now()), CHANNEL)], 2)
    claimed = await sent_then(rig, WORDS_ALONE, taken)
    assert isinstance(claimed, Delivery)
    assert claimed.story == a_story(3).id
    await rig.store.switch.pause("42")
    assert await sent_then(rig, WORDS_ALONE, claimed) == Wait(None, "paused")


async def test_what_was_claimed_with_a_settling_is_read_back_when_its_worker_is_gone(rig: Rig) -> None:
    """Like any other: nobody knows whether it was begun."""
    await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2)], 0)
    sent = next_step(await rig.take(), Sent(("5",)), rig.now().timestamp())
    claimed = await rig.store.outbox.settle_then_take(sent, "w1", 0.0, WORDS_ALONE)
    assert isinstance(claimed, Delivery)
    if rig.clock:
        rig.clock.advance(0.001)
    [uncertain] = await rig.store.outbox.uncertain()
    assert (uncertain.id, uncertain.fence, uncertain.base) == (claimed.id, claimed.fence + 1, 5)


async def test_a_post_that_goes_at_once_goes_at_once_though_its_workers_clock_is_ahead(rig: Rig) -> None:
    """Half a minute apart is what two machines without a time service are, and no reason to be half a minute late."""
    ahead = rig.now() + timedelta(seconds=30)
    await rig.store.outbox.admit([an_admission(a_story(1, met=ahead), CHANNEL)], 0)
    assert (await rig.take()).story == a_story(1).id


async def test_what_breaks_while_it_settles_goes_at_once_though_its_workers_clock_is_ahead(rig: Rig) -> None:
    """The same for an ordinary post that becomes a breaking one."""
    ahead = rig.now() + timedelta(seconds=30)
    later = {CHANNEL.id: ahead.timestamp() + 60}
    settling = replace(an_admission(a_story(1, met=ahead), CHANNEL, lane=Lane.ORDINARY), dues=later)
    await rig.store.outbox.admit([settling], 0)
    breaking = replace(an_admission(a_story(1, met=ahead), CHANNEL), completes=True, same_as=a_story(1).id)
    await rig.store.outbox.admit([breaking], 1)
    assert (await rig.take()).lane is Lane.BREAKING


async def test_what_an_editor_lets_go_at_once_goes_at_once_though_its_workers_clock_is_ahead(rig: Rig) -> None:
    """And a revision that names no time leaves the post's own."""
    story, ahead = a_story(1, met=rig.now() + timedelta(seconds=30)), rig.now().timestamp() + 30
    waits = replace(an_admission(story, CHANNEL), dues={CHANNEL.id: ahead + 600})
    await rig.store.outbox.admit([waits], 0)
    words = Revision(CHANNEL.id, Errand.EDIT, a_post(story), a_post(story), FOR_EVER, "11 علي")
    await rig.store.outbox.revise(story.id, [words])
    assert isinstance(await rig.store.outbox.take(CHANNEL.id, "w1", 60.0), Wait)
    await rig.store.outbox.revise(story.id, [replace(words, due=AT_ONCE)])
    assert (await rig.take()).story == story.id


async def test_the_store_tells_its_own_time(rig: Rig) -> None:
    """Which leases and read-backs go by."""
    assert await rig.store.outbox.now() == pytest.approx(rig.now().timestamp(), abs=5.0)


async def test_when_an_unknown_outcome_may_be_read_back_is_told_by_the_stores_clock(rig: Rig) -> None:
    """A worker whose clock is ahead must not look too early, nor one whose clock is behind for hours too late."""
    await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2)], 0)
    ahead = rig.now().timestamp() + 7200
    await rig.store.outbox.settle(next_step(await rig.take(), Unknown("?"), ahead, quiet=60.0))
    await rig.take(lease=0.0)
    if rig.clock:
        rig.clock.advance(0.001)
    everything = await rig.store.outbox.uncertain()
    readable = await rig.store.outbox.uncertain(readable=True)
    assert {it.story for it in everything} == {a_story(1).id, a_story(2).id}
    # The second one's worker is gone, and its lease is over.
    assert [it.story for it in readable] == [a_story(2).id]
    if rig.clock:
        rig.clock.advance(60)
        assert len(await rig.store.outbox.uncertain(readable=True)) == 2


async def test_who_lost_the_lease_claims_nothing_either(rig: Rig) -> None:
    """The sleeper's result is refused, and what stands next is left for who is awake."""
    await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2)], 0)
    slept = await rig.take(lease=0.0)
    if rig.clock:
        rig.clock.advance(0.001)
    await rig.store.outbox.uncertain()
    with pytest.raises(LeaseLost):
        await sent_then(rig, WORDS_ALONE, slept)
    assert (await rig.take()).story == a_story(2).id


async def test_a_post_in_a_plainer_form_is_written_back_with_its_result(rig: Rig) -> None:
    """Words that did not change are not sent to the store again; these did."""
    await rig.store.outbox.admit([an_admission(a_story(met=rig.now()), CHANNEL)], 0)
    stepped = next_step(await rig.take(), Refused("entities", NextMove.STEP_DOWN), rig.now().timestamp())
    again = await rig.store.outbox.settle_then_take(stepped, "w1", 60.0, WORDS_ALONE)
    assert isinstance(again, Delivery)
    assert (again.post.kind, again.post.spans, again.fence) == (PostKind.PLAIN, (), 2)


async def test_one_delivery_of_a_target_is_in_flight_at_a_time(rig: Rig) -> None:
    """The second must wait for the first; other targets need not."""
    stories = [a_story(n, met=rig.now()) for n in (1, 2)]
    await rig.store.outbox.admit([an_admission(story, CHANNEL, ACCOUNT) for story in stories], 0)
    await rig.take()
    second = await rig.store.outbox.take(CHANNEL.id, "w2", 60.0)
    assert isinstance(second, Wait)
    assert 0 < (second.seconds or 0) <= 60
    assert isinstance(await rig.store.outbox.take(ACCOUNT.id, "w2", 60.0), Delivery)


async def test_breaking_overtakes_ordinary_and_each_keeps_its_order(rig: Rig) -> None:
    """Sixty ordinary stories stand before one breaking one; the breaking one is next."""
    ordinary = [an_admission(a_story(n, met=rig.now()), CHANNEL, lane=Lane.ORDINARY) for n in range(1, 61)]
    await rig.store.outbox.admit([*ordinary, an_admission(a_story(61, met=rig.now()), CHANNEL)], 0)
    order = []
    for _ in range(3):
        taken = await rig.take()
        order.append(taken.story)
        await rig.store.outbox.settle(next_step(taken, Sent(("1",)), rig.now().timestamp()))
    assert order == [a_story(61).id, a_story(1).id, a_story(2).id]


async def test_a_sent_delivery_is_never_taken_again(rig: Rig) -> None:
    """It is in the ledger with its message id, and its lane is empty."""
    await rig.store.outbox.admit([an_admission(a_story(met=rig.now()), CHANNEL)], 0)
    await rig.store.outbox.settle(
        next_step(await rig.take(), Sent(("55",), "https://t.me/w/55"), rig.now().timestamp())
    )
    assert await rig.store.outbox.look(CHANNEL.id) == Wait(None, "empty")
    [sent] = await rig.store.ledger.sent(10)
    assert (sent.state, sent.message_ids, sent.url) == (State.SENT, ("55",), "https://t.me/w/55")


async def test_the_next_take_knows_the_highest_message_id_of_its_target(rig: Rig) -> None:
    """Where a read-back would start."""
    await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2)], 0)
    await rig.store.outbox.settle(next_step(await rig.take(), Sent(("55",)), rig.now().timestamp()))
    assert (await rig.take()).base == 55


async def test_a_later_receipt_makes_the_whole_lane_wait(rig: Rig) -> None:
    """A flood wait of 37 s holds this target alone, and what waits comes back unchanged."""
    stories = [a_story(n, met=rig.now()) for n in (1, 2)]
    await rig.store.outbox.admit([an_admission(story, CHANNEL, ACCOUNT) for story in stories], 0)
    taken = await rig.take()
    await rig.store.outbox.settle(next_step(taken, Later(37, "flood"), rig.now().timestamp()))
    wait = await rig.store.outbox.take(CHANNEL.id, "w1", 60.0)
    assert isinstance(wait, Wait)
    assert 36 < (wait.seconds or 0) <= 37
    assert isinstance(await rig.store.outbox.take(ACCOUNT.id, "w1", 60.0), Delivery)


async def test_a_refused_form_steps_down_and_keeps_its_place(rig: Rig) -> None:
    """Text becomes plain text and is next again, ahead of what came after it."""
    await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2)], 0)
    taken = await rig.take()
    await rig.store.outbox.settle(next_step(taken, Refused("entities", NextMove.STEP_DOWN), rig.now().timestamp()))
    again = await rig.take()
    assert (again.id, again.post.kind, again.fence) == (taken.id, "plain", 2)


async def test_an_unknown_outcome_is_uncertain_and_the_lane_moves_on(rig: Rig) -> None:
    """It is shown to people and never taken again."""
    await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2)], 0)
    taken = await rig.take()
    await rig.store.outbox.settle(next_step(taken, Unknown("no answer"), rig.now().timestamp()))
    assert (await rig.take()).story == a_story(2).id
    [uncertain] = await rig.store.ledger.unsettled(10)
    assert (uncertain.id, uncertain.state) == (taken.id, State.UNCERTAIN)
    assert await rig.store.ledger.failed(10) == ()
    counts = await rig.store.ledger.counts()
    assert counts[CHANNEL.id] == {State.PLANNED: 0, State.SENDING: 1, State.UNCERTAIN: 1}


async def test_what_is_counted_stood_there_at_one_moment(rig: Rig) -> None:
    """A target that is new, and a post that goes out, while somebody counts: nothing is below nothing."""
    for number in range(20):
        target = replace(CHANNEL, address=f"@wasat{number}")
        version = (await rig.store.outbox.recent(0)).version
        await rig.store.outbox.admit([an_admission(a_story(number, met=rig.now()), target)], version)
        taken = await rig.store.outbox.take(target.id, "w1", 60.0)
        assert isinstance(taken, Delivery)
        settled = rig.store.outbox.settle(next_step(taken, Unknown("no answer"), rig.now().timestamp()))
        counted, _, again = await asyncio.gather(rig.store.ledger.counts(), settled, rig.store.ledger.counts())
        for counts in (counted, again):
            assert sorted(counts[target.id].values()) == [0, 0, 1]


async def test_a_delivery_whose_lease_ran_out_becomes_uncertain_and_its_sleeper_cannot_write(rig: Rig) -> None:
    """Nobody knows whether it stands there; the one who slept finds the fence moved on."""
    await rig.store.outbox.admit([an_admission(a_story(n, met=rig.now()), CHANNEL) for n in (1, 2)], 0)
    slept = await rig.take(lease=0.0)
    if rig.clock:
        rig.clock.advance(0.001)
    assert (await rig.take()).story == a_story(2).id
    with pytest.raises(LeaseLost):
        await rig.store.outbox.settle(next_step(slept, Sent(("9",)), rig.now().timestamp()))
    [uncertain] = await rig.store.ledger.unsettled(10)
    assert (uncertain.id, uncertain.state) == (slept.id, State.UNCERTAIN)


async def test_the_same_result_may_be_written_twice_but_no_other(rig: Rig) -> None:
    """The answer to a write may be lost on the way."""
    await rig.store.outbox.admit([an_admission(a_story(met=rig.now()), CHANNEL)], 0)
    sent = next_step(await rig.take(), Sent(("5",)), rig.now().timestamp())
    await rig.store.outbox.settle(sent)
    await rig.store.outbox.settle(sent)
    with pytest.raises(LeaseLost):
        await rig.store.outbox.settle(replace(sent, state=State.REFUSED))


async def test_what_is_no_longer_news_expires_instead_of_going_out(rig: Rig) -> None:
    """A breaking story is not sent when its time is over."""
    story = a_story(met=rig.now() - timedelta(minutes=31))
    await rig.store.outbox.admit([an_admission(story, CHANNEL)], 0)
    told = await rig.store.outbox.take(CHANNEL.id, "w1", 60.0)
    assert told == Wait(0.0, "expired")
    assert isinstance(told, Wait)
    assert [(it.state, it.story) for it in told.gone] == [(State.EXPIRED, story.id)]
    assert await rig.store.outbox.take(CHANNEL.id, "w1", 60.0) == Wait(None, "empty")
    [expired] = await rig.store.ledger.unsettled(10)
    assert expired.state is State.EXPIRED


async def test_what_failed_is_told_the_newest_first_however_much_is_uncertain(rig: Rig) -> None:
    """Refused and expired alike."""
    stories = [a_story(1, met=rig.now()), a_story(2, met=rig.now()), a_story(3, met=rig.now() - timedelta(minutes=31))]
    for story, receipt in zip(stories, (Unknown("no answer"), Refused("no"), None), strict=True):
        version = (await rig.store.outbox.recent(0)).version
        await rig.store.outbox.admit([an_admission(story, CHANNEL)], version)
        if receipt:
            await rig.store.outbox.settle(next_step(await rig.take(), receipt, rig.now().timestamp()))
        else:
            await rig.store.outbox.take(CHANNEL.id, "w1", 60.0)
        if rig.clock:
            rig.clock.advance(0.001)
    failed = await rig.store.ledger.failed(10)
    assert [(one.state, one.story) for one in failed] == [
        (State.EXPIRED, stories[2].id),
        (State.REFUSED, stories[1].id),
    ]
    assert await rig.store.ledger.failed(1) == failed[:1]
    assert await rig.store.ledger.unsettled(1) != failed[:1]


async def test_while_paused_nothing_is_taken_and_everything_is_kept(rig: Rig) -> None:
    """The brake holds every lane, for all workers."""
    await rig.store.outbox.admit([an_admission(a_story(met=rig.now()), CHANNEL)], 0)
    await rig.store.switch.pause("42")
    assert await rig.store.outbox.take(CHANNEL.id, "w1", 60.0) == Wait(None, "paused")
    assert await rig.store.switch.paused() == "42"
    await rig.store.switch.resume()
    assert (await rig.take()).story == a_story(1).id


async def test_the_ledger_tells_a_storys_whole_life_by_any_key(rig: Rig) -> None:
    """Verdict, reason and every delivery."""
    story = a_story(met=rig.now())
    await rig.store.outbox.admit([an_admission(story, CHANNEL, ACCOUNT)], 0)
    for name in (*story.keys, story.id):
        life = await rig.store.ledger.life(name)
        assert life is not None
        assert (life.story, life.verdict, life.reason) == (story, "breaking", "site_category")
        assert [delivery.target for delivery in life.deliveries] == [CHANNEL.id, ACCOUNT.id]
    assert await rig.store.ledger.life("link:never-seen") is None


async def test_an_edited_article_replaces_the_stored_story_and_moves_the_window(rig: Rig) -> None:
    """Other workers judge by the newest telling."""
    story = a_story(met=rig.now())
    await rig.store.outbox.admit([an_admission(story, CHANNEL)], 0)
    edited = replace(story, headline="عنوان مُعدّل للخبر")
    await rig.store.outbox.admit([replace(an_admission(edited), same_as=story.id, rewrite=True)], 1)
    recent = await rig.store.outbox.recent(1)
    assert (recent.version, recent.stories) == (2, (edited,))


async def uncertain_in(rig: Rig) -> Delivery:
    """One story whose outcome nobody knows."""
    await rig.store.outbox.admit([an_admission(a_story(met=rig.now()), CHANNEL)], 0)
    await rig.store.outbox.settle(next_step(await rig.take(), Unknown("no answer"), rig.now().timestamp()))
    [uncertain] = await rig.store.outbox.uncertain()
    return uncertain


async def test_an_uncertain_delivery_may_be_read_back_after_the_quiet_time(rig: Rig) -> None:
    """The platform may still carry it out until then."""
    uncertain = await uncertain_in(rig)
    assert 14 < uncertain.readable - uncertain.settled <= 15
    assert uncertain.doubted


async def test_a_lease_that_ran_out_is_noticed_by_whoever_asks_for_the_uncertain(rig: Rig) -> None:
    """Also when its lane has nothing more to send; the lease has outlasted every tail, so it is readable at once."""
    await rig.store.outbox.admit([an_admission(a_story(met=rig.now()), CHANNEL)], 0)
    taken = await rig.take(lease=0.0)
    if rig.clock:
        rig.clock.advance(0.001)
    [uncertain] = await rig.store.outbox.uncertain()
    assert (uncertain.id, uncertain.fence) == (taken.id, taken.fence + 1)
    assert uncertain.readable <= rig.now().timestamp() + 0.01


async def test_what_was_found_is_sent_and_no_longer_uncertain(rig: Rig) -> None:
    """Its message id is known from now on."""
    found = read_back(await uncertain_in(rig), Found(("77",), "https://t.me/w/77"), rig.now().timestamp())
    await rig.store.outbox.resolve(found)
    assert await rig.store.outbox.uncertain() == ()
    [sent] = await rig.store.ledger.sent(5)
    assert (sent.state, sent.message_ids) == (State.SENT, ("77",))
    assert await rig.store.outbox.look(CHANNEL.id) == Wait(None, "empty")


async def test_what_is_not_there_is_planned_again_in_its_old_place(rig: Rig) -> None:
    """Ahead of what was admitted after it; and the platform's «already there» would be believed now."""
    absent = read_back(await uncertain_in(rig), Absent(), rig.now().timestamp())
    await rig.store.outbox.admit([an_admission(a_story(2, met=rig.now()), CHANNEL)], 1)
    await rig.store.outbox.resolve(absent)
    taken = await rig.take()
    assert (taken.id, taken.doubted, taken.attempts) == (absent.id, True, 2)


async def test_two_readers_cannot_both_send_it_again(rig: Rig) -> None:
    """The second finds that the matter has moved on, also when it was sent and lost once more meanwhile."""
    uncertain = await uncertain_in(rig)
    absent = read_back(uncertain, Absent(), rig.now().timestamp())
    await rig.store.outbox.resolve(absent)
    with pytest.raises(LeaseLost):
        await rig.store.outbox.resolve(absent)
    await rig.store.outbox.settle(next_step(await rig.take(), Unknown("again"), rig.now().timestamp()))
    with pytest.raises(LeaseLost):
        await rig.store.outbox.resolve(absent)


async def test_what_could_not_be_looked_for_stays_uncertain(rig: Rig) -> None:
    """And is looked for later."""
    blind = read_back(await uncertain_in(rig), Blind("no desk chat"), rig.now().timestamp())
    await rig.store.outbox.resolve(blind)
    [still] = await rig.store.outbox.uncertain()
    assert (still.state, still.why) == (State.UNCERTAIN, "no desk chat")
    assert 59 < still.readable - still.settled <= 60


async def test_a_parked_target_stands_still_and_keeps_everything_until_it_is_unparked(rig: Rig) -> None:
    """Other targets are untouched."""
    await rig.store.outbox.admit([an_admission(a_story(met=rig.now()), CHANNEL, ACCOUNT)], 0)
    taken = await rig.take()
    await rig.store.outbox.settle(next_step(taken, Refused("kicked", NextMove.PARK), rig.now().timestamp()))
    assert await rig.store.outbox.take(CHANNEL.id, "w1", 60.0) == Wait(None, "parked: kicked")
    assert await rig.store.switch.parked() == {CHANNEL.id: "kicked"}
    assert isinstance(await rig.store.outbox.take(ACCOUNT.id, "w1", 60.0), Delivery)
    await rig.store.switch.unpark(CHANNEL.id)
    assert (await rig.take()).id == taken.id
