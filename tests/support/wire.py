"""A wire between a worker and a server, which a test cuts and mends: nobody is reached, and nobody answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_PIECE = 65_536


@dataclass(slots=True)
class Wire:
    """Passes bytes on to 127.0.0.1.

    Attributes:
        to: the port that it leads to.
        port: its own; the same after it was mended.
    """

    to: int
    port: int = 0
    _server: asyncio.Server | None = None
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    async def mend(self) -> None:
        """Let through what comes from now on."""
        self._server = await asyncio.start_server(self._passed, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Reset what is open; whoever comes now is refused."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in tuple(self._ends):
            end.transport.abort()
        await asyncio.sleep(0)

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.transport.abort()
            return
        self._ends |= {writer, far_writer}
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            self._ends -= {writer, far_writer}
            writer.close()
            far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    writer.transport.close()


@asynccontextmanager
async def wires(*urls: str) -> AsyncIterator[tuple[list[Wire], list[str]]]:
    """A wire before each of these addresses, and the addresses that go through them."""
    async with AsyncExitStack() as stack:
        laid = [Wire(int(urlsplit(url).port or 80)) for url in urls]
        for wire in laid:
            await wire.mend()
            stack.push_async_callback(wire.cut)
        yield laid, [url.replace(f":{wire.to}", f":{wire.port}") for url, wire in zip(urls, laid, strict=True)]
