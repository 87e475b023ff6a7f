"""Buttons under a question to the desk: asked once, answered by the first editor who presses, explained to the rest."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import TelegramError

from bot.commands.editors import Editor, editor_of
from bot.commands.replies import Replies
from newsroom.errors import StoreUnavailable
from newsroom.ports import Tokens

log = logging.getLogger(__name__)

CarryOut = Callable[[str, str, Editor], Awaitable[str]]
"""From the answer, what the button meant and who pressed it to what became of it, in words."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    once: str
    """Asked once under this name."""
    meaning: str
    """What its buttons are about; kept in the store, never in the button."""
    words: str
    story: str


class Buttons:
    """The buttons of one kind of question.

    Args:
        bot: that asks.
        tokens: what the buttons mean.
        desk: chat id of the editors' group.
        editors: who may press.
        replies: the words; `{name}_{answer}` stands on a button.
        name: of the kind of question.
        answers: in the order of the buttons.
    """

    def __init__(
        self,
        bot: Bot,
        tokens: Tokens,
        *,
        desk: int,
        editors: Mapping[int, str],
        replies: Replies,
        name: str,
        answers: Sequence[str],
    ) -> None:
        self._bot = bot
        self._tokens = tokens
        self._desk = desk
        self._editors = editors
        self._replies = replies
        self._name = name
        self._answers = tuple(answers)

    def knows(self, data: str) -> bool:
        """Whether a button with this data is one of these."""
        return data.partition(":")[0] in self._answers

    async def ask(self, question: Question) -> None:
        """Put it to the desk, if it was not put before."""
        token = token_urlsafe(9)
        if not await self._tokens.give(question.once, token, question.meaning):
            return
        row = [
            InlineKeyboardButton(self._replies(f"{self._name}_{answer}"), callback_data=f"{answer}:{token}")
            for answer in self._answers
        ]
        try:
            await self._bot.send_message(self._desk, question.words, reply_markup=InlineKeyboardMarkup([row]))
        except TelegramError as fault:
            log.warning(
                "the desk could not be asked: %s", fault, extra={"action": "ask_failed", "story": question.story}
            )

    async def pressed(self, update: Update, carry_out: CarryOut) -> None:
        """A button, pressed by anybody."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        editor = editor_of(update, self._editors)
        answer, _colon, token = query.data.partition(":")
        if editor is None or answer not in self._answers:
            log.warning("a press was refused", extra={"action": "stranger"})
            await query.answer(self._replies("press_refused"))
            return
        try:
            meaning = await self._tokens.take(token)
            told = self._replies("press_stale") if meaning is None else await carry_out(answer, meaning, editor)
        except StoreUnavailable:
            told = self._replies("store_down")
        log.info("%s answered a %s: %s", editor.name, self._name, answer, extra={"action": self._name, "by": editor.by})
        await self._show(query, f"{told} ({editor.name})")

    async def _show(self, query: CallbackQuery, told: str) -> None:
        """Answer the press and put the outcome into the question, so that nobody presses twice."""
        try:
            await query.answer(told[:200])
            await query.edit_message_reply_markup(None)
            if query.message is not None:
                await self._bot.send_message(self._desk, told, reply_to_message_id=query.message.message_id)
        except TelegramError as fault:
            log.info("the answer could not be shown: %s", fault, extra={"action": "reply_failed"})
