"""The pushes: what the site and hubs tell us by themselves, led to the desk."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.turnstile import Turnstile
from bot.wiring.ground import Ground
from bot.worker import Part
from feeds.answer import Source
from feeds.cell import Cells
from feeds.feed_list import FeedList
from feeds.intake import Intake
from feeds.ping import HubPings
from feeds.push import Nudges, WordPressPush
from feeds.subscriber import REST_SECONDS, SpottingSource, Subscriber, Terms
from newsroom.desk import Desk
from newsroom.ports import Life

if TYPE_CHECKING:
    from bot.web_hooks import HookPages

Ask = Callable[[Life], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscribing:
    """The side that asks hubs: the subscriber, and where the intake's answers pass by it."""

    subscriber: Subscriber | None
    source: Source


def subscribing_of(ground: Ground, feeds: FeedList) -> Subscribing:
    """Hubs are asked where they can reach us: with PORT, PUBLIC_URL and HOOK_SECRET."""
    settings, store = ground.settings, ground.store
    if not settings.hears_hubs:
        return Subscribing(None, ground.fetcher)
    from bot.web_hooks import CALLBACKS  # noqa: PLC0415 - see bot.machine: a worker without a PORT never pays for it

    subscriber = Subscriber(
        # Networks of one's own are named in tests and labs alone; nobody listens there.
        Terms(settings.hook_secret, settings.public_url + CALLBACKS, plain=bool(settings.fetch_allow)),
        feeds,
        store.subscriptions,
        courier=ground.fetcher,
        leases=ground.machine.leases,
        clock=ground.clock,
        worker=ground.worker,
    )
    return Subscribing(subscriber, SpottingSource(ground.fetcher, subscriber))


@dataclass(frozen=True, slots=True)
class Pushes:
    """The addresses below /hooks, and what runs behind them, by the names under which the worker watches it."""

    pages: "HookPages | None"
    """None without a PORT."""
    parts: Mapping[str, Part]


def pushes_of(
    ground: Ground, desk: Desk, intake: Intake, feeds: FeedList, *, ask: Ask | None, subscriber: Subscriber | None
) -> Pushes:
    """Closed without HOOK_SECRET, and then nothing runs; nor does it where no page would ever hear of it."""
    metrics = ground.machine.metrics
    if metrics is None:
        return Pushes(None, {})
    from bot.web_gate import Gate  # noqa: PLC0415 - see bot.machine: a worker without a PORT never pays for it
    from bot.web_hooks import HookPages, Hubs  # noqa: PLC0415

    settings, store, clock = ground.settings, ground.store, ground.clock
    nudges = Nudges(feeds, intake.nudge, clock)
    push = WordPressPush(
        settings.hook_secret,
        feeds,
        desk,
        hooks=store.hooks,
        ledger=store.ledger,
        clock=clock,
        ask=ask or nobody_to_ask,
        nudge=nudges.site,
    )
    gate = Gate(Turnstile(clock), clock, metrics)
    parts: dict[str, Part] = {"nudges": nudges} if push.is_open else {}
    if subscriber is None:
        return Pushes(HookPages(push, gate), parts)
    pings = HubPings(store.feeds, desk, Cells(most=1), nudges.feed, feeds)
    return Pushes(
        HookPages(push, gate, Hubs(subscriber, pings)),
        {**parts, "hubs": ground.rounds("hubs", subscriber.round, REST_SECONDS)},
    )


async def nobody_to_ask(_: Life) -> None:
    """Without a desk chat nobody decides on what the site took back; the log tells of it."""
