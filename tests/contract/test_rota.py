"""The rota: who polls which feed. One suite over the memory twin and the real server."""

import pytest

from newsroom.rota import Seat, Turnout
from store.terms import Terms
from tests.support.pacing_rig import Opener, Rig

ONE, TWO, OTHER = Seat("one.1", "list"), Seat("two.1", "list"), Seat("three.1", "another list")
FEEDS = [f"https://site{number}.example.com/feed/" for number in range(6)]
LEASE = 0.6
"""Seconds; a real server's clock cannot be moved."""


@pytest.fixture
def rig(opened: Opener) -> Rig:
    """A store whose time passes."""
    return opened(Terms())


async def claimed(rig: Rig, seat: Seat, most: int, feeds: list[str] | None = None) -> list[str]:
    """Claim, and tell what was got, in order."""
    return sorted(await rig.store.rota.claim(seat, feeds or FEEDS, most, ahead=3.0, busy=5.0))


async def test_those_with_the_same_list_are_counted_together(rig: Rig) -> None:
    """A worker with other feeds takes no share of ours."""
    rota = rig.store.rota
    assert (await rota.join(ONE, LEASE)).workers == 1
    assert (await rota.join(OTHER, LEASE)).workers == 1
    assert (await rota.join(TWO, LEASE)).workers == 2
    assert await rota.renew(ONE, LEASE, {}) == Turnout(2, 3)


async def test_a_feed_is_held_by_one(rig: Rig) -> None:
    """At most as many as asked for, and none that somebody else holds."""
    await rig.store.rota.join(ONE, LEASE)
    await rig.store.rota.join(TWO, LEASE)
    assert await claimed(rig, ONE, 4) == FEEDS[:4]
    assert await claimed(rig, TWO, 9) == FEEDS[4:]
    assert await claimed(rig, TWO, 9, FEEDS[:4]) == []


async def test_an_answer_that_was_lost_is_given_again(rig: Rig) -> None:
    """What is ours already is ours when we ask for it."""
    await rig.store.rota.join(ONE, LEASE)
    assert await claimed(rig, ONE, 2) == await claimed(rig, ONE, 2) == FEEDS[:2]


async def test_a_feed_that_falls_due_soon_is_counted_as_polled_when_it_is_claimed(rig: Rig) -> None:
    """So the next to take it over comes a little later; one that is due later keeps its time."""
    rota = rig.store.rota
    await rota.join(ONE, LEASE)
    assert await rota.claim(ONE, FEEDS[:2], 9, ahead=3.0, busy=5.0) == {FEEDS[0]: None, FEEDS[1]: None}
    await rota.renew(ONE, LEASE, {FEEDS[1]: 20.0})
    await rota.leave(ONE, {})
    await rota.join(TWO, LEASE)
    found = await rota.claim(TWO, FEEDS[:2], 9, ahead=3.0, busy=5.0)
    assert found == {FEEDS[0]: pytest.approx(5.0, abs=0.3), FEEDS[1]: pytest.approx(20.0, abs=0.3)}


async def test_a_feed_that_was_given_back_is_free_at_its_time(rig: Rig) -> None:
    """And the turn moves on, so that others look."""
    rota = rig.store.rota
    await rota.join(ONE, LEASE)
    two = await rota.join(TWO, LEASE)
    await claimed(rig, ONE, 6)
    assert await rota.renew(TWO, LEASE, {}) == two
    await rota.renew(ONE, LEASE, {FEEDS[3]: 12.0}, [FEEDS[3]])
    after = await rota.renew(TWO, LEASE, {})
    assert after is not None
    assert after.turn == two.turn + 1
    found = await rota.claim(TWO, FEEDS, 9, ahead=3.0, busy=5.0)
    assert found == {FEEDS[3]: pytest.approx(12.0, abs=0.3)}


async def test_nobody_tells_of_anothers_feed(rig: Rig) -> None:
    """A sleeper that wakes changes nothing of what others hold now."""
    rota = rig.store.rota
    await rota.join(ONE, LEASE)
    await rota.join(TWO, LEASE)
    await claimed(rig, ONE, 6)
    await rota.renew(TWO, LEASE, {FEEDS[0]: 99.0}, [FEEDS[0]])
    assert await claimed(rig, TWO, 9) == []
    await rota.leave(ONE, {})
    assert (await rota.claim(TWO, FEEDS[:1], 9, ahead=3.0, busy=5.0))[FEEDS[0]] == pytest.approx(5.0, abs=0.3)


async def test_the_feeds_of_the_dead_are_free_when_their_seat_runs_out(rig: Rig) -> None:
    """And the seat is gone: it cannot be renewed, nor claim."""
    rota = rig.store.rota
    await rota.join(ONE, LEASE)
    await rota.join(TWO, LEASE * 3)
    await claimed(rig, ONE, 6)
    assert await claimed(rig, TWO, 9) == []
    before = await rota.renew(TWO, LEASE * 3, {})
    await rig.live(LEASE * 1.2)
    after = await rota.renew(TWO, LEASE, {})
    assert before is not None
    assert after is not None
    assert (after.workers, after.turn) == (1, before.turn + 1)
    assert await claimed(rig, TWO, 9) == FEEDS
    assert await rota.renew(ONE, LEASE, {FEEDS[0]: 99.0}) is None
    assert await claimed(rig, ONE, 9) == []


async def test_leaving_gives_up_everything(rig: Rig) -> None:
    """At once, and twice is once."""
    rota = rig.store.rota
    await rota.join(ONE, LEASE)
    await claimed(rig, ONE, 6)
    await rota.leave(ONE, dict.fromkeys(FEEDS, -1.0))
    await rota.leave(ONE, dict.fromkeys(FEEDS, 99.0))
    assert (await rota.join(TWO, LEASE)).workers == 1
    found = await rota.claim(TWO, FEEDS, 9, ahead=3.0, busy=5.0)
    assert found == dict.fromkeys(FEEDS, pytest.approx(-1.0, abs=0.3))


async def test_many_feeds_are_told_and_claimed_in_parts(rig: Rig) -> None:
    """Two and a half thousand of them."""
    rota = rig.store.rota
    feeds = [f"https://site{number}.example.com/feed/" for number in range(2500)]
    await rota.join(ONE, 30.0)
    assert len(await rota.claim(ONE, feeds, 2400, ahead=3.0, busy=5.0)) == 2400
    dues = dict.fromkeys(feeds, 40.0)
    await rota.renew(ONE, 30.0, dues, feeds[:10])
    await rota.leave(ONE, dues)
    await rota.join(TWO, 30.0)
    found = await rota.claim(TWO, feeds, 9999, ahead=3.0, busy=5.0)
    late = sum(due is not None and due > 30 for due in found.values())
    assert (len(found), late) == (2500, 2400)
