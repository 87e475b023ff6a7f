"""The account on X. Loaded where there is one, and late: see `bot.wiring.late_account`."""

from contextlib import AsyncExitStack

from bot.settings import Settings
from bot.wiring.ground import Ground
from newsroom.ports import Platform
from newsroom.target import Target
from publishing.dispatch import Pace
from publishing.x_account import XAccount
from publishing.x_client import XClient, XKeys


async def open_account(stack: AsyncExitStack, ground: Ground, target: Target, pace: Pace) -> Platform:
    """The account, closed with the stack; nothing is asked of X here."""
    client = await stack.enter_async_context(open_x(ground.settings, pace.answer))
    return XAccount(target, client, ground.pictures, ground.clock)


def open_x(settings: Settings, request_seconds: float = 20.0) -> XClient:
    """The client of X, to be opened with `async with`."""
    keys = XKeys(
        api_key=settings.x_api_key,
        api_secret=settings.x_api_secret,
        access_token=settings.x_access_token,
        access_token_secret=settings.x_access_token_secret,
    )
    return XClient(keys, settings.x_api_url, request_seconds=request_seconds)
