"""Workers that deliver while their store is taken from under them: nothing twice, nothing lost, one alert."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from newsroom.alert import Alert, Trouble
from tests.support.failover_stage import Stage, a_stage
from tests.support.store_process import SAFE, point, store_process


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder whose sockets have short names."""
    with tempfile.TemporaryDirectory(prefix="ajil-o", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def alerts(stage: Stage) -> list[Alert]:
    """What the desk is told by all workers together."""
    told = []
    for worker in stage.workers:
        while not worker.store.tidings.empty():
            told.append(worker.store.tidings.get_nowait())
    return told


@pytest.mark.parametrize(("seed", "cut_off"), [(1, 0.3), (2, 0.3), (3, 0.0)])
async def test_a_failover_to_a_replica_that_was_cut_off_doubles_and_loses_nothing(
    place: Path, seed: int, cut_off: float
) -> None:
    """Both workers send all the while; the replica heard nothing of the last third of a second."""
    async with AsyncExitStack() as stack:
        one, two = [await stack.enter_async_context(store_process(place / name, *SAFE)) for name in "ab"]
        url = point(place / "front", one)
        await two.follow(one)
        stage = await stack.enter_async_context(a_stage(url, seed))
        news = asyncio.create_task(stage.news_for(2.5))
        await asyncio.sleep(stage.chance.uniform(0.8, 1.6))
        if cut_off:
            await two.promote()
            await asyncio.sleep(cut_off)
        await one.kill()
        if not cut_off:
            await two.promote()
        point(place / "front", two)
        await news
        # One more, so that both workers have met the new server when all is done: a slow machine may be late.
        stage.publish()
        await stage.until_done()
        telegram, x = stage.standing()
        assert telegram == x == dict.fromkeys((entry.title for entry in stage.entries), 1)
        assert [alert.trouble for alert in alerts(stage)] == [Trouble.STORE_MOVED]


async def test_a_store_that_is_wiped_under_two_workers_posts_nothing_of_what_stood_in_the_feed(place: Path) -> None:
    """What comes after it is news again; one alert tells of the rest."""
    async with store_process(place / "a", *SAFE) as server, a_stage(server.url, 1) as stage:
        await stage.news_for(1.5)
        await stage.until_done()
        before = stage.standing()
        async with server.look() as redis:
            await redis.flushall()
        for worker in stage.workers:
            # As after a restart of the site's cache: the whole feed is shown as if it were new.
            worker.seen = 0
        await asyncio.sleep(1.5)
        assert stage.standing() == before
        assert [alert.trouble for alert in alerts(stage)] == [Trouble.STORE_FORGOT]
        known = len(stage.entries)
        await stage.news_for(0.5)
        await stage.until_done()
        telegram, x = stage.standing()
        assert telegram == x == dict.fromkeys((entry.title for entry in stage.entries), 1)
        assert len(stage.entries) > known
        assert alerts(stage) == []
