"""The desk: two doors into one corridor. `consider`, `goes_out` and `admission_of` decide; `Desk` only moves."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeGuard

from newsroom.correction import Corrections, revisions_of
from newsroom.delivery import Lane
from newsroom.entry import Entry
from newsroom.errand import Revision
from newsroom.errors import EntryRefused, StoreUnavailable
from newsroom.ports import Admission, Admitted, AlreadyKnown, Clock, Moved, Outbox, Renderer
from newsroom.post import Post
from newsroom.relation import Duplicate, Lookalike, New, Relation, Update, relate
from newsroom.rules import Rules
from newsroom.site import Site
from newsroom.story import Story, StoryId, learnt, story_of
from newsroom.target import Target, TargetId
from newsroom.verdict import Breaking, Held, Ignored, Ordinary, Verdict, Why, judge, kicker_for
from newsroom.window import Window

log = logging.getLogger(__name__)

MOVES_AT_MOST = 20
"""How often other workers may overtake one admission before it is left to the next poll."""


@dataclass(frozen=True, slots=True)
class House:
    """What this newsroom is: its paper, its rules, its followers' places."""

    site: Site
    rules: Rules
    targets: tuple[Target, ...]
    corrections: Corrections = field(default_factory=Corrections)


@dataclass(frozen=True, slots=True)
class Considered:
    """A story with all that was decided about it."""

    story: Story
    relation: Relation
    verdict: Verdict
    by: str = ""
    before: Story | None = None
    """Where the very article was edited: how it read until now."""

    @property
    def lane(self) -> Lane:
        """Breaking goes before ordinary."""
        return Lane.BREAKING if isinstance(self.verdict, Breaking) else Lane.ORDINARY

    @property
    def of(self) -> StoryId | None:
        """The earlier story it relates to."""
        return None if isinstance(self.relation, New) else self.relation.of

    @property
    def same_as(self) -> StoryId | None:
        """The earlier story that it is, told again or edited."""
        return self.of if isinstance(self.relation, Duplicate) or is_edit(self.relation) else None


def consider(entry: Entry, house: House, window: Window, now: datetime, *, by: str = "") -> Considered:
    """All decisions about one entry, in the corridor's order. Pure.

    `by` names the editor who pushes it: a push is judged like a feed's entry, but never held or ignored.

    Raises:
        EntryRefused: it cannot become a story.
    """
    story = story_of(entry, house.site, now)
    relation = relate(story, window)
    verdict = judge(story, house.rules, now)
    if by and not story.headline:
        raise EntryRefused("there is no headline in it")
    if by and isinstance(verdict, Held | Ignored):
        verdict = Ordinary(Why.EDITOR)
    known = window.story(relation.of) if is_edit(relation) else None
    return Considered(learnt(known, story) if known else story, relation, verdict, by, known)


def take_note(considered: Considered, window: Window) -> None:
    """Let those that are judged after it know it.

    A story told again elsewhere teaches the window nothing: under the first one's name its own headline would look like
    an edit, and the post would change to and fro between two editors' words. The store knows its keys all the same.
    """
    if not isinstance(considered.relation, Duplicate):
        window.add(considered.story)


def goes_out(considered: Considered, rules: Rules) -> bool:
    """Whether it is to be posted where it is not posted yet."""
    if considered.by or isinstance(considered.verdict, Breaking):
        return True
    if considered.same_as:
        return False
    return isinstance(considered.verdict, Ordinary) and rules.post_ordinary


def is_edit(relation: Relation) -> TypeGuard[Update]:
    """Whether the very article that is known was changed."""
    return isinstance(relation, Update) and relation.same_article


def posts_of(considered: Considered, house: House, renderer: Renderer) -> tuple[Post, ...]:
    """The posts that would go out, one a target. Pure, as rendering is."""
    if not goes_out(considered, house.rules):
        return ()
    kicker = kicker_for(considered.story, considered.verdict)
    return tuple(renderer.render(considered.story, kicker, considered.lane, target) for target in house.targets)


