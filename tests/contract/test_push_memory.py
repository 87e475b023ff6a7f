"""What is kept of pushes: one suite over the memory twin and the real server."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from newsroom.subscription import Stage, Subscription
from store.server import connect
from store.store import Store, memory_store, redis_store
from tests.support.clock import ManualClock

FEED, HUB = "https://alwasat.example.com/feed/", "https://hub.example.com/"
KEPT = Subscription("b" * 40, FEED, HUB, FEED, Stage.ACTIVE, asked=1.5, ends=9e9, due=8e9, tries=2, why="لا جواب")


@pytest.fixture(params=["memory", "valkey"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """Each kind of store, empty."""
    if request.param == "memory":
        yield memory_store(ManualClock())
        return
    running = request.getfixturevalue(request.param)
    running.wipe()
    async with connect(running.url) as server:
        yield redis_store(server)


async def test_a_note_is_taken_once(store: Store) -> None:
    """Whoever sends it again."""
    assert [await store.hooks.first_time(name) for name in ("n1", "n1", "n2")] == [True, False, True]


async def test_a_subscription_is_found_by_its_path_as_it_was_kept(store: Store) -> None:
    """Word for word; another path is another subscription."""
    assert await store.subscriptions.find(KEPT.path) is None
    await store.subscriptions.keep(KEPT)
    assert await store.subscriptions.find(KEPT.path) == KEPT
    assert await store.subscriptions.find("c" * 40) is None


async def test_a_subscription_is_replaced_and_dropped(store: Store) -> None:
    """There is one for each path; what is dropped is gone, and may be dropped again."""
    first = replace(KEPT, path="a" * 40, stage=Stage.FOUND)
    for subscription in (KEPT, first, replace(KEPT, stage=Stage.LEAVING)):
        await store.subscriptions.keep(subscription)
    assert await store.subscriptions.all() == (first, replace(KEPT, stage=Stage.LEAVING))
    for _ in range(2):
        await store.subscriptions.drop(KEPT.path)
    assert await store.subscriptions.all() == (first,)
