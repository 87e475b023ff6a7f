"""`/feeds test ADDRESS`: is this a feed that we could read? Fetched once, told in words, and never added."""

import re
from collections.abc import Awaitable, Callable, Sequence

from bot.commands.editors import Right
from bot.commands.outcome import Asked, Outcome
from bot.commands.replies import Replies
from feeds.trial import Trial
from newsroom.link import host_of, shown_address

_TEST = re.compile(r"test(?:\s+(?P<url>\S+))?", re.IGNORECASE)
_SCHEMES = ("http://", "https://")
TITLE_SHOWN = 200
"""Characters of a title; it comes from a stranger's site."""


class FeedTrials:
    """Carries out `/feeds` and what is behind it.

    Args:
        listed: `/feeds` alone: how the feeds fare.
        trial: asks an address, through the guard.
        feeds: those that are read.
        replies: the words.
    """

    def __init__(
        self,
        listed: Callable[[Asked], Awaitable[Outcome]],
        trial: Callable[[str], Awaitable[Trial]],
        feeds: Sequence[str],
        replies: Replies,
    ) -> None:
        self._listed = listed
        self._trial = trial
        self._feeds = feeds
        self._replies = replies

    async def feeds(self, asked: Asked) -> Outcome:
        """`/feeds`, `/feeds WORD`, `/feeds test ADDRESS`."""
        found = _TEST.fullmatch(asked.rest)
        if found is None:
            return await self._listed(asked)
        if not asked.editor.may(Right.FEEDS):
            told = self._replies("not_allowed", who=self._replies(f"right_{Right.FEEDS}"))
            return Outcome(told, what="refused", after=f"/feeds test {_shown(found['url'] or '')}".strip())
        url = found["url"] or ""
        if not (url.lower().startswith(_SCHEMES) and host_of(url)):
            return Outcome(self._replies("feed_test_how"))
        return Outcome(self._told(url, await self._trial(url)))

    def _told(self, url: str, trial: Trial) -> str:
        moved = [self._replies("feed_test_moved", to=_shown(trial.moved))] if trial.moved else []
        if trial.why:
            # What it says names the address in full, and a key may stand in it.
            why = self._replies.why(trial.why.replace(url, _shown(url))).removeprefix(f"{_shown(url)} ")
            return "\n".join([self._replies("status_feed_bad", feed=_shown(url), why=why), *moved])
        hub = self._replies("feed_test_hub", hub=_shown(trial.hub)) if trial.hub else self._replies("feed_test_no_hub")
        lines = [
            self._replies("feed_test", feed=_shown(url), entries=self._replies("feed_test_entries", count=trial.count)),
            *([self._newest(trial)] if trial.newest else []),
            self._replies("feed_test_validators" if trial.has_validators else "feed_test_no_validators"),
            hub,
            *moved,
            self._replies("feed_test_known" if url in self._feeds else "feed_test_not_added"),
        ]
        return "\n".join(lines)

    def _newest(self, trial: Trial) -> str:
        at = self._replies.day(trial.published) if trial.published else self._replies("feed_test_undated")
        return self._replies("feed_test_newest", title=trial.newest[:TITLE_SHOWN], at=at)


def _shown(url: str) -> str:
    """Without the password and the key that may stand in it; nothing of what is no address."""
    return shown_address(url) if host_of(url) else ""
