"""Many wait, one timer watches: whoever takes too long is cut off, and nobody else."""

import asyncio

import pytest

from feeds.patience import Patience


async def forever(patience: Patience) -> None:
    """Wait for what never comes."""
    with patience:
        await asyncio.Event().wait()


async def test_whoever_takes_too_long_is_cut_off() -> None:
    """With TimeoutError, each at its own time."""
    patience = Patience(0.05)
    first = asyncio.create_task(forever(patience))
    await asyncio.sleep(0.03)
    second = asyncio.create_task(forever(patience))
    done, waiting = await asyncio.wait((first, second), return_when=asyncio.FIRST_COMPLETED)
    assert (done, waiting) == ({first}, {second})
    await asyncio.wait((second,))
    assert isinstance(first.exception(), TimeoutError)
    assert isinstance(second.exception(), TimeoutError)


async def test_whoever_is_in_time_is_left_alone() -> None:
    """Though others that began before and after are over."""
    patience = Patience(0.02)
    late = [asyncio.create_task(forever(patience)) for _ in range(3)]
    with patience:
        pass
    await asyncio.wait(late)
    assert all(isinstance(task.exception(), TimeoutError) for task in late)
    with patience:
        await asyncio.sleep(0)


async def test_whoever_is_cancelled_by_others_is_cancelled() -> None:
    """And no TimeoutError hides it, not even where both fall together."""
    patience = Patience(0.01)
    task = asyncio.create_task(forever(patience))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait((task,))
    assert task.cancelled()

    async def both() -> None:
        with Patience(0.0):
            asyncio.get_running_loop().call_soon(this.cancel)  # In the very turn in which the time is over.
            await asyncio.Event().wait()

    this = asyncio.create_task(both())
    await asyncio.wait((this,))
    assert this.cancelled()


async def test_another_fault_is_told_as_it_is() -> None:
    """What broke, broke."""
    with pytest.raises(OSError, match="broke"), Patience(1.0):
        raise OSError("it broke")


async def test_there_is_no_patience_within_patience() -> None:
    """It would be over at the wrong time."""
    patience = Patience(1.0)
    with pytest.raises(RuntimeError), patience, patience:
        pass
