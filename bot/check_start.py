"""What `ajil check` finds without asking anybody, and what the worker itself looks at when it starts."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from bot.check_store import lasting
from bot.finding import Finding, Level
from bot.house import house_of
from bot.settings import Settings
from newsroom.ports import Clock
from publishing.press import unasked

ENV_FILE = Path(".env")
FLEETING = {"DYNO": "Heroku", "RENDER": "Render", "RAILWAY_ENVIRONMENT": "Railway", "FLY_APP_NAME": "Fly.io"}
"""Variables by which a host tells that it is one whose disk goes with each restart (each host's own documentation)."""
SHORTEST_WORD = 16
"""Characters of a token that opens something to the whole internet."""


def at_start(settings: Settings, environment: Mapping[str, str], env_file: Path = ENV_FILE) -> Iterator[Finding]:
    """What costs nothing to look at."""
    if env_file.is_file() and env_file.stat().st_mode & 0o077:
        said = f"others on this machine can read {env_file}, which holds secrets: chmod 600 {env_file}"
        yield Finding(Level.WARN, "secrets", said)
    host = next((name for variable, name in FLEETING.items() if variable in environment), "")
    if host and not settings.redis_url:
        said = f"the disk of {host} goes with each restart, and with it what was posted: set REDIS_URL"
        yield Finding(Level.WARN, "store", said)
    if settings.telegram_bot_token.get_secret_value() and not settings.editors:
        yield Finding(Level.WARN, "EDITORS", "nobody may command the bot; example: EDITORS=111111111:admin")
    for name in ("wall_token", "hook_secret"):
        word = getattr(settings, name).get_secret_value()
        if word and len(word) < SHORTEST_WORD:
            said = f"{len(word)} characters can be guessed; make one: openssl rand -hex 24"
            yield Finding(Level.WARN, name.upper(), said)
    yield from _pushes(settings)
    for name in unasked(settings.templates, house_of(settings).targets):
        yield Finding(Level.WARN, "templates", f"{name} is for a channel or account that is not set: nothing uses it")


def _pushes(settings: Settings) -> Iterator[Finding]:
    """What was meant to let the site tell us, and does not."""
    if settings.hook_secret.get_secret_value() and settings.port is None:
        yield Finding(Level.WARN, "HOOK_SECRET", "nobody listens for the site's pushes without a PORT: set one")
    if settings.public_url and not settings.hears_hubs:
        yield Finding(
            Level.WARN, "PUBLIC_URL", "hubs are asked only with PORT and HOOK_SECRET: set both (docs/push.md)"
        )


async def before_work(settings: Settings, environment: Mapping[str, str], clock: Clock) -> AsyncIterator[Finding]:
    """What the worker looks at before it begins: the above, and whether its store lasts. Its own embedded one does."""
    for found in at_start(settings, environment):
        yield found
    if settings.redis_url:
        async for found in lasting(settings, clock):
            yield found
