"""A trial of a feed: is this one that we could read? Fetched once, through the guard, and told in words."""

from collections.abc import Awaitable, Callable

from bot.commands.replies import Replies
from feeds.trial import Trial
from newsroom.link import host_of, shown_address

TITLE_SHOWN = 200
"""Characters of a title; it comes from a stranger's site."""


class FeedTrials:
    """Tries addresses.

    Args:
        trial: asks an address, through the guard.
        replies: the words.
    """

    def __init__(self, trial: Callable[[str], Awaitable[Trial]], replies: Replies) -> None:
        self._trial = trial
        self._replies = replies

    async def of(self, url: str) -> tuple[list[str], bool]:
        """What came of it, a line each, and whether it reads as a feed."""
        trial = await self._trial(url)
        moved = [self._replies("feed_test_moved", to=shown(trial.moved))] if trial.moved else []
        if trial.why:
            # What it says names the address in full, and a key may stand in it.
            why = self._replies.why(trial.why.replace(url, shown(url))).removeprefix(f"{shown(url)} ")
            return [self._replies("status_feed_bad", feed=shown(url), why=why), *moved], False
        return [*self._read(url, trial), *moved], True

    def _read(self, url: str, trial: Trial) -> list[str]:
        return [
            self._replies("feed_test", feed=shown(url), entries=self._replies("feed_test_entries", count=trial.count)),
            *([self._newest(trial)] if trial.newest else []),
            self._replies("feed_test_validators" if trial.has_validators else "feed_test_no_validators"),
            self._replies("feed_test_hub", hub=shown(trial.hub)) if trial.hub else self._replies("feed_test_no_hub"),
        ]

    def _newest(self, trial: Trial) -> str:
        at = self._replies.day(trial.published) if trial.published else self._replies("feed_test_undated")
        return self._replies("feed_test_newest", title=trial.newest[:TITLE_SHOWN], at=at)


def shown(url: str) -> str:
    """Without the password and the key that may stand in it; nothing of what is no address."""
    return shown_address(url) if host_of(url) else ""
