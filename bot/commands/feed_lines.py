"""A feed as the desk is told of it: how it fares, who reads it, and whose word put it on the list or took it off."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.commands.replies import Replies
from newsroom.feed_change import FeedChange


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One feed's health and standing."""

    url: str
    """As it is shown: without a password and a key."""
    why: str = ""
    """Empty when the last poll was good."""
    last_good: float = 0.0
    """Unix seconds; 0 means never."""
    is_silent: bool = False
    is_elsewhere: bool = False
    """Another worker reads it, and knows how it fares."""
    change: FeedChange | None = None
    """An editor's word, where it counts: the feed is read, or is not, by that alone."""

    @property
    def is_removed(self) -> bool:
        """Whether it is read no longer."""
        return self.change is not None and not self.change.is_added


def line_of(feed: FeedLine, replies: Replies, now: float) -> str:
    """In words; `now` is Unix seconds."""
    said = _fares(feed, replies, now)
    if feed.change is None:
        return said
    word = whose(feed.change, replies)
    return f"{said} · {word}"


def whose(change: FeedChange, replies: Replies) -> str:
    """Who added or removed it, and when."""
    name = change.by.partition(" ")[2] or change.by
    at = replies.day(datetime.fromtimestamp(change.at, UTC))
    return replies("feed_added_by" if change.is_added else "feed_removed_by", name=name, at=at)


def _fares(feed: FeedLine, replies: Replies, now: float) -> str:
    if feed.is_removed:
        return replies("feed_gone", feed=feed.url)
    if feed.is_elsewhere:
        return replies("feed_elsewhere", feed=feed.url)
    if feed.why:
        return replies("status_feed_bad", feed=feed.url, why=replies.why(feed.why))
    if feed.is_silent:
        return replies("feed_silent", feed=feed.url)
    if not feed.last_good:
        return replies("feed_new", feed=feed.url)
    return replies("feed_good", feed=feed.url, age=replies.span(max(1.0, now - feed.last_good)))
