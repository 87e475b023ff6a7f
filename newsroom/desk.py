"""The desk: two doors into one corridor. `newsroom.corridor` decides; `Desk` only moves."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from newsroom.admission import Admission, Admitted, AlreadyKnown, Moved
from newsroom.batch import Batch, Cause, batch_of
from newsroom.corridor import (
    Considered,
    House,
    admission_of,
    consider,
    edits_of,
    held_in_flood,
    name_of,
    posts_of,
    released,
    take_note,
    waits_for_desk,
)
from newsroom.entry import Entry
from newsroom.errors import StoreUnavailable
from newsroom.flood import Shown, sift
from newsroom.ports import Clock, Outbox, Renderer, Showing
from newsroom.relation import Lookalike
from newsroom.story import Story
from newsroom.target import TargetId
from newsroom.verdict import Ignored, Why
from newsroom.window import Window

log = logging.getLogger(__name__)

__all__ = ["Desk", "House", "Pushed"]

_Given = TypeVar("_Given", Entry, Story)

AHEAD = timedelta(minutes=10)
"""A date further in the future is a mistake of the site."""
UNDATED_SECONDS = 1_800
"""Longer than a failing feed is left alone."""
GATHERED_FOR = timedelta(seconds=20)
"""So long one backlog takes in what is late, from whichever feed; it is shown to the desk only then."""
MOVES_AT_MOST = 20
"""How often other workers may overtake one admission before it is left to the next poll."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of an editor's push."""

    considered: Considered
    outcome: Admitted | AlreadyKnown


