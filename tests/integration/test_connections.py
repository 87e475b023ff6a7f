"""A GET over aiohttp's connector asks, and hears, what aiohttp's own session would: both ways stand side by side here."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import pytest
from yarl import URL

from feeds.connections import FIELD_BYTES, Connections
from feeds.fault import GaveUp

EVERY = {"User-Agent": "Ajil", "Accept-Encoding": "gzip, deflate"}
ASKED = {"Accept": "application/rss+xml, */*;q=0.5", "If-None-Match": '"a-1"'}
BODY = "<rss>عاجل</rss>".encode()
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


def packed(kind: str, body: bytes) -> bytes:
    """An answer whose body is packed so."""
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind.encode(), len(body), body)


@dataclass(slots=True)
class Script:
    """A server that answers every request with the same bytes, and closes after them where it is told to."""

    answer: bytes = PLAIN
    closes: bool = False
    answers_most: int = 1_000
    """Of one connection; whatever is asked after that finds it closed."""
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    open: dict[asyncio.StreamWriter, "asyncio.Task[None] | None"] = field(default_factory=dict)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.open[writer] = asyncio.current_task()
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            for _ in range(self.answers_most):
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(self.answer)
                if self.closes:
                    break
            else:
                await reader.read(1)
        writer.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def served(script: Script) -> AsyncIterator[Script]:
    """Until the end of the context."""
    server = await asyncio.start_server(script.hear, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    yield script
    server.close()
    for writer in script.open:
        writer.close()
    await asyncio.gather(*filter(None, script.open.values()))


Heard = tuple[int, Sequence[tuple[str, str]], bytes]
"""Status, headers, body."""
Way = Callable[[URL], Awaitable[Heard]]


@asynccontextmanager
async def our_way() -> AsyncIterator[Way]:
    """By `Connections`."""
    async with aiohttp.TCPConnector(limit=0) as connector:
        connections = Connections(connector, EVERY, 10.0)

        async def get(url: URL) -> Heard:
            with await connections.get(url, ASKED) as response:
                body = b"".join([piece async for piece in response.pieces()])
                return response.status, list(response.headers.items()), body

        yield get


@asynccontextmanager
async def their_way() -> AsyncIterator[Way]:
    """By aiohttp's session."""
    async with aiohttp.ClientSession(headers=EVERY, max_field_size=FIELD_BYTES) as session:

        async def get(url: URL) -> Heard:
            async with session.get(url, headers=ASKED, allow_redirects=False) as response:
                return response.status, list(response.headers.items()), await response.read()

        yield get


WAYS = (our_way, their_way)


@pytest.mark.parametrize(
    "path",
    [
        "/feed/",
        "/feed/?paged=2&lang=ar",
        "/عاجل/feed/?s=خبر عاجل",
        "/%D8%B9%D8%A7%D8%AC%D9%84/feed/",
        "/feed/#top",
        "",
        "//feed",
        "/a%20b/%0d%0aX:%20y",
    ],
)
async def test_both_ask_the_same(path: str) -> None:
    """To the byte, but for the order of the headers."""
    async with served(Script()) as script:
        for way in WAYS:
            async with way() as get:
                await get(URL(script.url + path))
    ours, theirs = (request.split(b"\r\n") for request in script.requests)
    assert ours[0] == theirs[0]
    assert sorted(ours) == sorted(theirs)


async def test_both_send_the_user_of_an_address_as_basic() -> None:
    """And not in the line itself."""
    async with served(Script()) as script:
        for way in WAYS:
            async with way() as get:
                await get(URL(f"{script.url}/feed/").with_user("editor").with_password("p@ss"))
    ours, theirs = script.requests
    assert b"Authorization: Basic ZWRpdG9yOnBAc3M=\r\n" in ours
    assert sorted(ours.split(b"\r\n")) == sorted(theirs.split(b"\r\n"))


