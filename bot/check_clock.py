"""What `ajil check` finds of the clock: ours held against the Date headers of those we talk to."""

from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp

from bot.finding import Finding, Level
from bot.settings import Settings
from feeds.hints import http_date
from newsroom.ports import Clock

ANSWER_SECONDS = 10.0
NOTICED_SECONDS = 30.0
"""A Date header knows whole seconds and the way takes some; more than this is a clock that is wrong."""
FATAL_SECONDS = 300.0
"""X refuses signatures made five minutes off (OAuth 1.0a, oauth_timestamp); breaking news expires by the clock too."""


async def clocks(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Ours against each network's; nothing of ours but the request itself is sent, no token."""
    urls = [settings.telegram_api_url] if settings.telegram_bot_token.get_secret_value() else []
    urls += [settings.x_api_url] if settings.has_x else []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session:
        for url in urls:
            found = judged(urlsplit(url).hostname or url, await _date_of(session, url), clock.now())
            if found is not None:
                yield found


async def _date_of(session: aiohttp.ClientSession, url: str) -> datetime | None:
    """The server's time. One that does not answer is told of where its rights are asked for."""
    try:
        async with session.head(url, allow_redirects=False) as answer:
            return http_date(answer.headers.get("Date"))
    except (TimeoutError, aiohttp.ClientError, OSError):
        return None


def judged(who: str, theirs: datetime | None, ours: datetime, age: float = 0.0) -> Finding | None:
    """Our clock beside another; None where the other says nothing.

    Args:
        who: whose clock it is.
        theirs: its Date header.
        ours: our time when the answer came, aware.
        age: seconds for which the answer had lain in a cache.
    """
    if theirs is None:
        return None
    ahead = (ours - theirs).total_seconds() - age
    if abs(ahead) <= NOTICED_SECONDS:
        return Finding(Level.OK, "clock", f"agrees with {who}")
    said = f"this clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {who}'s"
    level = Level.FAIL if abs(ahead) > FATAL_SECONDS else Level.WARN
    return Finding(level, "clock", f"{said}; switch on the machine's time service (timedatectl set-ntp true)")
