"""A story that is gone from the site: the desk is asked once, and what an editor answers is done everywhere."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr
from telegram import Bot

from bot.commands.editors import Editor
from bot.commands.life import life_of
from bot.commands.questions import Asker, Buttons
from bot.commands.replies import Replies
from bot.commands.retractions import Retractions
from bot.commands.undoing import Undoing
from bot.commands.voice import Voice
from newsroom.correction import Corrections, XCorrections
from newsroom.delivery import Delivery, State
from newsroom.order import Form, Order
from newsroom.ports import Life, Platform
from newsroom.target import TargetId
from publishing.dispatch import Dispatcher
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from publishing.x_account import XAccount
from publishing.x_client import XClient
from store.store import Store, memory_store
from tests.support.clock import ManualClock
from tests.support.fake_telegram import FakeTelegram
from tests.support.fake_x import FakeX
from tests.support.newsroom import a_story, an_admission
from tests.support.platform_stage import ACCOUNT, CHANNEL, CHANNEL_ID, X_KEYS, OnePicture
from tests.support.x_clients import KEYS

DESK, EDITOR, STRANGER = -1009999999999, 11, 66
LINE = "سُحب هذا الخبر"


@dataclass
class Rig:
    """A story that stands in a channel and on X, and a desk that can be asked about it."""

    telegram: FakeTelegram
    x: FakeX
    bot: Bot
    store: Store
    clock: ManualClock
    platforms: dict[TargetId, Platform]
    on_x: XCorrections
    settled: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed = asyncio.Event()
        self.stop = asyncio.Event()
        self.dispatcher = Dispatcher(self.store.outbox, self.platforms, self.clock, worker="w1", settled=self._note)
        self.running = asyncio.create_task(self.dispatcher.run(self.stop))
        replies, voice = Replies("ar"), Voice(self.bot, self.clock)
        self.buttons = Buttons(self.store.tokens, replies)
        asker = Asker(voice, self.buttons, self.store.tokens, self.store.leases, desk=DESK, worker="w1")
        undoing = Undoing(
            self.store.outbox,
            self.store.ledger,
            TemplateRenderer(HouseStyle(), None),
            targets=[CHANNEL, ACCOUNT],
            corrections=Corrections(self.on_x),
            replies=replies,
            wake=self.dispatcher.wake,
        )
        self.retractions = Retractions(asker, undoing, replies)

    def _note(self, delivery: Delivery) -> None:
        self.settled.append(delivery)
        self.changed.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until deliveries were settled so."""
        async with asyncio.timeout(10):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()

    async def life(self) -> Life:
        """Of the story."""
        life = await self.store.ledger.life(a_story().id)
        assert life is not None
        return life

    async def answer(self, answer: str) -> str:
        """A chief presses a button under the question; gives what is said."""
        [question, *_] = self.telegram.posts(DESK)
        choices = [await self.buttons.choice_of(button["callback_data"]) for button in question.buttons]
        [choice] = [one for one in choices if one and one.answer == answer]
        editor = Editor(EDITOR, "chief", "Ali")
        assert choice.may_press(editor)
        assert not (answer != "keep" and choice.may_press(Editor(STRANGER, "editor", "An editor")))
        order = Order("1", Form.PRESS, EDITOR, "Ali", DESK, question.message_id, "", 0.0)
        return (await self.retractions.carry_out(choice, order, editor)).told

    def standing(self) -> tuple[list[str], list[str]]:
        """What followers read on Telegram and on X."""
        return (
            [post.text for post in self.telegram.posts(CHANNEL_ID) if not post.deleted],
            [post.text for post in self.x.posts() if not post.deleted],
        )


