"""Stories that wait for the desk: a flood, a backlog, one that a rule holds. Asked once each; left alone, nothing goes out."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from bot.commands.editors import Editor, Right
from bot.commands.outcome import Outcome
from bot.commands.questions import Asker, Choice, Question
from bot.commands.replies import GROUNDS, Replies
from newsroom.batch import Batches, Cause, Waiting
from newsroom.desk import Desk
from newsroom.flood import Flood
from newsroom.order import Order
from newsroom.ports import Clock, Ledger, Life
from newsroom.relation import Ground
from newsroom.story import Story, StoryId

KIND, PICK = "batch", "pick"
ANSWERS: Mapping[Cause, Sequence[str]] = {
    Cause.FLOOD: ("newest", "all", "none"),
    Cause.BACKLOG: ("all", "pick", "none"),
    Cause.STORY: ("publish", "none"),
    Cause.LOOKALIKE: ("seen",),
}
LOOK_SECONDS = 3.0
GATHERING_SECONDS = 25.0
"""A backlog is shown when every feed has been asked once: `newsroom.desk.GATHERED_FOR`, and a poll's time more."""
LISTED = 10
PICKED_AT_MOST = 20
"""More single questions than this would be a flood of their own."""


class HeldStories:
    """Asks the desk what is to become of stories that wait, and carries out what an editor answers.

    Args:
        asker: puts the question.
        batches: what waits.
        ledger: the stories.
        desk: through which they go out, like every other.
        clock: for how long a backlog has gathered.
        replies: the words.
    """

    def __init__(
        self, asker: Asker, batches: Batches, ledger: Ledger, desk: Desk, clock: Clock, *, replies: Replies
    ) -> None:
        self._asker = asker
        self._batches = batches
        self._ledger = ledger
        self._desk = desk
        self._clock = clock
        self._replies = replies
        self.kinds: Mapping[str, Callable[[Choice, Order, Editor], Awaitable[Outcome]]] = {
            KIND: self.carry_out,
            PICK: self.carry_out_pick,
        }

    async def look(self) -> None:
        """Ask about all that waits and was not asked about, though it began to wait before this process did.

        Raises:
            StoreUnavailable: nobody knows what waits.
        """
        now = self._clock.now().timestamp()
        for waiting in await self._batches.waiting():
            if waiting.batch.cause is not Cause.BACKLOG or now - waiting.since >= GATHERING_SECONDS:
                await self._ask(waiting)

    async def _ask(self, waiting: Waiting) -> None:
        batch = waiting.batch
        words = self._replies(
            f"batch_{batch.cause}",
            count=len(waiting.stories),
            feed=batch.feed,
            why=self._why(waiting),
            lines=await self._lines(waiting),
        )
        name = f"{KIND}:{batch.id}"
        choices = [
            Choice(KIND, answer, batch.id, Right.PUBLISH, name, f"batch_{answer}") for answer in ANSWERS[batch.cause]
        ]
        await self._asker.put(Question(name, words, waiting.stories[-1], choices))

    def _why(self, waiting: Waiting) -> str:
        batch = waiting.batch
        match batch.cause:
            case Cause.FLOOD:
                return self._replies(f"flood_{Flood(batch.why)}")
            case Cause.LOOKALIKE:
                return ""
            case _:
                return self._replies.reason(batch.why)

    async def _lines(self, waiting: Waiting) -> str:
        """The newest first; a lookalike with what it looks like, and why."""
        lives = [await self._ledger.life(name) for name in reversed(waiting.stories)]
        told = [await self._line(life) for life in lives[:LISTED] if life is not None]
        return "\n".join([*told, *(["…"] if len(lives) > LISTED else [])])

    async def _line(self, life: Life) -> str:
        line = f"• {life.story.headline}"
        known = await self._ledger.life(life.of) if life.of and life.relation == "lookalike" else None
        if known is None:
            return line
        why = self._replies.said(GROUNDS[Ground(life.ground)])
        return f"{line}\n  ≈ {known.story.headline} ({why})"

    async def _stories(self, ids: Iterable[StoryId]) -> list[Story]:
        lives = [await self._ledger.life(name) for name in ids]
        return [life.story for life in lives if life is not None]

    async def carry_out(self, choice: Choice, _order: Order, editor: Editor) -> Outcome:
        """What an editor wants of a batch. Again comes to the same: what stands is not posted twice."""
        kept = {waiting.batch.id: waiting for waiting in await self._batches.waiting()}
        waiting = kept.get(choice.about)
        if waiting is None:
            return Outcome(self._replies("press_stale"), what="stale")
        if choice.answer == "pick":
            await self._ask_singly(waiting)
        else:
            chosen = {"none": (), "seen": (), "newest": waiting.newest}.get(choice.answer, waiting.stories)
            await self._release(chosen, editor)
        await self._batches.close(waiting.batch.id)
        told = f"{self._replies(f'batch_{choice.answer}_done')} ({editor.name})"
        return Outcome(told, waiting.stories[-1], str(waiting.batch.cause), choice.answer, f"{KIND} {choice.answer}")

    async def _ask_singly(self, waiting: Waiting) -> None:
        for story in await self._stories(waiting.stories[-PICKED_AT_MOST:]):
            name = f"{PICK}:{waiting.batch.id}:{story.id}"
            choices = [
                Choice(PICK, answer, story.id, Right.PUBLISH, name, f"batch_{answer}") for answer in ("publish", "none")
            ]
            words = self._replies("batch_one", headline=story.headline, link=story.shortlink or story.link)
            await self._asker.put(Question(name, words, story.id, choices))

    async def carry_out_pick(self, choice: Choice, _order: Order, editor: Editor) -> Outcome:
        """What an editor wants of one story of a batch."""
        story = StoryId(choice.about)
        if choice.answer == "publish":
            await self._release([story], editor)
        told = f"{self._replies(f'batch_{choice.answer}_done')} ({editor.name})"
        return Outcome(told, story, "held", choice.answer, f"{PICK} {choice.answer}")

    async def _release(self, ids: Sequence[StoryId], editor: Editor) -> None:
        stories = [story for story in await self._stories(ids) if story.headline]
        await self._desk.release(stories, editor.by)
