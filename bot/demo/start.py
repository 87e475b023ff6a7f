"""`ajil demo`, and `ajil run` with no settings: the whole newsroom on this machine, with the wall for its followers."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

from pydantic import SecretStr

from bot.clock import MachineClock
from bot.demo.site import DemoSite
from bot.house import house_of
from bot.settings import Settings
from bot.terminal import FAILED, complain, open_logs, say
from bot.wiring import Newsroom, open_newsroom
from bot.worker import PartDiedError, run_parts, stop_on_signals
from newsroom.errors import NewsroomError
from newsroom.target import Network, Target
from store.opening import STATE_FOLDER

FOLDER = STATE_FOLDER / "demo"
POLL_SECONDS = 2.0
TARGETS = (Target(Network.TELEGRAM, "@alwasat_alarabi"), Target(Network.X, "alwasat_alarabi"))
LOOPBACK = (ip_network("127.0.0.0/8"),)


def run_demo(settings: Settings, *, every_seconds: float) -> int:
    """Run until told to stop; returns the exit code."""
    open_logs(settings, "WARNING")
    try:
        asyncio.run(_run(settings, every_seconds))
    except (NewsroomError, OSError) as fault:
        complain(f"The demo cannot start: {fault}")
        return FAILED
    except PartDiedError as fault:
        complain(f"The demo stopped: {fault}")
        return FAILED
    return 0


async def _run(settings: Settings, every_seconds: float) -> None:
    stop, clock = asyncio.Event(), MachineClock()
    await asyncio.to_thread(FOLDER.mkdir, parents=True, exist_ok=True)
    with stop_on_signals(stop):
        async with DemoSite(clock, every_seconds=every_seconds, state=FOLDER / "site.json") as site:
            house = replace(house_of(settings), site=site.site, targets=TARGETS)
            # Nothing settles, so that whoever looks sees at once what comes, and how an edit of it looks.
            house = replace(house, rules=replace(house.rules, post_ordinary=True, settle_for=timedelta()))
            async with open_newsroom(_settings(settings, site), house, folder=FOLDER, is_demo=True) as newsroom:
                _welcome(newsroom, every_seconds)
                site.open()
                await run_parts(newsroom.parts, stop)


def _settings(settings: Settings, site: DemoSite) -> Settings:
    """The demo's own settings; of the given ones the port, the language and the looks stay."""
    return settings.model_copy(
        update={
            "redis_url": SecretStr(""),
            "feeds": (site.feed_url,),
            "poll_seconds": POLL_SECONDS,
            "site_name": site.site.name,
            "fetch_allow": LOOPBACK,
            "editors": {},
        },
    )


def _welcome(newsroom: Newsroom, every_seconds: float) -> None:
    say(
        f"""
  Ajil (عاجل): the demo newsroom is running. Nothing leaves this machine.

    The wall, as followers will see it:  http://127.0.0.1:{newsroom.web_port}/wall
    A story is published every {every_seconds:g} s. Ctrl-C stops; what was seen is remembered.

  Three steps to go live (README.md has them in detail):

    1. Talk to @BotFather on Telegram, make a bot, and make it an admin of your channel.
    2. cp .env.example .env, and fill in FEEDS, TELEGRAM_BOT_TOKEN, TELEGRAM_CHANNELS and EDITORS
       (for X also its four keys; a post there costs $0.20 with a link and $0.015 without).
    3. make run: the same command then runs the real thing. `.venv/bin/ajil check` tells what is missing.
""",
    )
