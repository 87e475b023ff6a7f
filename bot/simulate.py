"""What would happen: entries walk the corridor up to the outbox's door, and nothing is sent.

The same `consider` and `posts_of` decide here as in the worker; only the clock is another, and the window is
this process's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from newsroom.desk import Considered, House, consider, name_of, posts_of, take_note
from newsroom.entry import Entry
from newsroom.ports import Renderer
from newsroom.post import Post, PostKind
from newsroom.story import StoryId
from newsroom.target import Network, Target
from newsroom.verdict import Ignored, Why, kicker_for
from newsroom.window import Window

NO_EXPIRY = timedelta(days=36_500)
USUAL_TARGETS = (Target(Network.TELEGRAM, "@channel"), Target(Network.X, "main"))
"""Where nothing is configured: one of each, so that both forms are seen."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry, all that was decided about it, and the posts that would go out."""

    entry: Entry
    considered: Considered
    posts: tuple[Post, ...]
    if_pushed: tuple[Post, ...]
    """The posts an editor's push would make."""


class Simulation:
    """Walks polls of one feed through the corridor, one after another."""

    def __init__(
        self, house: House, renderer: Renderer, start: datetime, *, now: datetime | None, baseline: bool
    ) -> None:
        """Build it.

        `start` is the time for entries without a date. Without `now` and `baseline` every entry is judged as if it
        had just appeared, at its own date, and nothing expires: so that what-if is possible.
        """
        rules = house.rules
        if now is None and not baseline:
            rules = replace(rules, breaking_for=NO_EXPIRY, news_for=NO_EXPIRY)
        self._house = replace(house, rules=rules, targets=house.targets or USUAL_TARGETS)
        self._renderer = renderer
        self._start = start
        self._now = now
        self._baseline = baseline
        self._window = Window()
        self._closed: set[StoryId] = set()

    def poll(self, entries: Sequence[Entry]) -> Iterator[Outcome]:
        """One poll, oldest entry first."""
        first_sight, self._baseline = self._baseline, False
        for entry in oldest_first(entries):
            yield self._one(entry, first_sight=first_sight)

    def _one(self, entry: Entry, *, first_sight: bool) -> Outcome:
        now = self._now or entry.published or self._start
        considered = consider(entry, self._house, self._window, now)
        if first_sight:
            considered = replace(considered, verdict=Ignored(Why.FIRST_SIGHT))
        take_note(considered, self._window)
        pushed = replace(considered, by="preview")
        return Outcome(
            entry,
            considered,
            self._lacking(considered, posts_of(considered, self._house, self._renderer)),
            posts_of(pushed, self._house, self._renderer) if considered.story.headline else (),
        )

    def _lacking(self, considered: Considered, posts: tuple[Post, ...]) -> tuple[Post, ...]:
        """As the outbox has it: no second post for a story that has its posts, and none by a feed for one ignored."""
        name = considered.same_as or considered.story.id
        if name in self._closed:
            return ()
        if posts or isinstance(considered.verdict, Ignored):
            self._closed.add(name)
        return posts


def oldest_first(entries: Sequence[Entry]) -> list[Entry]:
    """By date where all have one; else the other way round than the feed, whose newest stands first."""
    if all(entry.published for entry in entries):
        return sorted(entries, key=lambda entry: entry.published.timestamp() if entry.published else 0.0)
    return list(reversed(entries))


def line_of(outcome: Outcome, *, is_preview: bool) -> dict[str, Any]:
    """One line of `--json`; the fields are a promise (docs: the front doors)."""
    story, considered = outcome.considered.story, outcome.considered
    kicker = kicker_for(story, considered.verdict)
    line = {
        "id": story.id,
        "title": outcome.entry.title,
        "headline": story.headline,
        "kicker": kicker or "",
        "section": story.section,
        "byline": story.byline,
        "lead": story.lead,
        "link": story.link,
        "tags": list(story.tags),
        "published": story.published.isoformat() if story.published else None,
        "relation": name_of(considered.relation),
        "of": considered.of,
        "why": considered.relation.why,
        "verdict": name_of(considered.verdict),
        "reason": considered.verdict.why,
        "posts": [_post(post) for post in outcome.posts],
    }
    return line | {"if_pushed": [_post(post) for post in outcome.if_pushed]} if is_preview else line


def _post(post: Post) -> dict[str, Any]:
    return {
        "target": Network(post.target.partition(":")[0]),
        "kind": PostKind.TEXT if post.kind is PostKind.PLAIN else post.kind,
        "text": post.text,
        "length": post.length,
        "limit": post.limit,
        "image": post.pictures[0].url if post.pictures else None,
        "silent": post.silent,
    }
