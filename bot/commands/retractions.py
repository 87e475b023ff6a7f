"""Retractions: when the site took a posted article back, the editors are asked once. Left alone, nothing happens."""

from bot.commands.editors import Editor, Right
from bot.commands.life import lines_of
from bot.commands.outcome import Outcome
from bot.commands.questions import Asker, Choice, Question
from bot.commands.replies import Replies
from bot.commands.undoing import Undoing
from newsroom.order import Order
from newsroom.ports import Life
from newsroom.withdrawal import posts_standing

KIND = "retraction"
RIGHTS = {"delete": Right.RETRACT, "mark": Right.RETRACT, "keep": Right.PUBLISH}
"""That the site took the story back is the first key of a deletion; the editor's press is the second."""


class Retractions:
    """Asks the desk what to do with the posts of a story that is gone from the site, and carries it out.

    Args:
        asker: puts the question.
        undoing: takes posts back.
        replies: the words.
    """

    def __init__(self, asker: Asker, undoing: Undoing, replies: Replies) -> None:
        self._asker = asker
        self._undoing = undoing
        self._replies = replies

    async def ask(self, life: Life) -> None:
        """Put a story to the desk, once."""
        story, standing = life.story, posts_standing(life.deliveries)
        if not standing:
            return
        lines = lines_of(standing, self._replies)
        words = self._replies("retraction", headline=story.headline, link=story.shortlink or story.link, lines=lines)
        name = f"{KIND}:{story.id}"
        choices = [
            Choice(KIND, answer, story.id, right, name, f"retraction_{answer}") for answer, right in RIGHTS.items()
        ]
        await self._asker.put(Question(name, words, story.id, choices))

    async def carry_out(self, choice: Choice, _order: Order, editor: Editor) -> Outcome:
        """What an editor decided."""
        if choice.answer == "keep":
            return Outcome(f"{self._replies('retraction_keep_done')} ({editor.name})", choice.about, what="keep")
        if choice.answer == "delete":
            return await self._undoing.delete(choice.about, editor, what="retraction delete")
        return await self._undoing.mark(choice.about, editor)
