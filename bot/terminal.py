"""The terminal: what a command tells whoever started it."""

import sys

from bot.logs import set_up_logs
from bot.settings import Settings

FAILED = 1
"""Exit code for what was tried and did not work; wrong settings and arguments give 2."""


def say(text: str = "") -> None:
    """Tell."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Tell what went wrong."""
    sys.stderr.write(f"{text}\n")


def open_logs(settings: Settings, level: str = "") -> None:
    """Logs at the settings' level, or at `level`, with every secret of the settings taken out."""
    keys = [settings.telegram_bot_token, settings.hook_secret, settings.wall_token, *settings.x_keys.values()]
    password = settings.redis_url.rpartition("@")[0].rpartition(":")[2]
    set_up_logs(level or settings.log_level, [*(key.get_secret_value() for key in keys), password])
