"""`ajil check`: is everything in place? One line each: ok, warn or fail, with the mend in words. Posts nothing."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict

from bot.check_clock import clocks
from bot.check_feeds import Named, feeds, hubs
from bot.check_places import places
from bot.check_reckoning import reckoned
from bot.check_start import at_start
from bot.check_store import lasting, listed, standing
from bot.clock import MachineClock
from bot.finding import Finding, Level
from bot.house import style_of
from bot.settings import Settings, SettingsWrongError, require_live
from bot.terminal import FAILED, open_logs, say
from feeds.feed_list import FeedList
from newsroom.errors import NewsroomError
from newsroom.ports import Clock
from publishing.card import CardMaker
from publishing.render import TemplateRenderer


def run_check(settings: Settings, *, as_json: bool, reconcile: bool = False) -> int:
    """Look at everything, or hold the ledger against the channels; 0 when nothing failed."""
    open_logs(settings, "ERROR")
    found = reckoned(settings) if reconcile else findings(settings, MachineClock())
    return asyncio.run(_told_all(found, as_json=as_json))


def tell_wrong(wrong: SettingsWrongError, *, as_json: bool) -> None:
    """Settings that cannot even be read, as findings: a machine that asked for JSON gets JSON."""
    for finding in _wrong(wrong):
        _tell(finding, as_json=as_json)


def _wrong(wrong: SettingsWrongError) -> Iterator[Finding]:
    for told in wrong.told:
        yield Finding(Level.FAIL, "settings", " ".join(told.split()))


def _tell(finding: Finding, *, as_json: bool) -> None:
    line = f"{finding.level:5} {finding.what}: {finding.said}"
    say(json.dumps(asdict(finding), ensure_ascii=False) if as_json else line)


async def _told_all(found: AsyncIterator[Finding], *, as_json: bool) -> int:
    worst = 0
    async for finding in found:
        _tell(finding, as_json=as_json)
        worst = FAILED if finding.level is Level.FAIL else worst
    return worst


async def findings(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """All of them, cheapest first."""
    try:
        require_live(settings)
        yield Finding(Level.OK, "settings", "what the worker needs is set")
    except SettingsWrongError as wrong:
        for found in _wrong(wrong):
            yield found
    for finding in _words(settings):
        yield finding
    for finding in at_start(settings, os.environ):
        yield finding
    has_store = True
    async for finding in lasting(settings, clock):
        has_store = has_store and finding.level is not Level.FAIL
        yield finding
    listing = FeedList(settings.feeds)
    if has_store:
        async for finding in standing(settings, clock):
            yield finding
        listing = await listed(settings)
    named: Named = {}
    for source in (
        feeds(listing, settings, clock, named),
        hubs(settings, named, clock),
        clocks(settings, clock),
        places(settings),
    ):
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
