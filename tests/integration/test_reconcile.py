"""Reconciliation over real sockets: what the network left unknown is looked for, and sent again only when absent."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.commands.doubts import Doubts
from bot.commands.questions import Asker, Buttons
from bot.commands.replies import Replies
from bot.commands.voice import Voice
from newsroom.delivery import QUIET_SECONDS, Delivery, State
from newsroom.ports import Platform
from newsroom.receipt import AGAIN_SECONDS, Found
from newsroom.target import Network, Target, TargetId
from publishing.dispatch import Dispatcher
from publishing.reconcile import LEASE_SECONDS, Reconciler
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from publishing.telegram_readback import GO_ON_SECONDS
from publishing.x_account import XAccount
from publishing.x_client import XClient
from store.store import Store, memory_store
from tests.support.clock import ManualClock
from tests.support.fake_telegram import FakeTelegram
from tests.support.fake_x import FakeX
from tests.support.faults import Fault, Faults
from tests.support.newsroom import a_story, an_admission
from tests.support.platform_stage import ACCOUNT, CHANNEL, CHANNEL_ID, SOON, X_KEYS, OnePicture
from tests.support.x_clients import KEYS

DESK, EDITOR, STRANGER = -1009999999999, 11, 66
OLD, NEW = -4003, -1004444444444
GROUP = Target(Network.TELEGRAM, str(OLD))
HAPPENED = (Fault.DROP_AFTER_ACCEPT, Fault.RST_AFTER_ACCEPT, Fault.HANG_AFTER_ACCEPT, Fault.HALF_BODY)
DID_NOT = (Fault.DROP_BEFORE_READ, Fault.HANG_BEFORE_ACCEPT, Fault.HTML_502)


@dataclass
class Rig:
    """One target with its network, a memory store, and everything that delivers."""

    target: Target
    platform: Platform
    faults: Faults
    endpoint: str
    standing: Callable[[], list[str]]
    clock: ManualClock
    kept: Store | None = None
    """The memory store, where the platform needs a part of it."""
    asked: list[Delivery] = field(default_factory=list)
    settled: list[Delivery] = field(default_factory=list)
    admitted: int = 0

    def __post_init__(self) -> None:
        self.store = self.kept or memory_store(self.clock)
        self.changed = asyncio.Event()
        platforms: dict[TargetId, Platform] = {self.target.id: self.platform}
        self.dispatcher = Dispatcher(self.store.outbox, platforms, self.clock, worker="w1", settled=self._note)
        self.reconciler = Reconciler(
            self.store.outbox, platforms, self.clock, settled=self.settled.append, ask=self._ask
        )

    def _note(self, delivery: Delivery) -> None:
        self.settled.append(delivery)
        self.changed.set()

    async def _ask(self, delivery: Delivery) -> None:
        self.asked.append(delivery)

    async def publish(self, title: str, *, ahead: float = 0.0) -> State:
        """A story goes through the lane once, met by a clock that is some seconds ahead; gives the state it came to."""
        self.admitted += 1
        story = a_story(self.admitted, title, met=self.clock.now() + timedelta(seconds=ahead))
        await self.store.outbox.admit([an_admission(story, self.target)], self.admitted - 1)
        return await self.one_send()

    async def one_send(self) -> State:
        """Let the lane make one send."""
        stop = asyncio.Event()
        self.changed.clear()
        running = asyncio.create_task(self.dispatcher.run(stop))
        async with asyncio.timeout(10):
            await self.changed.wait()
        stop.set()
        await running
        return self.settled[-1].state

    async def look(self) -> None:
        """The quiet time passes, and somebody looks."""
        self.clock.advance(QUIET_SECONDS + 1)
        await self.reconciler.look()


@asynccontextmanager
async def telegram_rig(desk: int | None = DESK) -> AsyncIterator[tuple[Rig, FakeTelegram]]:
    """A channel that is read back through the editors' group."""
    clock = ManualClock()
    async with FakeTelegram() as telegram:
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "wasat")
        telegram.add_user(EDITOR, "Ali")
        telegram.add_group(DESK, "التحرير", members=[EDITOR])
        async with open_bot(SecretStr(telegram.token), telegram.url, read_seconds=SOON) as bot:
            channel = TelegramChannel(CHANNEL, bot, OnePicture(), memory_store(clock).uploads, clock, desk=desk)

            def standing() -> list[str]:
                return [post.text for post in telegram.posts(CHANNEL_ID) if not post.deleted]

            yield Rig(CHANNEL, channel, telegram.faults, "sendMessage", standing, clock), telegram
        telegram.assert_clean()


