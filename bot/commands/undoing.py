"""Taking back and putting right what was published: everywhere, by deliveries like any other, and said where it cannot be."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.commands.editors import Editor
from bot.commands.life import place_of
from bot.commands.outcome import Outcome
from bot.commands.replies import Replies
from newsroom.correction import Corrections, reworded
from newsroom.delivery import TAKEN_BACK, Delivery, State
from newsroom.errand import Errand, Revision
from newsroom.ports import Ledger, Life, Outbox, Renderer
from newsroom.story import Story
from newsroom.target import Target, TargetId
from newsroom.withdrawal import deletions, markings, posts_standing

log = logging.getLogger(__name__)

_ANYWHERE = Corrections("edit")


class Undoing:
    """Plans deletions, marks and new headlines of a story's posts. Done twice, each comes to the same.

    Args:
        outbox: where they are planned.
        ledger: which posts stand.
        renderer: sets a new headline as every other was.
        targets: of the house.
        corrections: whether the house edits on X.
        replies: the words.
        wake: is told in which lanes something new lies.
    """

    def __init__(
        self,
        outbox: Outbox,
        ledger: Ledger,
        renderer: Renderer,
        *,
        targets: Sequence[Target],
        corrections: Corrections,
        replies: Replies,
        wake: Callable[[Iterable[TargetId]], None],
    ) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._renderer = renderer
        self._targets = targets
        self._corrections = corrections
        self._replies = replies
        self._wake = wake

    async def delete(self, story: str, editor: Editor, *, what: str) -> Outcome:
        """Delete every post of it; one that waits is never sent."""
        life = await self._ledger.life(story)
        if life is None or not posts_standing(life.deliveries):
            return self._gone(life, story, editor, what)
        revisions = deletions(life.deliveries, editor.by)
        return await self._revise(life, revisions, editor, what=what, done="retraction_delete_done")

    async def mark(self, story: str, editor: Editor) -> Outcome:
        """Write above every post that the story was withdrawn."""
        life = await self._ledger.life(story)
        if life is None or not posts_standing(life.deliveries):
            return Outcome(self._replies("nothing_stands"), story, what="stale")
        revisions = markings(life.deliveries, self._replies("retraction_line"), self._corrections, editor.by)
        return await self._revise(life, revisions, editor, what="mark", done="retraction_mark_done")

    async def correct(self, story: str, headline: str, editor: Editor) -> Outcome:
        """Put a new headline over every post that may be edited."""
        life = await self._ledger.life(story)
        if life is None or not posts_standing(life.deliveries):
            return Outcome(self._replies("nothing_stands"), story, what="stale")
        standing = posts_standing(life.deliveries)
        told = replace(life.story, headline=headline)
        # What was not sent yet may be changed anywhere.
        revisions = [
            *self._reworded(told, [post for post in standing if post.state is State.PLANNED], _ANYWHERE, editor),
            *self._reworded(
                told, [post for post in standing if post.state is not State.PLANNED], self._corrections, editor
            ),
        ]
        return await self._revise(life, revisions, editor, what="correct", done="corrected", after=headline)

    def _gone(self, life: Life | None, story: str, editor: Editor, what: str) -> Outcome:
        """Nothing stands. Who had it deleted is told so: a crash may have cut the order off before its answer."""
        if life is None or not any(_took_back(one, editor) for one in life.deliveries):
            return Outcome(self._replies("nothing_stands"), story, what="stale")
        told = f"{self._replies('retraction_delete_done')} ({editor.name})"
        return Outcome(told, story, stood(life.deliveries, State.REMOVED), "", what)

    def _reworded(
        self, told: Story, posts: Sequence[Delivery], corrections: Corrections, editor: Editor
    ) -> tuple[Revision, ...]:
        wanted = {post.target for post in posts}
        targets = [target for target in self._targets if target.id in wanted]
        return reworded(told, targets, self._renderer, corrections, editor.by)

    async def _revise(
        self,
        life: Life,
        revisions: Sequence[Revision],
        editor: Editor,
        *,
        what: str,
        done: str,
        after: str = "",
    ) -> Outcome:
        await self._outbox.revise(life.story.id, revisions)
        self._wake(revision.target for revision in revisions)
        extra = {"action": "retraction" if what != "correct" else "correction", "story": life.story.id, "by": editor.by}
        log.warning("%s: %s the posts of «%s»", editor.name, what, life.story.headline, extra=extra)
        touched = {revision.target for revision in revisions}
        untouched = [place_of(post.target) for post in posts_standing(life.deliveries) if post.target not in touched]
        told = f"{self._replies(done)} ({editor.name})"
        if untouched:
            told = self._replies("retraction_left", done=told, places="، ".join(untouched))
        return Outcome(told, life.story.id, stood(life.deliveries), after, what)


def _took_back(delivery: Delivery, editor: Editor) -> bool:
    is_taken = delivery.errand is Errand.DELETE or delivery.why == TAKEN_BACK
    return is_taken and delivery.by == editor.by


def stood(deliveries: Iterable[Delivery], state: State = State.SENT) -> str:
    """What stood before, for the audit: the headline, and where."""
    posts = [delivery for delivery in deliveries if not delivery.of and delivery.state is state]
    places = " ".join(delivery.url or place_of(delivery.target) for delivery in posts)
    return f"{posts[0].post.headline} · {places}" if posts else ""
