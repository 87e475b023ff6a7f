"""What `ajil check` finds of the places to post to, and of the editors' chat: asked without posting anything."""

from collections.abc import AsyncIterator

from telegram import Bot, User

from bot.finding import Finding, Level
from bot.house import house_of
from bot.settings import Settings
from newsroom.target import Network
from publishing.telegram_bot import open_bot
from publishing.telegram_rights import Lack, lack_at_desk, lack_in, name_of


async def places(settings: Settings) -> AsyncIterator[Finding]:
    """Every channel, the editors' chat, the account on X. The last costs an owned read ($0.001)."""
    async for found in _on_telegram(settings):
        yield found
    if settings.has_x:
        from bot.check_account import on_x  # noqa: PLC0415 - the worker, which looks in here too, may have no use for it

        yield await on_x(settings)


async def _on_telegram(settings: Settings) -> AsyncIterator[Finding]:
    """The token first: with one that is refused nothing else can be asked."""
    if not settings.telegram_bot_token.get_secret_value():
        return
    async with open_bot(settings.telegram_bot_token, settings.telegram_api_url) as bot:
        me = await name_of(bot)
        if isinstance(me, Lack):
            yield Finding(Level.FAIL, "telegram", me.said)
            return
        yield Finding(Level.OK, "telegram", f"the token is @{me.username}'s")
        async for found in in_chats(bot, me, settings):
            yield found


async def in_chats(bot: Bot, me: User, settings: Settings) -> AsyncIterator[Finding]:
    """What this bot may do in each channel, and in the editors' chat."""
    channels = [target for target in house_of(settings).targets if target.network is Network.TELEGRAM]
    for channel in channels:
        yield _told(channel.id, await lack_in(bot, me, channel), "may be posted to; edit, delete and pin too")
    if settings.telegram_desk is not None:
        yield _told("TELEGRAM_DESK", await lack_at_desk(bot, me, settings.telegram_desk), "the bot may speak there")
    elif channels:
        said = "nobody is asked about a post whose answer was lost, nor told of trouble: set the editors' group"
        yield Finding(Level.WARN, "TELEGRAM_DESK", said)


def _told(what: str, lack: Lack | None, well: str) -> Finding:
    if lack is None:
        return Finding(Level.OK, what, well)
    return Finding(Level.FAIL if lack.is_shut else Level.WARN, what, lack.said)
