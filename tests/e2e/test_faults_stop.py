"""SIGTERM in every state a worker can be in: it goes with code 0, and nothing is lost or doubled after the next start."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from store.server import connect
from store.store import redis_store
from tests.e2e.conftest import ONE, TWO, Stage
from tests.support.faults import Fault
from tests.support.feed_troubles import silence
from tests.support.store_process import SAFE, StoreProcess, store_process
from tests.support.wire import Wire, wires
from tests.support.worker import Worker, a_worker

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"
DRAIN_SECONDS = 30.0
"""What the strictest host gives before SIGKILL (Heroku)."""
ANSWER_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Scene:
    """A stage whose store and whose way to Telegram can be taken away."""

    stage: Stage
    store: StoreProcess
    telegram: Wire
    settings: dict[str, str]

    def publish(self) -> None:
        """The story whose fate is looked at."""
        self.stage.site.publish(NEWS, category="عاجل")

    def posts(self) -> list[int]:
        """How often it stands in each place."""
        channels = [sum(NEWS in post.text for post in self.stage.channel(chat)) for chat in (ONE, TWO)]
        return [*channels, sum(NEWS in post.text for post in self.stage.tweets())]


State = Callable[[Scene, Worker, AsyncExitStack], Awaitable[None]]
"""Brings a worker there; what must be mended before the next start is left on the stack."""


@pytest.fixture
async def scene(stage: Stage, tmp_path: Path) -> AsyncIterator[Scene]:
    """With a store that syncs every write, as the embedded one does."""
    async with store_process(tmp_path / "store", *SAFE) as store, wires(stage.telegram.url) as (laid, urls):
        settings = {"REDIS_URL": store.url, "TELEGRAM_API_URL": urls[0], "PICTURE_SECONDS": "2"}
        yield Scene(stage, store, laid[0], {**stage.settings, **settings})


async def idle(_: Scene, __: Worker, ___: AsyncExitStack) -> None:
    """Nothing is new."""


async def mid_fetch(scene: Scene, worker: Worker, stack: AsyncExitStack) -> None:
    """A site has taken the request and does not answer."""
    asked = len(scene.stage.site.asked)
    scene.stage.site.trouble = silence()
    scene.publish()
    await worker.until(lambda: len(scene.stage.site.asked) > asked)
    stack.callback(setattr, scene.stage.site, "trouble", None)


async def mid_prepare(scene: Scene, worker: Worker, stack: AsyncExitStack) -> None:
    """A picture is on its way and does not come."""
    port, asked = await stack.enter_async_context(silent_host())
    scene.stage.site.more = f'<enclosure url="http://127.0.0.1:{port}/a.jpg" length="9" type="image/jpeg"/>'
    scene.publish()
    await worker.until(asked.is_set)


async def mid_send(scene: Scene, worker: Worker, _: AsyncExitStack) -> None:
    """Telegram has the post, and its answer is not there yet."""
    for method in ("sendMessage", "sendPhoto"):
        scene.stage.telegram.faults.add(method, Fault.SLOW, times=2, seconds=ANSWER_SECONDS)
    scene.publish()
    await worker.until(lambda: bool(scene.posts()[0]))


async def mid_settle(scene: Scene, worker: Worker, stack: AsyncExitStack) -> None:
    """The answer comes while the store takes nothing down."""
    await mid_send(scene, worker, stack)
    scene.store.hit(signal.SIGSTOP)
    asyncio.get_running_loop().call_later(2 * ANSWER_SECONDS, scene.store.hit, signal.SIGCONT)


async def paused(scene: Scene, worker: Worker, stack: AsyncExitStack) -> None:
    """An editor has put the brake on, and a story waits."""
    switch = redis_store(await stack.enter_async_context(connect(scene.store.url))).switch
    await switch.pause("11")
    stack.push_async_callback(switch.resume)
    scene.publish()
    asked = len(scene.stage.site.asked)
    await worker.until(lambda: len(scene.stage.site.asked) > asked + 1)


async def without_store(scene: Scene, worker: Worker, stack: AsyncExitStack) -> None:
    """Nothing can be written down."""
    await scene.store.kill()
    stack.push_async_callback(scene.store.start)
    scene.publish()
    await worker.until_said('"action": "store_down"')


async def without_telegram(scene: Scene, worker: Worker, stack: AsyncExitStack) -> None:
    """Nobody is reached there."""
    await scene.telegram.cut()
    stack.push_async_callback(scene.telegram.mend)
    scene.publish()
    await worker.until(lambda: bool(scene.posts()[2]))


STATES: tuple[State, ...] = (
    idle,
    mid_fetch,
    mid_prepare,
    mid_send,
    mid_settle,
    paused,
    without_store,
    without_telegram,
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_a_worker_told_to_stop_goes_with_0_and_the_next_one_posts_what_was_left(
    scene: Scene, state: State
) -> None:
    """Within what a host gives; each story stands once everywhere in the end."""
    async with AsyncExitStack() as stack, a_worker(scene.stage.folder, scene.settings) as worker:
        await worker.until(lambda: len(scene.stage.site.asked) >= 2)
        await state(scene, worker, stack)
        assert await worker.stop(seconds=DRAIN_SECONDS) == 0, worker.said()
    if state is idle:
        scene.publish()
    async with a_worker(scene.stage.folder, scene.settings) as worker:
        await worker.until(lambda: all(scene.posts()), 30.0)
        asked = len(scene.stage.site.asked)
        await worker.until(lambda: len(scene.stage.site.asked) > asked + 1)
        assert await worker.stop(seconds=DRAIN_SECONDS) == 0, worker.said()
    assert scene.posts() == [1, 1, 1]


@asynccontextmanager
async def silent_host() -> AsyncIterator[tuple[int, asyncio.Event]]:
    """A port that takes what is said and never answers, and whether somebody came."""
    came, over = asyncio.Event(), asyncio.Event()

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        await over.wait()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], came
        over.set()
