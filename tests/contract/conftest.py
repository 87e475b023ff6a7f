"""What the suites over several stores share."""

from collections.abc import AsyncIterator, Iterator

import pytest

from store.server import connect
from store.store import memory_store, redis_store
from tests.contract.revision_rig import TERMS
from tests.contract.revision_rig import Rig as RevisionRig
from tests.support.clock import ManualClock
from tests.support.pacing_rig import Alerts, Opener, Rig
from tests.support.store_server import StoreServer


@pytest.fixture(params=["memory", "valkey", "debian_redis"])
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Opener]:
    """Opens each kind of store, empty, on the terms that a test asks for."""
    if request.param == "memory":
        clock = ManualClock()
        yield lambda terms: Rig(memory_store(clock, terms), clock)
        return
    running: StoreServer = request.getfixturevalue(request.param)
    running.wipe()
    async with connect(running.url) as server:
        yield lambda terms: Rig(redis_store(server, terms), None, running)


@pytest.fixture
def alerts(caplog: pytest.LogCaptureFixture) -> Iterator[Alerts]:
    """The alarms that were raised so far."""
    with caplog.at_level("INFO"):
        yield lambda: [line.getMessage() for line in caplog.records if getattr(line, "action", "") == "alert"]


@pytest.fixture(params=["memory", "valkey", "debian_redis"])
async def standing(request: pytest.FixtureRequest) -> AsyncIterator[RevisionRig]:
    """Each kind of store, empty, for posts that stand and are changed."""
    if request.param == "memory":
        clock = ManualClock()
        yield RevisionRig(memory_store(clock, TERMS), clock)
        return
    running: StoreServer = request.getfixturevalue(request.param)
    running.wipe()
    async with connect(running.url) as server:
        yield RevisionRig(redis_store(server, TERMS), None, running)
