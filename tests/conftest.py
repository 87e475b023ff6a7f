"""What all tests share: marks by folder, no network but this machine, one real store server a session."""

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from store.server import Server, connect
from tests.support.store_server import StoreServer, redis_server, valkey_server

# python-telegram-bot warns inside every flood wait unless it is told which form of seconds is wanted, and a warning
# is an error here. The worker sets the same.
os.environ.setdefault("PTB_TIMEDELTA", "true")

LONGEST = ("e2e", "browser", "desk")
"""Folders whose tests wait longest."""
FOLDERS = ("unit", "contract", "integration", "e2e", "chaos", "browser")
SHARED = Path(__file__).parents[2] / "shared"


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """A test's folder is its mark. Where several run at once, those of one file stay together.

    The groups must stand before pytest-xdist reads them. What waits longest begins first, whatever chance made of the
    order, so that it does not wait alone at the end.
    """
    for found in items:
        inside = found.path.relative_to(Path(__file__).parent)
        for folder in FOLDERS:
            if folder in inside.parts:
                found.add_marker(folder)
        found.add_marker(pytest.mark.xdist_group(str(inside)))
    yield
    items.sort(key=_rank)


def _rank(found: pytest.Item) -> int:
    parts = found.path.relative_to(Path(__file__).parent).parts
    return next((place for place, name in enumerate(LONGEST) if name in parts), len(LONGEST))


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any address but this machine's fails the test: the network is impossible, not merely unused."""
    connect_really = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not ipaddress.ip_address(address[0]).is_loopback:
            pytest.fail(f"a test reached for {address!r}; only 127.0.0.1 is allowed")
        connect_really(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def shared() -> Path:
    """The measured data beside the project; a test that needs it says aloud that it skips without."""
    if not SHARED.is_dir():
        pytest.skip("SKIPPED ALOUD: ../shared is not here")
    return SHARED


@pytest.fixture(scope="session")
def valkey() -> Iterator[StoreServer]:
    """The embedded Valkey on a socket of its own."""
    folder = Path(tempfile.mkdtemp(prefix="ajil-v"))
    with valkey_server(folder) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def debian_redis() -> Iterator[StoreServer]:
    """A redis-server from the PATH, where there is one."""
    if shutil.which("redis-server") is None:
        pytest.skip("SKIPPED ALOUD: no redis-server on this machine")
    folder = Path(tempfile.mkdtemp(prefix="ajil-r"))
    with redis_server(folder) as server:
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def server(valkey: StoreServer) -> AsyncIterator[Server]:
    """An empty real store."""
    valkey.wipe()
    async with connect(valkey.url) as opened:
        yield opened
