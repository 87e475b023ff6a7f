"""What `ajil check` finds of the feeds, and of the hubs that could tell of them sooner."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime

from bot.check_clock import judged
from bot.finding import Finding, Level
from bot.settings import Settings
from feeds.answer import FeedDown, Fetched, Unchanged
from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher
from feeds.hints import http_date
from feeds.parse import parse
from feeds.validators import Validators
from feeds.websub import Announced, announced
from newsroom.errors import FetchFailed, NewsroomError
from newsroom.feed_change import FeedChange
from newsroom.link import shown_address
from newsroom.ports import Clock
from newsroom.subscription import Stage, Subscription
from store.opening import STATE_FOLDER, open_store

Named = dict[str, Announced | None]
"""Which hub each feed that could be read names."""


async def feeds(listing: FeedList, settings: Settings, clock: Clock, named: Named) -> AsyncIterator[Finding]:
    """One request for each feed that is read, and whose word it is where the settings do not say so.

    What a feed says of a hub is noted in `named`.
    """
    async with FeedFetcher(clock, allow=settings.fetch_allow) as fetcher:
        for feed in listing.feeds:
            answer = await fetcher.fetch(feed, Validators())
            shown = shown_address(feed)
            if isinstance(answer, FeedDown):
                yield Finding(Level.FAIL, shown, answer.why.replace(feed, shown))
            elif isinstance(answer, Unchanged):
                yield Finding(Level.OK, shown, "answers")
            else:
                named[feed] = announced(answer.headers, answer.body, answer.url)
                for finding in _read(feed, answer, clock):
                    yield finding
    for feed in (*listing.added, *listing.removed):
        if (change := listing.change_of(feed)) is not None:
            yield Finding(Level.OK, shown_address(feed), _word_of(change))


def _word_of(change: FeedChange) -> str:
    """Whose word it is that the settings do not say."""
    at = datetime.fromtimestamp(change.at, UTC).isoformat(" ", "minutes")
    done = "added to FEEDS" if change.is_added else "taken from FEEDS, and not read,"
    return f"{done} in the chat by {change.by}, {at}"


def _read(feed: str, answer: Fetched, clock: Clock) -> Iterator[Finding]:
    shown = shown_address(feed)
    try:
        entries = parse(answer.body, answer.headers, feed)
    except FetchFailed as fault:
        yield Finding(Level.FAIL, shown, str(fault).replace(feed, shown))
        return
    late = f", which its own cache had kept for {answer.age:.0f} s" if answer.age else ""
    yield Finding(Level.OK, shown, f"{len(entries)} entries{late}")
    skew = judged(shown, http_date(answer.headers.get("date")), clock.now(), answer.age)
    if skew is not None:
        yield skew


async def hubs(settings: Settings, named: Mapping[str, Announced | None], clock: Clock) -> AsyncIterator[Finding]:
    """How each hub stands to us, from what the workers wrote down; no hub is asked here."""
    if not any(named.values()):
        return
    kept: tuple[Subscription, ...] = ()
    if settings.hears_hubs:
        try:
            async with open_store(settings.redis_url.get_secret_value(), STATE_FOLDER) as opened:
                kept = await opened.store.subscriptions.all()
        except NewsroomError as fault:
            yield Finding(Level.WARN, "hub", f"nobody knows how the hubs stand: {fault}")
            return
    for feed, found in named.items():
        if found is not None:
            mine = next((it for it in kept if it.feed == feed and it.hub == found.hub), None)
            plain = bool(settings.fetch_allow)
            yield hub_of(feed, found.hub, mine, hears=settings.hears_hubs, plain=plain, now=clock.now().timestamp())


def hub_of(feed: str, hub: str, kept: Subscription | None, *, hears: bool, plain: bool, now: float) -> Finding:
    """How one hub stands to us. Pure.

    Args:
        feed: its address.
        hub: the hub that it names.
        kept: what was asked of that hub, if anything was.
        hears: whether the settings let hubs reach us.
        plain: whether a hub without TLS is taken, too.
        now: Unix seconds.
    """
    level, said = Level.WARN, f"{hub} "
    if not hears:
        level, said = Level.OK, f"{hub} would tell sooner than a poll: PORT, HOOK_SECRET, PUBLIC_URL (docs/push.md)"
    elif not (plain or hub.startswith("https://")):
        said += "is not asked, for its address is not https; the feed is polled all the same"
    elif kept is None or kept.stage in {Stage.FOUND, Stage.LEAVING}:
        level, said = Level.OK, f"{hub} is asked when the worker runs"
    elif kept.is_live(now):
        level, said = Level.OK, f"{hub} tells us of the feed, for {(kept.ends - now) / 3600:.0f} hours more"
    elif kept.stage is Stage.REFUSED:
        said += f"refuses to tell us of the feed: {kept.why}"
    elif kept.why:
        said += f"could not be asked: {kept.why}"
    else:
        said += "was asked and has not verified that it was we: can it reach PUBLIC_URL from outside?"
    return Finding(level, f"hub of {shown_address(feed)}", said)
