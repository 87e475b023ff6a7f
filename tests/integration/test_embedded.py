"""The embedded store: kept through kill -9, shared, ended by whoever leaves last."""

import asyncio
import os
import re
import signal
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from newsroom.errors import StoreUnavailable
from store.embedded import SOCKET_PATH_LIMIT, embedded_server
from store.keys import KINDS, key
from store.opening import open_store
from store.scripts import SCRIPTS, script
from store.server import Server
from tests.support.store_process import until
from tests.support.store_server import StoreServer


async def pid_of(server: Server) -> int:
    """The server's own process."""
    return int((await server.info("server"))["process_id"])


async def test_what_was_written_is_there_after_the_next_start(tmp_path: Path) -> None:
    """An orderly end, and a new server."""
    async with embedded_server(tmp_path) as server:
        await server.put(key("paused"), "11")
        first = await pid_of(server)
    async with embedded_server(tmp_path) as server:
        assert await server.text(key("paused")) == "11"
        assert await pid_of(server) != first


async def test_what_was_written_survives_kill_9_of_the_server(tmp_path: Path) -> None:
    """The append-only file is synced on every write."""
    async with embedded_server(tmp_path) as server:
        await server.put(key("paused"), "11")
        os.kill(await pid_of(server), signal.SIGKILL)
    async with embedded_server(tmp_path) as server:
        assert await server.text(key("paused")) == "11"


async def test_a_second_worker_attaches_to_the_running_server(tmp_path: Path) -> None:
    """One store for all workers of this machine."""
    async with embedded_server(tmp_path) as one, embedded_server(tmp_path) as two:
        await one.put(key("paused"), "11")
        assert await two.text(key("paused")) == "11"
        assert await pid_of(one) == await pid_of(two)


async def test_a_server_that_was_killed_is_started_again_while_somebody_works_on_it(tmp_path: Path) -> None:
    """Once, though two workers miss it; what was written is there, and the last one out ends it."""
    async with embedded_server(tmp_path) as one, embedded_server(tmp_path) as two:
        await one.put(key("paused"), "11")
        first = await pid_of(one)
        os.kill(first, signal.SIGKILL)
        await until(partial(answer, one, two))
        assert await two.text(key("paused")) == "11"
        assert await pid_of(one) == await pid_of(two) != first
    assert not (tmp_path / "valkey.sock").exists()


async def test_a_worker_whose_store_was_started_by_another_keeps_it_when_that_one_leaves(tmp_path: Path) -> None:
    """A rolling deploy on one machine."""
    async with AsyncExitStack() as first:
        await first.enter_async_context(embedded_server(tmp_path))
        async with embedded_server(tmp_path) as two:
            await two.put(key("paused"), "11")
            await first.aclose()
            await until(partial(answer, two))
            assert await two.text(key("paused")) == "11"


@pytest.mark.parametrize("unwritable", ["valkey.conf", "start.lock"])
async def test_a_start_that_the_disk_does_not_let_happen_is_tried_again_until_it_does(
    unwritable: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A directory in the place of a file that is written before the server runs gives what a full disk gives."""

    async def was_tried() -> bool:
        return any("cannot be started" in line.getMessage() for line in caplog.records)

    async with embedded_server(tmp_path) as server:
        await server.put(key("paused"), "11")
        (tmp_path / unwritable).unlink()
        (tmp_path / unwritable).mkdir()
        os.kill(await pid_of(server), signal.SIGKILL)
        await until(was_tried)
        (tmp_path / unwritable).rmdir()
        await until(partial(answer, server))
        assert await server.text(key("paused")) == "11"


async def test_two_workers_that_start_at_once_share_one_server(tmp_path: Path) -> None:
    """Two servers on one file would spoil it."""
    async with AsyncExitStack() as stack:
        servers = await asyncio.gather(*(stack.enter_async_context(embedded_server(tmp_path)) for _ in range(3)))
        assert len({await pid_of(server) for server in servers}) == 1


async def answer(*servers: Server) -> bool:
    """Whether all of them are there now."""
    try:
        return all([await server.answers() for server in servers])
    except StoreUnavailable:
        return False


async def test_ctrl_c_does_not_take_the_store_away_from_a_worker_that_still_writes(tmp_path: Path) -> None:
    """SIGINT and SIGTERM reach the whole group; the server waits for its own end."""
    async with embedded_server(tmp_path) as server:
        pid = await pid_of(server)
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(pid, number)
            assert await server.answers()


async def test_a_folder_too_deep_for_a_socket_is_told(tmp_path: Path) -> None:
    """A clear line instead of an OSError of the kernel."""
    deep = tmp_path / ("x" * SOCKET_PATH_LIMIT)
    with pytest.raises(StoreUnavailable, match="too long for a socket"):
        async with embedded_server(deep):
            pass


async def test_a_store_that_evicts_is_refused(valkey: StoreServer, tmp_path: Path) -> None:
    """A forgotten story would be posted twice."""
    with valkey.client() as redis:
        redis.config_set("maxmemory", "50mb")
        redis.config_set("maxmemory-policy", "allkeys-lru")
        try:
            with pytest.raises(StoreUnavailable, match="maxmemory-policy"):
                async with open_store(valkey.url, tmp_path):
                    pass
        finally:
            redis.config_set("maxmemory", "0")
            redis.config_set("maxmemory-policy", "noeviction")


def test_every_kind_of_key_that_the_scripts_build_is_listed() -> None:
    """No key is named outside store/keys.py."""
    used = {kind for name in SCRIPTS for kind in re.findall(r"key\('(\w+)'", script(name))}
    assert used <= {kind.name for kind in KINDS}
