"""`ajil run` with no settings: the demo newsroom, as `make run` starts it."""

import json
import re
from itertools import count
from pathlib import Path

import aiohttp

from bot.demo.start import FOLDER, POLL_SECONDS
from bot.demo.stories import step
from tests.support.worker import Worker, a_worker


def wall_of(worker: Worker) -> str:
    """The address that it printed."""
    found = re.search(r"http://127\.0\.0\.1:\d+", worker.said())
    assert found is not None
    return found.group()


async def page_of(worker: Worker, path: str) -> str:
    """One page of it."""
    async with aiohttp.ClientSession() as session, session.get(wall_of(worker) + path) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_the_demo_shows_the_sample_story_and_tells_how_to_go_live(tmp_path: Path) -> None:
    """With nothing set: no tokens, no Redis."""
    async with a_worker(tmp_path, {}, "demo", "--every", "0.5", afresh=True) as worker:
        await worker.until_said("/wall")
        for step in ("@BotFather", "cp .env.example .env", "make run"):
            assert step in worker.said()
        while "كوريا الشمالية" not in await page_of(worker, "/wall"):
            await worker.until(lambda: True)
        assert json.loads(await page_of(worker, "/health"))["ok"] is True
        assert await worker.stop() == 0
        assert "Traceback" not in worker.said()


async def test_the_demo_shows_a_headline_that_is_edited_after_its_post(tmp_path: Path) -> None:
    """In the place of the old one, and marked as edited. The paper goes on from just before that article."""
    before, after = "مخطوطة فلكية نادرة تعود", "مخطوطة فلكية من القرن العاشر تعود"
    done = next(number for number in count() if before in step(number + 1).title)
    position = tmp_path / FOLDER / "site.json"
    position.parent.mkdir(parents=True)
    position.write_text(json.dumps({"done": done, "due": 0.0, "times": {}}))
    every_seconds = 2 * POLL_SECONDS  # The edit comes two steps later, so it is not missed by a poll that is late.
    async with a_worker(tmp_path, {}, "demo", "--every", str(every_seconds)) as worker:
        await worker.until_said("/wall")
        while after not in (page := await page_of(worker, "/wall")):
            await worker.until(lambda: True)
        articles = re.findall(r"<article.*?</article>", page, re.DOTALL)
        [shown] = [article for article in articles if after in article]
        assert "عُدّل" in shown
        assert before not in shown
        assert await worker.stop() == 0  # Its store outlives a worker that is killed.


async def test_the_demo_keeps_its_memory_through_kill_9(tmp_path: Path) -> None:
    """What was posted is on the wall again after the restart, and not posted again."""
    async with a_worker(tmp_path, {}, "demo", "--every", "600") as worker:
        await worker.until_said("/wall")
        while "كوريا الشمالية" not in await page_of(worker, "/wall"):
            await worker.until(lambda: True)
        await worker.kill()
    (tmp_path / "worker.log").unlink()
    async with a_worker(tmp_path, {}, "demo", "--every", "600") as worker:
        await worker.until_said("/wall")
        page = await page_of(worker, "/wall")
        assert "كوريا الشمالية" in page
        assert await worker.stop() == 0
