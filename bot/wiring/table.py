"""The editors' table: the bot that speaks with them, its voice, its buttons and its alarm. Built before all else that tells them."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from ssl import SSLContext

from telegram import Bot

from bot.alarm import LoggedAlarm
from bot.commands.alarms import DeskAlarm
from bot.commands.editors import Editors
from bot.commands.questions import Asker, Buttons
from bot.commands.replies import Replies
from bot.commands.voice import Voice
from bot.settings import Settings
from newsroom.ports import Alarm, Clock
from publishing.telegram_bot import open_bot, trusted
from store.store import Store


@dataclass(frozen=True, slots=True)
class Table:
    """What everything that talks with the editors shares."""

    bot: Bot
    voice: Voice
    buttons: Buttons
    editors: Editors
    replies: Replies
    asker: Asker | None
    """None without a group of editors."""
    alarm: Alarm
    tls: SSLContext
    """Whom its bot trusts, for the bot that posts."""


async def open_table(
    stack: AsyncExitStack, settings: Settings, store: Store, clock: Clock, *, worker: str
) -> Table | None:
    """None without a bot. Nothing is asked of Telegram here.

    Its bot has connections of its own: an answer to an editor must not wait for a picture on its way to a channel.
    """
    if not settings.telegram_bot_token.get_secret_value():
        return None
    token, tls = settings.telegram_bot_token, trusted()
    bot = await stack.enter_async_context(open_bot(token, settings.telegram_api_url, tls=tls))
    replies, voice, desk = Replies(settings.language, settings.timezone), Voice(bot, clock), settings.telegram_desk
    buttons = Buttons(store.tokens, replies)
    asker: Asker | None = None
    alarm: Alarm = LoggedAlarm()
    if desk is not None:
        asker = Asker(voice, buttons, store.tokens, store.leases, desk=desk, worker=worker)
        alarm = DeskAlarm(voice, store.notices, store.leases, clock, replies=replies, desk=desk, worker=worker)
    return Table(bot, voice, buttons, Editors(settings.editors, store.roster), replies, asker, alarm, tls)
