"""What a store holds after a year: 50 stories a day with full bodies, three targets, 20 feeds. Prints one line.

    python -m bench.growth

The same clockwork as tests/integration/test_growth.py, at the size that docs/operate.md states.
"""

import asyncio
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsroom.delivery import Delivery, next_step
from newsroom.ports import FeedState
from newsroom.receipt import Sent
from newsroom.target import Network, Target
from store.server import connect
from store.store import Store, redis_store
from tests.integration.test_growth import _A_DAY_OLDER, size_of
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission
from tests.support.store_server import valkey_server

DAYS, STORIES, FEEDS = 365, 50, 20
TARGETS = (CHANNEL, ACCOUNT, Target(Network.TELEGRAM, "@wasat_sport"))
BODY = "قال مسؤول محلي إن الجسر انهار فجر اليوم دون وقوع ضحايا بين المارة. " * 20


async def a_day(store: Store, number: int, version: int) -> int:
    """One day of news; gives the window's version."""
    now = datetime.now(UTC)  # noqa: TID251 - a real server has a real clock
    stories = [replace(a_story(number * STORIES + n, met=now), body=BODY, lead=BODY[:300]) for n in range(STORIES)]
    admissions = [an_admission(story, *TARGETS, fresh_for=timedelta(hours=1)) for story in stories]
    full = [replace(it, posts=tuple(replace(post, text=BODY[:700]) for post in it.posts)) for it in admissions]
    await store.outbox.admit(full, version)
    for target in TARGETS:
        for _ in range(STORIES):
            taken = await store.outbox.take(target.id, "w1", 60.0)
            assert isinstance(taken, Delivery), taken
            await store.outbox.settle(next_step(taken, Sent(("1",)), now.timestamp()))
    for feed in range(FEEDS):
        known = {f"{number:04}{index:04}".encode(): b"abcdefgh" for index in range(100)}
        await store.feeds.remember(f"https://{feed}.example.com/feed/", FeedState(known))
    return version + STORIES


async def main() -> None:
    """The whole year."""
    with tempfile.TemporaryDirectory(prefix="ajil-g") as folder, valkey_server(Path(folder)) as running:
        async with connect(running.url) as server:
            store, version = redis_store(server), 0
            for number in range(1, DAYS + 1):
                version = await a_day(store, number, version)
                if number in {7, 45, 60, 180, DAYS}:
                    keys, held = await size_of(server)
                    used = int((await server.info("memory"))["used_memory"])
                    print(f"day {number}: {keys} keys, {held / 2**20:.1f} MB held, {used / 2**20:.1f} MB used")
                await server.all_of([("EVAL", _A_DAY_OLDER, 0)])


if __name__ == "__main__":
    asyncio.run(main())
