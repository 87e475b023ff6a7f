"""Names: which addresses a host has, asked in threads of our own.

The system's resolver blocks, and waits ten seconds and more for a name server that is silent. asyncio asks it in its
common threads, of which a machine with two cores has six: so many dead names would hold up every other name, and all else
that is done there.
"""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

THREADS = 48
"""At most; one is started when all others are busy."""
_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV

Found = tuple[socket.AddressFamily, int, str]
"""Family, protocol, numeric address."""
Ask = Callable[[str, int, socket.AddressFamily], list[Found]]


class Names(AbstractResolver):
    """Asks many at once. What is answered is judged by the guard, at the socket.

    Args:
        ask: Host, port and family to addresses, each with its family and protocol; blocks. The system as a rule.
    """

    def __init__(self, ask: Ask | None = None) -> None:
        self._ask = ask or ask_system
        self._threads = ThreadPoolExecutor(THREADS, "names")

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, host, port, family)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=protocol, flags=_NUMERIC)
            for kind, protocol, address in found
        ]

    @override
    async def close(self) -> None:
        """Whoever still waits for an answer waits in vain."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def ask_system(host: str, port: int, family: socket.AddressFamily) -> list[Found]:
    """What getaddrinfo knows."""
    kind, flags = socket.SOCK_STREAM, socket.AI_ADDRCONFIG
    found = socket.getaddrinfo(host, port, family=family, type=kind, flags=flags)
    # A link-local address would need its zone to be connected to; the guard refuses it with and without one.
    return [(family, protocol, str(address[0])) for family, _, protocol, _, address in found]
