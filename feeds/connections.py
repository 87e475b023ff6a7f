"""Connections: a GET over aiohttp's connector, and its answer: status, headers, a body still on the wire.

aiohttp's session makes every request and every answer fit for all that HTTP knows: forms, cookies, proxies, uploads,
histories. A poll has none of these, and more than half of a 304's processor time went there (measured: 317 µs by the
session, 130 so). Connections, TLS, names, the guard's sockets and the parser are aiohttp's still, by names that it gives
to everybody and documents to nobody; so tests/integration/test_connections.py holds both ways side by side. What a session
does for a GET's sake is done here too: one more try where a kept connection turns out to be closed (RFC 9112, section
9.3.1), 1xx answers passed over, the user of an address sent as Basic.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from feeds.fault import NOT_HTTP, GaveUp

FIELD_BYTES = 32_768
"""Of one header: security policies of big sites outgrow aiohttp's 8 kB."""

# Nobody has answered yet, and what was asked harms nobody: the next one may be the first that arrives.
_CLOSED = (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)


class _Place(aiohttp.ClientRequest):
    """Where a connection leads, which is all that a connector asks of a request."""

    _ssl = True
    """As the connector was told."""
    proxy = proxy_auth = proxy_headers = server_hostname = None
    headers: CIMultiDict[str] = CIMultiDict()

    def __init__(self, url: URL) -> None:
        self.url = url


class Response:
    """An answer. It is left by `with`, which gives the connection back; one that is not read to its end is closed.

    Attributes:
        url: What was asked, without its user.
        status: HTTP's.
        headers: As they came.
    """

    __slots__ = ("_body", "_connection", "headers", "status", "url")

    def __init__(
        self,
        url: URL,
        status: int,
        headers: CIMultiDictProxy[str],
        body: aiohttp.StreamReader,
        connection: Connection,
    ) -> None:
        self.url = url
        self.status = status
        self.headers = headers
        self._body = body
        self._connection = connection

    def __enter__(self) -> Self:
        """Its body is on the wire still."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the connection back."""
        self._connection.release()

    @property
    def length(self) -> int:
        """Bytes of the body before inflating; 0 where the site does not say."""
        said = self.headers.get("Content-Length", "")
        return int(said) if said.isdecimal() else 0

    def pieces(self) -> AsyncIterator[bytes]:
        """The body, inflated, as it arrives.

        Raises:
            aiohttp.ClientError: It broke off, or cannot be inflated.
        """
        return self._body.iter_any()


class Connections:
    """Asks over connections that stay open.

    Args:
        connector: Has them. It is closed by whoever made it.
        headers: Of every request.
        connect_seconds: For one TCP and TLS connection.
    """

    def __init__(self, connector: aiohttp.BaseConnector, headers: Mapping[str, str], connect_seconds: float) -> None:
        self._connector = connector
        self._headers = _lines(headers)
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds)

    async def get(self, url: URL, headers: Mapping[str, str]) -> Response:
        """Ask once; redirects are answers like others.

        Args:
            url: http or https, with a host.
            headers: Beside those of every request.

        Raises:
            aiohttp.ClientError: No answer came.
            OSError: No answer came.
            ValueError: The address or a header cannot be sent.
            GaveUp: The answer is not HTTP.
        """
        place = url
        if url.raw_user or url.raw_password:
            headers = {"Authorization": aiohttp.encode_basic_auth(url.user or "", url.password or ""), **headers}
            place = url.with_user(None)
        head = f"GET {place.raw_path_qs} HTTP/1.1\r\nHost: {place.host_port_subcomponent}\r\n"
        request = f"{head}{self._headers}{_lines(headers)}\r\n".encode("ascii")
        try:
            return await self._asked(place, request)
        except aiohttp.ClientConnectorError:
            raise
        except _CLOSED:
            return await self._asked(place, request)

    async def _asked(self, url: URL, request: bytes) -> Response:
        connection = await self._connector.connect(_Place(url), [], self._timeout)
        try:
            protocol, transport = _ends(connection)
            protocol.set_response_params(read_until_eof=True, max_field_size=FIELD_BYTES)
            transport.write(request)
            message, body = await protocol.read()
            while message.code < HTTPStatus.OK and message.code != HTTPStatus.SWITCHING_PROTOCOLS:
                message, body = await protocol.read()
        except HttpProcessingError as error:
            connection.close()
            raise GaveUp(NOT_HTTP) from error
        except BaseException:  # Cancelled, too: what still comes must not be the answer to another request.
            connection.close()
            raise
        return Response(url, message.code, message.headers, body, connection)


def _ends(connection: Connection) -> tuple[ResponseHandler, asyncio.Transport]:
    """Of a connection that is open."""
    protocol, transport = connection.protocol, connection.transport
    if protocol is None or transport is None:
        raise aiohttp.ServerDisconnectedError
    return protocol, transport


def _lines(headers: Mapping[str, str]) -> str:
    """As they stand in a request."""
    text = ""
    for name, value in headers.items():
        if not value.isprintable():
            raise ValueError("a header holds what no line may")
        text += f"{name}: {value}\r\n"
    return text
