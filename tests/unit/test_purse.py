"""The purse and the rates: arithmetic that must never be wrong in the spender's favour."""

import asyncio
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from bot.house import house_of
from bot.money import budget_of, terms_of
from bot.settings import EXAMPLES, SettingsWrongError, require_live
from newsroom.delivery import Lane
from newsroom.errors import StoreUnavailable
from newsroom.post import Post, PostKind
from newsroom.purse import (
    DOLLAR,
    OVER_DAY,
    OVER_MONTH,
    Budget,
    Price,
    Prices,
    Spent,
    affords_links,
    dollars,
    price_of,
    projected,
    refusal,
)
from newsroom.rate import Limits, Quota, Spacing, bot_name_of, network_limits
from newsroom.target import Network, TargetId
from publishing.pacing import LOOK_SECONDS, LinkPurse
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from store.memory_outbox import MemoryOutbox
from store.memory_switch import MemorySwitch
from tests.support.clock import START, ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story
from tests.support.rounds import rounds_of
from tests.unit.conftest import Setter

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
LANES = st.sampled_from([*Lane])
AMOUNTS = st.integers(0, 100 * DOLLAR)
SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("kind", "link", "alt", "price"),
    [
        (PostKind.TEXT, "", "وصف", Price(15_000)),
        (PostKind.TEXT, "https://a.example.com/1", "وصف", Price(200_000)),
        (PostKind.PHOTO, "", "وصف", Price(15_000, 5_000)),
        (PostKind.CARD, "https://a.example.com/1", "وصف", Price(200_000, 5_000)),
        (PostKind.CARD, "", "", Price(15_000)),
    ],
)
def test_a_post_costs_what_x_asks_for_its_form(kind: PostKind, link: str, alt: str, price: Price) -> None:
    """A link makes the post dear; a picture's words cost a little, once."""
    post = Post(target=ACCOUNT.id, kind=kind, text="خبر", link=link, alt=alt)
    assert price_of(post, Prices()) == price
    assert price_of(post, Prices(), described=True) == Price(price.request)


@given(
    budget=st.builds(Budget, day=st.none() | AMOUNTS, month=st.none() | AMOUNTS, breaking=SHARES),
    posts=st.lists(st.tuples(LANES, st.integers(1, 3 * DOLLAR), st.booleans()), max_size=60),
)
def test_no_order_of_posts_spends_over_the_budget_or_into_the_share_of_breaking(
    budget: Budget, posts: list[tuple[Lane, int, bool]]
) -> None:
    """Whatever comes, and at whatever hour the day changes."""
    spent = Spent()
    for lane, cost, next_day in posts:
        if next_day:
            spent = replace(spent, day=0)
        if refusal(Price(cost), spent, budget.ceiling(lane)):
            continue
        spent = Spent(spent.day + cost, spent.month + cost)
        for amount, cap in ((spent.day, budget.day), (spent.month, budget.month)):
            if cap is None:
                continue
            assert amount <= cap
            if lane is Lane.ORDINARY:
                assert cap - amount >= cap * budget.breaking - 1


@given(budget=st.builds(Budget, day=AMOUNTS, month=AMOUNTS, breaking=SHARES), cost=st.integers(1, DOLLAR))
def test_breaking_may_spend_the_last_of_the_budget(budget: Budget, cost: int) -> None:
    """What is kept is really there for it: a post is refused only where it does not fit."""
    least = min(budget.day or 0, budget.month or 0)
    assert bool(refusal(Price(cost), Spent(), budget.ceiling(Lane.BREAKING))) is (cost > least)


def test_a_refusal_says_which_budget_is_spent() -> None:
    """The month first: tomorrow does not help then."""
    assert refusal(Price(1), Spent(5, 5), Budget(day=5).ceiling(Lane.BREAKING)) == OVER_DAY
    assert refusal(Price(1), Spent(5, 5), Budget(day=5, month=5).ceiling(Lane.BREAKING)) == OVER_MONTH
    assert not refusal(Price(10**9), Spent(10**9, 10**9), Budget().ceiling(Lane.ORDINARY))


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    spent=AMOUNTS,
)
def test_a_projection_is_never_less_than_what_is_spent_nor_more_than_the_first_day_times_the_days(
    moment: datetime, spent: int
) -> None:
    """One post in the month's first minute is not a post a minute."""
    days = monthrange(moment.year, moment.month)[1]
    assert spent <= projected(spent, moment) <= spent * days