class Desk:
    """The two doors: `take_in` for what a feed brings, `push` for an editor's hand.

    Both walk consider, render, admit, and nothing else publishes. When a call returns, what it was given is in
    the outbox; when it raises `StoreUnavailable` it may be given again, for admission is idempotent.
    """

    def __init__(
        self,
        house: House,
        renderer: Renderer,
        outbox: Outbox,
        clock: Clock,
        *,
        one_at_a_time: AbstractAsyncContextManager[object],
        wake: Callable[[Iterable[TargetId]], None],
        first: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """Build a desk.

        `one_at_a_time` is a lock, for two judgements at once would not see each other's stories; `wake` is told
        which lanes have something new. What is done within `first` goes before what others only read.
        """
        self._house = house
        self._renderer = renderer
        self._outbox = outbox
        self._clock = clock
        self._one_at_a_time = one_at_a_time
        self._wake = wake
        self._first = first
        self._window: Window | None = None
        self._version = 0
        self._backlog: Batch | None = None
        self._backlog_since = clock.now()
        self._forgotten = 0.0

    async def take_in(
        self,
        entries: Sequence[Entry],
        *,
        first_sight: bool,
        shown: Shown | None = None,
        showing: Showing | None = None,
    ) -> None:
        """A feed's entries, oldest first. At first sight of a feed they become known and are not news.

        `shown` is what the feed shows, where these are entries it had not shown before: only those may be a flood or a
        backlog. Edits of known ones, and what the site itself announced, come without. `showing` is remembered with the
        last of them, so that a feed that changed costs one round trip.
        """
        now = self._clock.now()
        if first_sight or shown is None:
            await self._walk(
                entries,
                lambda entry, window: self._from_feed(entry, window, first_sight=first_sight),
                showing=showing,
            )
            return
        sifted = sift(entries, shown, self._house.rules, now)
        batch = batch_of(Cause.FLOOD, sifted.why, entries[0].feed, now) if sifted.why else None
        held = frozenset(id(entry) for entry in sifted.held)
        await self._walk(
            entries,
            lambda entry, window: self._from_feed(entry, window, flood=batch if id(entry) in held else None),
            is_gated=True,
            showing=showing,
        )

    async def push(self, entry: Entry, by: str, due: float = 0.0) -> Pushed:
        """An editor's own: it goes out whatever its class, where it does not stand yet; not before `due` (Unix seconds)."""
        now = self._clock.now()
        [(considered, outcome)] = await self._walk(
            [entry], lambda entry, window: replace(consider(entry, self._house, window, now, by=by), due=due)
        )
        return Pushed(considered, outcome)

    async def release(self, stories: Sequence[Story], by: str) -> None:
        """Stories that waited for the desk, oldest first, let go by an editor. Where one stands already, it stays one."""
        now = self._clock.now()
        await self._walk(stories, lambda story, _: released(story, self._house, now, by))

    async def _walk(
        self,
        given: Sequence[_Given],
        decide: "Callable[[_Given, Window], Considered]",
        *,
        is_gated: bool = False,
        showing: Showing | None = None,
    ) -> list[tuple[Considered, Admitted | AlreadyKnown]]:
        done: list[tuple[Considered, Admitted | AlreadyKnown]] = []
        async with self._one_at_a_time:
            try:
                for _ in range(MOVES_AT_MOST):
                    rest = given[len(done) :]
                    if not rest:
                        return done
                    window = await self._window_now()
                    asked = self._judged(rest, decide, window)
                    if is_gated:
                        asked = waits_for_desk(asked, self._house, self._backlog_now())
                    done += await self._admit(asked, showing)
            except BaseException:
                # The window holds stories of a batch that was not written: read it anew next time.
                self._window = None
                raise
        raise StoreUnavailable(f"other workers overtook this one {MOVES_AT_MOST} times; left to the next poll")

    def _judged(
        self, given: Sequence[_Given], decide: "Callable[[_Given, Window], Considered]", window: Window
    ) -> tuple[Considered, ...]:
        asked = []
        for one in given:
            considered = decide(one, window)
            # Those after it are judged knowing it.
            take_note(considered, window)
            asked.append(considered)
        return tuple(asked)

    def _backlog_now(self) -> Batch:
        """The one that gathers what several feeds bring in the first seconds after an outage."""
        now = self._clock.now()
        if self._backlog is None or now - self._backlog_since > GATHERED_FOR:
            self._backlog, self._backlog_since = batch_of(Cause.BACKLOG, Why.BACKLOG, "", now), now
        return self._backlog

    async def _window_now(self) -> Window:
        if self._window is None:
            recent = await self._outbox.recent(0)
            self._window, self._version, self._forgotten = Window(), recent.version, recent.forgotten
            for story in recent.stories:
                self._window.add(story)
        return self._window

    def _from_feed(
        self, entry: Entry, window: Window, *, first_sight: bool = False, flood: Batch | None = None
    ) -> Considered:
        now = self._clock.now()
        considered = consider(entry, self._house, window, now)
        if first_sight or may_have_been_known(considered.story, self._forgotten, now):
            return replace(considered, verdict=Ignored(Why.FIRST_SIGHT))
        return held_in_flood(considered, flood) if flood else considered

    async def _admit(
        self, asked: Sequence[Considered], showing: Showing | None
    ) -> list[tuple[Considered, Admitted | AlreadyKnown]]:
        """What was written, up to the first that another worker overtook."""
        admissions = [self._admission(considered) for considered in asked]
        with self._first() if any(admission.posts for admission in admissions) else nullcontext():
            return await self._written(asked, admissions, showing)

    async def _written(
        self, asked: Sequence[Considered], admissions: Sequence[Admission], showing: Showing | None
    ) -> list[tuple[Considered, Admitted | AlreadyKnown]]:
        done: list[tuple[Considered, Admitted | AlreadyKnown]] = []
        outcomes = await self._outbox.admit(admissions, self._version, showing)
        for considered, admission, outcome in zip(asked, admissions, outcomes, strict=True):
            if isinstance(outcome, Moved):
                self._window = None
                break
            self._version = outcome.version
            done.append((considered, outcome))
            _log(considered)
            if isinstance(outcome, Admitted):
                self._wake(delivery.target for delivery in outcome.deliveries)
            if admission.revisions:
                self._wake(revision.target for revision in admission.revisions)
        _log_batches(considered for considered, _ in done)
        return done

    def _admission(self, considered: Considered) -> Admission:
        posts = posts_of(considered, self._house, self._renderer)
        return admission_of(considered, posts, self._house.rules, edits_of(considered, self._house, self._renderer))


def may_have_been_known(story: Story, forgotten: float, now: datetime) -> bool:
    """Whether a store that lost all it knew may have known this story: then it is a baseline, and no news. Pure.

    Args:
        story: as a feed brought it.
        forgotten: unix seconds of the loss; 0 where there was none.
        now: aware time.
    """
    if not forgotten:
        return False
    if story.published is None or story.published > now + AHEAD:
        # Its date says nothing, so it is known by when it came: every worker has asked every feed by then.
        return now.timestamp() < forgotten + UNDATED_SECONDS
    return story.published.timestamp() < forgotten


def _log_batches(asked: Iterable[Considered]) -> None:
    counts = Counter(considered.batch for considered in asked if considered.waits)
    for batch, count in counts.items():
        if batch is None:
            continue
        log.warning(
            "%d stories wait for the desk (%s: %s), and nothing of them goes out before it says so",
            count,
            batch.cause,
            batch.why,
            extra={"action": "held", "feed": batch.feed},
        )


def _log(considered: Considered) -> None:
    action = "lookalike" if isinstance(considered.relation, Lookalike) else "judged"
    log.info(
        "%s, %s (%s): %s",
        name_of(considered.relation),
        name_of(considered.verdict),
        considered.verdict.why,
        considered.story.headline,
        extra={"action": action, "story": considered.story.id},
    )
