"""A departure lets a body go piece by piece, and knows when the platform may hold the whole of it."""

from collections.abc import AsyncIterator

import pytest

from publishing.departure import DeadlinePassedError, Departure, departure_under_way
from tests.support.clock import ManualClock

MINUTE = 60.0


def leaving(clock: ManualClock) -> Departure:
    """A departure that has a minute."""
    return Departure(clock, clock.monotonic() + MINUTE)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    """A body in that many pieces."""
    for part in parts:
        yield part


async def test_a_body_passes_whole_and_in_order() -> None:
    """What comes out is what went in."""
    departure = leaving(ManualClock())
    assert [piece async for piece in departure.guard(pieces(b"a", b"b", b"c"))] == [b"a", b"b", b"c"]
    assert departure.left


async def test_a_body_has_not_left_before_its_last_piece_was_handed_out() -> None:
    """A platform carries out no half request."""
    departure = leaving(ManualClock())
    left = [(piece, departure.left) async for piece in departure.guard(pieces(b"a", b"b"))]
    assert left == [(b"a", False), (b"b", True)]


async def test_the_last_piece_is_held_back_when_the_deadline_passes_while_a_body_is_written() -> None:
    """Writing a picture takes time; the last byte is what counts."""
    clock = ManualClock()
    departure = leaving(clock)
    body = departure.guard(pieces(b"a", b"b"))
    assert await anext(body) == b"a"
    clock.advance(MINUTE + 1)
    with pytest.raises(DeadlinePassedError):
        await anext(body)
    assert not departure.left


async def test_a_departure_whose_body_nobody_guarded_counts_as_left() -> None:
    """A client that does not ask must never make a post look unsent."""
    assert leaving(ManualClock()).left


async def test_a_second_request_of_one_departure_begins_anew() -> None:
    """A file_id that was refused is followed by the bytes: the first request's leaving says nothing of the second's."""
    departure = leaving(ManualClock())
    assert [piece async for piece in departure.guard(pieces(b"a"))] == [b"a"]
    departure.guard(pieces(b"b"))
    assert not departure.left


async def test_a_body_without_a_byte_leaves_at_once() -> None:
    """There is nothing to hold back."""
    departure = leaving(ManualClock())
    assert [piece async for piece in departure.guard(pieces())] == []
    assert departure.left


async def test_nothing_leaves_once_the_attempt_is_over() -> None:
    """A client such as aiohttp writes in a task of its own, which may outlive the request."""
    departure = leaving(ManualClock())
    with departure.under_way():
        body = departure.guard(pieces(b"a"))
    with pytest.raises(DeadlinePassedError):
        await anext(body)
    assert not departure.left


def test_only_what_is_made_inside_belongs_to_a_departure() -> None:
    """Preparing a post runs under no deadline."""
    departure = leaving(ManualClock())
    with departure.under_way():
        assert departure_under_way() is departure
    assert departure_under_way() is None


def test_the_seconds_of_a_departure_run_out_and_stop_at_nothing() -> None:
    """They become a timeout, which may not be negative."""
    clock = ManualClock()
    departure = leaving(clock)
    assert departure.seconds == MINUTE
    clock.advance(2 * MINUTE)
    assert departure.seconds == 0.0


def test_a_request_may_begin_at_the_deadline_and_not_after_it() -> None:
    """The deadline is the last moment that is allowed."""
    clock = ManualClock()
    departure = leaving(clock)
    clock.advance(MINUTE)
    departure.check()
    clock.advance(0.001)
    with pytest.raises(DeadlinePassedError):
        departure.check()
