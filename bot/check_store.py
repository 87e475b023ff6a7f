"""What `ajil check` finds in the store: how far it lasts, what wants a person, and what X has cost."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from bot.finding import Finding, Level
from bot.money import budget_of
from bot.settings import Settings
from feeds.feed_list import FeedList
from newsroom.delivery import Delivery, Lane, State
from newsroom.errors import NewsroomError
from newsroom.ports import Clock
from newsroom.purse import Price, Prices, Spent, dollars, projected, refusal
from newsroom.target import Network, network_of
from store.opening import STATE_FOLDER, open_server, open_store
from store.store import Store
from store.survey import Survey, survey_of

WEEK_SECONDS = 7 * 86_400
LOOKED_AT = 1_000
"""The newest sent deliveries that the store keeps a list of: enough for a week of a large paper."""


async def lasting(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Whether the store keeps what it is told. Costs a few round trips and sends nothing: the worker asks it too."""
    try:
        async with open_server(settings.redis_url.get_secret_value(), STATE_FOLDER) as (server, where):
            survey = await survey_of(server, clock)
    except NewsroomError as fault:
        yield Finding(Level.FAIL, "store", str(fault))
        return
    for found in told_of(survey, where):
        yield found


async def listed(settings: Settings) -> FeedList:
    """The feeds that are read, with what editors changed; as the settings have them where the store does not answer."""
    try:
        async with open_store(settings.redis_url.get_secret_value(), STATE_FOLDER) as opened:
            feeds = FeedList(settings.feeds, opened.store.feed_changes)
            await feeds.look()
            return feeds
    except NewsroomError:
        return FeedList(settings.feeds)  # What is wrong with the store is told in its own line.


def told_of(survey: Survey, where: str) -> Iterator[Finding]:
    """One line for each doubt; one that says that there is none."""
    doubts = list(survey.doubts())
    for doubt in doubts:
        yield Finding(Level.FAIL if doubt.is_fatal else Level.WARN, "store", f"{where}: {doubt.said}")
    if not doubts:
        used = f"{survey.used / 2**20:.0f} MB used{f' of {survey.limit / 2**20:.0f}' if survey.limit else ''}"
        yield Finding(Level.OK, "store", f"{where}: {survey.name}, lasting, {used}")


async def standing(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """What the store knows that wants a person: uncertain, parked, paused, money."""
    try:
        async with open_store(settings.redis_url.get_secret_value(), STATE_FOLDER) as opened:
            async for found in _wants_a_person(opened.store):
                yield found
            if settings.has_x:
                spent, sent = await opened.store.ledger.spent(), await opened.store.ledger.sent(LOOKED_AT)
                yield _purse(settings, spent)
                yield cost_of(sent, spent, settings.x_prices, settings.x_link, clock.now())
    except NewsroomError as fault:
        yield Finding(Level.FAIL, "store", str(fault))


async def _wants_a_person(store: Store) -> AsyncIterator[Finding]:
    counts = await store.ledger.counts()
    for target, states in counts.items():
        if number := states.get(State.UNCERTAIN, 0):
            said = f"{number} posts may or may not stand there; look, then answer in the desk chat: ajil report"
            yield Finding(Level.WARN, target, said)
    for target, why in (await store.switch.parked()).items():
        yield Finding(Level.FAIL, target, f"its lane stands: {why}; mend it, then /resume")
    for waiting in filter(lambda one: one.holds, await store.batches.waiting()):
        said = (
            f"{len(waiting.stories)} stories wait for the desk: {waiting.batch.why}; left alone, none of them goes out"
        )
        yield Finding(Level.WARN, str(waiting.batch.cause), said)
    if by := await store.switch.paused():
        yield Finding(Level.WARN, "paused", f"{by} paused the newsroom; /resume lets it go on")


def _purse(settings: Settings, spent: Spent) -> Finding:
    """What X has cost, beside what it may cost; a budget that refuses ordinary posts already is worth a warning."""
    budget = budget_of(settings)
    caps = [(spent.day, budget.day, "today"), (spent.month, budget.month, "this month")]
    said = "; ".join(
        f"{dollars(amount)} {when}{'' if cap is None else f' of {dollars(cap)}'}" for amount, cap, when in caps
    )
    why = refusal(Price(settings.x_prices.post), spent, budget.ceiling(Lane.ORDINARY))
    level = Level.WARN if why else Level.OK
    return Finding(level, "purse", f"spent on X: {said}{f'; ordinary posts are {why}' if why else ''}")


def cost_of(sent: tuple[Delivery, ...], spent: Spent, prices: Prices, link: str, now: datetime) -> Finding:
    """What posting on X costs at the present rate."""
    since = now.timestamp() - WEEK_SECONDS
    number = sum(network_of(it.target) is Network.X and it.settled >= since for it in sent)
    each = prices.post if link == "never" else prices.link
    said = f"X_LINK={link}: a post costs up to {dollars(each + prices.alt)}; {number} in the last seven days"
    return Finding(Level.OK, "cost", f"{said}; this month is on its way to {dollars(projected(spent.month, now))}")
