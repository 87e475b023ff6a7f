"""Doubts: what nobody can look for is put to the editors, with three buttons. Left alone, nothing is sent."""

from collections.abc import Mapping

from bot.commands.editors import Editor, Right
from bot.commands.life import place_of
from bot.commands.outcome import Outcome
from bot.commands.questions import Asker, Choice, Question
from bot.commands.replies import Replies
from newsroom.delivery import Delivery, DeliveryId, read_back
from newsroom.errors import LeaseLost
from newsroom.order import Order
from newsroom.ports import Clock, Outbox
from newsroom.receipt import Absent, Dropped, Found, ReadBack

KIND = "doubt"
ANSWERS: Mapping[str, ReadBack] = {"there": Found(()), "again": Absent(), "drop": Dropped()}


class Doubts:
    """Asks the desk about deliveries of unknown outcome, once each, and carries out what an editor answers.

    Args:
        asker: puts the question.
        outbox: where the delivery stands.
        clock: for the time of the answer.
        replies: the words.
    """

    def __init__(self, asker: Asker, outbox: Outbox, clock: Clock, replies: Replies) -> None:
        self._asker = asker
        self._outbox = outbox
        self._clock = clock
        self._replies = replies

    async def ask(self, delivery: Delivery) -> None:
        """Put a delivery to the desk, if it was not put before in this attempt."""
        words = self._replies(
            "doubt",
            headline=delivery.post.headline,
            place=place_of(delivery.target),
            why=self._replies.why(delivery.why),
        )
        name = f"{KIND}:{delivery.id}#{delivery.fence}"
        about = f"{delivery.fence} {delivery.id}"
        choices = [Choice(KIND, answer, about, Right.PUBLISH, name, f"doubt_{answer}") for answer in ANSWERS]
        await self._asker.put(Question(name, words, delivery.story, choices))

    async def carry_out(self, choice: Choice, _order: Order, editor: Editor) -> Outcome:
        """What an editor saw there."""
        fence, _space, name = choice.about.partition(" ")
        waiting = {delivery.id: delivery for delivery in await self._outbox.uncertain()}
        delivery = waiting.get(DeliveryId(name))
        if delivery is None or delivery.fence != int(fence):
            return Outcome(self._replies("press_stale"), what="stale")
        try:
            await self._outbox.resolve(read_back(delivery, ANSWERS[choice.answer], self._clock.now().timestamp()))
        except LeaseLost:
            return Outcome(self._replies("press_stale"), what="stale")
        told = f"{self._replies(f'doubt_{choice.answer}_done')} ({editor.name})"
        return Outcome(told, delivery.story, str(delivery.state), choice.answer, f"{KIND} {choice.answer}")
