"""Two workers that deliver from one store while it is taken from under them; the channel and the account are fakes."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

from pydantic import SecretStr

from bot.clock import MachineClock
from newsroom.corridor import House
from newsroom.delivery import Delivery, Lane
from newsroom.desk import Desk
from newsroom.entry import Entry
from newsroom.errors import StoreUnavailable
from newsroom.ports import Platform
from newsroom.post import Post, PostKind
from newsroom.rules import Rules
from newsroom.story import Kicker, Story
from newsroom.target import Target, TargetId
from publishing.dispatch import Dispatcher, Pace
from publishing.reconcile import Reconciler
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from publishing.x_account import XAccount
from publishing.x_client import XClient
from store.server import connect
from store.store import Store, redis_store
from tests.chaos.headlines import headline
from tests.support.fake_telegram import FakeTelegram
from tests.support.fake_x import FakeX
from tests.support.newsroom import SITE
from tests.support.platform_stage import ACCOUNT, CHANNEL, CHANNEL_ID, X_KEYS, OnePicture
from tests.support.rounds import rounds_of
from tests.support.x_clients import KEYS

DESK = -1009999999999
EDITOR = 11
PACE = Pace(lease=1.5, request=0.5, answer=0.4, margin=0.3, look=0.1, idle=0.05, store_down=0.1)
"""The shipped proportions, thirty times as fast."""
POLL_SECONDS = 0.1
EVERY_SECONDS = 0.15
"""Between two articles of the site."""


class BareRenderer:
    """Renders the headline alone."""

    def render(self, story: Story, kicker: Kicker | None, lane: Lane, target: Target) -> Post:
        """The headline."""
        return Post(target.id, PostKind.TEXT, story.headline, headline=story.headline, link=story.link)


@dataclass(slots=True)
class Worker:
    """One worker: its own store, desk, lanes and read-back, and what it has seen of the feed."""

    store: Store
    desk: Desk
    dispatcher: Dispatcher
    reconciler: Reconciler
    seen: int = 0


@dataclass(slots=True)
class Stage:
    """The site, both networks, and two workers."""

    telegram: FakeTelegram
    x: FakeX
    workers: list[Worker]
    chance: random.Random
    entries: list[Entry] = field(default_factory=list)
    settled: list[Delivery] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def publish(self) -> None:
        """One more article."""
        number = len(self.entries) + 1
        link = f"https://alwasat.example.com/?p={number}"
        self.entries.append(
            Entry(
                headline("stage", number), site="alwasat.example.com", guid=link, post_id=number, link=link,
                published=MachineClock().now(),
            )
        )  # fmt: skip

    async def news_for(self, seconds: float) -> None:
        """Articles come for so long."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            self.publish()
            await asyncio.sleep(EVERY_SECONDS)

    async def poll(self, worker: Worker) -> None:
        """As the intake does: what the door did not take comes again."""
        while not self.stop.is_set():
            unseen = self.entries[worker.seen :]
            with suppress(StoreUnavailable):
                await worker.desk.take_in(unseen, first_sight=False)
                worker.seen += len(unseen)
            await asyncio.sleep(POLL_SECONDS * self.chance.uniform(0.5, 2.0))

    def standing(self) -> tuple[Counter[str], Counter[str]]:
        """How often each headline stands on Telegram and on X."""
        posts = [post.text for post in self.telegram.posts(CHANNEL_ID) if not post.deleted]
        tweets = [post.text.split("\n")[0] for post in self.x.posts()]
        return Counter(posts), Counter(tweets)

    async def is_done(self) -> bool:
        """Every article was met by every worker, and nothing waits."""
        if any(worker.seen < len(self.entries) for worker in self.workers):
            return False
        with suppress(StoreUnavailable):
            counts = await self.workers[0].store.ledger.counts()
            open_ones = sum(sum(states.values()) for states in counts.values())
            return not open_ones and not await self.workers[0].store.outbox.uncertain()
        return False

    async def until_done(self, seconds: float = 30.0) -> None:
        """Wait for that."""
        async with asyncio.timeout(seconds):
            while not await self.is_done():  # noqa: ASYNC110 - other tasks ring no bell for it
                await asyncio.sleep(0.1)

    async def run(self) -> None:
        """Everything side by side, until `stop`."""
        async with asyncio.TaskGroup() as group:
            for worker in self.workers:
                group.create_task(worker.dispatcher.run(self.stop))
                rounds = rounds_of(worker.reconciler.look, MachineClock(), PACE.look)
                group.create_task(rounds.run(self.stop))
                group.create_task(self.poll(worker))


async def _nobody(_: Delivery) -> None:
    return


@asynccontextmanager
async def a_stage(url: str, seed: int) -> AsyncIterator[Stage]:
    """Two running workers on the store at `url`."""
    clock = MachineClock()
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(FakeTelegram())
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "wasat")
        telegram.add_user(EDITOR, "Ali")
        telegram.add_group(DESK, "التحرير", members=[EDITOR])
        x = await stack.enter_async_context(FakeX(keys=KEYS, clock=clock.now))
        stage = Stage(telegram, x, [], random.Random(seed))  # noqa: S311 - chance of a test, and the same at each run
        for number in range(2):
            server = await stack.enter_async_context(connect(url))
            store = redis_store(server)
            bot = await stack.enter_async_context(open_bot(SecretStr(telegram.token), telegram.url, read_seconds=0.4))
            client = await stack.enter_async_context(XClient(X_KEYS, x.url, request_seconds=0.4))
            channel = TelegramChannel(
                CHANNEL, bot, OnePicture(), store.uploads, clock, desk=DESK, request_seconds=PACE.answer
            )
            platforms: dict[TargetId, Platform] = {
                CHANNEL.id: channel,
                ACCOUNT.id: XAccount(ACCOUNT, client, OnePicture(), clock),
            }
            dispatcher = Dispatcher(
                store.outbox, platforms, clock, worker=f"w{number}", settled=stage.settled.append, pace=PACE
            )
            reconciler = Reconciler(
                store.outbox,
                platforms,
                clock,
                settled=stage.settled.append,
                ask=_nobody,
                lease_seconds=PACE.lease,
            )
            house = House(SITE, Rules(post_ordinary=True), (CHANNEL, ACCOUNT))
            desk = Desk(house, BareRenderer(), store.outbox, clock, one_at_a_time=asyncio.Lock(), wake=dispatcher.wake)
            stage.workers.append(Worker(store, desk, dispatcher, reconciler))
        running = asyncio.create_task(stage.run())
        try:
            yield stage
        finally:
            stage.stop.set()
            await running