@asynccontextmanager
async def posted(on_x: XCorrections = "ignore") -> AsyncIterator[Rig]:
    """The story stands everywhere."""
    clock = ManualClock()
    store = memory_store(clock)
    async with (
        FakeTelegram() as telegram,
        FakeX(keys=KEYS, clock=clock.now, premium=True) as x,
        XClient(X_KEYS, x.url) as client,
        open_bot(SecretStr(telegram.token), telegram.url) as bot,
    ):
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "wasat")
        for user in (EDITOR, STRANGER):
            telegram.add_user(user, "Ali")
        telegram.add_group(DESK, "التحرير", members=[EDITOR, STRANGER])
        platforms: dict[TargetId, Platform] = {
            CHANNEL.id: TelegramChannel(CHANNEL, bot, OnePicture(), store.uploads, clock),
            ACCOUNT.id: XAccount(ACCOUNT, client, OnePicture(), clock),
        }
        rig = Rig(telegram, x, bot, store, clock, platforms, on_x)
        await store.outbox.admit([an_admission(a_story(met=clock.now()), CHANNEL, ACCOUNT)], 0)
        rig.dispatcher.wake_all()
        await rig.until(lambda: len(rig.settled) == 2)
        yield rig
        rig.stop.set()
        await rig.running
        telegram.assert_clean()
        x.assert_clean()


async def test_the_desk_is_asked_once_for_a_story_with_three_buttons_and_where_it_stands() -> None:
    """Left alone, nothing happens."""
    async with posted() as rig:
        for _ in range(2):
            await rig.retractions.ask(await rig.life())
        [question] = rig.telegram.posts(DESK)
        assert a_story().headline in question.text
        assert "https://x.com/i/status/" in question.text
        assert [button["text"] for button in question.buttons] == ["احذفها كلها", "علّم أنه سُحب", "أبقها"]
        assert rig.standing() == ([a_story().headline], [a_story().headline])


async def test_a_story_that_is_deleted_is_gone_everywhere_and_its_life_says_by_whom() -> None:
    """As deliveries of their own, with receipts."""
    async with posted() as rig:
        await rig.retractions.ask(await rig.life())
        await rig.answer("delete")
        await rig.until(lambda: len(rig.settled) == 4)
        assert rig.standing() == ([], [])
        life = await rig.life()
        assert [delivery.state for delivery in life.deliveries if not delivery.of] == [State.REMOVED] * 2
        assert {delivery.by for delivery in life.deliveries if delivery.of} == {f"{EDITOR} Ali"}
        assert life_of(life, Replies("en")).count("deletion: ✅ done") == 2


async def test_a_story_that_is_marked_says_so_above_its_words_where_posts_may_be_edited() -> None:
    """On X only where the house edits; else the editor is told that it stays as it is."""
    async with posted() as rig:
        await rig.retractions.ask(await rig.life())
        told = await rig.answer("mark")
        await rig.until(lambda: len(rig.settled) == 3)
        assert rig.standing() == ([f"{LINE}\n\n{a_story().headline}"], [a_story().headline])
        assert "X" in told
    async with posted("edit") as rig:
        await rig.retractions.ask(await rig.life())
        await rig.answer("mark")
        await rig.until(lambda: len(rig.settled) == 4)
        assert rig.standing() == ([f"{LINE}\n\n{a_story().headline}"],) * 2


async def test_a_story_that_is_kept_stays() -> None:
    """Nothing is planned."""
    async with posted() as rig:
        await rig.retractions.ask(await rig.life())
        assert "بقيت المنشورات" in await rig.answer("keep")
        assert rig.standing() == ([a_story().headline], [a_story().headline])


async def test_a_story_whose_posts_are_all_gone_is_asked_about_no_more() -> None:
    """There is nothing left to decide."""
    async with posted() as rig:
        life = await rig.life()
        await rig.retractions.ask(life)
        await rig.answer("delete")
        await rig.until(lambda: len(rig.settled) == 4)
        before = len(rig.telegram.posts(DESK))
        await rig.retractions.ask(await rig.life())
        assert len(rig.telegram.posts(DESK)) == before
