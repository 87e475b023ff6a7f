"""What waits: batches for the desk, posts that settle or wait for their hour. One suite over every kind of store."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from newsroom.admission import Admission, Admitted, Wait
from newsroom.batch import Batch, Cause
from newsroom.delivery import Delivery, Lane, State
from tests.contract.test_outbox import Rig, rig
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission

__all__ = ["rig"]

FLOOD = Batch("b1", Cause.FLOOD, "new_scheme", "https://alwasat.example.com/feed/")


def held(rig: Rig, number: int, batch: Batch = FLOOD) -> Admission:
    """A story that waits."""
    admission = an_admission(a_story(number, met=rig.now()), verdict="held")
    return replace(admission, reason="flood", batch=batch, relation="new", ground="nothing_like_it")


async def test_a_story_joins_its_batch_in_the_step_that_admits_it(rig: Rig) -> None:
    """In the order in which they came; and its life tells with what it waits."""
    asked = [held(rig, number) for number in (1, 2, 3)]
    await rig.store.outbox.admit(asked, 0)
    [waiting] = await rig.store.batches.waiting()
    assert waiting.batch == FLOOD
    assert waiting.stories == tuple(admission.story.id for admission in asked)
    life = await rig.store.ledger.life(asked[0].story.id)
    assert life is not None
    assert (life.batch, life.relation, life.ground) == (FLOOD, "new", "nothing_like_it")


async def test_a_known_story_joins_too_and_twice_is_once(rig: Rig) -> None:
    """A renumbered feed brings stories that are known; the desk may still want to post one."""
    story = a_story(1, met=rig.now())
    await rig.store.outbox.admit([an_admission(story, verdict="ignored")], 0)
    for _ in range(2):
        await rig.store.outbox.admit([replace(held(rig, 1), same_as=story.id)], 1)
    [waiting] = await rig.store.batches.waiting()
    assert waiting.stories == (story.id,)


async def test_a_batch_that_was_closed_is_gone_and_nothing_opens_it_anew(rig: Rig) -> None:
    """A poll whose end was lost is repeated after the desk has answered."""
    await rig.store.outbox.admit([held(rig, 1)], 0)
    for _ in range(2):
        await rig.store.batches.close(FLOOD.id)
    await rig.store.outbox.admit([replace(held(rig, 1), same_as=a_story(1).id)], 1)
    assert await rig.store.batches.waiting() == ()


async def test_a_batch_that_is_closed_while_somebody_looks_is_seen_whole_or_not_at_all(rig: Rig) -> None:
    """An editor answers, on this worker or another one, in the moment in which the desk's questions are looked over."""
    version, seen = 0, 0
    for number in range(30):
        batch = replace(FLOOD, id=f"b{number}")
        story = held(rig, number, batch)
        await rig.store.outbox.admit([story], version)
        version = (await rig.store.outbox.recent(version)).version
        batches = rig.store.batches
        before, _, after = await asyncio.gather(batches.waiting(), batches.close(batch.id), batches.waiting())
        for waiting in (*before, *after):
            assert (waiting.batch, waiting.stories) == (batch, (story.story.id,))
            seen += 1
        assert await batches.waiting() == ()
    assert seen >= 1


async def test_batches_stand_in_the_order_in_which_they_began(rig: Rig) -> None:
    """The desk is asked about the oldest first."""
    second = replace(FLOOD, id="a0", cause=Cause.BACKLOG)
    await rig.store.outbox.admit([held(rig, 1)], 0)
    await rig.store.outbox.admit([held(rig, 2, second)], 1)
    assert [waiting.batch for waiting in await rig.store.batches.waiting()] == [FLOOD, second]


async def test_what_a_rule_said_is_told_in_the_storys_life(rig: Rig) -> None:
    """By target, with the rule's name."""
    story = a_story(1, met=rig.now())
    said = {CHANNEL.id: "wait الليل"}
    await rig.store.outbox.admit([replace(an_admission(story, CHANNEL), policies=said, of=a_story(7).id)], 0)
    life = await rig.store.ledger.life(story.id)
    assert life is not None
    assert (life.policies, life.of) == (said, a_story(7).id)


