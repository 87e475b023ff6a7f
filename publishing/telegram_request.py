"""A request to the Bot API: python-telegram-bot's own, with a body that holds to a deadline, and a shorter way for words.

Of what the SDK spends on a post, a quarter goes to httpx's client: it merges addresses, headers and cookies that are the
same each time, and looks for redirects and proxies (measured, bench.delivery). `BaseRequest.do_request` is the SDK's
documented place for another way; words take it to the same transport, over the same connections.
"""

from collections.abc import AsyncIterator
from functools import lru_cache
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode
from urllib.request import getproxies

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData
from typing_extensions import override

from publishing.departure import Departure, departure_under_way

_READ = ("message_id", "date", "chat", "photo")
"""Of the message that a post became: its number, its address, and the names under which Telegram keeps its picture."""
CONNECTIONS = 64
ADDRESSES = 64
"""Methods of a bot whose address is kept ready; we use some twenty."""


class TelegramRequest(HTTPXRequest):
    """How a bot asks.

    Args:
        timeout: for connecting, writing, reading, and for a free connection.
        media_write_seconds: for each piece of a request that carries a picture.
        kept_seconds: how long a connection that is not used is kept open.
        tls: whom to trust.
    """

    def __init__(
        self, timeout: httpx.Timeout, *, media_write_seconds: float, kept_seconds: float, tls: SSLContext
    ) -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=kept_seconds)
        self._seconds = timeout.as_dict()
        # A proxy of the environment is found by httpx's client alone, and only where it has no transport of ours.
        self._transport = None if getproxies() else httpx.AsyncHTTPTransport(verify=tls, limits=limits)
        super().__init__(
            media_write_timeout=media_write_seconds,
            httpx_kwargs={
                "timeout": timeout,
                "limits": limits,
                "event_hooks": {"request": [_guard], "response": [_let_go]},
                "verify": tls,
                "transport": self._transport,
            },
        )

    @override
    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *limits: Any, **more: Any
    ) -> tuple[int, bytes]:
        """See `BaseRequest.do_request`. Files, and whoever names limits of time, go the SDK's own way."""
        own = [limit for limit in (*limits, *more.values()) if limit is not BaseRequest.DEFAULT_NONE]
        if self._transport is None or own or request_data is None or request_data.contains_files:
            return await super().do_request(url, method, request_data, *limits, **more)
        try:
            return await self._words(self._transport, url, urlencode(request_data.json_parameters).encode("ascii"))
        except httpx.TimeoutException as error:  # The names that the SDK gives to these.
            raise TimedOut from error
        except httpx.HTTPError as error:
            raise NetworkError(f"httpx.{type(error).__name__}: {error}") from error

    async def _words(self, transport: httpx.AsyncHTTPTransport, url: str, form: bytes) -> tuple[int, bytes]:
        where = _address(url)
        request = httpx.Request(
            "POST",
            where,
            headers=[
                (b"Host", where.netloc),
                (b"User-Agent", self.USER_AGENT.encode()),
                (b"Content-Type", b"application/x-www-form-urlencoded"),
                (b"Content-Length", b"%d" % len(form)),
            ],
            stream=httpx.ByteStream(form),
            extensions={"timeout": self._seconds},
        )
        await _guard(request)
        response = await transport.handle_async_request(request)
        try:
            return response.status_code, await response.aread()
        finally:
            await response.aclose()

    @staticmethod
    @override
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer to a post, cut to what is read of it before objects are made of it.

        They are a tenth of what a delivery costs (bench.delivery), and most of them are the words that were just sent.
        """
        answer = HTTPXRequest.parse_json_payload(payload)
        message = answer.get("result")
        if departure_under_way() is not None and isinstance(message, dict) and "message_id" in message:
            answer["result"] = {name: message[name] for name in _READ if name in message}
        return answer


@lru_cache(ADDRESSES)
def _address(url: str) -> httpx.URL:
    """The same for every request of a method, and dear to read."""
    return httpx.URL(url)


async def _guard(request: httpx.Request) -> None:
    """Let the departure under way hand out the body: a request hook may change the request (httpx, event hooks)."""
    departure = departure_under_way()
    if departure is not None and isinstance(request.stream, httpx.AsyncByteStream):
        request.stream = _Guarded(departure, request.stream)


async def _let_go(response: httpx.Response) -> None:
    """Read an answer, and part it from its stream (httpx, event hooks).

    httpx has the two hold one another, and with them the request and its picture, until the collector comes by: more than a
    thousand posts later (measured, bench.soak).
    """
    await response.aread()
    response.stream = httpx.ByteStream(b"")


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
