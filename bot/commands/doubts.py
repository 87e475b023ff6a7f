"""Doubts: what nobody can look for is put to the editors, with three buttons. Left alone, nothing is sent."""

import logging
from collections.abc import Mapping
from secrets import token_urlsafe

from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.commands.editors import editor_of
from bot.commands.life import place_of
from bot.commands.replies import Replies
from newsroom.delivery import Delivery, DeliveryId, read_back
from newsroom.errors import LeaseLost, StoreUnavailable
from newsroom.ports import Clock, Outbox, Tokens
from newsroom.receipt import Absent, Dropped, Found, ReadBack

log = logging.getLogger(__name__)

ANSWERS: Mapping[str, ReadBack] = {"there": Found(()), "again": Absent(), "drop": Dropped()}


class Doubts:
    """Asks the desk about deliveries of unknown outcome, once each, and carries out what an editor answers."""

    def __init__(
        self,
        bot: Bot,
        outbox: Outbox,
        tokens: Tokens,
        clock: Clock,
        *,
        desk: int,
        editors: Mapping[int, str],
        replies: Replies,
    ) -> None:
        """Build it; `desk` is the chat id of the editors' group."""
        self._bot = bot
        self._outbox = outbox
        self._tokens = tokens
        self._clock = clock
        self._desk = desk
        self._editors = editors
        self._replies = replies

    async def ask(self, delivery: Delivery) -> None:
        """Put a delivery to the desk, if it was not put before in this attempt."""
        token = token_urlsafe(9)
        if not await self._tokens.give(f"{delivery.id}#{delivery.fence}", token, f"{delivery.fence} {delivery.id}"):
            return
        words = self._replies(
            "doubt", headline=delivery.post.headline, place=place_of(delivery.target), why=delivery.why
        )
        row = [
            InlineKeyboardButton(self._replies(f"doubt_{answer}"), callback_data=f"{answer}:{token}")
            for answer in ANSWERS
        ]
        try:
            await self._bot.send_message(self._desk, words, reply_markup=InlineKeyboardMarkup([row]))
        except TelegramError as fault:
            log.warning(
                "the desk could not be asked: %s", fault, extra={"action": "ask_failed", "story": delivery.story}
            )

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button, pressed by anybody."""
        query = update.callback_query
        if query is None or query.data is None:
            return
        editor = editor_of(update, self._editors)
        answer, _colon, token = query.data.partition(":")
        if editor is None or answer not in ANSWERS:
            log.warning("a press was refused", extra={"action": "stranger"})
            await query.answer(self._replies("press_refused"))
            return
        try:
            told = await self._carry_out(answer, token)
        except StoreUnavailable:
            told = self._replies("store_down")
        log.info("%s answered a doubt: %s", editor.name, answer, extra={"action": "doubt", "by": editor.by})
        await self._show(query, f"{told} ({editor.name})")

    async def _carry_out(self, answer: str, token: str) -> str:
        given = await self._tokens.take(token)
        if given is None:
            return self._replies("press_stale")
        fence, _space, name = given.partition(" ")
        waiting = {delivery.id: delivery for delivery in await self._outbox.uncertain()}
        delivery = waiting.get(DeliveryId(name))
        if delivery is None or delivery.fence != int(fence):
            return self._replies("press_stale")
        try:
            await self._outbox.resolve(read_back(delivery, ANSWERS[answer], self._clock.now().timestamp()))
        except LeaseLost:
            return self._replies("press_stale")
        return self._replies(f"doubt_{answer}_done")

    async def _show(self, query: CallbackQuery, told: str) -> None:
        """Answer the press and put the outcome into the question, so that nobody presses twice."""
        try:
            await query.answer(told[:200])
            await query.edit_message_reply_markup(None)
            if query.message is not None:
                await self._bot.send_message(self._desk, told, reply_to_message_id=query.message.message_id)
        except TelegramError as fault:
            log.info("the answer could not be shown: %s", fault, extra={"action": "reply_failed"})
