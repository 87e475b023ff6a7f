"""The one place that builds: settings in, a newsroom out, closed in reverse order at the end.

ground, networks, editors and pages build their own; here they are put together.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from uuid import uuid4

from bot.alarm import LoggedAlarm
from bot.clock import MachineClock
from bot.commands.daily_report import LOOK_SECONDS as DAILY_SECONDS
from bot.commands.daily_report import DailyReport
from bot.commands.held import LOOK_SECONDS as HELD_SECONDS
from bot.commands.held import HeldStories
from bot.commands.listener import Listener
from bot.commands.photos import DeskPictures
from bot.crier import SAY_SECONDS, Crier
from bot.herald import Herald
from bot.house import style_of
from bot.machine import machine_of
from bot.money import budget_of, terms_of
from bot.open_files import allow_many
from bot.permit import Permit
from bot.rounds import Rounds
from bot.settings import Settings
from bot.traces import open_traces
from bot.wiring.editors import (
    Corridor,
    daily_report_of,
    doubts_of,
    held_of,
    kinds_of,
    listener_of,
    nobody_to_ask,
    retractions_of,
    undoing_of,
    vigil_of,
)
from bot.wiring.ground import Ground
from bot.wiring.late_account import LateAccount
from bot.wiring.networks import open_networks
from bot.wiring.pages import open_web, tell_of
from bot.wiring.pushes import Pushes, pushes_of, subscribing_of
from bot.wiring.table import open_table
from bot.wiring.watch import late_pictures_of, lookout_of
from bot.worker import Part
from feeds.answer import Source
from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher, kept_for
from feeds.intake import Intake
from feeds.share import LEASE_SECONDS
from feeds.vigil import REST_SECONDS as VIGIL_SECONDS
from feeds.vigil import Vigil
from newsroom.desk import Desk, House
from newsroom.ports import Platform, Renderer
from newsroom.target import TargetId
from publishing.dispatch import Dispatcher, Pace
from publishing.fuse import Fuse
from publishing.late_cards import cards_when_wanted
from publishing.late_picture import LatePictures
from publishing.lookout import LOOK_SECONDS as LOOKOUT_SECONDS
from publishing.lookout import Lookout
from publishing.pacing import LOOK_SECONDS as PURSE_SECONDS
from publishing.pacing import LinkPurse
from publishing.picture import PictureDesk
from publishing.reconcile import Reconciler
from publishing.render import TemplateRenderer
from publishing.right_of_way import RightOfWay
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
    permit: Permit | None
    """None without a bot."""


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
        SettingsWrongError: traces are asked for, and their packages are not there.
    """
    clock, style, pace = MachineClock(), style_of(settings), pace or Pace()
    cards = cards_when_wanted(style)
    worker = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
    async with AsyncExitStack() as stack:
        traces = await stack.enter_async_context(open_traces(os.environ, clock))
        terms = None if is_demo else terms_of(settings)
        opened = await stack.enter_async_context(open_store(settings.redis_url.get_secret_value(), folder, terms))
        purse = LinkPurse(opened.store.ledger, clock, budget_of(settings))
        renderer = TemplateRenderer(style, settings.templates, purse.affords_link)
        kept = kept_for(len(settings.feeds), allow_many())
        fetcher = await stack.enter_async_context(
            FeedFetcher(clock, allow=settings.fetch_allow, keepalive_seconds=kept)
        )
        table = None if is_demo else await open_table(stack, settings, opened.store, clock, worker=worker)
        pictures = PictureDesk(
            DeskPictures(fetcher, table.bot) if table else fetcher, clock, cards, limit_seconds=settings.picture_seconds
        )
        stack.push_async_callback(pictures.close)
        machine = machine_of(opened.store, clock, has_pages=is_demo or settings.port is not None)
        alarm = table.alarm if table else LoggedAlarm()
        ground = Ground(
            settings, house, opened, fetcher, pictures, clock, alarm, machine, worker, is_demo, table, traces
        )
        platforms = await open_networks(stack, ground, pace)
        wall = Wall(WALL_SEED)
        wall.seed(await opened.store.ledger.sent(WALL_SEED))
        parts = _parts(ground, platforms, renderer, wall, pace)
        web_port = await open_web(stack, ground, wall, parts.intake, parts.pushes.pages)
        running = dict(parts.running(ground, pace)) | {"pulse": machine.pulse}
        running["herald"] = Herald(opened.store.tidings, ground.alarm)
        running |= {f"account {name}": it for name, it in platforms.items() if isinstance(it, LateAccount)}
        permit = Permit(settings, table.bot) if table else None
        if permit:
            running["permit"] = permit
        if settings.x_link == "budget":
            await purse.look()
            running["purse"] = ground.rounds("purse", purse.look, PURSE_SECONDS)
        yield Newsroom(running, opened, house, web_port, permit)


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs side by side."""

    intake: Intake
    crier: Crier
    dispatcher: Dispatcher
    reconciler: Reconciler
    lookout: Lookout
    listener: Listener | None
    vigil: Vigil | None
    held: HeldStories | None
    pushes: Pushes
    late: LatePictures
    daily: DailyReport | None

    def running(self, ground: Ground, pace: Pace) -> Mapping[str, Part]:
        """By the names under which the worker watches them."""
        parts: dict[str, Part] = {"intake": self.intake, "dispatch": self.dispatcher, "late pictures": self.late}
        if self.listener:
            parts["listener"] = self.listener
        parts |= {rounds.name: rounds for rounds in self._rounds(ground, pace)}
        parts |= self.pushes.parts
        return parts

    def _rounds(self, ground: Ground, pace: Pace) -> Iterable[Rounds]:
        yield ground.rounds("reconcile", self.reconciler.look, pace.look)
        yield ground.rounds("feed alerts", self.crier.say, SAY_SECONDS, leave=self.crier.say)
        yield ground.rounds("lookout", self.lookout.round, LOOKOUT_SECONDS, leave=self.lookout.leave)
        if self.vigil:
            yield ground.rounds("vigil", self.vigil.round, VIGIL_SECONDS)
        if self.held:
            yield ground.rounds("held", self.held.look, HELD_SECONDS)
        if self.daily:
            yield ground.rounds("daily report", self.daily.look, DAILY_SECONDS)


def _parts(ground: Ground, platforms: Mapping[TargetId, Platform], renderer: Renderer, wall: Wall, pace: Pace) -> Parts:
    store, clock, settings = ground.store, ground.clock, ground.settings
    settled = tell_of(wall, ground.machine, ground.traces)
    late, way = late_pictures_of(ground), RightOfWay(clock)
    dispatcher = Dispatcher(
        store.outbox,
        platforms,
        clock,
        worker=ground.worker,
        settled=settled,
        posted=late.note,
        pace=pace,
        fuse=None if ground.is_demo else Fuse(clock),
        way=way,
    )
    doubts = doubts_of(ground)
    reconciler = Reconciler(
        store.outbox,
        platforms,
        clock,
        settled=settled,
        ask=doubts.ask if doubts else nobody_to_ask,
        lease_seconds=pace.lease,
    )
    lock, wake = asyncio.Lock(), dispatcher.wake
    desk = Desk(ground.house, renderer, store.outbox, clock, one_at_a_time=lock, wake=wake, first=way.writing)
    # What editors changed is theirs: the demo reads its own site, whatever stands in the store.
    feeds = FeedList(settings.feeds, None if ground.is_demo else store.feed_changes)
    subscribing = subscribing_of(ground, feeds)
    crier = Crier(ground.alarm)
    intake = _intake_of(ground, feeds, subscribing.source, desk, way, crier=crier, lease_seconds=pace.lease)
    undoing = undoing_of(ground, renderer, dispatcher)
    retractions = retractions_of(ground, undoing)
    corridor = Corridor(desk, intake, feeds, dispatcher, renderer)
    held = held_of(ground, desk)
    listener = listener_of(ground, corridor, undoing, kinds_of(doubts, retractions, held))
    ask = retractions.ask if retractions else None
    pushes = pushes_of(ground, desk, intake, feeds, ask=ask, subscriber=subscribing.subscriber)
    return Parts(
        intake,
        crier,
        dispatcher,
        reconciler,
        lookout_of(ground),
        listener,
        vigil_of(ground, retractions),
        held,
        pushes,
        late,
        daily_report_of(ground, corridor),
    )


def _intake_of(
    ground: Ground, feeds: FeedList, source: Source, desk: Desk, way: RightOfWay, *, crier: Crier, lease_seconds: float
) -> Intake:
    return Intake(
        feeds,
        ground.traces.over(source) if ground.traces else source,
        ground.store.feeds,
        desk,
        ground.clock,
        poll_seconds=ground.settings.poll_seconds,
        alarm=crier,
        chance=SystemRandom().random,
        rota=ground.store.rota,
        worker=ground.worker,
        # Whoever lives faster than usual loses its feeds faster, too.
        lease=min(LEASE_SECONDS, lease_seconds),
        give_way=way.give,
    )
