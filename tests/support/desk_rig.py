"""The desk as the worker wires it, over real servers of both networks, with a clock whose time can be made to pass."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from bot.clock import MachineClock
from bot.commands.photos import DeskPictures
from bot.house import house_of, style_of
from bot.machine import machine_of
from bot.settings import Settings
from bot.wiring import Parts, _parts
from bot.wiring.ground import Ground
from bot.wiring.networks import open_networks
from bot.wiring.table import open_table
from bot.worker import Part
from feeds.fetch import FeedFetcher
from newsroom.order import Note
from newsroom.ports import Clock, Event
from publishing.dispatch import Pace
from publishing.picture import PictureDesk
from publishing.render import TemplateRenderer
from publishing.wall import Wall
from store.opening import OpenStore
from store.store import Store, memory_store
from tests.support.fake_telegram import TOKEN, FakeTelegram, Said
from tests.support.fake_x import FakeX
from tests.support.rounds import rounds_of
from tests.support.telegram_board import Press
from tests.support.telegram_posts import StoredPost
from tests.support.x_clients import KEYS
from tests.support.x_posts import XPost

DESK, CHANNEL, SECOND_CHANNEL = -1009999999999, -1001000000001, -1001000000002
EDITOR, CHIEF, ADMIN, OTHER_EDITOR, STRANGER = 11, 12, 13, 14, 66
NAMES = {EDITOR: "علي", CHIEF: "منى", ADMIN: "عمر", OTHER_EDITOR: "سعاد", STRANGER: "Someone"}
ROLES = {EDITOR: "editor", CHIEF: "chief", ADMIN: "admin", OTHER_EDITOR: "editor"}
HEADLINE = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"
TEXT = f"{HEADLINE}\n\nقال مسؤول محلي إن الجسر انهار فجر اليوم دون وقوع ضحايا بين المارة."


class LeapingClock:
    """Implements `newsroom.ports.Clock`: the machine's, until a test lets time pass at once."""

    def __init__(self) -> None:
        self._clock = MachineClock()
        self._leapt = 0.0

    def leap(self, seconds: float) -> None:
        """So much time has passed."""
        self._leapt += seconds

    def now(self) -> datetime:
        """Wall clock."""
        return self._clock.now() + timedelta(seconds=self._leapt)

    def monotonic(self) -> float:
        """Seconds."""
        return self._clock.monotonic() + self._leapt

    async def sleep(self, seconds: float) -> None:
        """Real time; nothing here sleeps for long."""
        await asyncio.sleep(seconds)

    async def wait(self, event: Event, seconds: float) -> bool:
        """Real time."""
        return await self._clock.wait(event, seconds)


@dataclass(slots=True)
class World:
    """What outlives a worker: both networks, the store, time."""

    telegram: FakeTelegram
    x: FakeX
    clock: LeapingClock
    store: Store


