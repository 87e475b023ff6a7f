"""The archive: the whole state out of one real server and into another."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsroom.admission import AlreadyKnown
from newsroom.delivery import Delivery, State, next_step
from newsroom.ports import FeedState
from newsroom.receipt import Sent
from store.archive import ArchiveRefused, export, parse, restore
from store.keys import KINDS, key
from store.server import Server, connect
from store.store import redis_store
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission
from tests.support.store_server import StoreServer
from tests.support.worker import a_worker


@pytest.fixture
async def two(valkey: StoreServer, debian_redis: StoreServer) -> AsyncIterator[tuple[Server, Server]]:
    """An empty Valkey and an empty Redis: a move between hosts is often one between brands."""
    async with AsyncExitStack() as stack:
        servers = []
        for running in (valkey, debian_redis):
            running.wipe()
            servers.append(await stack.enter_async_context(connect(running.url)))
        yield servers[0], servers[1]


async def filled(server: Server) -> None:
    """One story sent to a channel and planned for X, one feed known, one lease held, every kind of key once."""
    store = redis_store(server)
    story = a_story(met=datetime.now(UTC))  # noqa: TID251 - a real server has a real clock
    await store.outbox.admit([an_admission(story, CHANNEL, ACCOUNT)], 0)
    taken = await store.outbox.take(CHANNEL.id, "w1", 60.0)
    assert isinstance(taken, Delivery)
    await store.outbox.settle(next_step(taken, Sent(("5",), "https://t.me/wasat/5"), taken.admitted + 1))
    await store.feeds.remember("https://a.example.com/feed/", FeedState({b"12345678": b"abcdefgh"}, etag='"x"'))
    await store.switch.pause("11")
    await store.uploads.remember("bot", "digest", "file-id")
    await store.leases.hold("listener", "w1", 60.0)


async def lines_of(server: Server) -> list[str]:
    """An archive of it."""
    return [line async for line in export(server)]


async def test_what_was_known_in_one_store_is_known_in_the_other(two: tuple[Server, Server]) -> None:
    """After a move nothing is posted again, and what waited still waits."""
    here, there = two
    await filled(here)
    await restore(there, await lines_of(here))
    store = redis_store(there)
    life = await store.ledger.life(a_story().keys[0])
    assert life is not None
    assert {delivery.target: delivery.state for delivery in life.deliveries} == {
        CHANNEL.id: State.SENT,
        ACCOUNT.id: State.PLANNED,
    }
    again = replace(an_admission(life.story, CHANNEL, ACCOUNT))
    await store.outbox.look(CHANNEL.id)
    [outcome] = await store.outbox.admit([again], (await store.outbox.recent(0)).version)
    assert isinstance(outcome, AlreadyKnown)
    # Nobody knows what went out since the archive was made: what waited in it is looked for before it is sent.
    assert dict(outcome.states) == {CHANNEL.id: State.SENT, ACCOUNT.id: State.UNCERTAIN}
    assert await store.switch.paused() == "11"
    feed = await store.feeds.recall("https://a.example.com/feed/")
    assert feed is not None
    assert feed.known == {b"12345678": b"abcdefgh"}


async def test_an_archive_of_the_copy_is_the_same_archive(two: tuple[Server, Server]) -> None:
    """Every key, value, score and time of expiry (within the second that copying takes)."""
    here, there = two
    await filled(here)
    first = await lines_of(here)
    await restore(there, first)
    one, other = parse(first), parse(await lines_of(there))
    assert [replace(it, expires=None) for it in one] == [replace(it, expires=None) for it in other]
    for mine, its in zip(one, other, strict=True):
        assert (mine.expires is None) == (its.expires is None)
        assert abs((mine.expires or 0) - (its.expires or 0)) < 1000, mine.key


async def test_a_lease_stays_behind(two: tuple[Server, Server]) -> None:
    """The other host's worker must not wait for one that is gone."""
    here, there = two
    await filled(here)
    assert not [line for line in await lines_of(here) if '"{ajil}:lease' in line]
    await redis_store(there).leases.hold("listener", "w2", 60.0)
    await restore(there, await lines_of(here))
    assert not await redis_store(there).leases.hold("listener", "w1", 60.0)


async def test_an_archive_is_not_laid_over_what_is_known(two: tuple[Server, Server]) -> None:
    """Two memories mixed would be a memory of nothing that happened."""
    here, there = two
    await filled(here)
    await redis_store(there).switch.pause("22")
    with pytest.raises(ArchiveRefused, match="not empty"):
        await restore(there, await lines_of(here))
    assert await redis_store(there).switch.paused() == "22"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda lines: lines[:-1], "cut off"),
        (lambda lines: lines[:3] + lines[4:], "cut off"),
        (lambda lines: ["<html>", *lines[:0]], "no whole archive"),
        (lambda lines: lines[:0], "no whole archive"),
        (lambda lines: ['{"ajil": 99}', *lines[1:]], "form 1"),
        (lambda lines: [lines[0], '{"key": "other:thing"}', '{"keys": 1}'], "is no key"),
        (
            lambda lines: [
                lines[0],
                '{"key": "{ajil}:novelty:x", "type": "string", "value": "", "expires": null}',
                '{"keys": 1}',
            ],
            "does not know",
        ),
        (
            lambda lines: [
                lines[0],
                '{"key": "{ajil}:paused", "type": "hash", "value": "11", "expires": null}',
                '{"keys": 1}',
            ],
            "does not know",
        ),
    ],
)
async def test_a_harmed_archive_is_refused_before_anything_is_written(
    two: tuple[Server, Server], harm: object, words: str
) -> None:
    """Half a memory is worse than none, for none begins with a baseline."""
    here, there = two
    await filled(here)
    assert callable(harm)
    with pytest.raises(ArchiveRefused, match=words):
        await restore(there, harm(await lines_of(here)))
    assert await there.names("*") == []


async def test_what_has_expired_meanwhile_stays_behind(two: tuple[Server, Server]) -> None:
    """An archive that lay in a drawer brings no stale token to life."""
    here, there = two
    await here.put(key("token", "t"), "meaning", seconds=100)
    await here.put(key("token", "u"), "meaning", seconds=100)
    lines = await lines_of(here)
    stale = json.loads(lines[1])
    stale["expires"] = 1_000
    assert await restore(there, [lines[0], json.dumps(stale), *lines[2:]]) == 1
    assert await there.names("*") == [key("token", "u")]


def test_every_kind_of_key_has_a_name_that_an_archive_can_read() -> None:
    """A kind with a colon in its name could not be told from its key."""
    assert not [kind.name for kind in KINDS if ":" in kind.name]


async def test_a_headline_with_a_line_separator_survives_the_file(two: tuple[Server, Server], tmp_path: Path) -> None:
    """From the command line, out of one address and into another; the file is for its owner alone."""
    here, there = two
    headline = "خبر\u2028من سطرين\u0085"
    await here.put(key("paused"), headline)
    file = tmp_path / "state.jsonl"
    ends = {"--export": here, "--import": there}
    for option, server in ends.items():
        folder = tmp_path / option
        folder.mkdir()
        async with a_worker(folder, {"REDIS_URL": address_of(server)}, "report", option, str(file)) as worker:
            assert await worker.process.wait() == 0, worker.said()
    assert await there.text(key("paused")) == headline
    assert file.stat().st_mode & 0o077 == 0


def address_of(server: Server) -> str:
    """Where a test's server listens."""
    return f"unix://{server._redis.connection_pool.connection_kwargs['path']}"
