"""Ears: an event loop that overhears what the worker's connections carry, and strikes at a named point.

No hook stands in the product's code and nothing of it is replaced: the loop hands every connection out with a listener
between the client and the socket, whichever library asked for it (redis-py, httpx, aiohttp).
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from typing_extensions import override

from tests.chaos.calls import Line
from tests.chaos.points import Blow, Moment

_P = TypeVar("_P", bound=asyncio.Protocol)


class Trap:
    """Counts the passages of one point and strikes at the n-th; without a blow it never does."""

    def __init__(self, blow: Blow | None) -> None:
        self._blow = blow
        self._passages = 0

    def is_sprung(self, call: str, moment: Moment) -> bool:
        """Whether this very passage is to be struck; counts it."""
        if self._blow is None or self._blow.point.moment is not moment or self._blow.point.call != call:
            return False
        self._passages += 1
        return self._passages == self._blow.passage

    def strike(self) -> None:
        """Send the signal to ourselves. After SIGKILL nothing returns; after SIGSTOP it goes on when woken."""
        if self._blow is not None:
            os.kill(os.getpid(), self._blow.number)


class Mouth(asyncio.Transport):
    """A connection's transport, which is listened to as it writes; all else it hands on."""

    def __init__(self, transport: asyncio.Transport, line: Line, trap: Trap) -> None:
        super().__init__()
        self._transport = transport
        self._line = line
        self._trap = trap

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        content = bytes(data)
        if not content:
            return
        piece = self._line.said(content)
        for moment, cut in piece.cuts.items():
            if self._trap.is_sprung(piece.call, moment):
                self._transport.write(content[:cut])
                self._trap.strike()
                self._transport.write(content[cut:])
                return
        self._transport.write(content)

    @override
    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    @override
    def write_eof(self) -> None:
        self._transport.write_eof()

    @override
    def can_write_eof(self) -> bool:
        return self._transport.can_write_eof()

    @override
    def abort(self) -> None:
        self._transport.abort()

    @override
    def close(self) -> None:
        self._transport.close()

    @override
    def is_closing(self) -> bool:
        return self._transport.is_closing()

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    @override
    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._transport.set_write_buffer_limits(high, low)

    @override
    def get_write_buffer_size(self) -> int:
        return self._transport.get_write_buffer_size()

    @override
    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._transport.get_write_buffer_limits()

    @override
    def pause_reading(self) -> None:
        self._transport.pause_reading()

    @override
    def resume_reading(self) -> None:
        self._transport.resume_reading()

    @override
    def is_reading(self) -> bool:
        return self._transport.is_reading()


class Ear(asyncio.Protocol, Generic[_P]):
    """Stands between a socket and its reader."""

    def __init__(self, inner: _P, trap: Trap) -> None:
        self.inner = inner
        self._trap = trap
        self._line = Line()
        self._mouth: Mouth | None = None

    @property
    def mouth(self) -> Mouth:
        """What the reader writes to."""
        if self._mouth is None:
            raise RuntimeError("not connected yet")
        return self._mouth

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"{transport!r} is no stream")
        self._mouth = Mouth(transport, self._line, self._trap)
        self.inner.connection_made(self._mouth)

    @override
    def data_received(self, data: bytes) -> None:
        call = self._line.answered(data)
        if call and self._trap.is_sprung(call, Moment.ANSWERED):
            self._trap.strike()
        self.inner.data_received(data)

    @override
    def eof_received(self) -> bool | None:
        return self.inner.eof_received()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.inner.connection_lost(exc)

    @override
    def pause_writing(self) -> None:
        self.inner.pause_writing()

    @override
    def resume_writing(self) -> None:
        self.inner.resume_writing()


class ListeningLoop(asyncio.SelectorEventLoop):
    """The usual loop, with ears."""

    def __init__(self, trap: Trap) -> None:
        super().__init__()
        self._trap = trap

    @override
    async def create_connection(  # type: ignore[override]  # The stubs spell out each form; all forms end up here.
        self, protocol_factory: Callable[[], _P], *args: Any, **kwargs: Any
    ) -> tuple[asyncio.Transport, _P]:
        """See `asyncio.loop.create_connection`."""
        _, ear = await super().create_connection(self._eared(protocol_factory), *args, **kwargs)
        return ear.mouth, ear.inner

    @override
    async def create_unix_connection(  # type: ignore[override]  # As above.
        self, protocol_factory: Callable[[], _P], *args: Any, **kwargs: Any
    ) -> tuple[asyncio.Transport, _P]:
        """See `asyncio.loop.create_unix_connection`."""
        _, ear = await super().create_unix_connection(self._eared(protocol_factory), *args, **kwargs)
        return ear.mouth, ear.inner

    def _eared(self, protocol_factory: Callable[[], _P]) -> Callable[[], Ear[_P]]:
        return lambda: Ear(protocol_factory(), self._trap)
