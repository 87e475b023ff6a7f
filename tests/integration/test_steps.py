"""Steps of the store that must be one and must be made once, seen from the server's side."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsroom.delivery import Delivery, State, next_step
from newsroom.errors import StoreUnavailable
from newsroom.receipt import Sent
from store.server import connect
from store.store import redis_store
from tests.support.newsroom import CHANNEL, a_story, an_admission
from tests.support.store_server import StoreServer, valkey_server


@asynccontextmanager
async def deaf_line(store: StoreServer, to: bytes) -> AsyncIterator[str]:
    """A way to the store that carries every command there, and hangs up instead of bringing back the answer to one."""

    async def carry(inward: asyncio.StreamReader, outward: asyncio.StreamWriter) -> None:
        answers, commands = await asyncio.open_unix_connection(store.url.removeprefix("unix://"))
        with suppress(ConnectionError):
            while command := await inward.read(65536):
                commands.write(command)
                answer = await answers.read(65536)
                if to in command:
                    break
                outward.write(answer)
        for writer in (commands, outward):
            writer.close()

    with tempfile.TemporaryDirectory(prefix="ajil-l") as folder:
        path = f"{folder}/s"
        async with await asyncio.start_unix_server(carry, path):
            yield f"unix://{path}"


def asked(store: StoreServer, command: str) -> int:
    """How often the server was given a command."""
    with store.client() as redis:
        return int(redis.info("commandstats").get(f"cmdstat_{command}", {"calls": 0})["calls"])


async def test_a_command_whose_answer_is_lost_is_sent_once() -> None:
    """redis-py repeats one up to ten times by default; a repeated claim would be a second post."""
    with tempfile.TemporaryDirectory(prefix="ajil-t") as folder, valkey_server(Path(folder)) as store:
        async with deaf_line(store, b"\r\nDEL\r\n") as url, connect(url) as server:
            await server.put("k", "v")
            with pytest.raises(StoreUnavailable):
                await server.remove("k")
        assert asked(store, "del") == 1


async def test_a_result_and_its_removal_from_the_lane_are_one_step() -> None:
    """Two commands, and a death between them, left on a prototype what was neither waiting nor done."""
    now = datetime.now(UTC)  # noqa: TID251 - a real server has a real clock
    with tempfile.TemporaryDirectory(prefix="ajil-t") as folder, valkey_server(Path(folder)) as running:
        async with connect(running.url) as server:
            outbox = redis_store(server).outbox
            stories = [a_story(number, met=now) for number in (1, 2)]
            await outbox.admit([an_admission(story, CHANNEL) for story in stories], 0)
            costs = []
            for number in ("5", "6"):
                taken = await outbox.take(CHANNEL.id, "w1", 60.0)
                assert isinstance(taken, Delivery)
                before = (asked(running, "evalsha"), asked(running, "zrem"))
                await outbox.settle(next_step(taken, Sent((number,)), now.timestamp()))
                costs.append((asked(running, "evalsha") - before[0], asked(running, "zrem") - before[1]))
            assert costs == [(1, 1), (1, 1)]
            # The first time a script is asked for it has to be told: those that verify, admit, take and settle.
            assert asked(running, "eval") == 4
            assert [each.state for each in await redis_store(server).ledger.sent(5)] == [State.SENT] * 2