@dataclass(slots=True)
class DeskRig:
    """A worker in this world."""

    world: World
    parts: Parts

    @property
    def telegram(self) -> FakeTelegram:
        """The fake."""
        return self.world.telegram

    def say(self, user: int, text: str, chat: int | None = None, reply_to: StoredPost | None = None) -> Said:
        """Write to the bot."""
        return self.telegram.say(user, text, chat, reply_to=reply_to)

    def press(self, user: int, post: StoredPost, words: str) -> Press:
        """Press the button with these words on it."""
        data = next(button["callback_data"] for button in post.buttons if words in button["text"])
        return self.telegram.press(user, post, data)

    def said(self, chat: int) -> list[str]:
        """What the bot's messages in a chat read now, oldest first."""
        return [post.text for post in self.telegram.posts(chat) if not post.deleted]

    def standing(self, channel: int = CHANNEL) -> list[StoredPost]:
        """What followers of a channel see."""
        return [post for post in self.telegram.posts(channel) if not post.deleted]

    def tweets(self) -> list[XPost]:
        """What followers on X see."""
        return [post for post in self.world.x.posts() if not post.deleted]

    async def until(self, is_so: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait in real time.

        Raises:
            AssertionError: it is not so in time; tells what was said.
        """
        end = asyncio.get_running_loop().time() + seconds
        while not is_so():
            chats = {chat: self.said(chat) for chat in (DESK, *ROLES, CHANNEL)}
            assert asyncio.get_running_loop().time() < end, f"not so after {seconds} s; said: {chats}"
            await asyncio.sleep(0.01)

    async def answered(self, user: int, words: str, chat: int | None = None) -> StoredPost:
        """Wait until the bot's words in a chat hold these; gives the message."""
        where = user if chat is None else chat
        await self.until(lambda: words in "\n".join(self.said(where)))
        return next(post for post in reversed(self.telegram.posts(where)) if words in post.text)

    async def pressed(self, user: int, post: StoredPost, words: str) -> str:
        """Press a button and wait for the answer over the chat, and until it is noted what came of it."""
        press = self.press(user, post, words)
        await self.until(lambda: press.answers)
        await self.crossed_out()
        return press.answers[0]

    async def notes(self) -> Sequence[Note]:
        """The audit trail, newest first."""
        return await self.world.store.journal.notes(100)

    async def crossed_out(self) -> None:
        """Wait until no order is left undone."""
        async with asyncio.timeout(15):
            while await self.world.store.journal.unfinished():  # noqa: ASYNC110 - a store tells nobody of its changes
                await asyncio.sleep(0.01)

    async def did(self, *deeds: str) -> None:
        """Wait until these, oldest first, and no others stand in the trail; each is written after its answer.

        Raises:
            AssertionError: others stand there.
        """
        end = asyncio.get_running_loop().time() + 2.0
        while True:
            noted = tuple(note.what for note in reversed(await self.notes()))
            if noted == deeds:
                return
            assert asyncio.get_running_loop().time() < end, f"{noted} stand there, not {deeds}"
            await asyncio.sleep(0.01)


@asynccontextmanager
async def open_world(*, premium: bool = False) -> AsyncIterator[World]:
    """Both networks, an empty store, two channels, the editors' group and everybody in it."""
    clock = LeapingClock()
    async with FakeTelegram() as telegram, FakeX(keys=KEYS, clock=clock.now, premium=premium) as x:
        for channel in (CHANNEL, SECOND_CHANNEL):
            telegram.add_channel(channel, "الوسط العربي")
        for user, name in NAMES.items():
            telegram.add_user(user, name)
        telegram.add_group(DESK, "التحرير", members=list(NAMES))
        yield World(telegram, x, clock, memory_store(clock))
        telegram.assert_clean()
        x.assert_clean()


def settings_for(world: World, **given: Any) -> Settings:
    """What a worker in this world is told."""
    usual: dict[str, Any] = {
        "telegram_bot_token": SecretStr(TOKEN),
        "telegram_api_url": world.telegram.url,
        "telegram_channels": (str(CHANNEL), str(SECOND_CHANNEL)),
        "telegram_desk": DESK,
        "editors": ROLES,
        "x_api_key": SecretStr(KEYS.api_key),
        "x_api_secret": SecretStr(KEYS.api_secret),
        "x_access_token": SecretStr(KEYS.access_token),
        "x_access_token_secret": SecretStr(KEYS.access_token_secret),
        "x_api_url": world.x.url,
        "site_name": "الوسط العربي",
        "site_sections": ("الشرق قادم", "أخبار"),
        "fetch_allow": "127.0.0.0/8",
        "feeds": ("https://alwasat.example.com/feed/",),
        "cards": "off",
    }
    return Settings(**{**usual, **given})


@asynccontextmanager
async def open_desk(
    world: World, *, store: Store | None = None, given: Mapping[str, Any] | None = None, polls: bool = False
) -> AsyncIterator[DeskRig]:
    """A worker that listens and posts, and polls where that is asked for. `given` settings win over the usual ones."""
    settings, clock = settings_for(world, **(given or {})), world.clock
    memory = store or world.store
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        rig = await _build(stack, world, settings, clock, memory)
        listener = rig.parts.listener
        assert listener is not None
        reconciling = rounds_of(rig.parts.reconciler.look, clock, Pace().look)
        parts: list[Part] = [listener, rig.parts.dispatcher, reconciling]
        if polls:
            parts.append(rig.parts.intake)
        runs = [asyncio.create_task(part.run(stop)) for part in parts]
        try:
            await rig.until(lambda: world.telegram.is_polled)
            yield rig
        finally:
            stop.set()
            await asyncio.wait(runs, timeout=15)
            fell = [run.exception() for run in runs if run.done() and not run.cancelled()]
            assert not any(fell), f"a part of the worker fell: {fell}"


async def _build(stack: AsyncExitStack, world: World, settings: Settings, clock: Clock, store: Store) -> DeskRig:
    opened = OpenStore(store, "memory", is_embedded=False)
    fetcher = await stack.enter_async_context(FeedFetcher(clock, allow=settings.fetch_allow))
    table = await open_table(stack, settings, store, clock, worker="w1")
    assert table is not None
    pictures = PictureDesk(DeskPictures(fetcher, table.bot), clock, None)
    stack.push_async_callback(pictures.close)
    house, machine = house_of(settings), machine_of(store, clock)
    ground = Ground(
        settings, house, opened, fetcher, pictures, clock, table.alarm, machine, "w1", is_demo=False, table=table
    )
    networks = await open_networks(stack, ground, Pace())
    renderer = TemplateRenderer(style_of(settings), None)
    return DeskRig(world, _parts(ground, networks, renderer, Wall(10), Pace()))
