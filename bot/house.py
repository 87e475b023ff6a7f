"""The house that the settings describe: its rules and targets, and how its posts look."""

from datetime import timedelta

from bot.rulebook import policies_of
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
        generic_sections=settings.generic_sections,
    )
    rules = Rules(
        post_ordinary=settings.post == "all",
        breaking_for=timedelta(minutes=settings.breaking_minutes),
        flood_count=settings.flood_count,
        ask_breaking=settings.ask_breaking,
        ask_ordinary=settings.ask_ordinary,
        countdown=timedelta(seconds=settings.countdown_seconds),
        settle_for=timedelta(seconds=settle_seconds_of(settings)),
    )
    policies = policies_of(settings.rule, settings.timezone)
    return House(site, rules, tuple(targets), Corrections(settings.x_corrections), policies)


def settle_seconds_of(settings: Settings) -> float:
    """How long an ordinary story settles: an edit can only be seen at a poll, so two of them unless something is set."""
    return 2 * settings.poll_seconds if settings.settle_seconds is None else settings.settle_seconds


def style_of(settings: Settings) -> HouseStyle:
    """How this house's posts look."""
    return HouseStyle(
        site_name=settings.site_name,
        generic_sections=settings.generic_sections,
        telegram_tags=settings.telegram_tags,
        x_tags=settings.x_tags,
        digits=settings.digits,
        utm=settings.utm,
        x_link=settings.x_link,
        silent_ordinary=settings.silent_ordinary,
        cards=settings.cards,
        card_shape=settings.card_shape,
        colours=settings.card_colours,
        logo=settings.logo,
        font_bold=settings.font_bold,
        font_medium=settings.font_medium,
    )
