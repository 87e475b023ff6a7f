"""The world is away for a while and comes back: names, the whole network, the disk under the embedded store."""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from tests.chaos.clocks import LIBRARIES, WallClock
from tests.e2e.conftest import EDITOR, ONE, TWO, Stage
from tests.support.machine_room import Names, fill, with_small_disk
from tests.support.store_process import SAFE, store_process
from tests.support.wire import wires
from tests.support.worker import Worker, a_worker

DESK = -1009000000001
NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"
WAITING = "هزة أرضية تضرب الساحل الشرقي فجر اليوم"
LATER = "إخلاء مبنى الوزارة إثر إنذار بوجود حريق"
HOUR = timedelta(hours=1)


def standing(stage: Stage, title: str) -> list[int]:
    """How often a story stands in each channel and on X."""
    channels = [sum(title in post.text for post in stage.channel(chat)) for chat in (ONE, TWO)]
    return [*channels, sum(title in post.text for post in stage.tweets())]


async def test_names_that_nobody_knows_for_a_while_delay_the_news_and_double_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    """First the site's name is gone, then those of both networks; each time what waited goes out once."""
    names = Names(tmp_path / "hosts", tmp_path / "resolv.conf")
    paper, telegram, x = "paper.test", "telegram.test", "x.test"
    names.known(telegram, x)
    stage.site.home = stage.site.home.replace("127.0.0.1", paper)
    stage.site.touch()
    settings = {
        **stage.settings,
        "TELEGRAM_API_URL": stage.telegram.url.replace("127.0.0.1", telegram),
        "X_API_URL": stage.x.url.replace("127.0.0.1", x),
    }
    async with a_worker(stage.folder, settings, inside=names.inside) as worker:
        await worker.until_said('"action": "feed_down"')
        names.known(paper)
        await worker.until(lambda: len(stage.site.asked) >= 2, 60.0)
        stage.site.publish(NEWS, category="عاجل")
        await worker.until_said('"target": "x:main"')
        assert standing(stage, NEWS)[2] == 0
        names.known(paper, telegram, x)
        await worker.until(lambda: all(standing(stage, NEWS)), 60.0)
        assert await worker.stop() == 0
    assert standing(stage, NEWS) == [1, 1, 1]


def put_off(worker: Worker) -> set[str]:
    """Targets to which something could not be sent yet."""
    lines = [json.loads(line) for line in worker.said().splitlines() if '"action": "planned"' in line]
    return {line["target"] for line in lines}


async def test_after_an_hour_without_network_fresh_news_goes_out_once_and_old_news_asks_the_desk(
    stage: Stage, tmp_path: Path
) -> None:
    """The hour is the clocks' of worker and store; what waited for its sending is no longer news, and is told."""
    if not LIBRARIES:
        pytest.skip("SKIPPED ALOUD: no libfaketime on this machine")
    clock, shift = WallClock(tmp_path / "clock"), tmp_path / "shift"
    clock.jump("+0")
    shift.write_text("0", "ascii")
    inside = (sys.executable, "-m", "tests.support.shifted_bot", str(shift))
    stage.telegram.add_group(DESK, "غرفة التحرير", members=[EDITOR])
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(store_process(tmp_path / "store", *SAFE, environment=clock.environment))
        laid, urls = await stack.enter_async_context(wires(stage.site.url, stage.telegram.url, stage.x.url))
        ways = dict(zip(("FEEDS", "TELEGRAM_API_URL", "X_API_URL"), urls, strict=True))
        more = {"REDIS_URL": store.url, "TELEGRAM_DESK": str(DESK)}
        there = a_worker(stage.folder, {**stage.settings, **ways, **more}, inside=inside)
        worker = await stack.enter_async_context(there)
        await worker.until(lambda: len(stage.site.asked) >= 2)
        for wire in laid[1:]:
            await wire.cut()
        stage.site.publish(WAITING, category="عاجل")
        # Every lane has tried: one that comes to it after the hour, X's account being loaded late, would find its wire mended.
        await worker.until(lambda: len(put_off(worker)) == 3)
        await laid[0].cut()
        clock.jump("+1h")
        shift.write_text(str(HOUR.total_seconds()), "ascii")
        stage.site.publish(NEWS, ago=timedelta(minutes=40) - HOUR, category="عاجل")
        stage.site.publish(LATER, ago=timedelta(minutes=1) - HOUR, category="عاجل")
        for wire in laid:
            await wire.mend()
        await worker.until(lambda: all(standing(stage, LATER)), 60.0)
        await worker.until(lambda: any(NEWS in post.text for post in stage.telegram.posts(DESK)), 60.0)
        await worker.until(lambda: worker.said().count('"action": "expired"') == 3, 30.0)
        assert await worker.stop() == 0
    assert standing(stage, LATER) == [1, 1, 1]
    assert standing(stage, NEWS) == standing(stage, WAITING) == [0, 0, 0]


async def test_a_full_disk_under_the_embedded_store_holds_the_news_back_until_there_is_room(
    stage: Stage, tmp_path: Path
) -> None:
    """Nothing is sent of which nothing can be written down; then all of it, once."""
    inside = with_small_disk(tmp_path / ".ajil", 2)
    settings = {**stage.settings, "REDIS_URL": ""}
    async with a_worker(tmp_path, settings, inside=inside) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        # Its disk is seen from here through its process (proc(5)).
        filler = await asyncio.to_thread(fill, Path(f"/proc/{worker.process.pid}/root{tmp_path}/.ajil"))
        stage.site.publish(NEWS, category="عاجل")
        await worker.until_said('"action": "store_down"')
        asked = len(stage.site.asked)
        await worker.until(lambda: len(stage.site.asked) > asked)
        assert standing(stage, NEWS) == [0, 0, 0]
        await asyncio.to_thread(filler.unlink)
        await worker.until(lambda: all(standing(stage, NEWS)), 60.0)
        assert await worker.stop() == 0
    assert standing(stage, NEWS) == [1, 1, 1]
