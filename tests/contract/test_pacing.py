"""Rates and patience, inside the claim: one suite over the memory twin, the embedded Valkey and Debian's Redis.

Limits are scaled down where a real server must live through them; the twin lives through whole hours.
"""

import asyncio
from datetime import timedelta
from itertools import pairwise

from newsroom.admission import Wait
from newsroom.delivery import Delivery, Lane
from newsroom.purse import Budget, Spent
from newsroom.rate import ALARM_SECONDS, Limits, Quota, Spacing, network_limits
from newsroom.receipt import Later, Sent
from newsroom.target import Network, Target
from store.store import memory_store
from store.terms import Terms
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission
from tests.support.pacing_rig import OTHER_CHANNEL, PLAIN, Alerts, Opener, Rig, on_x

# --- rates ----------------------------------------------------------------------------------------------------------


async def test_sixty_stories_exhaust_a_channel_and_the_breaking_one_behind_them_is_next(opened: Opener) -> None:
    """Ordinary posts leave a part of the minute, so breaking goes at once and not when the minute is over."""
    rig = opened(Terms(Limits(chat=(Quota(18, 60.0, kept=3),))))
    await rig.admit(range(1, 61), CHANNEL)
    gone, wait = await rig.post_until_told_to_wait(CHANNEL)
    assert len(gone) == 15
    assert (wait.why, 55 < (wait.seconds or 0) <= 60) == ("the channel's rate on Telegram", True)
    await rig.admit([61], CHANNEL, lane=Lane.BREAKING)
    assert (await rig.post(CHANNEL)).story == a_story(61).id
    assert isinstance(await rig.next(CHANNEL), Wait)


async def test_breaking_follows_an_ordinary_post_without_the_second_between_them(opened: Opener) -> None:
    """The burst is kept for it; ordinary posts stay apart."""
    rig = opened(Terms(Limits(chat=(Spacing(30.0, burst=2, kept=1),))))
    await rig.admit([1, 2], CHANNEL)
    await rig.post(CHANNEL)
    assert isinstance(await rig.next(CHANNEL), Wait)
    await rig.admit([3, 4], CHANNEL, lane=Lane.BREAKING)
    await rig.post(CHANNEL)
    wait = await rig.next(CHANNEL)
    assert isinstance(wait, Wait)
    assert 29 < (wait.seconds or 0) <= 30


async def work(rig: Rig, worker: str, wanted: int, gone: list[Delivery]) -> None:
    """One worker's lane, until as many went as are wanted by all."""
    while len(gone) < wanted:
        taken = await rig.next(CHANNEL, worker)
        if isinstance(taken, Delivery):
            gone.append(taken)
            await rig.settle(taken, Sent(("1",)))
        else:
            # Another worker's claim is over in a moment, whatever its lease says.
            await rig.live(0.001 if taken.why == "in flight" else taken.seconds or 0.001)


async def test_the_rates_hold_over_two_workers_at_once(opened: Opener) -> None:
    """Neither the spacing nor the count of any stretch is broken by the store's own clock, and nothing goes twice."""
    spacing, quota = Spacing(0.02), Quota(6, 0.3)
    rig = opened(Terms(Limits(chat=(spacing, quota))))
    await rig.admit(range(1, 16), CHANNEL)
    gone: list[Delivery] = []
    async with asyncio.timeout(20):
        await asyncio.gather(*(work(rig, worker, 15, gone) for worker in ("w1", "w2")))
    times = sorted(delivery.settled for delivery in gone)
    assert len({delivery.id for delivery in gone}) == len(gone) == 15
    assert min(later - sooner for sooner, later in pairwise(times)) > spacing.every - 1e-5
    assert min(later - sooner for sooner, later in zip(times, times[quota.most :], strict=False)) > quota.seconds - 1e-5


async def test_a_bots_rate_is_shared_by_its_channels_and_no_account_waits_for_it(opened: Opener) -> None:
    """Two channels use it up; the third post waits, on whichever channel."""
    rig = opened(Terms(Limits(bot=(Spacing(60.0, burst=2),), bot_name="bot:ab12")))
    await rig.admit([1, 2], CHANNEL, OTHER_CHANNEL, ACCOUNT)
    await rig.post(CHANNEL)
    await rig.post(OTHER_CHANNEL)
    for channel in (CHANNEL, OTHER_CHANNEL):
        wait = await rig.next(channel)
        assert isinstance(wait, Wait)
        assert wait.why == "the bot's rate on Telegram"
    await rig.post(ACCOUNT)


async def test_ordinary_posts_leave_the_last_of_an_accounts_quota_to_breaking(opened: Opener) -> None:
    """X counts a quarter of an hour; what is kept is there when it is wanted, and then nothing is."""
    rig = opened(Terms(Limits(account=(Quota(10, 900.0, kept=4),))))
    await rig.admit(range(1, 21), ACCOUNT)
    ordinary, _ = await rig.post_until_told_to_wait(ACCOUNT)
    await rig.admit(range(21, 41), ACCOUNT, lane=Lane.BREAKING)
    breaking, wait = await rig.post_until_told_to_wait(ACCOUNT)
    assert (len(ordinary), len(breaking), wait.why) == (6, 4, "the account's rate on X")


