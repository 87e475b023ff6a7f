"""`ajil run`: the worker with real settings."""

import asyncio
import gc
import logging
import os

from bot.check_start import before_work
from bot.clock import MachineClock
from bot.finding import Level
from bot.house import house_of
from bot.settings import Settings, SettingsWrongError, require_live
from bot.terminal import FAILED, complain, open_logs
from bot.wiring import open_newsroom
from bot.worker import PartDiedError, run_parts, stop_on_signals
from newsroom.errors import NewsroomError, StoreUnavailable

log = logging.getLogger(__name__)


def run_live(settings: Settings) -> int:
    """Run until told to stop; returns the exit code.

    Raises:
        SettingsWrongError: what it needs is not set, or Telegram refuses the token and nothing else could be posted to.
    """
    require_live(settings)
    open_logs(settings)
    try:
        asyncio.run(_work(settings))
    except (NewsroomError, OSError) as fault:
        complain(f"The newsroom cannot start: {fault}")
        return FAILED
    except PartDiedError as fault:
        complain(f"The newsroom stopped: {fault}")
        return FAILED
    return 0


def keep_what_stands() -> None:
    """What stands now lives as long as we do, and the collector never looks at it: each time would take 34 ms (measured).

    Not once before either: that was a tenth of a cold start, for 0.7 MB of what the imports left over (bench.start).
    """
    gc.freeze()
    gc.enable()


async def _work(settings: Settings) -> None:
    stop = asyncio.Event()
    async for found in before_work(settings, os.environ, MachineClock()):
        if found.level is Level.FAIL:
            raise StoreUnavailable(found.said)
        if found.level is Level.WARN:
            log.warning("%s: %s", found.what, found.said, extra={"action": "check"})
    with stop_on_signals(stop):
        async with open_newsroom(settings, house_of(settings)) as newsroom:
            keep_what_stands()
            work = f"{len(settings.feeds)} feeds, {len(newsroom.house.targets)} places to post to"
            log.info("at work: %s", work, extra={"action": "started"})
            await run_parts(newsroom.parts, stop)
        if newsroom.permit and newsroom.permit.refusal:
            raise SettingsWrongError(newsroom.permit.refusal)
