"""`ajil check`: is everything in place? One line each: ok, warn or fail, with the mend in words. Posts nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from bot.clock import MachineClock
from bot.money import budget_of
from bot.settings import Settings, SettingsWrongError, house_of, require_live
from bot.terminal import FAILED, open_logs, say
from bot.wiring import STATE_FOLDER, open_x, style_of
from feeds.answer import FeedDown, Unchanged
from feeds.fetch import FeedFetcher
from feeds.parse import parse
from feeds.validators import Validators
from newsroom.delivery import Lane, State
from newsroom.errors import FetchFailed, NewsroomError
from newsroom.purse import Price, dollars, refusal
from newsroom.target import Network, Target
from publishing.card import CardMaker
from publishing.render import TemplateRenderer
from publishing.telegram_channel import open_bot
from publishing.telegram_rights import rights_of
from publishing.x_rights import account_of
from store.opening import open_store


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    what: str
    said: str


def run_check(settings: Settings, *, as_json: bool) -> int:
    """Look at everything; 0 when nothing failed."""
    open_logs(settings, "ERROR")
    return asyncio.run(_check(settings, as_json=as_json))


async def _check(settings: Settings, *, as_json: bool) -> int:
    worst = 0
    async for finding in findings(settings):
        say(
            json.dumps(asdict(finding), ensure_ascii=False)
            if as_json
            else f"{finding.level:5} {finding.what}: {finding.said}"
        )
        worst = FAILED if finding.level is Level.FAIL else worst
    return worst


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """All of them, cheapest first."""
    try:
        require_live(settings)
        yield Finding(Level.OK, "settings", "what the worker needs is set")
    except SettingsWrongError as wrong:
        yield Finding(Level.FAIL, "settings", str(wrong))
    if settings.telegram_bot_token.get_secret_value() and not settings.editors:
        yield Finding(Level.WARN, "EDITORS", "nobody may command the bot; example: EDITORS=111111111:admin")
    yield _words(settings)
    yield await _store(settings)
    if settings.has_x:
        yield await _purse(settings)
    async for finding in _feeds(settings):
        yield finding
    async for finding in _targets(settings):
        yield finding


def _words(settings: Settings) -> Finding:
    try:
        style = style_of(settings)
        TemplateRenderer(style, settings.templates)
        CardMaker(style)
    except NewsroomError as fault:
        return Finding(Level.FAIL, "templates", str(fault))
    return Finding(Level.OK, "templates", "every template renders; Arabic letters are shaped on cards")


async def _store(settings: Settings) -> Finding:
    try:
        async with open_store(settings.redis_url, STATE_FOLDER) as opened:
            waiting = await opened.store.ledger.unsettled(1)
            where = opened.where
    except NewsroomError as fault:
        return Finding(Level.FAIL, "store", str(fault))
    if not settings.redis_url:
        return Finding(Level.WARN, "store", f"{where}: lost where this disk does not last; set REDIS_URL there")
    if waiting and waiting[0].state is State.UNCERTAIN:
        return Finding(Level.WARN, "store", f"{where}; deliveries are uncertain and want a person: ajil report")
    return Finding(Level.OK, "store", where)


async def _purse(settings: Settings) -> Finding:
    """What X has cost, beside what it may cost; a budget that refuses ordinary posts already is worth a warning."""
    try:
        async with open_store(settings.redis_url, STATE_FOLDER) as opened:
            spent = await opened.store.ledger.spent()
    except NewsroomError as fault:
        return Finding(Level.FAIL, "purse", str(fault))
    budget = budget_of(settings)
    caps = [(spent.day, budget.day, "today"), (spent.month, budget.month, "this month")]
    said = "; ".join(
        f"{dollars(amount)} {when}{'' if cap is None else f' of {dollars(cap)}'}" for amount, cap, when in caps
    )
    why = refusal(Price(settings.x_prices.post), spent, budget.ceiling(Lane.ORDINARY))
    level = Level.WARN if why else Level.OK
    return Finding(level, "purse", f"spent on X: {said}{f'; ordinary posts are {why}' if why else ''}")


async def _feeds(settings: Settings) -> AsyncIterator[Finding]:
    async with FeedFetcher(MachineClock(), allow=settings.fetch_allow) as fetcher:
        for feed in settings.feeds:
            answer = await fetcher.fetch(feed, Validators())
            if isinstance(answer, FeedDown):
                yield Finding(Level.FAIL, feed, answer.why)
            elif isinstance(answer, Unchanged):
                yield Finding(Level.OK, feed, "answers")
            else:
                try:
                    entries = parse(answer.body, answer.headers, feed)
                except FetchFailed as fault:
                    yield Finding(Level.FAIL, feed, str(fault))
                else:
                    yield Finding(Level.OK, feed, f"{len(entries)} entries")


async def _targets(settings: Settings) -> AsyncIterator[Finding]:
    targets = house_of(settings).targets
    channels = [target for target in targets if target.network is Network.TELEGRAM]
    if channels and settings.telegram_bot_token.get_secret_value():
        async with open_bot(settings.telegram_bot_token, settings.telegram_api_url) as bot:
            for channel in channels:
                yield _told(channel, await rights_of(bot, channel))
    for account in (target for target in targets if target.network is Network.X):
        async with open_x(settings) as client:
            yield _told(account, await account_of(client))


def _told(target: Target, mend: str) -> Finding:
    """`mend` is empty when all is well."""
    level = Level.FAIL if mend else Level.OK
    return Finding(level, target.id, mend or "may be posted to")
