"""The networks: a platform for each target. Building them asks nothing of anybody."""

from collections.abc import Mapping
from contextlib import AsyncExitStack

from bot.commands.replies import Replies
from bot.wiring.ground import Ground
from bot.wiring.late_account import LateAccount
from newsroom.ports import Platform
from newsroom.target import Network, TargetId
from publishing.dispatch import Pace
from publishing.one_upload import OneUpload
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from publishing.wall import WallPlatform


async def open_networks(stack: AsyncExitStack, ground: Ground, pace: Pace) -> Mapping[TargetId, Platform]:
    """A platform for each target; nothing is asked of the networks here."""
    settings, pictures, clock = ground.settings, ground.pictures, ground.clock
    if ground.is_demo:
        return {target.id: WallPlatform(target, pictures, clock) for target in ground.house.targets}
    token, url = settings.telegram_bot_token, settings.telegram_api_url
    platforms: dict[TargetId, Platform] = {}
    uploads = OneUpload(ground.store.uploads, clock)
    for target in ground.house.targets:
        if target.network is Network.X:
            platforms[target.id] = LateAccount(stack, ground, target, pace)
        elif ground.table is not None:
            desk = settings.telegram_desk
            # Each has connections of its own: httpx looks through all that are idle at each request, which took 17 % of
            # a delivery's processor time with eight channels (bench.delivery).
            bot = await stack.enter_async_context(open_bot(token, url, tls=ground.table.tls))
            platforms[target.id] = TelegramChannel(
                target,
                bot,
                pictures,
                uploads,
                clock,
                desk=desk,
                sightings=ground.store.sightings,
                addresses=ground.store.addresses,
                newest=Replies(settings.language)("thread_newest"),
                request_seconds=pace.answer,
            )
    return platforms
