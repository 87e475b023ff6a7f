"""The vigil: gentle looks at the articles of posted stories, and one question when one is gone."""

import asyncio
from dataclasses import dataclass, field

from feeds.vigil import AGAIN_SECONDS, EVERY_SECONDS, LIST_SECONDS, REST_SECONDS, WATCHED_SECONDS, Vigil
from newsroom.delivery import Delivery, next_step
from newsroom.ports import Life
from newsroom.receipt import Sent
from store.store import memory_store
from tests.support.clock import ManualClock
from tests.support.newsroom import CHANNEL, a_story, an_admission
from tests.support.rounds import rounds_of


@dataclass
class Rig:
    """A vigil over a memory store and a site whose answers a test sets."""

    clock: ManualClock = field(default_factory=ManualClock)
    status: int = 200
    looks: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = memory_store(self.clock)
        self.vigil = Vigil(
            self._status_of, self.store.ledger, self.store.leases, self.clock, ask=self._ask, worker="w1"
        )

    async def _status_of(self, url: str) -> int:
        self.looks.append(url)
        return self.status

    async def _ask(self, life: Life) -> None:
        self.asked.append(life.story.id)

    async def post(self, number: int = 1) -> None:
        """A story that stands in the channel."""
        story = a_story(number, met=self.clock.now())
        version = (await self.store.outbox.recent(0)).version
        await self.store.outbox.admit([an_admission(story, CHANNEL)], version)
        taken = await self.store.outbox.take(CHANNEL.id, "w1", 60.0)
        assert isinstance(taken, Delivery)
        await self.store.outbox.settle(next_step(taken, Sent(("1",)), self.clock.now().timestamp()))

    async def watch(self, seconds: float, step: float = 10.0) -> None:
        """Let the vigil look every few seconds for so long."""
        for _ in range(int(seconds / step)):
            await self.vigil.look()
            self.clock.advance(step)
        await self.vigil.look()


async def test_an_article_is_looked_at_once_in_a_quarter_of_an_hour() -> None:
    """And by the link that readers follow."""
    rig = Rig()
    await rig.post()
    await rig.watch(4 * EVERY_SECONDS)
    assert len(rig.looks) == 4
    assert set(rig.looks) == {"https://alwasat.example.com/?p=1"}


async def test_many_articles_are_looked_at_one_by_one_and_spread_over_the_time() -> None:
    """Never two in one look."""
    rig = Rig()
    for number in range(1, 21):
        await rig.post(number)
    most = 0
    for _ in range(int(EVERY_SECONDS / 10)):
        before = len(rig.looks)
        await rig.watch(10.0)
        most = max(most, len(rig.looks) - before)
    assert most <= 2
    assert len(set(rig.looks)) == 20


async def test_two_404s_five_minutes_apart_are_put_to_the_desk() -> None:
    """One is a site that stumbled."""
    rig = Rig(status=404)
    await rig.post()
    while not rig.looks:
        await rig.watch(10.0)
    assert rig.asked == []
    await rig.watch(AGAIN_SECONDS - 20.0)
    assert len(rig.looks) == 1
    await rig.watch(40.0)
    assert rig.asked == [a_story(1).id]


async def test_410_counts_as_404_and_an_outage_as_nothing() -> None:
    """0 is no answer at all."""
    rig = Rig(status=410)
    await rig.post()
    while not rig.looks:
        await rig.watch(10.0)
    for status in (0, 503):
        rig.status = status
        await rig.watch(EVERY_SECONDS)
    assert rig.asked == []
    rig.status = 410
    await rig.watch(EVERY_SECONDS)
    assert len(rig.asked) == 1


async def test_an_article_that_is_back_is_no_longer_suspected() -> None:
    """404, 200, 404: nobody is asked."""
    rig = Rig(status=404)
    await rig.post()
    for status in (404, 200, 404):
        rig.status, seen = status, len(rig.looks)
        while len(rig.looks) == seen:
            await rig.watch(10.0)
    assert rig.asked == []


async def test_after_a_day_an_article_is_looked_at_no_more() -> None:
    """The post is history."""
    rig = Rig()
    await rig.post()
    await rig.vigil.look()
    rig.clock.advance(WATCHED_SECONDS + LIST_SECONDS)
    await rig.watch(2 * EVERY_SECONDS)
    assert rig.looks == []


async def test_only_the_worker_that_holds_the_lease_looks() -> None:
    """Ten workers are one visitor to the site."""
    rig = Rig()
    await rig.post()
    stop = asyncio.Event()
    running = asyncio.create_task(rounds_of(rig.vigil.round, rig.clock, REST_SECONDS).run(stop))
    for _ in range(int(EVERY_SECONDS / 10)):
        assert await rig.store.leases.hold("vigil", "other", 60.0)
        await rig.clock.walk(10.0)
    assert rig.looks == []
    await rig.store.leases.drop("vigil", "other")
    await rig.clock.walk(2 * EVERY_SECONDS)
    assert rig.looks
    stop.set()
    await running
