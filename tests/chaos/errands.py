"""What is more than one post: editors push stories, the site corrects what stands, and workers are killed meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from store.keys import key
from tests.chaos.headlines import headline
from tests.chaos.house import CHANNELS, EDITOR, TARGETS, UNMET_MOST, House
from tests.chaos.points import Blow, Moment, Point

EDIT = "editMessageMedia"
"""A card carries the headline, so a corrected headline is a new picture too."""
EDIT_POINTS = tuple(Point(moment, EDIT) for moment in Moment)
PUSHED_FROM = 1_000_000
"""Numbers of articles that an editor pushes and the feed does not carry."""
BODY = "قال مسؤول محلي إن الأعمال بدأت فجر اليوم وتستمر حتى المساء."
PATIENCE_SECONDS = 4.0
"""An editor who has no answer by then says it again, as people do."""
PACE_SECONDS = 0.3
EVERY_SECONDS = 2.0
"""Between one push and the next."""
LIVES = (0.8, 3.5)
"""Seconds that a worker lives: it takes half of one until it listens to the editors."""
SETTINGS = {"EDITORS": f"{EDITOR}:editor"}


def blows(times: int) -> list[Blow]:
    """Deaths in the middle of an edit."""
    return [Blow(point) for point in EDIT_POINTS for _ in range(times)]


@asynccontextmanager
async def busy_editors(houses: Sequence[House], chance: random.Random) -> AsyncIterator[list[int]]:
    """Each house's editors push and its site corrects; gives the numbers that had to be pushed again."""
    stop, again = asyncio.Event(), list[int]()
    async with asyncio.TaskGroup() as desks:
        for house in houses:
            desks.create_task(_pushing(house, stop, again), name=f"desk {house.name}")
            desks.create_task(_correcting(house, stop, random.Random(chance.random())), name=f"site {house.name}")  # noqa: S311 - repeatable
        try:
            yield again
        finally:
            stop.set()


async def _pushing(house: House, stop: asyncio.Event, again: list[int]) -> None:
    """One story after another; the next when this one is known."""
    loop = asyncio.get_running_loop()
    number = PUSHED_FROM
    async with Redis.from_url(house.url, decode_responses=True) as look:
        while not stop.is_set():
            await asyncio.sleep(EVERY_SECONDS)
            number += 1
            words = headline(f"{house.name} pushed", number)
            house.stories[number] = words
            asked = 0.0
            while not await _is_known(look, house, number):
                # The minute of a dead listener's lease passes at once here.
                await look.delete(key("lease", "listener"))
                if loop.time() - asked > PATIENCE_SECONDS:
                    if asked:
                        again.append(number)
                    asked = loop.time()
                    house.telegram.say(EDITOR, f"/push {words}\n\n{BODY}\n\n{house.site.home}/?p={number}")
                if stop.is_set() and loop.time() - asked > PATIENCE_SECONDS / 2:
                    del house.stories[number]  # Nobody is left to answer; it was not taken in.
                    break
                await asyncio.sleep(PACE_SECONDS)


async def _is_known(look: Redis, house: House, number: int) -> bool:
    with suppress(RedisError, OSError):
        return bool(await look.exists(key("ident", house.ident(number))))
    return False


async def _correcting(house: House, stop: asyncio.Event, chance: random.Random) -> None:
    """A headline that stands everywhere, made longer: the old words remain in it, so it is counted as before.

    Only of articles that the feed still shows at its next poll: of an edit further back no feed tells, only the hook.
    """
    while not stop.is_set():
        await asyncio.sleep(2 * PACE_SECONDS)
        standing = [
            number
            for number in sorted(house.site.articles)[UNMET_MOST - house.site.window :]
            if number in house.stories
            and number not in house.corrected
            and all(house.posts(target, house.stories[number]) for target in TARGETS)
        ]
        if standing:
            number = chance.choice(standing)
            house.corrected[number] = f"{house.stories[number]} واليوم التالي"
            house.site.edit(number, house.corrected[number])


def edits(house: House) -> int:
    """How often posts were edited there."""
    return sum(len(post.history) for chat in CHANNELS for post in house.telegram.posts(chat))
