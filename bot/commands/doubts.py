"""Doubts: what nobody can look for is put to the editors, with three buttons. Left alone, nothing is sent."""

from collections.abc import Mapping

from telegram import Bot, Update
from telegram.ext import ContextTypes

from bot.commands.buttons import Buttons, Question
from bot.commands.editors import Editor
from bot.commands.life import place_of
from bot.commands.replies import Replies
from newsroom.delivery import Delivery, DeliveryId, read_back
from newsroom.errors import LeaseLost
from newsroom.ports import Clock, Outbox, Tokens
from newsroom.receipt import Absent, Dropped, Found, ReadBack

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
        self._outbox = outbox
        self._clock = clock
        self._replies = replies
        self._buttons = Buttons(
            bot, tokens, desk=desk, editors=editors, replies=replies, name="doubt", answers=tuple(ANSWERS)
        )

    def knows(self, data: str) -> bool:
        """Whether a button with this data is one of ours."""
        return self._buttons.knows(data)

    async def ask(self, delivery: Delivery) -> None:
        """Put a delivery to the desk, if it was not put before in this attempt."""
        words = self._replies(
            "doubt", headline=delivery.post.headline, place=place_of(delivery.target), why=delivery.why
        )
        once, meaning = f"{delivery.id}#{delivery.fence}", f"{delivery.fence} {delivery.id}"
        await self._buttons.ask(Question(once, meaning, words, delivery.story))

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button, pressed by anybody."""
        await self._buttons.pressed(update, self._carry_out)

    async def _carry_out(self, answer: str, meaning: str, _: Editor) -> str:
        fence, _space, name = meaning.partition(" ")
        waiting = {delivery.id: delivery for delivery in await self._outbox.uncertain()}
        delivery = waiting.get(DeliveryId(name))
        if delivery is None or delivery.fence != int(fence):
            return self._replies("press_stale")
        try:
            await self._outbox.resolve(read_back(delivery, ANSWERS[answer], self._clock.now().timestamp()))
        except LeaseLost:
            return self._replies("press_stale")
        return self._replies(f"doubt_{answer}_done")
