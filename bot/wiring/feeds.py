"""The feeds at the desk: how they fare, and the orders that change their list."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.commands.feed_lines import FeedLine
from bot.commands.feed_orders import FeedOrders
from bot.commands.feed_trials import FeedTrials
from bot.commands.outcome import Asked, Outcome
from bot.commands.replies import Replies
from bot.wiring.ground import Ground
from feeds.feed_list import FeedList
from feeds.intake import Intake
from feeds.trial import tried
from feeds.watch import FeedHealth
from newsroom.link import shown_address


def feed_orders_of(
    ground: Ground, feeds: FeedList, intake: Intake, listed: Callable[[Asked], Awaitable[Outcome]], replies: Replies
) -> FeedOrders:
    """Carries out `/feeds` and what is behind it."""
    store = ground.store
    return FeedOrders(
        listed,
        FeedTrials(partial(tried, ground.fetcher), replies),
        feeds,
        store.feed_changes,
        store.feeds,
        clock=ground.clock,
        replies=replies,
        follow=intake.follow,
    )


def feed_lines(feeds: FeedList, intake: Intake) -> list[FeedLine]:
    """All that is read, in the order of the list, and then what is read no longer."""
    ours = {health.url: health for health in intake.health()}
    settled = frozenset(feeds.base)
    read = [_line(feed, ours.get(feed), None if feed in settled else feeds) for feed in feeds.feeds]
    gone = [FeedLine(shown_address(feed), change=feeds.change_of(feed)) for feed in feeds.removed]
    return [*read, *gone]


def _line(feed: str, health: FeedHealth | None, feeds: FeedList | None) -> FeedLine:
    shown, change = shown_address(feed), feeds.change_of(feed) if feeds is not None else None
    if health is None:
        return FeedLine(shown, is_elsewhere=True, change=change)
    # What is said of a failure may name the address in full, and a key may stand in it.
    return FeedLine(shown, health.why.replace(feed, shown), health.last_good, health.is_silent, change=change)
