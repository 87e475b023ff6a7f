"""A bot: python-telegram-bot's client with connections of its own, and a token that stays unsaid."""

import os
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from pydantic import SecretStr
from telegram import Bot

from publishing.telegram_request import TelegramRequest

KEPT_SECONDS = 45.0
"""How long an idle connection is kept. Telegram's own limit is not documented; nginx's default is 75 s."""
HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
WHOLE_LIST = 50
"""Authorities, at least. Mozilla's list, from which Debian's and httpx's are made, has some 140."""


class _QuietBot(Bot):
    """python-telegram-bot writes the token into the bot's repr, from where it would reach logs and tracebacks."""

    __slots__ = ()
    __repr__ = object.__repr__


def trusted() -> ssl.SSLContext:
    """Whom a bot trusts: the authorities of this machine, each read when it is first met, or else httpx's own.

    To read all of a list takes 30 ms of a cold start and 0.9 MB (measured), and one of them is needed. OpenSSL looks for it by
    a name made of its hash (SSL_CTX_load_verify_locations), which update-ca-certificates keeps. A folder with a few such
    names is no list of the world's, and where a host names one itself (SSL_CERT_FILE, SSL_CERT_DIR), httpx reads that.
    """
    folder, named = ssl.get_default_verify_paths().capath, os.environ.keys() & {"SSL_CERT_FILE", "SSL_CERT_DIR"}
    if folder and not named and _holds_whole_list(Path(folder)):
        return ssl.create_default_context(capath=folder)
    return httpx.create_ssl_context()


def _holds_whole_list(folder: Path) -> bool:
    try:
        return sum(bool(HASHED.fullmatch(found.name)) for found in folder.iterdir()) >= WHOLE_LIST
    except OSError:  # Who may not look into it cannot read one of them either.
        return False


@asynccontextmanager
async def open_bot(
    token: SecretStr,
    api_url: str = "https://api.telegram.org",
    *,
    connect_seconds: float = 5.0,
    read_seconds: float = 20.0,
    write_seconds: float = 10.0,
    media_write_seconds: float = 30.0,
    pool_seconds: float = 5.0,
    kept_seconds: float = KEPT_SECONDS,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Bot]:
    """A bot for sending, with connections of its own.

    Nothing is asked of Telegram here. `Bot.initialize` would call getMe, so that a worker could not start while
    Telegram is away, and it writes the token into the error when Telegram refuses it.

    Args:
        token: of the bot, from BotFather.
        api_url: of the Bot API server, without `/bot`.
        connect_seconds: for TCP and TLS.
        read_seconds: for each answer.
        write_seconds: for each piece of a request.
        media_write_seconds: the same, for a request that carries a picture.
        pool_seconds: for a free connection.
        kept_seconds: how long a connection that is not used is kept open.
        tls: `trusted()`, where it is shared; one is made when left out.
    """
    # The documented way to be ready for the next major version; without it every flood wait raises a
    # PTBDeprecationWarning, which is an error under -W error (telegram.error.RetryAfter).
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    request = TelegramRequest(
        httpx.Timeout(connect=connect_seconds, read=read_seconds, write=write_seconds, pool=pool_seconds),
        media_write_seconds=media_write_seconds,
        kept_seconds=kept_seconds,
        tls=tls or trusted(),
    )
    async with request:
        yield _QuietBot(
            token.get_secret_value(),
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=request,
            get_updates_request=request,
        )
