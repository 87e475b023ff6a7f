"""Pacing and the purse of X, inside the claim: one suite over the memory twin, the embedded Valkey and Debian's Redis.

Limits are scaled down where a real server must live through them; the twin lives through whole hours.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from newsroom.delivery import Delivery, Lane, State, next_step, read_back
from newsroom.ports import Wait
from newsroom.post import Post, PostKind
from newsroom.purse import OVER_DAY, OVER_MONTH, SAID_ALREADY, Budget, Prices, Spent
from newsroom.rate import ALARM_SECONDS, Limits, Quota, Spacing, network_limits
from newsroom.receipt import Absent, Later, NextMove, Receipt, Refused, Sent, Unknown
from newsroom.story import Story
from newsroom.target import Network, Target
from store.keys import ROOT, key
from store.scripts import script
from store.server import connect
from store.store import Store, memory_store, redis_store
from store.terms import Terms
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story, an_admission
from tests.support.store_server import StoreServer

OTHER_CHANNEL = Target(Network.TELEGRAM, "@sharq")
OTHER_ACCOUNT = Target(Network.X, "second")
LINK, PLAIN, ALT = Prices().link, Prices().post, Prices().alt


@dataclass(frozen=True, slots=True)
class Rig:
    """A store on given terms, with a way to let time pass for it."""

    store: Store
    clock: ManualClock | None
    server: StoreServer | None = None

    def now(self) -> datetime:
        """The store's own time."""
        return self.clock.now() if self.clock else datetime.now(UTC)  # noqa: TID251 - a real server has a real clock

    async def live(self, seconds: float) -> None:
        """Let that much time pass: of the clock, or of a scaled limit on a real server."""
        if self.clock:
            self.clock.advance(seconds)
        else:
            assert seconds <= 1, "limits are scaled down for a real server"
            await asyncio.sleep(seconds)

    def end_patience(self) -> None:
        """The platform's long wait for the channel is over."""
        if self.clock:
            self.clock.advance(ALARM_SECONDS)
        if self.server:
            with self.server.client() as redis:
                redis.delete(key("cool", CHANNEL.id))

    async def admit(self, numbers: Sequence[int], *targets: Target, lane: Lane = Lane.ORDINARY) -> None:
        """Stories of these numbers, each with a post for each target."""
        stories = [a_story(number, met=self.now() - timedelta(seconds=1)) for number in numbers]
        version = (await self.store.outbox.recent(0)).version
        await self.store.outbox.admit([an_admission(story, *targets, lane=lane) for story in stories], version)

    async def admit_posts(self, story: Story, *posts: Post, lane: Lane = Lane.ORDINARY) -> None:
        """One story with these very posts."""
        version = (await self.store.outbox.recent(0)).version
        await self.store.outbox.admit([replace(an_admission(story, lane=lane), posts=posts)], version)

    async def next(self, target: Target, worker: str = "w1") -> Delivery | Wait:
        """What a take answers."""
        return await self.store.outbox.take(target.id, worker, 60.0)

    async def settle(self, delivery: Delivery, receipt: Receipt) -> None:
        """Write down what a platform answered."""
        await self.store.outbox.settle(next_step(delivery, receipt, self.now().timestamp()))

    async def post(self, target: Target, receipt: Receipt | None = None) -> Delivery:
        """Take what is next, which must be there, and settle it: sent, unless told otherwise."""
        taken = await self.next(target)
        assert isinstance(taken, Delivery), taken
        await self.settle(taken, receipt or Sent(("1",)))
        return taken

    async def post_until_told_to_wait(self, target: Target) -> tuple[list[Delivery], Wait]:
        """As many as go now."""
        gone: list[Delivery] = []
        while isinstance(taken := await self.next(target), Delivery):
            await self.settle(taken, Sent(("1",)))
            gone.append(taken)
        return gone, taken

    async def failed(self) -> dict[str, str]:
        """Why, for each delivery that was refused or expired."""
        return {delivery.id: delivery.why for delivery in await self.store.ledger.unsettled(100)}


