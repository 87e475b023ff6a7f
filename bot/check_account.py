"""What `ajil check` finds of the account on X."""

from bot.finding import Finding, Level
from bot.settings import Settings
from bot.wiring.account import open_x
from newsroom.target import Network, Target
from publishing.x_rights import account_of


async def on_x(settings: Settings) -> Finding:
    """Whether the keys are good. Costs an owned read ($0.001)."""
    async with open_x(settings) as client:
        why = await account_of(client)
    return Finding(Level.FAIL if why else Level.OK, Target(Network.X, "main").id, why or "may be posted to")
