"""What would happen: entries walk the corridor up to the outbox's door, and nothing is sent.

The same `consider` and `posts_of` decide here as in the worker; only the clock is another, and the window is
this process's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.commands.stages import Stage, stages_of
from newsroom.batch import Cause, batch_of
from newsroom.corridor import (
    Considered,
    House,
    consider,
    held_in_flood,
    name_of,
    posts_of,
    take_note,
    waits_for_desk,
)
from newsroom.entry import Entry
from newsroom.flood import Shown, sift, with_schemes
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
        self._is_what_if = now is None and not baseline
        self._seen: set[str] = set()
        self._shown = Shown(0)

    def poll(self, entries: Sequence[Entry]) -> Iterator[Outcome]:
        """One poll, oldest entry first."""
        first_sight, self._baseline = self._baseline, False
        ordered = oldest_first(entries)
        # The first poll is what the feed showed when we began: there is nothing yet that it could be held against.
        is_gated = bool(self._seen) and not self._is_what_if
        considered = self._gated(ordered) if is_gated else [self._judged(entry) for entry in ordered]
        self._remember(ordered)
        for entry, one in zip(ordered, considered, strict=True):
            yield self._one(entry, replace(one, verdict=Ignored(Why.FIRST_SIGHT)) if first_sight else one)

    def _judged(self, entry: Entry) -> Considered:
        considered = consider(entry, self._house, self._window, self._now or entry.published or self._start)
        take_note(considered, self._window)
        return considered

    def _gated(self, ordered: Sequence[Entry]) -> Sequence[Considered]:
        """As in the worker: a flood and a backlog wait for the desk."""
        unseen = [entry for entry in ordered if _known_by(entry) not in self._seen]
        now = self._now or max((entry.published for entry in unseen if entry.published), default=self._start)
        sifted = sift(unseen, replace(self._shown, count=len(ordered)), self._house.rules, now)
        flood = batch_of(Cause.FLOOD, sifted.why, ordered[0].feed, now) if sifted.why else None
        held = {id(entry) for entry in sifted.held}
        considered = []
        for entry in ordered:
            one = self._judged(entry)
            considered.append(held_in_flood(one, flood) if flood and id(entry) in held else one)
        return waits_for_desk(considered, self._house, batch_of(Cause.BACKLOG, Why.BACKLOG, "", now))

    def _remember(self, entries: Sequence[Entry]) -> None:
        self._seen.update(map(_known_by, entries))
        dates = [entry.published for entry in entries if entry.published]
        newest = max([*dates, *([self._shown.newest] if self._shown.newest else [])], default=None)
        self._shown = Shown(0, with_schemes(self._shown.schemes, entries), newest)

    def _one(self, entry: Entry, considered: Considered) -> Outcome:
        pushed = replace(considered, by="preview", rulings=(), batch=None)
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


def _known_by(entry: Entry) -> str:
    return entry.guid or entry.link or entry.title


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
        "stages": [{"stage": stage.name, "key": stage.key, **stage.words} for stage in _stages(considered)],
        "waits": considered.batch.cause if considered.batch and considered.batch.cause is not Cause.LOOKALIKE else None,
        "rules": [
            {
                "target": ruling.target.id,
                "then": ruling.then,
                "rule": ruling.by,
                "until": ruling.until.isoformat() if ruling.until else None,
            }
            for ruling in considered.rulings
            if ruling.by
        ],
        "posts": [_post(post) for post in outcome.posts],
    }
    return line | {"if_pushed": [_post(post) for post in outcome.if_pushed]} if is_preview else line


def _stages(considered: Considered) -> Iterator[Stage]:
    relation, verdict = considered.relation, considered.verdict
    rules = {ruling.target.id: f"{ruling.then} {ruling.by}" for ruling in considered.rulings if ruling.by}
    return stages_of((name_of(relation), relation.why), (name_of(verdict), verdict.why), rules, considered.batch)


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
