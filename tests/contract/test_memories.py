"""The smaller memories: one suite over the memory twin and the real server."""

from collections.abc import AsyncIterator

import pytest

from newsroom.ports import FeedState
from store.server import connect
from store.store import Store, memory_store, redis_store
from tests.support.clock import ManualClock


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


async def test_a_feed_is_unknown_at_first_sight_and_remembered_after(store: Store) -> None:
    """Known entries, validators and the watermark come back as they were."""
    known = {b"guid0001": b"text0001", b"\x00" * 8: b"\xff" * 8}
    schemes = frozenset({"https://a.example.com/?p=#", "tag:خبر-#"})
    state = FeedState(known, '"etag"', "Mon, 23 Nov 2026", 1.5, schemes=schemes)
    assert await store.feeds.recall("https://a.example.com/feed/") is None
    await store.feeds.remember("https://a.example.com/feed/", state)
    assert await store.feeds.recall("https://a.example.com/feed/") == state
    assert await store.feeds.recall("https://b.example.com/feed/") is None


async def test_an_upload_is_remembered_for_its_owner_until_it_is_forgotten(store: Store) -> None:
    """A file_id belongs to one bot."""
    await store.uploads.remember("tg:one", "d1", "AgAC")
    assert await store.uploads.recall("tg:one", "d1") == "AgAC"
    assert await store.uploads.recall("tg:two", "d1") is None
    await store.uploads.forget("tg:one", "d1")
    assert await store.uploads.recall("tg:one", "d1") is None


async def test_a_lease_is_held_by_one_worker_until_it_is_dropped(store: Store) -> None:
    """The holder renews it; another waits."""
    assert await store.leases.hold("listener", "w1", 30.0)
    assert await store.leases.hold("listener", "w1", 30.0)
    assert not await store.leases.hold("listener", "w2", 30.0)
    await store.leases.drop("listener", "w2")
    assert not await store.leases.hold("listener", "w2", 30.0)
    await store.leases.drop("listener", "w1")
    assert await store.leases.hold("listener", "w2", 30.0)
