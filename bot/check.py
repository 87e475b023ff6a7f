"""`ajil check`: is everything in place? One line each: ok, warn or fail, with the mend in words. Posts nothing."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from bot.check_clock import clocks, judged
from bot.check_reckoning import reckoned
from bot.check_start import at_start
from bot.check_store import lasting, listed, standing
from bot.clock import MachineClock
from bot.finding import Finding, Level
from bot.house import house_of, style_of
from bot.settings import Settings, SettingsWrongError, require_live
from bot.terminal import FAILED, open_logs, say
from bot.wiring.account import open_x
from feeds.answer import FeedDown, Fetched, Unchanged
from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher
from feeds.hints import http_date
from feeds.parse import parse
from feeds.validators import Validators
from newsroom.errors import FetchFailed, NewsroomError
from newsroom.feed_change import FeedChange
from newsroom.link import shown_address
from newsroom.ports import Clock
from newsroom.target import Network, Target
from publishing.card import CardMaker
from publishing.render import TemplateRenderer
from publishing.telegram_channel import open_bot
from publishing.telegram_rights import rights_of
from publishing.x_rights import account_of


def run_check(settings: Settings, *, as_json: bool, reconcile: bool = False) -> int:
    """Look at everything, or hold the ledger against the channels; 0 when nothing failed."""
    open_logs(settings, "ERROR")
    found = reckoned(settings) if reconcile else findings(settings, MachineClock())
    return asyncio.run(_told_all(found, as_json=as_json))


async def _told_all(found: AsyncIterator[Finding], *, as_json: bool) -> int:
    worst = 0
    async for finding in found:
        say(
            json.dumps(asdict(finding), ensure_ascii=False)
            if as_json
            else f"{finding.level:5} {finding.what}: {finding.said}"
        )
        worst = FAILED if finding.level is Level.FAIL else worst
    return worst


async def findings(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """All of them, cheapest first."""
    try:
        require_live(settings)
        yield Finding(Level.OK, "settings", "what the worker needs is set")
    except SettingsWrongError as wrong:
        yield Finding(Level.FAIL, "settings", str(wrong))
    for finding in _words(settings):
        yield finding
    for finding in at_start(settings, os.environ):
        yield finding
    has_store = True
    async for finding in lasting(settings):
        has_store = has_store and finding.level is not Level.FAIL
        yield finding
    feeds = FeedList(settings.feeds)
    if has_store:
        async for finding in standing(settings, clock):
            yield finding
        feeds = await listed(settings)
    for source in (_feeds(feeds, settings, clock), clocks(settings, clock), _targets(settings)):
        async for finding in source:
            yield finding


def _words(settings: Settings) -> Iterator[Finding]:
    style = style_of(settings)
    try:
        TemplateRenderer(style, settings.templates)
        yield Finding(Level.OK, "templates", "every template renders")
    except NewsroomError as fault:
        yield Finding(Level.FAIL, "templates", str(fault))
    try:
        CardMaker(style)
        off = " (cards are off)" if style.cards == "off" else ""
        yield Finding(Level.OK, "cards", f"fonts are there, and Arabic letters are joined and turned{off}")
    except NewsroomError as fault:
        yield Finding(Level.FAIL, "cards", str(fault))


async def _feeds(feeds: FeedList, settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    async with FeedFetcher(clock, allow=settings.fetch_allow) as fetcher:
        for feed in feeds.feeds:
            answer = await fetcher.fetch(feed, Validators())
            shown = shown_address(feed)
            if isinstance(answer, FeedDown):
                yield Finding(Level.FAIL, shown, answer.why.replace(feed, shown))
            elif isinstance(answer, Unchanged):
                yield Finding(Level.OK, shown, "answers")
            else:
                for finding in _read(feed, answer, clock):
                    yield finding
    for feed in (*feeds.added, *feeds.removed):
        if (change := feeds.change_of(feed)) is not None:
            yield Finding(Level.OK, shown_address(feed), _word_of(change))


def _word_of(change: FeedChange) -> str:
    """Whose word it is that the settings do not say."""
    at = datetime.fromtimestamp(change.at, UTC).isoformat(" ", "minutes")
    done = "added to FEEDS" if change.is_added else "taken from FEEDS, and not read,"
    return f"{done} in the chat by {change.by}, {at}"


def _read(feed: str, answer: Fetched, clock: Clock) -> Iterator[Finding]:
    shown = shown_address(feed)
    try:
        entries = parse(answer.body, answer.headers, feed)
    except FetchFailed as fault:
        yield Finding(Level.FAIL, shown, str(fault).replace(feed, shown))
        return
    late = f", which its own cache had kept for {answer.age:.0f} s" if answer.age else ""
    yield Finding(Level.OK, shown, f"{len(entries)} entries{late}")
    skew = judged(shown, http_date(answer.headers.get("date")), clock.now(), answer.age)
    if skew is not None:
        yield skew


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
