"""The form of what is kept: which layout of keys and values a store was written in, and the steps from one to the next.

Most changes want none: a field that is new gets its default, and one that is unknown is passed over (store/codec.py). A
step is for what an older value cannot be read as. Form 1 is what has no number: nothing is written before there is a
second.
"""

from collections.abc import Awaitable, Callable, Sequence

from newsroom.errors import StoreUnavailable
from store.keys import key
from store.server import Server

Step = Callable[[Server], Awaitable[None]]
"""Brings a store from one form to the next. Two workers may do it at once and one may die in it, so it can be repeated;
while a deploy rolls, older workers still write the form before, so the one after must read both."""

STEPS: Sequence[Step] = ()
"""The first leads from form 1 to 2. None was needed yet."""


async def brought_up(server: Server, where: str, steps: Sequence[Step] = STEPS) -> None:
    """Bring a store to the newest form, step by step.

    Raises:
        StoreUnavailable: a later Ajil wrote it, or it does not answer.
    """
    found = form_of(await server.text(key("form")))
    if found > newest(steps):
        raise StoreUnavailable(f"{where} was written by a later Ajil (form {found}): start that one, or one after it")
    for number, step in enumerate(steps[found - 1 :], start=found + 1):
        await step(server)
        _ = await server.put(key("form"), str(number))


def form_of(kept: str | None) -> int:
    """The number of a form, from what stands under its key."""
    return int(kept) if kept else 1


def newest(steps: Sequence[Step] = STEPS) -> int:
    """The form that this Ajil writes."""
    return len(steps) + 1
