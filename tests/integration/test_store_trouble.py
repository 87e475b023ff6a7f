"""A store in trouble: full, evicting, demoted. Nothing is sent, nothing is lost, and it goes on by itself."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import MachineClock
from newsroom.admission import Admitted, Wait
from newsroom.delivery import Delivery
from newsroom.errors import StoreUnavailable
from newsroom.rate import ALARM_SECONDS
from newsroom.receipt import Later
from store.keys import key
from store.opening import open_store
from store.server import connect
from store.store import redis_store
from store.survey import survey_of
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission
from tests.support.pacing_rig import Rig
from tests.support.store_server import StoreServer, redis_server

NOWHERE = Path("unused")


@pytest.fixture
def own() -> Iterator[StoreServer]:
    """A redis-server of this test's own, which it may harm."""
    if shutil.which("redis-server") is None:
        pytest.skip("SKIPPED ALOUD: no redis-server on this machine")
    # A killed server's child may still be writing the append-only file while the folder is removed.
    scratch = tempfile.TemporaryDirectory(prefix="ajil-t", ignore_cleanup_errors=True)
    with scratch as folder, redis_server(Path(folder)) as running:
        yield running


def now() -> datetime:
    """The real time."""
    return datetime.now(UTC)  # noqa: TID251 - a real server has a real clock


async def test_a_store_that_evicts_is_refused_at_the_start(own: StoreServer) -> None:
    """A forgotten story would be posted twice; the line tells the mend."""
    with own.client() as redis:
        redis.config_set("maxmemory", "50mb")
        redis.config_set("maxmemory-policy", "allkeys-lru")
    with pytest.raises(StoreUnavailable, match="set maxmemory-policy to noeviction"):
        async with open_store(own.url, NOWHERE):
            pass
    with own.client() as redis:
        redis.config_set("maxmemory-policy", "noeviction")
    async with open_store(own.url, NOWHERE) as opened:
        assert await opened.store.switch.paused() == ""


async def test_a_full_store_takes_nothing_and_nothing_is_sent_until_it_has_room(own: StoreServer) -> None:
    """The story is not half known: when there is room it is admitted whole."""
    async with connect(own.url) as server:
        store = redis_store(server)
        await store.outbox.admit([an_admission(a_story(1, met=now()), CHANNEL)], 0)
        with own.client() as redis:
            redis.config_set("maxmemory", "1mb")
        with pytest.raises(StoreUnavailable):
            await store.outbox.admit([an_admission(a_story(2, met=now()), CHANNEL)], 1)
        with pytest.raises(StoreUnavailable):
            await store.outbox.take(CHANNEL.id, "w1", 60.0)
        with own.client() as redis:
            redis.config_set("maxmemory", "0")
        [outcome] = await store.outbox.admit([an_admission(a_story(2, met=now()), CHANNEL)], 1)
        assert isinstance(outcome, Admitted)
        assert isinstance(await store.outbox.take(CHANNEL.id, "w1", 60.0), Delivery)


async def test_a_store_that_became_a_replica_takes_nothing_and_says_so(own: StoreServer) -> None:
    """After a failover the old address leads to a server that only follows."""
    async with connect(own.url) as server:
        store = redis_store(server)
        await store.outbox.admit([an_admission(a_story(1, met=now()), CHANNEL)], 0)
        with own.client() as redis:
            redis.replicaof("127.0.0.1", "1")
        with pytest.raises(StoreUnavailable):
            await store.outbox.take(CHANNEL.id, "w1", 60.0)
        [doubt, *_] = (await survey_of(server, MachineClock())).doubts()
        assert doubt.is_fatal
        assert "primary" in doubt.said
        with own.client() as redis:
            redis.replicaof("NO", "ONE")
        # What it heard while it followed may have taken the place of its own: what waits is looked for first.
        assert await store.outbox.take(CHANNEL.id, "w1", 60.0) == Wait(None, "empty")
        assert [it.story for it in await store.outbox.uncertain()] == [a_story(1).id]


async def test_a_store_without_an_append_only_file_is_doubted(own: StoreServer) -> None:
    """And no longer, once it keeps one."""
    async with connect(own.url) as server:
        assert [doubt.is_fatal for doubt in (await survey_of(server, MachineClock())).doubts()] == [False]
        with own.client() as redis:
            redis.config_set("appendonly", "yes")
        assert not list((await survey_of(server, MachineClock())).doubts())


async def test_what_shut_a_target_may_be_forgotten_before_the_target_opens(own: StoreServer) -> None:
    """An account without credits for as long as a delivery is kept: who looks sees one target less, and no fault."""
    async with connect(own.url) as server:
        rig = Rig(redis_store(server), None, own)
        await rig.admit([1], CHANNEL, ACCOUNT)
        gone, _ = [await rig.post(target, Later(ALARM_SECONDS, "no credits")) for target in (CHANNEL, ACCOUNT)]
        with own.client() as redis:
            redis.delete(key("delivery", gone.id))
        assert await rig.store.ledger.shut([CHANNEL.id, ACCOUNT.id]) == {ACCOUNT.id: "no credits"}
