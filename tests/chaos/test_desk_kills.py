"""A worker is killed at each step of an editor's order: after the restart its effect is there once, and the editor is told."""

import asyncio
from collections import deque
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis

from tests.chaos.desk_orders import ORDERS, SETTINGS, Room, strike
from tests.chaos.points import Blow
from tests.chaos.scene import open_scene

ROOMS = 4
"""Side by side: a lane that lost its worker stands still until the lease is over."""
PATIENCE_SECONDS = 600


@pytest.mark.timeout(PATIENCE_SECONDS)
async def test_an_order_struck_at_any_named_step_is_carried_out_once_and_answered() -> None:
    """/push, /flash, undo and approval at every step; a correction and a retraction where something is half done."""
    waiting: deque[tuple[str, Blow]] = deque((name, blow) for name, (_, blows) in ORDERS.items() for blow in blows)

    async def hand(room: Room) -> None:
        while waiting:
            await strike(room, *waiting.popleft())

    async with (
        open_scene() as scene,
        scene.houses("desk", ROOMS, more=SETTINGS) as houses,
        AsyncExitStack() as stack,
    ):
        looks = [await stack.enter_async_context(Redis.from_url(one.url, decode_responses=True)) for one in houses]
        rooms = [Room(house, look) for house, look in zip(houses, looks, strict=True)]
        async with asyncio.TaskGroup() as hands:
            for room in rooms:
                hands.create_task(hand(room), name=f"orders in {room.house.name}")
        for house in houses:
            house.telegram.assert_clean()
            house.x.assert_clean()
