"""Secrets: not one of them is written anywhere, with every logger at DEBUG and everything failing."""

import asyncio
import shutil
import socket
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.conftest import KEYS, Stage
from tests.support.fake_telegram import TOKEN
from tests.support.faults import Fault
from tests.support.telegram_errors import Known, Refusal
from tests.support.worker import Worker, a_worker
from tests.support.x_endpoint import Endpoint

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة في الحي رقم"
REDIS_WORD, FEED_WORD, HOOK_WORD, WALL_WORD = "store-word-81", "feed+word-82", "hook-word-83", "wall-word-84"
X_WORDS = (KEYS.api_key, KEYS.api_secret, KEYS.access_token, KEYS.access_token_secret)
SECRETS = (TOKEN, TOKEN.partition(":")[2], *X_WORDS, REDIS_WORD, FEED_WORD, "feed%2Bword-82", HOOK_WORD, WALL_WORD)
FLOODED = Refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1})
STORIES = 20
TROUBLES = (
    Fault.HTML_502,
    Fault.JSON_500,
    Fault.DROP_BEFORE_READ,
    Fault.RST_AFTER_ACCEPT,
    Fault.HALF_BODY,
    Fault.OK_BUT_NOT_JSON,
)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A redis-server on TCP that asks for a password."""

    port: int
    process: Process

    @property
    def url(self) -> str:
        """With the password."""
        return f"redis://:{REDIS_WORD}@127.0.0.1:{self.port}/0"


def free_port() -> int:
    """One that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def guarded_store(folder: Path) -> AsyncIterator[Guarded]:
    """Running until the end of the context."""
    if shutil.which("redis-server") is None:
        pytest.skip("SKIPPED ALOUD: no redis-server on this machine")
    port = free_port()
    words = ["--port", str(port), "--requirepass", REDIS_WORD, "--save", "", "--dir", str(folder)]
    process = await asyncio.create_subprocess_exec("redis-server", *words, stdout=asyncio.subprocess.DEVNULL)
    try:
        yield Guarded(port, process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def settings_of(stage: Stage, store: str, port: int) -> Mapping[str, str]:
    """Every secret there is, and every logger at its most talkative."""
    feed = stage.site.url.replace("http://", f"http://ali:{FEED_WORD.replace('+', '%2B')}@")
    return {
        **stage.settings,
        "REDIS_URL": store,
        "FEEDS": feed,
        "HOOK_SECRET": HOOK_WORD,
        "WALL_TOKEN": WALL_WORD,
        "PORT": str(port),
        "LOG_LEVEL": "DEBUG",
    }


async def pages_of(port: int) -> str:
    """Every page, with the token and without, headers included."""
    paths = ("/health", "/ready", "/metrics", "/wall", f"/wall?token={WALL_WORD}", "/nothing", "/wall/picture/none")
    told = []
    async with aiohttp.ClientSession() as session:
        for path in paths:
            for headers in ({}, {"Authorization": f"Bearer {WALL_WORD}"}):
                url = f"http://127.0.0.1:{port}{path}"
                async with session.get(url, headers=headers, allow_redirects=False) as answer:
                    told.append(f"{path.partition('?')[0]} {dict(answer.headers)} {await answer.text()}")
    return "\n".join(told)


def assert_kept(text: str) -> None:
    """None of the secrets stands in it."""
    for secret in SECRETS:
        at = text.find(secret)
        assert at < 0, f"{secret!r} was written: …{text[max(0, at - 200) : at + 100]}…"


@contextmanager
def everything_fails(stage: Stage) -> Iterator[None]:
    """Both networks meet each trouble, then refuse for a flood, then refuse the token and the keys."""
    for fault in TROUBLES:
        stage.telegram.faults.add("*", fault)
        stage.x.faults.add("*", fault)
    stage.telegram.refuse("sendMessage", FLOODED)
    stage.telegram.refuse("sendMessage", Known.UNAUTHORIZED, skip=1)
    stage.x.limit(Endpoint.CREATE, 0, 2.0)
    yield
    stage.telegram.faults.clear()
    stage.x.faults.clear()


async def through_the_troubles(worker: Worker, stage: Stage) -> None:
    """A new story again and again until every trouble was met on both sides."""
    for number in range(STORIES):
        if met(stage):
            return
        stage.site.publish(f"{NEWS} {number}", category="عاجل")
        await worker.until(partial(met_or_polled, stage, len(stage.site.asked) + 2), seconds=30.0)
    assert met(stage), "the troubles do not come to an end"


def met(stage: Stage) -> bool:
    """Whether both networks have played every trouble."""
    return all({plan.fault for _, plan in fake.faults.played} >= set(TROUBLES) for fake in (stage.telegram, stage.x))


def met_or_polled(stage: Stage, polls: int) -> bool:
    """Or whether it is time for the next story."""
    return met(stage) or len(stage.site.asked) >= polls


async def test_no_secret_is_written_while_everything_fails(stage: Stage) -> None:
    """Logs, metrics, health, the wall and every page, with both networks failing in every way."""
    port = free_port()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(guarded_store(stage.folder))
        stack.enter_context(everything_fails(stage))
        worker = await stack.enter_async_context(a_worker(stage.folder, settings_of(stage, store.url, port)))
        await worker.until(lambda: len(stage.site.asked) >= 2)
        await through_the_troubles(worker, stage)
        pages = await pages_of(port)
        assert await worker.stop() == 0
        said = worker.said()
    assert "ajil_deliveries_settled_total" in pages
    assert '"from": "httpx"' in said, "the libraries were not even heard"
    assert "[secret]" in said, "nothing was taken out: were there secrets at all?"
    assert_kept(pages)
    assert_kept(said)


async def test_no_secret_is_written_when_the_store_dies_or_refuses_us(stage: Stage) -> None:
    """A store that goes while the worker runs, and one that takes no such password at the start."""
    port = free_port()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(guarded_store(stage.folder))
        settings = settings_of(stage, store.url, port)
        worker = await stack.enter_async_context(a_worker(stage.folder, settings))
        await worker.until(lambda: len(stage.site.asked) >= 2)
        wrong = {
            **settings,
            "REDIS_URL": store.url.replace(REDIS_WORD, f"{REDIS_WORD}-wrong"),
            "PORT": str(free_port()),
        }
        async with a_worker(stage.folder, wrong) as refused:
            assert await refused.process.wait() == 1
        async with a_worker(stage.folder, settings, "check") as check:
            await check.process.wait()
        store.process.kill()
        await worker.until_said('"action": "store_down"')
        stage.site.publish(NEWS, category="عاجل")
        pages = await pages_of(port)
        await worker.stop()
        said = worker.said()
    assert "the store does not answer" in pages
    assert "ajil_store_up 0.0" in pages
    assert_kept(pages)
    assert_kept(said)
