"""The bot's voice in the chats of editors. A word that is lost harms nothing that was done; it is logged."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest, RetryAfter, TelegramError

from newsroom.ports import Clock

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
LONGEST = 4000
"""Characters of a message; Telegram takes 4,096 UTF-16 units."""
TOAST = 190
"""Characters of the answer to a press; Telegram takes 200."""

PATIENCE_SECONDS = 60.0
"""A longer wait is not waited for: what was to be said is stale by then."""

Row = Sequence[tuple[str, str]]
"""Buttons: what stands on each, and what it brings when pressed."""


class Voice:
    """Says, edits and answers.

    Args:
        bot: from `publishing.telegram_bot.open_bot`.
        clock: for the wait that Telegram asks for.
    """

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock

    async def say(self, chat: int, text: str, *, reply_to: int = 0, rows: Sequence[Row] = ()) -> int:
        """The number of the message; 0 when it could not be said."""
        try:
            said = await self._patiently(
                lambda: self._bot.send_message(
                    chat,
                    _cut(text),
                    link_preview_options=NO_PREVIEW,
                    reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
                    reply_markup=_keyboard(rows),
                )
            )
        except TelegramError as fault:
            log.warning("an answer could not be sent: %s", fault, extra={"action": "reply_failed"})
            return 0
        return said.message_id

    async def _patiently(self, send: Callable[[], Awaitable[Message]]) -> Message:
        """A group takes 20 messages a minute. What Telegram turned away for that was certainly not said."""
        try:
            return await send()
        except RetryAfter as asked:
            wait = asked.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            if seconds > PATIENCE_SECONDS:
                raise
            await self._clock.sleep(seconds)
            return await send()

    async def ask(self, chat: int, text: str, *, reply_to: int) -> int:
        """The same, with the answer's line opened for the person who is replied to."""
        try:
            said = await self._bot.send_message(
                chat,
                _cut(text),
                reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True),
                reply_markup=ForceReply(selective=True),
            )
        except TelegramError as fault:
            log.warning("a question could not be sent: %s", fault, extra={"action": "reply_failed"})
            return 0
        return said.message_id

    async def edit(self, chat: int, message: int, text: str, rows: Sequence[Row] = ()) -> bool:
        """Put these words and buttons in the place of those that stand; False when the message is gone."""
        try:
            await self._bot.edit_message_text(
                _cut(text), chat, message, link_preview_options=NO_PREVIEW, reply_markup=_keyboard(rows)
            )
        except BadRequest as fault:
            return "not modified" in fault.message.lower()
        except TelegramError as fault:
            log.warning("a message could not be kept true: %s", fault, extra={"action": "reply_failed"})
        return True

    async def strip(self, chat: int, message: int) -> None:
        """Take the buttons away."""
        try:
            await self._bot.edit_message_reply_markup(chat, message)
        except TelegramError as fault:
            log.info("buttons could not be taken away: %s", fault, extra={"action": "reply_failed"})

    async def answer(self, press: str, text: str) -> None:
        """Answer a press, in a line over the chat. One that was pressed long ago takes no answer any more."""
        try:
            await self._bot.answer_callback_query(press, text[:TOAST])
        except TelegramError as fault:
            log.info("a press could not be answered: %s", fault, extra={"action": "reply_failed"})


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(words, callback_data=token) for words, token in row] for row in rows]
    )
