"""Retractions: when the site took a posted article back, the editors are asked once. Left alone, nothing happens."""

import logging
from collections.abc import Callable, Iterable, Mapping

from telegram import Bot, Update
from telegram.ext import ContextTypes

from bot.commands.buttons import Buttons, Question
from bot.commands.editors import Editor
from bot.commands.life import lines_of, place_of
from bot.commands.replies import Replies
from newsroom.correction import Corrections
from newsroom.errand import Revision
from newsroom.ports import Ledger, Life, Outbox, Tokens
from newsroom.target import TargetId
from newsroom.withdrawal import deletions, markings, posts_standing

log = logging.getLogger(__name__)

ANSWERS = ("delete", "mark", "keep")


class Retractions:
    """Asks the desk what to do with the posts of a story that is gone from the site, and carries it out.

    Args:
        bot: that asks.
        outbox: where deletions and edits are planned, as deliveries like any other.
        ledger: which posts stand.
        tokens: what the buttons mean.
        desk: chat id of the editors' group.
        editors: who may press.
        replies: the words.
        corrections: whether the house edits on X.
        wake: is told in which lanes something new lies.
    """

    def __init__(
        self,
        bot: Bot,
        outbox: Outbox,
        ledger: Ledger,
        tokens: Tokens,
        *,
        desk: int,
        editors: Mapping[int, str],
        replies: Replies,
        corrections: Corrections,
        wake: Callable[[Iterable[TargetId]], None],
    ) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._replies = replies
        self._corrections = corrections
        self._wake = wake
        self._buttons = Buttons(
            bot, tokens, desk=desk, editors=editors, replies=replies, name="retraction", answers=ANSWERS
        )

    def knows(self, data: str) -> bool:
        """Whether a button with this data is one of ours."""
        return self._buttons.knows(data)

    async def ask(self, life: Life) -> None:
        """Put a story to the desk, once for ever."""
        story, standing = life.story, posts_standing(life.deliveries)
        if not standing:
            return
        lines = lines_of(standing, self._replies)
        words = self._replies("retraction", headline=story.headline, link=story.shortlink or story.link, lines=lines)
        await self._buttons.ask(Question(f"retraction:{story.id}", story.id, words, story.id))

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button, pressed by anybody."""
        await self._buttons.pressed(update, self._carry_out)

    async def _carry_out(self, answer: str, story: str, editor: Editor) -> str:
        life = await self._ledger.life(story)
        if life is None:
            return self._replies("press_stale")
        done = self._replies(f"retraction_{answer}_done")
        if answer == "keep":
            return done
        revisions = self._revisions(answer, life, editor.by)
        await self._outbox.revise(life.story.id, revisions)
        self._wake(revision.target for revision in revisions)
        log.warning(
            "%s: %s the posts of «%s»",
            editor.name,
            answer,
            life.story.headline,
            extra={"action": "retraction", "story": life.story.id, "by": editor.by},
        )
        touched = {revision.target for revision in revisions}
        untouched = [place_of(post.target) for post in posts_standing(life.deliveries) if post.target not in touched]
        return done if not untouched else self._replies("retraction_left", done=done, places="، ".join(untouched))

    def _revisions(self, answer: str, life: Life, by: str) -> tuple[Revision, ...]:
        if answer == "delete":
            return deletions(life.deliveries, by)
        return markings(life.deliveries, self._replies("retraction_line"), self._corrections, by)