@asynccontextmanager
async def x_rig() -> AsyncIterator[tuple[Rig, FakeX]]:
    """An account that is read back by its own timeline."""
    clock = ManualClock()
    async with FakeX(keys=KEYS, clock=clock.now) as x, XClient(X_KEYS, x.url, request_seconds=SOON) as client:
        account = XAccount(ACCOUNT, client, OnePicture(), clock)

        def standing() -> list[str]:
            return [post.text for post in x.posts()]

        yield Rig(ACCOUNT, account, x.faults, "POST /2/tweets", standing, clock), x


@asynccontextmanager
async def either(network: str) -> AsyncIterator[Rig]:
    """A rig of one network."""
    if network == "x":
        async with x_rig() as (rig, _):
            yield rig
    else:
        async with telegram_rig() as (rig, _):
            yield rig


@pytest.mark.parametrize("network", ["telegram", "x"])
@pytest.mark.parametrize("fault", HAPPENED)
async def test_a_post_that_arrived_although_the_answer_was_lost_is_found_and_not_sent_again(
    network: str,
    fault: Fault,
) -> None:
    """Whatever cut the answer off."""
    async with either(network) as rig:
        await rig.publish("الخبر الأول من المدينة القديمة")
        rig.faults.add(rig.endpoint, fault, seconds=5.0)
        assert await rig.publish("الخبر الثاني من الميناء الجديد") is State.UNCERTAIN
        await rig.look()
        assert rig.settled[-1].state is State.SENT
        assert rig.settled[-1].message_ids
        assert len(rig.standing()) == 2
        assert await rig.store.outbox.uncertain() == ()


@pytest.mark.parametrize("network", ["telegram", "x"])
async def test_a_post_is_found_though_our_clock_is_as_far_ahead_as_x_lets_it_be(network: str) -> None:
    """It stands there with a date before its story was met, and is no earlier one."""
    async with either(network) as rig:
        await rig.publish("الخبر الأول من المدينة القديمة")
        rig.faults.add(rig.endpoint, Fault.DROP_AFTER_ACCEPT)
        assert await rig.publish("الخبر الثاني من الميناء الجديد", ahead=299.0) is State.UNCERTAIN
        await rig.look()
        assert rig.settled[-1].state is State.SENT
        assert len(rig.standing()) == 2


@pytest.mark.parametrize("network", ["telegram", "x"])
@pytest.mark.parametrize("fault", DID_NOT)
async def test_a_post_that_did_not_arrive_is_sent_again_once_it_was_looked_for(network: str, fault: Fault) -> None:
    """Only then; and it stands there once."""
    async with either(network) as rig:
        await rig.publish("الخبر الأول من المدينة القديمة")
        rig.faults.add(rig.endpoint, fault, seconds=5.0)
        assert await rig.publish("الخبر الثاني من الميناء الجديد") is State.UNCERTAIN
        assert len(rig.standing()) == 1
        await rig.look()
        assert await rig.one_send() is State.SENT
        assert len(rig.standing()) == 2


async def test_nothing_is_looked_for_before_the_quiet_time_is_over() -> None:
    """The platform may still carry it out."""
    async with telegram_rig() as (rig, telegram):
        await rig.publish("الخبر الأول من المدينة القديمة")
        rig.faults.add(rig.endpoint, Fault.DROP_AFTER_ACCEPT)
        await rig.publish("الخبر الثاني من الميناء الجديد")
        rig.clock.advance(QUIET_SECONDS - 1)
        await rig.reconciler.look()
        assert [call.method for call in telegram.calls].count("forwardMessage") == 0
        assert len(await rig.store.outbox.uncertain()) == 1


async def test_reading_back_leaves_no_trace_for_followers_and_none_at_the_desk() -> None:
    """Copies are taken away again; the channel is untouched."""
    async with telegram_rig() as (rig, telegram):
        await rig.publish("الخبر الأول من المدينة القديمة")
        rig.faults.add(rig.endpoint, Fault.DROP_AFTER_ACCEPT)
        await rig.publish("الخبر الثاني من الميناء الجديد")
        await rig.look()
        assert all(post.deleted for post in telegram.posts(DESK))
        assert [post.history for post in telegram.posts(CHANNEL_ID)] == [[], []]


