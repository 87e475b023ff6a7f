"""What a site may do instead of sending its feed. Each is a `tests.support.feed_server.Trouble`."""

import asyncio
import gzip
import itertools
import zlib
from collections.abc import Mapping

from aiohttp import web

from tests.support.feed_server import Trouble


def status(code: int, headers: Mapping[str, str] | None = None) -> Trouble:
    """Answer with this status and a page of HTML."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=code, headers=headers, text="<html><body>!</body></html>", content_type="text/html")

    return answer


def redirect(to: str, code: int = 302) -> Trouble:
    """Send the reader elsewhere."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=code, headers={"Location": to})

    return answer


def body(content: bytes, content_type: str = "application/rss+xml; charset=UTF-8") -> Trouble:
    """Send these bytes with status 200, and no validators."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=content, headers={"Content-Type": content_type})

    return answer


def half(content: bytes) -> Trouble:
    """Announce the whole body, send half of it and close."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        response.content_length = len(content)
        await response.prepare(request)
        await response.write(content[: len(content) // 2])
        _close(request)
        return response

    return answer


def silence() -> Trouble:
    """Take the request and never answer."""

    async def answer(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise web.HTTPNoContent

    return answer


def drip(seconds: float, content: bytes = b"<rss" + b" " * 10_000) -> Trouble:
    """Send one byte after another, `seconds` apart."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        await response.prepare(request)
        for place in range(len(content)):
            await response.write(content[place : place + 1])
            await asyncio.sleep(seconds)
        return response

    return answer


def endless() -> Trouble:
    """Send without end, in chunks."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        await response.prepare(request)
        for _ in itertools.count():
            await response.write(b"<rss>" * 10_000)
        return response

    return answer


def announced(length: int) -> Trouble:
    """Say that the body has so many bytes, and send them for as long as somebody reads."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        response.content_length = length
        await response.prepare(request)
        for _ in range(length // 50_000):
            await response.write(b"<rss>" * 10_000)
        return response

    return answer


def bomb(inflated: int = 210_000_000, encoding: str = "gzip") -> Trouble:
    """Some 200 kB that inflate to 210 MB."""
    wbits = 31 if encoding == "gzip" else 15
    pump = zlib.compressobj(9, zlib.DEFLATED, wbits)
    block = b"<item>" * 175_000
    packed = b"".join(pump.compress(block) for _ in range(inflated // len(block))) + pump.flush()

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=packed, headers={"Content-Encoding": encoding, "Content-Type": "application/rss+xml"})

    return answer


def encoded(encoding: str) -> Trouble:
    """Claim an encoding that the body does not have, or that was not asked for."""

    async def answer(_: web.Request) -> web.Response:
        headers = {"Content-Encoding": encoding, "Content-Type": "application/rss+xml"}
        return web.Response(body=b"<rss><channel></channel></rss>" * 99, headers=headers)

    return answer


def truncated_gzip(content: bytes) -> Trouble:
    """A compressed body whose end is missing, properly framed: only the inflating can tell."""
    packed = gzip.compress(content)

    async def answer(_: web.Request) -> web.Response:
        return web.Response(
            body=packed[: len(packed) // 2],
            headers={"Content-Encoding": "gzip", "Content-Type": "application/rss+xml"},
        )

    return answer


def reset() -> Trouble:
    """Close the connection without an answer."""

    async def answer(request: web.Request) -> web.Response:
        _close(request)
        raise web.HTTPNoContent

    return answer


def _close(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
