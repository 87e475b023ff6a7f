"""The main job, end to end: a feed's story reaches Telegram and X, once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha1

from store.keys import key
from store.scripts import SCRIPTS, script
from tests.e2e.conftest import ONE, TWO, Stage
from tests.support.feed_server import Kind
from tests.support.store_server import StoreServer
from tests.support.worker import a_worker

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"


async def test_a_new_breaking_story_is_posted_once_to_each_channel_and_once_to_x(stage: Stage) -> None:
    """And what stood in the feed before is posted nowhere. The worker is started as a host starts it."""
    async with a_worker(stage.folder, stage.settings, afresh=True) as worker:
        await worker.until(lambda: stage.site.counts()[Kind.BODY] >= 1)
        await worker.until(lambda: len(stage.site.asked) >= 2)
        stage.site.publish(NEWS, category="عاجل")
        await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
        polls = len(stage.site.asked)
        await worker.until(lambda: len(stage.site.asked) >= polls + 3)
        assert await worker.stop() == 0
    assert [len(stage.channel(chat)) for chat in (ONE, TWO)] == [1, 1]
    [tweet] = stage.tweets()
    assert NEWS in stage.channel()[0].text
    assert NEWS in tweet.text
    stage.assert_clean()


async def test_a_telegram_post_carries_entities_and_no_parse_mode(stage: Stage) -> None:
    """The kicker line is bold, the link stands behind words."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        number = stage.site.publish(NEWS, category="عاجل")
        await worker.until(lambda: bool(stage.channel()))
    kinds = {entity["type"]: entity for entity in stage.channel()[0].entities}
    assert kinds["text_link"]["url"].startswith(stage.site.home)
    assert f"{number}" in kinds["text_link"]["url"]
    assert kinds["bold"]["offset"] <= 3
    stage.assert_clean()


async def test_an_ordinary_story_does_not_go_out_by_itself_unless_the_house_posts_all(stage: Stage) -> None:
    """POST=breaking is the default."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        stage.site.publish(NEWS, category="ثقافة")
        await worker.until_said(NEWS)
        await worker.stop()
    assert stage.channel() == []
    async with a_worker(stage.folder, {**stage.settings, "POST": "all"}) as worker:
        stage.site.publish("معرض للكتاب يفتح أبوابه في المدينة القديمة", category="ثقافة")
        await worker.until(lambda: bool(stage.channel()) and bool(stage.tweets()))
    assert len(stage.channel()) == 1


async def test_a_restart_posts_nothing_again(stage: Stage) -> None:
    """Neither after an orderly stop nor after SIGKILL."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        stage.site.publish(NEWS, category="عاجل")
        await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
        await worker.until(lambda: worker.said().count('"action": "sent"') == 3)
        await worker.stop()
    for ends_with_kill in (True, False):
        async with a_worker(stage.folder, stage.settings) as worker:
            polls = len(stage.site.asked)
            await worker.until(partial(lambda count: len(stage.site.asked) >= count, polls + 3))
            await (worker.kill() if ends_with_kill else worker.stop())
    assert [len(stage.channel(ONE)), len(stage.channel(TWO)), len(stage.tweets())] == [1, 1, 1]


async def test_an_unchanged_poll_asks_the_store_nothing(stage: Stage) -> None:
    """The lanes look for work; the intake says that it is still there and looks which feeds are read, for all at once.

    What is uncertain is looked for, and the store's clock held against ours.
    """
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 3)
        async with commands_to(stage.store) as heard:
            polls = stage.site.counts()[Kind.NOT_MODIFIED]
            await worker.until(lambda: stage.site.counts()[Kind.NOT_MODIFIED] >= polls + 3)
    names = {sha1(script(name).encode(), usedforsecurity=False).hexdigest(): name for name in SCRIPTS}
    asked = {names.get(line.split('"')[3], line) if '"EVALSHA"' in line else line.split('"')[1] for line in heard}
    assert "take" in asked, "not even the lanes were heard"
    assert asked <= {"take", "uncertain", "TIME", "lease", "PING", "rota", "HGETALL"}
    assert all(key("listed") in line for line in heard if '"HGETALL"' in line)


@asynccontextmanager
async def commands_to(store: StoreServer) -> AsyncIterator[list[str]]:
    """All commands that reach the server meanwhile, one line each (MONITOR)."""
    heard: list[str] = []
    reader, writer = await asyncio.open_unix_connection(store.url.removeprefix("unix://"))
    writer.write(b"MONITOR\r\n")
    await reader.readline()

    async def listen() -> None:
        while line := await reader.readline():
            if b" lua]" not in line:
                heard.append(line.decode())

    listening = asyncio.create_task(listen())
    try:
        yield heard
    finally:
        writer.close()
        await writer.wait_closed()
        await listening


async def test_two_workers_on_one_store_post_a_story_once(stage: Stage) -> None:
    """A rolling deploy, or a second dyno by mistake."""
    other = stage.folder / "other"
    other.mkdir()
    async with a_worker(stage.folder, stage.settings) as one, a_worker(other, stage.settings) as two:
        await two.until(lambda: len(stage.site.asked) >= 6)
        stage.site.publish(NEWS, category="عاجل")
        await one.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
        polls = len(stage.site.asked)
        await two.until(lambda: len(stage.site.asked) >= polls + 4)
        assert list(await asyncio.gather(one.stop(), two.stop())) == [0, 0]
    assert [len(stage.channel(ONE)), len(stage.channel(TWO)), len(stage.tweets())] == [1, 1, 1]
    stage.assert_clean()
