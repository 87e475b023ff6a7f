"""Prompts: questions that an editor answers in words, by replying to them."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.commands.outcome import Asked, Outcome
from bot.commands.voice import Voice
from newsroom.daybook import Notices
from newsroom.order import Notice, Order

Answered = Callable[[str, Asked], Awaitable[Outcome]]
"""From what the prompt was about and the answer to what came of it."""

PROMPT = "prompt:"
KEPT_SECONDS = 2 * 86_400.0
"""As long as the receipt whose button asked."""
KEPT = 500


class Prompts:
    """Asks, and knows the answer when it comes.

    Args:
        voice: that asks.
        notices: what was asked, by its message.
        kinds: what takes the answer, by the kind of prompt.
    """

    def __init__(self, voice: Voice, notices: Notices, kinds: Mapping[str, Answered]) -> None:
        self._voice = voice
        self._notices = notices
        self._kinds = kinds

    async def put(self, kind: str, about: str, words: str, order: Order) -> None:
        """Ask the person who gave this order."""
        message = await self._voice.ask(order.chat, words, reply_to=order.reply_to)
        if message:
            meaning = json.dumps({"kind": kind, "about": about, "user": order.user})
            await self._notices.remember(Notice(_name(order.chat, message), order.chat, message, "", order.at, meaning))
            await self._notices.trim(PROMPT, order.at - KEPT_SECONDS, KEPT)

    async def answered(self, asked: Asked) -> Outcome | None:
        """What came of an answer; None when it answers nothing that was asked, or another was asked.

        The first answer counts. It is noted and not forgotten: after a crash the same answer is carried out again.
        """
        name = _name(asked.order.chat, asked.order.answers)
        notice = await self._notices.recall(name)
        meaning = json.loads(notice.meaning) if notice else {}
        if notice is None or meaning["user"] != asked.editor.id or notice.shown not in {"", asked.order.id}:
            return None
        if not notice.shown:
            await self._notices.remember(replace(notice, shown=asked.order.id))
        return await self._kinds[meaning["kind"]](meaning["about"], asked)


def _name(chat: int, message: int) -> str:
    return f"{PROMPT}{chat}:{message}"
