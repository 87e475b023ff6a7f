"""A name server on a real socket that changes its mind, and a resolver that asks it (RFC 1035, A records alone)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import count
from struct import Struct
from typing import cast

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

_HEAD = Struct("!6H")
_RECORD = Struct("!3HIH4s")
_ANSWERED, _A, _IN = 0x8180, 1, 1
_NAME_OF_QUESTION = 0xC00C
"""A pointer to the name behind the head."""


@dataclass(slots=True, eq=False)
class NameServer(asyncio.DatagramProtocol):
    """Answers every name: each time with the next of `answers`, and with the last one for ever."""

    answers: list[tuple[str, ...]]
    asked: list[str] = field(default_factory=list)
    transport: asyncio.DatagramTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        number, *_ = _HEAD.unpack_from(data)
        end = data.index(b"\0", _HEAD.size) + 5
        addresses = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(_name_in(data))
        records = b"".join(
            _RECORD.pack(_NAME_OF_QUESTION, _A, _IN, 0, 4, IPv4Address(address).packed) for address in addresses
        )
        assert self.transport is not None
        head = _HEAD.pack(number, _ANSWERED, 1, len(addresses), 0, 0)
        self.transport.sendto(head + data[_HEAD.size : end] + records, addr)


def _name_in(question: bytes) -> str:
    labels, at = [], _HEAD.size
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    return ".".join(labels)


class AskingResolver(AbstractResolver):
    """Asks a name server anew each time.

    Args:
        port: Of the name server, on 127.0.0.1.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = count(1)

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        name = b"".join(bytes([len(label)]) + label.encode("ascii") for label in host.split("."))
        question = _HEAD.pack(next(self._numbers), 0x100, 1, 0, 0, 0) + name + b"\0" + bytes((0, _A, 0, _IN))
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.setblocking(False)  # noqa: FBT003 - the standard library's own signature.
            asking.connect(("127.0.0.1", self._port))
            await loop.sock_sendall(asking, question)
            answer = await loop.sock_recv(asking, 512)
        _, _, _, records, _, _ = _HEAD.unpack_from(answer)
        packed = answer[len(question) :]
        return [
            ResolveResult(
                hostname=host,
                host=str(IPv4Address(_RECORD.unpack_from(packed, number * _RECORD.size)[-1])),
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for number in range(records)
        ]

    @override
    async def close(self) -> None:
        """Nothing stays open."""


@asynccontextmanager
async def name_server(*answers: tuple[str, ...]) -> AsyncIterator[tuple[NameServer, AskingResolver]]:
    """A name server with these answers, and a resolver that asks it."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: NameServer(list(answers)), local_addr=("127.0.0.1", 0)
    )
    try:
        yield server, AskingResolver(transport.get_extra_info("sockname")[1])
    finally:
        transport.close()