async def test_a_look_uses_up_no_rate_and_no_money(opened: Opener) -> None:
    """Peek tells what take would, as often as it is asked."""
    rig = opened(Terms(Limits(account=(Spacing(60.0),)), budget=Budget(day=PLAIN)))
    await rig.admit_posts(a_story(1, met=rig.now()), on_x(a_story(1)), lane=Lane.BREAKING)
    for _ in range(3):
        assert isinstance(await rig.store.outbox.look(ACCOUNT.id), Delivery)
    assert await rig.store.ledger.spent() == Spent()
    assert isinstance(await rig.next(ACCOUNT), Delivery)


async def test_an_hour_of_telegram_never_breaks_its_limits_and_uses_them() -> None:
    """The real limits on the twin: no second with two ordinary posts, no minute with more than eighteen."""
    clock = ManualClock()
    rig = Rig(memory_store(clock, Terms(network_limits("bot:ab12"))), clock)
    stories = [a_story(number, met=clock.now()) for number in range(1, 1201)]
    asked = [an_admission(story, CHANNEL, lane=Lane.ORDINARY, fresh_for=timedelta(hours=9)) for story in stories]
    await rig.store.outbox.admit(asked, 0)
    gone: list[Delivery] = []
    end = clock.now() + timedelta(hours=1)
    while clock.now() < end:
        more, wait = await rig.post_until_told_to_wait(CHANNEL)
        gone += more
        await rig.live(wait.seconds or 0)
    times = [delivery.settled for delivery in gone]
    assert min(later - sooner for sooner, later in pairwise(times)) > 1.0
    assert min(later - sooner for sooner, later in zip(times, times[18:], strict=False)) > 60.0
    assert 15 * 60 - 15 <= len(gone) <= 15 * 60 + 15


# --- patience -------------------------------------------------------------------------------------------------------


async def test_the_same_flood_wait_on_two_channels_holds_all_channels_of_the_bot(opened: Opener) -> None:
    """It is the bot's own then; X does not wait for Telegram."""
    third = Target(Network.TELEGRAM, "@third")
    rig = opened(Terms(Limits(bot_name="bot:ab12")))
    await rig.admit([1], CHANNEL, OTHER_CHANNEL, third, ACCOUNT)
    await rig.post(CHANNEL, Later(37, "flood"))
    assert isinstance(await rig.store.outbox.look(third.id), Delivery)
    await rig.post(OTHER_CHANNEL, Later(36, "flood"))
    wait = await rig.next(third)
    assert isinstance(wait, Wait)
    assert 35 < (wait.seconds or 0) <= 36
    await rig.post(ACCOUNT)


async def test_different_flood_waits_hold_their_own_channels_alone(opened: Opener) -> None:
    """Each chat has a limit of its own."""
    third = Target(Network.TELEGRAM, "@third")
    rig = opened(Terms(Limits(bot_name="bot:ab12")))
    await rig.admit([1], CHANNEL, OTHER_CHANNEL, third)
    await rig.post(CHANNEL, Later(37, "flood"))
    await rig.post(OTHER_CHANNEL, Later(3, "flood"))
    await rig.post(third)


async def test_one_channel_that_asks_twice_for_patience_holds_no_other(opened: Opener) -> None:
    """The same wait, within the same second, and still its own."""
    rig = opened(Terms(Limits(bot_name="bot:ab12")))
    await rig.admit([1], CHANNEL, OTHER_CHANNEL)
    for _ in range(2):
        await rig.post(CHANNEL, Later(0.1, "flood"))
        assert isinstance(await rig.store.outbox.look(OTHER_CHANNEL.id), Delivery)
        await rig.live(0.12)
    await rig.post(OTHER_CHANNEL)


async def test_an_empty_account_is_left_alone_for_an_hour_although_its_story_is_no_longer_news_then(
    opened: Opener, alerts: Alerts
) -> None:
    """402: one alarm, no second knock, and Telegram goes on."""
    rig = opened(Terms())
    await rig.admit([1, 2], ACCOUNT, CHANNEL, lane=Lane.BREAKING)
    await rig.post(ACCOUNT, Later(3600, "X wants credits"))
    wait = await rig.next(ACCOUNT)
    assert isinstance(wait, Wait)
    assert 3590 < (wait.seconds or 0) <= 3600
    assert len(alerts()) == 1
    assert "X wants credits" in alerts()[0]
    await rig.post(CHANNEL)


async def test_an_alarm_is_raised_once_until_a_post_stands_there_again(opened: Opener, alerts: Alerts) -> None:
    """Each story that knocks at a shut door is quiet; the next time that it shuts is told again."""
    rig = opened(Terms())
    shut = Later(ALARM_SECONDS, "flood")
    await rig.admit(range(1, 5), CHANNEL)
    told = []
    for receipt in (shut, shut, Sent(("1",)), shut):
        await rig.post(CHANNEL, receipt)
        rig.end_patience()
        told.append(len(alerts()))
    assert told == [1, 1, 1, 2]
