"""The witness over real updates: what Telegram forwards into the discussion group, and what it says of the bot's rights."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr
from telegram import Bot, Update

from newsroom.delivery import Delivery, Lane, State, delivery_id
from newsroom.post import PostKind
from newsroom.receipt import Absent, Blind, Found, Sent
from newsroom.story import StoryId
from newsroom.target import Network, Target, TargetId
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from publishing.telegram_readback import MISSES
from publishing.telegram_witness import TelegramWitness
from store.store import Store, memory_store
from tests.support.clock import ManualClock
from tests.support.fake_telegram import OWNER, FakeTelegram
from tests.support.faults import Fault
from tests.support.platform_stage import CHANNEL, CHANNEL_ID, SOON, OnePicture, post_for, stranger
from tests.support.telegram_board import ServerWatch

GROUP, DESK = -1007777777777, -1009999999999
WORDS = "عاجل | وصول المساعدات إلى الميناء"
HEARD = [Update.MESSAGE, Update.MY_CHAT_MEMBER, Update.CHANNEL_POST]


@dataclass(slots=True)
class Rig:
    """A channel with its discussion group, and a witness that hears the bot's updates."""

    telegram: FakeTelegram
    bot: Bot
    store: Store
    channel: TelegramChannel
    witness: TelegramWitness
    clock: ManualClock
    woken: list[TargetId] = field(default_factory=list)
    offset: int = 0

    async def updates(self) -> list[Update]:
        """What the bot was not told yet."""
        found = list(await self.bot.get_updates(offset=self.offset, timeout=0, allowed_updates=HEARD))
        self.offset = max((update.update_id + 1 for update in found), default=self.offset)
        return found

    async def hear(self) -> None:
        """Let the witness hear all of it."""
        for update in await self.updates():
            await self.witness.on_message(update)
            await self.witness.on_standing(update)

    async def post(self, words: str = WORDS, kind: PostKind = PostKind.TEXT) -> int:
        """A post of ours; gives its number."""
        post = post_for(CHANNEL, kind, words)
        receipt = await self.channel.send(post, await self.channel.prepare(post), self.clock.monotonic() + 60)
        assert isinstance(receipt, Sent)
        return int(receipt.ids[0])

    def doubted(self, words: str = WORDS, base: int = 0) -> Delivery:
        """A delivery whose outcome nobody knows."""
        now = self.clock.now().timestamp()
        return Delivery(
            id=delivery_id(StoryId("s"), CHANNEL.id),
            story=StoryId("s"),
            post=post_for(CHANNEL, words=words),
            lane=Lane.BREAKING,
            admitted=now,
            due=now,
            expires=now + 600,
            state=State.UNCERTAIN,
            base=base,
        )


@asynccontextmanager
async def opened(desk: int | None = None) -> AsyncIterator[Rig]:
    """A discussion group in which the bot is an administrator; no desk unless a test names one."""
    # The fake dates its messages by its own time, which is the world's.
    clock = ManualClock(ServerWatch().now())
    store = memory_store(clock)
    async with FakeTelegram() as telegram:
        telegram.add_group(GROUP, "نقاش")
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "Wasat", linked_chat=GROUP)
        telegram.add_group(DESK, "التحرير")
        async with open_bot(SecretStr(telegram.token), telegram.url, read_seconds=SOON) as bot:
            woken: list[TargetId] = []
            witness = TelegramWitness([CHANNEL], store.sightings, store.switch, wake=woken.extend)
            channel = TelegramChannel(
                CHANNEL, bot, OnePicture(), store.uploads, clock, desk=desk, sightings=store.sightings
            )
            rig = Rig(telegram, bot, store, channel, witness, clock, woken)
            await rig.hear()
            yield rig
        telegram.assert_clean()


# --- what was seen ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [PostKind.TEXT, PostKind.PHOTO])
async def test_a_post_whose_answer_was_lost_is_found_by_its_automatic_forward_without_a_desk(kind: PostKind) -> None:
    """A text and a caption alike; no request is made for it."""
    async with opened() as rig:
        base = await rig.post("الخبر الأول")
        method = "sendMessage" if kind is PostKind.TEXT else "sendPhoto"
        rig.telegram.faults.add(method, Fault.DROP_AFTER_ACCEPT)
        post = post_for(CHANNEL, kind, WORDS)
        await rig.channel.send(post, await rig.channel.prepare(post), rig.clock.monotonic() + 60)
        await rig.hear()
        calls = len(rig.telegram.calls)
        found = await rig.channel.find(rig.doubted(base=base))
        assert found == Found((str(base + 1),), f"https://t.me/wasat/{base + 1}")
        assert len(rig.telegram.calls) == calls


async def test_what_was_not_seen_is_looked_for_by_the_probe_and_without_a_desk_by_nobody() -> None:
    """Updates are lost: absence in the discussion group proves nothing."""
    async with opened() as rig:
        base = await rig.post("الخبر الأول")
        await rig.hear()
        assert isinstance(await rig.channel.find(rig.doubted(base=base)), Blind)
    async with opened(DESK) as rig:
        base = await rig.post("الخبر الأول")
        await rig.hear()
        assert await rig.channel.find(rig.doubted(base=base)) == Absent()
        await rig.post()
        found = await rig.channel.find(rig.doubted(base=base))
        assert isinstance(found, Found)
        assert found.ids == (str(base + 1),)


