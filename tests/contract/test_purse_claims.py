"""The purse of X, inside the claim: one suite over the memory twin, the embedded Valkey and Debian's Redis."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsroom.admission import Wait
from newsroom.delivery import Delivery, Lane, State, read_back
from newsroom.post import PostKind
from newsroom.purse import OVER_DAY, OVER_MONTH, SAID_ALREADY, Budget, Spent
from newsroom.receipt import Absent, Later, NextMove, Receipt, Refused, Sent, Unknown
from store.keys import ROOT
from store.scripts import script
from store.server import connect
from store.store import memory_store, redis_store
from store.terms import Terms
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story
from tests.support.pacing_rig import ALT, LINK, OTHER_ACCOUNT, OTHER_CHANNEL, PLAIN, Alerts, Opener, Rig, on_x
from tests.support.store_server import StoreServer

# --- money ----------------------------------------------------------------------------------------------------------


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
    opened: Opener, alerts: Alerts
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
    refused = await rig.next(ACCOUNT)
    assert refused == Wait(0.0, OVER_DAY)
    assert isinstance(refused, Wait)
    assert [(it.story, it.state, it.why) for it in refused.gone] == [(a_story(14).id, State.REFUSED, OVER_DAY)]
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
    receipts: list[Receipt] = [Sent(("1",)), Unknown("?"), Refused("no"), Refused("no", NextMove.STEP_DOWN)]
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
            receipt = chance.choice(receipts)
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
