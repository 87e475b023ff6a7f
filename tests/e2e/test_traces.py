"""OpenTelemetry: a span for each delivery and each poll where it is asked for, and not a module of it elsewhere."""

import asyncio
import importlib.util
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.settings import SettingsWrongError
from bot.traces import ENDPOINT, _module, open_traces
from tests.e2e.conftest import Stage
from tests.support.clock import ManualClock
from tests.support.worker import ROOT, a_worker

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"


def is_there() -> bool:
    """Whether the extra `otel` is installed here."""
    return importlib.util.find_spec("opentelemetry") is not None


@asynccontextmanager
async def collector() -> AsyncIterator[tuple[str, list[bytes]]]:
    """Where spans are sent, and what came (OTLP over HTTP, protobuf)."""
    came: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        came.append(await request.read())
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", came
    finally:
        await runner.cleanup()


async def test_each_delivery_and_each_poll_is_a_span(stage: Stage) -> None:
    """Sent to the collector at the latest when the worker stops."""
    if not is_there():
        pytest.skip("SKIPPED ALOUD: the extra `otel` is not installed")
    async with collector() as (endpoint, came):
        more = {ENDPOINT: endpoint, "OTEL_EXPORTER_OTLP_COMPRESSION": "none", "PYTHONPATH": os.pathsep.join(sys.path)}
        async with a_worker(stage.folder, {**stage.settings, **more}) as worker:
            await worker.until(lambda: len(stage.site.asked) >= 2)
            stage.site.publish(NEWS, category="عاجل")
            await worker.until(lambda: worker.said().count('"action": "sent"') == 3)
            assert await worker.stop() == 0, worker.said()
    said = b"".join(came)
    assert said.count(b"delivery") == 3
    assert said.count(b"poll") >= 3
    assert b"x:main" in said
    assert b"body" in said


async def test_a_collector_that_is_not_there_holds_up_nothing(stage: Stage) -> None:
    """The news goes out, and the worker goes in time."""
    if not is_there():
        pytest.skip("SKIPPED ALOUD: the extra `otel` is not installed")
    more = {ENDPOINT: "http://127.0.0.1:9", "PYTHONPATH": os.pathsep.join(sys.path)}
    async with a_worker(stage.folder, {**stage.settings, **more}) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        stage.site.publish(NEWS, category="عاجل")
        await worker.until(lambda: worker.said().count('"action": "sent"') == 3)
        assert await worker.stop(seconds=30.0) == 0, worker.said()


async def test_packages_that_are_missing_are_named() -> None:
    """A wrong setting, as any other."""
    with pytest.raises(SettingsWrongError, match=r"not_to_be_had is not installed: install the extra `otel`"):
        _module("not_to_be_had")


async def test_unless_it_is_asked_for_nothing_of_it_is_imported() -> None:
    """Neither by the worker's rooms nor by opening it."""
    async with open_traces({}, ManualClock()) as traces:
        assert traces is None
    # redis-py imports what it finds of the rest, wherever it is installed; nobody but us wants the exporter.
    look = "import sys, bot.live; sys.exit(any(name.startswith('opentelemetry.exporter') for name in sys.modules))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", look, cwd=ROOT)
    assert await process.wait() == 0
