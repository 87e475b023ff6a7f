"""The hooks on a real socket: a desk over the memory twin behind them, and what it planned and asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.metrics import Metrics
from bot.turnstile import Turnstile
from bot.web import serve, web_app
from bot.web_gate import Gate
from bot.web_hooks import HookPages
from feeds.feed_list import FeedList
from feeds.parse import parse
from feeds.push import Nudges, WordPressPush
from newsroom.delivery import Delivery, Lane
from newsroom.desk import Desk, House
from newsroom.entry import Entry
from newsroom.errors import StoreUnavailable
from newsroom.ports import Life
from newsroom.post import Post, PostKind
from newsroom.rules import Rules
from newsroom.story import Kicker, Story
from newsroom.target import Target
from publishing.wall import Wall
from store.store import Store, memory_store
from tests.browser.newsroom import DrawnPictures
from tests.support.clock import ManualClock
from tests.support.newsroom import CHANNEL, SITE
from tests.support.site_hook import SECRET, HookSender, posts_of_feed

ALWASAT = Path(__file__).parents[1] / "data" / "alwasat" / "feed.xml"
FEED = "https://alwasat.example.com/feed/"


class BareRenderer:
    """Renders the headline alone."""

    def render(self, story: Story, kicker: Kicker | None, lane: Lane, target: Target) -> Post:
        """Kicker and headline."""
        pictures = story.pictures[:1]
        return Post(
            target.id, PostKind.TEXT, f"{kicker or ''} {story.headline}", headline=story.headline, pictures=pictures
        )


class BrokenHooks:
    """Implements `newsroom.subscription.Hooks` on a store that does not answer."""

    async def first_time(self, name: str) -> bool:
        """Nothing can be said."""
        raise StoreUnavailable("the store does not answer")


@dataclass(slots=True)
class HookRig:
    """A web side with hooks, and everything behind it."""

    clock: ManualClock
    store: Store
    desk: Desk
    metrics: Metrics
    feeds: FeedList
    url: str = ""
    asked: list[Life] = field(default_factory=list)
    nudged: list[str] = field(default_factory=list)
    sender: HookSender = field(init=False)
    nudges: Nudges = field(init=False)

    def __post_init__(self) -> None:
        self.sender = HookSender("", self.clock)
        self.nudges = Nudges(self.feeds, self.nudged.append, self.clock)

    async def ask(self, life: Life) -> None:
        """The desk is asked."""
        self.asked.append(life)

    async def planned(self) -> list[Delivery]:
        """What waits to be sent, or is to be changed."""
        lives = [await self.store.ledger.life(story.id) for story in (await self.store.outbox.recent(0)).stories]
        return [delivery for life in lives if life is not None for delivery in life.deliveries]

    def hooks(self, outcome: str, hook: str = "wordpress") -> float:
        """How often a hook came to this."""
        labels = {"hook": hook, "outcome": outcome}
        return self.metrics.registry.get_sample_value("ajil_hooks_total", labels) or 0.0


@asynccontextmanager
async def hook_rig(
    clock: ManualClock,
    *,
    rules: Rules | None = None,
    secret: str = SECRET,
    turnstile: Turnstile | None = None,
    body_seconds: float = 10.0,
    is_store_down: bool = False,
) -> AsyncIterator[HookRig]:
    """Serve the hooks of a newsroom that reads `FEED`."""
    store = memory_store(clock)
    if is_store_down:
        store = replace(store, hooks=BrokenHooks())
    house = House(SITE, rules or Rules(), (CHANNEL,))
    lock = asyncio.Lock()
    desk = Desk(house, BareRenderer(), store.outbox, clock, one_at_a_time=lock, wake=lambda _: None)
    rig = HookRig(clock, store, desk, Metrics(), FeedList([FEED], store.feed_changes))
    push = WordPressPush(
        SecretStr(secret),
        rig.feeds,
        desk,
        hooks=store.hooks,
        ledger=store.ledger,
        clock=clock,
        ask=rig.ask,
        nudge=rig.nudges.site,
    )
    pages = HookPages(push, Gate(turnstile or Turnstile(clock), clock, rig.metrics, body_seconds=body_seconds))
    app = web_app(Wall(), DrawnPictures(), clock, token=None, demo=False, health=_well, hooks=pages)
    async with serve(app, host="127.0.0.1", port=0) as port:
        rig.url = rig.sender.url = f"http://127.0.0.1:{port}"
        yield rig


async def _well() -> dict[str, Any]:
    return {"ok": True}


def entries() -> tuple[Entry, ...]:
    """What the sample site's feed says."""
    return parse(ALWASAT.read_bytes(), {}, FEED)


def posts() -> dict[int, dict[str, Any]]:
    """What its hook says of the same articles, by number."""
    return {post["id"]: post for post in posts_of_feed(ALWASAT.read_text("utf-8"))}