def test_links_are_afforded_while_the_month_is_on_its_way_to_end_inside_the_budget() -> None:
    """Half of the month is over: half of the budget may be spent."""
    noon = datetime(2026, 11, 16, tzinfo=UTC)
    budget = Budget(month=60 * DOLLAR)
    assert affords_links(Spent(0, 30 * DOLLAR), budget, noon)
    assert not affords_links(Spent(0, 30 * DOLLAR + 1), budget, noon)
    assert affords_links(Spent(0, 10**12), Budget(), noon)


def test_money_is_shown_as_people_read_it() -> None:
    """To the tenth of a cent, as X bills."""
    assert dollars(1_215_000) == "$1.215"


# --- rates ----------------------------------------------------------------------------------------------------------

ARRIVALS = st.lists(st.tuples(st.floats(0, 3, allow_subnormal=False), LANES), max_size=80)


@given(rate=st.builds(Quota, most=st.integers(1, 9), seconds=st.floats(0.5, 9), kept=st.just(0)), arrivals=ARRIVALS)
def test_a_quota_holds_in_every_stretch_of_its_length(rate: Quota, arrivals: list[tuple[float, Lane]]) -> None:
    """However they come, and the first that is let through after a wait is let through after that very wait."""
    now, gone = 1_800_000_000.0, list[float]()
    for pause, lane in arrivals:
        now += pause
        wait = rate.wait(gone, now, lane)
        now += wait
        assert rate.wait(gone, now, lane) <= 0.001
        gone.insert(0, now)
    for newer, older in zip(gone, gone[rate.most :], strict=False):
        assert newer - older >= rate.seconds - 1e-3


@given(rate=st.builds(Spacing, every=st.floats(0.1, 3), burst=st.integers(1, 6)), arrivals=ARRIVALS)
def test_a_spacing_lets_no_more_through_than_its_burst_and_what_time_allows(
    rate: Spacing, arrivals: list[tuple[float, Lane]]
) -> None:
    """In any stretch, however chosen."""
    now, ahead, gone = 1_800_000_000.0, 0.0, list[float]()
    for pause, lane in arrivals:
        now += pause
        now += rate.wait(ahead, now, lane)
        ahead = rate.after(ahead, now)
        gone.append(now)
    for start, first in enumerate(gone):
        for end in range(start, len(gone)):
            assert end - start + 1 <= rate.burst + (gone[end] - first) / rate.every + 1e-3


def test_ordinary_posts_leave_of_a_quota_and_of_a_burst_what_is_kept() -> None:
    """Breaking finds it there."""
    quota, spacing = Quota(10, 60, kept=3), Spacing(1.0, burst=3, kept=1)
    gone = [1000.0] * 7
    assert quota.wait(gone, 1001.0, Lane.ORDINARY) == 59.0
    assert quota.wait(gone, 1001.0, Lane.BREAKING) == 0.0
    ahead = spacing.after(spacing.after(0.0, 1000.0), 1000.0)
    assert spacing.wait(ahead, 1000.0, Lane.ORDINARY) == 1.0
    assert spacing.wait(ahead, 1000.0, Lane.BREAKING) == 0.0


def test_a_clock_that_was_set_back_shuts_no_gate_for_longer_than_its_own_length() -> None:
    """Two hours back, as a machine that lost its time does."""
    then, now = 1_800_007_200.0, 1_800_000_000.0
    assert Quota(1, 60.0).wait([then], now, Lane.ORDINARY) == 60.0
    assert Spacing(1.0, burst=2).wait(then, now, Lane.ORDINARY) == 1.0


