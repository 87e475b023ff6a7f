"""Crews: rows of the table are made side by side, by processes with a cradle and houses each.

Much of chaos is waiting, for leases and quiet times, and one process that plays all networks would be one core's worth.
"""

import asyncio
import gc
import logging
import multiprocessing
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace

from tests.chaos.campaign import PARTS, Campaign, Plan
from tests.chaos.rows import Row
from tests.chaos.scene import open_scene

CREWS = 4


@dataclass(frozen=True, slots=True)
class Order:
    """What a crew is to make: rows, all at once in one scene.

    Attributes:
        names: short names of the rows.
        plan: how often.
        seed: of all chance.
    """

    names: tuple[str, ...]
    plan: Plan
    seed: str


@dataclass(frozen=True, slots=True)
class Made:
    """One row, or a part of it, and which points were struck for it."""

    name: str
    row: Row
    struck: Counter[str]
    missed: Counter[str]

    def __add__(self, other: "Made") -> "Made":
        """Two parts of one row."""
        return Made(self.name, self.row + other.row, self.struck + other.struck, self.missed + other.missed)


def orders(names: Sequence[str], plan: Plan, seed: int) -> list[Order]:
    """An order for each row, or for each part of a large one."""
    wanted = [(name, PARTS.get(name, 1)) for name in names]
    return [Order((name,), divided(plan, parts), f"{seed}.{part}") for name, parts in wanted for part in range(parts)]


def divided(plan: Plan, parts: int) -> Plan:
    """The plan of one part of so many; rounded up, so that all parts together make the whole."""
    numbers = {each.name: -(-getattr(plan, each.name) // parts) for each in fields(plan)}
    # Half of the failovers are with a replica that is cut off.
    numbers |= {"houses": plan.houses, "failovers": 2 * -(-plan.failovers // (2 * parts))}
    return replace(plan, **numbers)


@contextmanager
def open_crews(count: int = CREWS) -> Iterator[ProcessPoolExecutor]:
    """Processes of their own, forked from us before we have a thread: reading the fakes in anew costs each seconds."""
    gc.freeze()  # What is here stays: no crew copies it when it counts its own.
    try:
        with ProcessPoolExecutor(count, multiprocessing.get_context("fork")) as crews:
            yield crews
    finally:
        gc.unfreeze()


def placed(crews: ProcessPoolExecutor, order: Order) -> Future[list[Made]]:
    """Give an order to the next crew that is free."""
    return crews.submit(carried_out, order)


def result_of(done: Future[list[Made]], order: Order) -> list[Made]:
    """What a crew made; what broke off is a row that says so, for one part must not take the others with it."""
    if fault := done.exception():
        told = "".join(traceback.format_exception(fault))
        return [Made(name, Row(name, unmade=1, evidence=(told,)), Counter(), Counter()) for name in order.names]
    return done.result()


def carried_out(order: Order) -> list[Made]:
    """Make the rows of one order; runs in a crew."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # The fakes' own surprise at a broken request.
    return asyncio.run(_made(order))


async def _made(order: Order) -> list[Made]:
    # A group, so that where one row cannot be made the others end while their cradle is still there.
    async with open_scene() as scene, asyncio.TaskGroup() as group:
        work = [group.create_task(_one(Campaign(scene, order.plan, order.seed), name)) for name in order.names]
    return [each.result() for each in work]


async def _one(campaign: Campaign, name: str) -> Made:
    return Made(name, await campaign.makers()[name](), campaign.struck, campaign.missed)
