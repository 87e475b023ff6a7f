"""Opening the store: where it is looked for, and what is refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from newsroom.errors import StoreUnavailable
from store.address import address_of
from store.form import brought_up
from store.server import Server, connect
from store.store import Store, redis_store
from store.terms import Terms

STATE_FOLDER = Path(".ajil")
"""Where the embedded server keeps its own."""


@dataclass(frozen=True, slots=True)
class OpenStore:
    """A store that answers, and where it is (without a password)."""

    store: Store
    where: str
    is_embedded: bool


@asynccontextmanager
async def open_store(redis_url: str, folder: Path, terms: Terms | None = None) -> AsyncIterator[OpenStore]:
    """The server at `redis_url`, or, when that is empty, the embedded one in `folder`; `terms` are the outbox's.

    Raises:
        StoreUnavailable: it does not answer, it may forget what it was told, or a later Ajil wrote it.
    """
    async with open_server(redis_url, folder) as (server, where):
        await _refuse_forgetful(server, where)
        await brought_up(server, where)
        yield OpenStore(redis_store(server, terms), where, is_embedded=not redis_url)


@asynccontextmanager
async def open_server(redis_url: str, folder: Path) -> AsyncIterator[tuple[Server, str]]:
    """The bare server, unquestioned, and where it is: for the archive and the survey.

    Raises:
        StoreUnavailable: the embedded one cannot be started. One at an address is first asked by the first command.
    """
    if redis_url:
        async with connect(redis_url) as server:
            yield server, address_of(redis_url).shown
    else:
        from store.embedded import embedded_server  # noqa: PLC0415 - a house with a server of its own has no use for it

        async with embedded_server(folder) as server:
            yield server, f"the embedded Valkey in {folder}"


async def _refuse_forgetful(server: Server, where: str) -> None:
    """An evicting server drops what was seen and then everything is news (measured: 3,000 of 3,000 keys lost).

    Read from INFO: managed hosts often forbid CONFIG. A server without a memory limit never evicts.
    """
    memory = await server.info("memory")
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction" and int(memory.get("maxmemory", 0)) > 0:
        raise StoreUnavailable(
            f"{where} evicts keys when its memory is full (maxmemory-policy {policy}), and a forgotten story would be "
            "posted twice: set maxmemory-policy to noeviction",
        )
