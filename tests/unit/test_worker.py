"""The worker: parts run side by side until they are told to stop, and are let finish, but not for ever."""

import asyncio

import pytest

from bot.worker import PartDiedError, run_parts


class Patient:
    """Runs until stop, then takes a while to finish."""

    def __init__(self, finishing: asyncio.Event | None = None) -> None:
        self.finishing = finishing
        self.running = asyncio.Event()
        self.finished = False

    async def run(self, stop: asyncio.Event) -> None:
        """Run."""
        self.running.set()
        await stop.wait()
        if self.finishing is not None:
            await self.finishing.wait()
        self.finished = True


class Mortal:
    """Ends by itself, with an error where one is given."""

    def __init__(self, fault: Exception | None) -> None:
        self.fault = fault

    async def run(self, stop: asyncio.Event) -> None:
        """End."""
        if self.fault:
            raise self.fault


async def test_a_stop_waits_for_what_every_part_has_begun() -> None:
    """A send in flight is finished and written down."""
    stop, may_finish = asyncio.Event(), asyncio.Event()
    part = Patient(may_finish)
    running = asyncio.create_task(run_parts({"part": part}, stop))
    await part.running.wait()
    stop.set()
    may_finish.set()
    async with asyncio.timeout(5):
        await running
    assert part.finished


async def test_a_part_that_does_not_finish_is_cut_off_when_the_drain_is_over() -> None:
    """Hosts kill after half a minute; we are gone before."""
    stop = asyncio.Event()
    stuck, other = Patient(asyncio.Event()), Patient()
    running = asyncio.create_task(run_parts({"stuck": stuck, "other": other}, stop, drain_seconds=0.01))
    await stuck.running.wait()
    stop.set()
    async with asyncio.timeout(5):
        await running
    assert (stuck.finished, other.finished) == (False, True)


@pytest.mark.parametrize("fault", [None, ValueError("broken")])
async def test_a_part_that_ends_by_itself_stops_the_others_in_order_and_is_told(fault: Exception | None) -> None:
    """The host starts the worker anew; no part runs on alone."""
    other = Patient()
    with pytest.raises(PartDiedError, match="mortal"):
        await run_parts({"mortal": Mortal(fault), "other": other}, asyncio.Event())
    assert other.finished
