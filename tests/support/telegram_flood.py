"""The flood limits of the Bot API (core.telegram.org/bots/faq, "My bot is hitting limits")."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from tests.support.telegram_chats import Chat, ChatKind
from tests.support.telegram_errors import RefusedError, flood

_SECOND = 1.0
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """How many messages may go out.

    Attributes:
        chat_per_second: To one chat, in any second.
        chat_per_minute: To one group or channel, in any minute.
        bot_per_second: In all, in any second.
    """

    chat_per_second: int = 1
    chat_per_minute: int = 20
    bot_per_second: int = 30


class Floodgate:
    """Counts what went out and refuses what is too much; a refused message does not count.

    Args:
        limits: None lets everything through.
    """

    def __init__(self, limits: FloodLimits | None) -> None:
        self._limits = limits
        self._sent: defaultdict[int | None, deque[float]] = defaultdict(deque)

    def admit(self, chat: Chat, count: int, now: float) -> None:
        """Count `count` messages to a chat at monotonic second `now`.

        Raises:
            RefusedError: 429, with the seconds until they would fit.
        """
        if self._limits is None:
            return
        chat_sent, bot_sent = self._sent[chat.id], self._sent[None]
        waits = [
            _wait(bot_sent, self._limits.bot_per_second, _SECOND, count, now),
            _wait(chat_sent, max(self._limits.chat_per_second, count), _SECOND, count, now),
        ]
        if chat.kind is not ChatKind.PRIVATE:
            waits.append(_wait(chat_sent, self._limits.chat_per_minute, _MINUTE, count, now))
        if max(waits) > 0:
            raise RefusedError(flood(math.ceil(max(waits))))
        chat_sent.extend([now] * count)
        bot_sent.extend([now] * count)


def _wait(sent: deque[float], limit: int, window: float, count: int, now: float) -> float:
    """Seconds until `count` more fit into the window; zero when they fit now."""
    recent = [moment for moment in sent if moment > now - window]
    surplus = len(recent) + count - limit
    return recent[surplus - 1] + window - now if surplus > 0 and recent else 0.0
