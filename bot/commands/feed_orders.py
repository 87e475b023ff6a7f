"""`/feeds`: how they fare; and for admins: trying one, adding one, removing one.

An added feed is read at once, and what it shows first is its baseline. A removed one is read no more; what it showed stays
known, so that it may be added again without a flood. The change carries the order's number: carried out twice, an order
finds its own work, and says again what it said.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable

from bot.commands.editors import Right
from bot.commands.feed_lines import whose
from bot.commands.feed_trials import FeedTrials, shown
from bot.commands.outcome import Asked, Outcome
from bot.commands.replies import Replies
from feeds.feed_list import FeedList
from newsroom.daybook import FeedChanges
from newsroom.feed_change import ADDED_MOST, FeedChange, idle_of, meant
from newsroom.link import host_of, shown_address
from newsroom.ports import Clock, FeedMemory

_ORDER = re.compile(r"(?P<what>test|add|remove)(?:\s+(?P<url>.*))?", re.IGNORECASE | re.DOTALL)
_SCHEMES = ("http://", "https://")


class FeedOrders:
    """Carries them out.

    Args:
        listed: `/feeds` alone: how the feeds fare.
        trials: tries an address.
        feeds: the list.
        changes: where changes of it are kept.
        memory: tells whether a feed was read before.
        clock: for when it was changed.
        replies: the words.
        follow: has this worker look at the list at once.
    """

    def __init__(
        self,
        listed: Callable[[Asked], Awaitable[Outcome]],
        trials: FeedTrials,
        feeds: FeedList,
        changes: FeedChanges,
        memory: FeedMemory,
        *,
        clock: Clock,
        replies: Replies,
        follow: Callable[[], None],
    ) -> None:
        self._listed = listed
        self._trials = trials
        self._feeds = feeds
        self._changes = changes
        self._memory = memory
        self._clock = clock
        self._replies = replies
        self._follow = follow
        # One worker carries orders out, so this is enough: of two editors at once the second is told of the first.
        self._one_at_a_time = asyncio.Lock()

    async def feeds(self, asked: Asked) -> Outcome:
        """`/feeds`, `/feeds WORD`, `/feeds test|add|remove ADDRESS`."""
        found = _ORDER.fullmatch(asked.rest)
        if found is None:
            return await self._listed(asked)
        what, url = found["what"].lower(), (found["url"] or "").strip()
        if not asked.editor.may(Right.FEEDS):
            told = self._replies("not_allowed", who=self._replies(f"right_{Right.FEEDS}"))
            return Outcome(told, what="refused", after=f"/feeds {what} {shown(url)}".strip())
        if not _is_address(url):
            return Outcome(self._replies("feed_how", what=what))
        if what == "test":
            return await self._test(url)
        async with self._one_at_a_time:
            return await (self._add if what == "add" else self._remove)(url, asked)

    async def _test(self, url: str) -> Outcome:
        lines, is_feed = await self._trials.of(url)
        known = meant(url, await self._feeds.look())
        told = [self._replies("feed_test_known" if known else "feed_test_not_added")] if is_feed else []
        return Outcome("\n".join([*lines, *told]))

    async def _add(self, said: str, asked: Asked) -> Outcome:
        feeds = await self._feeds.look()
        url = _again(said, self._feeds)
        there = meant(url, feeds)
        if there and not self._is_mine(there[0], asked):
            return Outcome(self._there(there[0]))
        if there:
            return self._added(there[0], [])
        if len(self._feeds.added) >= ADDED_MOST and url not in self._feeds.base:
            return Outcome(self._replies("feeds_full", count=ADDED_MOST))
        lines, is_feed = await self._trials.of(url)
        if not is_feed:
            return Outcome("\n".join([*lines, self._replies("feed_not_added")]))
        was_known = await self._memory.recall(url) is not None
        await self._change(url, asked, is_added=True, was_known=was_known)
        return self._added(url, lines)

    def _added(self, url: str, lines: list[str]) -> Outcome:
        change = self._feeds.change_of(url)
        begun = "feed_added_again" if change is not None and change.was_known else "feed_added"
        told = [*(lines or [f"✅ {shown_address(url)}"]), self._replies(begun)]
        return Outcome("\n".join(told), after=shown_address(url), what="feeds add")

    def _there(self, url: str) -> str:
        change = self._feeds.change_of(url)
        told = self._replies("feed_there", feed=shown_address(url))
        return f"{told} · {whose(change, self._replies)}" if change is not None else told

    async def _remove(self, said: str, asked: Asked) -> Outcome:
        feeds = await self._feeds.look()
        gone = meant(said, self._feeds.removed)
        if len(gone) == 1 and self._is_mine(gone[0], asked):
            return self._gone(gone[0])
        found = meant(said, feeds)
        if len(found) == 1:
            await self._change(found[0], asked, is_added=False)
            return self._gone(found[0])
        if found:
            lines = [shown_address(feed) for feed in found]
            return Outcome("\n".join([self._replies("feeds_several"), *lines]))
        change = self._feeds.change_of(gone[0]) if gone else None
        told = self._replies("feed_unknown", feed=shown_address(said))
        return Outcome(f"{told} · {whose(change, self._replies)}" if change is not None else told)

    def _gone(self, url: str) -> Outcome:
        told = self._replies("feed_removed", feed=shown_address(url))
        return Outcome(told, before=shown_address(url), what="feeds remove")

    async def _change(self, url: str, asked: Asked, *, is_added: bool, was_known: bool = False) -> None:
        """Write it down, look, and have the intake look; what changes nothing any more is forgotten on the way."""
        idle = [feed for feed in idle_of(self._feeds.base, self._feeds.changes) if feed != url]
        await self._changes.forget(idle)
        at = self._clock.now().timestamp()
        await self._changes.note(url, FeedChange(is_added, asked.editor.by, asked.order.id, at, was_known))
        await self._feeds.look()
        self._follow()

    def _is_mine(self, url: str, asked: Asked) -> bool:
        """This very order did it, before a crash cut off its answer."""
        change = self._feeds.change_of(url)
        return change is not None and change.order == asked.order.id


def _is_address(url: str) -> bool:
    return url.lower().startswith(_SCHEMES) and bool(host_of(url)) and not re.search(r"\s", url)


def _again(said: str, feeds: FeedList) -> str:
    """A feed that was removed is known by what is shown of it: its address may hold a key that nobody has at hand."""
    shown_so = [feed for feed in feeds.removed if shown_address(feed) == said]
    return shown_so[0] if len(shown_so) == 1 else said