async def test_in_a_channel_that_restricts_saving_what_was_not_seen_is_never_taken_for_absent() -> None:
    """Nothing can be forwarded from there: a number is taken, and only the discussion group could tell by what."""
    async with opened(DESK) as rig:
        base = await rig.post("الخبر الأول")
        rig.telegram.chat(CHANNEL_ID).linked = None
        rig.telegram.chat(CHANNEL_ID).restricts_saving = True
        await rig.post()
        for _ in range(2):  # The second look begins behind what the first came to.
            found = await rig.channel.find(rig.doubted(base=base))
            assert isinstance(found, Blind)
            assert "cannot be looked into" in found.why


async def test_a_note_of_telegrams_own_that_nobody_saw_is_not_told_from_a_post_that_is_not_shown() -> None:
    """The words that refuse it do not say which it is."""
    async with opened(DESK) as rig:
        base = await rig.post("الخبر الأول")
        rig.telegram.note(CHANNEL_ID)
        assert isinstance(await rig.channel.find(rig.doubted(base=base)), Blind)
        await rig.post()
        assert isinstance(await rig.channel.find(rig.doubted(base=base)), Found)


async def test_what_was_seen_of_others_need_not_be_looked_into() -> None:
    """By its number: it is not ours, whatever it says."""
    async with opened(DESK) as rig:
        base = await rig.post("الخبر الأول")
        rig.telegram.chat(CHANNEL_ID).restricts_saving = True
        rig.telegram.say(OWNER.id, "خبر بيد محرر", CHANNEL_ID)
        await rig.hear()
        assert await rig.channel.find(rig.doubted(base=base)) == Absent()


async def test_our_own_words_that_were_seen_before_it_was_admitted_are_nobody_elses() -> None:
    """Our clock is minutes ahead, and the channel restricts saving content: it is not found, and not absent."""
    async with opened(DESK) as rig:
        base = await rig.post("الخبر الأول")
        rig.telegram.chat(CHANNEL_ID).restricts_saving = True
        await rig.post()
        await rig.hear()
        ahead = replace(rig.doubted(base=base), admitted=rig.clock.now().timestamp() + 300)
        assert isinstance(await rig.channel.find(ahead), Blind)


async def test_a_refusal_that_no_store_takes_is_quoted_in_words_that_one_takes() -> None:
    """Half a surrogate pair in the answer to a look."""
    body = b'{"ok":false,"error_code":400,"description":"Bad Request: \\ud83d"}'
    async with opened(DESK) as rig, stranger(body, 400) as somebody:
        async with open_bot(SecretStr(rig.telegram.token), somebody.url) as bot:
            channel = TelegramChannel(CHANNEL, bot, OnePicture(), rig.store.uploads, rig.clock, desk=DESK)
            found = await channel.find(rig.doubted(base=1))
        assert isinstance(found, Blind)
        assert found.why.encode().decode().endswith("?")


async def test_the_same_words_of_an_earlier_story_are_not_taken_for_this_one() -> None:
    """Neither by number nor, where no number is known, by date."""
    async with opened() as rig:
        number = await rig.post()
        await rig.hear()
        assert isinstance(await rig.channel.find(rig.doubted(base=number)), Blind)
        later = replace(rig.doubted(), admitted=rig.clock.now().timestamp() + 3600)
        assert isinstance(await rig.channel.find(later), Blind)


@pytest.mark.parametrize("discussion", [GROUP, None])
async def test_a_number_that_was_seen_tells_the_probe_where_to_begin(discussion: int | None) -> None:
    """The first post of ours in a channel in which people post, with a discussion group or without."""
    async with opened(DESK) as rig:
        rig.telegram.chat(CHANNEL_ID).linked = discussion
        for number in range(70):
            rig.telegram.say(OWNER.id, f"خبر قديم {number}", CHANNEL_ID)
        await rig.hear()
        first = replace(rig.doubted(), admitted=rig.clock.now().timestamp() + 3600)
        assert await rig.channel.find(first) == Absent()


async def test_what_came_after_our_post_is_no_place_to_begin_though_our_clock_is_minutes_ahead() -> None:
    """Its number is higher than ours, so ours would be taken for absent and sent again."""
    async with opened(DESK) as rig:
        rig.telegram.chat(CHANNEL_ID).linked = None
        rig.telegram.say(OWNER.id, "خبر قديم", CHANNEL_ID)
        number = await rig.post()
        rig.telegram.say(OWNER.id, "خبر بعده", CHANNEL_ID)
        await rig.hear()
        ahead = replace(rig.doubted(), admitted=rig.clock.now().timestamp() + 300)
        found = await rig.channel.find(ahead)
        assert isinstance(found, Found)
        assert found.ids == (str(number),)


