"""The store's epoch: restarts, failovers that lose writes, wipes. What may stand in a channel is looked for first."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from newsroom.admission import Admitted, Wait
from newsroom.alert import Trouble
from newsroom.delivery import Delivery, Lane, State, delivery_id, next_step, read_back
from newsroom.errors import LeaseLost, StoreUnavailable
from newsroom.post import WORDS_ALONE
from newsroom.receipt import Absent, Sent
from newsroom.story import Story
from store.address import address_of
from store.epoch import VERSION_LEAP
from store.keys import key
from store.line import open_line
from store.server import Server, connect
from store.store import Store, redis_store
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission
from tests.support.store_process import SAFE, StoreProcess, point, store_process

LEASE = 1.0
LOOKED_FOR = "posts that waited and are looked for before they are sent"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder whose sockets have short names."""
    with tempfile.TemporaryDirectory(prefix="ajil-e", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def now() -> datetime:
    """The real time."""
    return datetime.now(UTC)  # noqa: TID251 - a real server has a real clock


def a_dated_story(number: int, minutes_ago: float = 0.0) -> Story:
    """One that the site published so many minutes ago."""
    at = now() - timedelta(minutes=minutes_ago)
    return replace(a_story(number, met=at), published=at)


@asynccontextmanager
async def a_store(url: str) -> AsyncIterator[Store]:
    """As one worker opens it."""
    async with connect(url) as server:
        yield redis_store(server)


async def take(store: Store) -> Delivery:
    """The next delivery of the channel, which must be there."""
    found = await store.outbox.take(CHANNEL.id, "w1", LEASE)
    assert isinstance(found, Delivery), found
    return found


async def look(store: Store) -> Delivery | Wait:
    """What is next; a connection that died with its server is met once, or not at all."""
    with suppress(StoreUnavailable):
        return await store.outbox.look(CHANNEL.id)
    return await store.outbox.look(CHANNEL.id)


def troubles(store: Store) -> list[tuple[Trouble, str]]:
    """What the desk is told of it."""
    told = []
    while not store.tidings.empty():
        alert = store.tidings.get_nowait()
        told.append((alert.trouble, alert.why))
    return told


@asynccontextmanager
async def a_pair(place: Path) -> AsyncIterator[tuple[StoreProcess, StoreProcess, Store]]:
    """A primary, a replica that has all it has, and a store at the address that leads to the primary."""
    async with AsyncExitStack() as stack:
        one, two = [await stack.enter_async_context(store_process(place / name, *SAFE)) for name in "ab"]
        store = await stack.enter_async_context(a_store(point(place / "front", one)))
        await two.follow(one)
        yield one, two, store


async def fail_over(place: Path, one: StoreProcess, two: StoreProcess) -> None:
    """The primary dies, and the other stands at its address."""
    await one.kill()
    await two.promote()
    point(place / "front", two)


async def test_the_first_start_on_an_empty_store_is_no_trouble(place: Path) -> None:
    """Nothing was lost where nothing was."""
    async with store_process(place / "a", *SAFE) as server, a_store(server.url) as store:
        assert await store.outbox.look(CHANNEL.id) == Wait(None, "empty")
        assert troubles(store) == []
        assert (await store.outbox.recent(0)).forgotten == 0


async def test_a_restart_of_a_server_that_syncs_every_write_changes_nothing(place: Path) -> None:
    """Killed and started from its file: what waited goes on, and nothing is read back."""
    async with store_process(place / "a", *SAFE) as server, a_store(server.url) as store:
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        await server.kill()
        await server.start()
        assert isinstance(await look(store), Delivery)
        assert (await take(store)).story == a_story(1).id
        assert troubles(store) == []


@pytest.mark.parametrize("options", [("--appendonly", "yes", "--appendfsync", "everysec")])
async def test_after_a_restart_that_may_have_lost_writes_what_waited_is_read_back_first(
    place: Path, options: tuple[str, ...]
) -> None:
    """A second of writes may be missing: the claim of what waits may be among them."""
    async with store_process(place / "a", *options) as server, a_store(server.url) as store:
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        await server.kill()
        await server.start()
        assert await store.outbox.look(CHANNEL.id) == Wait(None, "empty")
        [doubted] = await store.outbox.uncertain()
        assert (doubted.state, doubted.doubted) == (State.UNCERTAIN, True)
        assert troubles(store) == [(Trouble.STORE_MOVED, f"{LOOKED_FOR}: 1")]


async def test_a_failover_that_lost_a_claim_sends_nothing_before_it_was_looked_for(place: Path) -> None:
    """The replica was cut off before the claim; the worker's result comes late, and a later look finds the lane free."""
    async with a_pair(place) as (one, two, store):
        for number in (1, 2):
            await store.outbox.admit([an_admission(a_dated_story(number), CHANNEL)], number - 1)
        first = await take(store)
        await store.outbox.settle(next_step(first, Sent(("50",)), now().timestamp()))
        await asyncio.sleep(0.2)
        await two.promote()
        assert isinstance(await look(store), Delivery)
        lost = await take(store)
        await fail_over(place, one, two)
        assert await look(store) == Wait(None, "empty")
        [doubted] = await store.outbox.uncertain()
        assert (doubted.id, doubted.base) == (lost.id, 50)
        assert doubted.readable - doubted.settled == pytest.approx(LEASE)
        with pytest.raises(LeaseLost):
            await store.outbox.settle(next_step(lost, Sent(("51",)), now().timestamp()))
        assert troubles(store) == [(Trouble.STORE_MOVED, f"{LOOKED_FOR}: 1")]
        await store.outbox.resolve(read_back(doubted, Absent(), now().timestamp()))
        again = await take(store)
        assert again.id == lost.id
        with pytest.raises(LeaseLost):
            await store.outbox.settle(next_step(lost, Sent(("51",)), now().timestamp()))


async def test_a_story_that_the_failover_lost_altogether_is_looked_for_when_it_comes_again(place: Path) -> None:
    """From the number on that stood when the store moved, though newer posts went out since."""
    async with a_pair(place) as (one, two, store):
        await store.outbox.admit([an_admission(a_dated_story(1, 5), CHANNEL)], 0)
        await store.outbox.settle(next_step(await take(store), Sent(("50",)), now().timestamp()))
        await asyncio.sleep(0.2)
        await two.promote()
        await store.outbox.admit([an_admission(a_dated_story(2, 4), CHANNEL, ACCOUNT)], 1)
        assert isinstance(await look(store), Delivery)
        await store.outbox.settle(next_step(await take(store), Sent(("51",)), now().timestamp()))
        await fail_over(place, one, two)
        async with a_store(f"unix://{place}/front") as other:
            await look(other)
            version = (await other.outbox.recent(0)).version
            assert version == 1 + VERSION_LEAP
            await other.outbox.admit([an_admission(a_dated_story(3), CHANNEL)], version)
            [newer] = await other.outbox.uncertain()
            await other.outbox.resolve(read_back(newer, Absent(), now().timestamp()))
            await other.outbox.settle(next_step(await take(other), Sent(("60",)), now().timestamp()))
            [again] = await other.outbox.admit([an_admission(a_dated_story(2, 4), CHANNEL, ACCOUNT)], version + 1)
            assert isinstance(again, Admitted)
            assert {(it.target, it.state, it.base) for it in again.deliveries} == {
                (CHANNEL.id, State.UNCERTAIN, 50),
                (ACCOUNT.id, State.UNCERTAIN, 0),
            }
            assert all(it.admitted <= now().timestamp() - 230 for it in again.deliveries)


async def test_what_a_worker_admitted_and_the_failover_lost_is_brought_back_and_looked_for(place: Path) -> None:
    """No other worker may have met it, and its feed shows it to this one no more."""
    async with a_pair(place) as (one, two, store):
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        await asyncio.sleep(0.2)
        await two.promote()
        await store.outbox.admit([an_admission(a_dated_story(2), CHANNEL, ACCOUNT)], 1)
        await fail_over(place, one, two)
        await look(store)
        assert {it.id for it in await store.outbox.uncertain()} == {
            delivery_id(a_story(1).id, CHANNEL.id),
            delivery_id(a_story(2).id, CHANNEL.id),
            delivery_id(a_story(2).id, ACCOUNT.id),
        }
        assert troubles(store) == [(Trouble.STORE_MOVED, f"{LOOKED_FOR}: 3")]


async def test_what_was_not_due_when_the_store_moved_waits_on_for_its_hour(place: Path) -> None:
    """It cannot have gone out before, whether the new server knew of it or a worker brings it back."""
    async with a_pair(place) as (one, two, store):
        later = now().timestamp() + 600
        early, late = [replace(an_admission(a_dated_story(n), CHANNEL), dues={CHANNEL.id: later}) for n in (1, 2)]
        await store.outbox.admit([early], 0)
        await asyncio.sleep(0.2)
        await two.promote()
        await store.outbox.admit([late], 1)
        await fail_over(place, one, two)
        found = await look(store)
        assert isinstance(found, Wait)
        assert found.why == "not due yet"
        assert await store.outbox.uncertain() == ()
        assert (await store.ledger.counts())[CHANNEL.id][State.PLANNED] == 2


async def test_a_window_that_was_read_before_a_failover_judges_nothing_after_it(place: Path) -> None:
    """Its number cannot be met again by chance."""
    async with a_pair(place) as (one, two, store):
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        await asyncio.sleep(0.2)
        await fail_over(place, one, two)
        await look(store)
        [outcome] = await store.outbox.admit([an_admission(a_dated_story(2), CHANNEL)], 1)
        assert not isinstance(outcome, Admitted)


async def test_two_workers_meet_one_failover_and_one_alert_is_raised(place: Path) -> None:
    """The second finds it verified."""
    async with a_pair(place) as (one, two, store), a_store(f"unix://{place}/front") as other:
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        await other.outbox.look(CHANNEL.id)
        await asyncio.sleep(0.2)
        await fail_over(place, one, two)
        await asyncio.gather(look(store), look(other))
        assert len([*troubles(store), *troubles(other)]) == 1


async def test_a_claim_is_held_until_a_replica_has_it(place: Path) -> None:
    """The replica sleeps: nothing may be sent, the delivery waits as it was, and goes on when it wakes."""
    async with a_pair(place) as (_one, two, store):
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        assert isinstance(await store.outbox.look(CHANNEL.id), Delivery)
        two.hit(signal.SIGSTOP)
        with pytest.raises(StoreUnavailable, match="no replica"):
            await store.outbox.take(CHANNEL.id, "w1", LEASE)
        assert isinstance(await store.outbox.look(CHANNEL.id), Delivery)
        two.hit(signal.SIGCONT)
        taken = await take(store)
        async with two.look() as redis:
            assert await redis.hget(f"{{ajil}}:delivery:{taken.id}", "state") == State.SENDING


class Overtaken(Server):
    """A server that is another as soon as it has said that no replica has the claim."""

    fail_over: Callable[[], Awaitable[None]]

    @override
    async def run_copied(self, name: str, *args: str | float) -> tuple[Any, int]:
        """The claim, and then the failover."""
        answered = await super().run_copied(name, *args)
        await self.fail_over()
        return answered


async def test_a_claim_that_no_replica_had_when_one_was_promoted_is_given_up_and_looked_for(place: Path) -> None:
    """The lane stands still for a moment; its worker goes on."""
    async with a_pair(place) as (one, two, _), open_line(address_of(f"unix://{place / 'front'}")) as line:
        server = Overtaken(line)
        server.fail_over = partial(fail_over, place, one, two)
        store = redis_store(server)
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        await asyncio.sleep(0.2)
        await two.promote()
        with pytest.raises(StoreUnavailable):
            await store.outbox.take(CHANNEL.id, "w1", LEASE)
        assert await look(store) == Wait(None, "empty")
        assert [doubted.story for doubted in await store.outbox.uncertain()] == [a_story(1).id]


async def test_a_wiped_store_tells_what_it_forgot_once_and_says_since_when(place: Path) -> None:
    """Two workers run; one tells how much waited, and windows read before are not taken for this store's."""
    async with store_process(place / "a", *SAFE) as server, a_store(server.url) as store, a_store(server.url) as other:
        for number in (1, 2, 3):
            await store.outbox.admit([an_admission(a_dated_story(number), CHANNEL)], number - 1)
        await store.outbox.settle(next_step(await take(store), Sent(("50",)), now().timestamp()))
        await other.outbox.look(CHANNEL.id)
        async with server.look() as redis:
            await redis.flushall()
        assert await store.outbox.look(CHANNEL.id) == Wait(None, "empty")
        await other.outbox.look(CHANNEL.id)
        assert troubles(store) == [(Trouble.STORE_FORGOT, "posts that waited and are forgotten: 2")]
        assert troubles(other) == []
        recent = await store.outbox.recent(0)
        lives = [await store.ledger.life(story.id) for story in recent.stories]
        assert [(life.verdict, life.deliveries) for life in lives if life] == [("ignored", ())] * 3
        assert recent.forgotten == pytest.approx(now().timestamp(), abs=5)
        for version in (0, 3):
            [outcome] = await other.outbox.admit([an_admission(a_dated_story(9), CHANNEL)], version)
            assert not isinstance(outcome, Admitted)


async def test_a_worker_that_starts_on_a_wiped_store_hides_the_wipe_from_nobody(place: Path) -> None:
    """It cannot know that anything had been there; the one that ran before does, and says so."""
    async with store_process(place / "a", *SAFE) as server, a_store(server.url) as store:
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        async with server.look() as redis:
            await redis.flushall()
        async with a_store(server.url) as fresh:
            await fresh.outbox.look(CHANNEL.id)
            assert troubles(fresh) == []
            assert (await fresh.outbox.recent(0)).forgotten == 0
            await store.outbox.look(CHANNEL.id)
            assert [trouble for trouble, _ in troubles(store)] == [Trouble.STORE_FORGOT]
            assert (await fresh.outbox.recent(0)).forgotten > 0


async def test_a_memory_that_was_put_back_to_an_earlier_day_is_noticed(place: Path) -> None:
    """The same server, the file of this morning: the worker knows of more claims than the store."""
    async with store_process(place / "a", *SAFE) as server, a_store(server.url) as store:
        for number in (1, 2):
            await store.outbox.admit([an_admission(a_dated_story(number), CHANNEL)], number - 1)
        async with server.look() as redis:
            kept = await redis.dump("{ajil}:epoch")
        await store.outbox.settle(next_step(await take(store), Sent(("50",)), now().timestamp()))
        async with server.look() as redis:
            await redis.restore("{ajil}:epoch", 0, kept or b"", replace=True)
        await server.kill()
        await server.start()
        assert await look(store) == Wait(None, "empty")
        assert [trouble for trouble, _ in troubles(store)] == [Trouble.STORE_MOVED]


async def test_a_delivery_takes_three_round_trips(place: Path) -> None:
    """Shown, taken, settled; the look at the server goes with each of them."""
    stories = 20
    async with store_process(place / "a", *SAFE) as server, a_store(server.url) as store, server.look() as watch:
        await store.outbox.admit([an_admission(a_dated_story(n), CHANNEL) for n in range(1, stories + 1)], 0)
        for _ in range(2):
            # The first of each kind loads its script.
            await one_send(store)
        asked: list[str] = []
        async with watch.monitor() as monitor:
            for _ in range(stories - 2):
                await one_send(store)
            await store.switch.paused()
            async for said in monitor.listen():
                if said["client_type"] == "lua":
                    continue
                if said["command"].startswith("GET "):
                    break
                asked.append(said["command"])
        assert len(asked) == 3 * (stories - 2)


async def one_send(store: Store) -> None:
    """As a lane does it."""
    assert isinstance(await store.outbox.look(CHANNEL.id), Delivery)
    await store.outbox.settle(next_step(await take(store), Sent(("50",)), now().timestamp()))


async def evict(server: StoreProcess, *names: str) -> None:
    """These keys go, and the server counts that it made room: by ballast, which is the first to go under this policy."""
    async with server.look() as redis:
        await redis.delete(*names)
        await redis.config_set("maxmemory-policy", "volatile-ttl")
        await redis.set("{ajil}:ballast", "x" * 500_000, ex=5)
        await redis.config_set("maxmemory", int((await redis.info("memory"))["used_memory"]) - 100_000)
        await redis.set("{ajil}:more", "x")
        await redis.config_set("maxmemory", 0)
        await redis.config_set("maxmemory-policy", "noeviction")
        assert int((await redis.info("stats"))["evicted_keys"]) > 0


@pytest.mark.parametrize("lost", ["lane", "delivery", "story and all"])
async def test_what_a_server_dropped_to_make_room_is_brought_back_and_looked_for(place: Path, lost: str) -> None:
    """Whichever key it was: the lane that led to a post, the post, or the whole story. The desk is told once."""
    async with store_process(place / "a", *SAFE) as server, a_store(server.url) as store:
        story = a_dated_story(1)
        await store.outbox.admit([an_admission(story, CHANNEL)], 0)
        name = delivery_id(story.id, CHANNEL.id)
        gone = {"lane": [key("lane", CHANNEL.id)], "delivery": [key("delivery", name)]}
        async with server.look() as redis:
            everything = [each async for each in redis.scan_iter("*") if each != key("epoch")]
        await evict(server, *gone.get(lost, everything))
        assert await look(store) == Wait(None, "empty")
        [uncertain] = await store.outbox.uncertain()
        assert uncertain.id == name
        assert [trouble for trouble, _ in troubles(store)] == [Trouble.STORE_EVICTS]
        assert await look(store) == Wait(None, "empty")
        assert troubles(store) == []


@pytest.mark.parametrize("lost", [("flight",), ("flight", "targets"), ("flight", "epoch")])
async def test_what_another_worker_is_sending_is_not_claimed_again_though_the_server_dropped_its_flight(
    place: Path, lost: Sequence[str]
) -> None:
    """Who looks next did not admit it and has no memory of it; whoever sends it can still write what became of it."""
    names = {"flight": key("flight", CHANNEL.id), "targets": key("targets"), "epoch": key("epoch")}
    async with (
        store_process(place / "a", *SAFE) as server,
        a_store(server.url) as store,
        a_store(server.url) as other,
    ):
        assert await look(other) == Wait(None, "empty")
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        taken = await take(store)
        await evict(server, *(names[name] for name in lost))
        for found in (await other.outbox.look(CHANNEL.id, "w2", 60.0, WORDS_ALONE), await look(other)):
            assert isinstance(found, Wait)
            assert found.why == "in flight"
        await store.outbox.settle(next_step(taken, Sent(("7",)), now().timestamp()))
        assert await look(other) == Wait(None, "empty")
        assert await other.outbox.uncertain() == ()


async def test_what_grew_old_is_told_though_a_claim_without_its_flight_stands_behind_it(place: Path) -> None:
    """The look that finds both tells of the old one, and the next one of the claim."""
    async with (
        store_process(place / "a", *SAFE) as server,
        a_store(server.url) as store,
        a_store(server.url) as other,
    ):
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL, lane=Lane.ORDINARY)], 0)
        await take(store)
        old = replace(an_admission(a_dated_story(2), CHANNEL), expires=now().timestamp() - 1)
        await store.outbox.admit([old], 1)
        assert isinstance(await look(other), Wait)
        async with server.look() as redis:
            await redis.delete(key("flight", CHANNEL.id))
        found = await look(other)
        assert isinstance(found, Wait)
        assert [(gone.story, gone.state) for gone in found.gone] == [(old.story.id, State.EXPIRED)]
        held = await look(other)
        assert isinstance(held, Wait)
        assert held.why == "in flight"


async def test_a_claim_whose_server_dropped_the_flight_is_looked_for_and_its_worker_cannot_write(place: Path) -> None:
    """Nothing led to it any more, and it may stand there."""
    async with store_process(place / "a", *SAFE) as server, a_store(server.url) as store:
        await store.outbox.admit([an_admission(a_dated_story(1), CHANNEL)], 0)
        taken = await take(store)
        await evict(server, key("flight", CHANNEL.id))
        await look(store)
        [uncertain] = await store.outbox.uncertain()
        assert (uncertain.id, uncertain.fence > taken.fence) == (taken.id, True)
        with pytest.raises(LeaseLost):
            await store.outbox.settle(next_step(taken, Sent(("7",)), now().timestamp()))
