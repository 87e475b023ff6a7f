"""The form of a store: brought up step by step, and refused where a later Ajil wrote it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from newsroom.errors import StoreUnavailable
from store.archive import ArchiveRefused, export, restore
from store.form import Step, brought_up
from store.keys import key
from store.opening import open_store
from store.server import Server, connect
from tests.support.store_server import StoreServer


@pytest.fixture
async def server(valkey: StoreServer) -> AsyncIterator[Server]:
    """An empty one."""
    valkey.wipe()
    async with connect(valkey.url) as opened:
        yield opened


def renaming(old: str, new: str) -> Step:
    """A step as one will be: what stood under one key stands under another, however often it is done."""

    async def step(server: Server) -> None:
        if (value := await server.text(key(old))) is not None:
            await server.put(key(new), value)
            await server.remove(key(old))

    return step


STEPS = (renaming("paused", "rests"), renaming("rests", "sleeps"))


async def test_a_store_without_a_number_is_of_the_first_form_and_goes_all_the_way(server: Server) -> None:
    """And once there it is left alone."""
    await server.put(key("paused"), "11")
    await brought_up(server, "the store", STEPS)
    assert (await server.text(key("sleeps")), await server.text(key("form"))) == ("11", "3")
    await server.put(key("paused"), "12")
    await brought_up(server, "the store", STEPS)
    assert await server.text(key("paused")) == "12"


async def test_a_worker_that_dies_between_two_steps_leaves_the_rest_to_the_next(server: Server) -> None:
    """What was done stays done."""

    async def dies(_: Server) -> None:
        raise StoreUnavailable("it went away")

    await server.put(key("paused"), "11")
    with pytest.raises(StoreUnavailable):
        await brought_up(server, "the store", (STEPS[0], dies))
    assert (await server.text(key("rests")), await server.text(key("form"))) == ("11", "2")
    await brought_up(server, "the store", STEPS)
    assert await server.text(key("sleeps")) == "11"


async def test_a_store_that_a_later_version_wrote_is_refused(
    server: Server, valkey: StoreServer, tmp_path: Path
) -> None:
    """An older worker would read it wrongly and write into it."""
    await server.put(key("form"), "2")
    with pytest.raises(StoreUnavailable, match=r"later Ajil \(form 2\)"):
        async with open_store(valkey.url, tmp_path):
            pass


async def test_an_archive_of_a_later_version_is_refused_before_anything_is_written(
    server: Server, valkey: StoreServer
) -> None:
    """The file says by its own key of which form it is."""
    await server.put(key("form"), "2")
    lines = [line async for line in export(server)]
    valkey.wipe()
    with pytest.raises(ArchiveRefused, match="later Ajil"):
        await restore(server, lines)
    assert await server.names("*") == []
