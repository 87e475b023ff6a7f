"""Bad input: a clear line, the right exit code, and no harm to anything else."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from tests.e2e.conftest import Stage
from tests.support.worker import a_worker

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"FEEDS": "not an address"}, "FEEDS is wrong"),
        ({"FEEDS": "https://a.example.com/feed/"}, "TELEGRAM_CHANNELS is missing"),
        ({"PORT": "http"}, "PORT is wrong"),
        ({"TELEGRAM_BOT_TOKEN": "hunter2-hunter2"}, "TELEGRAM_BOT_TOKEN is wrong"),
    ],
)
async def test_a_wrong_setting_ends_with_code_2_and_no_traceback(
    tmp_path: Path,
    settings: dict[str, str],
    words: str,
) -> None:
    """The variable, what was read, an example."""
    async with a_worker(tmp_path, settings) as worker:
        assert await worker.process.wait() == 2
        assert words in worker.said()
        assert "example: " in worker.said()
        assert "Traceback" not in worker.said()
        assert "hunter2" not in worker.said()


async def test_a_store_that_does_not_answer_ends_with_a_clear_line(tmp_path: Path, stage: Stage) -> None:
    """Nothing is sent without memory."""
    async with a_worker(tmp_path, {**stage.settings, "REDIS_URL": "redis://127.0.0.1:1/0"}) as worker:
        assert await worker.process.wait() == 1
        assert "the store does not answer" in worker.said()
        assert "Traceback" not in worker.said()


async def test_a_feed_that_is_no_feed_is_told_and_the_other_feed_is_posted(stage: Stage) -> None:
    """One broken site harms no other."""

    async def a_page(_: web.Request) -> web.StreamResponse:
        return web.Response(
            text="<html><body>Error establishing a database connection</body></html>", content_type="text/html"
        )

    broken = replace(
        stage.site, name="broken", home=stage.site.home.replace("wasat", "broken"), trouble=a_page, asked=[]
    )
    stage.server.sites["broken"] = broken
    feeds = f"{stage.site.url},{broken.url}"
    async with a_worker(stage.folder, {**stage.settings, "FEEDS": feeds}) as worker:
        await worker.until(lambda: len(broken.asked) >= 1 and len(stage.site.asked) >= 2)
        stage.site.publish(NEWS, category="عاجل")
        await worker.until(lambda: bool(stage.channel()) and bool(stage.tweets()))
        await worker.until(lambda: broken.url in worker.said())
        assert "Traceback" not in worker.said()


async def test_a_refused_token_is_told_without_the_token_and_x_is_still_posted(stage: Stage) -> None:
    """Each network fails alone."""
    token = "654321:another-bots-token-which-is-refused"
    async with a_worker(stage.folder, {**stage.settings, "TELEGRAM_BOT_TOKEN": token}) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        stage.site.publish(NEWS, category="عاجل")
        await worker.until(lambda: bool(stage.tweets()))
        await worker.until_said("refuses TELEGRAM_BOT_TOKEN")
        assert await worker.stop() == 0
        assert token not in worker.said()
        assert "Traceback" not in worker.said()


async def test_simulate_tells_what_is_wrong_with_a_source(tmp_path: Path) -> None:
    """A file that is not there, a page without a headline, a feed cut off."""
    (tmp_path / "page.html").write_text("<html><body><p>لا عنوان</p></body></html>", "utf-8")
    (tmp_path / "cut.xml").write_text("<?xml version='1.0'?><rss><chan", "utf-8")
    for name in ("none.xml", "page.html", "cut.xml"):
        async with a_worker(tmp_path, {}, "simulate", name) as worker:
            assert await worker.process.wait() == 1, name
    said = (tmp_path / "worker.log").read_text("utf-8")
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 3


async def test_simulate_prints_one_json_object_a_line_oldest_first(tmp_path: Path) -> None:
    """The fields are a promise to whoever reads them by machine."""
    feed = Path(__file__).parents[1] / "data" / "alwasat" / "feed.xml"
    async with a_worker(tmp_path, {}, "simulate", str(feed), "--json") as worker:
        assert await worker.process.wait() == 0
        lines = [json.loads(line) for line in worker.said().splitlines()]
    assert len(lines) == 8
    assert [line["published"] for line in lines] == sorted(line["published"] for line in lines)
    wanted = {"id", "title", "headline", "kicker", "section", "byline", "lead", "link", "relation", "of", "verdict"}
    for line in lines:
        assert wanted | {"reason", "posts"} <= set(line)
        for post in line["posts"]:
            assert set(post) == {"target", "kind", "text", "length", "limit", "image", "silent"}