Opener = Callable[[Terms], Rig]


@pytest.fixture(params=["memory", "valkey", "debian_redis"])
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Opener]:
    """Opens each kind of store, empty, on the terms that a test asks for."""
    if request.param == "memory":
        clock = ManualClock()
        yield lambda terms: Rig(memory_store(clock, terms), clock)
        return
    running: StoreServer = request.getfixturevalue(request.param)
    running.wipe()
    async with connect(running.url) as server:
        yield lambda terms: Rig(redis_store(server, terms), None, running)


@pytest.fixture
def alerts(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """The alarms that were raised so far."""
    with caplog.at_level("INFO"):
        yield lambda: [line.getMessage() for line in caplog.records if getattr(line, "action", "") == "alert"]


def on_x(story: Story, target: Target = ACCOUNT, *, link: str = "", kind: PostKind = PostKind.TEXT) -> Post:
    """A post for an account, without a link unless one is given."""
    return replace(a_post(story, target, kind), link=link, alt=story.headline)


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
        assert isinstance(await rig.store.outbox.peek(ACCOUNT.id), Delivery)
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
    assert isinstance(await rig.store.outbox.peek(third.id), Delivery)
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


async def test_an_empty_account_is_left_alone_for_an_hour_although_its_story_is_no_longer_news_then(
    opened: Opener, alerts: Callable[[], list[str]]
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


async def test_an_alarm_is_raised_once_until_a_post_stands_there_again(
    opened: Opener, alerts: Callable[[], list[str]]
) -> None:
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


# --- the purse ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("receipt", "spent"),
    [
        (Sent(("1",)), LINK + ALT),
        (Unknown("no answer"), LINK + ALT),
        (Later(5, "no connection"), ALT),
        (Refused("403"), ALT),
        (Refused("the picture", NextMove.STEP_DOWN), ALT),
        (Refused("keys", NextMove.PARK), ALT),
    ],
)
async def test_money_is_set_aside_with_the_claim_and_returned_when_nothing_was_carried_out(
    opened: Opener, receipt: Receipt, spent: int
) -> None:
    """The picture's words were paid for before, whatever became of the post."""
    rig = opened(Terms())
    story = a_story(1, met=rig.now())
    await rig.admit_posts(story, on_x(story, link=story.link, kind=PostKind.PHOTO))
    taken = await rig.next(ACCOUNT)
    assert isinstance(taken, Delivery)
    assert await rig.store.ledger.spent() == Spent(LINK + ALT, LINK + ALT)
    await rig.settle(taken, receipt)
    assert await rig.store.ledger.spent() == Spent(spent, spent)


async def test_a_pictures_words_are_paid_for_once_however_often_the_post_is_tried(opened: Opener) -> None:
    """X holds the picture with its words."""
    rig = opened(Terms())
    story = a_story(1, met=rig.now())
    await rig.admit_posts(story, on_x(story, kind=PostKind.CARD))
    await rig.post(ACCOUNT, Later(0.01, "no connection"))
    await rig.live(0.05)
    await rig.post(ACCOUNT)
    assert (await rig.store.ledger.spent()).month == PLAIN + ALT


async def test_money_of_an_attempt_that_was_read_back_as_absent_is_counted_once(opened: Opener) -> None:
    """What was not carried out was not billed; the second attempt pays for itself."""
    rig = opened(Terms())
    story = a_story(1, met=rig.now())
    await rig.admit_posts(story, on_x(story))
    await rig.post(ACCOUNT, Unknown("no answer"))
    [doubtful] = await rig.store.outbox.uncertain()
    await rig.store.outbox.resolve(read_back(doubtful, Absent(), rig.now().timestamp()))
    await rig.post(ACCOUNT)
    assert (await rig.store.ledger.spent()).month == PLAIN


async def test_posts_on_telegram_cost_nothing(opened: Opener) -> None:
    """Nor does an empty purse hold them."""
    rig = opened(Terms(budget=Budget(day=0, month=0)))
    await rig.admit([1], CHANNEL)
    await rig.post(CHANNEL)
    assert await rig.store.ledger.spent() == Spent()


async def test_ordinary_posts_over_the_days_budget_are_refused_and_breaking_uses_its_share(
    opened: Opener, alerts: Callable[[], list[str]]
) -> None:
    """Seven of ten are ordinary's, three are breaking's, and then all is spent. Each side is told once."""
    rig = opened(Terms(budget=Budget(day=10 * PLAIN, breaking=0.3)))
    for number in range(1, 10):
        await rig.admit_posts(a_story(number, met=rig.now()), on_x(a_story(number)))
    for _ in range(7):
        await rig.post(ACCOUNT)
    assert [await rig.next(ACCOUNT) for _ in range(3)] == [
        Wait(0.0, OVER_DAY),
        Wait(0.0, OVER_DAY),
        Wait(None, "empty"),
    ]
    assert len(alerts()) == 1
    for number in range(11, 15):
        await rig.admit_posts(a_story(number, met=rig.now()), on_x(a_story(number)), lane=Lane.BREAKING)
    for _ in range(3):
        await rig.post(ACCOUNT)
    assert await rig.next(ACCOUNT) == Wait(0.0, OVER_DAY)
    assert len(alerts()) == 2
    assert await rig.store.ledger.spent() == Spent(10 * PLAIN, 10 * PLAIN)
    assert await rig.failed() == {f"{a_story(number).id}>{ACCOUNT.id}": OVER_DAY for number in (8, 9, 14)}


async def test_the_months_budget_refuses_too(opened: Opener) -> None:
    """A post that the day affords and the month does not."""
    rig = opened(Terms(budget=Budget(day=10 * LINK, month=2 * LINK - 1)))
    for number in (1, 2):
        story = a_story(number, met=rig.now())
        await rig.admit_posts(story, on_x(story, link=story.link), lane=Lane.BREAKING)
    await rig.post(ACCOUNT)
    assert await rig.next(ACCOUNT) == Wait(0.0, OVER_MONTH)


async def test_a_new_day_has_a_new_budget_and_the_month_goes_on() -> None:
    """Midnight is UTC's."""
    clock = ManualClock(datetime(2026, 11, 29, 23, 59, 50, tzinfo=UTC))
    rig = Rig(memory_store(clock, Terms(budget=Budget(day=PLAIN, month=2 * PLAIN, breaking=0))), clock)
    answers: list[str] = []
    for number, seconds in enumerate([0, 20, 86_400, 0], 1):
        story = a_story(number, met=clock.now())
        await rig.admit_posts(story, on_x(story))
        taken = await rig.next(ACCOUNT)
        if isinstance(taken, Delivery):
            await rig.settle(taken, Sent(("1",)))
        answers.append(taken.why)
        await rig.live(seconds)
    assert answers == ["", OVER_DAY, "", ""]
    assert await rig.store.ledger.spent() == Spent(PLAIN, PLAIN)


async def test_two_workers_on_two_accounts_cannot_spend_the_same_money(opened: Opener) -> None:
    """Both ask at once for what is enough for one."""
    rig = opened(Terms(budget=Budget(month=LINK)))
    for number, account in enumerate((ACCOUNT, OTHER_ACCOUNT), 1):
        story = a_story(number, met=rig.now())
        await rig.admit_posts(story, on_x(story, account, link=story.link), lane=Lane.BREAKING)
    answers = await asyncio.gather(rig.next(ACCOUNT, "w1"), rig.next(OTHER_ACCOUNT, "w2"))
    assert sorted(isinstance(answer, Delivery) for answer in answers) == [False, True]
    assert (await rig.store.ledger.spent()).month == LINK


@pytest.mark.parametrize("seed", range(4))
async def test_the_twin_and_the_server_decide_alike_and_never_pass_the_cap(valkey: StoreServer, seed: int) -> None:
    """The same sixty stories and answers, by chance: the same claims, refusals and books, step by step."""
    valkey.wipe()
    budget = Budget(day=12 * LINK, month=10 * LINK, breaking=0.25)
    clock = ManualClock(datetime.now(UTC))  # noqa: TID251 - both must see the same day
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(connect(valkey.url))
        terms = Terms(budget=budget)
        rigs = [Rig(redis_store(server, terms), None), Rig(memory_store(clock, terms), clock)]
        chance = random.Random(seed)  # noqa: S311 - a repeatable walk, no secret
        for number in range(1, 61):
            story = a_story(number, met=clock.now())
            post = on_x(story, link=chance.choice([story.link, ""]), kind=chance.choice([*PostKind]))
            lane = chance.choice([*Lane])
            receipt: Receipt = chance.choice(
                [Sent(("1",)), Unknown("?"), Refused("no"), Refused("no", NextMove.STEP_DOWN)]
            )
            seen = []
            for rig in rigs:
                await rig.admit_posts(story, post, lane=lane)
                taken = await rig.next(ACCOUNT)
                if isinstance(taken, Delivery):
                    await rig.settle(taken, receipt)
                spent = await rig.store.ledger.spent()
                assert spent.month <= (budget.month or 0)
                seen.append((taken.id if isinstance(taken, Delivery) else taken, spent))
            assert seen[0] == seen[1]


async def test_the_scripts_know_the_calendar(valkey: StoreServer) -> None:
    """Days and months of two centuries as Python counts them; Redis gives scripts no calendar."""
    source = script("spent").replace("periods(now())", "periods(tonumber(ARGV[1]))")
    source = source.replace("{spent(day), spent(month)}", "{day, month}")
    moments = [datetime(1999, 12, 31, tzinfo=UTC) + timedelta(days=n * 13, hours=n % 24) for n in range(4000)]
    with valkey.client() as redis:
        calendar = redis.register_script(source)
        for moment in moments:
            found = calendar(keys=[ROOT], args=[moment.timestamp()])
            assert found == [f"{moment:%Y-%m-%d}", f"{moment:%Y-%m}"]


# --- words ----------------------------------------------------------------------------------------------------------


async def test_the_same_words_go_to_one_account_of_x_alone(opened: Opener) -> None:
    """X calls it spam; Telegram does not mind, and the account that has them may try again."""
    rig = opened(Terms())
    story = a_story(1, met=rig.now())
    await rig.admit_posts(story, on_x(story), on_x(story, OTHER_ACCOUNT), a_post(story), a_post(story, OTHER_CHANNEL))
    await rig.post(ACCOUNT, Later(0.01, "no connection"))
    assert await rig.next(OTHER_ACCOUNT) == Wait(0.0, SAID_ALREADY)
    await rig.live(0.05)
    await rig.post(ACCOUNT)
    await rig.post(CHANNEL)
    await rig.post(OTHER_CHANNEL)
    assert await rig.failed() == {f"{story.id}>{OTHER_ACCOUNT.id}": SAID_ALREADY}


async def test_words_that_one_account_could_not_post_are_free_for_another(opened: Opener) -> None:
    """They stand nowhere."""
    rig = opened(Terms())
    story = a_story(1, met=rig.now())
    await rig.admit_posts(story, on_x(story), on_x(story, OTHER_ACCOUNT))
    await rig.post(ACCOUNT, Refused("403"))
    await rig.post(OTHER_ACCOUNT)


async def test_the_same_words_of_another_story_are_the_same_accounts_own_business(opened: Opener) -> None:
    """A daily headline: X itself says whether it is a repetition."""
    rig = opened(Terms())
    for number in (1, 2):
        story = a_story(number, met=rig.now())
        await rig.admit_posts(story, replace(on_x(story), text="أسعار الذهب اليوم"))
        await rig.post(ACCOUNT)
    assert (await rig.store.ledger.counts())[ACCOUNT.id][State.PLANNED] == 0
