"""The alarm in the desk's chat: one message a cause, changed in place, and never a storm."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

import pytest
from pydantic import SecretStr

from bot.commands.alarms import ALERT, FOLDED_SHOWN, GAP_SECONDS, KEPT, KEPT_SECONDS, NEW_A_MINUTE, DeskAlarm
from bot.commands.replies import Language, Replies
from bot.commands.voice import Voice
from newsroom.alert import Alert, Trouble
from newsroom.daybook import Notices
from newsroom.errors import StoreUnavailable
from newsroom.order import Notice
from publishing.telegram_bot import open_bot
from store.store import Store, memory_store
from tests.support.clock import ManualClock
from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_errors import Refusal

DESK = -1009999999999
PARKED = Alert(Trouble.PARKED, "telegram:@wasat", "The bot lacks the right to post there: kicked")


@dataclass
class Rig:
    """An alarm and the chat it speaks in."""

    telegram: FakeTelegram
    voice: Voice
    store: Store
    clock: ManualClock
    words: Replies

    def alarm(self, worker: str = "w1", notices: Notices | None = None) -> DeskAlarm:
        """That of one worker."""
        leases = self.store.leases
        memory = notices or self.store.notices
        return DeskAlarm(self.voice, memory, leases, self.clock, replies=self.words, desk=DESK, worker=worker)

    def said(self) -> list[str]:
        """What stands in the chat now."""
        return [post.text for post in self.telegram.posts(DESK) if not post.deleted]


@pytest.fixture
async def rig(language: Language) -> AsyncIterator[Rig]:
    """In each language."""
    clock = ManualClock()
    async with FakeTelegram() as telegram, open_bot(SecretStr(telegram.token), telegram.url) as bot:
        telegram.add_group(DESK, "التحرير")
        yield Rig(telegram, Voice(bot, clock), memory_store(clock), clock, Replies(language))
        telegram.assert_clean()


async def test_a_trouble_is_told_once_with_what_to_do(rig: Rig) -> None:
    """However often it is met."""
    alarm = rig.alarm()
    for _ in range(5):
        await alarm.tell(PARKED)
    assert rig.said() == [rig.words("alert_parked", about="@wasat", why=rig.words.why(PARKED.why))]
    assert "/resume" in rig.said()[0]


async def test_a_trouble_that_changes_changes_its_message(rig: Rig) -> None:
    """In place, and not more often than can be read."""
    alarm = rig.alarm()
    await alarm.tell(PARKED)
    await alarm.tell(Alert(PARKED.trouble, PARKED.about, "The topic is gone"))
    assert rig.words.why("The topic is gone") in rig.said()[0]
    await alarm.tell(PARKED)
    assert rig.words.why("The topic is gone") in rig.said()[0]
    rig.clock.advance(GAP_SECONDS)
    await alarm.tell(PARKED)
    assert len(rig.said()) == 1
    assert rig.words.why(PARKED.why) in rig.said()[0]


async def test_a_trouble_that_is_over_says_so_in_its_message_and_a_new_one_is_a_new_message(rig: Rig) -> None:
    """Nothing is said where nothing was."""
    alarm = rig.alarm()
    await alarm.over(PARKED.cause)
    assert rig.said() == []
    await alarm.tell(PARKED)
    await alarm.over(PARKED.cause)
    [told] = rig.said()
    assert told.startswith("✅")
    assert "@wasat" in told
    await alarm.tell(PARKED)
    assert len(rig.said()) == 2


async def test_after_a_restart_the_same_message_is_kept_true(rig: Rig) -> None:
    """And another worker that meets the same trouble tells it no second time."""
    await rig.alarm().tell(PARKED)
    await rig.alarm("w2").tell(PARKED)
    assert len(rig.said()) == 1
    await rig.alarm("w3").over(PARKED.cause)
    [told] = rig.said()
    assert told.startswith("✅")


async def test_many_troubles_at_once_are_folded_into_one_message(rig: Rig) -> None:
    """Which says how many there are, and names the first."""
    alarm = rig.alarm()
    for number in range(NEW_A_MINUTE + FOLDED_SHOWN + 5):
        rig.clock.advance(GAP_SECONDS / 20)
        await alarm.tell(Alert(Trouble.FEED_DOWN, f"https://{number}.example.com/feed/", "the site answered 500"))
    assert len(rig.said()) == NEW_A_MINUTE + 1
    rig.clock.advance(GAP_SECONDS)
    await alarm.tell(Alert(Trouble.FEED_DOWN, f"https://{NEW_A_MINUTE}.example.com/feed/", "the site answered 502"))
    folded = rig.said()[-1]
    assert folded.startswith(rig.words("alert_folded", count=FOLDED_SHOWN + 5))
    assert folded.count("\n") == FOLDED_SHOWN
    for number in range(NEW_A_MINUTE + FOLDED_SHOWN + 5):
        await alarm.over(f"feed_down:https://{number}.example.com/feed/")
    assert rig.said()[-1] == rig.words("alert_folded_over")


async def test_a_trouble_of_a_kind_without_words_is_shown_as_it_is(rig: Rig) -> None:
    """Nothing is hidden."""
    await rig.alarm().tell(Alert(cast("Trouble", "new_kind"), "something", "quite new"))
    assert rig.said() == [
        rig.words("alert_other", trouble="new_kind", about="something", why=rig.words.why("quite new"))
    ]


async def test_a_message_that_somebody_deleted_is_said_again(rig: Rig) -> None:
    """What is still the matter must stand there."""
    alarm = rig.alarm()
    await alarm.tell(PARKED)
    rig.telegram.posts(DESK)[0].deleted = True
    rig.clock.advance(GAP_SECONDS)
    await alarm.tell(Alert(PARKED.trouble, PARKED.about, "The topic is gone"))
    assert len(rig.said()) == 1
    assert rig.words.why("The topic is gone") in rig.said()[0]


async def test_alerts_that_nobody_ends_are_kept_for_a_week_and_not_without_number(rig: Rig) -> None:
    """A post that did not go out is never over; what other parts of the desk keep stays."""
    receipt = Notice("receipt:1", DESK, 1, "d", 0.0)
    await rig.store.notices.remember(receipt)
    alarm = rig.alarm()
    for number in range(3):
        await alarm.tell(Alert(Trouble.NOT_SENT, f"s{number}>telegram:@wasat", "an editor dropped it"))
    now = rig.clock.now().timestamp()
    for number in range(KEPT):
        await rig.store.notices.remember(Notice(f"{ALERT}old{number}", DESK, number + 10, "d", now))
    rig.clock.advance(60.0)
    await alarm.tell(PARKED)
    kept = await rig.store.notices.named(ALERT)
    assert len(kept) == KEPT
    assert f"{ALERT}{PARKED.cause}" in {notice.name for notice in kept}
    rig.clock.advance(KEPT_SECONDS)
    await alarm.tell(Alert(Trouble.NOT_SENT, "s9>telegram:@wasat", "an editor dropped it"))
    left = [notice.name for notice in await rig.store.notices.named(ALERT)]
    assert left == [f"{ALERT}not_sent:s9>telegram:@wasat", f"{ALERT}{PARKED.cause}"]
    assert await rig.store.notices.recall(receipt.name) == receipt


class NoNotices:
    """Implements `newsroom.daybook.Notices` over a store that is away."""

    async def recall(self, name: str) -> Notice | None:
        """Nothing can be read."""
        raise StoreUnavailable(name)

    async def remember(self, notice: Notice) -> None:
        """Nothing can be written."""
        raise StoreUnavailable(notice.name)

    async def forget(self, name: str) -> None:
        """Nothing can be written."""
        raise StoreUnavailable(name)

    async def named(self, start: str) -> tuple[Notice, ...]:
        """Nothing can be read."""
        raise StoreUnavailable(start)

    async def trim(self, start: str, before: float, most: int) -> None:
        """Nothing can be written."""
        raise StoreUnavailable(f"{start} {before} {most}")


async def test_a_part_that_breaks_is_named_in_the_desks_language(rig: Rig) -> None:
    """With what to do, and that the news goes on; not under the name that the code has for it."""
    await rig.alarm().tell(Alert(Trouble.BROKEN, "held", "A fault of ours (IndexError); the log has all of it."))
    [told] = rig.said()
    assert all(part in told for part in (rig.words.part("held"), "(IndexError)"))
    assert "كما ورد" not in told


async def test_without_a_store_an_alert_is_told_all_the_same_and_once(rig: Rig) -> None:
    """It may be the store that it is about."""
    alarm = rig.alarm(notices=NoNotices())
    for _ in range(3):
        await alarm.tell(PARKED)
    assert len(rig.said()) == 1
    await alarm.over(PARKED.cause)
    [told] = rig.said()
    assert told.startswith("✅")


@pytest.mark.parametrize("count", [1, 3, 11, 100])
async def test_a_post_that_did_not_go_out_is_told_with_headline_place_and_number(rig: Rig, count: int) -> None:
    """Never by the name that a delivery has in the store."""
    about = "ab12>telegram:@wasat"
    await rig.alarm().tell(Alert(Trouble.NOT_SENT, about, "an editor dropped it", "زلزال يضرب كريت", count))
    [said] = rig.said()
    assert "زلزال يضرب كريت (@wasat)" in said
    assert "ab12" not in said
    assert (str(count) in said) is (count > 1)


async def test_an_answer_that_telegram_turns_away_for_its_rate_is_said_when_the_wait_is_over(rig: Rig) -> None:
    """It was certainly not said, so it may be said again."""
    rig.telegram.refuse("sendMessage", Refusal(429, "Too Many Requests: retry after 3", {"retry_after": 3}))
    saying = asyncio.create_task(rig.voice.say(DESK, "كلمة"))
    await rig.clock.until_asleep()
    assert rig.said() == []
    rig.clock.advance(3)
    assert await saying
    assert rig.said() == ["كلمة"]
