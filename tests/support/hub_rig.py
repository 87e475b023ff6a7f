"""A site, its hub, and our side between them: a subscriber with its callbacks on a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import SecretStr

from bot.metrics import Metrics
from bot.turnstile import Turnstile
from bot.web import serve, web_app
from bot.web_gate import Gate
from bot.web_hooks import CALLBACKS, HookPages, Hubs
from feeds.answer import Fetched
from feeds.cell import Cells
from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher
from feeds.known import Known
from feeds.ping import HubPings
from feeds.push import WordPressPush
from feeds.reading import read
from feeds.subscriber import REST_SECONDS, SpottingSource, Subscriber, Terms
from feeds.validators import Validators
from newsroom.ports import FeedState, Life
from newsroom.subscription import Subscription
from publishing.wall import Wall
from store.store import Store, memory_store
from tests.browser.newsroom import DrawnPictures
from tests.support.clock import ManualClock
from tests.support.fake_hub import FakeHub
from tests.support.feed_server import FakeSite, FeedServer
from tests.support.intake_room import LOOPBACK, WatchedDoor, until
from tests.support.rounds import rounds_of
from tests.support.site_hook import SECRET

NEWS = "انهيار جسر قديم وسط العاصمة"


@dataclass(slots=True)
class HubRig:
    """A site, its hub, and our side between them."""

    clock: ManualClock
    hub: FakeHub
    site: FakeSite
    store: Store
    subscriber: Subscriber
    source: SpottingSource
    metrics: Metrics
    feeds: FeedList
    door: WatchedDoor = field(default_factory=WatchedDoor)
    nudged: list[str] = field(default_factory=list)
    callbacks: str = ""

    async def read(self) -> None:
        """The intake reads the feed, and the subscriber has its turn."""
        await self.source.fetch(self.site.url, Validators(), plain=True)
        await self.turn()

    async def turn(self) -> None:
        """The subscriber looks once."""
        await self.clock.until_asleep()
        self.clock.advance(REST_SECONDS)
        await self.clock.until_asleep()

    async def subscribed(self) -> Subscription:
        """Once the hub tells us of the feed."""
        await self.read()
        await until(lambda: bool(self.hub.subscribers))
        return await self.kept()

    async def kept(self) -> Subscription:
        """The one subscription."""
        [subscription] = await self.store.subscriptions.all()
        return subscription

    def came_to(self, outcome: str) -> float:
        """How often a callback came to this."""
        return self.metrics.registry.get_sample_value("ajil_hooks_total", {"hook": "websub", "outcome": outcome}) or 0.0


@asynccontextmanager
async def hub_rig(*, feeds: tuple[str, ...] | None = None, store: Store | None = None) -> AsyncIterator[HubRig]:
    """A subscriber at work, with its callbacks on a real socket. `feeds` are ours in the place of the site's."""
    clock = ManualClock(datetime.now(UTC))  # noqa: TID251 - the site's pages carry dates
    store = store or memory_store(clock)
    at = f"http://127.0.0.1:{a_free_port()}"
    async with FakeHub() as hub, FeedServer(clock) as sites, FeedFetcher(clock, allow=LOOPBACK) as fetcher:
        site, metrics, door, nudged = sites.site("wasat"), Metrics(), WatchedDoor(), list[str]()
        site.publish("خبر قديم")
        site.headers["Link"] = f'<{hub.url}>; rel="hub", <{site.url}>; rel="self"'
        ours = FeedList((site.url,) if feeds is None else feeds, store.feed_changes)
        subscriber = Subscriber(
            Terms(SecretStr(SECRET), at + CALLBACKS, plain=True),
            ours,
            store.subscriptions,
            courier=fetcher,
            leases=store.leases,
            clock=clock,
            worker="w1",
        )
        pings = HubPings(store.feeds, door, Cells(most=1), nudged.append, ours)
        push = WordPressPush(
            SecretStr(""),
            FeedList(()),
            door,
            hooks=store.hooks,
            ledger=store.ledger,
            clock=clock,
            ask=nobody,
            nudge=nudged.append,
        )
        pages = HookPages(push, Gate(Turnstile(clock), clock, metrics), Hubs(subscriber, pings))
        app = web_app(Wall(), DrawnPictures(), clock, token=None, demo=False, health=well, hooks=pages)
        source, stop = SpottingSource(fetcher, subscriber), asyncio.Event()
        async with serve(app, host="127.0.0.1", port=int(at.rpartition(":")[2])):
            running = asyncio.create_task(rounds_of(subscriber.round, clock, REST_SECONDS).run(stop))
            yield HubRig(clock, hub, site, store, subscriber, source, metrics, ours, door, nudged, at + CALLBACKS)
            stop.set()
            await running
        hub.assert_clean()


def a_free_port() -> int:
    """A port that nobody has; a callback's address is told before it is served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def well() -> dict[str, bool]:
    """Health that says nothing."""
    return {}


async def nobody(_: Life) -> None:
    """Nobody is asked."""


async def remembered(rig: HubRig) -> None:
    """The feed was seen: what stands in it now is known."""
    page = rig.site.page(1)
    assert page is not None
    sightings = (await read(Fetched(page, {}, rig.site.url, Validators()), rig.site.url, Known(), Cells())).sightings
    known = {sighting.key: sighting.digest for sighting in sightings}
    newest = max(article.published.timestamp() for article in rig.site.articles.values())
    await rig.store.feeds.remember(rig.site.url, FeedState(known, newest=newest))


def page_of(site: FakeSite) -> bytes:
    """The feed as it is now."""
    page = site.page(1)
    assert page is not None
    return page
