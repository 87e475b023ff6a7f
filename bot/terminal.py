"""The terminal: what a command tells whoever started it."""

import sys
from urllib.parse import parse_qs, unquote, urlsplit

from bot.logs import Redactor, set_up_logs
from bot.settings import Settings

FAILED = 1
"""Exit code for what was tried and did not work; wrong settings and arguments give 2."""

_without_secrets = Redactor(())


def say(text: str = "") -> None:
    """Tell; a password in an address is left out."""
    sys.stdout.write(f"{_without_secrets(text)}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Tell what went wrong."""
    sys.stderr.write(f"{_without_secrets(text)}\n")


def open_logs(settings: Settings, level: str = "") -> None:
    """Logs at the settings' level, or at `level`, with every secret of the settings taken out."""
    set_up_logs(level or settings.log_level, secrets_of(settings))


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every secret's value, the passwords in addresses too."""
    keys = (settings.telegram_bot_token, settings.hook_secret, settings.wall_token, *settings.x_keys.values())
    addresses = (settings.redis_url.get_secret_value(), *settings.feeds)
    passwords = [password for url in addresses for password in _passwords_in(url)]
    return (*(key.get_secret_value() for key in keys), *passwords)


def _passwords_in(url: str) -> tuple[str, ...]:
    """As it stands in the address, and as it is sent. A store also takes one from the query."""
    parts = urlsplit(url)
    written = parts.netloc.rpartition("@")[0].partition(":")[2]
    asked = parse_qs(parts.query)
    return (written, unquote(written), *asked.get("password", []), *asked.get("sentinel_password", []))
