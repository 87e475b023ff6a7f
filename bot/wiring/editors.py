"""What talks with the editors: commands, questions with buttons, and who looks for what the site took back."""

from collections.abc import Sequence

from telegram import Bot

from bot.commands.desk import DeskCommands, FeedLine
from bot.commands.doubts import Doubts
from bot.commands.listener import Door, Listener, Question
from bot.commands.replies import Replies
from bot.commands.retractions import Retractions
from bot.logs import Redactor
from bot.wiring.ground import Ground
from feeds.intake import Intake
from feeds.vigil import Vigil
from newsroom.delivery import Delivery
from newsroom.desk import Desk
from publishing.dispatch import Dispatcher


async def nobody_to_ask(_: Delivery) -> None:
    """Without a desk chat, uncertain stays uncertain: `check`, `/status` and `report` show it."""


def doubts_of(ground: Ground, bot: Bot | None) -> Doubts | None:
    """Asks of what nobody could read back; None without a bot or a desk chat."""
    settings, store = ground.settings, ground.store
    if bot is None or settings.telegram_desk is None:
        return None
    return Doubts(
        bot,
        store.outbox,
        store.tokens,
        ground.clock,
        desk=settings.telegram_desk,
        editors=settings.editors,
        replies=Replies(settings.language),
    )


def retractions_of(ground: Ground, bot: Bot | None, dispatcher: Dispatcher) -> Retractions | None:
    """Asks of what the site took back; None without a bot or a desk chat."""
    settings, store = ground.settings, ground.store
    if bot is None or settings.telegram_desk is None:
        return None
    return Retractions(
        bot,
        store.outbox,
        store.ledger,
        store.tokens,
        desk=settings.telegram_desk,
        editors=settings.editors,
        replies=Replies(settings.language),
        corrections=ground.house.corrections,
        wake=dispatcher.wake,
    )


def vigil_of(ground: Ground, retractions: Retractions | None) -> Vigil | None:
    """Nobody looks where nobody could be asked."""
    if retractions is None:
        return None
    leases, ledger, status_of = ground.machine.leases, ground.store.ledger, ground.fetcher.status
    return Vigil(status_of, ledger, leases, ground.clock, ask=retractions.ask, worker=ground.worker)


def listener_of(
    ground: Ground,
    desk: Desk,
    intake: Intake,
    dispatcher: Dispatcher,
    questions: Sequence[Question],
) -> Listener | None:
    """Hears the editors; None where there are none, or no bot."""
    settings, store = ground.settings, ground.store
    if ground.is_demo or not settings.editors or not settings.telegram_bot_token.get_secret_value():
        return None
    replies = Replies(settings.language)
    commands = DeskCommands(
        desk,
        store,
        ground.fetcher,
        ground.clock,
        site=ground.house.site,
        editors=settings.editors,
        replies=replies,
        feeds=lambda: [FeedLine(Redactor(())(health.url), health.why) for health in intake.health()],
        resumed=dispatcher.wake_all,
    )
    door = Door(settings.telegram_bot_token, settings.telegram_api_url)
    leases = ground.machine.leases
    return Listener(door, commands, replies, leases, ground.clock, questions=questions, worker=ground.worker)
