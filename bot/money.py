"""Money in settings: dollars as people write them, and the terms that follow for the outbox."""

from decimal import Decimal

from bot.settings import Settings
from newsroom.purse import DOLLAR, Budget
from newsroom.rate import bot_name_of, network_limits
from store.terms import Terms


def budget_of(settings: Settings) -> Budget:
    """What may be spent on X."""
    return Budget(_whole(settings.x_budget_day), _whole(settings.x_budget_month), settings.x_budget_breaking)


def terms_of(settings: Settings) -> Terms:
    """The terms on which a live newsroom's deliveries may go. The bot's token is no part of them, only its digest."""
    limits = network_limits(bot_name_of(settings.telegram_bot_token.get_secret_value()))
    return Terms(limits, settings.x_prices, budget_of(settings))


def _whole(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * DOLLAR)
