"""The networks: a platform for each target. Building them asks nothing of anybody."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from telegram import Bot

from bot.settings import Settings
from bot.wiring.ground import Ground
from newsroom.ports import Platform
from newsroom.target import Network, TargetId
from publishing.one_upload import OneUpload
from publishing.telegram_channel import TelegramChannel, open_bot
from publishing.wall import WallPlatform
from publishing.x_account import XAccount
from publishing.x_client import XClient, XKeys


@dataclass(frozen=True, slots=True)
class Networks:
    """A platform for each target, and the bot that they share."""

    platforms: Mapping[TargetId, Platform]
    bot: Bot | None


async def open_networks(stack: AsyncExitStack, ground: Ground) -> Networks:
    """A platform for each target; nothing is asked of the networks here."""
    settings, pictures, clock = ground.settings, ground.pictures, ground.clock
    if ground.is_demo:
        return Networks({target.id: WallPlatform(target, pictures, clock) for target in ground.house.targets}, None)
    bot: Bot | None = None
    if settings.telegram_bot_token.get_secret_value():
        bot = await stack.enter_async_context(open_bot(settings.telegram_bot_token, settings.telegram_api_url))
    platforms: dict[TargetId, Platform] = {}
    uploads = OneUpload(ground.store.uploads, clock)
    for target in ground.house.targets:
        if target.network is Network.X:
            client = await stack.enter_async_context(open_x(settings))
            platforms[target.id] = XAccount(target, client, pictures, clock)
        elif bot is not None:
            desk = settings.telegram_desk
            platforms[target.id] = TelegramChannel(target, bot, pictures, uploads, clock, desk=desk)
    return Networks(platforms, bot)


def open_x(settings: Settings) -> XClient:
    """The client of X, to be opened with `async with`."""
    keys = XKeys(
        api_key=settings.x_api_key,
        api_secret=settings.x_api_secret,
        access_token=settings.x_access_token,
        access_token_secret=settings.x_access_token_secret,
    )
    return XClient(keys, settings.x_api_url)