@pytest.mark.parametrize(
    ("answer", "closes"),
    [
        pytest.param(PLAIN, False, id="with a length"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + BODY, True, id="to the end of the connection"),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\n" + BODY, True, id="of HTTP 1.0"),
        pytest.param(PLAIN.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"), False, id="that says it closes"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n4\r\n</a>\r\n0\r\n\r\n",
            False,
            id="in chunks",
        ),
        pytest.param(packed("gzip", gzip.compress(BODY)), False, id="gzip"),
        pytest.param(packed("deflate", zlib.compress(BODY)), False, id="deflate"),
        pytest.param(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + PLAIN, False, id="after a hint"),
        pytest.param(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', False, id="304"),
        pytest.param(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", False, id="304 with a length"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", False, id="204"),
        pytest.param(b"HTTP/1.1 301 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", False, id="a redirect"),
        pytest.param(PLAIN.replace(b"OK\r\n", b"OK\r\nLink: <a>\r\nlink: <b>\r\n"), False, id="with a name twice"),
        pytest.param(PLAIN + b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", False, id="with another behind it"),
        pytest.param(PLAIN.replace(b"OK\r\n", b"OK\r\nX: %s\r\n" % (b"a" * 30_000)), False, id="with a long header"),
    ],
)
async def test_both_hear_the_same_and_keep_the_same_connections(answer: bytes, *, closes: bool) -> None:
    """Status, headers, body, twice; and as many connections are opened for it."""
    heard, opened = [], []
    for way in WAYS:
        async with served(Script(answer, closes)) as script, way() as get:
            heard.append([await get(URL(f"{script.url}/feed/")) for _ in range(2)])
            opened.append(script.connections)
    assert heard[0] == heard[1]
    assert opened[0] == opened[1]


async def test_a_kept_connection_that_was_closed_meanwhile_costs_one_more_try() -> None:
    """As of any server that closes idle ones: nobody says so beforehand."""
    for way in WAYS:
        async with served(Script(answers_most=1)) as script, way() as get:
            for _ in range(3):
                assert (await get(URL(script.url)))[0] == 200


async def test_a_site_that_never_answers_is_asked_twice_and_no_more() -> None:
    """RFC 9112, section 9.3.1: one retry."""
    asked = []
    for way in WAYS:
        async with served(Script(answer=b"", closes=True)) as script, way() as get:
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await get(URL(script.url))
            asked.append(script.connections)
    assert asked == [2, 2]


async def test_nobody_listening_is_no_reason_to_try_again() -> None:
    """The connector's own word."""
    async with served(Script()) as script:
        pass
    async with our_way() as get:
        with pytest.raises(aiohttp.ClientConnectorError):
            await get(URL(script.url))


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH_9\r\n\r\n", PLAIN.replace(b"OK\r\n", b"OK\r\nX: %s\r\n" % (b"a" * 40_000))]
)
async def test_what_is_no_http_is_given_up(answer: bytes) -> None:
    """Whatever aiohttp's parser refuses, a header past all bounds included."""
    async with served(Script(answer, closes=True)) as script, our_way() as get:
        with pytest.raises(GaveUp, match="not proper HTTP"):
            await get(URL(script.url))


async def test_an_answer_that_nobody_waited_for_is_nobody_elses() -> None:
    """Whoever is cut off while an answer is due leaves no connection on which it would come for the next."""
    async with served(Script(answer=b"")) as script, aiohttp.TCPConnector(limit=0) as connector:
        connections = Connections(connector, EVERY, 10.0)
        cut_off = asyncio.create_task(connections.get(URL(f"{script.url}/first"), ASKED))
        while not script.requests:  # noqa: ASYNC110 - the server's own list
            await asyncio.sleep(0)
        cut_off.cancel()
        await asyncio.wait((cut_off,))
        script.answer = PLAIN
        with await connections.get(URL(f"{script.url}/second"), ASKED) as response:
            assert response.status == 200
        assert script.connections == 2


async def test_a_body_that_is_not_read_to_its_end_takes_its_connection_with_it() -> None:
    """Its rest must not be read as another answer."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"a" * 10
    async with served(Script(answer)) as script, aiohttp.TCPConnector(limit=0) as connector:
        connections = Connections(connector, EVERY, 10.0)
        for _ in range(2):
            with await connections.get(URL(script.url), ASKED) as response:
                assert response.length == 1_000_000
        assert script.connections == 2


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "a\nb", "a\x00b"])
async def test_no_header_holds_another(value: str) -> None:
    """Nothing is sent."""
    async with served(Script()) as script, aiohttp.TCPConnector(limit=0) as connector:
        with pytest.raises(ValueError, match="header"):
            await Connections(connector, EVERY, 10.0).get(URL(script.url), {"If-None-Match": value})
        assert not script.connections
