"""The web server's limits, on real sockets: what nobody needs is cut off before it costs anything."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.web import BODY_LIMIT, HEADERS_AT_MOST, LINE_LIMIT, serve, web_app
from publishing.wall import Wall
from tests.browser.newsroom import DrawnPictures
from tests.support.clock import ManualClock

IDLE_SECONDS = 0.5
WORD = "a-long-word-9f2c"


async def nothing() -> dict[str, str]:
    """Health that says nothing."""
    return {}


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """The web side as it is served, only less patient."""
    app = web_app(Wall(), DrawnPictures(), ManualClock(), token=SecretStr(WORD), demo=False, health=nothing)
    async with serve(app, host="127.0.0.1", port=0, idle_seconds=IDLE_SECONDS) as opened:
        yield opened


async def said_to(port: int, request: bytes) -> bytes:
    """All that comes back until the connection is closed, which is soon."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


def status(answer: bytes) -> int:
    """Of the first answer."""
    return int(answer.split(b" ", 2)[1])


async def test_an_ordinary_request_is_answered(port: int) -> None:
    """So that what follows is refused for its size."""
    assert status(await said_to(port, b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")) == 200


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /health?" + b"a" * (LINE_LIMIT + 1) + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * (LINE_LIMIT + 1) + b"\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\n"
        + b"".join(b"X-%d: a\r\n" % n for n in range(HEADERS_AT_MOST + 1))
        + b"\r\n",
    ],
    ids=["address", "header", "headers"],
)
async def test_a_head_that_is_too_long_is_refused(port: int, request_: bytes) -> None:
    """An address, one header, or their number."""
    assert status(await said_to(port, request_)) == 400


@pytest.mark.parametrize("path", ["/wall", "/metrics", "/health"])
async def test_a_body_that_nobody_reads_is_not_waited_for(port: int, path: str) -> None:
    """Announced in full and never sent: the answer comes, and the connection is closed."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {BODY_LIMIT * 100}\r\n\r\n"
    assert status(await said_to(port, head.encode())) >= 400


@pytest.mark.parametrize("begun", [b"", b"GET /he", b"GET /health HTTP/1.1\r\nX-Slow: a"])
async def test_a_request_that_never_becomes_whole_is_not_waited_for(port: int, begun: bytes) -> None:
    """Nothing, half a line, half a head."""
    assert b" 200 " not in await said_to(port, begun)


@pytest.mark.parametrize("path", ["/wall", "/wall/stream", "/wall/picture/x", "/metrics", "/wall/../metrics", "//wall"])
async def test_nothing_of_the_wall_and_no_number_is_told_without_the_token(port: int, path: str) -> None:
    """However the address is written."""
    answer = await said_to(port, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert status(answer) in {400, 401, 404}
    assert b"ajil_" not in answer
