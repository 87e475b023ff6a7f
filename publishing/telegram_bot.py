"""A bot: python-telegram-bot's client with connections of its own, a body that holds to a deadline, and a token that stays unsaid."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import SSLContext
from typing import Any

import httpx
from pydantic import SecretStr
from telegram import Bot
from telegram.request import HTTPXRequest
from typing_extensions import override

from publishing.departure import Departure, departure_under_way

_READ = ("message_id", "date", "chat", "photo")
"""Of the message that a post became: its number, its address, and the names under which Telegram keeps its picture."""
KEPT_SECONDS = 45.0
"""How long an idle connection is kept. Telegram's own limit is not documented; nginx's default is 75 s."""


class _QuietBot(Bot):
    """python-telegram-bot writes the token into the bot's repr, from where it would reach logs and tracebacks."""

    __slots__ = ()
    __repr__ = object.__repr__


class _Request(HTTPXRequest):
    """python-telegram-bot's own, whose answer to a post is cut to what is read of it before objects are made of it.

    They are a tenth of what a delivery costs (bench.delivery), and most of them are the words that were just sent.
    """

    @staticmethod
    @override
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = HTTPXRequest.parse_json_payload(payload)
        message = answer.get("result")
        if departure_under_way() is not None and isinstance(message, dict) and "message_id" in message:
            answer["result"] = {name: message[name] for name in _READ if name in message}
        return answer


def trusted() -> SSLContext:
    """Whom a bot trusts: httpx's own authorities. Several bots share one, which takes 12 ms and 0.7 MB (measured)."""
    return httpx.create_ssl_context()


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
    tls: SSLContext | None = None,
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
    request = _Request(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        write_timeout=write_seconds,
        media_write_timeout=media_write_seconds,
        pool_timeout=pool_seconds,
        httpx_kwargs={
            "limits": httpx.Limits(max_connections=64, keepalive_expiry=kept_seconds),
            "event_hooks": {"request": [_guard]},
            "verify": tls or trusted(),
        },
    )
    async with request:
        yield _QuietBot(
            token.get_secret_value(),
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=request,
            get_updates_request=request,
        )


async def _guard(request: httpx.Request) -> None:
    """Let the departure under way hand out the body: a request hook may change the request (httpx, event hooks)."""
    departure = departure_under_way()
    if departure is not None and isinstance(request.stream, httpx.AsyncByteStream):
        request.stream = _Guarded(departure, request.stream)


class _Guarded(httpx.AsyncByteStream):
    """A body that a departure hands out."""

    def __init__(self, departure: Departure, body: httpx.AsyncByteStream) -> None:
        self._departure = departure
        self._body = body

    @override
    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._departure.guard(self._body)

    @override
    async def aclose(self) -> None:
        await self._body.aclose()