def edits_of(considered: Considered, house: House, renderer: Renderer) -> tuple[Revision, ...]:
    """What readers would see of an edit of the article, one a target. Pure, as rendering is."""
    if considered.before is None:
        return ()
    return revisions_of(considered.before, considered.story, house.targets, renderer, house.corrections)


def admission_of(
    considered: Considered, posts: tuple[Post, ...], rules: Rules, revisions: tuple[Revision, ...] = ()
) -> Admission:
    """What the outbox is asked for. Pure."""
    story, verdict = considered.story, considered.verdict
    born = story.met if considered.by or story.published is None else min(story.published, story.met)
    fresh_for = rules.breaking_for if isinstance(verdict, Breaking) and not considered.by else rules.news_for
    return Admission(
        story=story,
        posts=posts,
        lane=considered.lane,
        verdict=name_of(verdict),
        reason=verdict.why,
        expires=(born + fresh_for).timestamp(),
        by=considered.by,
        completes=bool(posts),
        same_as=considered.same_as,
        rewrite=is_edit(considered.relation),
        revisions=revisions,
    )


def name_of(decided: Verdict | Relation) -> str:
    """`breaking`, `duplicate`, …: as logs, the store and `simulate` call it."""
    return type(decided).__name__.lower()


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
    ) -> None:
        """Build a desk.

        `one_at_a_time` is a lock, for two judgements at once would not see each other's stories; `wake` is told
        which lanes have something new.
        """
        self._house = house
        self._renderer = renderer
        self._outbox = outbox
        self._clock = clock
        self._one_at_a_time = one_at_a_time
        self._wake = wake
        self._window: Window | None = None
        self._version = 0

    async def take_in(self, entries: Sequence[Entry], *, first_sight: bool) -> None:
        """A feed's entries, oldest first. At first sight of a feed they become known and are not news."""
        await self._walk(entries, first_sight=first_sight)

    async def push(self, entry: Entry, by: str) -> Pushed:
        """An editor's own: it goes out whatever its class, where it does not stand yet."""
        [(considered, outcome)] = await self._walk([entry], by=by)
        return Pushed(considered, outcome)

    async def _walk(
        self,
        entries: Sequence[Entry],
        *,
        by: str = "",
        first_sight: bool = False,
    ) -> list[tuple[Considered, Admitted | AlreadyKnown]]:
        done: list[tuple[Considered, Admitted | AlreadyKnown]] = []
        async with self._one_at_a_time:
            try:
                for _ in range(MOVES_AT_MOST):
                    rest = entries[len(done) :]
                    if not rest:
                        return done
                    window = await self._window_now()
                    asked = [self._consider(entry, window, by=by, first_sight=first_sight) for entry in rest]
                    done += await self._admit(asked)
            except BaseException:
                # The window holds stories of a batch that was not written: read it anew next time.
                self._window = None
                raise
        raise StoreUnavailable(f"other workers overtook this one {MOVES_AT_MOST} times; left to the next poll")

    async def _window_now(self) -> Window:
        if self._window is None:
            recent = await self._outbox.recent(0)
            self._window, self._version = Window(), recent.version
            for story in recent.stories:
                self._window.add(story)
        return self._window

    def _consider(self, entry: Entry, window: Window, *, by: str, first_sight: bool) -> Considered:
        considered = consider(entry, self._house, window, self._clock.now(), by=by)
        if first_sight:
            considered = replace(considered, verdict=Ignored(Why.FIRST_SIGHT))
        # Those after it in the batch are judged knowing it.
        take_note(considered, window)
        return considered

    async def _admit(self, asked: list[Considered]) -> list[tuple[Considered, Admitted | AlreadyKnown]]:
        """What was written, up to the first that another worker overtook."""
        admissions = [self._admission(considered) for considered in asked]
        done: list[tuple[Considered, Admitted | AlreadyKnown]] = []
        outcomes = await self._outbox.admit(admissions, self._version)
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
        return done

    def _admission(self, considered: Considered) -> Admission:
        posts = posts_of(considered, self._house, self._renderer)
        return admission_of(considered, posts, self._house.rules, edits_of(considered, self._house, self._renderer))


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
