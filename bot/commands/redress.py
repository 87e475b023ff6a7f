"""Redress: what the buttons under a receipt do. Undo, correct, retract; and the second key of a deletion."""

from bot.commands.choices import Stage, stage_of
from bot.commands.editors import Editor, Editors, Right
from bot.commands.life import headline_of
from bot.commands.outcome import Asked, Outcome
from bot.commands.prompts import Prompts
from bot.commands.questions import Buttons, Choice
from bot.commands.receipts import Receipts
from bot.commands.replies import Replies
from bot.commands.undoing import Undoing
from bot.commands.voice import Voice
from newsroom.order import Order
from newsroom.ports import Clock, Ledger

RETRACT, SECOND = "retract", "second"
CORRECTION = "correction"
LONGEST_HEADLINE = 300
"""Characters; no headline is longer, and one that is was not meant as one."""


class Redress:
    """Carries them out.

    Args:
        undoing: takes posts back.
        receipts: shows it.
        buttons: under the questions asked on the way.
        prompts: asks for the new headline.
        voice: asks.
        editors: who could turn the second key.
        ledger: which posts stand.
        clock: for the undo window.
        replies: the words.
        desk: chat id of the editors' group, where a second key is asked for; None: where the first was turned.
    """

    def __init__(
        self,
        undoing: Undoing,
        receipts: Receipts,
        buttons: Buttons,
        prompts: Prompts,
        voice: Voice,
        *,
        editors: Editors,
        ledger: Ledger,
        clock: Clock,
        replies: Replies,
        desk: int | None,
    ) -> None:
        self._undoing = undoing
        self._receipts = receipts
        self._buttons = buttons
        self._prompts = prompts
        self._voice = voice
        self._editors = editors
        self._ledger = ledger
        self._clock = clock
        self._replies = replies
        self._desk = desk

    async def pressed(self, choice: Choice, order: Order, editor: Editor) -> Outcome:
        """A button under a receipt."""
        match choice.answer:
            case "undo":
                outcome = await self._undo(choice, editor)
            case "correct":
                words = self._replies("correct_ask", headline=await self._headline(choice.about))
                await self._prompts.put(CORRECTION, choice.about, words, order)
                outcome = Outcome(story=choice.about, closes=False)
            case _:
                outcome = await self._ask_how(choice, order)
        await self._receipts.freshen(choice.about)
        return outcome

    async def corrected(self, story: str, asked: Asked) -> Outcome:
        """The new headline came."""
        headline = " ".join(asked.rest.split())
        if not headline or len(headline) > LONGEST_HEADLINE:
            return Outcome(self._replies("correct_how"))
        outcome = await self._undoing.correct(story, headline, asked.editor)
        await self._receipts.freshen(story)
        return outcome

    async def decided(self, choice: Choice, order: Order, editor: Editor) -> Outcome:
        """How to retract was chosen: marked at once, deleted only with another's word."""
        if choice.answer == "keep":
            return Outcome(f"{self._replies('retraction_keep_done')} ({editor.name})", choice.about, what="keep")
        if choice.answer == "mark":
            outcome = await self._undoing.mark(choice.about, editor)
            await self._receipts.freshen(choice.about)
            return outcome
        return await self._ask_second(choice, order, editor)

    async def agreed(self, choice: Choice, _: Order, editor: Editor) -> Outcome:
        """The second key was turned, or refused."""
        if choice.answer != "agree":
            return Outcome(f"{self._replies('retraction_keep_done')} ({editor.name})", choice.about, what="keep")
        outcome = await self._undoing.delete(choice.about, editor, what="delete")
        await self._receipts.freshen(choice.about)
        return outcome

    async def _undo(self, choice: Choice, editor: Editor) -> Outcome:
        life = await self._ledger.life(choice.about)
        # Where nothing stands, this very order may have seen to it, before a crash cut off its answer.
        stages = {Stage.UNDO, Stage.NONE}
        if life is None or stage_of(life.deliveries, self._clock.now().timestamp()) not in stages:
            return Outcome(self._replies("undo_late"), choice.about, what="stale", after="undo", closes=False)
        outcome = await self._undoing.delete(choice.about, editor, what="undo")
        return Outcome(outcome.told, outcome.story, outcome.before, outcome.after, outcome.what, closes=False)

    async def _ask_how(self, choice: Choice, order: Order) -> Outcome:
        once = f"{RETRACT}:{choice.once}"
        row = await self._buttons.row(
            [
                Choice(RETRACT, answer, choice.about, Right.RETRACT, once, f"retraction_{answer}")
                for answer in ("delete", "mark", "keep")
            ]
        )
        words = self._replies("retract_ask", headline=await self._headline(choice.about))
        await self._voice.say(order.chat, words, reply_to=order.reply_to, rows=[row])
        return Outcome(story=choice.about, closes=False)

    async def _ask_second(self, choice: Choice, order: Order, editor: Editor) -> Outcome:
        others = [
            user
            for user, role in (await self._editors.all()).items()
            if user != editor.id and Editor(user, role, "").may(Right.RETRACT)
        ]
        if not others:
            return Outcome(self._replies("second_key_nobody"), choice.about, what="refused", after="delete")
        once = f"{SECOND}:{choice.once}"
        row = await self._buttons.row(
            [
                Choice(SECOND, "agree", choice.about, Right.RETRACT, once, "second_key_agree", barred=editor.id),
                Choice(SECOND, "refuse", choice.about, Right.RETRACT, once, "second_key_refuse"),
            ]
        )
        words = self._replies("second_key_ask", name=editor.name, headline=await self._headline(choice.about))
        await self._voice.say(self._desk or order.chat, words, rows=[row])
        return Outcome(self._replies("second_key_asked"), choice.about, after="delete", what="delete asked")

    async def _headline(self, story: str) -> str:
        life = await self._ledger.life(story)
        return headline_of(life) if life else ""