def test_the_limits_lie_below_the_networks_own() -> None:
    """One a second and 20 a minute to a channel, 30 a second to a bot, 100 in 15 minutes for an account."""
    limits = network_limits("bot:ab12")
    [spacing, minute], [bot], [quarter] = limits.chat, limits.bot, limits.account
    assert isinstance(spacing, Spacing)
    assert isinstance(bot, Spacing)
    assert isinstance(minute, Quota)
    assert isinstance(quarter, Quota)
    assert spacing.every >= 1
    assert spacing.burst - spacing.kept == 1
    assert (minute.most, minute.seconds) == (18, 60.0)
    assert bot.burst + 1 / bot.every <= 30
    assert (quarter.most, quarter.seconds, quarter.kept) == (100, 900.0, 10)


def test_each_target_passes_its_own_gates_and_channels_share_the_bots() -> None:
    """A gate's name is what is shared."""
    limits = network_limits("bot:ab12")
    names = {target: [gate.name for gate in limits.gates(TargetId(target))] for target in ("telegram:@a", "x:main")}
    assert names == {
        "telegram:@a": ["telegram:@a/spacing", "telegram:@a/60s", "bot:ab12/spacing"],
        "x:main": ["x:main/900s"],
    }
    assert Limits().gates(CHANNEL.id) == ()


# --- the link policy `budget` ---------------------------------------------------------------------------------------


class Books(MemoryOutbox):
    """A ledger that says what the test spent, or cannot be read."""

    amount: Spent | None = None
    read = 0

    @override
    async def spent(self) -> Spent:
        """What the test says."""
        self.read += 1
        if self.amount is None:
            raise StoreUnavailable("gone")
        return self.amount


def a_link_purse(amount: Spent | None) -> tuple[LinkPurse, Books, ManualClock]:
    """On the sixteenth of a month of thirty days, with sixty dollars for it."""
    clock = ManualClock(datetime(2026, 11, 16, tzinfo=UTC))
    books = Books(clock, MemorySwitch())
    books.amount = amount
    return LinkPurse(books, clock, Budget(month=60 * DOLLAR)), books, clock


async def test_before_the_books_were_read_no_link_is_afforded() -> None:
    """What was not read may be spent."""
    purse, _, _ = a_link_purse(Spent())
    assert not purse.affords_link()
    await purse.look()
    assert purse.affords_link()


async def test_the_books_are_read_every_minute_and_the_last_reading_stands_while_the_store_is_down() -> None:
    """Rendering never waits for the store."""
    purse, books, clock = a_link_purse(Spent())
    stop = asyncio.Event()
    running = asyncio.create_task(rounds_of(purse.look, clock, LOOK_SECONDS).run(stop))
    await clock.until_asleep()
    assert purse.affords_link()
    books.amount = None
    await clock.walk(LOOK_SECONDS)
    assert (books.read, purse.affords_link()) == (2, True)
    books.amount = Spent(0, 59 * DOLLAR)
    await clock.walk(LOOK_SECONDS)
    assert (books.read, purse.affords_link()) == (3, False)
    stop.set()
    async with asyncio.timeout(5):
        await running


@pytest.mark.parametrize(
    ("lane", "afforded", "has_link"),
    [
        (Lane.ORDINARY, True, True),
        (Lane.ORDINARY, False, False),
        (Lane.BREAKING, False, True),
    ],
)
def test_a_month_that_runs_dear_takes_the_link_from_ordinary_posts_on_x_alone(
    lane: Lane, *, afforded: bool, has_link: bool
) -> None:
    """The post goes out as a card with its words; Telegram keeps the link."""
    renderer = TemplateRenderer(HouseStyle(site_name="الوسط", x_link="budget"), affords_link=lambda: afforded)
    story = a_story(1, met=START)
    on_x = renderer.render(story, None, lane, ACCOUNT)
    assert bool(on_x.link) is has_link
    assert ("https://" in on_x.text) is has_link
    assert renderer.render(story, None, lane, CHANNEL).link


# --- settings -------------------------------------------------------------------------------------------------------


def test_budgets_are_read_in_dollars_and_kept_in_millionths(given: Setter) -> None:
    """No budget is no limit."""
    assert budget_of(given()) == Budget(None, None, 0.3)
    settings = given(X_BUDGET_DAY="2.5", X_BUDGET_MONTH="60", X_BUDGET_BREAKING="0.5")
    assert budget_of(settings) == Budget(2_500_000, 60_000_000, 0.5)
    assert settings.x_budget_day == Decimal("2.5")