@asynccontextmanager
async def moving_rig() -> AsyncIterator[tuple[Rig, FakeTelegram, TelegramChannel]]:
    """A group that becomes a supergroup: posts go to it, its numbers are far on, and another worker sends there too."""
    clock = ManualClock()
    store = memory_store(clock)
    async with FakeTelegram() as telegram:
        telegram.add_group(OLD, "غرفة الأخبار", supergroup=False)
        telegram.add_group(DESK, "التحرير")
        for _ in range(40):  # A basic group shares its numbers with the bot's other chats.
            telegram.note(OLD)
        async with open_bot(SecretStr(telegram.token), telegram.url, read_seconds=SOON) as bot:
            one, two = (
                TelegramChannel(GROUP, bot, OnePicture(), store.uploads, clock, desk=DESK, addresses=store.addresses)
                for _ in range(2)
            )

            def standing() -> list[str]:
                return [post.text for chat in (OLD, NEW) for post in telegram.posts(chat)]

            yield Rig(GROUP, one, telegram.faults, "sendMessage", standing, clock, store), telegram, two
        telegram.assert_clean()


async def test_in_a_group_that_became_a_supergroup_a_post_is_looked_for_among_its_new_numbers() -> None:
    """They begin at one; behind the last of the old ones stands nothing, and that says nothing."""
    async with moving_rig() as (rig, telegram, _):
        await rig.publish("الخبر الأول من المدينة القديمة")
        telegram.migrate(OLD, NEW)
        assert await rig.publish("الخبر الثاني من الميناء الجديد") is State.PLANNED
        rig.clock.advance(5)
        rig.faults.add(rig.endpoint, Fault.DROP_AFTER_ACCEPT)
        assert await rig.one_send() is State.UNCERTAIN
        await rig.look()
        assert rig.settled[-1].state is State.SENT
        rig.clock.advance(5)
        rig.faults.add(rig.endpoint, Fault.DROP_BEFORE_READ)
        assert await rig.publish("الخبر الثالث من مطار العاصمة") is State.UNCERTAIN
        await rig.look()
        assert await rig.one_send() is State.SENT
        assert len(rig.standing()) == 3


async def test_a_worker_that_knew_the_old_group_looks_where_the_group_is_now() -> None:
    """The old one can still be read, and shows nothing of what came after."""
    async with moving_rig() as (rig, telegram, two):
        await rig.publish("الخبر الأول من المدينة القديمة")
        await two.prepare(rig.settled[-1].post)
        telegram.migrate(OLD, NEW)
        await rig.publish("الخبر الثاني من الميناء الجديد")
        rig.clock.advance(5)
        assert await rig.one_send() is State.SENT
        rig.clock.advance(5)
        rig.faults.add(rig.endpoint, Fault.DROP_AFTER_ACCEPT)
        assert await rig.publish("الخبر الثالث من مطار العاصمة") is State.UNCERTAIN
        [doubted] = await rig.store.outbox.uncertain()
        assert isinstance(await two.find(doubted), Found)


async def test_without_a_desk_chat_uncertain_stays_uncertain_and_is_never_sent_again() -> None:
    """It is shown, and left to people."""
    async with telegram_rig(desk=None) as (rig, _):
        await rig.publish("الخبر الأول من المدينة القديمة")
        rig.faults.add(rig.endpoint, Fault.DROP_BEFORE_READ)
        await rig.publish("الخبر الثاني من الميناء الجديد")
        for _ in range(3):
            rig.clock.advance(120)
            await rig.reconciler.look()
        [still] = await rig.store.outbox.uncertain()
        assert "TELEGRAM_DESK" in still.why
        assert len(rig.standing()) == 1


@pytest.mark.parametrize("fault", [Fault.HTML_503, Fault.DROP_BEFORE_READ, Fault.OK_BUT_NOT_JSON])
async def test_a_look_that_fails_for_a_moment_is_taken_again_where_it_was_and_troubles_nobody(fault: Fault) -> None:
    """Each post that was already looked at costs the editors' group one of its twenty messages a minute."""
    async with telegram_rig() as (rig, telegram):
        await rig.publish("الخبر الأول من المدينة القديمة")
        strange = [telegram.say(EDITOR, f"كلام آخر {number}", CHANNEL_ID).post.message_id for number in range(3)]
        rig.faults.add(rig.endpoint, Fault.DROP_AFTER_ACCEPT)
        assert await rig.publish("الخبر الثاني من الميناء الجديد") is State.UNCERTAIN
        telegram.faults.add("forwardMessage", fault, skip=2)
        await rig.look()
        assert (len(await rig.store.outbox.uncertain()), rig.asked) == (1, [])
        rig.clock.advance(AGAIN_SECONDS)
        await rig.reconciler.look()
        assert (rig.settled[-1].state, rig.asked) == (State.SENT, [])
        looked_at = [int(call.parameters["message_id"]) for call in telegram.calls if call.method == "forwardMessage"]
        assert [looked_at.count(number) for number in strange[:2]] == [1, 1]


