"""`ajil preview` and `ajil simulate`: what would happen, told; nothing is sent and no store is needed."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.browser import found, photographed
from bot.clock import MachineClock
from bot.house import house_of, style_of
from bot.plain import as_text
from bot.proof import proof_of
from bot.settings import Settings, SettingsWrongError
from bot.simulate import Outcome, Simulation, line_of
from bot.sources import entries_of, paper_of, read_source
from bot.terminal import FAILED, complain, open_logs, say
from feeds.fetch import FeedFetcher
from newsroom.errors import NewsroomError
from publishing.card import cards_of
from publishing.picture import PictureDesk
from publishing.render import TemplateRenderer


class NotWritten(NewsroomError):
    """A file that was asked for cannot be written."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imagined, and how it is to be told."""

    sources: Sequence[str]
    as_json: bool
    is_preview: bool = False
    baseline: bool = False
    now: str | None = None
    html: str | None = None
    """A file for the posts as followers will see them; `-` for the terminal."""
    png: str | None = None
    """A file for a picture of the same."""
    png_px: int = 0
    """Width of that picture's window, in CSS px."""


def imagine(settings: Settings, wanted: Wanted) -> int:
    """Tell it; returns the exit code.

    Raises:
        SettingsWrongError: the time that was given is none, or a picture is wanted and there is no browser.
    """
    now = None if wanted.now is None else _moment(wanted.now)
    if wanted.png and found() is None:
        raise SettingsWrongError(
            "--png needs Chromium, and there is none on this machine.\n"
            "  to have it: apt-get install chromium (CHROMIUM=/path names one that is elsewhere)\n"
            "  without it: --html FILE gives the same as a page for any browser"
        )
    try:
        page = asyncio.run(_imagine(settings, wanted, now))
        if page:
            _lay_down(page, wanted)
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


async def _imagine(settings: Settings, wanted: Wanted, now: datetime | None) -> str:
    """Tell it at the terminal; where a proof is wanted, gives that instead."""
    clock = MachineClock()
    open_logs(settings, "ERROR")
    async with FeedFetcher(clock, allow=settings.fetch_allow) as fetcher:
        bodies = [await read_source(name, fetcher) for name in wanted.sources]
        # Where SITE_NAME is not set, the sources themselves say whose paper it is.
        paper = settings.site_name or next(filter(None, map(paper_of, bodies)), "")
        named = settings.model_copy(update={"site_name": paper})
        house, style = house_of(named), style_of(named)
        renderer = TemplateRenderer(style, settings.templates)
        simulation = Simulation(house, renderer, clock.now(), now=now, baseline=wanted.baseline)
        outcomes: list[Outcome] = []
        for body in bodies:
            for outcome in simulation.poll(entries_of(body, house.site)):
                outcomes.append(outcome)
                _tell(outcome, wanted)
        if not (wanted.html or wanted.png):
            return ""
        pictures = PictureDesk(fetcher, clock, cards_of(style), limit_seconds=settings.picture_seconds)
        try:
            return await proof_of(outcomes, pictures, paper, now or clock.now())
        finally:
            await pictures.close()


def _tell(outcome: Outcome, wanted: Wanted) -> None:
    """At the terminal, unless a proof takes its place."""
    line = line_of(outcome, is_preview=wanted.is_preview)
    if wanted.as_json:
        say(json.dumps(line, ensure_ascii=False))
    elif not (wanted.html or wanted.png):
        say(as_text(line))


def _lay_down(page: str, wanted: Wanted) -> None:
    """Write the page, and its picture.

    Raises:
        BrowserFailed: no picture could be made.
        NotWritten: a file cannot be written.
    """
    # "replace", as a lone surrogate from a feed's JSON must not cost the page.
    content = page.encode("utf-8", "replace")
    if wanted.html == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    elif wanted.html:
        _write(Path(wanted.html), content)
    if wanted.png:
        with tempfile.NamedTemporaryFile(suffix=".html") as file:
            file.write(content)
            file.flush()
            photograph = photographed(Path(file.name), wanted.png_px)
        _write(Path(wanted.png), photograph.content)
        if photograph.left_out_px:
            complain(
                f"{wanted.png} shows the newest posts alone: all would be too tall for a picture; --html has them."
            )


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as fault:
        raise NotWritten(f"{file} cannot be written: {fault.strerror or fault}") from fault