async def test_a_post_that_settles_is_not_taken_before_its_time(rig: Rig) -> None:
    """And holds up nothing: what is due goes past it; each target has its own time."""
    now = rig.now()
    settling = an_admission(a_story(1, met=now), CHANNEL, ACCOUNT, lane=Lane.ORDINARY, verdict="ordinary")
    settling = replace(settling, dues={CHANNEL.id: (now + timedelta(seconds=60)).timestamp()})
    await rig.store.outbox.admit([settling, an_admission(a_story(2, met=now), CHANNEL, lane=Lane.ORDINARY)], 0)
    assert (await rig.take()).story == a_story(2).id
    other = await rig.store.outbox.look(ACCOUNT.id)
    assert isinstance(other, Delivery)
    assert other.story == a_story(1).id


async def test_a_lane_of_settling_posts_tells_how_long(rig: Rig) -> None:
    """So that nobody looks before."""
    now = rig.now()
    settling = an_admission(a_story(1, met=now), CHANNEL, lane=Lane.ORDINARY)
    due = (now + timedelta(seconds=60)).timestamp()
    await rig.store.outbox.admit([replace(settling, dues={CHANNEL.id: due})], 0)
    waits = await rig.store.outbox.look(CHANNEL.id)
    assert isinstance(waits, Wait)
    assert waits.seconds is not None
    assert 55 < waits.seconds <= 60


async def test_a_settling_post_of_a_story_that_is_breaking_now_goes_at_once(rig: Rig) -> None:
    """One delivery still, in the breaking lane, with the new words."""
    now, story = rig.now(), a_story(1, met=rig.now())
    settling = an_admission(story, CHANNEL, lane=Lane.ORDINARY, verdict="ordinary")
    due = (now + timedelta(seconds=60)).timestamp()
    await rig.store.outbox.admit([replace(settling, dues={CHANNEL.id: due})], 0)
    breaking = replace(an_admission(story, CHANNEL), completes=True, same_as=story.id)
    words = replace(breaking.posts[0], text="عاجل | " + breaking.posts[0].text)
    [outcome] = await rig.store.outbox.admit([replace(breaking, posts=(words,))], 1)
    assert isinstance(outcome, Admitted)
    taken = await rig.take()
    assert (taken.lane, taken.post.text) == (Lane.BREAKING, words.text)
    life = await rig.store.ledger.life(story.id)
    assert life is not None
    assert (len(life.deliveries), life.verdict) == (1, "breaking")


async def test_a_post_that_is_on_its_way_is_not_hastened(rig: Rig) -> None:
    """What was taken is what goes out."""
    story = a_story(1, met=rig.now())
    await rig.store.outbox.admit([an_admission(story, CHANNEL, lane=Lane.ORDINARY, verdict="ordinary")], 0)
    taken = await rig.take()
    breaking = replace(an_admission(story, CHANNEL), completes=True, same_as=story.id)
    await rig.store.outbox.admit([breaking], 1)
    life = await rig.store.ledger.life(story.id)
    assert life is not None
    assert [(one.state, one.lane) for one in life.deliveries] == [(State.SENDING, taken.lane)]


async def test_what_is_due_goes_past_any_number_of_posts_that_wait_for_their_hour(rig: Rig) -> None:
    """Quiet hours, a countdown, an answer of the desk: a lane may hold hundreds of them."""
    now = rig.now()
    later = {CHANNEL.id: (now + timedelta(hours=1)).timestamp()}
    waiting = [
        replace(an_admission(a_story(number, met=now), CHANNEL, lane=Lane.ORDINARY), dues=later)
        for number in range(250)
    ]
    due = an_admission(a_story(999, met=now), CHANNEL, lane=Lane.ORDINARY)
    await rig.store.outbox.admit([*waiting, due], 0)
    assert (await rig.take()).story == a_story(999).id
