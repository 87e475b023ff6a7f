"""A hub that others wrote, run here: what the fake hub takes for granted holds there too."""

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from newsroom.subscription import Stage
from tests.support.hub_rig import NEWS, hub_rig, remembered
from tests.support.intake_room import until
from tests.support.worker import ROOT


@asynccontextmanager
async def real_hub() -> AsyncIterator[str]:
    """Its address."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.real_hub",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await child.stdout.readline())}/hub"
    finally:
        child.stdin.close()
        await child.wait()


@pytest.mark.skipif(importlib.util.find_spec("flask_websub") is None, reason="SKIPPED ALOUD: no Flask-WebSub here")
async def test_a_hub_that_others_wrote_verifies_us_and_its_word_is_believed_and_left() -> None:
    """Subscribed, told, renewed, left: over its own HTTP, with its own SHA-512."""
    async with real_hub() as url, hub_rig() as rig, aiohttp.ClientSession() as publisher:
        rig.site.headers["Link"] = f'<{url}>; rel="hub", <{rig.site.url}>; rel="self"'
        await rig.read()
        await until(lambda: rig.came_to("verified") == 1)
        assert (await rig.kept()).stage is Stage.ACTIVE
        await remembered(rig)
        rig.site.publish(NEWS)
        # The hub writes us down only after we have answered it: until then it tells nobody.
        while not rig.came_to("brought"):
            async with publisher.post(url, data={"hub.mode": "publish", "hub.topic": rig.site.url}) as answer:
                assert answer.status == 202
            await asyncio.sleep(0.1)
        assert set(rig.door.news()) == {NEWS}
        await rig.store.subscriptions.keep(replace(await rig.kept(), stage=Stage.LEAVING, due=0.0))
        await rig.turn()
        await until(lambda: rig.came_to("verified") == 2)
        assert await rig.store.subscriptions.all() == ()
