"""A store at every kind of address: one server with TLS, sentinels over a failover, a cluster."""

import asyncio
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import MachineClock
from newsroom.admission import Wait
from newsroom.alert import Trouble
from newsroom.delivery import Delivery, State, next_step
from newsroom.errors import StoreUnavailable
from newsroom.ports import FeedState
from newsroom.receipt import Sent
from store.archive import export, restore
from store.keys import ROOT
from store.opening import open_store
from store.server import connect
from store.store import Store, redis_store
from store.survey import survey_of
from tests.support.newsroom import CHANNEL, a_story, an_admission
from tests.support.store_fleet import a_cluster, watched_pair
from tests.support.store_process import StoreProcess, debian_redis, free_port, store_process, until

NOWHERE = Path("unused")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder whose sockets have short names."""
    with tempfile.TemporaryDirectory(prefix="ajil-d", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def now() -> datetime:
    """The real time."""
    return datetime.now(UTC)  # noqa: TID251 - a real server has a real clock


async def one_post(store: Store, number: int, version: int) -> Delivery:
    """A story walks the whole way: admitted, shown, taken, settled, and read again."""
    await store.outbox.admit([an_admission(a_story(number, met=now()), CHANNEL)], version)
    assert isinstance(await store.outbox.look(CHANNEL.id), Delivery)
    taken = await store.outbox.take(CHANNEL.id, "w1", 5.0)
    assert isinstance(taken, Delivery), taken
    await store.outbox.settle(next_step(taken, Sent((str(number),)), now().timestamp()))
    [sent, *_] = await store.ledger.sent(10)
    return sent


async def test_a_cluster_holds_everything_in_one_slot(place: Path) -> None:
    """Outbox, ledger, feeds, survey and archive, three nodes."""
    async with a_cluster(place) as cluster:
        async with open_store(cluster.url, NOWHERE) as opened:
            sent = await one_post(opened.store, 1, 0)
            assert (sent.story, sent.state) == (a_story(1).id, State.SENT)
            await opened.store.feeds.remember("https://a.example.com/feed/", FeedState({}, "", "", 1.0))
            assert await opened.store.ledger.counts()
        async with connect(cluster.url) as server:
            assert not [doubt for doubt in (await survey_of(server, MachineClock())).doubts() if doubt.is_fatal]
            lines = [line async for line in export(server)]
        assert len(lines) > 5
        for node in cluster.nodes:
            async with node.look() as redis:
                await redis.flushall()
        async with connect(cluster.url) as server:
            await restore(server, lines)
            assert [it.story for it in await redis_store(server).ledger.sent(10)] == [a_story(1).id]


async def test_in_a_cluster_too_a_claim_is_held_until_a_replica_has_it(place: Path) -> None:
    """The node that owns our slot has a replica, which falls asleep."""
    async with (
        a_cluster(place) as cluster,
        cluster.replica_of(place / "r", ROOT) as replica,
        open_store(cluster.url, NOWHERE) as opened,
    ):
        await one_post(opened.store, 1, 0)
        replica.hit(signal.SIGSTOP)
        with pytest.raises(StoreUnavailable, match="no replica"):
            await one_post(opened.store, 2, 1)


@pytest.fixture
async def encrypted(place: Path) -> AsyncIterator[StoreProcess]:
    """A server that speaks TLS alone, with a certificate that it signed itself, as hosts have it."""
    binary = debian_redis()
    if binary is None or shutil.which("openssl") is None:
        pytest.skip("SKIPPED ALOUD: no redis-server or no openssl on this machine")
    key, certificate = str(place / "key.pem"), str(place / "cert.pem")
    ask = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
    await asyncio.to_thread(
        subprocess.run, [*ask, "-days", "1", "-subj", "/CN=store.example.com"], check=True, capture_output=True
    )
    more = ("--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate)
    port = free_port()
    async with store_process(
        place / "t", "--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no", *more, binary=binary, port=port
    ) as server:
        yield server


async def test_a_store_that_signed_its_own_certificate_is_taken_when_the_address_says_so(
    encrypted: StoreProcess,
) -> None:
    """And refused when it does not."""
    url = f"rediss://127.0.0.1:{encrypted.port}/0"
    async with open_store(f"{url}?ssl_cert_reqs=none", NOWHERE) as opened:
        assert opened.where == url
        assert (await one_post(opened.store, 1, 0)).state is State.SENT
    with pytest.raises(StoreUnavailable):
        async with open_store(url, NOWHERE):
            pass


async def test_a_store_behind_sentinels_is_found_again_after_a_failover_and_read_back_first(place: Path) -> None:
    """The primary dies; the sentinels promote the replica, which had everything; what waited is looked for."""
    binary = debian_redis()
    if binary is None:
        pytest.skip("SKIPPED ALOUD: no redis-server on this machine")
    async with watched_pair(place, binary) as watched, open_store(watched.url, NOWHERE) as opened:
        store = opened.store
        assert watched.url == opened.where
        await one_post(store, 1, 0)
        await store.outbox.admit([an_admission(a_story(2, met=now()), CHANNEL)], 1)
        await asyncio.sleep(0.2)
        await watched.primary.kill()
        shown: list[Delivery | Wait] = []

        async def answers() -> bool:
            with suppress(StoreUnavailable):
                shown.append(await store.outbox.look(CHANNEL.id))
            return bool(shown)

        await until(answers)
        assert shown == [Wait(None, "empty")]
        assert [it.story for it in await store.outbox.uncertain()] == [a_story(2).id]
        assert store.tidings.get_nowait().trouble is Trouble.STORE_MOVED
