"""What is known of channels: one suite over the memory twin, Valkey and Debian's Redis."""

from newsroom.admission import Wait
from newsroom.ports import Sighting
from newsroom.rate import ALARM_SECONDS
from newsroom.receipt import Later, Sent
from store.keys import SIGHTINGS_KEPT
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
