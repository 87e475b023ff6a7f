"""The reception: every order is written down, carried out once, answered and crossed out, in this order.

A worker that dies anywhere in between leaves the order in the journal, and whoever listens next carries it out again:
each comes to the same when it is done twice. Who may not, and presses of buttons that are forged, stale or used, change
nothing; they are told so, and it is noted.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.commands.editors import Editor, Editors, Right
from bot.commands.hearing import command_of
from bot.commands.outcome import Asked, Command, Outcome
from bot.commands.prompts import Prompts
from bot.commands.questions import Buttons, CarryOut, Choice
from bot.commands.replies import Replies
from bot.commands.strangers import Strangers
from bot.commands.voice import Voice
from newsroom.daybook import Journal, Tokens
from newsroom.errors import StoreUnavailable
from newsroom.order import Form, Note, Order
from newsroom.ports import Clock

log = logging.getLogger(__name__)

STALE_SECONDS = 600.0
"""An order that nobody could carry out for so long is not carried out any more: the editor has long done otherwise."""
CHANGES_NOTHING = frozenset({"refused", "repeated", "failed", "stale"})
"""What is told to the one who pressed, and to nobody else."""


class Reception:
    """Takes orders.

    Args:
        editors: who may what.
        journal: where orders are written down.
        tokens: who pressed first.
        voice: answers.
        replies: the words.
        clock: for the age of an order.
        strangers: meets those who may not.
        commands: by name.
        kinds: what carries out a press, by the kind of button.
        buttons: reads what a button meant.
        prompts: questions that are answered in words.
    """

    def __init__(
        self,
        *,
        editors: Editors,
        journal: Journal,
        tokens: Tokens,
        voice: Voice,
        replies: Replies,
        clock: Clock,
        strangers: Strangers,
        commands: Mapping[str, Command],
        kinds: Mapping[str, CarryOut],
        buttons: Buttons,
        prompts: Prompts,
    ) -> None:
        self._editors = editors
        self._journal = journal
        self._tokens = tokens
        self._voice = voice
        self._replies = replies
        self._clock = clock
        self._strangers = strangers
        self._commands = commands
        self._kinds = kinds
        self._buttons = buttons
        self._prompts = prompts

    async def take(self, order: Order) -> Order | None:
        """Write an order down; None when there is nothing to carry out: a stranger's, or one that came before."""
        try:
            if await self._editors.find(order.user, order.name) is None:
                await self._strangers.meet(order)
                return None
            return order if await self._journal.begin(order) else None
        except StoreUnavailable:
            await self._tell(order, self._replies("store_down"))
            return None

    async def left_over(self) -> tuple[Order, ...]:
        """Orders that were begun and not done. Raises `StoreUnavailable`."""
        return await self._journal.unfinished()

    async def carry_out(self, order: Order) -> None:
        """Do what was ordered, answer, and cross it out. Raises nothing: what fails is told and logged."""
        try:
            outcome = await self._outcome_of(order)
            await self._tell(order, outcome.told)
            if order.form is Form.PRESS and outcome.what not in CHANGES_NOTHING:
                await self._show_all(order, outcome)
            await self._journal.done(order.id, self._notes(order, outcome))
        except StoreUnavailable:
            # It stays in the journal, and is carried out when the store is back.
            log.warning("an order waits for the store", extra={"action": "store_down", "by": str(order.user)})
            await self._tell(order, self._replies("store_down_later"))

    async def _outcome_of(self, order: Order) -> Outcome:
        editor = await self._editors.find(order.user, order.name)
        if editor is None:
            return Outcome(self._replies("press_refused"), what="refused", after=order.text)
        if self._clock.now().timestamp() - order.at > STALE_SECONDS:
            return Outcome(self._replies("order_stale"), what="stale", after=order.text)
        try:
            return await self._done(order, editor)
        except StoreUnavailable:
            raise
        except Exception:
            # An order is a border: what one breaks must not end the listening, and the editor is told.
            log.exception("a command failed", extra={"action": "command_failed", "by": editor.by})
            return Outcome(self._replies("command_failed"), what="failed", after=order.text)

    async def _done(self, order: Order, editor: Editor) -> Outcome:
        match order.form:
            case Form.COMMAND:
                return await self._command(order, editor)
            case Form.PRESS:
                return await self._press(order, editor)
            case Form.REPLY:
                answered = await self._prompts.answered(Asked(order, editor, order.text))
                if answered is not None or not order.is_private:
                    return answered or Outcome()
                return await self._command(order, editor)

    async def _command(self, order: Order, editor: Editor) -> Outcome:
        name, rest = command_of(order.text)
        log.info("%s asked for /%s", editor.name, name, extra={"action": "command", "by": editor.by})
        command = self._commands.get(name)
        if command is None:
            return Outcome(self._replies("unknown_command" if name else "no_command"))
        if not editor.may(command.right):
            return self._not_allowed(editor, command.right, order.text)
        return await command.run(Asked(order, editor, rest))

    async def _press(self, order: Order, editor: Editor) -> Outcome:
        choice = await self._buttons.choice_of(order.text)
        if choice is None:
            log.warning("a press was refused", extra={"action": "press_refused", "by": editor.by})
            return Outcome(self._replies("press_unknown"), what="refused", after="press")
        if choice.barred == editor.id:
            return Outcome(self._replies("second_key_is_anothers"), choice.about, what="refused", after=choice.answer)
        if not choice.may_press(editor):
            return replace(
                self._not_allowed(editor, choice.right, f"{choice.kind} {choice.answer}"), story=choice.about
            )
        mine = f"{order.id} {editor.by}"
        first = await self._tokens.claim(f"press:{choice.once}", mine)
        if first != mine:
            by = first.partition(" ")[2]
            return Outcome(
                self._replies("press_taken", name=_name(by)), choice.about, what="repeated", after=choice.answer
            )
        return await self._carried_out(choice, order, editor)

    async def _carried_out(self, choice: Choice, order: Order, editor: Editor) -> Outcome:
        outcome = await self._kinds[choice.kind](choice, order, editor)
        log.info(
            "%s answered a %s: %s",
            editor.name,
            choice.kind,
            choice.answer,
            extra={"action": choice.kind, "by": editor.by},
        )
        return outcome

    def _not_allowed(self, editor: Editor, right: Right, what: str) -> Outcome:
        log.warning("%s may not: %s", editor.name, right, extra={"action": "not_allowed", "by": editor.by})
        return Outcome(self._replies("not_allowed", who=self._replies(f"right_{right}")), what="refused", after=what)

    async def _tell(self, order: Order, text: str) -> None:
        """To a press, over the chat at once; and under the message, where others read it too."""
        if order.form is Form.PRESS:
            await self._voice.answer(order.press, text)
        elif text:
            await self._voice.say(order.chat, text, reply_to=order.reply_to)

    async def _show_all(self, order: Order, outcome: Outcome) -> None:
        """Over the chat the answer is read by the one who pressed; under the message by all."""
        if outcome.closes:
            await self._voice.strip(order.chat, order.reply_to)
        if outcome.told:
            await self._voice.say(order.chat, outcome.told, reply_to=order.reply_to)

    def _notes(self, order: Order, outcome: Outcome) -> list[Note]:
        if not outcome.what:
            return []
        by = f"{order.user} {order.name}".strip()
        at = self._clock.now().timestamp()
        return [Note(at, by, outcome.what, outcome.story, outcome.before, outcome.after)]


def _name(by: str) -> str:
    return by.partition(" ")[2] or by
