"""Pushes end to end: what the site or a hub tells is posted at once, once, with the poll an hour away."""

import asyncio
import json
import shutil
import socket

import pytest

from bot.clock import MachineClock
from tests.e2e.conftest import EDITOR, ONE, TWO, Stage
from tests.integration.test_plugin import PLUGIN, WORDPRESS, php
from tests.support.fake_hub import FakeHub
from tests.support.feed_server import Kind
from tests.support.site_hook import SECRET, HookSender, a_note, post_of
from tests.support.worker import Worker, a_worker

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"
DESK = -1001000000009


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def port() -> int:
    """Of the web pages."""
    return free_port()


@pytest.fixture
def settings(stage: Stage, port: int) -> dict[str, str]:
    """A worker that polls once an hour and is told the rest."""
    stage.telegram.add_group(DESK, "غرفة التحرير", members=[EDITOR])
    pushed = {"PORT": str(port), "HOOK_SECRET": SECRET, "POLL_SECONDS": "3600", "TELEGRAM_DESK": str(DESK)}
    return {**stage.settings, **pushed}


async def begun(stage: Stage, *workers: Worker) -> None:
    """Once the feed's baseline is known."""
    for worker in workers:
        await worker.until(lambda: stage.site.counts()[Kind.BODY] >= 1)
    await workers[0].until_said("feed_first_sight")


async def test_the_plugins_own_request_becomes_a_post_and_the_next_poll_adds_none(
    stage: Stage, settings: dict[str, str], port: int
) -> None:
    """The very file that the site installs, run by PHP; then the feed brings the same article."""
    if shutil.which("php") is None:
        pytest.skip("SKIPPED ALOUD: no php on this machine")
    async with a_worker(stage.folder, settings) as worker:
        await begun(stage, worker)
        number = stage.site.publish(NEWS, category="عاجل")
        steps = [{"do": "transition", "id": number, "from": "draft", "to": "publish"}, {"do": "shutdown"}]
        url = f"http://127.0.0.1:{port}/hooks/wordpress"
        scene = {"url": url, "secret": SECRET, "posts": {number: post_of(stage.site, number)}, "steps": steps}
        code, written = await php(str(WORDPRESS), str(PLUGIN), given=json.dumps(scene))
        assert code == 0, written
        assert json.loads(written)["requests"] == [{"event": "publish", "id": number, "status": 202}]
        await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
        await worker.until_said("feed_new")
        await asyncio.sleep(1.0)
        assert await worker.stop() == 0
    assert [len(stage.channel(ONE)), len(stage.channel(TWO)), len(stage.tweets())] == [1, 1, 1]
    assert SECRET not in worker.said()
    stage.assert_clean()


async def test_an_edit_and_a_deletion_on_the_site_are_known_at_once(
    stage: Stage, settings: dict[str, str], port: int
) -> None:
    """The post says the new words in its place; the desk is asked what is to become of it."""
    sender = HookSender(f"http://127.0.0.1:{port}", MachineClock())
    async with a_worker(stage.folder, settings) as worker:
        await begun(stage, worker)
        number = stage.site.publish(NEWS, category="عاجل")
        assert await sender.note(a_note(post_of(stage.site, number))) == 202
        await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO))))
        stage.site.edit(number, f"{NEWS} والسلطات تغلق الطريق")
        post = post_of(stage.site, number)
        assert await sender.note(a_note(post, "update")) == 202
        edits = [lambda chat=chat: "تغلق الطريق" in stage.channel(chat)[0].text for chat in (ONE, TWO)]
        for is_edited in edits:
            await worker.until(is_edited, seconds=70)
        stage.site.remove(number)
        assert await sender.note(a_note({name: post[name] for name in ("id", "guid", "link")}, "trash")) == 202
        await worker.until(lambda: any("تغلق الطريق" in said.text for said in stage.telegram.posts(DESK)))
        assert await worker.stop() == 0
    assert [len(stage.channel(ONE)), len(stage.channel(TWO))] == [1, 1]
    stage.assert_clean()


async def test_two_workers_that_are_told_and_poll_alike_post_once(
    stage: Stage, settings: dict[str, str], port: int
) -> None:
    """A load balancer sends the same article's notes to both; both poll."""
    other = free_port()
    folder = stage.folder / "other"
    folder.mkdir()
    busy = {**settings, "POLL_SECONDS": "1"}
    async with (
        a_worker(stage.folder, busy) as one,
        a_worker(folder, {**busy, "PORT": str(other)}) as two,
    ):
        await one.until(lambda: len(stage.site.asked) >= 3)
        number = stage.site.publish(NEWS, category="عاجل")
        senders = [HookSender(f"http://127.0.0.1:{each}", MachineClock()) for each in (port, other)]
        await one.until(lambda: is_open(port) and is_open(other))
        told = await asyncio.gather(*(sender.note(a_note(post_of(stage.site, number))) for sender in senders))
        assert list(told) == [202, 202]
        await one.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
        polls = len(stage.site.asked)
        await one.until(lambda: len(stage.site.asked) >= polls + 3)
        assert list(await asyncio.gather(one.stop(), two.stop())) == [0, 0]
    assert [len(stage.channel(ONE)), len(stage.channel(TWO)), len(stage.tweets())] == [1, 1, 1]


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_what_a_hub_brings_is_posted_with_the_poll_an_hour_away(
    stage: Stage, settings: dict[str, str], port: int
) -> None:
    """The feed names a hub; it is asked, verifies, and brings the feed when there is news."""
    async with FakeHub() as hub:
        stage.site.headers["Link"] = f'<{hub.url}>; rel="hub", <{stage.site.url}>; rel="self"'
        async with a_worker(stage.folder, {**settings, "PUBLIC_URL": f"http://127.0.0.1:{port}"}) as worker:
            await begun(stage, worker)
            await worker.until(lambda: bool(hub.subscribers))
            stage.site.publish(NEWS, category="عاجل")
            page = stage.site.page(1)
            assert page is not None
            await hub.publish(stage.site.url, page)
            await worker.until(lambda: all((stage.channel(ONE), stage.channel(TWO), stage.tweets())))
            await worker.until_said("feed_new")
            assert await worker.stop() == 0
        hub.assert_clean()
    assert hub.answers == [202]
    assert [len(stage.channel(ONE)), len(stage.channel(TWO)), len(stage.tweets())] == [1, 1, 1]
    assert SECRET not in worker.said()
    stage.assert_clean()
