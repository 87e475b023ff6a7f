"""The one place that builds: settings in, a newsroom out, closed in reverse order at the end."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import SystemRandom
from typing import Any
from uuid import uuid4

from telegram import Bot

from bot.clock import MachineClock
from bot.commands.desk import DeskCommands, FeedLine
from bot.commands.doubts import Doubts
from bot.commands.listener import Door, Listener, Question
from bot.commands.replies import Replies
from bot.commands.retractions import Retractions
from bot.logs import Redactor
from bot.machine import Machine, machine_of
from bot.money import budget_of, terms_of
from bot.settings import Settings
from bot.standing import shown_address
from bot.web import serve, web_app
from bot.worker import Part
from feeds.fetch import FeedFetcher
from feeds.intake import Intake
from feeds.vigil import Vigil
from newsroom.delivery import Delivery, DeliveryId, State
from newsroom.desk import Desk, House
from newsroom.errand import Errand
from newsroom.ports import Clock, Pictures, Platform, Renderer
from newsroom.target import Network, TargetId
from publishing.card import CardMaker
from publishing.dispatch import Dispatcher, Pace
from publishing.one_upload import OneUpload
from publishing.pacing import LinkPurse
from publishing.picture import PictureDesk
from publishing.reconcile import Reconciler
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from publishing.telegram_channel import TelegramChannel, open_bot
from publishing.wall import Wall, WallPlatform
from publishing.x_account import XAccount
from publishing.x_client import XClient, XKeys
from store.opening import OpenStore, open_store
from store.store import Store

STATE_FOLDER = Path(".ajil")
WALL_SEED = 60
"""Posts that the wall shows at once after a restart."""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """All parts, built and connected; `parts` run, the rest is there to be asked."""

    parts: Mapping[str, Part]
    store: OpenStore
    house: House
    web_port: int | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything else is built on."""

    settings: Settings
    house: House
    opened: OpenStore
    fetcher: FeedFetcher
    pictures: Pictures
    clock: Clock
    machine: Machine
    worker: str
    is_demo: bool

    @property
    def store(self) -> Store:
        """All memories."""
        return self.opened.store


@dataclass(frozen=True, slots=True)
class Networks:
    """A platform for each target, and the bot that they share."""

    platforms: Mapping[TargetId, Platform]
    bot: Bot | None


