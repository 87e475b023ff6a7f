"""Every word that editors read from the bot, Arabic first, with an English twin (a test holds the two together).

alarms      what the desk is told unasked
feeds       what a trial of a feed came to, and the list of feeds
menu        the list of commands
orders      answers to commands
questions   questions, buttons, and what became of them
waiting     the same, of what waits for the desk
tables      states, errands, verdicts and their reasons
reasons     what platforms and the store answered, known again and said in the desk's language
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import cache

from babel import Locale
from babel.dates import format_datetime, format_time, format_timedelta

from bot.commands.replies.alarms import ALARMS
from bot.commands.replies.feeds import FEEDS
from bot.commands.replies.menu import MENU
from bot.commands.replies.orders import ORDERS
from bot.commands.replies.questions import QUESTIONS
from bot.commands.replies.reasons import said_in_arabic
from bot.commands.replies.tables import DEEDS, DONE, ERRANDS, GROUNDS, PARTS, REASONS, RELATIONS, STATES, THEN, VERDICTS
from bot.commands.replies.twin import Language, Texts, Twin
from bot.commands.replies.waiting import WAITING
from newsroom.delivery import State
from newsroom.errand import Errand
from newsroom.verdict import Why

__all__ = [
    "DEEDS",
    "ERRANDS",
    "GROUNDS",
    "PARTS",
    "REASONS",
    "RELATIONS",
    "STATES",
    "TEXTS",
    "THEN",
    "VERDICTS",
    "Language",
    "Replies",
]

_COMMAND = re.compile(r"(?<![\w/}])/[a-z]+")
"""A command in Arabic words: without a left-to-right mark before it its stroke is shown at its other end."""

TEXTS: Texts = {**ORDERS, **QUESTIONS, **WAITING, **ALARMS, **FEEDS, **MENU}


@cache
def _locale(language: Language) -> Locale:
    return Locale(language)


class Replies:
    """The words in one language."""

    def __init__(self, language: Language, zone: tzinfo | None = None) -> None:
        """Choose the language, and whose time is told; without a zone it is this machine's."""
        self._language: Language = language
        self._zone = zone

    def __call__(self, name: str, /, **parts: object) -> str:
        """One text with its parts filled in; where it has plural forms, `count` chooses."""
        text = TEXTS[name][self._language]
        if isinstance(text, Mapping):
            form: str = _locale(self._language).plural_form(int(str(parts["count"])))
            text = {str(one): words for one, words in text.items()}[form]
        if self._language == "ar":
            text = _COMMAND.sub("\u200e\\g<0>", text)
        return text.format(**parts)

    def knows(self, name: str) -> bool:
        """Whether there is such a text."""
        return name in TEXTS

    def deed(self, what: str) -> str:
        """What a line of the audit trail says was done, in words."""
        return DEEDS[what][self._language] if what in DEEDS else what

    def part(self, name: str) -> str:
        """A part of the program in words."""
        return PARTS[name][self._language] if name in PARTS else name

    def state(self, state: State) -> str:
        """A delivery's state in words."""
        return STATES[state][self._language]

    def change(self, errand: Errand, state: State) -> str:
        """A change of a post and how it stands, in words: `edit: ✅ done`."""
        how = DONE[self._language] if state is State.SENT else self.state(state)
        return f"{ERRANDS[errand][self._language]}: {how}"

    def verdict(self, verdict: str) -> str:
        """A verdict in a word."""
        return VERDICTS[verdict][self._language]

    def reason(self, reason: str) -> str:
        """A verdict's reason in words."""
        return REASONS[Why(reason)][self._language]

    def said(self, twin: Twin) -> str:
        """The twin in this language."""
        return twin[self._language]

    def why(self, why: str) -> str:
        """What a platform, the store or the fetcher said, in this language as far as it is known."""
        return said_in_arabic(why) if self._language == "ar" else why

    def day(self, at: datetime) -> str:
        """Day and time in the newsroom, as the language writes them: `24 نوفمبر، 14:02`."""
        return format_datetime(
            at.astimezone(self._zone),
            "d MMMM، HH:mm" if self._language == "ar" else "d MMMM, HH:mm",
            locale=_locale(self._language),
        )

    def time(self, at: datetime) -> str:
        """The time in the newsroom, to the second."""
        return format_time(at.astimezone(self._zone), "HH:mm:ss", locale=_locale(self._language))

    def span(self, seconds: float) -> str:
        """A length of time in its greatest unit: `ثلاث دقائق`, `3 minutes`."""
        return format_timedelta(timedelta(seconds=seconds), locale=_locale(self._language), threshold=1.2)