async def test_many_messages_behind_it_are_looked_through_look_by_look_each_once_for_all() -> None:
    """Two deliveries of unknown outcome, and a hundred and thirty messages of others since: nobody is troubled."""
    async with telegram_rig() as (rig, telegram):
        await rig.publish("الخبر الأول من المدينة القديمة")
        for title in ("الخبر الثاني من الميناء الجديد", "الخبر الثالث من مطار العاصمة"):
            rig.faults.add(rig.endpoint, Fault.DROP_BEFORE_READ)
            assert await rig.publish(title) is State.UNCERTAIN
        strange = [telegram.say(EDITOR, f"كلام آخر {number}", CHANNEL_ID).post.message_id for number in range(130)]
        await rig.look()
        assert (len(await rig.store.outbox.uncertain()), rig.asked) == (2, [])
        for _ in range(2):
            rig.clock.advance(GO_ON_SECONDS)
            await rig.reconciler.look()
        assert (await rig.store.outbox.uncertain(), rig.asked) == ((), [])
        looked_at = Counter(
            int(call.parameters["message_id"]) for call in telegram.calls if call.method == "forwardMessage"
        )
        assert {looked_at[number] for number in strange} == {1}
        assert await rig.one_send() is State.SENT


async def test_a_request_under_way_while_the_stores_clock_is_set_forward_is_looked_for_when_it_is_over() -> None:
    """Its lease is over by then, and the request is not: what is not found yet may still come."""
    async with telegram_rig() as (rig, _):
        await rig.publish("الخبر الأول من المدينة القديمة")
        await rig.reconciler.look()
        story = a_story(2, "الخبر الثاني من الميناء الجديد", met=rig.clock.now())
        await rig.store.outbox.admit([an_admission(story, rig.target)], 1)
        await rig.store.outbox.take(rig.target.id, "w1", LEASE_SECONDS)
        rig.clock.jump(LEASE_SECONDS)
        for _ in range(2):
            await rig.reconciler.look()
            assert [it.story for it in await rig.store.outbox.uncertain()] == [story.id]
            rig.clock.advance(LEASE_SECONDS / 2)
        await rig.reconciler.look()
        assert await rig.store.outbox.uncertain() == ()
        assert await rig.one_send() is State.SENT


async def test_x_refusing_identical_words_answers_an_attempt_whose_outcome_was_unknown() -> None:
    """The timeline did not show it yet; the refusal proves that it stands there."""
    async with x_rig() as (rig, x):
        await rig.publish("الخبر الأول من المدينة القديمة")
        rig.faults.add(rig.endpoint, Fault.DROP_AFTER_ACCEPT)
        await rig.publish("الخبر الثاني من الميناء الجديد")
        rig.faults.add("GET /2/users/{id}/tweets", Fault.HTML_503)
        await rig.look()
        assert len(await rig.store.outbox.uncertain()) == 1
        assert len(x.posts()) == 2


@asynccontextmanager
async def asked_desk() -> AsyncIterator[tuple[Rig, FakeTelegram, Doubts]]:
    """A channel that cannot be read back, and a desk that is asked."""
    async with (
        telegram_rig(desk=None) as (rig, telegram),
        open_bot(SecretStr(telegram.token), telegram.url) as bot,
    ):
        replies, voice, tokens = Replies("ar"), Voice(bot, rig.clock), rig.store.tokens
        asker = Asker(voice, Buttons(tokens, replies), tokens, rig.store.leases, desk=DESK, worker="w1")
        doubts = Doubts(asker, rig.store.outbox, rig.clock, replies)
        await rig.publish("الخبر الأول من المدينة القديمة")
        rig.faults.add(rig.endpoint, Fault.DROP_BEFORE_READ)
        await rig.publish("الخبر الثاني من الميناء الجديد")
        await rig.look()
        for _ in range(2):
            await doubts.ask(rig.asked[-1])
        yield rig, telegram, doubts


async def test_the_desk_is_asked_once_with_three_buttons() -> None:
    """Left alone, nothing is sent."""
    async with asked_desk() as (rig, telegram, _):
        [question] = telegram.posts(DESK)
        assert "الخبر الثاني" in question.text
        assert [button["text"] for button in question.buttons] == ["موجود", "أرسله ثانية", "اتركه"]
        assert len(rig.standing()) == 1