async def test_of_a_channel_of_which_no_number_is_known_absence_is_never_concluded() -> None:
    """Its first numbers may be gone, and a thousand stand behind them: what was sent twice cannot be taken back."""
    async with opened(DESK) as rig:
        for number in range(MISSES + 2):
            rig.telegram.say(OWNER.id, f"خبر قديم {number}", CHANNEL_ID)
        for post in rig.telegram.posts(CHANNEL_ID, everyone=True)[1 : MISSES + 1]:
            post.deleted = True
        await rig.post()
        found = await rig.channel.find(rig.doubted("كلمات أخرى"))
        assert isinstance(found, Blind)


@pytest.mark.parametrize("discussion", [GROUP, None])
async def test_the_same_words_by_a_persons_hand_are_not_taken_for_our_post(discussion: int | None) -> None:
    """What others post is no post of ours, so it is never edited as one; the channel itself tells it apart."""
    async with opened() as rig:
        rig.telegram.chat(CHANNEL_ID).linked = discussion
        rig.telegram.say(OWNER.id, WORDS, CHANNEL_ID)
        await rig.hear()
        assert "" in {one.words for one in await rig.store.sightings.after(CHANNEL.id, 0)}
        assert isinstance(await rig.channel.find(rig.doubted()), Blind)


# --- what is no sighting ----------------------------------------------------------------------------------------------


def _forwarded_by_hand(message: dict[str, Any]) -> None:
    del message["is_automatic_forward"]


def _from_a_member(message: dict[str, Any]) -> None:
    message["from"] = OWNER.shown()


def _in_the_name_of_another(message: dict[str, Any]) -> None:
    message["sender_chat"] = message["sender_chat"] | {"id": -1005555555555}


def _of_another_channel(message: dict[str, Any]) -> None:
    message["forward_origin"]["chat"] = message["sender_chat"] = {"id": -1005555555555, "type": "channel", "title": "و"}


def _of_a_person(message: dict[str, Any]) -> None:
    message["forward_origin"] = {"type": "user", "date": message["date"], "sender_user": OWNER.shown()}


@pytest.mark.parametrize(
    "forge", [_forwarded_by_hand, _from_a_member, _in_the_name_of_another, _of_another_channel, _of_a_person]
)
async def test_a_forged_forward_is_no_sighting(forge: Callable[[dict[str, Any]], None]) -> None:
    """Members forward what they like; only Telegram's own forward of a channel of ours counts."""
    async with opened() as rig:
        await rig.post()
        [update] = await rig.updates()
        told = update.to_dict()
        await rig.witness.on_message(Update.de_json(told, rig.bot))
        assert len(await rig.store.sightings.after(CHANNEL.id, 0)) == 1
        forged = Update.de_json(told, rig.bot).to_dict()
        forged["message"]["forward_origin"]["message_id"] = 999
        forge(forged["message"])
        await rig.witness.on_message(Update.de_json(forged, rig.bot))
        assert len(await rig.store.sightings.after(CHANNEL.id, 0)) == 1


# --- rights -----------------------------------------------------------------------------------------------------------


async def test_a_bot_that_loses_its_right_to_post_parks_the_channel_and_regaining_it_wakes_the_lane() -> None:
    """Before a single post was refused; nothing is lost meanwhile."""
    async with opened() as rig:
        rig.telegram.demote(CHANNEL_ID, "can_post_messages")
        await rig.hear()
        assert list(await rig.store.switch.parked()) == [CHANNEL.id]
        rig.telegram.promote(CHANNEL_ID)
        await rig.hear()
        assert await rig.store.switch.parked() == {}
        assert rig.woken[-1] == CHANNEL.id


@pytest.mark.parametrize("end", [FakeTelegram.kick, FakeTelegram.leave])
async def test_a_bot_that_was_removed_parks_the_channel(end: Callable[[FakeTelegram, int], object]) -> None:
    """Kicked or taken out."""
    async with opened() as rig:
        end(rig.telegram, CHANNEL_ID)
        await rig.hear()
        assert "out of the chat" in (await rig.store.switch.parked())[CHANNEL.id]


async def test_losing_another_right_parks_nothing() -> None:
    """Posts go out without it."""
    async with opened() as rig:
        rig.telegram.demote(CHANNEL_ID, "can_delete_messages")
        await rig.hear()
        assert await rig.store.switch.parked() == {}


async def test_rights_in_other_chats_say_nothing_of_ours() -> None:
    """The discussion group is no target."""
    async with opened() as rig:
        rig.telegram.kick(GROUP)
        await rig.hear()
        assert await rig.store.switch.parked() == {}


async def test_a_group_that_is_a_target_takes_posts_from_a_member_who_may_write() -> None:
    """There the bot need be no administrator."""
    async with opened() as rig:
        group = Target(Network.TELEGRAM, str(GROUP))
        witness = TelegramWitness([group], rig.store.sightings, rig.store.switch, wake=rig.woken.extend)
        seen = []
        silence = partial(rig.telegram.demote, GROUP, "can_send_messages")
        for change in (silence, partial(rig.telegram.promote, GROUP), partial(rig.telegram.demote, GROUP)):
            change()
            for update in await rig.updates():
                await witness.on_standing(update)
            seen.append(bool(await rig.store.switch.parked()))
        assert seen == [True, False, False]
