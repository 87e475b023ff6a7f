"""Those who may not: answered politely in private, ignored in groups, noted, and told to the desk as one alert."""

import logging

from bot.commands.replies import Replies
from bot.commands.voice import Voice
from newsroom.alert import Alert, Trouble
from newsroom.daybook import Journal
from newsroom.order import Form, Note, Order
from newsroom.ports import Alarm, Clock

log = logging.getLogger(__name__)

HOUR = 3600.0
ANSWERS_AN_HOUR = 3
NOTES_AN_HOUR = 20
"""Of one person: a stranger's noise must not push the editors' own notes out of the trail."""
KNOWN_AT_MOST = 1_000


class Strangers:
    """Meets them.

    Args:
        voice: answers.
        journal: for the note.
        alarm: tells the desk.
        clock: for the hour.
        replies: the words.
        site: the paper's name.
    """

    def __init__(
        self, voice: Voice, journal: Journal, alarm: Alarm, clock: Clock, *, replies: Replies, site: str
    ) -> None:
        self._voice = voice
        self._journal = journal
        self._alarm = alarm
        self._clock = clock
        self._replies = replies
        self._site = site
        self._met: dict[int, tuple[float, int]] = {}

    async def meet(self, order: Order) -> None:
        """One order of a stranger's. Raises `StoreUnavailable`."""
        log.warning("a stranger (%s) tried a command", order.user, extra={"action": "stranger"})
        times = self._times(order.user)
        if times <= NOTES_AN_HOUR:
            by = f"{order.user} {order.name}".strip()
            await self._journal.note(Note(order.at, by, "refused", after=order.text[:100]))
        if order.form is Form.PRESS:
            await self._voice.answer(order.press, self._replies("press_refused"))
        elif order.is_private and times <= ANSWERS_AN_HOUR:
            # In a group the bot keeps quiet: others' commands are not its business, and an answer would be noise.
            text = self._replies("stranger", site=self._site or "Ajil", id=order.user)
            await self._voice.say(order.chat, text, reply_to=order.reply_to)
        if times == 1:
            await self._alarm.tell(Alert(Trouble.STRANGER, "", f"{order.user} {order.name}"))

    def _times(self, user: int) -> int:
        """How often they were met in this hour, this time included."""
        now = self._clock.monotonic()
        begun, times = self._met.get(user, (now, 0))
        if now - begun > HOUR:
            begun, times = now, 0
        if len(self._met) >= KNOWN_AT_MOST:
            self._met.clear()
        self._met[user] = (begun, times + 1)
        return times + 1
