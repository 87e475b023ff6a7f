"""The permit: whether Telegram lets this newsroom post, asked once when the worker starts, beside the first polls.

A token that is refused is a wrong setting, and where nothing else could be posted to, the worker says so and ends. All
that is less is told, and the rest of the house goes on: rights come back, and X may take what Telegram does not. X is not
asked: each question costs money, and a worker that its host starts again and again would ask for ever.
"""

import asyncio
import logging

from telegram import Bot

from bot.check_places import in_chats
from bot.finding import Level
from bot.settings import Settings
from publishing.telegram_rights import Lack, name_of

log = logging.getLogger(__name__)

_ACTION = {"action": "check"}


class Permit:
    """A part of the worker.

    Args:
        settings: the house's.
        bot: with its token.
    """

    def __init__(self, settings: Settings, bot: Bot) -> None:
        self._settings = settings
        self._bot = bot
        self.refusal = ""
        """Why the worker had to end, with the mend; empty when it had not."""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`, which is set here when there is nothing left to work for."""
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(self._ask_safely(stop), name="permit")
            await stop.wait()
            asking.cancel()

    async def _ask_safely(self, stop: asyncio.Event) -> None:
        try:
            await self._ask(stop)
        except Exception:
            # An answer of another shape says nothing of our rights; the newsroom must not end for it.
            log.exception("what the bot may do could not be asked", extra=_ACTION)

    async def _ask(self, stop: asyncio.Event) -> None:
        me = await name_of(self._bot)
        if isinstance(me, Lack):
            log.warning("%s", me.said, extra=_ACTION)
            if me.is_refused and not self._settings.has_x:
                self.refusal = me.said
                stop.set()
            return
        async for found in in_chats(self._bot, me, self._settings):
            if found.level is not Level.OK:
                log.warning("%s: %s", found.what, found.said, extra=_ACTION)
