"""What talks with the editors: commands, questions with buttons, and who looks for what the site took back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from bot.commands.before import Before
from bot.commands.brakes import Braking
from bot.commands.candidates import HEADLINE, PICTURE, Candidates
from bot.commands.choices import CANDIDATE, RECEIPT
from bot.commands.daily_report import DailyReport
from bot.commands.doubts import KIND as DOUBT
from bot.commands.doubts import Doubts
from bot.commands.editors import Right
from bot.commands.held import HeldStories
from bot.commands.listener import Ear, Listener
from bot.commands.looks import HouseLines, Looks, help_of
from bot.commands.menus import Menus
from bot.commands.outcome import Command
from bot.commands.people import People
from bot.commands.previews import Previews
from bot.commands.prompts import Answered, Prompts
from bot.commands.push import Pushing
from bot.commands.questions import CarryOut
from bot.commands.receipts import Receipts
from bot.commands.reception import Reception
from bot.commands.redress import CORRECTION, RETRACT, SECOND, Redress
from bot.commands.reports import Reports
from bot.commands.retractions import KIND as RETRACTION
from bot.commands.retractions import Retractions
from bot.commands.strangers import Strangers
from bot.commands.times import Times
from bot.commands.undoing import Undoing
from bot.money import budget_of
from bot.wiring.feeds import feed_lines, feed_orders_of
from bot.wiring.ground import Ground
from bot.wiring.table import Table
from bot.wiring.watch import witness_of
from feeds.feed_list import FeedList
from feeds.intake import Intake
from feeds.vigil import Vigil
from newsroom.delivery import Delivery
from newsroom.desk import Desk, House
from newsroom.ports import Renderer
from newsroom.target import Network, Target
from publishing.dispatch import Dispatcher
from publishing.one_upload import OneUpload
from publishing.telegram_channel import TelegramChannel


async def nobody_to_ask(_: Delivery) -> None:
    """Without a desk chat, uncertain stays uncertain: `check`, `/status` and `report` show it."""


@dataclass(frozen=True, slots=True)
class Corridor:
    """The parts of the newsroom that editors steer."""

    desk: Desk
    intake: Intake
    feeds: FeedList
    dispatcher: Dispatcher
    renderer: Renderer


def doubts_of(ground: Ground) -> Doubts | None:
    """Asks of what nobody could read back; None without a bot or a desk chat."""
    table = ground.table
    if table is None or table.asker is None:
        return None
    return Doubts(table.asker, ground.store.outbox, ground.clock, table.replies)


def retractions_of(ground: Ground, undoing: Undoing | None) -> Retractions | None:
    """Asks of what the site took back; None without a bot or a desk chat."""
    table = ground.table
    if table is None or table.asker is None or undoing is None:
        return None
    return Retractions(table.asker, undoing, table.replies)


def undoing_of(ground: Ground, renderer: Renderer, dispatcher: Dispatcher) -> Undoing | None:
    """Takes posts back; None without a bot."""
    if ground.table is None:
        return None
    return Undoing(
        ground.store.outbox,
        ground.store.ledger,
        renderer,
        targets=ground.house.targets,
        corrections=ground.house.corrections,
        replies=ground.table.replies,
        wake=dispatcher.wake,
    )


def vigil_of(ground: Ground, retractions: Retractions | None) -> Vigil | None:
    """Nobody looks where nobody could be asked."""
    if retractions is None:
        return None
    leases, ledger, status_of = ground.machine.leases, ground.store.ledger, ground.fetcher.status
    return Vigil(status_of, ledger, leases, ground.clock, ask=retractions.ask, worker=ground.worker)


def listener_of(
    ground: Ground, corridor: Corridor, undoing: Undoing | None, kinds: Mapping[str, CarryOut]
) -> Listener | None:
    """Hears the editors, and Telegram's own word of our channels; None without a bot or where there is neither.

    `kinds` are the questions that others ask.
    """
    table, settings, store, clock = ground.table, ground.settings, ground.store, ground.clock
    if table is None or undoing is None or not (settings.editors or settings.telegram_channels):
        return None
    receipts = _receipts(ground, table)
    commands = _commands(ground, table, corridor, receipts)
    reception = _reception(ground, table, corridor, undoing=undoing, receipts=receipts, commands=commands, kinds=kinds)
    looks = [receipts.look]
    desk = settings.telegram_desk
    if desk is not None:
        looks.append(Reports(store.outbox, store.ledger, receipts, store.notices, clock, desk=desk).look)
    menus = Menus(table.bot, table.editors, commands, language=settings.language, desk=desk)
    witness = witness_of(ground, corridor.dispatcher)
    ear = Ear(reception, looks, menus.show, witness.on_standing, witness.on_message)
    if not settings.editors:
        # Nobody commands the bot: it only hears what Telegram says of the channels, and shows nobody a menu.
        ear = replace(ear, looks=(), menu=None)
    return Listener(table.bot, ear, ground.machine.leases, clock, worker=ground.worker)


def held_of(ground: Ground, desk: Desk) -> HeldStories | None:
    """Asks what is to become of stories that wait; None without a bot or a desk chat: then they wait, and are shown."""
    table = ground.table
    if table is None or table.asker is None:
        return None
    store = ground.store
    return HeldStories(table.asker, store.batches, store.ledger, desk, ground.clock, replies=table.replies)


def kinds_of(
    doubts: Doubts | None, retractions: Retractions | None, held: HeldStories | None
) -> Mapping[str, CarryOut]:
    """What carries out a press, by the kind of question."""
    kinds: dict[str, CarryOut] = {**held.kinds} if held is not None else {}
    if doubts is not None:
        kinds[DOUBT] = doubts.carry_out
    if retractions is not None:
        kinds[RETRACTION] = retractions.carry_out
    return kinds


def _receipts(ground: Ground, table: Table) -> Receipts:
    store = ground.store
    return Receipts(
        store.ledger,
        store.switch,
        store.notices,
        voice=table.voice,
        buttons=table.buttons,
        clock=ground.clock,
        replies=table.replies,
        previews=_previews(ground, table),
    )


def _reception(
    ground: Ground,
    table: Table,
    corridor: Corridor,
    *,
    undoing: Undoing,
    receipts: Receipts,
    commands: Mapping[str, Command],
    kinds: Mapping[str, CarryOut],
) -> Reception:
    """What receives an order, a press or an answer, with all that carries them out."""
    store, clock = ground.store, ground.clock
    answers: dict[str, Answered] = {}
    prompts = Prompts(table.voice, store.notices, answers)
    redress = _redress(ground, table, undoing, receipts, prompts)
    candidates = Candidates(
        store.outbox,
        store.ledger,
        undoing,
        receipts,
        prompts,
        clock=clock,
        replies=table.replies,
        wake=corridor.dispatcher.wake,
    )
    answers |= {CORRECTION: redress.corrected, HEADLINE: candidates.headline, PICTURE: candidates.picture}
    return Reception(
        editors=table.editors,
        journal=store.journal,
        tokens=store.tokens,
        voice=table.voice,
        replies=table.replies,
        clock=clock,
        strangers=Strangers(
            table.voice, store.journal, table.alarm, clock, replies=table.replies, site=ground.house.site.name
        ),
        commands=commands,
        kinds={
            **kinds,
            RECEIPT: redress.pressed,
            RETRACT: redress.decided,
            SECOND: redress.agreed,
            CANDIDATE: candidates.pressed,
        },
        buttons=table.buttons,
        prompts=prompts,
    )


def _previews(ground: Ground, table: Table) -> Previews | None:
    desk = ground.settings.telegram_desk
    if desk is None:
        return None
    uploads = OneUpload(ground.store.uploads, ground.clock)
    target = Target(Network.TELEGRAM, str(desk))
    return Previews(TelegramChannel(target, table.bot, ground.pictures, uploads, ground.clock), ground.clock, chat=desk)


def _redress(ground: Ground, table: Table, undoing: Undoing, receipts: Receipts, prompts: Prompts) -> Redress:
    return Redress(
        undoing,
        receipts,
        table.buttons,
        prompts,
        table.voice,
        editors=table.editors,
        ledger=ground.store.ledger,
        clock=ground.clock,
        replies=table.replies,
        desk=ground.settings.telegram_desk,
    )


def _commands(ground: Ground, table: Table, corridor: Corridor, receipts: Receipts) -> Mapping[str, Command]:
    """By name, in the order of the menu."""
    store, replies = ground.store, table.replies
    pushing = Pushing(
        corridor.desk,
        store.outbox,
        store.ledger,
        ground.fetcher,
        receipts,
        brakes=store.brakes,
        site=ground.house.site,
        replies=replies,
        times=Times(ground.clock, ground.settings.timezone),
    )
    targets = [target.id for target in ground.house.targets]
    before = Before(store.tokens)
    braking = Braking(
        store.switch,
        store.brakes,
        targets=targets,
        before=before,
        replies=replies,
        resumed=corridor.dispatcher.wake_all,
    )
    looks = _looks(ground, table, corridor)
    feeds = feed_orders_of(ground, corridor.feeds, corridor.intake, looks.feeds, replies)
    commands = {
        "push": Command(Right.PUBLISH, pushing.push),
        "flash": Command(Right.PUBLISH, pushing.flash),
        "schedule": Command(Right.PUBLISH, pushing.schedule),
        "status": Command(Right.READ, looks.status),
        "why": Command(Right.READ, looks.why),
        "queue": Command(Right.READ, looks.queue),
        "pause": Command(Right.BRAKE, braking.pause),
        "resume": Command(Right.BRAKE, braking.resume),
        "hold": Command(Right.BRAKE, braking.hold),
        "release": Command(Right.BRAKE, braking.release),
        "feeds": Command(Right.READ, feeds.feeds),
        "latency": Command(Right.READ, looks.latency),
        "budget": Command(Right.READ, looks.budget),
        "rules": Command(Right.READ, looks.rules),
        "sections": Command(Right.READ, looks.sections),
        "roles": Command(Right.READ, People(table.editors, before, replies).roles),
        "audit": Command(Right.READ, looks.audit),
        "report": Command(Right.READ, looks.report),
    }
    told = help_of(lambda: commands, replies)
    return {**commands, "help": told, "start": told}


def _looks(ground: Ground, table: Table, corridor: Corridor) -> Looks:
    store = ground.store
    return Looks(
        store.ledger,
        store.switch,
        store.brakes,
        store.journal,
        ground.clock,
        batches=store.batches,
        house=_house_lines(ground.house, ground, table),
        replies=table.replies,
        feeds=partial(feed_lines, corridor.feeds, corridor.intake),
    )


def daily_report_of(ground: Ground, corridor: Corridor) -> DailyReport | None:
    """Tells the desk of the last day; None without a bot, a desk chat or an hour for it."""
    table, settings = ground.table, ground.settings
    if table is None or settings.telegram_desk is None or settings.daily_report is None:
        return None
    return DailyReport(
        table.voice,
        _looks(ground, table, corridor).last_day,
        ground.store.tokens,
        ground.machine.leases,
        ground.clock,
        at=settings.daily_report,
        zone=settings.timezone,
        desk=settings.telegram_desk,
        worker=ground.worker,
    )


def _house_lines(house: House, ground: Ground, table: Table) -> HouseLines:
    rules = house.rules
    return HouseLines(
        rules={
            "posts": table.replies("rules_all" if rules.post_ordinary else "rules_breaking"),
            "breaking": int(rules.breaking_for.total_seconds() // 60),
            "news": int(rules.news_for.total_seconds() // 3600),
            "flood": rules.flood_count,
            "settle": int(rules.settle_for.total_seconds()),
            "policies": "، ".join(policy.name for policy in house.policies) or table.replies("rules_none"),
        },
        sections=house.site.sections,
        breaking=house.site.breaking_categories,
        targets=[target.id for target in house.targets],
        budget=budget_of(ground.settings),
    )
