"""The machine's clock: a wait ends with its event or with its time, whichever comes first."""

import asyncio

import pytest

from bot.clock import MachineClock


async def test_a_wait_ends_with_its_event() -> None:
    """In the turn of the loop after the event was set."""
    event, ended = asyncio.Event(), []

    async def wait() -> None:
        ended.append(await MachineClock().wait(event, 60.0))

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    event.set()
    await asyncio.sleep(0)
    assert ended == [True]
    await waiting


async def test_an_event_that_was_set_before_ends_it_at_once() -> None:
    """However little time there is."""
    event = asyncio.Event()
    event.set()
    assert await MachineClock().wait(event, 0.0) is True


async def test_a_wait_ends_with_its_time() -> None:
    """And says that nothing happened."""
    assert await MachineClock().wait(asyncio.Event(), 0.0) is False


async def test_who_is_cancelled_while_it_waits_is_cancelled() -> None:
    """A stop is no end of time."""
    waiting = asyncio.create_task(MachineClock().wait(asyncio.Event(), 60.0))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
