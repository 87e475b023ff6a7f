"""The one place that builds: settings in, a newsroom out, closed in reverse order at the end.

ground, networks, editors and pages build their own; here they are put together.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from uuid import uuid4

from bot.alarm import LoggedAlarm
from bot.clock import MachineClock
from bot.commands.listener import Listener
from bot.house import style_of
from bot.machine import machine_of
from bot.money import budget_of, terms_of
from bot.settings import Settings
from bot.wiring.editors import doubts_of, listener_of, nobody_to_ask, retractions_of, vigil_of
from bot.wiring.ground import Ground
from bot.wiring.networks import Networks, open_networks
from bot.wiring.pages import open_web, tell_of
from bot.worker import Part
from feeds.fetch import FeedFetcher
from feeds.intake import Intake
from feeds.vigil import Vigil
from newsroom.desk import Desk, House
from newsroom.ports import Renderer
from publishing.card import CardMaker
from publishing.dispatch import Dispatcher, Pace
from publishing.pacing import LinkPurse
from publishing.picture import PictureDesk
from publishing.reconcile import Reconciler
from publishing.render import TemplateRenderer
from publishing.wall import Wall
from store.opening import STATE_FOLDER, OpenStore, open_store

WALL_SEED = 60
"""Posts that the wall shows at once after a restart."""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """All parts, built and connected; `parts` run, the rest is there to be asked."""

    parts: Mapping[str, Part]
    store: OpenStore
    house: House
    web_port: int | None


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
        ground = Ground(settings, house, opened, fetcher, pictures, clock, LoggedAlarm(), machine, worker, is_demo)
        networks = await open_networks(stack, ground)
        wall = Wall(WALL_SEED)
        wall.seed(await opened.store.ledger.sent(WALL_SEED))
        parts = _parts(ground, networks, renderer, wall, pace or Pace())
        web_port = await open_web(stack, ground, wall, parts.intake)
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
    settled = tell_of(wall, ground.machine)
    dispatcher = Dispatcher(
        store.outbox,
        networks.platforms,
        clock,
        worker=ground.worker,
        settled=settled,
        pace=pace,
    )
    doubts = doubts_of(ground, networks.bot)
    reconciler = Reconciler(
        store.outbox,
        networks.platforms,
        clock,
        settled=settled,
        ask=doubts.ask if doubts else nobody_to_ask,
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
    retractions = retractions_of(ground, networks.bot, dispatcher)
    listener = listener_of(ground, desk, intake, dispatcher, [one for one in (doubts, retractions) if one is not None])
    return Parts(intake, dispatcher, reconciler, listener, vigil_of(ground, retractions))
