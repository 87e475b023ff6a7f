"""The crier: an alarm that nobody waits for. What must not stand still for the desk's chat leaves its word here.

A poll that waited until Telegram has taken an alert would hold its feed, and with many such all feeds, for as long as
Telegram is slow: 12 feeds that were down kept a healthy one unpolled for 20 s at 2 s a message.
"""

from newsroom.alert import Alert
from newsroom.ports import Alarm

SAY_SECONDS = 0.5
"""Between two looks whether there is something to tell."""


class Crier:
    """Implements `newsroom.ports.Alarm`. Of one cause only the newest word is told: what is over by then was not worth a message.

    Args:
        alarm: that tells people.
    """

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm
        self._words: dict[str, Alert | None] = {}
        """By cause, in the order in which the causes came; None where it is over."""

    async def tell(self, alert: Alert) -> None:
        """Leave it here."""
        self._words[alert.cause] = alert

    async def over(self, cause: str) -> None:
        """Leave it here; an earlier worker may have told of it."""
        self._words[cause] = None

    async def say(self) -> None:
        """One round: tell all that was left here."""
        while self._words:
            cause = next(iter(self._words))
            word = self._words.pop(cause)
            if word is None:
                await self._alarm.over(cause)
            else:
                await self._alarm.tell(word)
