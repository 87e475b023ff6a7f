"""The desk's questions about what waits: what they say, and what each button does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from pydantic import SecretStr

from bot.commands.editors import Editor
from bot.commands.held import GATHERING_SECONDS, HeldStories
from bot.commands.outcome import Outcome
from bot.commands.questions import Asker, Buttons
from bot.commands.replies import Replies
from bot.commands.voice import Voice
from newsroom.order import Form, Order
from newsroom.rules import Rules
from publishing.telegram_bot import open_bot
from tests.support.fake_telegram import TOKEN, FakeTelegram
from tests.support.telegram_posts import StoredPost
from tests.unit.test_gate import FEED, TITLES, Rig

DESK = -1009000000001
ALI = Editor(11, "editor", "Ali")


@dataclass(slots=True)
class Room:
    """A desk, its chat, and what asks there."""

    rig: Rig
    telegram: FakeTelegram
    buttons: Buttons
    held: HeldStories

    def asked(self) -> list[StoredPost]:
        """The questions."""
        return self.telegram.posts(DESK)

    async def press(self, post: StoredPost, label: str) -> Outcome:
        """What comes of the button with these words."""
        [button] = [button for button in post.buttons if label in button["text"]]
        choice = await self.buttons.choice_of(button["callback_data"])
        assert choice is not None
        order = Order(
            id="1", form=Form.PRESS, user=11, name="Ali", chat=DESK, reply_to=post.message_id, text="", at=0.0
        )
        return await self.held.kinds[choice.kind](choice, order, ALI)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A newsroom that posts all, and an editors' group."""
    rig = Rig(rules=Rules(post_ordinary=True))
    async with FakeTelegram() as telegram:
        telegram.add_user(11, "Ali")
        telegram.add_group(DESK, "غرفة التحرير", members=[11])
        async with open_bot(SecretStr(TOKEN), telegram.url) as bot:
            store, replies, voice = rig.store, Replies("ar"), Voice(bot, rig.clock)
            buttons = Buttons(store.tokens, replies)
            asker = Asker(voice, buttons, store.tokens, store.leases, desk=DESK, worker="w1")
            held = HeldStories(asker, store.batches, store.ledger, rig.desk, rig.clock, replies=replies)
            yield Room(rig, telegram, buttons, held)


async def backlog(room: Room) -> StoredPost:
    """Four late stories, and the question about them."""
    await room.rig.show(room.rig.entries(4, first=1, age=90), known=room.rig.entries(1, age=600))
    room.rig.clock.advance(GATHERING_SECONDS)
    await room.held.look()
    [question] = room.asked()
    return question


async def test_a_flood_is_told_with_its_feed_its_reason_and_its_newest(room: Room) -> None:
    """Asked once, however often it is looked."""
    known = room.rig.entries(10, age=90)
    await room.rig.desk.take_in(known, first_sight=True)
    await room.rig.show(room.rig.entries(10, age=90, guid="wasat-{}"), known=known)
    for _ in range(3):
        await room.held.look()
    [question] = room.asked()
    assert all(part in question.text for part in (FEED, "10", "guid", TITLES[9]))
    assert [button["text"] for button in question.buttons] == ["أحدث 3", "الكل", "لا شيء"]
    room.telegram.assert_clean()


async def test_a_backlog_is_asked_about_when_every_feed_had_its_turn(room: Room) -> None:
    """Not story by story as they come."""
    await room.rig.show(room.rig.entries(4, first=1, age=90), known=room.rig.entries(1, age=600))
    await room.held.look()
    assert room.asked() == []
    room.rig.clock.advance(GATHERING_SECONDS)
    await room.held.look()
    [question] = room.asked()
    assert [button["text"] for button in question.buttons] == ["الكل", "نختار منها", "لا شيء"]


async def test_the_desk_chooses_from_a_digest_story_by_story(room: Room) -> None:
    """One is posted, one is left; the rest waits for ever and harms nobody."""
    await room.press(await backlog(room), "نختار")
    singles = room.asked()[1:]
    assert [TITLES[number] in single.text for number, single in zip((1, 2, 3, 4), singles, strict=True)] == [True] * 4
    await room.press(singles[0], "انشره")
    await room.press(singles[1], "لا شيء")
    assert (await room.rig.planned(), await room.rig.waiting()) == (1, [])
    room.telegram.assert_clean()


async def test_an_answer_that_is_carried_out_twice_posts_once(room: Room) -> None:
    """A worker died between the posts and the word that it was done; the second time it is stale."""
    question = await backlog(room)
    first, second = await room.press(question, "الكل"), await room.press(question, "الكل")
    assert await room.rig.planned() == 4
    assert ("في الطريق" in first.told, second.what) == (True, "stale")


async def test_a_lookalike_goes_out_and_the_desk_is_told_of_both(room: Room) -> None:
    """With its reason in words; nothing waits for the answer."""
    known = room.rig.entries(2, first=6, age=5)
    await room.rig.show(known[:1], known=room.rig.entries(1, age=600))
    close = replace(known[1], title=TITLES[6] + " قرب المنيا")
    await room.rig.show([close], known=known[:1])
    await room.held.look()
    [told] = room.asked()
    assert await room.rig.planned() == 2
    assert all(title in told.text for title in (close.title, TITLES[6], "عنوان قريب"))
    await room.press(told, "اطّلعنا")
    assert await room.rig.waiting() == []
    room.telegram.assert_clean()


async def test_none_leaves_all_alone(room: Room) -> None:
    """And nothing is asked again."""
    outcome = await room.press(await backlog(room), "لا شيء")
    await room.held.look()
    assert (await room.rig.planned(), len(room.asked()), outcome.after) == (0, 1, "none")


async def test_a_story_that_waits_alone_is_posted_when_an_editor_says_so(room: Room) -> None:
    """A date in the future, looked at by a person."""
    await room.rig.show(room.rig.entries(1, first=1, age=-30), known=room.rig.entries(1, age=600))
    await room.held.look()
    [question] = room.asked()
    assert "تاريخه في المستقبل" in question.text
    await room.press(question, "انشره")
    assert await room.rig.planned() == 1
