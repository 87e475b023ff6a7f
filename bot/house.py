"""The house that the settings describe: its rules and targets, and how its posts look."""

from datetime import timedelta

from bot.settings import Settings
from newsroom.correction import Corrections
from newsroom.desk import House
from newsroom.rules import Rules
from newsroom.site import Site
from newsroom.target import Network, Target
from publishing.style import HouseStyle


def house_of(settings: Settings) -> House:
    """The newsroom these settings describe."""
    targets = [Target(Network.TELEGRAM, channel) for channel in settings.telegram_channels]
    if settings.has_x:
        targets.append(Target(Network.X, "main"))
    site = Site(
        name=settings.site_name,
        sections=settings.site_sections,
        breaking_categories=settings.breaking_categories,
    )
    rules = Rules(
        post_ordinary=settings.post == "all",
        breaking_for=timedelta(minutes=settings.breaking_minutes),
    )
    return House(site, rules, tuple(targets), Corrections(settings.x_corrections))


def style_of(settings: Settings) -> HouseStyle:
    """How this house's posts look."""
    return HouseStyle(site_name=settings.site_name, x_link=settings.x_link)
