"""What is known of channels: one suite over the memory twin, Valkey and Debian's Redis."""

import pytest

from newsroom.admission import Wait
from newsroom.delivery import Delivery, read_back
from newsroom.errand import FOR_EVER, Errand, Revision
from newsroom.errors import LeaseLost
from newsroom.ports import Sighting
from newsroom.rate import ALARM_SECONDS
from newsroom.receipt import Absent, Later, Sent, Unknown
from store.keys import SIGHTINGS_KEPT, key
from store.terms import Terms
from tests.support.newsroom import ACCOUNT, CHANNEL
from tests.support.pacing_rig import OTHER_CHANNEL, Opener


async def test_sightings_come_back_lowest_first_and_only_those_after_a_number(opened: Opener) -> None:
    """Whatever their order of arrival; the same again is one."""
    store = opened(Terms()).store
    three, nine, ten = (Sighting(number, f"d{number}", 1795424400.25) for number in (3, 9, 10))
    for sighting in (ten, three, nine, nine):
        await store.sightings.remember(CHANNEL.id, sighting)
    assert await store.sightings.after(CHANNEL.id, 0) == (three, nine, ten)
    assert await store.sightings.after(CHANNEL.id, 3) == (nine, ten)
    assert await store.sightings.after(OTHER_CHANNEL.id, 0) == ()


async def test_only_the_newest_sightings_are_kept(opened: Opener) -> None:
    """A channel's whole past is no business of ours."""
    store = opened(Terms()).store
    for number in range(1, SIGHTINGS_KEPT + 4):
        await store.sightings.remember(CHANNEL.id, Sighting(number, "d", 1.0))
    kept = await store.sightings.after(CHANNEL.id, 0)
    assert (len(kept), kept[0].number) == (SIGHTINGS_KEPT, 4)


async def test_a_chat_that_moved_is_found_at_its_new_number(opened: Opener) -> None:
    """And the last move counts."""
    store = opened(Terms()).store
    assert await store.addresses.moved_to(CHANNEL.id) is None
    for chat in (-100111, -100222):
        await store.addresses.move(CHANNEL.id, chat)
    assert await store.addresses.moved_to(CHANNEL.id) == -100222
    assert await store.addresses.moved_to(OTHER_CHANNEL.id) is None


async def test_the_numbers_of_a_chat_that_moved_are_forgotten_with_the_move(opened: Opener) -> None:
    """Its messages are numbered anew: a read-back that began at an old number would find nothing behind it."""
    rig = opened(Terms())
    await rig.admit([1, 2, 3], CHANNEL)
    await rig.admit([4, 5], OTHER_CHANNEL)
    await rig.post(CHANNEL, Sent(("55",)))
    await rig.post(OTHER_CHANNEL, Sent(("66",)))
    await rig.store.addresses.move(CHANNEL.id, -100111)
    first = await rig.next(CHANNEL)
    assert isinstance(first, Delivery)
    assert first.base == 0
    await rig.settle(first, Sent(("2",)))
    await rig.store.addresses.move(CHANNEL.id, -100111)  # Told once more, by a worker that learns of it later.
    second, other = await rig.next(CHANNEL), await rig.next(OTHER_CHANNEL)
    assert isinstance(second, Delivery)
    assert isinstance(other, Delivery)
    assert (second.base, other.base) == (2, 66)


async def test_what_was_uncertain_before_a_chat_moved_is_looked_for_from_no_number(opened: Opener) -> None:
    """Nor does a look that began among the old numbers answer any more."""
    rig = opened(Terms())
    await rig.admit([1, 2, 3], CHANNEL)
    await rig.post(CHANNEL, Sent(("55",)))
    await rig.post(CHANNEL, Unknown("no answer"))
    flying = await rig.next(CHANNEL)
    assert isinstance(flying, Delivery)
    [looked_for] = await rig.store.outbox.uncertain()
    assert (looked_for.base, flying.base) == (55, 55)
    await rig.store.addresses.move(CHANNEL.id, -100111)
    with pytest.raises(LeaseLost):
        await rig.store.outbox.resolve(read_back(looked_for, Absent(), rig.now().timestamp()))
    await rig.settle(flying, Unknown("no answer"))
    assert [delivery.base for delivery in await rig.store.outbox.uncertain()] == [0, 0]


async def test_where_the_lost_time_of_a_store_began_is_forgotten_of_a_chat_that_moved(opened: Opener) -> None:
    """It was one of the old numbers. The memory twin has no epoch."""
    rig = opened(Terms())
    if rig.server is None:
        return
    bases = [f"base:{target.id}" for target in (CHANNEL, OTHER_CHANNEL)]
    with rig.server.client() as redis:
        for base in bases:
            redis.hset(key("epoch"), base, "55")
        await rig.store.addresses.move(CHANNEL.id, -100111)
        assert redis.hmget(key("epoch"), bases) == [None, "55"]


async def test_a_change_of_an_old_post_teaches_no_number_of_a_chat_that_moved(opened: Opener) -> None:
    """It stands under an old number, if it does at all."""
    rig = opened(Terms())
    await rig.admit([1, 2], CHANNEL)
    posted = await rig.post(CHANNEL, Sent(("55",)))
    await rig.store.addresses.move(CHANNEL.id, -100111)
    deletion = Revision(CHANNEL.id, Errand.DELETE, posted.post, posted.post, FOR_EVER, by="11 Ali")
    await rig.store.outbox.revise(posted.story, [deletion])
    gone = await rig.next(CHANNEL)
    assert isinstance(gone, Delivery)
    assert gone.errand is Errand.DELETE
    await rig.settle(gone, Sent(("55",)))
    after = await rig.next(CHANNEL)
    assert isinstance(after, Delivery)
    assert after.base == 0


async def test_a_target_is_parked_before_anything_was_sent_there_and_its_lane_stands(opened: Opener) -> None:
    """The network said so; what is admitted waits and nothing is lost."""
    rig = opened(Terms())
    await rig.store.switch.park(CHANNEL.id, "no rights")
    assert await rig.store.switch.parked() == {CHANNEL.id: "no rights"}
    assert list(await rig.store.ledger.counts()) == [CHANNEL.id]
    await rig.admit([1], CHANNEL)
    assert await rig.next(CHANNEL) == Wait(None, "parked: no rights")
    await rig.store.switch.unpark(CHANNEL.id)
    assert await rig.store.switch.parked() == {}
    await rig.post(CHANNEL)


async def test_a_target_that_is_shut_for_long_is_named_until_it_takes_a_post(opened: Opener) -> None:
    """With what it said; a wait of seconds is no matter for people."""
    rig = opened(Terms())
    await rig.admit([1, 2], CHANNEL)
    await rig.post(CHANNEL, Later(ALARM_SECONDS, "no credits"))
    assert await rig.store.ledger.shut([ACCOUNT.id, CHANNEL.id]) == {CHANNEL.id: "no credits"}
    rig.end_patience()
    await rig.post(CHANNEL, Sent(("1",)))
    assert await rig.store.ledger.shut([CHANNEL.id]) == {}


async def test_nobody_is_asked_of_no_targets(opened: Opener) -> None:
    """A house without any."""
    assert await opened(Terms()).store.ledger.shut([]) == {}
