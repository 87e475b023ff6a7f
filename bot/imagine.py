"""`ajil preview` and `ajil simulate`: what would happen, told; nothing is sent and no store is needed."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.clock import MachineClock
from bot.house import house_of, style_of
from bot.plain import as_text
from bot.settings import Settings, SettingsWrongError
from bot.simulate import Simulation, line_of
from bot.sources import entries_of, paper_of, read_source
from bot.terminal import FAILED, complain, open_logs, say
from feeds.fetch import FeedFetcher
from newsroom.errors import NewsroomError
from publishing.render import TemplateRenderer


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imagined, and how it is to be told."""

    sources: Sequence[str]
    as_json: bool
    is_preview: bool = False
    baseline: bool = False
    now: str | None = None


def imagine(settings: Settings, wanted: Wanted) -> int:
    """Tell it; returns the exit code.

    Raises:
        SettingsWrongError: the time that was given is none.
    """
    now = None if wanted.now is None else _moment(wanted.now)
    try:
        asyncio.run(_imagine(settings, wanted, now))
    except NewsroomError as fault:
        complain(str(fault))
        return FAILED
    return 0


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsWrongError(
            f"--now is wrong: this is no time.\n  read: {text!r}\n  example: --now 2026-11-23T09:00:00Z",
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _imagine(settings: Settings, wanted: Wanted, now: datetime | None) -> None:
    clock = MachineClock()
    open_logs(settings, "ERROR")
    async with FeedFetcher(clock, allow=settings.fetch_allow) as fetcher:
        bodies = [await read_source(name, fetcher) for name in wanted.sources]
    # Where SITE_NAME is not set, the sources themselves say whose paper it is.
    paper = settings.site_name or next(filter(None, map(paper_of, bodies)), "")
    named = settings.model_copy(update={"site_name": paper})
    house = house_of(named)
    renderer = TemplateRenderer(style_of(named), settings.templates)
    simulation = Simulation(house, renderer, clock.now(), now=now, baseline=wanted.baseline)
    for body in bodies:
        for outcome in simulation.poll(entries_of(body, house.site)):
            line = line_of(outcome, is_preview=wanted.is_preview)
            say(json.dumps(line, ensure_ascii=False) if wanted.as_json else as_text(line))