@asynccontextmanager
async def open_newsroom(
    settings: Settings,
    house: House,
    *,
    folder: Path = STATE_FOLDER,
    is_demo: bool = False,
    pace: Pace | None = None,
) -> AsyncIterator[Newsroom]:
    """A newsroom as these settings describe it. In the demo the wall stands in the place of the platforms.

    Raises:
        StoreUnavailable: the store does not answer or may forget.
        TemplateBroken: a template cannot work.
        OSError: the port of the web pages is taken.
    """
    clock, style = MachineClock(), style_of(settings)
    cards = CardMaker(style)
    worker = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
    async with AsyncExitStack() as stack:
        terms = None if is_demo else terms_of(settings)
        opened = await stack.enter_async_context(open_store(settings.redis_url, folder, terms))
        purse = LinkPurse(opened.store.ledger, clock, budget_of(settings))
        renderer = TemplateRenderer(style, settings.templates, purse.affords_link)
        fetcher = await stack.enter_async_context(FeedFetcher(clock, allow=settings.fetch_allow))
        pictures = PictureDesk(fetcher, clock, cards)
        stack.callback(pictures.close)
        machine = machine_of(opened.store, clock)
        ground = Ground(settings, house, opened, fetcher, pictures, clock, machine, worker, is_demo)
        networks = await _open_networks(stack, ground)
        wall = Wall(WALL_SEED)
        wall.seed(await opened.store.ledger.sent(WALL_SEED))
        parts = _parts(ground, networks, renderer, wall, pace or Pace())
        web_port = await _open_web(stack, ground, wall, parts.intake)
        running = dict(parts.running()) | {"pulse": machine.pulse}
        if settings.x_link == "budget":
            await purse.look()
            running["purse"] = purse
        yield Newsroom(running, opened, house, web_port)


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs side by side."""

    intake: Intake
    dispatcher: Dispatcher
    reconciler: Reconciler
    listener: Listener | None
    vigil: Vigil | None

    def running(self) -> Mapping[str, Part]:
        """By the names under which the worker watches them."""
        parts: dict[str, Part] = {"intake": self.intake, "dispatch": self.dispatcher, "reconcile": self.reconciler}
        asked: dict[str, Part | None] = {"listener": self.listener, "vigil": self.vigil}
        return parts | {name: part for name, part in asked.items() if part is not None}


def _parts(ground: Ground, networks: Networks, renderer: Renderer, wall: Wall, pace: Pace) -> Parts:
    store, clock, settings = ground.store, ground.clock, ground.settings
    settled = _tell_of(wall, ground.machine)
    dispatcher = Dispatcher(
        store.outbox,
        networks.platforms,
        clock,
        worker=ground.worker,
        settled=settled,
        pace=pace,
    )
    doubts = _doubts(ground, networks.bot)
    reconciler = Reconciler(
        store.outbox,
        networks.platforms,
        clock,
        settled=settled,
        ask=doubts.ask if doubts else _nobody_to_ask,
    )
    lock, wake = asyncio.Lock(), dispatcher.wake
    desk = Desk(ground.house, renderer, store.outbox, clock, one_at_a_time=lock, wake=wake)
    intake = Intake(
        settings.feeds,
        ground.fetcher,
        store.feeds,
        desk,
        clock,
        poll_seconds=settings.poll_seconds,
        chance=SystemRandom().random,
    )
    retractions = _retractions(ground, networks.bot, dispatcher)
    listener = _listener(ground, desk, intake, dispatcher, [one for one in (doubts, retractions) if one is not None])
    return Parts(intake, dispatcher, reconciler, listener, _vigil(ground, retractions))


async def _nobody_to_ask(_: Delivery) -> None:
    """Without a desk chat, uncertain stays uncertain: `check`, `/status` and `report` show it."""


def _doubts(ground: Ground, bot: Bot | None) -> Doubts | None:
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


def _retractions(ground: Ground, bot: Bot | None, dispatcher: Dispatcher) -> Retractions | None:
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


def _vigil(ground: Ground, retractions: Retractions | None) -> Vigil | None:
    """Nobody looks where nobody could be asked."""
    if retractions is None:
        return None
    leases, ledger, status_of = ground.machine.leases, ground.store.ledger, ground.fetcher.status
    return Vigil(status_of, ledger, leases, ground.clock, ask=retractions.ask, worker=ground.worker)


def _listener(
    ground: Ground,
    desk: Desk,
    intake: Intake,
    dispatcher: Dispatcher,
    questions: Sequence[Question],
) -> Listener | None:
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


async def _open_web(stack: AsyncExitStack, ground: Ground, wall: Wall, intake: Intake) -> int | None:
    settings = ground.settings
    if settings.port is None:
        return None
    app = web_app(
        wall,
        ground.pictures,
        ground.clock,
        token=settings.wall_token if settings.wall_token.get_secret_value() else None,
        demo=ground.is_demo,
        health=_health_of(ground.opened, intake),
        machine=ground.machine.pages(intake.health, budget_of(settings), ground.worker),
        site_name=ground.house.site.name,
    )
    host = "127.0.0.1" if ground.is_demo else "0.0.0.0"  # noqa: S104 - a hosted worker is reached from outside
    return await stack.enter_async_context(serve(app, host=host, port=settings.port))


async def _open_networks(stack: AsyncExitStack, ground: Ground) -> Networks:
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


def style_of(settings: Settings) -> HouseStyle:
    """How this house's posts look."""
    return HouseStyle(site_name=settings.site_name, x_link=settings.x_link)


def _tell_of(wall: Wall, machine: Machine) -> Callable[[Delivery], None]:
    def settled(delivery: Delivery) -> None:
        if not delivery.of:
            # A change of a post is no post, and says nothing of how fast news goes out.
            machine.pulse.settled(delivery)
        _show(wall, delivery)

    return settled


def _show(wall: Wall, delivery: Delivery) -> None:
    """Put on the wall what stands now; a change of a post is shown in the place of that."""
    if delivery.state is not State.SENT:
        return
    post = DeliveryId(delivery.of or delivery.id)
    if delivery.errand is Errand.DELETE:
        wall.take_down(post)
    else:
        wall.show(replace(delivery, id=post))


def _health_of(opened: OpenStore, intake: Intake) -> Callable[[], Any]:
    async def health() -> Mapping[str, Any]:
        await opened.store.switch.paused()
        feeds = {shown_address(line.url): line.why or "ok" for line in intake.health()}
        return {"ok": True, "store": opened.where, "feeds": feeds}

    return health


def open_x(settings: Settings) -> XClient:
    """The client of X, to be opened with `async with`."""
    keys = XKeys(
        api_key=settings.x_api_key,
        api_secret=settings.x_api_secret,
        access_token=settings.x_access_token,
        access_token_secret=settings.x_access_token_secret,
    )
    return XClient(keys, settings.x_api_url)