def test_prices_that_are_named_are_changed_and_the_rest_stays(given: Setter) -> None:
    """X changes its prices; no new version of the house is needed for that."""
    assert given().x_prices == Prices()
    assert given(X_PRICES=EXAMPLES["x_prices"]).x_prices == Prices()
    assert given(X_PRICES="link=0.25, alt = 0").x_prices == Prices(link=250_000, alt=0)


def test_prices_stand_in_ajil_toml_as_a_table(given: Setter, tmp_path: Path) -> None:
    """The same names."""
    (tmp_path / "ajil.toml").write_text("[x_prices]\npost = 0.02\n", "utf-8")
    assert given().x_prices == Prices(post=20_000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X_PRICES", "post"),
        ("X_PRICES", "tweet=0.01"),
        ("X_PRICES", "post=-1"),
        ("X_PRICES", "post=NaN"),
        ("X_PRICES", "post=inf"),
        ("X_BUDGET_DAY", "-1"),
        ("X_BUDGET_DAY", "lots"),
        ("X_BUDGET_MONTH", "NaN"),
        ("X_BUDGET_BREAKING", "1.5"),
    ],
)
def test_money_that_is_none_is_named_with_what_was_read_and_an_example(given: Setter, name: str, value: str) -> None:
    """Before anything is spent."""
    with pytest.raises(SettingsWrongError) as wrong:
        given(**{name: value})
    assert f"{name} is wrong" in str(wrong.value)
    assert f"example: {name}={EXAMPLES[name.lower()]}" in str(wrong.value)


def test_links_by_budget_want_a_budget(given: Setter) -> None:
    """Without one there is nothing to project."""
    keys = dict.fromkeys(("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"), "k")
    live = {"FEEDS": "https://a.example.com/feed/", "X_LINK": "budget", **keys}
    with pytest.raises(SettingsWrongError, match="X_BUDGET_MONTH is missing"):
        require_live(given(**live))
    require_live(given(**live, X_BUDGET_MONTH="60"))


def test_settings_describe_one_account_on_x_at_most(given: Setter) -> None:
    """X calls the same text from several accounts spam."""
    keys = dict.fromkeys(("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"), "k")
    targets = house_of(given(**keys)).targets
    assert [target.network for target in targets] == [Network.X]


def test_the_bots_token_stands_in_no_key_and_no_terms(given: Setter) -> None:
    """Its digest does: one token, one name."""
    terms = terms_of(given(TELEGRAM_BOT_TOKEN=TOKEN))
    said = f"{terms!r} {terms.of_lane(CHANNEL.id)}"
    assert bot_name_of(TOKEN) in said
    assert len(bot_name_of(TOKEN)) == len("bot:") + 12
    assert TOKEN not in said
    assert TOKEN.partition(":")[2] not in said
    assert bot_name_of("") == ""
    assert terms_of(given(TELEGRAM_BOT_TOKEN="")).limits.family(CHANNEL.id) == ""


def test_a_price_is_found_by_the_link_that_a_headline_brought_along() -> None:
    """X bills a bare domain in the words as a link."""
    renderer = TemplateRenderer(HouseStyle(x_link="never"))
    story = replace(a_story(1, met=START), headline="موقع alwasat.com يعود إلى العمل")
    post = renderer.render(story, None, Lane.ORDINARY, ACCOUNT)
    assert price_of(post, Prices()).request == Prices().link
    assert price_of(a_post(a_story(1)), Prices()).request == Prices().link


def test_a_month_begins_at_midnight_in_utc_wherever_the_clock_hangs() -> None:
    """An hour before the month ends in UTC, it is over in Cairo already."""
    moment = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert projected(DOLLAR, moment.astimezone(timezone(timedelta(hours=3)))) == projected(DOLLAR, moment)
    assert projected(DOLLAR, moment + timedelta(hours=2)) == 31 * DOLLAR
