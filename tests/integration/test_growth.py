"""Growth: a year of news on a real store, in a minute: every key with a lifetime is made a day older each day."""

from datetime import UTC, datetime, timedelta

import pytest

from newsroom.delivery import Delivery, next_step
from newsroom.order import Form, Order
from newsroom.ports import FeedState
from newsroom.receipt import Sent
from store.keys import MEMORY_SECONDS, WINDOW_STORIES
from store.server import Server
from store.store import Store, redis_store
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission

DAYS, STORIES, FEEDS = 365, 8, 3
KNOWN_DAYS = MEMORY_SECONDS // 86_400
TARGETS = (CHANNEL, ACCOUNT)

_A_DAY_OLDER = """
local cursor = '0'
repeat
  local page = redis.call('SCAN', cursor, 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    local left = redis.call('PTTL', key)
    if left > 86400000 then redis.call('PEXPIRE', key, left - 86400000)
    elseif left >= 0 then redis.call('DEL', key) end
  end
until cursor == '0'
"""


async def a_day(store: Store, number: int, version: int) -> int:
    """Its stories, each sent to both targets, and its feeds' new states; gives the window's version."""
    now = datetime.now(UTC)  # noqa: TID251 - a real server has a real clock
    stories = [a_story(number * STORIES + index, met=now) for index in range(STORIES)]
    admissions = [an_admission(story, *TARGETS, fresh_for=timedelta(hours=1)) for story in stories]
    await store.outbox.admit(admissions, version)
    for target in TARGETS:
        for index in range(STORIES):
            taken = await store.outbox.take(target.id, "w1", 60.0)
            assert isinstance(taken, Delivery), taken
            await store.outbox.settle(next_step(taken, Sent((str(number * STORIES + index),)), now.timestamp()))
    for feed in range(FEEDS):
        known = {f"{number:04}{index:04}".encode(): b"abcdefgh" for index in range(10)}
        await store.feeds.remember(f"https://{feed}.example.com/feed/", FeedState(known))
    await store.journal.begin(Order(str(number), Form.COMMAND, 11, "", 11, 1, "/status", now.timestamp()))
    await store.journal.done(str(number), ())
    return version + STORIES


async def size_of(server: Server) -> tuple[int, int]:
    """Keys, and bytes that they take."""
    names = await server.names("*")
    sizes = await server.all_of([("MEMORY", "USAGE", name, "SAMPLES", 0) for name in names])
    return len(names), sum(int(size or 0) for size in sizes)


@pytest.mark.timeout(180)
async def test_a_year_of_news_takes_no_more_room_than_its_first_weeks(server: Server) -> None:
    """Once the oldest story is forgotten, each day takes what the day before it gave back."""
    store, version = redis_store(server), 0
    full, at_end = (0, 0), (0, 0)
    for number in range(1, DAYS + 1):
        version = await a_day(store, number, version)
        if number == max(KNOWN_DAYS + 5, WINDOW_STORIES // STORIES + 5):
            full = await size_of(server)
        if number == DAYS:
            at_end = await size_of(server)
        await server.all_of([("EVAL", _A_DAY_OLDER, 0)])
    assert full[0] > STORIES * KNOWN_DAYS, "nothing was kept at all"
    assert at_end[0] == full[0]
    assert at_end[1] <= full[1] * 1.01
    assert len((await store.outbox.recent(0)).stories) <= WINDOW_STORIES
